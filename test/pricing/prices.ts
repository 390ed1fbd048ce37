import fc from "fast-check";
import { parseAmount } from "../../src/core/amount";
import type { GivenMeter, GivenPrice } from "../../src/pricing/model/given";
import { readPrices } from "../../src/pricing/model/read-prices";
import type { Price, PriceBook, PricedUse } from "../../src/pricing/model/types";

/** Prices for tests, written as an operator writes them. */

/** The prices that were given; fails the test when something is wrong with them. */
export function pricesOf(...given: readonly GivenPrice[]): readonly Price[] {
  const { prices, problems } = readPrices(given);
  if (problems.length > 0) throw new Error(problems.map(({ path, message }) => `${path.join(".")}: ${message}`).join("\n"));
  return prices;
}

/** A book with one list of these prices, as version 1. */
export function bookOf(...given: readonly GivenPrice[]): PriceBook {
  return booksOf(given);
}

/** A book with several lists, the most particular first, as versions 1, 2, ... */
export function booksOf(...lists: readonly (readonly GivenPrice[])[]): PriceBook {
  return {
    lists: lists.map((given, index) => ({
      version: index + 1,
      prices: new Map(pricesOf(...given).map((price) => [price.operation, price])),
    })),
  };
}

/** A use; quantities as decimals. */
export function useOf(
  operation: string,
  quantities: Readonly<Record<string, string>> = {},
  surcharges: readonly string[] = [],
): PricedUse {
  const counted = Object.entries(quantities).map(([dimension, text]) => [dimension, credits(text)] as const);
  return { operation, quantities: new Map(counted), surcharges };
}

/** An amount, or a quantity, from its decimal. */
export function credits(text: string): bigint {
  const parsed = parseAmount(text);
  if (!parsed.ok) throw new Error(parsed.reason);
  return parsed.amount;
}

/** Rates of up to 12 decimals, many of them with few. */
export const rates = fc.oneof(
  fc.integer({ min: 0, max: 50 }).map(String),
  fc.bigInt({ min: 0n, max: 10n ** 15n }).map((value) => {
    const digits = value.toString().padStart(13, "0");
    return `${digits.slice(0, -12)}.${digits.slice(-12)}`;
  }),
);

/** Meters of any sort that counts "units". */
export const meters: fc.Arbitrary<GivenMeter> = fc.oneof(
  rates.map((rate) => ({ dimension: "units", rate })),
  fc
    .record({
      edges: fc.uniqueArray(fc.integer({ min: 1, max: 40 }), { maxLength: 5 }),
      given: fc.array(rates, { minLength: 6, maxLength: 6 }),
      mode: fc.constantFrom("GRADUATED" as const, "VOLUME" as const),
    })
    .map(({ edges, given, mode }) => {
      const ends = [...edges.sort((a, b) => a - b).map(String), null];
      return { dimension: "units", mode, tiers: ends.map((upTo, index) => ({ upTo, rate: given[index] as string })) };
    }),
);

/** Quantities from nothing to past every tier's end, edges and what is just beside them often among them. */
export const quantities = fc.oneof(
  fc.bigInt({ min: 0n, max: 50_000_000n }),
  fc.tuple(fc.integer({ min: 0, max: 45 }), fc.integer({ min: -1, max: 1 })).map(([edge, step]) => {
    const quantity = BigInt(edge) * 1_000_000n + BigInt(step);
    return quantity < 0n ? 0n : quantity;
  }),
);
