import { afterAll, beforeAll, beforeEach, expect, test } from "@jest/globals";
import { bringUp } from "../../src/plans/change-subscription";
import { type Api, createApi } from "../support/api";
import { at } from "../support/core";
import { aKey, aPlan, liveOf, order, shown, start } from "./asking";

/** What was done about a subscription, as it is told afterwards. */

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

async function passTo(text: string): Promise<void> {
  api.core.clock.set(at(text));
  await bringUp(api.core, { accountId: wallet.accountId, number: 1 });
}

const HISTORY = `query ($id: ID!) { node(id: $id) { ... on PlanSubscription {
  history { edges { node { type acts { what amount kept } } } } } } }`;

interface Event {
  readonly type: string;
  readonly acts: readonly object[];
}

/** The latest first. */
async function historyOf(id: string): Promise<readonly Event[]> {
  type Found = { readonly node: { readonly history: { readonly edges: readonly { readonly node: Event }[] } } };
  const { node } = await api.ask<Found>(HISTORY, { id });
  return node.history.edges.map((edge) => edge.node);
}

test("what time does is told apart: a trial's end, a renewal, a change and an end", async () => {
  const { id } = shown(await start(api, wallet, await aPlan(api, { trial: "P14D" })));
  await passTo("2026-04-15T00:00:00Z");
  await passTo("2026-05-15T00:00:00Z");
  await order(api, "changeSubscription", id, { plan: await aPlan(api), when: "AT_PERIOD_END" });
  await passTo("2026-06-15T00:00:00Z");
  await order(api, "cancelSubscription", id, { when: "AT_PERIOD_END" });
  await passTo("2026-07-15T00:00:00Z");
  expect((await historyOf(id)).map(({ type }) => type)).toEqual([
    "END",
    "CANCEL",
    "GO_OVER",
    "CHANGE",
    "RENEW",
    "TRIAL_END",
    "START",
  ]);
});

test("acts tell what was really given and withdrawn", async () => {
  const { id } = shown(await start(api, wallet, await aPlan(api)));
  await api.mutate("spend", { walletId: wallet.id, amount: "400", idempotencyKey: aKey() }, "refusal { code }");
  api.core.clock.set(at("2026-04-16T00:00:00Z"));
  await order(api, "pauseSubscription", id, { alive: "PRORATE" });
  await order(api, "resumeSubscription", id);
  const [resumed, paused] = await historyOf(id);
  expect(paused).toEqual({
    type: "PAUSE",
    acts: [
      { what: "VOID", amount: "500", kept: null },
      { what: "KEEP", amount: "100", kept: "250" },
    ],
  });
  expect(resumed?.acts).toMatchObject([
    { what: "GRANT", amount: "100" },
    { what: "GRANT", amount: "500" },
  ]);
  const live = await liveOf(api, wallet);
  expect(live?.allotments).toMatchObject([{ amount: "100", grant: { amount: "100" } }, { amount: "500" }]);
});
