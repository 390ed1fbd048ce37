import { afterAll, beforeAll, expect, test } from "@jest/globals";
import {
  buildClientSchema,
  type GraphQLNamedType,
  type GraphQLSchema,
  getIntrospectionQuery,
  type IntrospectionQuery,
} from "graphql";
import { allFields } from "../support/all-fields";
import { contentsOf } from "../support/contents";
import { createTestDatabase, type TestDatabase } from "../support/database";
import * as inputs from "../support/input-places";
import { ToySocket } from "../support/toy-socket";
import { goodCalls } from "./good-calls";
import { ask, inParallel, SPEND } from "./graphql-request";
import { namesSomething } from "./hostile-values";
import { type Demo, type ServerProcess, startServerProcess } from "./server-process";
import { Talk, type Told } from "./talk";
import { allThings, samplesOf, type Thing } from "./things";

/** A customer sees its own account and no other, by every field, every id and every cursor that there is. */

let database: TestDatabase;
let server: ServerProcess;
let demo: Demo;
let schema: GraphQLSchema;
let places: readonly inputs.Place[];
let own: readonly Thing[];
let foreign: readonly Thing[];
/** What tells of another account, wherever it stands in an answer. */
let marks: readonly string[];
let customers: readonly Talk[];

beforeAll(async () => {
  database = await createTestDatabase();
  server = await startServerProcess({ DATABASE_URL: database.url, DEMO: "true", QUERY_MAX_COST: "1000000" });
  demo = server.demo;
  schema = buildClientSchema(await ask<IntrospectionQuery>(demo.url, demo.adminKey, getIntrospectionQuery()));
  places = (await goodCalls(demo)).flatMap((call) => inputs.placesIn(schema, call));
  const things = await allThings(demo);
  own = things.filter(({ externalId }) => externalId === "acme");
  foreign = things.filter(({ externalId }) => externalId !== "acme");
  marks = [...new Set(foreign.flatMap(({ externalId, id }) => [externalId, uuidIn(id)]))];
  customers = await Promise.all(Array.from({ length: 4 }, () => Talk.with(demo, demo.customerToken)));
});

afterAll(async () => {
  for (const talk of customers) talk.close();
  await server.stop();
  await database.drop();
});

function uuidIn(id: string): string {
  return id.split("_")[1] ?? "";
}

function leaksIn(told: unknown): readonly string[] {
  const text = JSON.stringify(told);
  return marks.filter((mark) => text.includes(mark));
}

/** Whether nothing was found, or it was refused as what is not there, or as what is not for customers. */
function isNothing(call: inputs.GoodCall, { data, errors }: Told): boolean {
  if (errors) return errors.every(({ extensions }) => /^(FORBIDDEN|BAD_USER_INPUT)$/.test(extensions.code));
  return [inputs.answerTo(call, data)].flat().every((value) => {
    const { refusal, wallet } = (value ?? {}) as { readonly refusal?: { readonly code: string }; readonly wallet?: unknown };
    return value === null || refusal?.code === "NOT_FOUND" || wallet === null;
  });
}

/** Puts values into places, as the customer; answers those that did not come to what is expected, or told of others. */
async function wrongWith(
  tried: readonly inputs.Place[],
  values: readonly string[],
  expected: (place: inputs.Place, told: Told) => boolean,
): Promise<readonly string[]> {
  const all = tried.flatMap((place) => values.map((value) => ({ place, value })));
  const found = await inParallel(all.length, customers.length, async (index, customer) => {
    const { place, value } = all[index] as (typeof all)[number];
    const variables = inputs.variablesWith(place, JSON.stringify(value));
    const told = await (customers[customer] as Talk).overSocket(inputs.documentOf(schema, place.call), variables);
    return expected(place, told) && leaksIn(told).length === 0
      ? []
      : [`${place.name} = ${value} answers ${JSON.stringify(told)}`];
  });
  expect(all).not.toEqual([]);
  return found.flat();
}

test("others' ids are answered as those of nothing wherever they are given, and change nothing", async () => {
  const before = await contentsOf(database.url);
  const ids = samplesOf(foreign).map(({ id }) => id);
  expect(new Set(ids.map((id) => id.split("_")[0]))).toEqual(new Set(["acc", "wal", "gr", "txn", "ent", "hold", "thr", "alr"]));
  expect(await wrongWith(places.filter(namesSomething), ids, ({ call }, told) => isNothing(call, told))).toEqual([]);
  expect(await contentsOf(database.url)).toBe(before);
});

test("others' names find nothing", async () => {
  const names = [...new Set(foreign.map(({ externalId }) => externalId))];
  const named = places.filter(({ name }) => /(externalId|search)$/.test(name));
  expect(await wrongWith(named, names, ({ call }, told) => isNothing(call, told))).toEqual([]);
});

test("others' cursors lead to nothing of theirs", async () => {
  const cursors = [...new Set(samplesOf(foreign).flatMap((thing) => thing.cursors))];
  expect(
    await wrongWith(
      places.filter(({ name }) => / (after|before)$/.test(name)),
      cursors,
      () => true,
    ),
  ).toEqual([]);
});

test("all of the own is seen, and no field of it leads to another account", async () => {
  const ids = own.map(({ id }) => id);
  const wrong = await inParallel(ids.length, customers.length, async (index, customer) => {
    const type = typeOf(ids[index] as string);
    const query = `{ node(id: "${ids[index]}") { ... on ${type.name} { ${allFields(schema, type, 2, "CUSTOMER")} } } }`;
    const told = await (customers[customer] as Talk).overSocket(query);
    return told.data?.["node"] && !told.errors && leaksIn(told).length === 0
      ? []
      : [`${ids[index]}: ${leaksIn(told).join()} ${JSON.stringify(told).slice(0, 500)}`];
  });
  expect(wrong.flat()).toEqual([]);
  expect(new Set(ids.map((id) => id.split("_")[0]))).toEqual(new Set(["acc", "wal", "gr", "txn", "ent", "hold", "thr", "alr"]));
});

test("there is something that it could have led to: a gift, by whose giver the operator finds it", async () => {
  const transactions = own.map(({ id }) => id).filter((id) => id.startsWith("txn_"));
  const query =
    "query ($ids: [ID!]!) { nodes(ids: $ids) { ... on Transaction { counterpart { wallet { account { externalId } } } entries { grant { origin { wallet { account { externalId } } } } } } } }";
  const asked = async (key: string) => JSON.stringify(await ask(demo.url, key, query, { ids: transactions }));
  expect(await asked(demo.adminKey)).toContain('"globex"');
  expect(await asked(demo.customerToken)).not.toContain('counterpart":{');
});

test("of all alerts it is told its own", async () => {
  const socket = await ToySocket.as(demo, demo.customerToken);
  socket.subscribe("alerts", 'subscription { walletAlerts(after: "0") { type wallet { account { externalId } } } }');
  const told: unknown[] = [];
  const next = async () => told.push((await socket.expect("next")).payload);
  for (const _ of own.filter(({ id }) => id.startsWith("alr_"))) await next();
  const spend = (walletId: string, amount: string) =>
    ask(demo.url, demo.serviceKey, SPEND, { input: { walletId, amount, idempotencyKey: `alerted ${walletId}` } });
  const [other] = foreign.filter(({ id, externalId }) => externalId === "spoiled-too" && id.startsWith("wal_"));
  // Another's first: if it were told, it would be told before the own.
  await spend(other?.id ?? "", "10");
  await spend(demo.walletId, "1500");
  await next();
  expect(told.at(-1)).toEqual({ data: { walletAlerts: { type: "LOW", wallet: { account: { externalId: "acme" } } } } });
  expect(leaksIn(told)).toEqual([]);
  await socket.close();
});

const TYPES: Readonly<Record<string, string>> = {
  acc: "Account",
  wal: "Wallet",
  gr: "Grant",
  txn: "Transaction",
  ent: "Entry",
  hold: "Hold",
  thr: "AlertThreshold",
  alr: "Alert",
};

function typeOf(id: string): GraphQLNamedType {
  return schema.getType(TYPES[id.split("_")[0] ?? ""] ?? "") as GraphQLNamedType;
}
