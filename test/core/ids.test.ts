import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { formatId, type IdKind, PREFIXES, parseId } from "../../src/core/ids";

const UUID = "019371a0-b2c4-7d3e-8f0a-1b2c3d4e5f60";
const HEX = UUID.replaceAll("-", "");

/** One id of each kind, with what it says. */
const IDS: readonly (readonly [IdKind, string | null, readonly number[], string])[] = [
  ["account", UUID, [], `acc_${HEX}`],
  ["member", UUID, [4], `mem_${HEX}_4`],
  ["creditType", null, [3], "ct_3"],
  ["priceVersion", null, [12], "prv_12"],
  ["pack", null, [7], "pack_7"],
  ["packVersion", null, [9], "pkv_9"],
  ["auditEntry", null, [1042], "aud_1042"],
  ["redenomination", null, [3, 2], "red_3_2"],
  ["wallet", UUID, [1], `wal_${HEX}_1`],
  ["grant", UUID, [1, 12], `gr_${HEX}_1_12`],
  ["transaction", UUID, [1, 1042], `txn_${HEX}_1_1042`],
  ["entry", UUID, [1, 1042, 2], `ent_${HEX}_1_1042_2`],
  ["hold", UUID, [1, 7], `hold_${HEX}_1_7`],
  ["threshold", UUID, [1, 2], `thr_${HEX}_1_2`],
  ["alert", UUID, [1, 9], `alr_${HEX}_1_9`],
  ["plan", null, [2], "plan_2"],
  ["planVersion", null, [5], "plv_5"],
  ["planMigration", null, [4], "plm_4"],
  ["planSubscription", UUID, [1], `sub_${HEX}_1`],
  ["subscriptionCommand", UUID, [1, 3], `sbc_${HEX}_1_3`],
  ["apiKey", UUID, [], `key_${HEX}`],
];

test("no two kinds share a prefix, and every kind is tried here", () => {
  expect(new Set(Object.values(PREFIXES)).size).toBe(Object.keys(PREFIXES).length);
  expect(IDS.map(([kind]) => kind).sort()).toEqual(Object.keys(PREFIXES).sort());
});

describe.each(IDS)("the id of a %s", (kind, uuid, numbers, text) => {
  test("is written with its prefix, its account and its numbers", () => {
    expect(formatId(kind, uuid, ...numbers)).toBe(text);
  });

  test("is read back as what it was made of, whether or not the kind is told", () => {
    expect(parseId(text)).toEqual({ kind, uuid, numbers });
    expect(parseId(text, kind)).toEqual({ kind, uuid, numbers });
  });

  test("is no id of any other kind", () => {
    const others = (Object.keys(PREFIXES) as IdKind[]).filter((other) => other !== kind);
    expect(others.map((other) => parseId(text, other))).toEqual(others.map(() => null));
  });

  test("has no more and no fewer numbers", () => {
    expect(parseId(`${text}_1`)).toBeNull();
    expect(parseId(text.slice(0, text.lastIndexOf("_")))).toBeNull();
  });
});

describe("what is no id", () => {
  test.each([
    ["nothing", ""],
    ["a prefix alone", "acc"],
    ["a prefix and a line", "acc_"],
    ["an unknown prefix", `foo_${HEX}`],
    ["a property of every object", `constructor_${HEX}`],
    ["a prefix in capitals", `ACC_${HEX}`],
    ["a UUID with dashes", `acc_${UUID}`],
    ["a UUID in capitals", `acc_${HEX.toUpperCase()}`],
    ["a UUID that is too short", `acc_${HEX.slice(1)}`],
    ["a UUID that is too long", `acc_${HEX}0`],
    ["a digit that is not hexadecimal", `acc_${HEX.slice(1)}g`],
    ["the number 0", "ct_0"],
    ["a leading zero", "ct_01"],
    ["a negative number", "ct_-1"],
    ["a fraction", "ct_1.5"],
    ["an exponent", "ct_1e3"],
    ["a number past all exact ones", "ct_9007199254740993"],
    ["Arabic digits", "ct_١"],
    ["an empty part", `wal_${HEX}__1`],
    ["space around it", ` ct_1 `],
    ["a line break after it", "ct_1\n"],
    ["NUL in it", "ct_1\u0000"],
    ["a lone surrogate", "ct_\ud800"],
    ["a megabyte", `ct_${"1".repeat(1_000_000)}`],
  ])("%s", (_what, text) => {
    expect(parseId(text)).toBeNull();
  });
});

const kinds = fc.constantFrom(...(Object.keys(PREFIXES) as IdKind[]));
const numbers = fc.integer({ min: 1, max: 999_999_999_999_999 });

test("every id has one form: what is read is written the same again", () => {
  const hex = fc.string({ unit: fc.constantFrom(...Array.from("0123456789abcdefABC-")), minLength: 30, maxLength: 33 });
  const parts = fc.array(fc.oneof(hex, numbers.map(String), fc.constantFrom("", "0", "01", " 1", HEX)), { maxLength: 5 });
  fc.assert(
    fc.property(kinds, parts, (kind, rest) => {
      const text = [PREFIXES[kind], ...rest].join("_");
      const id = parseId(text);
      return id === null || formatId(id.kind, id.uuid, ...id.numbers) === text;
    }),
  );
});

test("any text is an id or none, and never throws", () => {
  fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => parseId(text) === null || text.length <= 100));
});

test("any account and any numbers can be told apart by their ids", () => {
  fc.assert(
    fc.property(fc.uuid({ version: 7 }), numbers, numbers, (uuid, creditType, number) => {
      expect(parseId(formatId("grant", uuid, creditType, number))).toEqual({
        kind: "grant",
        uuid,
        numbers: [creditType, number],
      });
    }),
  );
});
