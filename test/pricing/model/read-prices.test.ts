import { describe, expect, test } from "@jest/globals";
import type { GivenPrice } from "../../../src/pricing/model/given";
import { misfits } from "../../../src/pricing/model/misfits";
import { MOST_PRICES, readPrices } from "../../../src/pricing/model/read-prices";
import { bookOf, credits, pricesOf } from "../prices";

function problemsOf(...given: readonly GivenPrice[]): readonly string[] {
  return readPrices(given).problems.map(({ path, message }) => `${path.join(".")}: ${message}`);
}

describe("prices that an operator writes", () => {
  test.each<[string, GivenPrice, string]>([
    [
      "without any price",
      { operation: "a" },
      '0: a has no price: give flat, meters or range. One that costs nothing has flat "0".',
    ],
    ["below zero", { operation: "a", flat: "-1" }, "0.flat: A price cannot be below zero."],
    [
      "with a rate below zero",
      { operation: "a", meters: [{ dimension: "x", rate: "-0.5" }] },
      "0.meters.0.rate: A price cannot be below zero.",
    ],
    ["with a minimum below zero", { operation: "a", flat: "1", minimum: -1n }, "0.minimum: A price cannot be below zero."],
    [
      "with 13 decimals",
      { operation: "a", flat: "0.0000000000001" },
      "0.flat: A rate is a decimal with up to 12 digits after the point.",
    ],
    [
      "with a maximum below the minimum",
      { operation: "a", flat: "1", minimum: 2n, maximum: 1n },
      "0.maximum: The maximum is below the minimum: exchange them.",
    ],
    [
      "with a range and more",
      { operation: "a", flat: "1", range: { minimum: 1n, maximum: 2n } },
      "0.range: A range stands for itself: leave out flat, meters, minimum and maximum, or the range.",
    ],
    [
      "with a space in its name",
      { operation: "a b", flat: "1" },
      "0.operation: An operation is named by 1-255 characters without spaces, `*`, `+` and `=`.",
    ],
    [
      "with a title of white space",
      { operation: "a", title: " ", flat: "1" },
      "0.title: It is only white space: leave it out, or say something.",
    ],
    [
      "with a rate and tiers",
      { operation: "a", meters: [{ dimension: "x", rate: "1", tiers: [{ rate: "1" }] }] },
      "0.meters.0: A meter has either a rate or tiers.",
    ],
    ["with neither", { operation: "a", meters: [{ dimension: "x" }] }, "0.meters.0: A meter has either a rate or tiers."],
    [
      "with tiers that overlap",
      {
        operation: "a",
        meters: [{ dimension: "x", tiers: [{ upTo: "100", rate: "2" }, { upTo: "50", rate: "1" }, { rate: "1" }] }],
      },
      "0.meters.0.tiers.1.upTo: This tier overlaps the one before: it must end later.",
    ],
    [
      "with tiers that end",
      { operation: "a", meters: [{ dimension: "x", tiers: [{ upTo: "100", rate: "2" }] }] },
      "0.meters.0.tiers.0.upTo: The last tier goes on without end: leave out its upTo.",
    ],
    [
      "with a tier without end before the last",
      { operation: "a", meters: [{ dimension: "x", tiers: [{ rate: "2" }, { rate: "1" }] }] },
      "0.meters.0.tiers.0.upTo: Only the last tier goes on without end: say where this one ends.",
    ],
    [
      "with a first tier of nothing",
      { operation: "a", meters: [{ dimension: "x", tiers: [{ upTo: "0", rate: "2" }, { rate: "1" }] }] },
      "0.meters.0.tiers.0.upTo: The first tier must end above 0.",
    ],
    [
      "of more than can ever be charged",
      { operation: "a", flat: "9999999999999" },
      "0.flat: That is more than can ever be charged: give 9,000,000,000,000 at most.",
    ],
    [
      "for a strange number of units",
      { operation: "a", meters: [{ dimension: "x", rate: "1", per: 7 }] },
      "0.meters.0.per: A rate is for 1, 1000 or 1000000 units.",
    ],
    [
      "finer than can be charged",
      { operation: "a", meters: [{ dimension: "x", rate: "0.000000001", per: 1_000_000 }] },
      "0.meters.0.rate: For one unit that is finer than 10⁻¹² credits: give fewer decimals, or a smaller per.",
    ],
    [
      "that count the same twice",
      {
        operation: "a",
        meters: [
          { dimension: "x", rate: "1" },
          { dimension: "x", rate: "2" },
        ],
      },
      "0.meters.1.dimension: x is counted already: name each dimension once.",
    ],
    [
      "with a surcharge twice",
      { operation: "a", flat: "1", surcharges: [{ operation: "b" }, { operation: "b" }] },
      "0.surcharges.1.operation: b is a surcharge of a already.",
    ],
  ])("are refused %s", (_what, given, expected) => {
    expect(problemsOf(given)).toEqual([expected]);
  });

  test("are refused twice for one operation", () => {
    expect(problemsOf({ operation: "a", flat: "1" }, { operation: "a", flat: "2" })).toEqual([
      "1.operation: a has a price already: name each operation once.",
    ]);
  });

  test("are told all that is wrong with them at once", () => {
    expect(problemsOf({ operation: "a", flat: "-1", minimum: 3n, maximum: 2n }, { operation: "" })).toHaveLength(4);
  });

  test("are no more than a thousand", () => {
    const many = Array.from({ length: MOST_PRICES + 1 }, (_none, index) => ({ operation: `a${index}`, flat: "1" }));
    expect(problemsOf(...many)).toEqual([": A price list has at most 1000 prices: this has 1001."]);
  });

  test("are kept in the finest units: 12 decimals for each of a million", () => {
    const [price] = pricesOf({
      operation: "a",
      meters: [{ dimension: "x", rate: "1.5", per: 1_000_000 }],
      maximum: credits("3"),
    });
    expect(price?.meters[0]).toMatchObject({
      tiers: [{ upTo: null, rate: 1_500_000n }],
      per: 1_000_000n,
      unit: "x",
      units: "x",
    });
  });
});

describe("prices together", () => {
  const found = (own: readonly GivenPrice[], others: readonly GivenPrice[] = []) =>
    misfits(pricesOf(...own), bookOf(...others)).map(({ path, message }) => `${path.join(".")}: ${message}`);

  test("fit when every surcharge has a price, in this list or beneath it", () => {
    expect(
      found(
        [
          { operation: "a", flat: "1", surcharges: [{ operation: "b" }, { operation: "c" }] },
          { operation: "b", flat: "1" },
        ],
        [{ operation: "c", flat: "1" }],
      ),
    ).toEqual([]);
  });

  test("do not fit when a surcharge has none", () => {
    expect(found([{ operation: "a", flat: "1", surcharges: [{ operation: "b" }] }])).toEqual([
      "0.surcharges.0.operation: b has no price: give it one, or leave the surcharge out.",
    ]);
  });

  test("do not fit when an operation would be its own surcharge", () => {
    expect(found([{ operation: "a", flat: "1", surcharges: [{ operation: "a" }] }])).toEqual([
      "0.surcharges.0.operation: a would be its own surcharge: a → a.",
    ]);
  });

  test("do not fit when surcharges go round in a circle, also through what lies beneath", () => {
    const own: GivenPrice[] = [
      { operation: "a", flat: "1", surcharges: [{ operation: "b" }] },
      { operation: "b", flat: "1", surcharges: [{ operation: "c", always: true }] },
    ];
    expect(
      found(own, [
        { operation: "c", flat: "1", surcharges: [{ operation: "a" }] },
        { operation: "a", flat: "1" },
      ]),
    ).toEqual(["0.surcharges.0.operation: a would be its own surcharge: a → b → c → a."]);
  });

  test("tell a cycle where this list has a part in it, though it begins and ends beneath", () => {
    const beneath: GivenPrice[] = [
      { operation: "c", flat: "1", surcharges: [{ operation: "a" }] },
      { operation: "a", flat: "1" },
    ];
    expect(
      found(
        [
          { operation: "x", flat: "1", surcharges: [{ operation: "c" }] },
          { operation: "a", flat: "1", surcharges: [{ operation: "c" }] },
        ],
        beneath,
      ),
    ).toEqual(["1.surcharges.0.operation: c would be its own surcharge: c → a → c."]);
  });

  test("are gone through once each, however many ways lead to one", () => {
    const chain = Array.from({ length: 1_000 }, (_none, index) => ({
      operation: `a${index}`,
      flat: "1",
      surcharges: Array.from({ length: 20 }, (_nothing, step) => ({ operation: `a${index + step + 1}` })).filter(
        ({ operation }) => Number(operation.slice(1)) < 1_000,
      ),
    }));
    expect(found(chain)).toEqual([]);
    const ring = chain.map((price, index) => (index === 999 ? { ...price, surcharges: [{ operation: "a0" }] } : price));
    expect(found(ring).length).toBeGreaterThan(0);
    expect(found(ring).length).toBeLessThanOrEqual(1_000);
  });
});
