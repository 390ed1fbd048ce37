import { setImmediate } from "node:timers/promises";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { PlanSweeper } from "../../src/plans";
import { migrateOne } from "../../src/plans/migrate-subscriptions";
import { readMigration } from "../../src/plans/store/plan-migrations.store";
import { type Api, createApi, SERVICE } from "../support/api";
import { at } from "../support/core";
import { aPlan, grantsIn, liveOf, order, publish, shown, start } from "./asking";

/** That all who are on a version go over to another: ordered once, and done bit by bit. */

let api: Api;

beforeAll(async () => {
  api = await createApi();
});

beforeEach(() => {
  api.core.clock.set(at("2026-04-01T00:00:00Z"));
});

afterAll(() => api.stop());

const MIGRATION = `id from when reason startedBy endedAt plan { name } to { number } progress { total done refused }`;
const PAYLOAD = `migration { ${MIGRATION} } refusal { code ... on NotFound { field } }`;
const PREVIEW = `query ($input: PreviewMigrationInput!, $first: Int, $after: String) { previewMigration(input: $input) { affected to { number }
  refusal { code } subscriptions(first: $first, after: $after) { pageInfo { hasNextPage endCursor }
    edges { node { subscription { id } change { at refusal { code } effects { what amount } } } } } } }`;

interface Migration {
  readonly id: string;
  readonly endedAt: string | null;
  readonly progress: { readonly total: number; readonly done: number; readonly refused: number };
}

const migrate = (given: object) =>
  api.mutate<{ migration: Migration | null; refusal: object | null }>("migrateSubscriptions", given, PAYLOAD);

async function progressOf(id: string): Promise<Migration> {
  const query = `query ($id: ID!) { node(id: $id) { ... on PlanMigration { ${MIGRATION} } } }`;
  return (await api.ask<{ node: Migration }>(query, { id })).node;
}

/** How many wait for a lock. */
async function waiting(): Promise<number> {
  const { rows } = await api.core.pool.query<{ count: number }>(
    "SELECT count(*)::int AS count FROM pg_stat_activity WHERE datname = current_database() AND cardinality(pg_blocking_pids(pid)) > 0",
  );
  return rows[0]?.count ?? 0;
}

async function sweep(): Promise<void> {
  const sweepers = [new PlanSweeper(api.core), new PlanSweeper(api.core)];
  for (const sweeper of sweepers) sweeper.start();
  for (const sweeper of sweepers) await sweeper.settled();
  for (const sweeper of sweepers) await sweeper.stop();
}

const BIG = { allotments: [{ creditType: "credits", amount: "1000" }] };

/** A plan whose second version gives more, with so many on the first. */
async function onFirst(count: number) {
  const plan = await aPlan(api);
  const made = await Promise.all(Array.from({ length: count }, () => api.wallet()));
  // Those that are made at one instant are in no order of their own.
  const wallets = made.sort((a, b) => (a.accountId < b.accountId ? -1 : 1));
  const ids: string[] = [];
  for (const wallet of wallets) ids.push(shown(await start(api, wallet, plan)).id);
  await publish(api, { name: plan, basedOn: 1, ...BIG });
  return { plan, wallets, ids };
}

describe("a migration", () => {
  test("is foreseen, for each whom it is about", async () => {
    const { plan, ids } = await onFirst(3);
    await order(api, "pauseSubscription", ids[1] as string);
    await order(api, "cancelSubscription", ids[2] as string, { when: "NOW" });
    const input = { plan, when: "NOW_RESET" };
    const { previewMigration } = await api.ask<{ previewMigration: object }>(PREVIEW, { input, first: 10 });
    expect(previewMigration).toMatchObject({
      affected: 2,
      to: { number: 2 },
      refusal: null,
      subscriptions: {
        pageInfo: { hasNextPage: false },
        edges: [
          {
            node: {
              subscription: { id: ids[0] },
              change: {
                refusal: null,
                effects: [
                  { what: "VOID", amount: "500" },
                  { what: "VOID", amount: "500" },
                  { what: "GRANT", amount: "1000" },
                  { what: "GRANT", amount: "1000" },
                ],
              },
            },
          },
          { node: { subscription: { id: ids[1] }, change: { refusal: { code: "NOT_IN_THIS_STATUS" } } } },
        ],
      },
    });
    const first = await api.ask<{ previewMigration: { subscriptions: { pageInfo: { endCursor: string } } } }>(PREVIEW, {
      input,
      first: 1,
    });
    const after = first.previewMigration.subscriptions.pageInfo.endCursor;
    expect(await api.ask(PREVIEW, { input, first: 1, after })).toMatchObject({
      previewMigration: { subscriptions: { edges: [{ node: { subscription: { id: ids[1] } } }] } },
    });
  });

  test("comes to each once, whoever carries it out, and says how far it is", async () => {
    const { plan, wallets, ids } = await onFirst(5);
    await order(api, "pauseSubscription", ids[4] as string);
    const { migration } = await migrate({ plan, when: "NOW_RESET", reason: "more for all" });
    expect(migration).toMatchObject({
      from: [1],
      when: "NOW_RESET",
      reason: "more for all",
      plan: { name: plan },
      to: { number: 2 },
      endedAt: null,
      progress: { total: 5, done: 0, refused: 0 },
    });
    expect((await liveOf(api, wallets[0] as { accountId: string }))?.version).toEqual({ number: 1 });
    await sweep();
    expect(await progressOf(migration?.id ?? "")).toMatchObject({
      endedAt: "2026-04-01T00:00:00.000Z",
      progress: { total: 5, done: 4, refused: 1 },
    });
    for (const wallet of wallets.slice(0, 4)) {
      expect((await liveOf(api, wallet))?.version).toEqual({ number: 2 });
      expect((await grantsIn(api, wallet)).filter((grant) => !grant.includes("VOIDED"))).toEqual([
        "PLAN 1000 ACTIVE from 2026-04-01 to 2026-05-01",
        "PLAN 1000 PENDING from 2026-05-01 to 2026-06-01",
      ]);
    }
  });

  test("is ordered once, however often and by however many it is sent under its key", async () => {
    const { plan } = await onFirst(1);
    const order = { plan, when: "NOW_RESET", idempotencyKey: `once-${plan}` };
    const fields = "migration { id } replayed refusal { code message ... on IdempotencyMismatch { field } }";
    type Answer = { migration: { id: string } | null; replayed: boolean; refusal: object | null };
    const send = (given: object) => api.mutate<Answer>("migrateSubscriptions", { ...order, ...given }, fields);
    const answers = await Promise.all([send({}), send({})]);
    expect(new Set(answers.map(({ replayed }) => replayed))).toEqual(new Set([false, true]));
    await publish(api, { name: plan, basedOn: 2, ...BIG });
    answers.push(await send({}));
    const [id, ...others] = new Set(answers.map(({ migration }) => migration?.id));
    expect(others).toEqual([]);
    expect(await send({ when: "AT_PERIOD_END" })).toMatchObject({
      migration: null,
      refusal: { code: "IDEMPOTENCY_MISMATCH", field: "when" },
    });
    const query = "query ($name: String!) { plan(name: $name) { migrations { edges { node { id } } } } }";
    expect(await api.ask(query, { name: plan })).toEqual({ plan: { migrations: { edges: [{ node: { id } }] } } });
    expect(await api.errors(query, { name: plan }, SERVICE)).toEqual(["FORBIDDEN"]);
  });

  test("says whom it passed over, and why, page by page; a plan lists its migrations, the newest first", async () => {
    const { plan, ids } = await onFirst(4);
    const other = await aPlan(api);
    for (const id of [ids[1], ids[3]]) shown(await order(api, "pauseSubscription", id as string));
    shown(await order(api, "changeSubscription", ids[2] as string, { plan: other, when: "AT_PERIOD_END" }));
    const { migration } = await migrate({ plan, when: "NOW_RESET" });
    await sweep();
    const query = `query ($name: String!, $first: Int, $after: String) { plan(name: $name) { migrations { edges { node { id
      refused(first: $first, after: $after) { edges { node { code subscription { id } } } pageInfo { hasNextPage endCursor } } } } } } }`;
    type Listed = {
      plan: { migrations: { edges: { node: { id: string; refused: { edges: object[]; pageInfo: { endCursor: string } } } }[] } };
    };
    const page = async (given: object) =>
      (await api.ask<Listed>(query, { name: plan, ...given })).plan.migrations.edges.map(({ node }) => node);
    const passed = (code: string, id: string | undefined) => ({ node: { code, subscription: { id } } });
    const [first] = await page({ first: 2 });
    expect(first).toMatchObject({
      id: migration?.id,
      refused: {
        edges: [passed("NOT_IN_THIS_STATUS", ids[1]), passed("LEAVES_THE_PLAN", ids[2])],
        pageInfo: { hasNextPage: true },
      },
    });
    const [next] = await page({ first: 2, after: first?.refused.pageInfo.endCursor });
    expect(next?.refused.edges).toEqual([passed("NOT_IN_THIS_STATUS", ids[3])]);
    const { migration: second } = await migrate({ plan, when: "NOW_RESET" });
    expect((await page({})).map(({ id }) => id)).toEqual([second?.id, migration?.id]);
  });

  test("leaves alone who has gone over to another plan since, even one whose own is off the market by then", async () => {
    const { plan, wallets, ids } = await onFirst(1);
    const other = await aPlan(api);
    const { migration } = await migrate({ plan, when: "NOW_RESET" });
    shown(await order(api, "changeSubscription", ids[0] as string, { plan: other, when: "NOW_RESET" }));
    await api.mutate("retirePlan", { plan }, "refusal { code }");
    await sweep();
    expect(await liveOf(api, wallets[0] as { accountId: string })).toMatchObject({ plan: { name: other } });
    expect(await progressOf(migration?.id ?? "")).toMatchObject({
      endedAt: "2026-04-01T00:00:00.000Z",
      progress: { total: 1, done: 0, refused: 1 },
    });
  });

  test.each(["AT_PERIOD_END", "NOW_RESET"])(
    "is about those, too, who are to come to a version that is left: %s",
    async (when) => {
      const { plan, wallets, ids } = await onFirst(1);
      const other = await aPlan(api);
      const coming = await api.wallet();
      const { id } = shown(await start(api, coming, other));
      shown(await order(api, "changeSubscription", id, { plan, when: "AT_PERIOD_END" }));
      await publish(api, { name: plan, basedOn: 2, allotments: [{ creditType: "credits", amount: "2000" }] });
      const input = { plan, versions: [2], when };
      expect(await api.ask(PREVIEW, { input, first: 10 })).toMatchObject({
        previewMigration: {
          affected: 1,
          subscriptions: {
            edges: [
              {
                node: {
                  subscription: { id },
                  change: {
                    refusal: null,
                    at: "2026-05-01T00:00:00.000Z",
                    effects: [
                      { what: "VOID", amount: "1000" },
                      { what: "GRANT", amount: "2000" },
                      { what: "GRANT", amount: "2000" },
                    ],
                  },
                },
              },
            ],
          },
        },
      });
      const { migration } = await migrate(input);
      await sweep();
      expect(await progressOf(migration?.id ?? "")).toMatchObject({ progress: { total: 1, done: 1, refused: 0 } });
      expect(await liveOf(api, coming)).toMatchObject({
        plan: { name: other },
        ahead: { what: "CHANGE", version: { plan: { name: plan }, number: 3 } },
      });
      expect((await liveOf(api, wallets[0] as { accountId: string }))?.id).toBe(ids[0]);
      api.core.clock.set(at("2026-05-01T00:00:00Z"));
      expect(await liveOf(api, coming)).toMatchObject({ plan: { name: plan }, version: { number: 3 } });
      await sweep();
      expect((await grantsIn(api, coming)).filter((grant) => !grant.includes("VOIDED"))).toEqual([
        "PLAN 500 EXPIRED from 2026-04-01 to 2026-05-01",
        "PLAN 2000 ACTIVE from 2026-05-01 to 2026-06-01",
        "PLAN 2000 PENDING from 2026-06-01 to 2026-07-01",
      ]);
    },
  );

  test("leaves alone who was to come to a version that is left, and has thought better of it", async () => {
    const { plan } = await onFirst(0);
    const other = await aPlan(api);
    const { id } = shown(await start(api, await api.wallet(), other));
    shown(await order(api, "changeSubscription", id, { plan, when: "AT_PERIOD_END" }));
    await publish(api, { name: plan, basedOn: 2, ...BIG });
    const { migration } = await migrate({ plan, when: "AT_PERIOD_END" });
    shown(await order(api, "withdrawSubscriptionChange", id));
    await sweep();
    expect(await progressOf(migration?.id ?? "")).toMatchObject({ progress: { total: 1, done: 0, refused: 1 } });
  });

  test("misses nobody who starts, or is to come, while a version is published and the migration ordered", async () => {
    const { plan } = await onFirst(0);
    const other = await aPlan(api);
    const comers = [await api.wallet(), await api.wallet()] as const;
    const { id } = shown(await start(api, comers[1], other));
    // The plan's row is held until everybody stands in line, in whatever order they come.
    const blocker = await api.core.pool.connect();
    await blocker.query("BEGIN");
    await blocker.query("SELECT FROM plans WHERE name = $1 FOR UPDATE", [plan]);
    const coming = [start(api, comers[0], plan), order(api, "changeSubscription", id, { plan, when: "AT_PERIOD_END" })];
    const published = publish(api, { name: plan, basedOn: 2, ...BIG });
    while ((await waiting()) < 3) await setImmediate();
    await blocker.query("COMMIT");
    blocker.release();
    await published;
    await migrate({ plan, when: "NOW_RESET" });
    await Promise.all(coming);
    await sweep();
    for (const wallet of comers) {
      const live = await liveOf(api, wallet);
      expect(live?.ahead?.version?.number ?? live?.version.number).toBe(3);
    }
  });

  test("does not bring back who has gone on to a later version since", async () => {
    const { plan, wallets, ids } = await onFirst(1);
    await migrate({ plan, when: "NOW_RESET" });
    await publish(api, { name: plan, basedOn: 2, ...BIG });
    shown(await order(api, "changeSubscription", ids[0] as string, { plan, when: "NOW_RESET" }));
    await sweep();
    expect(await liveOf(api, wallets[0] as { accountId: string })).toMatchObject({ version: { number: 3 } });
  });

  test.each(["AT_PERIOD_END", "NOW_PRORATED", "NOW_RESET"])(
    "leaves alone who is to leave at the period's end, and says so beforehand: %s",
    async (when) => {
      const { plan, wallets, ids } = await onFirst(2);
      const other = await aPlan(api);
      shown(await order(api, "cancelSubscription", ids[0] as string, { when: "AT_PERIOD_END" }));
      shown(await order(api, "changeSubscription", ids[1] as string, { plan: other, when: "AT_PERIOD_END" }));
      const { previewMigration } = await api.ask<{
        previewMigration: { subscriptions: { edges: { node: { change: { refusal: object } } }[] } };
      }>(
        `query ($input: PreviewMigrationInput!) { previewMigration(input: $input) { subscriptions { edges { node { change { refusal { code
          ... on LeavesThePlan { version { number } ahead { what version { plan { name } } } } } } } } } } }`,
        { input: { plan, when } },
      );
      expect(previewMigration.subscriptions.edges.map(({ node }) => node.change.refusal)).toEqual([
        { code: "LEAVES_THE_PLAN", version: { number: 1 }, ahead: { what: "CANCEL", version: null } },
        { code: "LEAVES_THE_PLAN", version: { number: 1 }, ahead: { what: "CHANGE", version: { plan: { name: other } } } },
      ]);
      const { migration } = await migrate({ plan, when });
      await sweep();
      expect(await progressOf(migration?.id ?? "")).toMatchObject({ progress: { total: 2, done: 0, refused: 2 } });
      const [cancelled, leaving] = await Promise.all(wallets.map((wallet) => liveOf(api, wallet)));
      expect(cancelled).toMatchObject({ version: { number: 1 }, ahead: { what: "CANCEL" } });
      expect(leaving).toMatchObject({
        version: { number: 1 },
        ahead: { what: "CHANGE", version: { plan: { name: other } } },
      });
    },
  );

  test("takes the place of an earlier one that has not come to its end", async () => {
    const { plan, wallets } = await onFirst(1);
    const wallet = wallets[0] as { accountId: string };
    await migrate({ plan, when: "AT_PERIOD_END" });
    await sweep();
    await publish(api, { name: plan, basedOn: 2, ...BIG });
    await migrate({ plan, when: "AT_PERIOD_END" });
    await sweep();
    expect(await liveOf(api, wallet)).toMatchObject({
      version: { number: 1 },
      ahead: { what: "CHANGE", version: { number: 3 } },
    });
  });

  test("goes on where a server ended: what it has come to is not done again", async () => {
    const { plan, wallets, ids } = await onFirst(2);
    const { migration } = await migrate({ plan, versions: [1], when: "NOW_RESET" });
    const number = Number(migration?.id.split("_")[1]);
    const ordered = await readMigration(api.core.pool, number);
    if (!ordered) throw new Error("the migration is not there");
    const first = wallets[0] as { accountId: string; id: string };
    await migrateOne(api.core, ordered, { accountId: first.accountId, number: 1 });
    // As if the server had ended before it could say so.
    await api.core.pool.query("UPDATE plan_migration_subscriptions SET outcome = NULL WHERE migration = $1", [number]);
    await sweep();
    expect(await grantsIn(api, first)).toHaveLength(4);
    expect(await progressOf(migration?.id ?? "")).toMatchObject({ progress: { total: 2, done: 2, refused: 0 } });
    const { node } = await api.ask<{ node: { history: { edges: object[] } } }>(
      "query ($id: ID!) { node(id: $id) { ... on PlanSubscription { history { edges { node { type actor } } } } } }",
      { id: ids[0] },
    );
    expect(node.history.edges).toMatchObject([{ node: { type: "CHANGE", actor: "admin" } }, { node: { type: "START" } }]);
  });

  test("at the period's end lets everybody keep what was paid for", async () => {
    const { plan, wallets } = await onFirst(1);
    const wallet = wallets[0] as { accountId: string; id: string };
    await migrate({ plan, when: "AT_PERIOD_END" });
    await sweep();
    expect(await liveOf(api, wallet)).toMatchObject({ version: { number: 1 }, ahead: { what: "CHANGE" } });
    api.core.clock.set(at("2026-05-01T00:00:00Z"));
    expect(await liveOf(api, wallet)).toMatchObject({ version: { number: 2 } });
  });

  test("is of a plan and of versions that there are, and the operator's", async () => {
    const { plan } = await onFirst(0);
    expect(await migrate({ plan: "nothing", when: "NOW_RESET" })).toEqual({
      migration: null,
      refusal: { code: "NOT_FOUND", field: "plan" },
    });
    expect(await migrate({ plan, versions: [1, 7], when: "NOW_RESET" })).toEqual({
      migration: null,
      refusal: { code: "NOT_FOUND", field: "versions" },
    });
    const message = "query ($input: PreviewMigrationInput!) { previewMigration(input: $input) { refusal { message } } }";
    const latest = "Version 2 is the latest, which the others go over to: leave it out.";
    expect(await api.ask(message, { input: { plan, versions: [1, 2], when: "NOW_RESET" } })).toEqual({
      previewMigration: { refusal: { message: latest } },
    });
    expect(await api.ask(message, { input: { plan, versions: [7, 2], when: "NOW_RESET" } })).toEqual({
      previewMigration: { refusal: { message: `The plan has no version 7: check it. ${latest}` } },
    });
    const { migration } = await migrate({ plan, when: "NOW_RESET" });
    const query = "query ($id: ID!) { node(id: $id) { id } }";
    expect(await api.ask(query, { id: migration?.id }, SERVICE)).toEqual({ node: null });
    expect(await api.errors(PREVIEW, { input: { plan, when: "NOW_RESET" } }, SERVICE)).toEqual(["FORBIDDEN"]);
    const { auditLog } = await api.ask<{ auditLog: { edges: readonly object[] } }>(
      `query ($filter: AuditFilter!) { auditLog(filter: $filter) { edges { node { action after } } } }`,
      { filter: { subject: migration?.id } },
    );
    expect(auditLog.edges).toEqual([
      { node: { action: "migrateSubscriptions", after: { plan, from: [1], to: 2, when: "NOW_RESET" } } },
    ]);
  });
});
