import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { formatInstant } from "../../src/core/time";
import { aKey, aPlan, order, publish as publishPlan, shown, start } from "../plans/asking";
import { publish as publishPrices } from "../pricing/asking";
import { type Api, createApi, externalIdOf } from "../support/api";
import { advance, start as startClock } from "../test-clock/clocks";

/** What operators did to catalogues and subscriptions, as the log tells it: whole, under the thing that it was done to, at its real time. */

let api: Api;

beforeAll(async () => {
  api = await createApi();
});

afterAll(() => api.stop());

interface Entry {
  readonly at: string;
  readonly action: string;
  readonly before: Readonly<Record<string, unknown>> | null;
  readonly after: Readonly<Record<string, unknown>> | null;
}

async function entriesOn(subject: string | undefined): Promise<readonly Entry[]> {
  const query = `query ($filter: AuditFilter!) { auditLog(filter: $filter) { edges { node { at action before after } } } }`;
  const { auditLog } = await api.ask<{ auditLog: { edges: readonly { node: Entry }[] } }>(query, { filter: { subject } });
  return auditLog.edges.map(({ node }) => node);
}

test("all versions of a plan are found by the plan, each with all that it promises", async () => {
  await api.mutate(
    "publishPack",
    { name: "more", title: "More", creditType: "credits", amount: "5", price: { amount: "1", currency: "USD" } },
    "refusal { code }",
  );
  const name = await aPlan(api);
  const allotment = { creditType: "credits", amount: "700", rollover: { percent: 50 }, scope: { operations: ["image.*"] } };
  const rest = { trial: "P14D", packs: ["more"], overdrafts: [{ creditType: "credits", limit: "25" }] };
  const { plan, version } = await publishPlan(api, { name, basedOn: 1, allotments: [allotment], ...rest });
  const creditType = `ct_${api.creditTypeId}`;
  const [second, first] = await entriesOn(plan?.id);
  expect(first).toMatchObject({
    action: "publishPlan",
    before: null,
    after: { number: 1, trial: null, overdrafts: [], packs: [] },
  });
  expect(second?.before).toEqual(first?.after);
  expect(second?.after).toMatchObject({
    ...{ id: version?.id, number: 2, trial: "P14D", packs: ["more"], overdrafts: [{ creditType, limit: "25" }] },
    allotments: [
      {
        ...{ creditType, amount: "700", interval: "P1M", priority: 100, repaysDebt: true },
        rollover: { percent: 50, maximum: null, period: "P1M", periods: 1 },
        scope: { operations: ["image.*"], apps: [] },
      },
    ],
  });
});

test("what is done to prices is found by the credit type, with all prices; before is the version whose place is taken", async () => {
  const meters = [{ dimension: "input", per: 1000, unit: "token", tiers: [{ upTo: "5", rate: "0.5" }, { rate: "0.25" }] }];
  const { version: applying } = await publishPrices(api, [{ operation: "chat", flat: "5", minimum: "6" }]);
  const later = { effectiveFrom: formatInstant(api.core.clock.now() + 86_400_000_000n) };
  const { version: planned } = await publishPrices(api, [{ operation: "never", flat: "1" }], 1, later);
  await api.mutate("withdrawPrices", { versionId: planned?.id }, "refusal { code }");
  const { version } = await publishPrices(api, [{ operation: "chat", meters }], 2);
  const [third, withdrawn, , first] = await entriesOn(`ct_${api.creditTypeId}`);
  expect(first).toMatchObject({ action: "publishPrices", before: null, after: { id: applying?.id, accountId: null, app: null } });
  expect(withdrawn).toMatchObject({ action: "withdrawPrices", after: { id: planned?.id, withdrawnAt: expect.any(String) } });
  expect(third?.before).toEqual(first?.after);
  expect(third?.before).toMatchObject({ number: 1, prices: [{ operation: "chat", flat: "5", minimum: "6", meters: [] }] });
  expect(third?.after).toMatchObject({
    ...{ id: version?.id, number: 3 },
    prices: [
      {
        operation: "chat",
        flat: "0",
        meters: [{ dimension: "input", per: 1000, tiers: [{ upTo: "5", rate: "0.5" }, { rate: "0.25" }] }],
      },
    ],
  });
});

test("what is done about subscriptions says how it was to be done, and when it really was", async () => {
  const wallet = await api.wallet();
  const externalId = externalIdOf(wallet);
  await startClock(api, { externalId });
  const to = formatInstant(api.core.clock.now() + 400n * 86_400_000_000n);
  await advance(api, { externalId, to });
  const { id } = shown(await start(api, wallet, await aPlan(api), { trial: false }));
  await order(api, "pauseSubscription", id, { alive: "VOID" });
  await order(api, "resumeSubscription", id, { reset: true });
  await order(api, "changeSubscription", id, { plan: await aPlan(api), when: "AT_PERIOD_END" });
  const entries = await entriesOn(id);
  expect(entries.map(({ action, after }) => [action, after?.["asked"], after?.["simulatedAt"]])).toEqual([
    ["changeSubscription", { plan: expect.any(String), when: "AT_PERIOD_END" }, to],
    ["resumeSubscription", { reset: true }, to],
    ["pauseSubscription", { alive: "VOID" }, to],
    ["startSubscription", { plan: expect.any(String), trial: false }, to],
  ]);
  const now = formatInstant(api.core.clock.now());
  expect(entries.filter(({ at }) => at > now)).toEqual([]);
  const real = shown(await start(api, await api.wallet(), await aPlan(api), { idempotencyKey: aKey() }));
  expect((await entriesOn(real.id))[0]?.after).not.toHaveProperty("simulatedAt");
});
