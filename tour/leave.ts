import { addPeriods, formatInstant, parseInstant } from "../src/core/time";
import type { Customer } from "./account";
import { of } from "./stage";

/** Buys a pack when a plan's credits do not suffice; then leaves, and keeps what was bought. */

/** A pack is offered where credits are missing. */
export async function buyPack(customer: Customer) {
  const { stage } = customer;
  stage.tell("\nA video is more than the plan gives: a pack is offered.");
  const refused = await customer.use("video.high", of("seconds", 3));
  stage.tell(
    `    ${refused.refusal?.message} Packs that would do: ${refused.refusal?.packs?.map(({ name }) => name).join(", ")}.`,
  );
  // Payments are the shop's: this is what it does when one has come in.
  const bought = { ...customer.named, kind: "PURCHASED", amount: "2500", costBasis: { amount: "175", currency: "USD" } };
  await stage.admin.do("grantCredits", { ...bought, reason: "pack-2500", idempotencyKey: customer.key() }, "transaction { id }");
  const video = await customer.use("video.high", of("seconds", 3));
  for (const { amount, reason, grant } of video.transaction?.entries ?? [])
    stage.tell(`    ${amount} of ${grant.kind}: ${reason}`);
  return { refused, video };
}

/** Cancelled at the period's end: the plan's credits go then, the purchased ones stay. */
export async function cancel(customer: Customer, subscriptionId: string, month: number) {
  const { stage } = customer;
  stage.tell("\nShe cancels at the end of her period.");
  const input = { subscriptionId, when: "AT_PERIOD_END", idempotencyKey: customer.key() };
  await stage.admin.do("cancelSubscription", input, "subscription { id }");
  const before = await customer.balance();
  const at = formatInstant(addPeriods(parseInstant(stage.begins) as bigint, "P1M", month, "UTC"));
  await customer.until(at);
  const after = await customer.balance();
  await customer.until(formatInstant(addPeriods(parseInstant(at) as bigint, "P6M", 1, "UTC")));
  const later = await customer.balance();
  stage.tell(
    `    ${before.balance.available} before it ends, ${after.balance.available} after, ${later.balance.available} half a year on.`,
  );
  return { before, after, later };
}
