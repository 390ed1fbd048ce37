import { describe, expect, test } from "@jest/globals";
import { type GraphQLScalarType, parseValue } from "graphql";
import { JsonObjectScalar } from "../../../src/platform/graphql/json-object";
import {
  AmountScalar,
  CurrencyCodeScalar,
  DateTimeScalar,
  DecimalScalar,
  DurationScalar,
} from "../../../src/platform/graphql/scalars";

/** As a variable. */
function variable(scalar: GraphQLScalarType, value: unknown): unknown {
  return scalar.parseValue(value);
}

/** As written in a document. */
function literal(scalar: GraphQLScalarType, text: string): unknown {
  return scalar.parseLiteral(parseValue(text), {});
}

describe("Amount", () => {
  test.each([
    ["12.5", 12_500_000n],
    ["-3", -3_000_000n],
    ["0", 0n],
    ["0.000001", 1n],
    ["9000000000000", 9_000_000_000_000_000_000n],
    [7, 7_000_000n],
    [-7, -7_000_000n],
  ])("accepts %p as a variable", (value, amount) => {
    expect(variable(AmountScalar, value)).toBe(amount);
  });

  test.each([
    ['"12.5"', 12_500_000n],
    ["12", 12_000_000n],
    ["-1", -1_000_000n],
  ])("accepts %s in a document", (text, amount) => {
    expect(literal(AmountScalar, text)).toBe(amount);
  });

  test.each([
    ...[
      "1e3",
      "-0",
      "NaN",
      "Infinity",
      "1234567890123456789",
      "1.1234567",
      "١٢",
      "１２",
      "+1",
      "01",
      ".5",
      "1.",
      "",
      " 1",
      "0x10",
      "9000000000000.000001",
    ],
    ...[1.5, 0.1, -0, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53, 9_000_000_000_001],
    ...[null, true, {}, ["1"], 5n],
  ])("refuses %p as a variable", (value) => {
    expect(() => variable(AmountScalar, value)).toThrow(/^This is no Amount: /);
  });

  test.each(["1.5", "1e3", "-0", "true", "null", "ONE", "{}", '["1"]', '"1e3"', '"NaN"'])("refuses %s in a document", (text) => {
    expect(() => literal(AmountScalar, text)).toThrow(/^This is no Amount: /);
  });

  test("is answered as the shortest decimal string", () => {
    expect([0n, 12_500_000n, -1n].map((amount) => AmountScalar.serialize(amount))).toEqual(["0", "12.5", "-0.000001"]);
  });
});

describe("Decimal", () => {
  test("keeps 12 decimals exactly, in its canonical form", () => {
    expect(variable(DecimalScalar, "0.000000000001")).toBe("0.000000000001");
    expect(variable(DecimalScalar, "1.50")).toBe("1.5");
    expect(variable(DecimalScalar, 3)).toBe("3");
    expect(literal(DecimalScalar, "3")).toBe("3");
    expect(DecimalScalar.serialize("1.5")).toBe("1.5");
  });

  test.each(["1e3", "0.0000000000001", "-0", "", "NaN", 0.5, -0, null])("refuses %p", (value) => {
    expect(() => variable(DecimalScalar, value)).toThrow(/^This is no Decimal: /);
  });

  test("refuses a float in a document", () => {
    expect(() => literal(DecimalScalar, "0.5")).toThrow(/^This is no Decimal: /);
  });
});

describe("DateTime", () => {
  test("reads ISO 8601 with any offset, to the microsecond, and answers in UTC", () => {
    const instant = variable(DateTimeScalar, "2026-11-21T11:00:00.000001+01:00") as bigint;
    expect(DateTimeScalar.serialize(instant)).toBe("2026-11-21T10:00:00.000001Z");
    expect(literal(DateTimeScalar, '"2026-11-21T10:00:00.000001Z"')).toBe(instant);
  });

  test.each([
    "2026-11-21",
    "2026-11-21T10:00:00",
    "2026-02-30T00:00:00Z",
    "1969-12-31T23:59:59Z",
    "tomorrow",
    "",
    1_700_000_000,
    null,
  ])("refuses %p", (value) => {
    expect(() => variable(DateTimeScalar, value)).toThrow(/^This is no DateTime: /);
  });
});

describe("Duration", () => {
  test("is an ISO 8601 period, as it was written", () => {
    expect(variable(DurationScalar, "P1M")).toBe("P1M");
    expect(literal(DurationScalar, '"PT15M"')).toBe("PT15M");
    expect(DurationScalar.serialize("P7D")).toBe("P7D");
  });

  test.each(["P", "-P1D", "P0D", "1 day", "P101Y", "", 7, null])("refuses %p", (value) => {
    expect(() => variable(DurationScalar, value)).toThrow(/^This is no Duration: /);
  });
});

describe("CurrencyCode", () => {
  test("is three capital letters", () => {
    expect(variable(CurrencyCodeScalar, "EUR")).toBe("EUR");
  });

  test.each(["eur", "ZZZ", "EURO", "E1R", "ÄÖÜ", "", 978])("refuses %p", (value) => {
    expect(() => variable(CurrencyCodeScalar, value)).toThrow(/^This is no CurrencyCode: /);
  });
});

describe("JSONObject", () => {
  test("keeps what it is given", () => {
    const value = { text: "ä€𝄞", list: [1, 2.5, null, true], inner: { "": "" } };
    expect(variable(JsonObjectScalar, value)).toEqual(value);
    expect(JsonObjectScalar.serialize(value)).toBe(value);
    expect(literal(JsonObjectScalar, '{text: "a", list: [1, -2.5, null, true], inner: {word: ENUM}}')).toEqual({
      text: "a",
      list: [1, -2.5, null, true],
      inner: { word: "ENUM" },
    });
  });

  test("takes variables within an object of the document", () => {
    expect(JsonObjectScalar.parseLiteral(parseValue("{a: $a, b: $b}"), { a: [1] })).toEqual({ a: [1], b: null });
  });

  test("a key called __proto__ is a key like any other", () => {
    const value = variable(JsonObjectScalar, JSON.parse('{"__proto__": {"admin": true}}')) as Record<string, unknown>;
    expect(JSON.stringify(value)).toBe('{"__proto__":{"admin":true}}');
    expect(value["admin"]).toBeUndefined();
    expect(JSON.stringify(literal(JsonObjectScalar, "{__proto__: {admin: true}}"))).toBe('{"__proto__":{"admin":true}}');
  });

  const bytes = (count: number) => ({ a: "x".repeat(count - '{"a":""}'.length) });
  test("has at most 4 KB as JSON, in UTF-8", () => {
    expect(() => variable(JsonObjectScalar, bytes(4_096))).not.toThrow();
    expect(() => variable(JsonObjectScalar, bytes(4_097))).toThrow("JSONObject must have at most 4096 bytes.");
    expect(() => variable(JsonObjectScalar, { a: "€".repeat(1_400) })).toThrow("JSONObject must have at most 4096 bytes.");
  });

  const nested = (levels: number): unknown => JSON.parse(`${'{"a":'.repeat(levels)}1${"}".repeat(levels)}`);
  test("is nested at most 32 levels deep, and a hundred thousand levels do not overflow the stack", () => {
    expect(() => variable(JsonObjectScalar, nested(32))).not.toThrow();
    expect(() => variable(JsonObjectScalar, nested(33))).toThrow("JSONObject must not be nested deeper than 32 levels.");
    expect(() => variable(JsonObjectScalar, nested(100_000))).toThrow("JSONObject must not be nested deeper than 32 levels.");
  });

  test.each([{ a: "\0" }, { "\0": 1 }, { a: ["\ud800"] }, { "\udc00": 1 }, { a: { b: "x\ud83d" } }])("refuses %j", (value) => {
    expect(() => variable(JsonObjectScalar, value)).toThrow("NUL or half of a surrogate pair");
  });

  test.each(['{"a":1e999}', '{"a":9007199254740993}', '{"a":-12345678901234567890}'])(
    "refuses %s, which would not be kept exactly",
    (json) => {
      expect(() => variable(JsonObjectScalar, JSON.parse(json))).toThrow("write it as a string");
    },
  );

  test.each(["text", 1, null, [], true])("refuses %p", (value) => {
    expect(() => variable(JsonObjectScalar, value)).toThrow("JSONObject must be an object.");
  });

  test.each(['"text"', "1", "[{a: 1}]", "null"])("refuses %s in a document", (text) => {
    expect(() => literal(JsonObjectScalar, text)).toThrow("JSONObject must be an object.");
  });
});
