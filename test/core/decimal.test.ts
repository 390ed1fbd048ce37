import { describe, expect, test } from "@jest/globals";
import { formatDecimal } from "../../src/core/decimal";

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
