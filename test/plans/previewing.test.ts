import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { type Api, createApi, customer } from "../support/api";
import { addWallet, at } from "../support/core";
import { aPlan, grantsIn, order, shown, start } from "./asking";

/** What would be done, before it is: the same, to the credit, as is done then. */

let api: Api;
let wallet: Awaited<ReturnType<Api["wallet"]>>;

beforeAll(async () => {
  api = await createApi();
});

beforeEach(async () => {
  api.core.clock.set(at("2026-04-01T00:00:00Z"));
  wallet = await api.wallet();
});

afterAll(() => api.stop());

const QUERY = `query ($input: PreviewSubscriptionInput!) { previewSubscription(input: $input) {
  replaces { id } version { number plan { name } } status at refusal { code }
  takesBack { what at } effects { what at amount before after effectiveAt expiresAt words creditType { name } grant { id } } } }`;

interface Preview {
  readonly replaces: { readonly id: string } | null;
  readonly version: object | null;
  readonly at: string | null;
  readonly refusal: { readonly code: string } | null;
  readonly takesBack: object | null;
  readonly effects: readonly {
    readonly what: string;
    readonly at: string;
    readonly amount: string;
    readonly words: string;
    readonly grant: object | null;
  }[];
}

async function preview(plan: string, given: object = {}, identity?: Parameters<Api["ask"]>[2]): Promise<Preview> {
  const input = { accountId: `acc_${wallet.accountId.replaceAll("-", "")}`, plan, ...given };
  return (await api.ask<{ previewSubscription: Preview }>(QUERY, { input }, identity)).previewSubscription;
}

const BIG = { allotments: [{ creditType: "credits", amount: "1000" }], overdrafts: [{ creditType: "credits", limit: "50" }] };

describe("a preview", () => {
  test("of one credit speaks of one", async () => {
    const plan = await aPlan(api, { allotments: [{ creditType: "credits", amount: "1" }] });
    const span = ", for 1 April 2026 until 1 May 2026";
    expect((await preview(plan)).effects[0]?.words).toBe(`1 credit is given${span}`);
    await start(api, wallet, plan);
    const words = (await preview(await aPlan(api), { when: "NOW_RESET" })).effects.map((effect) => effect.words);
    expect(words).toContain(`the 1 credit that is left is withdrawn${span}`);
  });

  test("of a start tells what would be given, and writes nothing", async () => {
    const plan = await aPlan(api, BIG);
    const before = await api.core.pool.query("SELECT count(*) FROM subscriptions");
    expect(await preview(plan)).toMatchObject({
      replaces: null,
      version: { number: 1, plan: { name: plan } },
      status: "ACTIVE",
      at: "2026-04-01T00:00:00.000Z",
      refusal: null,
      effects: [
        { what: "OVERDRAFT", amount: "50", before: "0", after: "50", words: "up to 50 credits may be overdrawn, instead of 0" },
        {
          what: "GRANT",
          amount: "1000",
          before: "0",
          after: "1000",
          effectiveAt: "2026-04-01T00:00:00.000Z",
          expiresAt: "2026-05-01T00:00:00.000Z",
          creditType: { name: "credits" },
          grant: null,
          words: "1,000 credits are given, for 1 April 2026 until 1 May 2026",
        },
        { what: "GRANT", effectiveAt: "2026-05-01T00:00:00.000Z" },
      ],
    });
    expect((await api.core.pool.query("SELECT count(*) FROM subscriptions")).rows).toEqual(before.rows);
    expect(await grantsIn(api, wallet)).toEqual([]);
  });

  test("of a change tells what is then done to each grant", async () => {
    const [small, big] = [await aPlan(api), await aPlan(api, BIG)];
    const { id } = shown(await start(api, wallet, small));
    await api.mutate("spend", { walletId: wallet.id, amount: "100", idempotencyKey: `p-${wallet.id}` }, "refusal { code }");
    api.core.clock.set(at("2026-04-16T00:00:00Z"));
    const foreseen = await preview(big, { when: "NOW_PRORATED" });
    expect(foreseen).toMatchObject({
      replaces: { id },
      at: "2026-04-16T00:00:00.000Z",
      effects: [
        { what: "VOID", amount: "500", before: "500", after: "0", grant: {} },
        { what: "KEEP", amount: "250", before: "400", after: "150", grant: {} },
        { what: "OVERDRAFT", amount: "50" },
        { what: "GRANT", amount: "500", expiresAt: "2026-05-01T00:00:00.000Z" },
        { what: "GRANT", amount: "1000" },
      ],
    });
    expect(foreseen.effects[1]?.words).toBe("250 credits are withdrawn, 150 are kept, for 1 April 2026 until 1 May 2026");
    await order(api, "changeSubscription", id, { plan: big, when: "NOW_PRORATED" });
    const { node } = await api.ask<{ node: { history: { edges: { node: { acts: { what: string }[] } }[] } } }>(
      "query ($id: ID!) { node(id: $id) { ... on PlanSubscription { history(first: 1) { edges { node { acts { what } } } } } } }",
      { id },
    );
    expect(node.history.edges[0]?.node.acts.map(({ what }) => what)).toEqual(foreseen.effects.map(({ what }) => what));
    const { rows } = await api.core.pool.query<{ available: bigint }>("SELECT available FROM wallets WHERE account_id = $1", [
      wallet.accountId,
    ]);
    expect(rows).toEqual([{ available: 650_000_000n }]);
  });

  test("of a change at the period's end tells when", async () => {
    const [small, big] = [await aPlan(api), await aPlan(api, BIG)];
    await start(api, wallet, small);
    expect(await preview(big)).toMatchObject({ at: "2026-05-01T00:00:00.000Z", version: { plan: { name: big } } });
  });

  test("of a change at the period's end tells what is done then, too", async () => {
    const [big, small] = [await aPlan(api, BIG), await aPlan(api)];
    await start(api, wallet, big);
    const { effects } = await preview(small);
    expect(effects.filter(({ what }) => what === "OVERDRAFT")).toMatchObject([
      {
        at: "2026-05-01T00:00:00.000Z",
        amount: "0",
        before: "50",
        words: "on 1 May 2026, nothing may be overdrawn any more",
      },
    ]);
    expect(effects[0]).toMatchObject({ what: "VOID", at: "2026-04-01T00:00:00.000Z" });
  });

  test("says that a cancellation would be taken back", async () => {
    const [big, small] = [await aPlan(api, BIG), await aPlan(api)];
    const { id } = shown(await start(api, wallet, big));
    expect((await preview(small)).takesBack).toBeNull();
    await order(api, "cancelSubscription", id, { when: "AT_PERIOD_END" });
    for (const when of ["AT_PERIOD_END", "NOW_PRORATED", "NOW_RESET"])
      expect((await preview(small, { when })).takesBack).toEqual({ what: "CANCEL", at: "2026-05-01T00:00:00.000Z" });
  });

  test("knows the limit that was set by hand, and what is owed", async () => {
    await api.mutate(
      "setOverdraft",
      { walletId: wallet.id, limit: "2000", idempotencyKey: `l-${wallet.id}` },
      "refusal { code }",
    );
    await api.mutate("spend", { walletId: wallet.id, amount: "300", idempotencyKey: `d-${wallet.id}` }, "refusal { code }");
    expect((await preview(await aPlan(api, BIG))).effects).toMatchObject([
      { what: "OVERDRAFT", amount: "50", before: "2000", words: "up to 50 credits may be overdrawn, instead of 2,000" },
      {
        what: "GRANT",
        amount: "1000",
        after: "700",
        words: "1,000 credits are given, 300 of which pay back what is owed, for 1 April 2026 until 1 May 2026",
      },
      { what: "GRANT", after: "1000" },
    ]);
  });

  test("tells what is taken off for it was spent too early, and what is not left to be withdrawn", async () => {
    const [big, small] = [await aPlan(api, BIG), await aPlan(api)];
    const { id } = shown(await start(api, wallet, small));
    await api.mutate("spend", { walletId: wallet.id, amount: "500", idempotencyKey: `e-${wallet.id}` }, "refusal { code }");
    const { effects } = await preview(big, { when: "NOW_PRORATED" });
    expect(effects.map(({ what, amount, words }) => [what, amount, words])).toEqual([
      ["VOID", "500", "the 500 credits that are left are withdrawn, for 1 May 2026 until 1 June 2026"],
      ["VOID", "0", "nothing is left to be withdrawn, for 1 April 2026 until 1 May 2026"],
      ["OVERDRAFT", "50", "up to 50 credits may be overdrawn, instead of 0"],
      [
        "GRANT",
        "500",
        "500 credits are given, 500 less, for they were spent before their time, for 1 April 2026 until 1 May 2026",
      ],
      ["GRANT", "1000", "1,000 credits are given, for 1 May 2026 until 1 June 2026"],
    ]);
    await order(api, "changeSubscription", id, { plan: big, when: "NOW_PRORATED" });
    const again = await preview(small, { when: "NOW_PRORATED" });
    expect(again.effects.find(({ what }) => what === "GRANT")).toMatchObject({
      amount: "0",
      words: "nothing is given: the 500 credits were spent before their time, for 1 April 2026 until 1 May 2026",
    });
  });

  test("speaks of dates as they are where the account is", async () => {
    const { accountId } = await addWallet(api.core, api.creditTypeId, "Asia/Kolkata");
    const given = { accountId: `acc_${accountId.replaceAll("-", "")}` };
    expect((await preview(await aPlan(api), given)).effects[0]?.words).toBe(
      "500 credits are given, for 1 April 2026, 05:30 until 1 May 2026, 05:30",
    );
  });

  test("says why it could not be done", async () => {
    const plan = await aPlan(api);
    await start(api, wallet, plan);
    const retired = await aPlan(api);
    await api.mutate("retirePlan", { plan: retired }, "refusal { code }");
    const nobody = { accountId: `acc_${"0".repeat(32)}` };
    const asked = [preview(plan), preview(retired), preview("nothing"), preview(plan, nobody)];
    expect((await Promise.all(asked)).map(({ refusal }) => refusal?.code)).toEqual([
      "ALREADY_ON_THIS_VERSION",
      "PLAN_RETIRED",
      "NOT_FOUND",
      "NOT_FOUND",
    ]);
  });

  test("is for the account's own customer, and for no other", async () => {
    const plan = await aPlan(api);
    expect((await preview(plan, {}, customer(wallet.accountId))).effects).toHaveLength(2);
    const other = await api.wallet();
    expect((await preview(plan, { accountId: null }, customer(wallet.accountId))).effects).toHaveLength(2);
    expect(await api.errors(QUERY, { input: { plan } })).toEqual(["BAD_USER_INPUT input"]);
    expect((await preview(plan, {}, customer(other.accountId))).refusal).toMatchObject({ code: "NOT_FOUND" });
  });
});
