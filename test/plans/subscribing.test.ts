import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { audit } from "../../src/wallet";
import { type Api, createApi, customer, SERVICE } from "../support/api";
import { at } from "../support/core";
import { aPlan, grantsIn, liveOf, order, publish, shown, start } from "./asking";

/** What operators do about subscriptions, and what it does to the wallets. */

let api: Api;
let wallet: Awaited<ReturnType<Api["wallet"]>>;

beforeAll(async () => {
  api = await createApi();
});

beforeEach(async () => {
  api.core.clock.set(at("2026-04-01T00:00:00Z"));
  wallet = await api.wallet();
});

afterAll(async () => {
  expect(await audit(api.core.pool)).toEqual([]);
  await api.stop();
});

function turnTo(text: string): void {
  api.core.clock.set(at(text));
}

async function planOf(accountId: string): Promise<string | null> {
  const { rows } = await api.core.pool.query<{ name: string | null }>(
    "SELECT p.name FROM accounts a LEFT JOIN plans p ON p.id = a.plan_id WHERE a.id = $1",
    [accountId],
  );
  return rows[0]?.name ?? null;
}

describe("an account that starts on a plan", () => {
  test("has the present allotment and the next in its wallet at once, and the plan is known of it", async () => {
    const plan = await aPlan(api);
    const answer = await start(api, wallet, plan);
    expect(answer).toMatchObject({
      subscription: {
        status: "ACTIVE",
        plan: { name: plan },
        version: { number: 1 },
        currentPeriod: { start: "2026-04-01T00:00:00.000Z", end: "2026-05-01T00:00:00.000Z" },
        ahead: null,
        trialUntil: null,
        allotments: [
          { amount: "500", present: true, creditType: { name: "credits" }, grant: { status: "ACTIVE" } },
          { amount: "500", present: false, grant: { status: "PENDING" } },
        ],
      },
      replayed: false,
      wallets: [{ balance: { available: "500", pending: "500" } }],
      grants: [{ kind: "PLAN", amount: "500", source: `plan ${plan}, version 1` }, { kind: "PLAN" }],
      refusal: null,
    });
    expect(await grantsIn(api, wallet)).toEqual([
      "PLAN 500 ACTIVE from 2026-04-01 to 2026-05-01",
      "PLAN 500 PENDING from 2026-05-01 to 2026-06-01",
    ]);
    expect(await planOf(wallet.accountId)).toBe(plan);
    expect(await liveOf(api, wallet)).toMatchObject({ id: shown(answer).id });
  });

  test("has a wallet opened for what it did not have yet, and its overdraft set", async () => {
    const name = `extra-${wallet.accountId}`;
    await api.mutate("createCreditType", { name }, "refusal { code }");
    const plan = await aPlan(api, {
      allotments: [
        { creditType: "credits", amount: "10" },
        { creditType: name, amount: "3", interval: "P1D" },
      ],
      overdrafts: [{ creditType: "credits", limit: "7" }],
    });
    const { wallets } = await start(api, wallet, plan);
    expect(wallets).toMatchObject([
      { balance: { available: "10", overdraft: "7" } },
      { balance: { available: "3", pending: "3" } },
    ]);
  });

  test("sees nothing happen to what it bought", async () => {
    const rich = await api.wallet("100", "20");
    await start(api, rich, await aPlan(api));
    expect((await grantsIn(api, rich)).slice(0, 2)).toEqual([
      "PURCHASED 100 ACTIVE from 2026-04-01 to the end",
      "PURCHASED 20 ACTIVE from 2026-04-01 to the end",
    ]);
  });

  test("is on trial if the plan offers one, unless told otherwise", async () => {
    const plan = await aPlan(api, { trial: "P14D" });
    expect(shown(await start(api, wallet, plan))).toMatchObject({
      status: "TRIALING",
      trialUntil: "2026-04-15T00:00:00.000Z",
      currentPeriod: { end: "2026-04-15T00:00:00.000Z" },
    });
    const other = await api.wallet();
    expect(shown(await start(api, other, plan, { trial: false }))).toMatchObject({ status: "ACTIVE", trialUntil: null });
  });

  test("is on no other plan: the second of two who start it at once is told", async () => {
    const plan = await aPlan(api);
    const both = await Promise.all([start(api, wallet, plan), start(api, wallet, plan)]);
    expect(new Set(both.map(({ refusal }) => refusal?.code ?? null))).toEqual(new Set(["ALREADY_SUBSCRIBED", null]));
    const [done] = both.filter(({ refusal }) => refusal === null);
    expect(both.find(({ refusal }) => refusal)?.refusal).toMatchObject({ subscription: { id: done?.subscription?.id } });
    expect(await grantsIn(api, wallet)).toHaveLength(2);
  });

  test("may start again when what it was on is over, though nobody has written that yet", async () => {
    const plan = await aPlan(api);
    const first = shown(await start(api, wallet, plan));
    await order(api, "cancelSubscription", first.id, { when: "AT_PERIOD_END" });
    turnTo("2026-05-10T00:00:00Z");
    expect(await liveOf(api, wallet)).toBeNull();
    const second = shown(await start(api, wallet, plan));
    expect(second.id).not.toBe(first.id);
    expect(second.startedAt).toBe("2026-05-10T00:00:00.000Z");
  });

  test("is answered as the first time by the same key, and refused other input", async () => {
    const [plan, other] = [await aPlan(api), await aPlan(api)];
    const first = await start(api, wallet, plan, { idempotencyKey: "once", reason: "bought" });
    expect(await start(api, wallet, plan, { idempotencyKey: "once", reason: "bought" })).toEqual({ ...first, replayed: true });
    const others = [
      start(api, wallet, other, { idempotencyKey: "once", reason: "bought" }),
      start(api, wallet, plan, { idempotencyKey: "once", reason: "bought", trial: false }),
      start(api, wallet, plan, { idempotencyKey: "once" }),
      order(api, "pauseSubscription", shown(first).id, { idempotencyKey: "once" }),
    ];
    expect((await Promise.all(others)).map(({ refusal }) => [refusal?.code, refusal?.["field"]])).toEqual([
      ["IDEMPOTENCY_MISMATCH", "plan"],
      ["IDEMPOTENCY_MISMATCH", "trial"],
      ["IDEMPOTENCY_MISMATCH", "reason"],
      ["IDEMPOTENCY_MISMATCH", "mutation"],
    ]);
    expect(await grantsIn(api, wallet)).toHaveLength(2);
  });

  test("cannot start on what there is not, nor on what is off the market", async () => {
    const plan = await aPlan(api);
    await api.mutate("retirePlan", { plan }, "refusal { code }");
    const nobody = { accountId: "00000000-0000-7000-8000-000000000000" };
    const answers = [start(api, wallet, plan), start(api, wallet, "nothing"), start(api, nobody, await aPlan(api))];
    expect((await Promise.all(answers)).map(({ refusal }) => [refusal?.code, refusal?.["field"]])).toEqual([
      ["PLAN_RETIRED", undefined],
      ["NOT_FOUND", "plan"],
      ["NOT_FOUND", "accountId"],
    ]);
  });
});

describe("a subscription that changes", () => {
  const BIG = { allotments: [{ creditType: "credits", amount: "1000" }] };

  test("at the period's end shows what is ahead, and has the next plan's allotment pending", async () => {
    const [small, big] = [await aPlan(api), await aPlan(api, BIG)];
    const { id } = shown(await start(api, wallet, small));
    const changed = shown(await order(api, "changeSubscription", id, { plan: big, when: "AT_PERIOD_END" }));
    expect(changed).toMatchObject({
      plan: { name: small },
      ahead: { what: "CHANGE", at: "2026-05-01T00:00:00.000Z", version: { number: 1, plan: { name: big } } },
    });
    expect(await grantsIn(api, wallet)).toEqual([
      "PLAN 500 ACTIVE from 2026-04-01 to 2026-05-01",
      "PLAN 500 VOIDED from 2026-05-01 to 2026-06-01",
      "PLAN 1000 PENDING from 2026-05-01 to 2026-06-01",
    ]);
    expect(await planOf(wallet.accountId)).toBe(small);
    turnTo("2026-05-01T00:00:00Z");
    expect(await liveOf(api, wallet)).toMatchObject({ plan: { name: big }, ahead: null });
  });

  test("takes back what is ahead, once", async () => {
    const { id } = shown(await start(api, wallet, await aPlan(api)));
    await order(api, "cancelSubscription", id, { when: "AT_PERIOD_END" });
    expect(shown(await order(api, "withdrawSubscriptionChange", id)).ahead).toBeNull();
    expect(await grantsIn(api, wallet)).toEqual([
      "PLAN 500 ACTIVE from 2026-04-01 to 2026-05-01",
      "PLAN 500 VOIDED from 2026-05-01 to 2026-06-01",
      "PLAN 500 PENDING from 2026-05-01 to 2026-06-01",
    ]);
    expect((await order(api, "withdrawSubscriptionChange", id)).refusal).toMatchObject({ code: "NOTHING_AHEAD" });
  });

  test("now, prorated, keeps the share of the time that has passed and gives the rest of the new", async () => {
    const [small, big] = [await aPlan(api), await aPlan(api, BIG)];
    const { id } = shown(await start(api, wallet, small));
    turnTo("2026-04-16T00:00:00Z");
    const { wallets } = await order(api, "changeSubscription", id, { plan: big, when: "NOW_PRORATED" });
    // Half of April: 250 of the 500 are kept, 500 of the 1000 given.
    expect(wallets).toMatchObject([{ balance: { available: "750", pending: "1000" } }]);
    expect(await planOf(wallet.accountId)).toBe(big);
  });

  test("now, prorated, gives so much less as more than the share was spent", async () => {
    const [small, big] = [await aPlan(api), await aPlan(api, BIG)];
    const { id } = shown(await start(api, wallet, small));
    await api.mutate("spend", { walletId: wallet.id, amount: "400", idempotencyKey: `s-${wallet.id}` }, "refusal { code }");
    turnTo("2026-04-16T00:00:00Z");
    const { wallets } = await order(api, "changeSubscription", id, { plan: big, when: "NOW_PRORATED" });
    expect(wallets).toMatchObject([{ balance: { available: "350", pending: "1000" } }]);
  });

  test("now, with a reset, begins a new period with the whole of the new", async () => {
    const [small, big] = [await aPlan(api), await aPlan(api, BIG)];
    const { id } = shown(await start(api, wallet, small));
    turnTo("2026-04-16T00:00:00Z");
    const answer = await order(api, "changeSubscription", id, { plan: big, when: "NOW_RESET" });
    expect(answer.wallets).toMatchObject([{ balance: { available: "1000", pending: "1000" } }]);
    expect(shown(answer).currentPeriod).toEqual({ start: "2026-04-16T00:00:00.000Z", end: "2026-05-16T00:00:00.000Z" });
  });

  test("goes over to its own plan's latest version, and to that once", async () => {
    const plan = await aPlan(api);
    const { id } = shown(await start(api, wallet, plan));
    expect((await order(api, "changeSubscription", id, { plan, when: "AT_PERIOD_END" })).refusal).toMatchObject({
      code: "ALREADY_ON_THIS_VERSION",
      version: { number: 1 },
    });
    await publish(api, { name: plan, basedOn: 1, ...BIG });
    expect((await liveOf(api, wallet))?.version).toEqual({ number: 1 });
    const changed = await order(api, "changeSubscription", id, { plan, when: "NOW_PRORATED" });
    expect(shown(changed).version).toEqual({ number: 2 });
  });
});

describe("a subscription that stops", () => {
  test("is paused, keeps what it has, gives nothing, and goes on with the rest of the period", async () => {
    const { id } = shown(await start(api, wallet, await aPlan(api)));
    turnTo("2026-04-11T00:00:00Z");
    const paused = await order(api, "pauseSubscription", id, { alive: "PRORATE" });
    expect(paused).toMatchObject({
      subscription: { status: "PAUSED", allotments: [] },
      wallets: [{ balance: { available: "166.666666", pending: "0" } }],
    });
    expect((await order(api, "pauseSubscription", id)).refusal).toMatchObject({
      code: "NOT_IN_THIS_STATUS",
      status: "PAUSED",
      allowed: ["TRIALING", "ACTIVE"],
    });
    turnTo("2026-04-21T00:00:00Z");
    const resumed = await order(api, "resumeSubscription", id);
    expect(resumed).toMatchObject({
      subscription: { status: "ACTIVE", currentPeriod: { end: "2026-05-01T00:00:00.000Z" } },
      wallets: [{ balance: { available: "333.333333", pending: "500" } }],
    });
  });

  test("for want of payment loses what it has, if so asked, and begins anew when it is paid", async () => {
    const { id } = shown(await start(api, wallet, await aPlan(api)));
    const unpaid = await order(api, "markSubscriptionUnpaid", id, { alive: "VOID", reason: "card declined" });
    expect(unpaid).toMatchObject({
      subscription: { status: "UNPAID" },
      wallets: [{ balance: { available: "0", pending: "0" } }],
    });
    turnTo("2026-04-21T00:00:00Z");
    const resumed = await order(api, "resumeSubscription", id, { reset: true });
    expect(resumed).toMatchObject({
      subscription: { status: "ACTIVE", currentPeriod: { start: "2026-04-21T00:00:00.000Z" } },
      wallets: [{ balance: { available: "500", pending: "500" } }],
    });
  });

  test("at once is over for good; what is alive lasts, what is to come is taken back", async () => {
    const plan = await aPlan(api, { overdrafts: [{ creditType: "credits", limit: "5" }] });
    const { id } = shown(await start(api, wallet, plan));
    const ended = await order(api, "cancelSubscription", id, { when: "NOW" });
    expect(ended).toMatchObject({
      subscription: { status: "ENDED", endedAt: "2026-04-01T00:00:00.000Z", currentPeriod: null },
      wallets: [{ balance: { available: "500", pending: "0", overdraft: "0" } }],
    });
    expect(await planOf(wallet.accountId)).toBeNull();
    expect(await liveOf(api, wallet)).toBeNull();
    expect((await order(api, "resumeSubscription", id)).refusal).toMatchObject({ code: "NOT_IN_THIS_STATUS", status: "ENDED" });
  });
});

describe("what was done about a subscription", () => {
  test("stands in its history, with what came of it for the wallet, and in the audit log", async () => {
    const plan = await aPlan(api);
    const { id } = shown(await start(api, wallet, plan, { reason: "bought" }));
    await order(api, "cancelSubscription", id, { when: "NOW", alive: "VOID", reason: "fraud" });
    const { node } = await api.ask<{ node: { history: { edges: { node: { id: string } }[] } } }>(
      `query ($id: ID!) { node(id: $id) { ... on PlanSubscription { status account { id } history { edges { node {
        id type actor reason status version { number } acts { what amount creditType { name } grant { status } transaction { type actor } } } } } } } }`,
      { id },
    );
    expect(node).toMatchObject({
      status: "ENDED",
      history: {
        edges: [
          {
            node: {
              type: "CANCEL",
              actor: "admin",
              reason: "fraud",
              status: "ENDED",
              acts: [
                {
                  what: "VOID",
                  amount: "500",
                  grant: { status: "VOIDED" },
                  transaction: { type: "VOID", actor: `plan:${plan}` },
                },
                { what: "VOID" },
              ],
            },
          },
          {
            node: {
              type: "START",
              reason: "bought",
              version: { number: 1 },
              acts: [{ what: "GRANT", amount: "500" }, { what: "GRANT" }],
            },
          },
        ],
      },
    });
    const { auditLog } = await api.ask<{ auditLog: { edges: { node: object }[] } }>(
      `query ($filter: AuditFilter!) { auditLog(filter: $filter) { edges { node { action before after reason } } } }`,
      { filter: { subject: id } },
    );
    expect(auditLog.edges.map((edge) => edge.node)).toMatchObject([
      { action: "cancelSubscription", before: { status: "ACTIVE", plan }, after: { status: "ENDED" }, reason: "fraud" },
      { action: "startSubscription", before: null, after: { status: "ACTIVE", plan, version: 1 }, reason: "bought" },
    ]);
    const [event] = node.history.edges;
    const query = "query ($id: ID!) { node(id: $id) { ... on SubscriptionEvent { type } } }";
    expect(await api.ask(query, { id: event?.node.id })).toEqual({ node: { type: "CANCEL" } });
  });

  test("is for the account's own customer to see, and nobody's but the operator's to do", async () => {
    const { id } = shown(await start(api, wallet, await aPlan(api)));
    const query = "query ($id: ID!) { node(id: $id) { id } }";
    const other = await api.wallet();
    expect(await api.ask(query, { id }, customer(wallet.accountId))).toEqual({ node: { id } });
    expect(await api.ask(query, { id }, customer(other.accountId))).toEqual({ node: null });
    const mutation = "mutation ($input: PauseSubscriptionInput!) { pauseSubscription(input: $input) { replayed } }";
    const input = { subscriptionId: id, idempotencyKey: "mine" };
    expect(await api.errors(mutation, { input }, customer(wallet.accountId))).toEqual(["FORBIDDEN"]);
    expect(await api.errors(mutation, { input }, SERVICE)).toEqual(["FORBIDDEN"]);
    expect(await api.errors(mutation, { input: { ...input, idempotencyKey: "tranche:mine" } })).toEqual([
      "BAD_USER_INPUT input idempotencyKey",
    ]);
  });

  test("is listed by plan, version and status, and by account", async () => {
    const plan = await aPlan(api);
    const others = await Promise.all([api.wallet(), api.wallet()]);
    const ids: string[] = [];
    for (const one of [wallet, ...others]) ids.push(shown(await start(api, one, plan)).id);
    await order(api, "pauseSubscription", ids[1] as string);
    const query = `query ($plan: String, $version: Int, $status: PlanSubscriptionStatus, $first: Int, $after: String) {
      subscriptions(plan: $plan, version: $version, status: $status, first: $first, after: $after) {
        edges { node { id } } pageInfo { hasNextPage endCursor } } }`;
    type Listed = { subscriptions: { edges: { node: { id: string } }[]; pageInfo: { hasNextPage: boolean; endCursor: string } } };
    const list = async (variables: object) => (await api.ask<Listed>(query, variables)).subscriptions;
    const idsOf = ({ edges }: Listed["subscriptions"]) => edges.map(({ node }) => node.id);
    const first = await list({ plan, first: 2 });
    const rest = await list({ plan, first: 2, after: first.pageInfo.endCursor });
    expect([...idsOf(first), ...idsOf(rest)].sort()).toEqual([...ids].sort());
    expect([first.pageInfo.hasNextPage, rest.pageInfo.hasNextPage]).toEqual([true, false]);
    expect(idsOf(await list({ plan, version: 1, status: "PAUSED" }))).toEqual([ids[1]]);
    expect(idsOf(await list({ plan, version: 2 }))).toEqual([]);
    expect(await api.errors(query, { version: 1 })).toEqual(["BAD_USER_INPUT version"]);
    const ofAccount = "query ($id: ID!) { account(id: $id) { subscriptions { edges { node { id } } } } }";
    const account = `acc_${wallet.accountId.replaceAll("-", "")}`;
    expect(await api.ask(ofAccount, { id: account })).toEqual({
      account: { subscriptions: { edges: [{ node: { id: ids[0] } }] } },
    });
  });
});
