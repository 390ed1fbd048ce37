import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { isDimension, readUse, writeUse } from "../../src/core/use-text";

const dimensions = fc.stringMatching(/^[A-Za-z0-9_.:/-]{1,12}$/);
const operations = fc.stringMatching(/^[^\s*+=]{1,12}$/);

describe("how much was used, as text", () => {
  test("is sorted, whatever the order in which it was said", () => {
    const quantities = new Map([
      ["output", 340_500_000n],
      ["input", 1_200_000_000n],
    ]);
    expect(writeUse({ quantities, surcharges: ["web.search", "think", "web.search"] })).toBe(
      "input=1200 output=340.5 +think +web.search",
    );
  });

  test("is none when nothing was said", () => {
    expect(writeUse({ quantities: new Map(), surcharges: [] })).toBeNull();
    expect(readUse(null)).toEqual({ quantities: new Map(), surcharges: [] });
  });

  test("is read as it was written", () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.tuple(dimensions, fc.bigInt({ min: 0n, max: 10n ** 18n })), { selector: ([name]) => name }),
        fc.uniqueArray(operations),
        (counted, surcharges) => {
          const use = { quantities: new Map(counted), surcharges: surcharges.sort() };
          const read = readUse(writeUse(use));
          expect(read.quantities).toEqual(use.quantities);
          expect(read.surcharges).toEqual(use.surcharges);
        },
      ),
    );
  });

  test("has no parts in what somebody else wrote", () => {
    expect(readUse("24")).toEqual({ quantities: new Map(), surcharges: [] });
  });

  test.each([
    ["input", true],
    ["cache/read:5m", true],
    ["", false],
    ["two words", false],
    ["a=b", false],
    ["+a", false],
  ])("takes %j for a dimension: %s", (text, expected) => {
    expect(isDimension(text)).toBe(expected);
  });
});
