import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { formatInstant, type Instant } from "../../src/core/time";
import { CHAT, PRICES, SEARCH, Shop } from "../pricing/shop";
import { externalIdOf, SERVICE } from "../support/api";
import { advance, start } from "./clocks";

/** Prices for accounts whose time is simulated. */

const DAY = 86_400_000_000n;

let shop: Shop;
let now: Instant;

beforeAll(async () => {
  shop = await Shop.open();
});

beforeEach(() => {
  now = shop.api.core.clock.now();
});

afterAll(async () => {
  await shop.expectSound();
  await shop.api.stop();
});

function inDays(days: bigint): string {
  return formatInstant(now + days * DAY);
}

/** A wallet of an account on a test clock, with credits that nobody paid for. */
async function clockedWallet(): Promise<{ readonly id: string; readonly externalId: string }> {
  const wallet = await shop.api.wallet();
  const externalId = externalIdOf(wallet);
  await start(shop.api, { externalId });
  const grant = { walletId: wallet.id, kind: "PROMO", amount: "1000", idempotencyKey: shop.unused() };
  await shop.api.mutate("grantCredits", grant, "grant { id }");
  return { id: wallet.id, externalId };
}

async function priceOfImage(id: string): Promise<string | undefined> {
  return (await shop.spend(id, { operation: "image" })).transaction?.amount;
}

async function quoted(walletId: string, rest: object = {}) {
  const query = "query ($input: QuoteInput!) { quote(input: $input) { id expiresAt amount refusal { code } } }";
  const input = { walletId, operation: "image", ...rest };
  return (await shop.api.ask<{ quote: { id: string; expiresAt: string; amount: string } }>(query, { input }, SERVICE)).quote;
}

async function listed(externalId: string): Promise<string | undefined> {
  const query = `query ($externalId: String) { priceTable(creditType: "credits", externalId: $externalId) { prices { operation flat } } }`;
  const { priceTable } = await shop.api.ask<{ priceTable: { prices: readonly { operation: string; flat: string }[] } }>(query, {
    externalId,
  });
  return priceTable.prices.find(({ operation }) => operation === "image")?.flat;
}

function imageAt(flat: string, effectiveFrom: string | null = null): Promise<void> {
  return shop.publish([CHAT, SEARCH, { operation: "image", flat }], { effectiveFrom });
}

describe("prices for an account on a test clock", () => {
  test("that begin next month apply once its clock is there, and for nobody else before", async () => {
    const { id, externalId } = await clockedWallet();
    const plain = await shop.api.wallet("1000");
    await imageAt("80", inDays(30n));
    expect([await priceOfImage(id), (await quoted(id)).amount, await listed(externalId)]).toEqual(["50", "50", "50"]);
    await advance(shop.api, { externalId, to: formatInstant(now + 30n * DAY - 1n) });
    expect([await priceOfImage(id), (await quoted(id)).amount, await listed(externalId)]).toEqual(["50", "50", "50"]);
    await advance(shop.api, { externalId, to: inDays(30n) });
    for (let times = 0; times < 4; times++) expect(await priceOfImage(id)).toBe("80");
    expect([(await quoted(id)).amount, await listed(externalId)]).toEqual(["80", "80"]);
    expect([await priceOfImage(plain.id), (await quoted(plain.id)).amount]).toEqual(["50", "50"]);
    shop.api.core.clock.set(now + 30n * DAY);
    await shop.publish(PRICES);
  });

  test("that have begun since do not, while its clock is behind", async () => {
    const { id, externalId } = await clockedWallet();
    const plain = await shop.api.wallet("1000");
    shop.api.core.clock.set(now + DAY);
    await imageAt("70");
    expect([await priceOfImage(plain.id), await priceOfImage(id)]).toEqual(["70", "50"]);
    for (let times = 0; times < 4; times++) expect([await priceOfImage(id), (await quoted(id)).amount]).toEqual(["50", "50"]);
    await advance(shop.api, { externalId, to: inDays(1n) });
    expect([await priceOfImage(id), (await quoted(id)).amount]).toEqual(["70", "70"]);
    await shop.publish(PRICES);
  });

  test("are bound by a quote for as long as its clock says", async () => {
    const { id, externalId } = await clockedWallet();
    const quote = await quoted(id, { validFor: "P10D" });
    expect(quote).toMatchObject({ amount: "50", expiresAt: inDays(10n) });
    await imageAt("90", inDays(5n));
    // It is long over by the real time.
    shop.api.core.clock.set(now + 100n * DAY);
    await advance(shop.api, { externalId, to: inDays(9n) });
    expect(await priceOfImage(id)).toBe("90");
    const bound = { operation: "image", quoteId: quote.id };
    expect((await shop.spend(id, bound)).transaction?.amount).toBe("50");
    await advance(shop.api, { externalId, to: inDays(10n) });
    expect((await shop.spend(id, bound)).refusal).toMatchObject({ code: "NOT_PRICED", reason: "QUOTE_EXPIRED" });
    await shop.publish(PRICES);
  });
});
