import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { createPricer } from "../../src/pricing";
import type { WalletKey } from "../../src/wallet";
import { submit } from "../../src/wallet/submit";
import { aPlan } from "../plans/asking";
import { putOnPlan } from "../plans/on-plan";
import { customer, externalIdOf, SERVICE } from "../support/api";
import { createTestCore, done, spendOf, type TestCore } from "../support/core";
import { publish, publishDone, type SentPrice } from "./asking";
import { CHAT, SEARCH, Shop } from "./shop";

/** Prices for all who are on a plan. */

let shop: Shop;
/** A plan by which an image costs 30, and web searches what they cost everybody. */
let pro: string;
/** One by which an image costs 20. */
let team: string;

beforeAll(async () => {
  shop = await Shop.open();
});

afterAll(() => shop.api.stop());

beforeEach(async () => {
  [pro, team] = [await aPlan(shop.api), await aPlan(shop.api)];
  await publishFor(pro, [{ operation: "image", flat: "30" }]);
  await publishFor(team, [{ operation: "image", flat: "20" }]);
});

function publishFor(plan: string, prices: readonly SentPrice[], basedOn: number | null = null, rest: object = {}) {
  return publishDone(shop.api, prices, basedOn, { plan, ...rest });
}

async function imageCosts(walletId: string, what: object = {}): Promise<string | undefined> {
  return (await shop.spend(walletId, { operation: "image", ...what })).transaction?.amount;
}

/** A wallet of an account that is on a plan. */
async function walletOn(plan: string | null) {
  const wallet = await shop.api.wallet("10000");
  await putOnPlan(shop.api, wallet.accountId, plan);
  return { ...wallet, be: (on: string | null) => putOnPlan(shop.api, wallet.accountId, on) };
}

function imageSpend() {
  const use = { quantities: new Map(), surcharges: [], asOf: null, quote: null };
  return spendOf(0n, { operation: "image", pricing: { question: { operation: "image", app: null }, use, told: null } });
}

/** Another server on the same database. */
async function withOtherServer(work: (other: TestCore) => Promise<void>): Promise<void> {
  const { pool, clock } = shop.api.core;
  const other = await createTestCore(pool.options.connectionString as string, { clock });
  try {
    await work(other);
  } finally {
    await other.stop();
  }
}

describe("the prices of a plan", () => {
  test("go before everybody's, after those of an app, and these after an account's; what they do not have costs what it costs everybody", async () => {
    const wallet = await walletOn(pro);
    const app = `studio-${pro}`;
    expect([await imageCosts(wallet.id), await imageCosts((await walletOn(null)).id)]).toEqual(["30", "50"]);
    expect((await shop.spend(wallet.id, { operation: "web.search" })).transaction?.amount).toBe("15");
    await publishDone(shop.api, [{ operation: "image", flat: "40" }], null, { app });
    expect([await imageCosts(wallet.id, { app }), await imageCosts(wallet.id)]).toEqual(["40", "30"]);
    await publishDone(shop.api, [{ operation: "image", flat: "10" }], null, { externalId: externalIdOf(wallet) });
    expect([await imageCosts(wallet.id, { app }), await imageCosts(wallet.id)]).toEqual(["10", "10"]);
    await shop.expectSound();
  });

  test("change for all who are on it, and may be taken away", async () => {
    const wallet = await walletOn(pro);
    expect(await imageCosts(wallet.id)).toBe("30");
    await publishFor(pro, [{ operation: "image", flat: "35" }], 1);
    expect(await imageCosts(wallet.id)).toBe("35");
    await publishFor(pro, [], 2);
    expect(await imageCosts(wallet.id)).toBe("50");
    await shop.expectSound();
  });

  test("are shown to whoever asks what an account pays, or would pay on another plan", async () => {
    const wallet = await walletOn(pro);
    const query = `query ($externalId: String, $plan: String) { priceTable(creditType: "credits", externalId: $externalId, plan: $plan) {
      prices { operation words } versions { plan { name } accountId app } } }`;
    interface Table {
      readonly priceTable: {
        readonly prices: readonly { readonly operation: string; readonly words: string }[];
        readonly versions: readonly object[];
      } | null;
    }
    const table = async (asked: object, identity = SERVICE) => {
      const { priceTable } = await shop.api.ask<Table>(query, asked, identity);
      const image = priceTable?.prices.find(({ operation }) => operation === "image")?.words;
      return priceTable && [image, ...priceTable.versions];
    };
    const shared = { plan: null, accountId: null, app: null };
    const ofPlan = (words: string, name: string) => [words, { ...shared, plan: { name } }, shared];
    const own = customer(wallet.accountId);
    expect(await table({ externalId: externalIdOf(wallet) })).toEqual(ofPlan("30 credits", pro));
    expect(await table({}, own)).toEqual(ofPlan("30 credits", pro));
    expect(await table({ plan: team }, own)).toEqual(ofPlan("20 credits", team));
    expect(await table({})).toEqual(["50 credits", shared]);
    expect(await table({ plan: "nowhere" })).toBeNull();
    // Those who are on it when it goes off the market stay, and see what they pay.
    await wallet.be(team);
    await shop.api.mutate("retirePlan", { plan: team }, "plan { id }");
    expect([await table({ plan: team }, own), await table({ plan: team })]).toEqual([null, ofPlan("20 credits", team)]);
    expect(await table({}, own)).toEqual(ofPlan("20 credits", team));
  });

  test("have versions of their own", async () => {
    await publishFor(pro, [{ operation: "image", flat: "31" }], 1);
    const query = `query ($plan: String) { priceVersions(creditType: "credits", plan: $plan) { edges { node { number plan { name } } } } }`;
    expect(await shop.api.ask(query, { plan: pro })).toEqual({
      priceVersions: { edges: [2, 1].map((number) => ({ node: { number, plan: { name: pro } } })) },
    });
    expect(await shop.api.ask(query, { plan: "nowhere" })).toEqual({ priceVersions: null });
    const wrong = await publish(shop.api, [SEARCH], null, { plan: "nowhere" });
    expect(wrong.refusal?.code).toBe("NOT_FOUND");
    const input = { creditType: "credits", prices: [SEARCH], plan: pro, app: "studio" };
    const mutation = "mutation ($input: PublishPricesInput!) { publishPrices(input: $input) { version { id } } }";
    expect(await shop.api.errors(mutation, { input })).toEqual(["BAD_USER_INPUT input"]);
  });

  test("keep everybody's from taking away what they rely on", async () => {
    const think = { operation: "think", flat: "1" };
    await shop.publish([CHAT, SEARCH, { operation: "image", flat: "50" }, think]);
    await publishFor(pro, [{ operation: "image", flat: "30", surcharges: [{ operation: "think" }] }], 1);
    const { refusal } = await publish(shop.api, [CHAT, SEARCH], shop.latest);
    expect(refusal?.message).toContain(`think is a surcharge in the prices of plan ${pro}:`);
  });

  test("say what a credit sells for, where credits are missing", async () => {
    await publishFor(pro, [], 1, { creditPrice: { amount: "0.05", currency: "USD" } });
    const wallet = await walletOn(pro);
    const { refusal } = await shop.api.mutate<{ refusal: object }>(
      "spend",
      { walletId: wallet.id, amount: "10600", idempotencyKey: shop.unused() },
      "refusal { ... on InsufficientCredits { coverCost { amount currency } } }",
      SERVICE,
    );
    expect(refusal).toEqual({ coverCost: { amount: "5", currency: "USD" } });
  });
});

describe("when an account changes its plan", () => {
  test("what it uses from then on costs what the new one says, also with a server that has not heard of it", async () => {
    await withOtherServer(async (other) => {
      const wallet = await walletOn(pro);
      const costs = async () => (await done(submit(other, wallet, imageSpend()))).transaction.amount / 1_000_000n;
      // The third is alone in its batch, in a wallet that was left as it is.
      expect([await costs(), await costs(), await costs()]).toEqual([30n, 30n, 30n]);
      await wallet.be(team);
      expect([await costs(), await costs(), await costs()]).toEqual([20n, 20n, 20n]);
      await wallet.be(null);
      expect([await costs(), await costs()]).toEqual([50n, 50n]);
      await shop.expectSound();
    });
  });

  test("what it used before is explained by the old one, and answered as it was done", async () => {
    const wallet = await walletOn(pro);
    const first = await shop.spend(wallet.id, { operation: "image", idempotencyKey: "once" });
    await wallet.be(team);
    expect(await shop.spend(wallet.id, { operation: "image", idempotencyKey: "once" })).toEqual({ ...first, replayed: true });
    const query = `query ($id: ID!) { wallet(id: $id) { transactions(last: 1, filter: { type: [SPEND] }) { edges { node { price { amount version { plan { name } } } } } } } }`;
    expect(await shop.api.ask(query, { id: wallet.id })).toEqual({
      wallet: { transactions: { edges: [{ node: { price: { amount: "30", version: { plan: { name: pro } } } } }] } },
    });
  });

  test("a binding quote keeps the old one's prices, and names no other plan", async () => {
    const wallet = await walletOn(pro);
    const query = "query ($input: QuoteInput!) { quote(input: $input) { id amount } }";
    const input = { walletId: wallet.id, operation: "image", validFor: "PT1H" };
    const { quote } = await shop.api.ask<{ quote: { id: string; amount: string } }>(query, { input }, SERVICE);
    expect(quote.amount).toBe("30");
    await wallet.be(team);
    expect(await imageCosts(wallet.id, { quoteId: quote.id })).toBe("30");
    expect(await imageCosts(wallet.id)).toBe("20");
    const parts = quote.id.split("_");
    const forged = [parts.with(4, String(Number(parts[4]) + 1)), parts.toSpliced(4, 1)];
    for (const changed of forged)
      expect((await shop.spend(wallet.id, { operation: "image", quoteId: changed.join("_") })).refusal?.reason).toBe(
        "QUOTE_UNKNOWN",
      );
    await shop.expectSound();
  });

  test("what was set aside is captured at the old one's prices", async () => {
    await publishFor(pro, [{ ...CHAT, meters: [{ dimension: "input", rate: "0.5" }] }], 1);
    const wallet = await walletOn(pro);
    const { hold } = await shop.api.mutate<{ hold: { id: string } }>(
      "holdCredits",
      { walletId: wallet.id, operation: "chat", idempotencyKey: shop.unused() },
      "hold { id }",
      SERVICE,
    );
    await wallet.be(team);
    const quantities = [{ dimension: "input", quantity: "100" }];
    const captured = await shop.api.mutate(
      "captureHold",
      { holdId: hold.id, quantities, idempotencyKey: shop.unused() },
      "transaction { amount price { version { plan { name } } } }",
      SERVICE,
    );
    expect(captured).toEqual({ transaction: { amount: "50", price: { version: { plan: { name: pro } } } } });
    expect((await shop.spend(wallet.id, { operation: "chat", quantities })).transaction?.amount).toBe("0.1");
    await shop.expectSound();
  });
});

test("which plan an account is on matters only where a plan has prices of its own", async () => {
  const creditType = `type-${pro}`;
  await shop.api.mutate("createCreditType", { name: creditType }, "created");
  await publishDone(shop.api, [SEARCH], null, { creditType });
  const found = await shop.api.core.pool.query("SELECT id FROM credit_types WHERE name = $1", [creditType]);
  const { accountId } = await walletOn(pro);
  const pricer = createPricer(shop.api.core, () => Promise.resolve(new Uint8Array(32)));
  const use = { quantities: new Map(), surcharges: [], asOf: null, quote: null };
  const question = { accountId, creditTypeId: found.rows[0].id, app: null, operation: "web.search", ...use };
  const told = async () => {
    const { amount, by, terms } = await pricer.price(question, "LATEST");
    return [amount, by?.plan, terms?.plan];
  };
  const { rows } = await shop.api.core.pool.query("SELECT id FROM plans WHERE name = $1", [pro]);
  expect(await told()).toEqual([15_000_000n, null, "ANY"]);
  await publishFor(team, [SEARCH], null, { creditType });
  expect(await told()).toEqual([15_000_000n, null, rows[0].id]);
  await publishFor(pro, [{ ...SEARCH, flat: "2" }], null, { creditType });
  expect(await told()).toEqual([2_000_000n, rows[0].id, rows[0].id]);
});

test("while accounts change plans, every spend of a stream is priced by the plan that is in force at its decision", async () => {
  const costs = new Map([
    [pro, 30n],
    [team, 20n],
    [null, 50n],
  ]);
  const plans = [...costs.keys()];
  await withOtherServer(async (other) => {
    let changing = true;
    /** The plans that an account was put on, in order; those before `settled` are over, and those from it on may be in force. */
    const stream = async (
      core: TestCore,
      key: WalletKey,
      course: { plans: (string | null)[]; settled: number },
    ): Promise<void> => {
      while (changing) {
        const from = course.settled;
        const { transaction } = await done(submit(core, key, imageSpend()));
        const possible = course.plans.slice(from).map((plan) => (costs.get(plan) ?? 0n) * 1_000_000n);
        expect(possible).toContain(transaction.amount);
      }
    };
    const change = async ({ accountId }: WalletKey, course: { plans: (string | null)[]; settled: number }): Promise<void> => {
      for (let turn = 0; turn < 9; turn++) {
        const plan = plans[turn % plans.length] ?? null;
        course.plans.push(plan);
        await putOnPlan(shop.api, accountId, plan);
        course.settled = course.plans.length - 1;
      }
    };
    const accounts = await Promise.all(
      [0, 1].map(async () => ({
        key: await shop.api.wallet("1000000"),
        course: { plans: [null] as (string | null)[], settled: 0 },
      })),
    );
    const streams = accounts.flatMap(({ key, course }) =>
      [shop.api.core, other, shop.api.core].map((core) => stream(core, key, course)),
    );
    await Promise.all(accounts.map(({ key, course }) => change(key, course)));
    changing = false;
    await Promise.all(streams);
    await shop.expectSound();
  });
});
