import { afterAll, beforeAll, expect, jest, test } from "@jest/globals";
import { buildClientSchema, type GraphQLSchema, getIntrospectionQuery, type IntrospectionQuery } from "graphql";
import { auditDatabase } from "../support/audit";
import { contentsOf } from "../support/contents";
import { createTestDatabase, type TestDatabase } from "../support/database";
import * as inputs from "../support/input-places";
import { goodCalls } from "./good-calls";
import { ask, inParallel } from "./graphql-request";
import { extremesAt, type Hostile, hostileAt, hostileLiteralsAt } from "./hostile-values";
import { type ServerProcess, startServerProcess } from "./server-process";
import { Talk, type Told, type ToldError } from "./talk";

/** Every value that any operation of the schema takes, spoiled in every way, one at a time, by both transports. */

// Some twenty thousand values, of which a quiet machine with two cores takes 400 a second, and a busy one a tenth.
jest.setTimeout(600_000);

let database: TestDatabase;
let server: ServerProcess;
let talks: readonly Talk[];
let schema: GraphQLSchema;
let calls: readonly inputs.GoodCall[];
let places: readonly inputs.Place[];
/** One of each kind. */
let ids: readonly string[];
let before: string;

beforeAll(async () => {
  database = await createTestDatabase();
  server = await startServerProcess({ DATABASE_URL: database.url, DEMO: "true" });
  const { url, adminKey } = server.demo;
  schema = buildClientSchema(await ask<IntrospectionQuery>(url, adminKey, getIntrospectionQuery()));
  calls = await goodCalls(server.demo);
  places = calls.flatMap((call) => inputs.placesIn(schema, call));
  ids = [...new Set(places.map(({ value }) => String(value)).filter((value) => /^[a-z]+_[0-9a-f]{32}/.test(value)))];
  talks = await Promise.all(Array.from({ length: 4 }, () => Talk.with(server.demo)));
  before = await contentsOf(database.url);
});

afterAll(async () => {
  for (const talk of talks) talk.close();
  await server.stop();
  await database.drop();
});

/** What is told of a value that was taken, or refused otherwise than it should be; null when all is well. */
function complaint(place: inputs.Place, what: string, outcome: Hostile["outcome"], told: Told): string | null {
  const shown = `${place.name} = ${what.slice(0, 60)} answers ${JSON.stringify(told).slice(0, 300)}`;
  if (!told.errors) return outcome === "nothing" && isNothing(inputs.answerTo(place.call, told.data)) ? null : shown;
  const clear = told.errors.every((error) => isClear(error.extensions, place));
  return clear && !hasData(told, place.call) ? null : shown;
}

function isClear({ code, inputPath, cost }: ToldError["extensions"], { path, name }: inputs.Place): boolean {
  // How much a list may have is judged first.
  if (/ (first|last)$/.test(name) && code === "QUERY_TOO_COMPLEX") return typeof cost === "number";
  return code === "BAD_USER_INPUT" && leadsTo(inputPath, path);
}

/** Whether a path of an error names the place, or what it stands in, or something in it. */
function leadsTo(told: unknown, path: inputs.Path): boolean {
  return Array.isArray(told) && told.every((key, index) => index >= path.length || key === path[index]);
}

function hasData({ data }: Told, call: inputs.GoodCall): boolean {
  return data !== null && data !== undefined && !isNothing(inputs.answerTo(call, data));
}

type Payload = { readonly refusal?: unknown; readonly wallet?: unknown };

/** Whether nothing was found, or it was refused. */
function isNothing(value: unknown): boolean {
  if (Array.isArray(value)) return value.every(isNothing);
  if (value === null || typeof value !== "object") return value === null;
  const { refusal, wallet } = value as Payload;
  return (refusal !== null && refusal !== undefined) || wallet === null;
}

test("there is a good call for every argument and every input field of the schema", () => {
  const names = new Set(places.map(({ name }) => name));
  expect(inputs.allPlaces(schema).filter((name) => !names.has(name))).toEqual([]);
});

/** Asks as many things at a time as there are sockets; answers what there was to complain about. */
async function complaints<T>(things: readonly T[], ask: (thing: T, talk: Talk) => Promise<string | null>): Promise<string[]> {
  const found = await inParallel(things.length, talks.length, (index, worker) => ask(things[index] as T, talks[worker] as Talk));
  return found.filter((text) => text !== null);
}

const spoiled = () =>
  places.flatMap((place) =>
    hostileAt(place, ids)
      .filter(({ json }) => json !== JSON.stringify(place.value))
      .map((hostile) => ({ place, ...hostile })),
  );

test.each([
  ["HTTP", "overHttp", /^(query|mutation)$/, 2_000],
  ["WebSocket", "overSocket", /./, 2_000],
] as const)("no wrong value in variables is taken, over %s", async (_, transport, kinds, least) => {
  const all = spoiled().filter(({ place }) => kinds.test(place.call.kind));
  const found = await complaints(all, async ({ place, outcome, json }, talk) => {
    const told = await talk[transport](inputs.documentOf(schema, place.call), inputs.variablesWith(place, json));
    return complaint(place, json, outcome, told);
  });
  expect(found).toEqual([]);
  expect(all.length).toBeGreaterThan(least);
});

test.each([
  ["HTTP", "overHttp", /^(query|mutation)$/],
  ["WebSocket", "overSocket", /./],
] as const)("nor in the document itself, over %s", async (_, transport, kinds) => {
  const all = places
    .filter(({ call }) => kinds.test(call.kind))
    .flatMap((place) =>
      hostileLiteralsAt(place).map((literal) => ({ place, document: inputs.writtenOut(schema, place, literal) })),
    );
  const found = await complaints(all, async ({ place, document }, talk) => {
    const told = await talk[transport](document);
    const codes = new Set(told.errors?.map(({ extensions }) => extensions.code));
    const clear = told.errors ? [...codes].join() === "BAD_USER_INPUT" : isNothing(inputs.answerTo(place.call, told.data));
    return clear ? null : `${document} answers ${JSON.stringify(told)}`;
  });
  expect(found).toEqual([]);
});

test("not a row has changed by all that, nothing of it is called a fault of the server, and the audit finds nothing", async () => {
  expect(await contentsOf(database.url)).toBe(before);
  expect(server.output()).not.toContain('"level":"error"');
  expect(await auditDatabase(database.url)).toEqual([]);
});

test("the calls themselves are good: each is carried out", async () => {
  const [talk] = talks as readonly [Talk];
  const refused: string[] = [];
  for (const call of calls) {
    const told = await talk.overSocket(inputs.documentOf(schema, call), JSON.stringify(inputs.variablesOf(call)));
    if (told.errors || isNothing(inputs.answerTo(call, told.data)))
      refused.push(`${inputs.nameOf(call)}: ${JSON.stringify(told)}`);
  }
  expect(refused).toEqual([]);
  expect(await auditDatabase(database.url)).toEqual([]);
});

test("what is extreme and well-formed is done or refused, and leaves the ledger sound", async () => {
  const all = places.flatMap((place) => extremesAt(place).map((json) => ({ place, json })));
  let keys = 0;
  const found = await complaints(all, async ({ place, json }, talk) => {
    const variables = inputs.variablesWith(place, json).replace(/"good-\d+"/, () => `"extreme-${++keys}"`);
    const told = await talk.overSocket(inputs.documentOf(schema, place.call), variables);
    // Another value may be what does not go with this one.
    const clear = (told.errors ?? []).every(({ extensions }) => /^(BAD_USER_INPUT|QUERY_TOO_COMPLEX)$/.test(extensions.code));
    return clear ? null : `${place.name} = ${json.slice(0, 60)} answers ${JSON.stringify(told)}`;
  });
  expect(found).toEqual([]);
  expect(server.output()).not.toContain('"level":"error"');
  expect(await auditDatabase(database.url)).toEqual([]);
});
