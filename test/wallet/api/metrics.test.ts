import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { createApiKey, createAuthenticator } from "../../../src/accounts";
import { STEPS } from "../../../src/platform/context";
import type { RequestContext } from "../../../src/platform/graphql/request";
import { type RunningServer, startServer } from "../../../src/platform/server";
import { buildTrancheSchema } from "../../../src/schema";
import { type Api, createApi } from "../../support/api";
import { OPERATOR } from "../../support/operator";
import { SERVER_CONFIG } from "../../support/server-config";

/** What /metrics tells of spends. */

let api: Api;
let server: RunningServer;
let key: string;

beforeAll(async () => {
  api = await createApi();
  const { core } = api;
  server = await startServer<RequestContext>({
    schema: buildTrancheSchema(),
    authenticator: await createAuthenticator(core, null),
    contextOf: (identity, watch) => ({ core, identity, watch }),
    config: SERVER_CONFIG,
    log: core.log,
    metrics: core.metrics,
    clock: core.clock,
  });
  const made = await createApiKey(core, { role: "SERVICE", app: null, name: "key", expiresAt: null }, OPERATOR);
  if (made.status !== "done") throw new Error("no key was made");
  key = made.secret;
});

afterAll(async () => {
  await server.stop();
  await api.stop();
});

async function ask(query: string, variables: object = {}): Promise<unknown> {
  const response = await fetch(server.url, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${key}` },
    body: JSON.stringify({ query, variables }),
  });
  return response.json();
}

/** The values of a metric by its labels, as they are written. */
async function read(name: string): Promise<ReadonlyMap<string, number>> {
  const text = await (await fetch(new URL("/metrics", server.url))).text();
  const lines = text.matchAll(new RegExp(`^${name}({.*})? (\\S+)$`, "gm"));
  return new Map([...lines].map(([, labels = "", value]) => [labels, Number(value)]));
}

async function counts(): Promise<Record<string, number>> {
  const found = await read("tranche_step_seconds_count");
  return Object.fromEntries(STEPS.map((step) => [step, found.get(`{step="${step}"}`) ?? Number.NaN]));
}

function since(before: Record<string, number>, after: Record<string, number>): Record<string, number> {
  return Object.fromEntries(Object.entries(after).map(([step, count]) => [step, count - (before[step] ?? 0)]));
}

const SPEND = "mutation ($input: SpendInput!) { spend(input: $input) { refusal { code } } }";
const SPEND_BATCH = "mutation ($input: [SpendInput!]!) { spendBatch(input: $input) { refusal { code } } }";

test("each step of a spend is counted once", async () => {
  const { id: walletId } = await api.wallet("10");
  const before = await counts();
  await ask(SPEND, { input: { walletId, amount: "1", idempotencyKey: "one" } });
  const once = Object.fromEntries(STEPS.map((step) => [step, 1]));
  expect(since(before, await counts())).toEqual(once);
});

test("spends of one request wait each for itself, and share the steps of their batch", async () => {
  const { id: walletId } = await api.wallet("10");
  const before = await counts();
  const sizes = (await read("tranche_batch_size_count")).get('{kind="wallet"}') ?? 0;
  const input = Array.from({ length: 5 }, (_, index) => ({ walletId, amount: "1", idempotencyKey: `of five ${index}` }));
  await ask(SPEND_BATCH, { input });
  const once = Object.fromEntries(STEPS.map((step) => [step, 1]));
  expect(since(before, await counts())).toEqual({ ...once, wait: 5 });
  expect((await read("tranche_batch_size_count")).get('{kind="wallet"}')).toBe(sizes + 1);
});

test("a query has no batch", async () => {
  const before = await counts();
  await ask("{ viewer { role } }");
  const none = Object.fromEntries(STEPS.map((step) => [step, 0]));
  expect(since(before, await counts())).toEqual({ ...none, http: 1, parse: 1, resolve: 1, answer: 1 });
});

test("what is refused, and what clients are told, is counted by its code", async () => {
  const { id: walletId } = await api.wallet("10");
  await ask(SPEND, { input: { walletId, amount: "11", idempotencyKey: "too much" } });
  await ask("{ nothing }");
  expect((await read("tranche_refusals_total")).get('{code="INSUFFICIENT_CREDITS"}')).toBe(1);
  expect((await read("tranche_errors_total")).get('{code="BAD_USER_INPUT"}')).toBe(1);
});

test("spends are carried out by a plan, and keep it whatever they are answered", async () => {
  const plans = async () => {
    const [planned = 0] = (await read("tranche_operations_planned_total")).values();
    const [outgrown = 0] = (await read("tranche_plans_outgrown_total")).values();
    return { planned, outgrown };
  };
  // As few tokens as a spend can have that asks for what back ends ask for; the types of refusals are many more.
  const spend = `mutation ($input: SpendInput!) { spend(input: $input) {
    replayed transaction { id } wallet { balance { available } } refusal { __typename code message } } }`;
  const { id: walletId } = await api.wallet("10");
  const before = await plans();
  const inputs = [
    { walletId, amount: "1", idempotencyKey: "planned" },
    { walletId, amount: "2", idempotencyKey: "planned" },
    { walletId, amount: "99", idempotencyKey: "more than there is" },
    { walletId: "wal_0", amount: "1", idempotencyKey: "nobody's" },
    { walletId, operation: "unheard.of", idempotencyKey: "without a price" },
  ];
  for (let time = 0; time < 3; time += 1) for (const input of inputs) expect(await ask(spend, { input })).toHaveProperty("data");
  expect(await plans()).toEqual({ ...before, planned: before.planned + 1 });
});

test("the depth of each lane is told, and nothing waits when nothing is under way", async () => {
  const depths = await read("tranche_lane_depth");
  expect([...depths.keys()]).toContain('{kind="wallet",lane="0"}');
  expect(new Set(depths.values())).toEqual(new Set([0]));
});
