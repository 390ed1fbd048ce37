import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { bringPlansUpTo, PlanSweeper, plansAheadIn } from "../../src/plans";
import { changeSubscription } from "../../src/plans/change-subscription";
import { performActs } from "../../src/plans/perform-acts";
import type { SubscriptionKey } from "../../src/plans/plan";
import { startSubscription } from "../../src/plans/start-subscription";
import type { Core } from "../../src/platform/context";
import { inTransaction } from "../../src/platform/transaction";
import { audit } from "../../src/wallet";
import { submit } from "../../src/wallet/submit";
import { type Api, createApi } from "../support/api";
import { at, createTestCore, done, spendOf, type TestCore } from "../support/core";
import { aKey, aPlan, grantsIn, liveOf, order, shown, start } from "./asking";

/** What becomes of subscriptions while nobody looks: in time, late, half-way, and by two servers at once. */

let api: Api;
let other: TestCore;
let wallet: Awaited<ReturnType<Api["wallet"]>>;

beforeAll(async () => {
  api = await createApi();
  const { rows } = await api.core.pool.query<{ name: string }>("SELECT current_database() AS name");
  const url = new URL(api.core.pool.options.connectionString as string);
  url.pathname = `/${rows[0]?.name}`;
  other = await createTestCore(url.href, { clock: api.core.clock });
});

beforeEach(async () => {
  api.core.clock.set(at("2026-04-01T00:00:00Z"));
  wallet = await api.wallet();
});

afterAll(async () => {
  expect(await audit(api.core.pool)).toEqual([]);
  await other.stop();
  await api.stop();
});

async function sweep(core: Core): Promise<void> {
  const sweeper = new PlanSweeper(core);
  sweeper.start();
  await sweeper.settled();
  await sweeper.stop();
}

const ORDER = { actor: "admin", reason: null, action: "startSubscription", input: {} };

/** A server that ends after it has done so many things to wallets. */
function failing(core: Core, after: number): Core {
  let left = after;
  const batcher = new Proxy(core.batcher, {
    get: (target, name, receiver) => {
      if (name !== "submit") return Reflect.get(target, name, receiver) as unknown;
      return (...args: Parameters<Core["batcher"]["submit"]>) => {
        if (left === 0) throw new Error("the server ends here");
        left -= 1;
        return target.submit(...args);
      };
    },
  });
  return { ...core, batcher };
}

async function makeRoomIn({ id: walletId }: { readonly id: string }): Promise<void> {
  const input = { walletId, amount: "-100000", reason: "too much", idempotencyKey: aKey() };
  await api.mutate("adjustBalance", input, "refusal { code }");
}

async function started(core: Core, plan: string): Promise<SubscriptionKey> {
  const answer = await startSubscription(core, wallet.accountId, { plan, trial: true }, { ...ORDER, idempotencyKey: aKey() });
  if (answer.status !== "done") throw new Error(answer.status);
  return answer.key;
}

const MONTHS = [
  "PLAN 500 EXPIRED from 2026-04-01 to 2026-05-01",
  "PLAN 500 ACTIVE from 2026-05-01 to 2026-06-01",
  "PLAN 500 PENDING from 2026-06-01 to 2026-07-01",
];

describe("a period that begins", () => {
  test("has its allotment though nobody has swept since: a spend just after midnight finds it", async () => {
    await start(api, wallet, await aPlan(api));
    api.core.clock.set(at("2026-05-01T00:00:00.000001Z"));
    await done(submit(api.core, wallet, spendOf(500_000_000n)));
    expect(await grantsIn(api, wallet)).toHaveLength(2);
  });

  test("has the next one's put into the wallet, by one of two servers, once", async () => {
    await start(api, wallet, await aPlan(api));
    api.core.clock.set(at("2026-05-01T00:00:00Z"));
    await Promise.all([sweep(api.core), sweep(other)]);
    expect(await grantsIn(api, wallet)).toEqual(MONTHS);
  });

  test("leaves alone what is not its plan's", async () => {
    const rich = await api.wallet("100");
    await api.mutate(
      "grantCredits",
      { walletId: rich.id, kind: "PROMO", amount: "5", expiresAt: "2026-09-01T00:00:00Z", idempotencyKey: aKey() },
      "refusal { code }",
    );
    await start(api, rich, await aPlan(api));
    for (const month of ["05", "06", "07"]) {
      api.core.clock.set(at(`2026-${month}-01T00:00:00Z`));
      await sweep(api.core);
    }
    expect((await grantsIn(api, rich)).slice(0, 2)).toEqual([
      "PURCHASED 100 ACTIVE from 2026-04-01 to the end",
      "PROMO 5 ACTIVE from 2026-04-01 to 2026-09-01",
    ]);
  });

  test("is caught up with after months without any server, and what nobody could have spent is not given", async () => {
    await start(api, wallet, await aPlan(api));
    api.core.clock.set(at("2026-08-10T00:00:00Z"));
    await sweep(api.core);
    expect(await grantsIn(api, wallet)).toEqual([
      "PLAN 500 EXPIRED from 2026-04-01 to 2026-05-01",
      "PLAN 500 EXPIRED from 2026-05-01 to 2026-06-01",
      "PLAN 500 ACTIVE from 2026-08-10 to 2026-09-01",
      "PLAN 500 PENDING from 2026-09-01 to 2026-10-01",
    ]);
  });

  test("ends a cancelled subscription, and goes over to what was chosen", async () => {
    const [plan, next] = [await aPlan(api), await aPlan(api, { allotments: [{ creditType: "credits", amount: "9" }] })];
    const { id } = shown(await start(api, wallet, plan));
    await order(api, "changeSubscription", id, { plan: next, when: "AT_PERIOD_END" });
    api.core.clock.set(at("2026-05-01T00:00:00Z"));
    await sweep(api.core);
    const { rows } = await api.core.pool.query<{ name: string }>(
      "SELECT p.name FROM accounts a JOIN plans p ON p.id = a.plan_id WHERE a.id = $1",
      [wallet.accountId],
    );
    expect(rows).toEqual([{ name: next }]);
    await order(api, "cancelSubscription", id, { when: "AT_PERIOD_END" });
    api.core.clock.set(at("2026-06-01T00:00:00Z"));
    await sweep(api.core);
    expect(await liveOf(api, wallet)).toBeNull();
    const after = await api.core.pool.query("SELECT plan_id FROM accounts WHERE id = $1", [wallet.accountId]);
    expect(after.rows).toEqual([{ plan_id: null }]);
  });
});

describe("a server that ends half-way", () => {
  test.each([0, 1, 2])(
    "after %i things that were to be done to wallets leaves the rest to another, which does it once",
    async (after) => {
      await started(failing(api.core, after), await aPlan(api, { overdrafts: [{ creditType: "credits", limit: "5" }] }));
      expect(await grantsIn(api, wallet)).toHaveLength(after);
      await sweep(other);
      await performActs(api.core, wallet.accountId);
      expect(await grantsIn(api, wallet)).toEqual([
        "OVERDRAFT 5 ACTIVE from 2026-04-01 to the end",
        "PLAN 500 ACTIVE from 2026-04-01 to 2026-05-01",
        "PLAN 500 PENDING from 2026-05-01 to 2026-06-01",
      ]);
    },
  );

  test("before it could say so has done it: the next one finds it done", async () => {
    await started(api.core, await aPlan(api));
    await api.core.pool.query(
      "UPDATE subscription_acts SET performed_at = NULL, outcome = NULL, sequence = NULL, grant_number = NULL WHERE account_id = $1",
      [wallet.accountId],
    );
    await Promise.all([api.core, other].map((core) => performActs(core, wallet.accountId)));
    expect(await grantsIn(api, wallet)).toHaveLength(2);
    const { rows } = await api.core.pool.query(
      "SELECT outcome, sequence, grant_number FROM subscription_acts WHERE account_id = $1 ORDER BY number",
      [wallet.accountId],
    );
    expect(rows).toEqual([
      { outcome: "DONE", sequence: 1n, grant_number: 1 },
      { outcome: "DONE", sequence: 2n, grant_number: 2 },
    ]);
  });

  test("and whose grants are over by the time that they are looked at has nothing left to do", async () => {
    const key = await started(failing(api.core, 0), await aPlan(api));
    await changeSubscription(failing(api.core, 0), key, { type: "cancel", alive: "VOID" }, { ...ORDER, idempotencyKey: aKey() });
    api.core.clock.set(at("2026-07-01T00:00:00Z"));
    await sweep(api.core);
    expect(await grantsIn(api, wallet)).toEqual([]);
    const { rows } = await api.core.pool.query("SELECT DISTINCT outcome FROM subscription_acts WHERE account_id = $1", [
      wallet.accountId,
    ]);
    expect(rows).toEqual([{ outcome: "NOTHING" }]);
  });
});

describe("acts that come to the wallet when what they give is over", () => {
  const rolling = (percent: number) =>
    aPlan(api, {
      billing: "P1D",
      allotments: [{ creditType: "credits", amount: "100", rollover: { percent, periods: 30 } }],
    });

  test("give what would have rolled over, once, as if they had come in time", async () => {
    await started(failing(api.core, 0), await rolling(50));
    api.core.clock.set(at("2026-04-02T12:00:00Z"));
    await Promise.all([sweep(api.core), sweep(other)]);
    api.core.clock.set(at("2026-04-03T12:00:00Z"));
    await sweep(api.core);
    expect((await grantsIn(api, wallet)).filter((grant) => grant.startsWith("ROLLOVER"))).toEqual([
      "ROLLOVER 50 ACTIVE from 2026-04-02T12:00:00.000Z to 2026-05-02",
      "ROLLOVER 50 ACTIVE from 2026-04-03 to 2026-05-03",
    ]);
  });

  test("give nothing of what was withdrawn in its time", async () => {
    const key = await started(failing(api.core, 0), await rolling(100));
    await changeSubscription(failing(api.core, 0), key, { type: "cancel", alive: "VOID" }, { ...ORDER, idempotencyKey: aKey() });
    api.core.clock.set(at("2026-04-05T00:00:00Z"));
    await sweep(api.core);
    expect((await grantsIn(api, wallet)).filter((grant) => !grant.includes("VOIDED"))).toEqual([]);
  });
});

test("what the last subscription left undone does not undo what the next one sets", async () => {
  const plan = await aPlan(api, { overdrafts: [{ creditType: "credits", limit: "5" }] });
  const { id } = shown(await start(api, wallet, plan));
  await order(api, "cancelSubscription", id, { when: "AT_PERIOD_END" });
  api.core.clock.set(at("2026-05-01T00:00:00Z"));
  // It ends as the next one starts; this server ends before it does anything about either.
  await started(failing(api.core, 0), plan);
  await sweep(other);
  expect((await grantsIn(api, wallet)).filter((grant) => /OVERDRAFT/.test(grant))).toEqual([
    "OVERDRAFT 5 VOIDED from 2026-04-01 to the end",
    "OVERDRAFT 5 ACTIVE from 2026-05-01 to the end",
  ]);
});

test("what a wallet does not take is told, tried again, and holds up no other account", async () => {
  const full = await api.wallet("8999999999999");
  const plan = await aPlan(api);
  await start(api, full, plan);
  await start(api, wallet, plan);
  expect(await grantsIn(api, full)).toHaveLength(1);
  expect(api.core.logged.some(({ message }) => message.includes("failed and is tried again"))).toBe(true);
  await makeRoomIn(full);
  await sweep(api.core);
  expect(await grantsIn(api, full)).toHaveLength(3);
  expect(await grantsIn(api, wallet)).toHaveLength(2);
});

test("what one wallet of an account does not take holds up no other of them", async () => {
  const full = await api.wallet("8999999999999");
  await api.mutate("createCreditType", { name: "minutes" }, "refusal { code }");
  const plan = await aPlan(api, {
    allotments: [
      { creditType: "credits", amount: "500" },
      { creditType: "minutes", amount: "60" },
    ],
  });
  await start(api, full, plan);
  expect(await grantsIn(api, full)).toHaveLength(1);
  type Wallets = { account: { wallets: { id: string; creditType: { name: string } }[] } };
  const query = "query ($id: ID!) { account(id: $id) { wallets { id creditType { name } } } }";
  const { account } = await api.ask<Wallets>(query, { id: `acc_${full.accountId.replaceAll("-", "")}` });
  const minutes = account.wallets.find(({ creditType }) => creditType.name === "minutes");
  expect(await grantsIn(api, minutes ?? { id: "" })).toEqual([
    "PLAN 60 ACTIVE from 2026-04-01 to 2026-05-01",
    "PLAN 60 PENDING from 2026-05-01 to 2026-06-01",
  ]);
  await makeRoomIn(full);
  await sweep(api.core);
  expect(await grantsIn(api, full)).toHaveLength(3);
});

test("what one wallet does not take holds up no other of them, however much it is", async () => {
  await api.mutate("createCreditType", { name: "seconds" }, "refusal { code }");
  // Nothing fits beside such a limit: of each of the 49 allotments neither the present one nor the next.
  const limit = (most: string) =>
    api.mutate("setOverdraft", { walletId: wallet.id, limit: most, idempotencyKey: aKey() }, "refusal { code }");
  await limit("9000000000000");
  const refused = Array.from({ length: 49 }, () => ({ creditType: "credits", amount: "1" }));
  const plan = await aPlan(api, { allotments: [...refused, { creditType: "seconds", amount: "60" }] });
  const { id } = shown(await start(api, wallet, plan));
  expect(await performedIn("seconds")).toEqual({ performed: 2, outstanding: 0 });
  shown(await order(api, "pauseSubscription", id, { alive: "VOID" }));
  expect(await performedIn("seconds")).toEqual({ performed: 4, outstanding: 0 });
  expect((await performedIn("credits")).outstanding).toBeGreaterThan(100);
  await limit("0");
  await sweep(api.core);
  expect((await performedIn("credits")).outstanding).toBe(0);
});

async function performedIn(creditType: string): Promise<{ performed: number; outstanding: number }> {
  const { rows } = await api.core.pool.query<{ performed: number; outstanding: number }>(
    `SELECT count(performed_at)::int AS performed, count(*)::int - count(performed_at)::int AS outstanding
    FROM subscription_acts WHERE account_id = $1 AND credit_type_id = (SELECT id FROM credit_types WHERE name = $2)`,
    [wallet.accountId, creditType],
  );
  return rows[0] ?? { performed: 0, outstanding: 0 };
}

test("what falls due while a wallet of the account is left alone is done at once in its others", async () => {
  const full = await api.wallet("8999999999999");
  await api.mutate("createCreditType", { name: "hours" }, "refusal { code }");
  const allotments = ["credits", "hours"].map((creditType) => ({ creditType, amount: "60" }));
  api.core.clock.set(at("2026-04-30T23:59:59Z"));
  await start(api, full, await aPlan(api, { allotments }));
  const given = async () => {
    const { rows } = await api.core.pool.query<{ count: number }>(
      `SELECT count(*)::int AS count FROM grants g JOIN credit_types c ON c.id = g.credit_type_id
       WHERE g.account_id = $1 AND c.name = 'hours'`,
      [full.accountId],
    );
    return rows[0]?.count;
  };
  expect(await given()).toBe(2);
  // The allotment's period is over a second after the sweeper was refused: too soon for another attempt.
  api.core.clock.set(at("2026-05-30T23:59:58Z"));
  const sweeper = new PlanSweeper(api.core);
  sweeper.start();
  await sweeper.settled();
  api.core.clock.set(at("2026-05-30T23:59:59Z"));
  await sweeper.settled();
  expect(await given()).toBe(3);
  await sweeper.stop();
  await makeRoomIn(full);
  await sweep(api.core);
});

test("what a wallet keeps refusing is asked of it ever more seldom", async () => {
  const full = await api.wallet("8999999999999");
  await start(api, full, await aPlan(api));
  const sweeper = new PlanSweeper(api.core);
  const told = () => api.core.logged.filter(({ message }) => message.includes("failed and is tried again")).length;
  const before = told();
  const times: number[] = [];
  for (let second = 0; second <= 60; second++) {
    const asked = told();
    api.core.clock.set(at("2026-04-01T00:00:00Z") + BigInt(second) * 1_000_000n);
    sweeper.start();
    await sweeper.settled();
    if (told() > asked) times.push(second);
  }
  await sweeper.stop();
  expect(times).toEqual([0, 2, 6, 14, 30]);
  expect(told() - before).toBe(5);
  await makeRoomIn(full);
  await sweep(api.core);
});

test("of two servers that change a subscription at once each sees what the other did", async () => {
  const plan = await aPlan(api);
  const next = await aPlan(api, { allotments: [{ creditType: "credits", amount: "9" }] });
  const key = await started(api.core, plan);
  const change = (core: Core) => {
    const wanted = { type: "change", plan: next, when: "NOW_RESET" } as const;
    return changeSubscription(core, key, wanted, { ...ORDER, idempotencyKey: aKey() });
  };
  const cancel = (core: Core) =>
    changeSubscription(core, key, { type: "cancel", alive: "VOID" }, { ...ORDER, idempotencyKey: aKey() });
  const answers = await Promise.all([change(api.core), change(other), cancel(api.core), cancel(other)]);
  expect(answers.filter(({ status }) => status === "done").length).toBeGreaterThan(0);
  await sweep(api.core);
  const { rows } = await api.core.pool.query(
    "SELECT status, revision, command_count, act_count FROM subscriptions WHERE account_id = $1",
    [wallet.accountId],
  );
  const counted = await api.core.pool.query(
    "SELECT (SELECT count(*)::integer FROM subscription_commands WHERE account_id = $1) AS commands, count(*)::integer AS acts, count(performed_at)::integer AS performed FROM subscription_acts WHERE account_id = $1",
    [wallet.accountId],
  );
  const { command_count: commands, act_count: acts } = rows[0] as { command_count: number; act_count: number };
  expect(rows[0]).toMatchObject({ status: "ENDED" });
  expect(counted.rows).toEqual([{ commands, acts, performed: acts }]);
  expect((await grantsIn(api, wallet)).filter((grant) => !grant.includes("VOIDED"))).toEqual([]);
});

test("an account on a test clock is left to whoever advances it", async () => {
  const { id } = shown(await start(api, wallet, await aPlan(api)));
  await api.core.pool.query("UPDATE accounts SET test_clock = '2026-04-20T00:00:00Z' WHERE id = $1", [wallet.accountId]);
  api.core.clock.set(at("2026-06-15T00:00:00Z"));
  await sweep(api.core);
  expect(await grantsIn(api, wallet)).toHaveLength(2);
  const ahead = () => inTransaction(api.core.pool, "snapshot", (database) => plansAheadIn(database, wallet.accountId));
  expect(await ahead()).toEqual({ at: at("2026-05-01T00:00:00Z"), unfinished: false });
  await api.core.pool.query("UPDATE accounts SET test_clock = '2026-05-01T00:00:00Z' WHERE id = $1", [wallet.accountId]);
  await bringPlansUpTo(api.core, wallet.accountId);
  expect(await grantsIn(api, wallet)).toEqual(MONTHS);
  expect(await ahead()).toEqual({ at: at("2026-06-01T00:00:00Z"), unfinished: false });
  expect(shown(await order(api, "cancelSubscription", id, { when: "NOW" })).endedAt).toBe("2026-05-01T00:00:00.000Z");
  expect(await ahead()).toEqual({ at: null, unfinished: false });
});
