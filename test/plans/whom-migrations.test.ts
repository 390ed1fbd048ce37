import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { type Api, createApi } from "../support/api";
import { at } from "../support/core";
import { untilWaiting } from "../support/waiting";
import { aPlan, grantsIn, liveOf, order, publish, shown, start } from "./asking";
import { BIG, migrate, onFirst, PREVIEW, progressOf, sweep } from "./migrations";

/** Whom a migration is about, and whom it leaves alone. */

let api: Api;

beforeAll(async () => {
  api = await createApi();
});

beforeEach(() => {
  api.core.clock.set(at("2026-04-01T00:00:00Z"));
});

afterAll(() => api.stop());

describe("a migration", () => {
  test("leaves alone who has gone over to another plan since, even one whose own is off the market by then", async () => {
    const { plan, wallets, ids } = await onFirst(api, 1);
    const other = await aPlan(api);
    const { migration } = await migrate(api, { plan, when: "NOW_RESET" });
    shown(await order(api, "changeSubscription", ids[0] as string, { plan: other, when: "NOW_RESET" }));
    await api.mutate("retirePlan", { plan }, "refusal { code }");
    await sweep(api);
    expect(await liveOf(api, wallets[0] as { accountId: string })).toMatchObject({ plan: { name: other } });
    expect(await progressOf(api, migration?.id ?? "")).toMatchObject({
      endedAt: "2026-04-01T00:00:00.000Z",
      progress: { total: 1, done: 0, refused: 1 },
    });
  });

  test.each(["AT_PERIOD_END", "NOW_RESET"])(
    "is about those, too, who are to come to a version that is left: %s",
    async (when) => {
      const { plan, wallets, ids } = await onFirst(api, 1);
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
      const { migration } = await migrate(api, input);
      await sweep(api);
      expect(await progressOf(api, migration?.id ?? "")).toMatchObject({ progress: { total: 1, done: 1, refused: 0 } });
      expect(await liveOf(api, coming)).toMatchObject({
        plan: { name: other },
        ahead: { what: "CHANGE", version: { plan: { name: plan }, number: 3 } },
      });
      expect((await liveOf(api, wallets[0] as { accountId: string }))?.id).toBe(ids[0]);
      api.core.clock.set(at("2026-05-01T00:00:00Z"));
      expect(await liveOf(api, coming)).toMatchObject({ plan: { name: plan }, version: { number: 3 } });
      await sweep(api);
      expect((await grantsIn(api, coming)).filter((grant) => !grant.includes("VOIDED"))).toEqual([
        "PLAN 500 EXPIRED from 2026-04-01 to 2026-05-01",
        "PLAN 2000 ACTIVE from 2026-05-01 to 2026-06-01",
        "PLAN 2000 PENDING from 2026-06-01 to 2026-07-01",
      ]);
    },
  );

  test("leaves alone who is to go over to a later version, by an order for it alone", async () => {
    const { plan, wallets, ids } = await onFirst(api, 1);
    const { migration } = await migrate(api, { plan, versions: [1], when: "NOW_RESET" });
    await publish(api, { name: plan, basedOn: 2, ...BIG });
    shown(await order(api, "changeSubscription", ids[0] as string, { plan, when: "AT_PERIOD_END" }));
    await sweep(api);
    expect(await liveOf(api, wallets[0] as { accountId: string })).toMatchObject({
      version: { number: 1 },
      ahead: { what: "CHANGE", version: { number: 3 } },
    });
    expect(await progressOf(api, migration?.id ?? "")).toMatchObject({ progress: { total: 1, done: 0, refused: 1 } });
  });

  test("is refused while an earlier one has yet to bring others to what it leaves; not when it is about those as well", async () => {
    const { plan, wallets } = await onFirst(api, 1);
    const { migration } = await migrate(api, { plan, versions: [1], when: "NOW_RESET" });
    await publish(api, { name: plan, basedOn: 2, ...BIG });
    const next = { plan, versions: [2], when: "NOW_RESET" };
    const refused = { code: "MIGRATION_UNDER_WAY", migration: { id: migration?.id } };
    const refusal = "refusal { code ... on MigrationUnderWay { migration { id } message } }";
    const message = `The migration ${migration?.id} has yet to bring subscriptions from version 1 to one that is to be left: order this one when that has ended, or name version 1, too.`;
    expect(await api.mutate("migrateSubscriptions", next, `migration { id } ${refusal}`)).toEqual({
      migration: null,
      refusal: { ...refused, message },
    });
    const preview = `query ($input: PreviewMigrationInput!) { previewMigration(input: $input) { to { number } ${refusal} } }`;
    expect(await api.ask(preview, { input: next })).toEqual({ previewMigration: { to: null, refusal: { ...refused, message } } });
    expect(await api.ask(preview, { input: { ...next, versions: [1, 2] } })).toEqual({
      previewMigration: { to: { number: 3 }, refusal: null },
    });
    await sweep(api);
    const after = await migrate(api, next);
    expect(after).toMatchObject({ refusal: null, migration: { progress: { total: 1 } } });
    await sweep(api);
    expect(await liveOf(api, wallets[0] as { accountId: string })).toMatchObject({ version: { number: 3 } });
  });

  test("leaves alone who was to come to a version that is left, and has thought better of it", async () => {
    const { plan } = await onFirst(api, 0);
    const other = await aPlan(api);
    const { id } = shown(await start(api, await api.wallet(), other));
    shown(await order(api, "changeSubscription", id, { plan, when: "AT_PERIOD_END" }));
    await publish(api, { name: plan, basedOn: 2, ...BIG });
    const { migration } = await migrate(api, { plan, when: "AT_PERIOD_END" });
    shown(await order(api, "withdrawSubscriptionChange", id));
    await sweep(api);
    expect(await progressOf(api, migration?.id ?? "")).toMatchObject({ progress: { total: 1, done: 0, refused: 1 } });
  });

  test("misses nobody who starts, or is to come, while a version is published and the migration ordered", async () => {
    const { plan } = await onFirst(api, 0);
    const other = await aPlan(api);
    const comers = [await api.wallet(), await api.wallet()] as const;
    const { id } = shown(await start(api, comers[1], other));
    // The plan's row is held until everybody stands in line, in whatever order they come.
    const blocker = await api.core.pool.connect();
    await blocker.query("BEGIN");
    await blocker.query("SELECT FROM plans WHERE name = $1 FOR UPDATE", [plan]);
    const coming = [start(api, comers[0], plan), order(api, "changeSubscription", id, { plan, when: "AT_PERIOD_END" })];
    const published = publish(api, { name: plan, basedOn: 2, ...BIG });
    await untilWaiting(api.core.pool, 3);
    await blocker.query("COMMIT");
    blocker.release();
    await published;
    await migrate(api, { plan, when: "NOW_RESET" });
    await Promise.all(coming);
    await sweep(api);
    for (const wallet of comers) {
      const live = await liveOf(api, wallet);
      expect(live?.ahead?.version?.number ?? live?.version.number).toBe(3);
    }
  });

  test("does not bring back who has gone on to a later version since", async () => {
    const { plan, wallets, ids } = await onFirst(api, 1);
    await migrate(api, { plan, when: "NOW_RESET" });
    await publish(api, { name: plan, basedOn: 2, ...BIG });
    shown(await order(api, "changeSubscription", ids[0] as string, { plan, when: "NOW_RESET" }));
    await sweep(api);
    expect(await liveOf(api, wallets[0] as { accountId: string })).toMatchObject({ version: { number: 3 } });
  });

  test.each(["AT_PERIOD_END", "NOW_PRORATED", "NOW_RESET"])(
    "leaves alone who is to leave at the period's end, and says so beforehand: %s",
    async (when) => {
      const { plan, wallets, ids } = await onFirst(api, 2);
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
      const { migration } = await migrate(api, { plan, when });
      await sweep(api);
      expect(await progressOf(api, migration?.id ?? "")).toMatchObject({ progress: { total: 2, done: 0, refused: 2 } });
      const [cancelled, leaving] = await Promise.all(wallets.map((wallet) => liveOf(api, wallet)));
      expect(cancelled).toMatchObject({ version: { number: 1 }, ahead: { what: "CANCEL" } });
      expect(leaving).toMatchObject({
        version: { number: 1 },
        ahead: { what: "CHANGE", version: { plan: { name: other } } },
      });
    },
  );

  test("takes the place of an earlier one that has not come to its end", async () => {
    const { plan, wallets } = await onFirst(api, 1);
    const wallet = wallets[0] as { accountId: string };
    await migrate(api, { plan, when: "AT_PERIOD_END" });
    await sweep(api);
    await publish(api, { name: plan, basedOn: 2, ...BIG });
    await migrate(api, { plan, when: "AT_PERIOD_END" });
    await sweep(api);
    expect(await liveOf(api, wallet)).toMatchObject({
      version: { number: 1 },
      ahead: { what: "CHANGE", version: { number: 3 } },
    });
  });
});
