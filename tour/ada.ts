import { addPeriods, formatInstant, parseInstant } from "../src/core/time";
import { Customer } from "./account";
import { of, type Stage } from "./stage";

/** A customer's first months: looks, quotes, spends, runs low, is renewed, upgrades. */

/** She signs up for the free plan, and sees what things cost before she does any of them. */
export async function signUp(stage: Stage) {
  stage.tell("\nAda signs up for the free plan. She sees what things cost before she does any of them.");
  const ada = await Customer.signUp(stage, "ada", "Ada");
  const { subscription } = await stage.admin.do<{ readonly subscription: { readonly id: string } }>(
    "startSubscription",
    { externalId: "ada", plan: "free", idempotencyKey: ada.key() },
    "subscription { id }",
  );
  const image = await quote(ada, "image.standard", of("images", 1));
  const editor = await quote(ada, "editor.expert", []);
  stage.tell(`    An image costs ${image.amount}; ${image.balanceAfter?.available} would be left.`);
  stage.tell(
    `    The expert editor: ${editor.minimum} to ${editor.maximum}, for which ${editor.shortfall} are missing: about ${money(editor.coverCost)}.`,
  );
  return { ada, subscriptionId: subscription.id, welcome: await ada.balance(), image, editor };
}

/** She spends, sets credits aside for what takes its time, and is told when few are left. */
export async function runLow({ stage }: Customer, ada: Customer) {
  stage.tell("\nAda spends, and runs low.");
  await ada.browser.do("setAlertThreshold", { walletId: (await ada.balance()).id, amount: "30" }, "threshold { id }");
  const request = await ada.use("request.standard", [...of("input", 3_000), ...of("output", 1_000)]);
  const image = await ada.use("image.standard", of("images", 1));
  const speech = await hold(ada, "speech");
  const captured = await capture(ada, speech.id, of("characters", 1_200));
  stage.tell(
    `    Speech of unknown length sets ${speech.amount} aside: not enough is left, so what there is; it came to ${captured}.`,
  );
  const left = await ada.balance();
  for (const { node } of left.alerts.edges)
    stage.tell(`    Alert: ${node.type} (${node.thresholdAmount}), ${node.spendable} left.`);
  const refused = await ada.use("image.detailed", of("images", 1));
  stage.tell(`    ${refused.refusal?.code}: ${refused.refusal?.message}`);
  return { request, image, speech, captured, refused, left };
}

/** In the middle of a period she goes over to the pro plan: told exactly what becomes of which grant, before it is done. */
export async function upgrade(ada: Customer, subscriptionId: string) {
  const { stage } = ada;
  stage.tell("\nIn the middle of her next month Ada upgrades.");
  const start = parseInstant(stage.begins) as bigint;
  const [from, to] = [addPeriods(start, "P1M", 1, "UTC"), addPeriods(start, "P1M", 2, "UTC")];
  await ada.until(formatInstant(from));
  const renewed = await ada.balance();
  await ada.until(formatInstant(from + (to - from) / 2n));
  const change = { plan: "pro", when: "NOW_PRORATED" };
  const input = { externalId: ada.externalId, ...change };
  const { previewSubscription } = await ada.browser.ask<{ readonly previewSubscription: Preview }>(PREVIEW, { input });
  for (const { words } of previewSubscription.effects) stage.tell(`    ${words}`);
  await stage.admin.do("changeSubscription", { subscriptionId, ...change, idempotencyKey: ada.key() }, "subscription { id }");
  return {
    renewed,
    preview: previewSubscription.effects,
    upgraded: await ada.balance(),
    image: await ada.use("image.standard", of("images", 1)),
  };
}

interface Preview {
  readonly effects: readonly { readonly what: string; readonly before: string; readonly after: string; readonly words: string }[];
}

const PREVIEW = `query($input: PreviewSubscriptionInput!) {
  previewSubscription(input: $input) { effects { what before after words } }
}`;

interface Quote {
  readonly amount: string;
  readonly minimum: string;
  readonly maximum: string | null;
  readonly shortfall: string;
  readonly balanceAfter: { readonly available: string } | null;
  readonly coverCost: Money | null;
}

interface Money {
  readonly amount: string;
  readonly currency: string;
}

const QUOTE = `query($input: QuoteInput!) {
  quote(input: $input) { amount minimum maximum shortfall balanceAfter { available } coverCost { amount currency } }
}`;

async function quote(customer: Customer, operation: string, quantities: readonly object[]): Promise<Quote> {
  const input = { ...customer.named, operation, quantities };
  return (await customer.browser.ask<{ readonly quote: Quote }>(QUOTE, { input })).quote;
}

function money(of: Money | null): string {
  return of ? `${of.amount} ${of.currency}` : "nothing";
}

async function hold(customer: Customer, operation: string): Promise<{ readonly id: string; readonly amount: string }> {
  const input = { ...customer.named, operation, allowPartial: true, idempotencyKey: customer.key() };
  const done = await customer.stage.service.do<{ readonly hold: { readonly id: string; readonly amount: string } }>(
    "holdCredits",
    input,
    "hold { id amount }",
  );
  return done.hold;
}

async function capture(customer: Customer, holdId: string, quantities: readonly object[]): Promise<string> {
  const input = { holdId, quantities, idempotencyKey: customer.key() };
  const done = await customer.stage.service.do<{ readonly transaction: { readonly amount: string } }>(
    "captureHold",
    input,
    "transaction { amount }",
  );
  return done.transaction.amount;
}
