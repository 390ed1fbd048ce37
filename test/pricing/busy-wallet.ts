import { expect } from "@jest/globals";
import { formatInstant } from "../../src/core/time";
import { type Api, externalIdOf, SERVICE } from "../support/api";
import type { Shop } from "./shop";

/** A wallet in which everything has happened that may, for tests. */

export const CHAT_QUANTITIES = [{ dimension: "input", quantity: "1200.5" }];
const MONEY = { amount: "0.08", currency: "USD" };
const HOUR = 3_600_000_000n;

const PLAN = {
  ...{ price: MONEY, billing: "P1M", packs: [] },
  allotments: [{ creditType: "credits", amount: "500.5", rollover: { percent: 50, maximum: "100" } }],
  overdrafts: [{ creditType: "credits", limit: "5" }],
};

export type Wallet = Awaited<ReturnType<Api["wallet"]>>;

export interface Unfinished {
  readonly walletId: string;
  readonly quoteId: string;
  readonly holdId: string;
  readonly key: string;
}

/** Does a mutation that must not be refused. */
export async function mutate<Payload>(api: Api, name: string, input: object, fields = "__typename"): Promise<Payload> {
  const selection = `${fields} refusal { code message }`;
  const payload = await api.mutate<Payload & { readonly refusal: object | null }>(name, input, selection);
  expect(payload.refusal).toBeNull();
  return payload;
}

/** One with grants that wait, live and are gone, and with all that can be done to it done. */
export async function busyWallet(shop: Shop): Promise<Wallet> {
  const { api } = shop;
  const later = (microseconds: bigint) => formatInstant(api.core.clock.now() + microseconds);
  await shop.publish(
    [
      {
        operation: "chat",
        title: "Chat",
        flat: "0.5",
        meters: [tiered()],
        minimum: "1",
        maximum: "40",
        surcharges: [{ operation: "search" }],
      },
      { operation: "search", flat: "15", maximum: "12.5" },
      { operation: "agent", range: { minimum: "40", maximum: "400" } },
    ],
    { creditPrice: MONEY },
  );
  const made = await api.wallet("1000", "0.000001");
  const { id: walletId } = made;
  const use = () => ({ walletId, idempotencyKey: shop.unused() });
  await mutate(api, "setAlertThreshold", { walletId, amount: "900" });
  await mutate(api, "setAlertThreshold", { walletId, amount: "5.5" });
  const soon = { effectiveAt: later(HOUR), expiresAt: later(3n * HOUR), rollover: { percent: 50, maximum: "3", period: "P1D" } };
  await mutate(api, "grantCredits", { ...use(), kind: "PROMO", amount: "7.123456", ...soon });
  await mutate(api, "grantCredits", {
    ...use(),
    kind: "GIFT",
    amount: "50",
    expiresAt: later(2n * HOUR),
    scope: { operations: ["chat"] },
  });
  await mutate(api, "setOverdraft", { ...use(), limit: "25" });
  const { transaction } = await mutate<{ transaction: { id: string } }>(
    api,
    "spend",
    { ...use(), amount: "120.25" },
    "transaction { id }",
  );
  await mutate(api, "spend", { ...use(), operation: "chat", quantities: CHAT_QUANTITIES, surcharges: ["search"] });
  await mutate(api, "refundSpend", { transactionId: transaction.id, amount: "20.05", idempotencyKey: shop.unused() });
  const { hold } = await mutate<{ hold: { id: string } }>(
    api,
    "holdCredits",
    { ...use(), operation: "agent", expiresIn: "P1D" },
    "hold { id }",
  );
  await mutate(api, "captureHold", { holdId: hold.id, amount: "44.4", final: false, idempotencyKey: shop.unused() });
  await mutate(api, "holdCredits", { ...use(), amount: "3", expiresIn: "PT30M" });
  await mutate(api, "holdCredits", { ...use(), amount: "2.25", expiresIn: "P1D" });
  await mutate(api, "adjustBalance", { ...use(), amount: "-1.5", reason: "a correction" });
  await mutate(api, "publishPlan", { name: "pro", title: "Pro", ...PLAN });
  await mutate(api, "publishPlan", { name: "max", title: "Max", ...PLAN, overdrafts: [{ creditType: "credits", limit: "7.5" }] });
  const pack = { name: "big", title: "Big", creditType: "credits", amount: "2000", price: { amount: "160", currency: "USD" } };
  await mutate(api, "publishPack", pack);
  const limits = [{ creditType: "credits", amount: "75.5" }];
  await mutate(api, "setMember", { externalId: externalIdOf(made), member: "ann", limits });
  await mutate(api, "spend", { ...use(), amount: "2.25", member: "ann" });
  const account = walletId.replace("wal", "acc").replace(/_\d+$/, "");
  const { subscription } = await mutate<{ subscription: { id: string } }>(
    api,
    "startSubscription",
    { accountId: account, plan: "pro", idempotencyKey: shop.unused() },
    "subscription { id }",
  );
  // Told of three days ahead.
  await mutate(api, "grantCredits", { ...use(), kind: "REFERRAL", amount: "0.3", expiresAt: later(73n * HOUR) });
  api.core.clock.set(api.core.clock.now() + 2n * HOUR + 1n);
  await mutate(api, "spend", { ...use(), amount: "1" });
  const paused = { subscriptionId: subscription.id, alive: "PRORATE", idempotencyKey: shop.unused() };
  await mutate(api, "pauseSubscription", paused);
  await mutate(api, "resumeSubscription", { subscriptionId: subscription.id, idempotencyKey: shop.unused() });
  return made;
}

/** What is begun in another wallet, of 1000 credits, and not at its end: a spend that may be sent again, a hold, a quote. */
export async function unfinished(shop: Shop): Promise<Unfinished> {
  const { api } = shop;
  const { id: walletId } = await api.wallet("1000");
  const key = shop.unused();
  await mutate(api, "spend", { walletId, amount: "1", idempotencyKey: key });
  const { hold } = await mutate<{ hold: { id: string } }>(
    api,
    "holdCredits",
    { walletId, amount: "3", idempotencyKey: shop.unused() },
    "hold { id }",
  );
  const document = "query ($input: QuoteInput!) { quote(input: $input) { id } }";
  const input = { walletId, operation: "chat", quantities: CHAT_QUANTITIES, validFor: "PT1H" };
  const { quote } = await api.ask<{ quote: { id: string } }>(document, { input }, SERVICE);
  return { walletId, key, holdId: hold.id, quoteId: quote.id };
}

/** Tiers, as they are in the first unit. */
function tiered() {
  return { dimension: "input", per: 1_000, unit: "token", tiers: [{ upTo: "1000", rate: "1.5" }, { rate: "0.75" }] };
}
