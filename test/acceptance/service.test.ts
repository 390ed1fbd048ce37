import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { buildClientSchema, type GraphQLSchema, getIntrospectionQuery, type IntrospectionQuery } from "graphql";
import { allFields } from "../support/all-fields";
import { contentsOf } from "../support/contents";
import { createTestDatabase, type TestDatabase } from "../support/database";
import * as inputs from "../support/input-places";
import { ToySocket } from "../support/toy-socket";
import { goodCalls } from "./good-calls";
import { ask, fundedWallet } from "./graphql-request";
import { type Demo, type ServerProcess, startServerProcess } from "./server-process";
import { Talk, type Told } from "./talk";

/** What a SERVICE key may do; and one that is bound to an app, which sees and touches nothing of another app's. */

let database: TestDatabase;
let server: ServerProcess;
let demo: Demo;
let schema: GraphQLSchema;

beforeAll(async () => {
  database = await createTestDatabase();
  server = await startServerProcess({ DATABASE_URL: database.url, DEMO: "true", QUERY_MAX_COST: "1000000" });
  demo = server.demo;
  schema = buildClientSchema(await ask<IntrospectionQuery>(demo.url, demo.adminKey, getIntrospectionQuery()));
});

afterAll(async () => {
  await server.stop();
  await database.drop();
});

function codesOf({ errors = [] }: Pick<Told, "errors">): string {
  return errors.map(({ extensions }) => extensions.code).join();
}

const USES = ["spend", "spendBatch", "holdCredits", "captureHold", "extendHold", "releaseHold", "refundSpend"];
const READINGS = [
  "account",
  "node",
  "nodes",
  "quote",
  "priceTable",
  "packs",
  "plan",
  "plans",
  "previewSubscription",
  "wallet",
  "walletOf",
  "walletBalance",
  "walletTransactions",
  "walletAlerts",
];

test("a SERVICE key may use credits, and read what it needs for that; all else is refused, and nothing of it done", async () => {
  // A plan may be read by all, but not who is migrated to it.
  const nameOf = ({ steps: [first, second] }: inputs.GoodCall) =>
    second?.field === "migrations" ? second.field : (first?.field ?? "");
  const calls = await goodCalls(demo);
  const before = await contentsOf(database.url);
  const talk = await Talk.with(demo, demo.serviceKey);
  const codesOfCall = async (call: inputs.GoodCall) =>
    codesOf(await talk.overSocket(inputs.documentOf(schema, call), JSON.stringify(inputs.variablesOf(call))));
  const [allowed, refused] = [true, false].map((may) =>
    calls.filter((call) => [...USES, ...READINGS].includes(nameOf(call)) === may),
  );
  for (const call of refused ?? []) expect([nameOf(call), await codesOfCall(call)]).toEqual([nameOf(call), "FORBIDDEN"]);
  expect(codesOf(await talk.overSocket("subscription { walletAlerts { id } }"))).toBe("FORBIDDEN");
  expect(await contentsOf(database.url)).toBe(before);
  for (const call of allowed ?? []) expect([nameOf(call), await codesOfCall(call)]).toEqual([nameOf(call), ""]);
  expect(new Set(refused?.map(nameOf)).size).toBe(41);
  talk.close();
});

describe("a key that is bound to an app", () => {
  let walletId: string;
  let painter: Talk;
  let key: string;
  /** The ids of what each app has: a spend, a hold, and the hold's transaction. */
  const has: Record<string, readonly string[]> = {};

  beforeAll(async () => {
    walletId = await fundedWallet(demo, "bound", "100");
    const made = await ask<{ createApiKey: { secret: string } }>(
      demo.url,
      demo.adminKey,
      'mutation { createApiKey(input: { role: SERVICE, name: "painter", app: "painter" }) { secret } }',
    );
    key = made.createApiKey.secret;
    // So that what the other app takes is told by an alert.
    const threshold = "mutation ($id: ID!) { setAlertThreshold(input: { walletId: $id, amount: 85 }) { refusal { code } } }";
    await ask(demo.url, demo.adminKey, threshold, { id: walletId });
    for (const app of ["writer", "painter"]) has[app] = await use(app);
    painter = await Talk.with(demo, key);
  });

  afterAll(() => painter.close());

  async function use(app: string): Promise<readonly string[]> {
    const input = (name: string) => ({
      walletId,
      amount: "10",
      app,
      operation: `${app}.use`,
      description: app,
      idempotencyKey: `${app}-${name}`,
    });
    const query = `mutation ($spend: SpendInput!, $hold: HoldCreditsInput!) {
      spend(input: $spend) { transaction { id } } holdCredits(input: $hold) { hold { id transaction { id } } } }`;
    const { spend, holdCredits } = await ask<{
      spend: { transaction: { id: string } };
      holdCredits: { hold: { id: string; transaction: { id: string } } };
    }>(demo.url, demo.serviceKey, query, { spend: input("spend"), hold: input("hold") });
    return [spend.transaction.id, holdCredits.hold.id, holdCredits.hold.transaction.id];
  }

  const mutate = (name: string, input: object): Promise<Told> => {
    const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}Input!`;
    return painter.overHttp(
      `mutation ($input: ${type}) { ${name}(input: $input) { refusal { code } transaction { app } } }`,
      JSON.stringify({ input }),
    );
  };

  test("does nothing to another app's spends and holds, and uses nothing in its name", async () => {
    const before = await contentsOf(database.url);
    const [spend = "", hold = ""] = has["writer"] ?? [];
    const absent = { refusal: { code: "NOT_FOUND" }, transaction: null };
    const unused = (name: string) => ({ idempotencyKey: `not done: ${name}` });
    expect(await mutate("refundSpend", { transactionId: spend, ...unused("refund") })).toEqual({ data: { refundSpend: absent } });
    expect(await mutate("captureHold", { holdId: hold, ...unused("capture") })).toEqual({ data: { captureHold: absent } });
    expect(await mutate("releaseHold", { holdId: hold, ...unused("release") })).toEqual({ data: { releaseHold: absent } });
    expect(await mutate("extendHold", { holdId: hold, expiresIn: "P1D", ...unused("extend") })).toEqual({
      data: { extendHold: absent },
    });
    const spending = { walletId, amount: "1", app: "writer" };
    expect(codesOf(await mutate("spend", { ...spending, ...unused("spend") }))).toBe("FORBIDDEN");
    expect(codesOf(await mutate("holdCredits", { ...spending, ...unused("hold") }))).toBe("FORBIDDEN");
    const taken = { refusal: { code: "IDEMPOTENCY_MISMATCH" }, transaction: null };
    expect(await mutate("spend", { walletId, amount: "10", idempotencyKey: "writer-spend" })).toEqual({ data: { spend: taken } });
    expect(await contentsOf(database.url)).toBe(before);
  });

  test("does to its own what it likes, and uses credits for its app without saying so", async () => {
    const [spend = "", hold = ""] = has["painter"] ?? [];
    const done = { refusal: null, transaction: { app: "painter" } };
    expect(await mutate("spend", { walletId, amount: "1", idempotencyKey: "more" })).toEqual({ data: { spend: done } });
    expect(await mutate("captureHold", { holdId: hold, amount: "1", idempotencyKey: "capture" })).toEqual({
      data: { captureHold: done },
    });
    expect(await mutate("refundSpend", { transactionId: spend, amount: "1", idempotencyKey: "refund" })).toMatchObject({
      data: { refundSpend: { refusal: null } },
    });
  });

  test("sees nothing of another app's by any id, whatever field it follows", async () => {
    const [grant, alert] = ["gr", "alr"].map((prefix) => walletId.replace("wal", prefix).concat("_1"));
    const all = { wal: "Wallet", gr: "Grant", txn: "Transaction", hold: "Hold", alr: "Alert" };
    const told: Told[] = [];
    for (const id of [walletId, grant, alert, ...Object.values(has).flat()] as string[]) {
      const type = schema.getType(all[id.split("_")[0] as keyof typeof all]);
      if (type)
        told.push(
          await painter.overSocket(`{ node(id: "${id}") { ... on ${type.name} { ${allFields(schema, type, 2, "SERVICE")} } } }`),
        );
    }
    const text = JSON.stringify(told);
    for (const id of [...(has["painter"] ?? []), grant, alert]) expect(text).toContain(`"${id}"`);
    for (const mark of [...(has["writer"] ?? []).map((id) => `"${id}"`), "writer"]) expect(text).not.toContain(mark);
  });

  test("follows its own app's transactions only", async () => {
    const socket = await ToySocket.as(demo, key);
    socket.subscribe("log", `subscription { walletTransactions(walletId: "${walletId}", after: "0") { id app } }`);
    const [spend, , held] = has["painter"] ?? [];
    for (const id of [spend, held])
      expect((await socket.expect("next")).payload).toEqual({ data: { walletTransactions: { id, app: "painter" } } });
    await socket.close();
  });
});
