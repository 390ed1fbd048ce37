import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { formatAmount, MAX_AMOUNT, parseAmount } from "../../src/core/amount";
import { type Factor, FIRST_UNIT, formatFactor, multiplied, ONE, parseFactor, Unit } from "../../src/core/unit";

const RUNS = { numRuns: 300 };

function factorOf(text: string): Factor {
  const factor = parseFactor(text);
  if (factor === null) throw new Error(`${text} is no factor`);
  return factor;
}

function unitOf(factor: Factor): Unit {
  return new Unit({ number: 1, factor, since: 0n, until: null, revision: 1 });
}

/** A decimal as so many 10⁻²⁴. */
function exactly(decimal: string): bigint {
  const [whole = "", fraction = ""] = decimal.replace("-", "").split(".");
  const magnitude = BigInt(whole + fraction.padEnd(24, "0"));
  return decimal.startsWith("-") ? -magnitude : magnitude;
}

const amounts = fc.bigInt({ min: -MAX_AMOUNT, max: MAX_AMOUNT });
/** Of up to 10⁶ either way. */
const factors = fc
  .tuple(fc.integer({ min: -19, max: 19 }), fc.integer({ min: -8, max: 8 }))
  .map(([twos, fives]) => [
    2n ** BigInt(Math.max(twos, 0)) * 5n ** BigInt(Math.max(fives, 0)),
    2n ** BigInt(Math.max(-twos, 0)) * 5n ** BigInt(Math.max(-fives, 0)),
  ])
  .map(([times = 1n, per = 1n]) => multiplied({ times, per }, ONE))
  .filter((factor): factor is Factor => factor !== null);

describe("a factor", () => {
  test.each([
    ["100", 100n, 1n],
    ["0.01", 1n, 100n],
    ["2.5", 5n, 2n],
    ["0.000001", 1n, 1_000_000n],
    ["1000000", 1_000_000n, 1n],
    ["0.8", 4n, 5n],
    ["100.0", 100n, 1n],
  ])("%s is read", (text, times, per) => {
    expect(parseFactor(text)).toEqual({ times, per });
    expect(factorOf(formatFactor(factorOf(text)))).toEqual({ times, per });
  });

  test.each(["0", "1", "1.0", "-100", "3", "0.3", "7", "1e2", "", "abc", "0.0000000000001", "01"])("%j is none", (text) => {
    expect(parseFactor(text)).toBeNull();
  });

  test("after another is their product, no further from the first than a million", () => {
    expect(multiplied(factorOf("100"), factorOf("0.01"))).toEqual(ONE);
    expect(multiplied(factorOf("1000"), factorOf("1000"))).toEqual({ times: 1_000_000n, per: 1n });
    expect(multiplied(factorOf("1000"), factorOf("1024"))).toBeNull();
    expect(multiplied(factorOf("0.001"), factorOf("0.0008"))).toBeNull();
  });

  test("turned round is exact, too: there and back is where one was", () => {
    fc.assert(
      fc.property(factors, ({ times, per }) => {
        expect(multiplied({ times, per }, { times: per, per: times })).toEqual(ONE);
        expect(exactly(formatFactor({ times, per })) * per).toBe(times * 10n ** 24n);
      }),
      RUNS,
    );
  });
});

describe("the first unit", () => {
  test("passes amounts as they are", () => {
    fc.assert(
      fc.property(amounts, (amount) => {
        expect(FIRST_UNIT.show(amount)).toBe(amount);
        expect(FIRST_UNIT.read(amount)).toBe(amount);
        expect(FIRST_UNIT.format(amount)).toBe(formatAmount(amount));
      }),
      RUNS,
    );
    expect(FIRST_UNIT.readPriceOfOne("0.08")).toBe("0.08");
    expect(FIRST_UNIT.step).toBe("0.000001");
    expect(FIRST_UNIT.most).toBe("9000000000000");
  });
});

describe("another unit", () => {
  test("shows what there is times its factor, exactly, in the shortest decimal", () => {
    fc.assert(
      fc.property(amounts, factors, (amount, factor) => {
        const shown = unitOf(factor).format(amount);
        expect(exactly(shown) * factor.per).toBe(amount * factor.times * 10n ** 18n);
        expect(shown).toMatch(/^(0|-?(0|[1-9]\d*)(\.\d*[1-9])?)$/);
      }),
      RUNS,
    );
  });

  test("shows more of what is more", () => {
    fc.assert(
      fc.property(amounts, amounts, factors, (a, b, factor) => {
        const [shownA, shownB] = [a, b].map((amount) => exactly(unitOf(factor).format(amount))) as [bigint, bigint];
        expect([shownA < shownB, shownA === shownB]).toEqual([a < b, a === b]);
      }),
      RUNS,
    );
  });

  test("reads what it shows as what it was, wherever that can be given", () => {
    fc.assert(
      fc.property(amounts, factors, (amount, factor) => {
        const unit = unitOf(factor);
        const given = parseAmount(unit.format(amount));
        if (given.ok) expect(unit.read(given.amount)).toBe(amount);
      }),
      RUNS,
    );
  });

  test("reads every multiple of its step that amounts reach, and nothing else", () => {
    fc.assert(
      fc.property(amounts, factors, (given, factor) => {
        const unit = unitOf(factor);
        const step = parseAmount(unit.step);
        const read = unit.read(given);
        const within = given * factor.per <= MAX_AMOUNT * factor.times && given * factor.per >= -MAX_AMOUNT * factor.times;
        expect(read !== null).toBe(within && step.ok && given % step.amount === 0n);
        if (read !== null) expect(read * factor.times).toBe(given * factor.per);
      }),
      RUNS,
    );
  });

  test("is turned back by its inverse: what was shown there and back is told as at first", () => {
    fc.assert(
      fc.property(amounts, factors, (amount, { times, per }) => {
        const back = multiplied({ times, per }, { times: per, per: times }) as Factor;
        expect(unitOf(back).show(amount)).toBe(amount);
        expect(unitOf(back).read(amount)).toBe(amount);
      }),
      RUNS,
    );
  });

  test("takes the most that amounts can say, and a step more is too much", () => {
    const larger = unitOf(factorOf("0.01"));
    expect(larger.most).toBe("90000000000");
    expect(larger.read(90_000_000_000_000_000n)).toBe(MAX_AMOUNT);
    expect(larger.read(90_000_000_000_000_001n)).toBeNull();
    expect(unitOf(factorOf("100")).most).toBe("9000000000000");
  });

  test("tells what one credit sells for, so that so many cost what they did", () => {
    const smaller = unitOf(factorOf("100"));
    expect(smaller.priceOfOne("0.08")).toBe("0.0008");
    expect(smaller.readPriceOfOne("0.0008")).toBe("0.08");
    const larger = unitOf(factorOf("0.01"));
    expect(larger.priceOfOne("0.08")).toBe("8");
    expect(larger.readPriceOfOne("8")).toBe("0.08");
    expect(larger.readPriceOfOne("0.00000000001")).toBeNull();
  });

  test("holds until the next, as long as nothing has changed", () => {
    const unit = new Unit({ number: 1, factor: factorOf("100"), since: 0n, until: 10n, revision: 2 });
    expect([unit.holds(2, 9n), unit.holds(2, 10n), unit.holds(3, 9n)]).toEqual([true, false, false]);
  });
});
