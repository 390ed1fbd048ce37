import type { Amount } from "../../core/amount";
import { FIRST_UNIT, type Unit } from "../../core/unit";
import { counted, credits, thousands } from "../../core/words";
import { type ChargeLine, findPrice } from "./charge";
import { formatFine, formatQuantity } from "./fine";
import type { CreditPrice } from "./price-list";
import type { Meter, Price, PriceBook, Tier } from "./types";

/** Prices as people read them, in a unit; the first where none is named. */

/** "50 credits", "8 credits per page", "about 40-400 credits", "10-80 credits (0.5 per second)", "2 credits + 15 with web search". */
export function wordsOf(price: Price, book: PriceBook, unit: Unit = FIRST_UNIT): string {
  const shown = price.surcharges.slice(0, MOST_WORDS).map(({ operation, always }) => added(operation, always, book, unit));
  const more = price.surcharges.length - shown.length;
  return [ownWords(price, unit), ...shown, ...(more > 0 ? [`, and ${more} more surcharges`] : [])].join("");
}

/** How many meters, tiers or surcharges a sentence tells; who wants them all reads the numbers. */
const MOST_WORDS = 5;

function ownWords(price: Price, unit: Unit): string {
  const { range, meters, minimum, maximum, flat } = price;
  if (range !== null) return `about ${span(range.minimum, range.maximum, unit)}`;
  const told = meters.slice(0, MOST_WORDS).map((meter) => meterWords(meter, unit));
  const more = meters.length - told.length;
  const parts = [...(flat > 0n ? [credits(formatFine(flat, unit))] : []), ...told, ...(more > 0 ? [`${more} more`] : [])];
  if (parts.length === 0) return minimum !== null && minimum > 0n ? credits(unit.format(minimum)) : "free";
  const sum = parts.join(" + ");
  if (minimum !== null && maximum !== null)
    return minimum === maximum ? credits(unit.format(minimum)) : `${span(minimum, maximum, unit)} (${sum})`;
  if (minimum !== null) return `${sum}, at least ${thousands(unit.format(minimum))}`;
  return maximum === null ? sum : `${sum}, at most ${thousands(unit.format(maximum))}`;
}

function added(operation: string, always: boolean, book: PriceBook, unit: Unit): string {
  const listed = findPrice(book, operation);
  if (!listed) return "";
  const { title } = listed.price;
  const own = ownWords(listed.price, unit);
  return always ? `, plus ${own} for ${title ?? operation}` : `, +${own} with ${title ?? operation}`;
}

function meterWords({ mode, tiers, per, unit: one, units: many }: Meter, unit: Unit): string {
  const so = per === 1n ? one : `${thousands(String(per))} ${many}`;
  const [first, second, ...others] = tiers as readonly [Tier, ...Tier[]];
  const rate = ({ rate }: Tier) => formatFine(rate * per, unit);
  const full = (tier: Tier) => `${credits(rate(tier))} per ${so}`;
  if (second === undefined) return full(first);
  const from = (index: number) => edge(tiers[index - 1]);
  const beyond = (words: string, index: number) =>
    mode === "GRADUATED" ? `${words} above ${from(index)}` : `${words} for all when more than ${from(index)}`;
  const isFree = first.rate === 0n;
  const begins = isFree && mode === "GRADUATED" ? `then ${full(second)}` : beyond(isFree ? full(second) : rate(second), 1);
  const base = isFree ? `${mode === "GRADUATED" ? "first" : "up to"} ${edge(first)} free` : full(first);
  const next = others.slice(0, MOST_WORDS - 1).map((tier, index) => beyond(rate(tier), index + 2));
  return [base, begins, ...next, ...(others.length > next.length ? ["..."] : [])].join(", ");
}

function edge(tier: Tier | undefined): string {
  return tier?.upTo == null ? "" : thousands(formatQuantity(tier.upTo));
}

function span(from: Amount, to: Amount, unit: Unit): string {
  return from === to ? credits(unit.format(from)) : `${thousands(unit.format(from))}-${credits(unit.format(to))}`;
}

/** "1 credit = $0.08"; currencies without a sign of their own by their code: "1 credit = 0.08 CHF". */
export function creditWords({ amount, currency }: CreditPrice): string {
  const sign = SIGNS[currency];
  const number = thousands(amount);
  return `1 credit = ${sign === undefined ? `${number} ${currency}` : `${sign}${number}`}`;
}

const SIGNS: Readonly<Record<string, string>> = { USD: "$", EUR: "€", GBP: "£", JPY: "¥" };

/**
 * "for each use", "1,200 input tokens at 0.000001", "10 pages free", "up to what 100 pages cost", "up to the minimum of 40", "down to the
 * maximum of 400"; of a surcharge with its name before that: "web search", "web search: up to the minimum of 40".
 */
export function lineWords(line: ChargeLine, operation: string, unit: Unit): string {
  const own = ownLineWords(line, unit);
  if (line.operation === operation) return own ?? "for each use";
  const name = line.price.title ?? line.operation;
  return own === null ? name : `${name}: ${own}`;
}

/** Null: for each use, whatever its quantities. */
function ownLineWords({ kind, price, meter, tier, quantity }: ChargeLine, unit: Unit): string | null {
  if (kind === "MINIMUM") return `up to the minimum of ${thousands(unit.format(price.minimum ?? 0n))}`;
  if (kind === "MAXIMUM") return `down to the maximum of ${thousands(unit.format(price.maximum ?? 0n))}`;
  if (meter === null || tier === null || quantity === null) return null;
  const number = formatQuantity(quantity);
  // Who named no unit named a dimension only, which may be a word of any sort: "seconds: 11 at 2", "call: 11 at 2".
  const isNamed = meter.unit !== meter.units;
  const dimension = isNamed ? "" : `${meter.units}: `;
  const many = isNamed ? counted(number, meter.unit, meter.units) : thousands(number);
  if (kind === "FLOOR") return `${dimension}up to what ${many} ${number === "1" ? "costs" : "cost"}`;
  if (tier.rate === 0n) return `${dimension}${many} free`;
  const rate = thousands(formatFine(tier.rate * meter.per, unit));
  const per = meter.per === 1n ? "" : ` per ${thousands(String(meter.per))}`;
  return `${dimension}${many} at ${rate}${per}`;
}

/** The lines of a charge that people read: without those of which nothing was used, unless that are all. */
export function toldLines(lines: readonly ChargeLine[]): readonly ChargeLine[] {
  const told = lines.filter(({ kind, quantity, exact }) => quantity !== 0n && (kind !== "FLAT" || exact !== 0n));
  return told.length > 0 ? told : lines;
}
