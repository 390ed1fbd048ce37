import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { chargeOf, estimateOf } from "../../../src/pricing/model/charge";
import type { GivenMeter, GivenPrice } from "../../../src/pricing/model/given";
import { meter } from "../../../src/pricing/model/meter";
import type { Meter, PriceBook, PricedUse } from "../../../src/pricing/model/types";
import { bookOf, booksOf, credits, meters, pricesOf, quantities, rates, useOf } from "../prices";

/** What a use costs, in credits; or why it has no price. */
function cost(book: PriceBook, use: PricedUse): bigint | string {
  const charge = chargeOf(book, use);
  return charge.refused ? charge.refusal.reason : charge.amount;
}

describe("what a use costs", () => {
  const CHAT: GivenPrice = {
    operation: "chat",
    meters: [
      { dimension: "input", rate: "0.000001" },
      { dimension: "output", rate: "0.000002" },
      { dimension: "cached", rate: "0.1", per: 1_000_000 },
    ],
    surcharges: [{ operation: "web.search" }],
  };
  const SEARCH: GivenPrice = { operation: "web.search", flat: "15" };

  test.each<[string, GivenPrice[], PricedUse, string]>([
    ["flat", [{ operation: "image", flat: "50" }], useOf("image"), "50"],
    ["nothing, when it says so", [{ operation: "image", flat: "0" }], useOf("image"), "0"],
    ["so much a unit", [{ operation: "page", meters: [{ dimension: "pages", rate: "8" }] }], useOf("page", { pages: "3" }), "24"],
    [
      "by dimensions, each with its rate",
      [CHAT, SEARCH],
      useOf("chat", { input: "1200", output: "340.5", cached: "500000" }),
      "0.051881",
    ],
    ["a surcharge, when it is asked for", [CHAT, SEARCH], useOf("chat", { input: "1000000" }, ["web.search"]), "16"],
    [
      "a surcharge that is always added, and its own",
      [
        { operation: "video", flat: "200", surcharges: [{ operation: "render", always: true }] },
        { operation: "render", flat: "5", surcharges: [{ operation: "store", always: true }] },
        { operation: "store", flat: "0.5" },
      ],
      useOf("video"),
      "205.5",
    ],
    [
      "no less than its minimum",
      [{ operation: "speech", meters: [{ dimension: "seconds", rate: "0.5" }], minimum: credits("10"), maximum: credits("80") }],
      useOf("speech", { seconds: "3" }),
      "10",
    ],
    [
      "no more than its maximum",
      [{ operation: "speech", meters: [{ dimension: "seconds", rate: "0.5" }], minimum: credits("10"), maximum: credits("80") }],
      useOf("speech", { seconds: "3600" }),
      "80",
    ],
    [
      "each unit by its own tier",
      [
        {
          operation: "page",
          meters: [{ dimension: "pages", tiers: [{ upTo: "100", rate: "8" }, { upTo: "1000", rate: "6" }, { rate: "4" }] }],
        },
      ],
      useOf("page", { pages: "1500" }),
      "8200",
    ],
    [
      "all units by the tier of the last",
      [
        {
          operation: "page",
          meters: [{ dimension: "pages", mode: "VOLUME", tiers: [{ upTo: "100", rate: "8" }, { rate: "6" }] }],
        },
      ],
      useOf("page", { pages: "200" }),
      "1200",
    ],
    [
      "by volume no less than fewer units would",
      [
        {
          operation: "page",
          meters: [{ dimension: "pages", mode: "VOLUME", tiers: [{ upTo: "100", rate: "8" }, { rate: "6" }] }],
        },
      ],
      useOf("page", { pages: "101" }),
      "800",
    ],
    [
      "half a micro-credit, rounded away from zero, once: two halves are one, not two",
      [
        {
          operation: "chat",
          meters: [
            { dimension: "input", rate: "0.0000005" },
            { dimension: "output", rate: "0.0000005" },
          ],
        },
      ],
      useOf("chat", { input: "1", output: "1" }),
      "0.000001",
    ],
  ])("is %s", (_what, given, use, expected) => {
    expect(cost(bookOf(...given), use)).toBe(credits(expected));
  });

  test.each<[string, PricedUse, string]>([
    ["an operation that nobody prices", useOf("draw"), "OPERATION_UNKNOWN"],
    ["a dimension that is not counted", useOf("chat", { outptu: "3" }), "DIMENSION_UNKNOWN"],
    ["a surcharge that it does not have", useOf("chat", { input: "3" }, ["thinking"]), "SURCHARGE_UNKNOWN"],
    ["quantities that nobody said", useOf("chat"), "QUANTITIES_MISSING"],
    ["an amount that only the application knows", useOf("agent"), "AMOUNT_MISSING"],
    ["more than amounts can say", useOf("gold", { bars: "9000000000000" }), "OUT_OF_RANGE"],
  ])("cannot be told for %s", (_what, use, reason) => {
    const book = bookOf(
      CHAT,
      SEARCH,
      { operation: "agent", range: { minimum: credits("40"), maximum: credits("400") } },
      { operation: "gold", meters: [{ dimension: "bars", rate: "100000" }] },
    );
    expect(cost(book, use)).toBe(reason);
  });

  test("is what the most particular list says that has the operation, and names its version", () => {
    const book = booksOf(
      [{ operation: "image", flat: "30" }],
      [
        { operation: "image", flat: "50" },
        { operation: "page", flat: "8" },
      ],
    );
    expect(chargeOf(book, useOf("image"))).toMatchObject({ amount: credits("30"), versions: [1] });
    expect(chargeOf(book, useOf("page"))).toMatchObject({ amount: credits("8"), versions: [2] });
  });

  test("takes quantities that another list counts, and does not charge for them", () => {
    const book = booksOf([{ operation: "chat", flat: "1" }], [CHAT, SEARCH]);
    expect(cost(book, useOf("chat", { input: "5" }))).toBe(credits("1"));
    expect(cost(book, useOf("chat", { inptu: "5" }))).toBe("DIMENSION_UNKNOWN");
  });

  test("adds no surcharge twice, and none without end, whatever the lists say together", () => {
    const book = booksOf(
      [{ operation: "b", flat: "2", surcharges: [{ operation: "a", always: true }] }],
      [
        { operation: "a", flat: "1", surcharges: [{ operation: "b", always: true }] },
        { operation: "b", flat: "7" },
      ],
    );
    expect(cost(book, useOf("a"))).toBe(credits("3"));
  });

  test("is told line by line; the lines add up to it exactly", () => {
    fc.assert(
      fc.property(
        meters,
        rates,
        quantities,
        fc.bigInt({ min: 0n, max: 90_000_000n }),
        fc.bigInt({ min: 0n, max: 90_000_000n }),
        (own, flat, quantity, low, more) => {
          const given = {
            operation: "a",
            flat,
            meters: [own],
            minimum: low,
            maximum: low + more,
            surcharges: [{ operation: "b", always: true }],
          };
          const charge = chargeOf(bookOf(given, { operation: "b", flat }), {
            ...useOf("a"),
            quantities: new Map([["units", quantity]]),
          });
          if (charge.refused) throw new Error(charge.refusal.reason);
          const sum = charge.lines.reduce((total, line) => total + line.exact, 0n);
          expect(sum).toBe(charge.exact);
          // Within half a micro-credit, and away from zero at just a half.
          const off = charge.amount * 10n ** 12n - sum;
          expect(off > -(10n ** 12n / 2n) && off <= 10n ** 12n / 2n).toBe(true);
        },
      ),
    );
  });
});

describe("a scale", () => {
  const scaleOf = (given: GivenMeter) => pricesOf({ operation: "a", meters: [given] })[0]?.meters[0] as Meter;
  const total = (own: Meter, quantity: bigint) => meter(own, quantity).reduce((sum, part) => sum + part.exact, 0n);

  test("never costs less for more", () => {
    fc.assert(
      fc.property(meters, quantities, quantities, (given, a, b) => {
        const own = scaleOf(given);
        const [less, more] = a < b ? [a, b] : [b, a];
        expect(total(own, less) <= total(own, more)).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });

  test("has tiers that agree at their edges: a step past an edge adds no more than that step costs", () => {
    fc.assert(
      fc.property(meters, (given) => {
        const own = scaleOf(given);
        for (const [index, { upTo }] of own.tiers.entries()) {
          if (upTo === null) continue;
          const next = own.tiers[index + 1]?.rate as bigint;
          const step = total(own, upTo + 1n) - total(own, upTo);
          if (own.mode === "GRADUATED") expect(step).toBe(next);
          // All of them take the next rate: only if that is lower does it stand still for a while.
          else expect(step).toBe(max(0n, (upTo + 1n) * next - total(own, upTo)));
        }
      }),
      { numRuns: 1_000 },
    );
  });

  test("costs nothing for nothing, and a plain rate what it says", () => {
    fc.assert(
      fc.property(meters, rates, quantities, (given, rate, quantity) => {
        expect(total(scaleOf(given), 0n)).toBe(0n);
        const plain = scaleOf({ dimension: "units", rate });
        expect(total(plain, quantity)).toBe((plain.tiers[0]?.rate as bigint) * quantity);
      }),
    );
  });
});

describe("what a use will cost", () => {
  const BOOK = bookOf(
    { operation: "agent", range: { minimum: credits("40"), maximum: credits("400") }, surcharges: [{ operation: "web.search" }] },
    { operation: "web.search", flat: "15" },
    { operation: "chat", meters: [{ dimension: "input", rate: "2" }], minimum: credits("2"), maximum: credits("10") },
    { operation: "page", meters: [{ dimension: "pages", rate: "8" }] },
  );

  test.each<[string, PricedUse, string, string | null]>([
    ["two bounds", useOf("agent"), "40", "400"],
    ["two bounds with what is added", useOf("agent", {}, ["web.search"]), "55", "415"],
    ["its minimum and maximum while quantities are not known", useOf("chat"), "2", "10"],
    ["no bound where there is none", useOf("page"), "0", null],
    ["exactly that, once they are", useOf("chat", { input: "3" }), "6", "6"],
  ])("is %s", (_what, use, minimum, maximum) => {
    const estimate = estimateOf(BOOK, use);
    expect(estimate).toMatchObject({ minimum: credits(minimum), maximum: maximum === null ? null : credits(maximum) });
  });

  test("has room for what was not named, as long as anything is not known", () => {
    const book = bookOf(
      {
        operation: "a",
        meters: [
          { dimension: "d0", rate: "1" },
          { dimension: "d1", rate: "1" },
        ],
        maximum: credits("500"),
        surcharges: [{ operation: "b", always: true }],
      },
      { operation: "b", meters: [{ dimension: "d0", rate: "1" }], maximum: credits("10") },
    );
    expect(estimateOf(book, useOf("a", { d1: "5" }))).toMatchObject({ minimum: credits("5"), maximum: credits("510") });
    expect(estimateOf(book, useOf("a", { d0: "3", d1: "5" }))).toMatchObject({ minimum: credits("11"), maximum: credits("11") });
  });

  test("holds whatever the quantities turn out to be", () => {
    fc.assert(
      fc.property(
        meters,
        rates,
        quantities,
        fc.bigInt({ min: 0n, max: 90_000_000n }),
        fc.bigInt({ min: 0n, max: 90_000_000n }),
        (own, flat, quantity, low, more) => {
          const book = bookOf({ operation: "a", flat, meters: [own], minimum: low, maximum: low + more });
          const estimate = estimateOf(book, useOf("a"));
          const charge = chargeOf(book, { ...useOf("a"), quantities: new Map([["units", quantity]]) });
          if (estimate.refused || charge.refused || estimate.maximum === null) throw new Error("it has a price");
          expect(estimate.minimum <= charge.amount && charge.amount <= estimate.maximum).toBe(true);
        },
      ),
    );
  });
});

function max(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}

describe("a whole price", () => {
  const bounds = fc.bigInt({ min: 0n, max: 90_000_000n });
  const given = fc.record({ flat: rates, own: meters, other: meters, low: bounds, more: bounds, added: meters });

  test("never costs less for more of anything, with all that is added to it", () => {
    fc.assert(
      fc.property(given, quantities, quantities, quantities, ({ flat, own, other, low, more, added }, one, step, units) => {
        const book = bookOf(
          {
            operation: "a",
            flat,
            meters: [own, { ...other, dimension: "others" }],
            minimum: low,
            maximum: low + more,
            surcharges: [{ operation: "b", always: true }],
          },
          { operation: "b", flat, meters: [added], minimum: low },
        );
        const costs = [one, one + step].map((others) =>
          cost(book, {
            ...useOf("a"),
            quantities: new Map([
              ["units", units],
              ["others", others],
            ]),
          }),
        );
        expect(typeof costs[0] === "bigint" && typeof costs[1] === "bigint" && costs[0] <= costs[1]).toBe(true);
      }),
      { numRuns: 1_000 },
    );
  });
});
