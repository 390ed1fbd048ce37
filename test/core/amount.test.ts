import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { type Amount, formatAmount, MAX_AMOUNT, maximum, minimum, parseAmount } from "../../src/core/amount";

const READ: readonly (readonly [string, Amount])[] = [
  ["0", 0n],
  ["1", 1_000_000n],
  ["12.5", 12_500_000n],
  ["12.50", 12_500_000n],
  ["0.0", 0n],
  ["0.000001", 1n],
  ["-0.000001", -1n],
  ["-3", -3_000_000n],
  ["1.100000", 1_100_000n],
  ["9000000000000", MAX_AMOUNT],
  ["9000000000000.000000", MAX_AMOUNT],
  ["-9000000000000", -MAX_AMOUNT],
  ["8999999999999.999999", MAX_AMOUNT - 1n],
  // Past what a JavaScript number can tell apart.
  ["9007199254.740993", 9_007_199_254_740_993n],
];

const REFUSED: readonly (readonly [string, string, RegExp])[] = [
  ["nothing", "", /decimal/],
  ["an exponent", "1e3", /decimal/],
  ["a plus sign", "+1", /decimal/],
  ["two signs", "--1", /decimal/],
  ["a leading zero", "01", /decimal/],
  ["only zeros", "00", /decimal/],
  ["no digit before the point", ".5", /decimal/],
  ["no digit after the point", "5.", /decimal/],
  ["two points", "1.2.3", /decimal/],
  ["a comma", "1,5", /decimal/],
  ["thousands apart", "1_000", /decimal/],
  ["space before", " 1", /decimal/],
  ["space after", "1 ", /decimal/],
  ["a line break after", "1\n", /decimal/],
  ["NaN", "NaN", /decimal/],
  ["infinity", "Infinity", /decimal/],
  ["hexadecimal", "0x10", /decimal/],
  ["Arabic digits", "١٢", /decimal/],
  ["fullwidth digits", "１２", /decimal/],
  ["a minus sign that is no hyphen", "−1", /decimal/],
  ["NUL", "1\u0000", /decimal/],
  ["a lone surrogate", "1\ud800", /decimal/],
  ["minus zero", "-0", /zero/],
  ["minus zero with decimals", "-0.000000", /zero/],
  ["seven decimals", "0.0000001", /6 decimals/],
  ["seven decimals, the last a zero", "1.0000000", /6 decimals/],
  ["a millionth too much", "9000000000000.000001", /past 9,000,000,000,000$/],
  ["a millionth too little", "-9000000000000.000001", /past 9,000,000,000,000$/],
  ["nineteen digits", "9999999999999999999", /past 9,000,000,000,000$/],
  ["a megabyte", "9".repeat(1_000_000), /longer than any amount/],
];

const amounts = fc.bigInt({ min: -MAX_AMOUNT, max: MAX_AMOUNT });

describe("parseAmount", () => {
  test.each(READ)("reads %j as %p micro-credits", (text, amount) => {
    expect(parseAmount(text)).toEqual({ ok: true, amount });
  });

  test.each(REFUSED)("refuses %s with a reason", (_what, text, reason) => {
    expect(parseAmount(text)).toEqual({ ok: false, reason: expect.stringMatching(reason) });
  });

  test("answers an amount within bounds or a reason to any text, and never throws", () => {
    const likely = fc.string({ unit: fc.constantFrom(...Array.from("0123456789.-+e_ ,")), maxLength: 24 });
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: "binary" }), likely), (text) => {
        const parsed = parseAmount(text);
        if (!parsed.ok) return parsed.reason.length > 0;
        return parsed.amount <= MAX_AMOUNT && parsed.amount >= -MAX_AMOUNT;
      }),
    );
  });
});

describe("formatAmount", () => {
  test.each([
    [0n, "0"],
    [1n, "0.000001"],
    [-1n, "-0.000001"],
    [10n, "0.00001"],
    [12_500_000n, "12.5"],
    [-500_000n, "-0.5"],
    [100_000_000n, "100"],
    [MAX_AMOUNT, "9000000000000"],
  ] as const)("writes %p as %j, the shortest form", (amount, text) => {
    expect(formatAmount(amount)).toBe(text);
  });

  test("is read back as the same amount, whatever it is", () => {
    fc.assert(fc.property(amounts, (amount) => expect(parseAmount(formatAmount(amount))).toEqual({ ok: true, amount })));
  });

  test("never ends in a zero or a point after the decimal point", () => {
    fc.assert(fc.property(amounts, (amount) => expect(formatAmount(amount)).toMatch(/^-?\d+(\.\d*[1-9])?$/)));
  });
});

test("minimum and maximum answer one of the two, the smaller and the larger", () => {
  fc.assert(
    fc.property(amounts, amounts, (a, b) => {
      expect([minimum(a, b), maximum(a, b)]).toEqual(a <= b ? [a, b] : [b, a]);
    }),
  );
});
