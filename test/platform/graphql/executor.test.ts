import { describe, expect, test } from "@jest/globals";
import {
  type ExecutionArgs,
  type ExecutionResult,
  execute,
  type GraphQLError,
  getIntrospectionQuery,
  parse,
  validate,
} from "graphql";
import { Documents } from "../../../src/platform/graphql/documents";
import { EXECUTION_OPTIONS } from "../../../src/platform/graphql/execution";
import { DEFAULT_LIMITS, type Limits } from "../../../src/platform/limits";
import { type Seen, STRANGE_SCHEMA } from "../../support/strange-schema";

/** A plan is made for the fourth execution. */
const OFTEN = 5;

function documentsWith(limits: Partial<Limits> = {}) {
  const counted: string[] = [];
  const count = (counter: string) => counted.push(counter);
  const documents = new Documents(STRANGE_SCHEMA, { ...DEFAULT_LIMITS, ...limits }, { count });
  return {
    run: async (query: string, variables: Record<string, unknown> = {}, operationName: string | null = null): Promise<Told> => {
      const verdict = documents.judge({ query, variables, operationName });
      if (!verdict.ok) throw new AggregateError(verdict.errors);
      return tell((args) => verdict.executor.execute(args), query, variables, operationName);
    },
    planned: () => counted.filter((counter) => counter === "operations_planned").length,
    outgrown: () => counted.filter((counter) => counter === "plans_outgrown").length,
  };
}

interface Told {
  readonly answer: string;
  readonly errors: readonly object[];
  readonly seen: readonly string[];
}

type Execute = (args: ExecutionArgs) => ExecutionResult | Promise<ExecutionResult>;

async function tell(by: Execute, query: string, variableValues: Record<string, unknown>, operationName: string | null) {
  const contextValue: Seen = { log: [] };
  const rootValue = { root: { plain: () => "from a method", method: ({ suffix }: { suffix?: string }) => `m${suffix}` } };
  const document = parse(query);
  const args = {
    schema: STRANGE_SCHEMA,
    document,
    operationName,
    variableValues,
    contextValue,
    rootValue,
    options: EXECUTION_OPTIONS,
  };
  const result = await by(args);
  // As text, so that the order of fields counts, too.
  return { answer: JSON.stringify(result), errors: (result.errors ?? []).map(factsOf), seen: contextValue.log };
}

function factsOf(error: GraphQLError): object {
  const { message, path, locations, extensions, originalError, nodes } = error;
  const root = originalError && { name: originalError.name, message: originalError.message, kind: originalError.constructor };
  return { message, path, locations, extensions, root, kinds: nodes?.map(({ kind, loc }) => [kind, loc?.start]) };
}

const DEEP = "{ thing { plain thing { later laterThing { plain ...Bad } } } } fragment Bad on Thing { ";
const QUERIES = [
  "{ thing { id plain later thing { plain } laterThing { id plain } amount colour } }",
  "{ a: thing { b: plain plain c: plain } thing { plain } thing { id } __typename }",
  "{ constructor: thing { toString: plain hasOwnProperty: id then: plain } }",
  "{ thing { then: later } }",
  "{ __proto__: thing { plain } }",
  "{ thing { __proto__: plain } }",
  '{ root { plain method withSuffix: method(suffix: "x") } }',
  "{ thing { fails failsLater refuses isAnError throwsText number notFinite badColour noList } }",
  "{ thing { nothing } must { id } }",
  "{ thing { plain laterNothing failsLater } }",
  "{ must { id failsHard } }",
  "{ must { failsHardLater failsHard later } }",
  "{ must { laterThing { laterThing { laterNothing failsLater fails } } failsLater } thing { fails } }",
  ...["nothing", "fails", "failsLater", "failsHard", "failsHardLater", "laterNothing", "refuses"].map((bad) => `${DEEP}${bad} }`),
  "{ thing { failsLater fails laterThing { failsHardLater failsLater } thing { failsHardLater fails failsLater } } }",
  "{ thing { things { id plain fails failsLater } } }",
  "{ thing { things { plain nothing } } }",
  "{ thing { things { laterThing { failsHardLater } failsLater } } }",
  "{ thing { numbers holes grid } }",
  "{ thing { shape { name __typename ... on Circle { radius within { name ... on Square { side } } } } } }",
  "{ thing { shapes { __typename name ...C ...S } } } fragment C on Circle { size: radius } fragment S on Square { size: side area }",
  "{ thing { figures { __typename ... on Shape { name } ... on Circle { radius } ... on Square { side } } } }",
  "{ thing { wrongFigures { __typename ... on Circle { radius } } wrongCircle { radius } wrongSquare { side } } }",
  "{ thing { ...A ...B ...A } } fragment A on Thing { plain ...B } fragment B on Thing { id thing { plain ...C } } fragment C on Thing { id }",
  "{ thing { ... { plain } ... on Thing { id } thing { plain } ... on Thing { thing { id later } } } }",
  "{ thing { told } }",
  '{ thing { told(number: null, colour: RED, list: "one", amount: "1.5", filter: { needed: 3, sizes: 4, inner: { needed: "x" } }) } }',
  '{ thing { told(filter: { needed: "x", metadata: { __proto__: 1, constructor: "c" }, colour: GREEN, at: "2026-01-01T00:00:00Z" }) } }',
  '{ thing { told(list: ["__MAGIC_DATE__33a9e76d_02e0_4128_8e92_3530ad3da74d0", "\\u2028`$1", null], one: { id: 1 }) } }',
  "mutation { slow quick again: slow fails atOnce last: quick }",
  "mutation { atOnce slow hard quick }",
  "mutation Named { thing { plain failsLater } quick __typename }",
];

const F =
  "query Q($filter: Filter, $n: Int = 9, $c: Colour, $l: [String], $one: OneOf, $a: Amount) { thing { told(filter: $filter, number: $n, colour: $c, list: $l, one: $one, amount: $a) } }";
const GOOD = { needed: "x" };
const WITH_VARIABLES: readonly (readonly [string, Record<string, unknown>])[] = [
  ...[
    {},
    { filter: null, n: null, c: null, l: null, one: null, a: null },
    { filter: GOOD, n: 1, c: "RED", l: ["a", null], one: { id: 1 }, a: 3 },
    {
      filter: {
        ...GOOD,
        amount: "1.25",
        at: "2026-01-01T00:00:00Z",
        colour: "BLUE",
        sizes: [1, 2],
        grid: [[1, null], null, [2]],
      },
    },
    { filter: { ...GOOD, sizes: 3, grid: 4, metadata: { a: [1, { b: null }] }, inner: { needed: 5, flag: false, inner: null } } },
    { filter: { needed: null } },
    { filter: {} },
    { filter: { ...GOOD, unknown: 1, need: 2 } },
    { filter: [] },
    { filter: [GOOD] },
    { filter: "text" },
    { filter: { ...GOOD, flag: null } },
    { filter: { ...GOOD, amount: 1.5, at: "never", colour: "PINK", sizes: [1, null, "x"], metadata: [] } },
    { filter: { needed: {}, amount: "x", at: 1, colour: 1, sizes: ["a"], grid: [["b"]], inner: { needed: null } } },
    { filter: { ...GOOD, inner: { inner: { inner: { needed: "deep", amount: "1.1234567" } } } } },
    { filter: JSON.parse('{ "needed": "x", "__proto__": 1 }') as object },
    { filter: JSON.parse('{ "needed": "x", "metadata": { "__proto__": 1 } }') as object },
    { n: 1.5, c: 7, l: "single", a: "9000000000001" },
    { n: 2 ** 31 },
    { l: { a: 1 } },
    { one: { id: 1, number: 2 } },
    { one: { id: null } },
    { one: {} },
    { unknown: 1, n: 3 },
  ].map((variables) => [F, variables] as const),
  ...[{}, { id: null }, { id: 5 }, { id: {} }].flatMap((variables) => [
    ["query ($id: ID!) { thing { needs(id: $id) } }", variables] as const,
    ['query ($id: ID = "d") { thing { needs(id: $id) } }', variables] as const,
  ]),
  ...[{}, { x: 4 }, { x: "y" }].flatMap((variables) => [
    ['query ($x: Int) { thing { told(filter: { needed: "n", sizes: [1, 2], grid: [[$x]] }, number: $x) } }', variables] as const,
    [
      "query ($constructor: String, $x: Int) { thing { told(list: [$constructor], number: $x) } root { method(suffix: $constructor) } }",
      variables,
    ] as const,
    [
      "query ($__proto__: String, $x: Int) { thing { told(number: $x) } root { method(suffix: $__proto__) } }",
      variables,
    ] as const,
    [
      'query ($f: Filter = { needed: "d", amount: "2", colour: RED }, $x: Int) { thing { told(filter: $f, number: $x) } }',
      variables,
    ] as const,
  ]),
  ...[{ on: true }, { on: false }].flatMap((variables) => [
    [
      "query ($on: Boolean = true) { thing { plain @include(if: $on) id @skip(if: $on) ...A @include(if: $on) ...A } } fragment A on Thing { later }",
      variables,
    ] as const,
    ["query ($on: Boolean!) { thing @skip(if: $on) { plain } must { ... @include(if: $on) { id fails } } }", variables] as const,
  ]),
];

const LEFT_TO_GRAPHQL_JS = /@skip|@include|__schema|__proto__: (thing|plain)|\$__proto__/;

describe("an operation that comes often", () => {
  const cases = [...QUERIES.map((query) => [query, {}] as const), ...WITH_VARIABLES, [getIntrospectionQuery(), {}] as const];

  test.each(cases)("is answered as graphql-js answers it, each time: %s %j", async (query, variables) => {
    expect(validate(STRANGE_SCHEMA, parse(query))).toEqual([]);
    const { run, planned } = documentsWith();
    const expected = await tell(execute, query, variables, null);
    for (let time = 0; time < OFTEN; time += 1) expect(await run(query, variables)).toEqual(expected);
    expect(planned()).toBe(LEFT_TO_GRAPHQL_JS.test(query) ? 0 : 1);
  });

  test("is planned after its third time, once", async () => {
    const { run, planned } = documentsWith();
    for (const expected of [0, 0, 0, 1, 1, 1]) {
      await run("{ thing { plain } }");
      expect(planned()).toBe(expected);
    }
  });

  test("is planned for itself, whatever else its document has", async () => {
    const { run, planned } = documentsWith();
    const query = "query A { thing { plain } } query B { must { id } } query C { thing { id } }";
    for (const name of ["A", "B", "A", "B", "A", "B", "A", "B", "C"]) await run(query, {}, name);
    expect(planned()).toBe(2);
    expect((await run(query, {}, "A")).answer).toBe('{"data":{"thing":{"plain":"root"}}}');
    expect((await run(query, {}, "B")).answer).toBe('{"data":{"must":{"id":"7"}}}');
  });

  test.each([
    ["it has conditions", "query ($on: Boolean = true) { thing { plain @include(if: $on) } }"],
    ["it asks for the schema", "{ __schema { queryType { name } } }"],
    ["a field is called as no property can be", "{ __proto__: thing { plain } }"],
    ["a variable is called so", "query ($__proto__: String) { root { method(suffix: $__proto__) } }"],
  ])("has no plan when %s", async (_why, query) => {
    const { run, planned } = documentsWith();
    for (let time = 0; time < OFTEN; time += 1) await run(query);
    expect(planned()).toBe(0);
  });

  test("loses its plan in the very execution in which its fragments come to more fields than it has tokens", async () => {
    const { run, planned, outgrown } = documentsWith();
    const depth = 8;
    const fragments = Array.from(
      { length: depth },
      (_, index) => `fragment F${index} on Thing { plain a: thing { ...F${index + 1} } b: thing { ...F${index + 1} } }`,
    ).join(" ");
    const query = `{ thing { ...F0 } } ${fragments} fragment F${depth} on Thing { id }`;
    const expected = await tell(execute, query, {}, null);
    for (let time = 0; time < 4; time += 1) expect(await run(query)).toEqual(expected);
    expect([planned(), outgrown()]).toEqual([1, 1]);
    for (let time = 0; time < OFTEN; time += 1) expect(await run(query)).toEqual(expected);
    expect([planned(), outgrown()]).toEqual([1, 1]);
  });

  test("has no more plans than its document has tokens, whatever its operations are called", async () => {
    const { run, planned } = documentsWith();
    const names = Array.from({ length: 40 }, (_, index) => `Q${index}`);
    const fields = Array.from({ length: 40 }, (_, index) => `a${index}: id`).join(" ");
    const query = `${names.map((name) => `query ${name} { thing { ...A } }`).join(" ")} fragment A on Thing { ${fields} }`;
    for (const name of names) for (let time = 0; time < OFTEN; time += 1) await run(query, {}, name);
    expect(planned()).toBeGreaterThan(0);
    expect(planned()).toBeLessThan(15);
  });

  test("loses its plan with its document", async () => {
    const { run, planned } = documentsWith({ cachedTokens: 12 });
    for (let time = 0; time < OFTEN; time += 1) await run("{ thing { plain } }");
    expect(planned()).toBe(1);
    await run("{ thing { id plain later } }");
    for (let time = 0; time < OFTEN; time += 1) await run("{ thing { plain } }");
    expect(planned()).toBe(2);
  });
});
