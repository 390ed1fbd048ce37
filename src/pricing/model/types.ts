import type { Amount } from "../../core/amount";
import type { UseToPrice } from "../../core/priced";

/** What prices are made of. Plain, immutable values: nothing in this folder reads anything else. */

/** Credits, finer than amounts: a number of 10⁻¹² credits. What rates are written in; never charged before it is rounded. */
export type Fine = bigint;
/** How much of something was used: a number of 10⁻⁶ units. Never negative. */
export type Quantity = bigint;

/** A part of a scale: what a unit costs between where the tier before it ends and `upTo`; null: from there on. */
export interface Tier {
  readonly upTo: Quantity | null;
  /** Credits for one unit. */
  readonly rate: Fine;
}

/** GRADUATED: each unit costs what its own tier says. VOLUME: all units cost what the tier says that the last one is in. */
export const TIER_MODES = ["GRADUATED", "VOLUME"] as const;
export type TierMode = (typeof TIER_MODES)[number];

/** What the quantity of one dimension costs. A plain rate is a single tier without end. */
export interface Meter {
  /** What is counted: "input", "seconds". Unique in its price. */
  readonly dimension: string;
  readonly mode: TierMode;
  /** At least one; `upTo` grows from each to the next, and the last has none. */
  readonly tiers: readonly Tier[];
  /** How the rate is put into words: for so many units, called so. */
  readonly per: bigint;
  readonly unit: string;
  readonly units: string;
}

/** Another operation whose price is added: to every use, or to those that ask for it. */
export interface Surcharge {
  readonly operation: string;
  readonly always: boolean;
}

/**
 * What an operation costs: `flat`, and what its meters come to, but no less than `minimum` and no more than `maximum`; and its
 * surcharges. Or, with a `range` and nothing else, what the application says that it came to, between two bounds.
 */
export interface Price {
  readonly operation: string;
  /** What people read: "Image, high quality". */
  readonly title: string | null;
  readonly flat: Fine;
  readonly meters: readonly Meter[];
  readonly minimum: Amount | null;
  readonly maximum: Amount | null;
  readonly range: Bounds | null;
  readonly surcharges: readonly Surcharge[];
}

/** Two amounts, the smaller first. */
export interface Bounds {
  readonly minimum: Amount;
  readonly maximum: Amount;
}

/** A price, and the version of the price list that it stands in. */
export interface ListedPrice {
  readonly price: Price;
  readonly version: number;
}

/**
 * The prices that apply to somebody: the lists in force, the most particular first (the account's own, the app's, the plan's, everybody's).
 * An operation costs what the first list says that has it.
 */
export interface PriceBook {
  readonly lists: readonly PriceListInForce[];
}

export interface PriceListInForce {
  readonly version: number;
  readonly prices: ReadonlyMap<string, Price>;
}

/** A use to be priced. */
export interface PricedUse extends Pick<UseToPrice, "quantities" | "surcharges"> {
  readonly operation: string;
}
