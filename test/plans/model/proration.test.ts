import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { MAX_AMOUNT } from "../../../src/core/amount";
import { elapsedShare, remainingShare } from "../../../src/plans/model/proration";

const AMOUNT = fc.bigInt({ min: 0n, max: MAX_AMOUNT });
/** A period's start and end, and instants around and within it, in order. */
const CUT = fc
  .record({
    start: fc.bigInt({ min: 0n, max: 4_000_000_000_000_000n }),
    length: fc.oneof(fc.bigInt({ min: 1n, max: 10n }), fc.bigInt({ min: 1n, max: 3_200_000_000_000_000n })),
    parts: fc.array(fc.integer({ min: -10, max: 110 }), { minLength: 1, maxLength: 12 }),
  })
  .map(({ start, length, parts }) => ({
    start,
    end: start + length,
    instants: parts.sort((a, b) => a - b).map((part) => start + (length * BigInt(part)) / 100n),
  }));

describe("proration", () => {
  test.each([
    ["at the start", 0n, 0n, 100n],
    ["before the start", -5n, 0n, 100n],
    ["at a third", 10n, 33n, 67n],
    ["at the end", 30n, 100n, 0n],
    ["after the end", 31n, 100n, 0n],
  ])("%s leaves shares that are the whole", (_when, at, elapsed, remaining) => {
    expect(elapsedShare(100n, 0n, 30n, at)).toBe(elapsed);
    expect(remainingShare(100n, 0n, 30n, at)).toBe(remaining);
  });

  test("never makes or loses a micro-credit, however often a period is cut", () => {
    fc.assert(
      fc.property(AMOUNT, CUT, (amount, { start, end, instants }) => {
        let before = 0n;
        let total = 0n;
        for (const at of [...instants, end]) {
          const elapsed = elapsedShare(amount, start, end, at);
          expect(elapsed + remainingShare(amount, start, end, at)).toBe(amount);
          const share = elapsed - before;
          expect(share).toBeGreaterThanOrEqual(0n);
          total += share;
          before = elapsed;
        }
        expect(total).toBe(amount);
      }),
    );
  });

  test("never falls for a longer time or a larger amount, and is never less than a negative", () => {
    fc.assert(
      fc.property(AMOUNT, AMOUNT, CUT, (a, b, { start, end, instants }) => {
        const [less, more] = a < b ? [a, b] : [b, a];
        for (const at of instants) {
          const share = elapsedShare(less, start, end, at);
          expect(share).toBeGreaterThanOrEqual(0n);
          expect(share).toBeLessThanOrEqual(less);
          expect(share).toBeLessThanOrEqual(elapsedShare(more, start, end, at));
        }
      }),
    );
  });

  test("of what is left is shared as what is left of the whole, to a micro-credit for each cut", () => {
    fc.assert(
      fc.property(AMOUNT, CUT, (amount, { start, end, instants }) => {
        let left = amount;
        let since = start;
        instants.forEach((at, cuts) => {
          if (at <= since || at >= end) return;
          left = remainingShare(left, since, end, at);
          since = at;
          expect(left - remainingShare(amount, start, end, at)).toBeLessThanOrEqual(BigInt(cuts));
        });
      }),
    );
  });
});
