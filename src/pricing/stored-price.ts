import type { Json } from "../core/json";
import type { Meter, Price } from "./model/types";

/** Prices as JSON, for the database: amounts and rates as whole numbers in text, in the model's own units. */

export function storePrices(prices: readonly Price[]): string {
  return JSON.stringify(prices, (_key, value: unknown) => (typeof value === "bigint" ? String(value) : value));
}

type Stored<T> = {
  readonly [Key in keyof T]: T[Key] extends bigint ? string : T[Key] extends bigint | null ? string | null : T[Key];
};
type StoredMeter = Omit<Stored<Meter>, "tiers"> & {
  readonly tiers: readonly { readonly upTo: string | null; readonly rate: string }[];
};
type StoredPrice = Omit<Stored<Price>, "meters" | "range"> & {
  readonly meters: readonly StoredMeter[];
  readonly range: { readonly minimum: string; readonly maximum: string } | null;
};

/** By operation, in their order. */
export function restorePrices(json: Json): ReadonlyMap<string, Price> {
  return new Map((json as unknown as readonly StoredPrice[]).map((stored) => [stored.operation, restore(stored)]));
}

function restore({ operation, title, flat, meters, minimum, maximum, range, surcharges }: StoredPrice): Price {
  return {
    operation,
    title,
    flat: BigInt(flat),
    meters: meters.map(restoreMeter),
    minimum: whole(minimum),
    maximum: whole(maximum),
    range: range && { minimum: BigInt(range.minimum), maximum: BigInt(range.maximum) },
    surcharges: surcharges.map(({ operation: name, always }) => ({ operation: name, always })),
  };
}

function restoreMeter({ dimension, mode, tiers, per, unit, units }: StoredMeter): Meter {
  const restored = tiers.map(({ upTo, rate }) => ({ upTo: whole(upTo), rate: BigInt(rate) }));
  return { dimension, mode, tiers: restored, per: BigInt(per), unit, units };
}

function whole(text: string | null): bigint | null {
  return text === null ? null : BigInt(text);
}
