import { describe, expect, test } from "@jest/globals";
import { getIntrospectionQuery } from "graphql";
import { Documents, type Verdict } from "../../../src/platform/graphql/documents";
import { ApiError } from "../../../src/platform/graphql/errors";
import { publicError } from "../../../src/platform/graphql/public-error";
import { DEFAULT_LIMITS, type Limits } from "../../../src/platform/limits";
import { createMetrics } from "../../../src/platform/metrics";
import { silentLog } from "../../support/log";
import { toySchema } from "../../support/toy-schema";

const SCHEMA = toySchema();
const SITE = { requestId: "request", log: silentLog, metrics: createMetrics() };

interface Judge {
  /** What a client is told: messages with codes, or the cost. */
  judge(query: string, variables?: Record<string, unknown>, operationName?: string): Verdict;
  /** How many documents were not known already. */
  readonly judged: () => number;
}

function judgeWith(limits: Partial<Limits> = {}): Judge {
  let judged = 0;
  const documents = new Documents(SCHEMA, { ...DEFAULT_LIMITS, ...limits }, { count: () => (judged += 1) });
  return {
    judge: (query, variables = {}, operationName) => documents.judge({ query, variables, operationName: operationName ?? null }),
    judged: () => judged,
  };
}

function told(verdict: Verdict) {
  return verdict.ok ? [] : verdict.errors.map((error) => publicError(error, SITE));
}

function costOf(query: string, variables?: Record<string, unknown>): number {
  const verdict = judgeWith({ cost: Number.MAX_SAFE_INTEGER }).judge(query, variables);
  if (!verdict.ok) throw new Error(verdict.errors.map(({ message }) => message).join());
  return verdict.cost;
}

describe("a document", () => {
  const { judge } = judgeWith();

  test("that is good is admitted, with its operation", () => {
    expect(judge("query A { hello } mutation B { ring(number: 1) }", {}, "B")).toMatchObject({ ok: true, type: "mutation" });
    expect(judge("subscription { rings { number } }")).toMatchObject({ ok: true, type: "subscription" });
  });

  test.each([
    ["{ hello", "Syntax Error: Expected Name, found <EOF>."],
    ["", "Syntax Error: Unexpected <EOF>."],
    ["{ hello } \0", "Syntax Error: Unexpected character: U+0000."],
    ["{ unknown }", 'Cannot query field "unknown" on type "Query".'],
    ["fragment A on Book { title }", 'Fragment "A" is never used.'],
    [
      "{ book { ...A } } fragment A on Book { ...B } fragment B on Book { ...A }",
      'Cannot spread fragment "A" within itself via "B".',
    ],
    ["{ book { ...A } } fragment A on Book { ...A }", 'Cannot spread fragment "A" within itself.'],
    ["query A { hello } query B { hello }", "The document has several operations: say which one in operationName."],
    ["type Query { hello: String }", 'The "Query" definition is not executable.'],
  ])("that is bad is told why: %s", (query, message) => {
    const errors = told(judge(query));
    expect(errors[0]?.message).toBe(message);
    expect(errors.map(({ extensions }) => extensions)).toEqual(errors.map(() => ({ code: "BAD_USER_INPUT" })));
  });

  test("has an operation of the name that is asked for, or is refused", () => {
    const message = "The document has no operation with this operationName.";
    expect(told(judge("query A { hello }", {}, "B"))).toMatchObject([{ message }]);
    expect(told(judge("{ hello }", {}, "B"))).toMatchObject([{ message }]);
  });

  test("is told no more than a few errors", () => {
    expect(told(judge(`{ ${"x ".repeat(40)} }`)).length).toBeLessThanOrEqual(6);
  });

  test("with a bad value is told where in the arguments it stands", () => {
    const errors = told(
      judge('{ echo(input: { amount: 1.5, items: [{ amount: "1" }, { amount: "1e3" }], metadata: [1] }) { amount } }'),
    );
    expect(errors.map(({ extensions }) => extensions)).toEqual([
      { code: "BAD_USER_INPUT", inputPath: ["input", "amount"] },
      { code: "BAD_USER_INPUT", inputPath: ["input", "items", 1, "amount"] },
      { code: "BAD_USER_INPUT", inputPath: ["input", "metadata"] },
    ]);
    expect(errors[0]?.message).toBe("This is no Amount: write it as a string, or a whole number.");
    expect(errors[0]?.locations).toEqual([{ line: 1, column: 25 }]);
  });

  test("with NUL in a text is refused", () => {
    expect(told(judge('{ echo(input: { text: "\\u0000" }) { text } }'))).toMatchObject([
      { extensions: { code: "BAD_USER_INPUT" } },
    ]);
    expect(told(judge('{ echo(input: { text: "\\ud800" }) { text } }'))).toMatchObject([
      { extensions: { code: "BAD_USER_INPUT" } },
    ]);
  });
});

describe("the limits of a document", () => {
  const tooComplex = (query: string, limits: Partial<Limits> = {}) => {
    const verdict = judgeWith(limits).judge(query);
    const [error] = verdict.ok ? [] : verdict.errors;
    return error instanceof ApiError && error.code === "QUERY_TOO_COMPLEX" ? error.message : null;
  };
  const chain = (levels: number) =>
    `{ __schema { ${"types { fields { type { ".repeat(levels)} name ${"} } }".repeat(levels)} } }`;

  test("depth counts fields, through fragments", () => {
    const message = "The fields of the document are nested deeper than 3 levels.";
    expect(tooComplex("{ books { edges { cursor } } }", { depth: 3 })).toBeNull();
    expect(tooComplex("{ books { edges { node { id } } } }", { depth: 3 })).toBe(message);
    expect(tooComplex("{ books { ... { ...E } } } fragment E on BookConnection { edges { node { id } } }", { depth: 3 })).toBe(
      message,
    );
    expect(tooComplex(chain(10))).toBe("The fields of the document are nested deeper than 16 levels.");
  });

  test("aliases count wherever they stand, those of __typename too", () => {
    const message = "The document has more than 5 aliases.";
    const aliases = (count: number, field: string) =>
      Array.from({ length: count }, (_, index) => `a${index}: ${field}`).join(" ");
    expect(tooComplex(`{ ${aliases(5, "hello")} }`, { aliases: 5 })).toBeNull();
    expect(tooComplex(`{ ${aliases(6, "hello")} }`, { aliases: 5 })).toBe(message);
    expect(tooComplex(`{ ${aliases(6, "__typename")} }`, { aliases: 5 })).toBe(message);
    expect(
      tooComplex(`{ ...A ...B } fragment A on Query { ${aliases(3, "hello")} } fragment B on Query { ${aliases(6, "role")} }`, {
        aliases: 5,
      }),
    ).toBe(message);
  });

  test("root fields count through fragments", () => {
    const message = "An operation has more than 2 fields of its own.";
    expect(tooComplex("{ hello role }", { rootFields: 2 })).toBeNull();
    expect(tooComplex("{ hello ...A ...A } fragment A on Query { role }", { rootFields: 2 })).toBe(message);
  });

  test("directives count", () => {
    expect(tooComplex("{ hello @skip(if: true) }", { directives: 0 })).toBe("The document has more than 0 directives.");
  });

  test("length, tokens and brackets count before anything is parsed", () => {
    expect(tooComplex("{ hello }", { documentCharacters: 8 })).toBe("The document is longer than 8 characters.");
    expect(tooComplex("{ hello }", { documentTokens: 2 })).toBe(
      "The document has more than 2 tokens. Put values into variables.",
    );
    expect(tooComplex("{ echo(input: {items: []}) { text } }", { documentNesting: 3 })).toBe(
      "The document is nested deeper than 3 levels.",
    );
  });

  test.each([
    ["fields 5,000 levels deep", `${"{ a ".repeat(5_000)}${"}".repeat(5_000)}`],
    ["lists a million levels deep", `{ hello(x: ${"[".repeat(1_000_000)}) }`],
    ["4,000 aliases", `{ ${Array.from({ length: 4_000 }, (_, index) => `a${index}: hello`).join(" ")} }`],
    ["4,000 aliases of __typename", `{ ${Array.from({ length: 4_000 }, (_, index) => `a${index}: __typename`).join(" ")} }`],
    ["a million directives", `{ hello ${"@a".repeat(1_000_000)} }`],
    ["a comment of 5 MB", `{ hello } #${"x".repeat(5_000_000)}`],
  ])("%s are refused in no time", (_, query) => {
    const started = performance.now();
    expect(tooComplex(query)).not.toBeNull();
    expect(performance.now() - started).toBeLessThan(2_000);
  });

  const spreads = (count: number) =>
    Array.from({ length: count }, (_, index) => `fragment F${index} on Query { ...F${index + 1} ...F${index + 1} }`).join(" ");
  test("fragments that double at each of many levels are refused in no time", () => {
    const started = performance.now();
    expect(tooComplex(`{ ...F0 } ${spreads(60)} fragment F60 on Query { hello }`)).not.toBeNull();
    expect(performance.now() - started).toBeLessThan(2_000);
  });

  test.each([
    ["the same field again and again", `{ ${"hello ".repeat(3_990)} }`],
    ["the same object again and again", `{ ${"book { id } ".repeat(990)} }`],
    [
      "a fragment cycle through all fragments",
      `{ ...F0 } ${Array.from({ length: 500 }, (_, index) => `fragment F${index} on Query { ...F${(index + 1) % 500} }`).join(" ")}`,
    ],
    [
      "hundreds of fragments side by side",
      `{ ${Array.from({ length: 400 }, (_, index) => `...F${index} `).join("")} } ${Array.from({ length: 400 }, (_, index) => `fragment F${index} on Query { hello }`).join(" ")}`,
    ],
  ])("%s is judged in well under a second", (_, query) => {
    const { judge } = judgeWith({ rootFields: 100_000 });
    const started = performance.now();
    judge(query);
    expect(performance.now() - started).toBeLessThan(2_000);
  });
});

describe("the cost of an operation", () => {
  test("is the number of fields that its answer may have", () => {
    expect(costOf("{ hello role }")).toBe(2);
    expect(costOf("{ book { id title } }")).toBe(3);
    expect(costOf("{ hello a: hello ...A } fragment A on Query { role }")).toBe(3);
  });

  test("counts the elements of a connection once, by first or last, 25 when nothing is said", () => {
    const fields = "{ edges { node { id title } } pageInfo { hasNextPage } }";
    // An edge with its node and two fields; the page's information is counted with each, for simplicity.
    expect(costOf(`{ books(first: 10) ${fields} }`)).toBe(1 + 10 * 6);
    expect(costOf(`{ books(last: 10) ${fields} }`)).toBe(1 + 10 * 6);
    expect(costOf(`{ books ${fields} }`)).toBe(1 + 25 * 6);
    expect(costOf(`query ($n: Int) { books(first: $n) ${fields} }`, { n: 100 })).toBe(1 + 100 * 6);
  });

  test("counts lists that are given, and takes others for five long", () => {
    expect(costOf('{ listed(ids: ["1", "2", "3"]) { id } }')).toBe(1 + 3);
    expect(costOf("query ($ids: [ID!]!) { listed(ids: $ids) { id } }", { ids: Array.from({ length: 50 }, String) })).toBe(1 + 50);
    expect(costOf("{ things { id } }")).toBe(1 + 5);
  });

  test("leaves out what is skipped", () => {
    const query = "query ($short: Boolean!) { hello role @skip(if: $short) }";
    expect([costOf(query, { short: true }), costOf(query, { short: false })]).toEqual([1, 2]);
  });

  test("past the limit is refused, and told", () => {
    const verdict = judgeWith({ cost: 100 }).judge("{ books(first: 100) { edges { cursor } } }");
    expect(told(verdict)).toMatchObject([
      {
        message: "The operation costs 201, more than 100. Ask for fewer fields, or shorter lists.",
        extensions: { code: "QUERY_TOO_COMPLEX", cost: 201, limit: 100 },
      },
    ]);
  });

  test("is found anew where variables can change it", () => {
    const { judge } = judgeWith({ cost: 100 });
    const query = "query ($n: Int!) { books(first: $n) { edges { cursor } } }";
    expect([1, 100, 1].map((n) => judge(query, { n }).ok)).toEqual([true, false, true]);
  });

  test("takes variables as they come, and is not remembered when they cannot be read", () => {
    const { judge } = judgeWith();
    const query = "query ($ids: [ID!]!, $value: Decimal!) { listed(ids: $ids) { id } decimal(value: $value) }";
    const cost = (variables: Record<string, unknown>) => {
      const verdict = judge(query, variables);
      return verdict.ok ? verdict.cost : null;
    };
    expect(cost({})).toBe(0);
    expect(cost({ ids: ["1", {}, null], value: 1.5 })).toBe(1 + 3 + 1);
    expect(costOf("query ($value: Decimal!) { decimal(value: $value) }", {})).toBe(0);
    const { judge: again } = judgeWith({ cost: 0 });
    const one = "query ($value: Decimal!) { decimal(value: $value) }";
    expect([again(one, {}).ok, again(one, { value: "1" }).ok]).toEqual([true, false]);
  });

  test("takes defaults where nothing is given", () => {
    const query = "query ($n: Int = 3) { books(first: $n) { edges { cursor } } }";
    expect([costOf(query), costOf(query, { n: 1 }), costOf(query, { n: null })]).toEqual([7, 3, 51]);
  });

  test("of what tools ask first is far below the limit", () => {
    const full = {
      descriptions: true,
      specifiedByUrl: true,
      directiveIsRepeatable: true,
      schemaDescription: true,
      inputValueDeprecation: true,
      oneOf: true,
    };
    expect(costOf(getIntrospectionQuery(full))).toBeLessThan(10_000);
    expect(judgeWith().judge(getIntrospectionQuery(full)).ok).toBe(true);
  });
});

describe("documents that were found good", () => {
  test("are kept, least recently used ones leaving first", () => {
    const { judge, judged } = judgeWith({ cachedTokens: 8 });
    judge("{ hello }");
    judge("{ role }");
    judge("{ hello }");
    expect(judged()).toBe(2);
    judge("{ __typename }");
    judge("{ hello }");
    expect(judged()).toBe(3);
    judge("{ role }");
    expect(judged()).toBe(4);
  });

  test("bad ones are not", () => {
    const { judge, judged } = judgeWith();
    judge("{ unknown }");
    judge("{ unknown }");
    expect(judged()).toBe(2);
  });
});
