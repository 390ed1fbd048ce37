import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { migrateOne } from "../../src/plans/migrate-subscriptions";
import { readMigration } from "../../src/plans/store/plan-migrations.store";
import { type Api, createApi, SERVICE } from "../support/api";
import { at } from "../support/core";
import { aPlan, grantsIn, liveOf, order, publish, shown } from "./asking";
import { BIG, migrate, onFirst, PREVIEW, progressOf, sweep } from "./migrations";

/** That all who are on a version go over to another: ordered once, and done bit by bit. */

let api: Api;

beforeAll(async () => {
  api = await createApi();
});

beforeEach(() => {
  api.core.clock.set(at("2026-04-01T00:00:00Z"));
});

afterAll(() => api.stop());

describe("a migration", () => {
  test("is foreseen, for each whom it is about", async () => {
    const { plan, ids } = await onFirst(api, 3);
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
    const { plan, wallets, ids } = await onFirst(api, 5);
    await order(api, "pauseSubscription", ids[4] as string);
    const { migration } = await migrate(api, { plan, when: "NOW_RESET", reason: "more for all" });
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
    await sweep(api);
    expect(await progressOf(api, migration?.id ?? "")).toMatchObject({
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
    const { plan } = await onFirst(api, 1);
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
    const { plan, ids } = await onFirst(api, 4);
    const other = await aPlan(api);
    for (const id of [ids[1], ids[3]]) shown(await order(api, "pauseSubscription", id as string));
    shown(await order(api, "changeSubscription", ids[2] as string, { plan: other, when: "AT_PERIOD_END" }));
    const { migration } = await migrate(api, { plan, when: "NOW_RESET" });
    await sweep(api);
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
    const { migration: second } = await migrate(api, { plan, when: "NOW_RESET" });
    expect((await page({})).map(({ id }) => id)).toEqual([second?.id, migration?.id]);
  });

  test("goes on where a server ended: what it has come to is not done again", async () => {
    const { plan, wallets, ids } = await onFirst(api, 2);
    const { migration } = await migrate(api, { plan, versions: [1], when: "NOW_RESET" });
    const number = Number(migration?.id.split("_")[1]);
    const ordered = await readMigration(api.core.pool, number);
    if (!ordered) throw new Error("the migration is not there");
    const first = wallets[0] as { accountId: string; id: string };
    await migrateOne(api.core, ordered, { accountId: first.accountId, number: 1 });
    // As if the server had ended before it could say so.
    await api.core.pool.query("UPDATE plan_migration_subscriptions SET outcome = NULL WHERE migration = $1", [number]);
    await sweep(api);
    expect(await grantsIn(api, first)).toHaveLength(4);
    expect(await progressOf(api, migration?.id ?? "")).toMatchObject({ progress: { total: 2, done: 2, refused: 0 } });
    const { node } = await api.ask<{ node: { history: { edges: object[] } } }>(
      "query ($id: ID!) { node(id: $id) { ... on PlanSubscription { history { edges { node { type actor } } } } } }",
      { id: ids[0] },
    );
    expect(node.history.edges).toMatchObject([{ node: { type: "CHANGE", actor: "admin" } }, { node: { type: "START" } }]);
  });

  test("at the period's end lets everybody keep what was paid for", async () => {
    const { plan, wallets } = await onFirst(api, 1);
    const wallet = wallets[0] as { accountId: string; id: string };
    await migrate(api, { plan, when: "AT_PERIOD_END" });
    await sweep(api);
    expect(await liveOf(api, wallet)).toMatchObject({ version: { number: 1 }, ahead: { what: "CHANGE" } });
    api.core.clock.set(at("2026-05-01T00:00:00Z"));
    expect(await liveOf(api, wallet)).toMatchObject({ version: { number: 2 } });
  });

  test("is of a plan and of versions that there are, and the operator's", async () => {
    const { plan } = await onFirst(api, 0);
    expect(await migrate(api, { plan: "nothing", when: "NOW_RESET" })).toEqual({
      migration: null,
      refusal: { code: "NOT_FOUND", field: "plan" },
    });
    expect(await migrate(api, { plan, versions: [1, 7], when: "NOW_RESET" })).toEqual({
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
    const { migration } = await migrate(api, { plan, when: "NOW_RESET" });
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
