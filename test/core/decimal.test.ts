import { describe, expect, test } from "@jest/globals";
import { formatDecimal, shareOf, shareUpTo, whyNoDecimal } from "../../src/core/decimal";

describe("decimals", () => {
  test.each([
    ["0", "0"],
    ["1.50", "1.5"],
    ["0.000000000001", "0.000000000001"],
    ["-3.10", "-3.1"],
    ["7.000", "7"],
    ["999999999999999.999999999999", "999999999999999.999999999999"],
    ["0.0", "0"],
  ])("%s is written %s", (text, canonical) => {
    expect(formatDecimal(text)).toBe(canonical);
  });

  test.each([
    "",
    "-",
    "-0",
    "-0.0",
    "+1",
    "01",
    ".5",
    "1.",
    "1e3",
    "NaN",
    "Infinity",
    "١٢",
    "1,5",
    " 1",
    "1 ",
    "0.0000000000001",
    "1000000000000000",
    "1".repeat(1_000_000),
  ])("%s is none", (text) => {
    expect(formatDecimal(text)).toBeNull();
  });
});

describe("a share of a decimal", () => {
  test.each([
    ["10", 10n, 100n, "1"],
    ["9.99", 4n, 5n, "7.992"],
    ["0.5", 0n, 3n, "0"],
    ["1", 1n, 3n, "0.333333333333"],
    ["2", 1n, 3n, "0.666666666667"],
    ["0.000000000001", 1n, 2n, "0.000000000001"],
    ["0.000000000001", 1n, 3n, "0"],
    ["123456789012345.123456789012", 7n, 7n, "123456789012345.123456789012"],
  ])("of %s is, for %s of %s, %s", (decimal, part, whole, share) => {
    expect(shareOf(decimal, part, whole)).toBe(share);
  });

  test.each([
    ["0.25", 100n, 100n, 2, "0.25"],
    ["0.08", 3_010_044_804n, 1_000_000n, 2, "240.81"],
    ["0.0001", 1n, 1_000_000n, 2, "0.01"],
    ["12", 1n, 7n, 0, "2"],
    ["14", 1n, 7n, 0, "2"],
    ["0.001", 1n, 1n, 3, "0.001"],
  ])("of %s is, for %s of %s in coins of %s places, %s", (decimal, part, whole, places, cost) => {
    expect(shareUpTo(decimal, part, whole, places)).toBe(cost);
  });
});

test.each([
  ["1000000000000000", "it is too large: it may have 15 digits before the point"],
  ["-1234567890123456789012345678901234567890", "it is too large: it may have 15 digits before the point"],
  ["0.0000000000001", "it is too fine: it may have 12 digits after the point"],
  ["1e3", 'write it with the digits 0-9, such as "0.0125"'],
  ["1".repeat(100_000), 'write it with the digits 0-9, such as "0.0125"'],
])("who writes %s is told why it is no decimal", (text, why) => {
  expect([formatDecimal(text), whyNoDecimal(text)]).toEqual([null, why]);
});
