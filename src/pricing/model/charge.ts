import type { Amount } from "../../core/amount";
import type { NotPriced } from "../../core/priced";
import { type Refused, refuse } from "../../core/refusal";
import { type Exact, exactOf, exactOfFine, rounded } from "./fine";
import { meter } from "./meter";
import type { ListedPrice, Meter, Price, PriceBook, PricedUse, Quantity, Tier } from "./types";

export const CHARGE_LINE_KINDS = ["FLAT", "METER", "FLOOR", "MINIMUM", "MAXIMUM"] as const;
export type ChargeLineKind = (typeof CHARGE_LINE_KINDS)[number];

/** A line of a charge. All lines of it add up to `exact` of the whole, which is rounded once. */
export interface ChargeLine {
  readonly operation: string;
  readonly price: Price;
  readonly version: number;
  /** FLAT, METER: what it says. FLOOR: see `Metered`. MINIMUM adds what is missing, MAXIMUM takes off what is too much, of this operation. */
  readonly kind: ChargeLineKind;
  readonly meter: Meter | null;
  readonly tier: Tier | null;
  readonly quantity: Quantity | null;
  readonly exact: Exact;
}

/** What a use costs, and why. */
export interface Charge {
  readonly refused?: never;
  readonly amount: Amount;
  readonly exact: Exact;
  readonly lines: readonly ChargeLine[];
  /** The versions of the price lists by which it was reckoned: the operation's, and of each surcharge that was added. */
  readonly versions: readonly number[];
}

/** What a use will cost: two amounts that are the same where all is known. `maximum` null: there is no bound. */
export interface Estimate {
  readonly refused?: never;
  readonly minimum: Amount;
  readonly maximum: Amount | null;
  /** The reckoning, where all is known. */
  readonly charge: Charge | null;
  /** What is not known; null: all is. */
  readonly unknown: NotPriced | null;
  readonly versions: readonly number[];
}

/** The price of an operation that applies, with its version; null: it has none. */
export function findPrice({ lists }: PriceBook, operation: string): ListedPrice | null {
  for (const { prices, version } of lists) {
    const price = prices.get(operation);
    if (price) return { price, version };
  }
  return null;
}

/** What a use costs whose quantities are known. Rounded once, half away from zero (domain rule of amounts). */
export function chargeOf(book: PriceBook, use: PricedUse): Charge | Refused<NotPriced> {
  const found = gather(book, use);
  if ("refused" in found) return found;
  const missing = found.find(({ price }) => isUnknown(price, use));
  return missing ? refuse(notKnown(missing.price)) : chargeFrom(found, use);
}

function chargeFrom(found: readonly ListedPrice[], use: PricedUse): Charge | Refused<NotPriced> {
  const [only, ...others] = found;
  const lines = only && others.length === 0 ? linesOf(only, use) : found.flatMap((listed) => linesOf(listed, use));
  const exact = sumOf(lines);
  const amount = rounded(exact);
  if (amount === null) return refuse({ reason: "OUT_OF_RANGE", name: use.operation, known: [] });
  return { amount, exact, lines, versions: versionsOf(found) };
}

/** What a use costs, or will cost when its quantities are known. */
export function estimateOf(book: PriceBook, use: PricedUse): Estimate | Refused<NotPriced> {
  const found = gather(book, use);
  if ("refused" in found) return found;
  const missing = found.find(({ price }) => isUnknown(price, use));
  if (!missing) {
    const charge = chargeFrom(found, use);
    if (charge.refused) return charge;
    return { minimum: charge.amount, maximum: charge.amount, charge, unknown: null, versions: charge.versions };
  }
  let [least, most]: [Exact, Exact | null] = [0n, 0n];
  for (const listed of found) {
    const [from, to] = extremesOf(listed, use);
    least += from;
    most = most === null || to === null ? null : most + to;
  }
  const minimum = rounded(least);
  const maximum = most === null ? null : rounded(most);
  if (minimum === null || (most !== null && maximum === null))
    return refuse({ reason: "OUT_OF_RANGE", name: use.operation, known: [] });
  return { minimum, maximum, charge: null, unknown: notKnown(missing.price), versions: versionsOf(found) };
}

/** The operation's price and those of all surcharges that apply, each once, in the order in which they are added. */
function gather(book: PriceBook, use: PricedUse): readonly ListedPrice[] | Refused<NotPriced> {
  const first = findPrice(book, use.operation);
  if (!first) return refuse({ reason: "OPERATION_UNKNOWN", name: use.operation, known: operationsIn(book) });
  // Most uses are plain: a price by itself, and nothing said that it does not count. This is done for every spend.
  if (first.price.surcharges.length === 0 && use.surcharges.length === 0 && countsAll(first.price, use)) return [first];
  const asked = new Set(use.surcharges);
  const found = new Map([[use.operation, first]]);
  const offered = new Set<string>();
  // A map is walked through to what is added on the way; an operation that is there already is not added again.
  for (const { price } of found.values()) {
    for (const { operation, always } of price.surcharges) {
      offered.add(operation);
      if (!always && !asked.has(operation)) continue;
      const listed = findPrice(book, operation);
      if (!listed) return refuse({ reason: "OPERATION_UNKNOWN", name: operation, known: operationsIn(book) });
      if (!found.has(operation)) found.set(operation, listed);
    }
  }
  const strange = use.surcharges.find((name) => !offered.has(name));
  if (strange !== undefined) return refuse({ reason: "SURCHARGE_UNKNOWN", name: strange, known: [...offered] });
  return unknownDimension(book, use, [...found.keys()]) ?? [...found.values()];
}

/** How many operations are told to whom names one that has no price. */
const MOST_TOLD = 20;

/** What could have been named: of the most particular list first. */
function operationsIn({ lists }: PriceBook): readonly string[] {
  const names = new Set<string>();
  for (const { prices } of lists) {
    for (const name of prices.keys()) if (names.add(name).size === MOST_TOLD) return [...names];
  }
  return [...names];
}

/**
 * An application need not know which list applies: what any of them counts of these operations may be said, and is not charged where
 * the one that applies does not count it.
 */
function unknownDimension({ lists }: PriceBook, use: PricedUse, operations: readonly string[]): Refused<NotPriced> | null {
  if (use.quantities.size === 0) return null;
  const known = new Set(
    lists.flatMap(({ prices }) => operations.flatMap((operation) => (prices.get(operation)?.meters ?? []).map(dimensionOf))),
  );
  const name = [...use.quantities.keys()].find((dimension) => !known.has(dimension));
  return name === undefined ? null : refuse({ reason: "DIMENSION_UNKNOWN", name, known: [...known] });
}

function countsAll({ meters }: Price, { quantities }: PricedUse): boolean {
  for (const name of quantities.keys()) if (!meters.some(({ dimension }) => dimension === name)) return false;
  return true;
}

function dimensionOf({ dimension }: Meter): string {
  return dimension;
}

/** Whether it cannot be said yet what it costs. */
function isUnknown({ range, meters }: Price, { quantities }: PricedUse): boolean {
  return range !== null || (meters.length > 0 && !meters.some(({ dimension }) => quantities.has(dimension)));
}

function notKnown({ operation: name, range, meters }: Price): NotPriced {
  if (range !== null) return { reason: "AMOUNT_MISSING", name, known: [] };
  return { reason: "QUANTITIES_MISSING", name, known: meters.map(dimensionOf) };
}

function linesOf(listed: ListedPrice, { quantities }: PricedUse): readonly ChargeLine[] {
  const { price } = listed;
  const { flat, meters } = price;
  const lines: ChargeLine[] = [];
  if (flat > 0n || meters.length === 0) lines.push(lineOf(listed, "FLAT", exactOfFine(flat)));
  for (const own of meters) {
    for (const { quantity, tier, exact, floor } of meter(own, quantities.get(own.dimension) ?? 0n))
      lines.push(lineOf(listed, floor ? "FLOOR" : "METER", exact, own, tier, quantity));
  }
  const sum = sumOf(lines);
  const bounded = within(price, sum);
  if (bounded !== sum) lines.push(lineOf(listed, bounded > sum ? "MINIMUM" : "MAXIMUM", bounded - sum));
  return lines;
}

/** Named field by field: spreading takes a microsecond each. */
function lineOf(
  { price, version }: ListedPrice,
  kind: ChargeLineKind,
  exact: Exact,
  own: Meter | null = null,
  tier: Tier | null = null,
  quantity: Quantity | null = null,
): ChargeLine {
  return { operation: price.operation, price, version, kind, meter: own, tier, quantity, exact };
}

function sumOf(lines: readonly ChargeLine[]): Exact {
  let sum = 0n;
  for (const { exact } of lines) sum += exact;
  return sum;
}

function within({ minimum, maximum }: Price, exact: Exact): Exact {
  if (minimum !== null && exact < exactOf(minimum)) return exactOf(minimum);
  if (maximum !== null && exact > exactOf(maximum)) return exactOf(maximum);
  return exact;
}

/** The least and the most that an operation may come to. Prices are monotone, so the least is that of nothing used. */
function extremesOf(listed: ListedPrice, use: PricedUse): readonly [Exact, Exact | null] {
  const { price } = listed;
  if (price.range !== null) return [exactOf(price.range.minimum), exactOf(price.range.maximum)];
  const least = sumOf(linesOf(listed, use));
  // What was not named may still come, as long as anything is not known.
  if (price.meters.every(({ dimension }) => use.quantities.has(dimension))) return [least, least];
  return [least, price.maximum === null ? null : exactOf(price.maximum)];
}

function versionsOf(found: readonly ListedPrice[]): readonly number[] {
  return found.map(({ version }) => version);
}
