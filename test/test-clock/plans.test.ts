import { afterAll, beforeAll, beforeEach, expect, test } from "@jest/globals";
import { addPeriods, formatInstant, type Instant } from "../../src/core/time";
import { bringPlansUpTo } from "../../src/plans";
import { catchUpNow } from "../../src/wallet";
import type { WalletKey } from "../../src/wallet/model/types";
import { audit } from "../../src/wallet/store/audit.reads";
import { aPlan, liveOf, order, shown, start as subscribe } from "../plans/asking";
import { type Api, createApi, externalIdOf, SERVICE } from "../support/api";
import { addCreditType } from "../support/core";
import { advance, start } from "./clocks";
import { logOf, storyOf } from "./logs";

/** A year of a plan in a moment, through the API. */

let api: Api;
let minutes: number;
let begin: Instant;
let plan: string;

beforeAll(async () => {
  api = await createApi();
  minutes = await addCreditType(api.core.pool, "minutes");
  plan = await aPlan(api, {
    allotments: [
      { creditType: "credits", amount: "500", rollover: { percent: 50 } },
      { creditType: "minutes", amount: "10", interval: "P1D" },
    ],
  });
});

beforeEach(() => {
  begin = api.core.clock.now();
});

afterAll(async () => {
  expect(await audit(api.core.pool)).toEqual([]);
  await api.stop();
});

function after(period: string, times = 1): Instant {
  return addPeriods(begin, period, times, "UTC");
}

/** An account on the plan, and on a clock of its own. */
async function clockedOnPlan() {
  const wallet = await api.wallet();
  const externalId = externalIdOf(wallet);
  expect(await start(api, { externalId })).toMatchObject({ refusal: null });
  const { id } = shown(await subscribe(api, wallet, plan));
  return { wallet, externalId, id };
}

/** The intervals for which a plan has given, in their order, in a wallet. */
async function givenIn(walletId: string): Promise<readonly (readonly [from: string, to: string])[]> {
  const intervals: [string, string][] = [];
  let after: string | null = null;
  do {
    const query = `query ($id: ID!, $after: String) { wallet(id: $id) { grants(first: 100, after: $after, kind: [PLAN]) {
      pageInfo { endCursor hasNextPage } edges { node { effectiveAt expiresAt } } } } }`;
    const { wallet }: Page = await api.ask<Page>(query, { id: walletId, after });
    intervals.push(...wallet.grants.edges.map(({ node }): [string, string] => [node.effectiveAt, node.expiresAt]));
    after = wallet.grants.pageInfo.hasNextPage ? wallet.grants.pageInfo.endCursor : null;
  } while (after !== null);
  return intervals.sort(([one], [other]) => one.localeCompare(other));
}

interface Page {
  readonly wallet: {
    readonly grants: {
      readonly pageInfo: { readonly endCursor: string; readonly hasNextPage: boolean };
      readonly edges: readonly { readonly node: { readonly effectiveAt: string; readonly expiresAt: string } }[];
    };
  };
}

test("a year passes in one call: what is promised is given for every moment of it, and for the period to come", async () => {
  const { wallet, externalId } = await clockedOnPlan();
  const year = formatInstant(after("P1Y"));
  const passed = await advance(api, { externalId, by: "P1Y" });
  expect(passed).toMatchObject({ testClock: { now: year }, reached: true, refusal: null });
  expect(passed.transactions).toBeGreaterThan(12 + 365);
  const walletIds = [wallet.id, wallet.id.replace(/\d+$/, String(minutes))];
  for (const [walletId, count] of [
    [walletIds[0], 14],
    [walletIds[1], 367],
  ] as const) {
    const given = await givenIn(walletId as string);
    expect(given).toHaveLength(count);
    expect(given[0]?.[0]).toBe(formatInstant(begin));
    for (const [index, [from]] of given.entries()) if (index > 0) expect(from).toBe(given[index - 1]?.[1]);
    expect(given.at(-2)?.[0]).toBe(year);
  }
  expect(await liveOf(api, wallet)).toMatchObject({
    status: "ACTIVE",
    currentPeriod: { start: year, end: formatInstant(after("P1M", 13)) },
  });
  // What is left of a month is kept by half for one more.
  const { balance } = (
    await api.ask<{ wallet: { balance: object } }>("query ($id: ID!) { wallet(id: $id) { balance { available pending } } }", {
      id: wallet.id,
    })
  ).wallet as { balance: object };
  expect(balance).toEqual({ available: "750", pending: "500" });
});

test("what happens in three months by a test clock is what really happens in three months", async () => {
  const { wallet, externalId } = await clockedOnPlan();
  const plain = await api.wallet();
  shown(await subscribe(api, plain, plan));
  await advance(api, { externalId, by: "P3M" });
  const wallets = (one: WalletKey) =>
    [one, { ...one, creditTypeId: minutes }].map(({ accountId, creditTypeId }) => ({ accountId, creditTypeId }));
  for (let now = after("P1D"), day = 1; now <= after("P3M"); now = after("P1D", ++day)) {
    api.core.clock.set(now);
    await bringPlansUpTo(api.core, plain.accountId);
    for (const key of wallets(plain)) await catchUpNow(api.core, key);
  }
  for (const [index, key] of wallets(wallet).entries()) {
    const real = storyOf(await logOf(api.core.pool, wallets(plain)[index] as WalletKey));
    expect(real.length).toBeGreaterThan(index === 0 ? 8 : 180);
    expect(storyOf(await logOf(api.core.pool, key))).toEqual(real);
  }
});

test("what is done about a subscription is done at the simulated time", async () => {
  const { wallet, externalId, id } = await clockedOnPlan();
  await advance(api, { externalId, to: formatInstant(after("P40D")) });
  const spend = { walletId: wallet.id, amount: "600", idempotencyKey: "by-rollover" };
  expect(await api.mutate("spend", spend, "transaction { effectiveAt } refusal { code }", SERVICE)).toEqual({
    transaction: { effectiveAt: formatInstant(after("P40D")) },
    refusal: null,
  });
  shown(await order(api, "cancelSubscription", id, { when: "AT_PERIOD_END" }));
  await advance(api, { externalId, to: formatInstant(after("P1M", 2) - 1n) });
  expect(await liveOf(api, wallet)).toMatchObject({ status: "ACTIVE", ahead: { what: "CANCEL" } });
  await advance(api, { externalId, to: formatInstant(after("P1M", 2)) });
  expect(await liveOf(api, wallet)).toBeNull();
});
