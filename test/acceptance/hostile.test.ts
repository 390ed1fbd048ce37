import { afterAll, afterEach, beforeAll, describe, expect, test } from "@jest/globals";
import { auditDatabase } from "../support/audit";
import { createTestDatabase, type TestDatabase } from "../support/database";
import { ToySocket } from "../support/toy-socket";
import { ask, fundedWallet, SPEND } from "./graphql-request";
import { type ServerProcess, startServerProcess } from "./server-process";
import { Talk, type Told } from "./talk";

/** Hostile documents and requests, and the limits to the character. Every value of every operation is in hostile-inputs.test.ts. */

let database: TestDatabase;
let server: ServerProcess;
let talk: Talk;
let walletId: string;

const WALLET =
  "query ($id: ID!) { wallet(id: $id) { sequence balance { available held debt } grants { edges { node { id amount } } } } }";
const state = () => ask(server.demo.url, server.demo.serviceKey, WALLET, { id: walletId });
let before: unknown;

beforeAll(async () => {
  database = await createTestDatabase();
  server = await startServerProcess({ DATABASE_URL: database.url, DEMO: "true" });
  walletId = await fundedWallet(server.demo, "hostile", "1000");
  talk = await Talk.with(server.demo, server.demo.serviceKey);
  before = await state();
});

// Whatever came in: the server serves, on the same socket as well, nothing was done, and nothing is called a fault of its own.
afterEach(async () => {
  expect(await state()).toEqual(before);
  expect(await talk.overSocket("{ viewer { role } }")).toEqual({ data: { viewer: { role: "SERVICE" } } });
  expect(server.output()).not.toContain('"level":"error"');
});

afterAll(async () => {
  expect(await auditDatabase(database.url)).toEqual([]);
  talk.close();
  await server.stop();
  await database.drop();
});

/** The same by both transports, which answer alike. */
async function tell(query: string, variables = "{}"): Promise<Told> {
  const told = await talk.overHttp(query, variables);
  expect(await talk.overSocket(query, variables)).toEqual(told);
  return told;
}

function codesOf({ errors = [] }: Told): readonly string[] {
  return [...new Set(errors.map(({ extensions }) => extensions.code))];
}

const many = (count: number, write: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => write(index)).join(" ");

describe("a document", () => {
  const spends = (count: number) =>
    `mutation { ${many(count, (index) => `s${index}: spend(input: { walletId: "${walletId}", amount: 1, idempotencyKey: "s${index}" }) { replayed }`)} }`;

  test.each<readonly [string, () => string]>([
    ["5,000 levels deep", () => `{ ${"wallet { account { ".repeat(2_500)} id ${"} } ".repeat(2_500)} }`],
    ["5,000 levels deep by lists", () => `{ nodes(ids: ${"[".repeat(5_000)}${"]".repeat(5_000)}) { id } }`],
    ["5,000 levels deep by objects", () => `{ quote(input: ${"{ a: ".repeat(5_000)}1${" }".repeat(5_000)}) { amount } }`],
    ["17 levels deep", () => `{ viewer { account { ${"wallets { account { ".repeat(8)} id ${"} } ".repeat(8)} } } }`],
    ["17 levels deep by fragments", () => `{ viewer { ...F0 } } ${FRAGMENTS_IN_A_ROW}`],
    ["with 4,000 aliases", () => `{ ${many(4_000, (index) => `a${index}: viewer { role }`)} }`],
    ["with 4,000 aliases of __typename", () => `{ ${many(4_000, (index) => `a${index}: __typename`)} }`],
    ["with 4,000 fields of one name", () => `{ ${many(4_000, () => "__typename")} }`],
    ["with 4,000 directives", () => `{ __typename ${many(4_000, () => "@include(if: true)")} }`],
    ["with fragments that grow exponentially", () => `{ viewer { ...E0 } } ${EXPONENTIAL}`],
    ["with 1,000 spends", () => spends(1_000)],
    ["with 51 spends", () => spends(51)],
    [
      "of a million pages",
      () =>
        `{ accounts(first: 100) { edges { node { wallets { grants(first: 100) { edges { node { entries(first: 100) { edges { cursor } } } } } } } } } }`,
    ],
    ["of 4 MB", () => `{ __typename } #${"x".repeat(4_000_000)}`],
  ])("%s is too complex", async (_, query) => {
    expect(codesOf(await tell(query()))).toEqual(["QUERY_TOO_COMPLEX"]);
  });

  test.each([
    ["a fragment that spreads itself", "{ ...A } fragment A on Query { ...A }"],
    ["two that spread each other", "{ viewer { ...A } } fragment A on Viewer { ...B } fragment B on Viewer { ...A }"],
    ["200 in a circle", `{ ...F0 } ${many(200, (index) => `fragment F${index} on Query { ...F${(index + 1) % 200} }`)}`],
    ["a circle that nobody spreads", "{ __typename } fragment A on Query { ...B } fragment B on Query { ...A }"],
    ["an operation beside it", "{ __typename } mutation { spend { replayed } }"],
    ["a field of every object", "{ __proto__ } "],
    ["a variable that it does not declare", "{ wallet(id: $id) { id } }"],
    ["a variable called __proto__ of no type", "query ($__proto__: Nope) { __typename }"],
    ["nothing in it", " "],
    ["no end", "{ viewer {"],
  ])("with %s is refused", async (_, query) => {
    expect(codesOf(await tell(query))).toEqual(["BAD_USER_INPUT"]);
  });
});

const FRAGMENTS_IN_A_ROW = `${many(16, (index) => `fragment F${index} on Viewer { ...F${index + 1} }`)}
  fragment F16 on Viewer { account { ${"wallets { account { ".repeat(8)} id ${"} } ".repeat(8)} } }`;
const EXPONENTIAL = `${many(20, (index) => `fragment E${index} on Viewer { ...E${index + 1} account { id } ...E${index + 1} }`)} fragment E20 on Viewer { role }`;

describe("variables", () => {
  const input = (fields: string) => `{"input":{"walletId":"${walletId}","amount":"1","idempotencyKey":"hostile",${fields}}}`;

  test.each<readonly [string, () => string]>([
    ["a field called __proto__", () => input('"__proto__":{"amount":"1"}')],
    ["a field called constructor", () => input('"constructor":{"prototype":{}}')],
    ["a prototype for an input", () => '{"input":null,"__proto__":{"input":{}}}'],
    ["a prototype that has the input", () => `{"__proto__":${input('"app":"x"')}}`],
    ["a text for an input", () => '{"input":"{}"}'],
    ["a list of inputs", () => '{"input":[{},{}]}'],
    ["an input 5,000 levels deep", () => `{"input":${'{"walletId":'.repeat(5_000)}1${"}".repeat(5_000)}}`],
    ["half of a surrogate pair that nobody asked for", () => input('"app":"x"').replace("{", '{"unused":"\\ud800",')],
    ["a key of 256 characters", () => input(`"idempotencyKey":"${"k".repeat(256)}"`)],
    ["metadata of 4,097 bytes", () => input(`"metadata":{"a":"${"x".repeat(4_089)}"}`)],
    ["metadata of 4,097 bytes in 2,049 characters", () => input(`"metadata":{"a":"${"é".repeat(2_044)}x"}`)],
    ["metadata 33 levels deep", () => input(`"metadata":{"a":${"[".repeat(32)}${"]".repeat(32)}}`)],
  ])("with %s are refused", async (_, variables) => {
    expect(codesOf(await tell(SPEND, variables()))).toEqual(["BAD_USER_INPUT"]);
  });

  test("that are no object are refused", async () => {
    for (const variables of ["[]", '"{}"', "1", "true"])
      expect(codesOf(await talk.overHttp(SPEND, variables))).toEqual(["BAD_USER_INPUT"]);
  });

  test("up to the limit are taken: a key of 255 characters, metadata of 4,096 bytes, 32 levels", async () => {
    const other = await fundedWallet(server.demo, "at the limit", "10");
    const spend = (fields: object) =>
      talk.overHttp(SPEND, JSON.stringify({ input: { walletId: other, amount: "1", ...fields } }));
    const deep = JSON.parse(`${"[".repeat(31)}${"]".repeat(31)}`) as object;
    const done = { data: { spend: { refusal: null } } };
    expect(await spend({ idempotencyKey: "𝄞".repeat(255) })).toMatchObject(done);
    expect(await spend({ idempotencyKey: "4096", metadata: { a: "x".repeat(4_088) } })).toMatchObject(done);
    expect(await spend({ idempotencyKey: "deep", metadata: { deep } })).toMatchObject(done);
  });
});

describe("a request", () => {
  const batch = () => `[${Array.from({ length: 2 }, () => '{"query":"{ viewer { role } }"}').join(",")}]`;

  test.each<readonly [string, () => string, number]>([
    ["that is a batch", batch, 400],
    ["that is an empty batch", () => "[]", 400],
    ["that is no JSON", () => "{", 400],
    ["that is nothing", () => "", 400],
    ["that is null", () => "null", 400],
    [
      "a hundred thousand levels deep",
      () => `{"query":"{ __typename }","variables":${"[".repeat(100_000)}${"]".repeat(100_000)}}`,
      400,
    ],
    ["of 6 MB", () => `{"query":"{ __typename }","x":"${"x".repeat(6_000_000)}"}`, 413],
  ])("%s is refused over HTTP", async (_, body, status) => {
    const { url, serviceKey } = server.demo;
    const headers = {
      "content-type": "application/json",
      accept: "application/graphql-response+json",
      authorization: `Bearer ${serviceKey}`,
    };
    const response = await fetch(url, { method: "POST", headers, body: body() });
    expect([response.status, codesOf((await response.json()) as Told)]).toEqual([status, ["BAD_USER_INPUT"]]);
  });

  test.each<readonly [string, () => string, number]>([
    ["that is a batch", batch, 4400],
    ["whose payload is a batch", () => `{"id":"1","type":"subscribe","payload":${batch()}}`, 4400],
    ["that is no JSON", () => "{", 4400],
    ["that is null", () => "null", 4400],
    ["a hundred thousand levels deep", () => `{"type":"ping","payload":${"[".repeat(100_000)}${"]".repeat(100_000)}}`, 4400],
    ["of 6 MB", () => `{"type":"ping","payload":{"x":"${"x".repeat(6_000_000)}"}}`, 1009],
  ])("%s closes its WebSocket", async (_, text, code) => {
    const socket = await ToySocket.as(server.demo, server.demo.serviceKey);
    socket.sendText(text());
    expect((await socket.closed).code).toBe(code);
  });
});
