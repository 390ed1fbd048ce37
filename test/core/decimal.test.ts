import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { formatDecimal } from "../../src/core/decimal";

describe("formatDecimal", () => {
  test.each([
    ["0", "0"],
    ["0.0", "0"],
    ["1.50", "1.5"],
    ["1.000", "1"],
    ["-1.50", "-1.5"],
    ["0.000000000001", "0.000000000001"],
    ["-0.10", "-0.1"],
    ["999999999999999.999999999999", "999999999999999.999999999999"],
  ])("writes %j as %j", (text, canonical) => {
    expect(formatDecimal(text)).toBe(canonical);
  });

  test.each([
    ["nothing", ""],
    ["an exponent", "1e3"],
    ["a plus sign", "+1"],
    ["a leading zero", "01"],
    ["no digit before the point", ".5"],
    ["no digit after the point", "5."],
    ["minus zero", "-0"],
    ["minus zero with decimals", "-0.00"],
    ["Arabic digits", "١"],
    ["space", " 1"],
    ["a line break", "1\n"],
    ["NaN", "NaN"],
    ["thirteen decimals", "0.0000000000001"],
    ["sixteen digits before the point", "1000000000000000"],
    ["a megabyte", "1".repeat(1_000_000)],
  ])("has no form for %s", (_what, text) => {
    expect(formatDecimal(text)).toBeNull();
  });

  test("leaves its own form as it is", () => {
    const parts = fc.tuple(
      fc.boolean(),
      fc.bigInt({ min: 0n, max: 10n ** 15n - 1n }),
      fc.bigInt({ min: 0n, max: 10n ** 12n - 1n }),
    );
    fc.assert(
      fc.property(parts, ([negative, whole, fraction]) => {
        const text = `${negative && whole > 0n ? "-" : ""}${whole}.${fraction.toString().padStart(12, "0")}`;
        const canonical = formatDecimal(text);
        expect(canonical).not.toBeNull();
        expect(formatDecimal(canonical as string)).toBe(canonical);
      }),
    );
  });
});
