import type { Amount } from "../../core/amount";
import { FIRST_UNIT, type Unit } from "../../core/unit";
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
  const counted = per === 1n ? one : `${thousands(String(per))} ${many}`;
  const [first, ...others] = tiers as readonly [Tier, ...Tier[]];
  const rate = ({ rate }: Tier) => formatFine(rate * per, unit);
  const base = `${credits(rate(first))} per ${counted}`;
  if (others.length === 0) return base;
  const edge = (tier: Tier | undefined) => (tier?.upTo == null ? "" : thousands(formatQuantity(tier.upTo)));
  const next = others.slice(0, MOST_WORDS).map((tier, index) => {
    const from = edge(tiers[index]);
    return mode === "GRADUATED" ? `${rate(tier)} above ${from}` : `${rate(tier)} for all when more than ${from}`;
  });
  return `${base}, ${next.join(", ")}${others.length > next.length ? ", ..." : ""}`;
}

function span(from: Amount, to: Amount, unit: Unit): string {
  return from === to ? credits(unit.format(from)) : `${thousands(unit.format(from))}-${credits(unit.format(to))}`;
}

function credits(number: string): string {
  return `${thousands(number)} ${number === "1" ? "credit" : "credits"}`;
}

/** 1000000 as 1,000,000. */
function thousands(number: string): string {
  const [whole = "", fraction] = number.split(".");
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ",");
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}

/** "1 credit = $0.08"; currencies without a sign of their own by their code: "1 credit = 0.08 CHF". */
export function creditWords({ amount, currency }: CreditPrice): string {
  const sign = SIGNS[currency];
  return `1 credit = ${sign === undefined ? `${amount} ${currency}` : `${sign}${amount}`}`;
}

const SIGNS: Readonly<Record<string, string>> = { USD: "$", EUR: "€", GBP: "£", JPY: "¥" };

/** "for each use", "1,200 input tokens at 0.000001", "no less than 100 pages cost", "up to the minimum of 40", "down to the maximum of 400". */
export function lineWords({ kind, price, meter, tier, quantity }: ChargeLine, unit: Unit): string {
  if (kind === "MINIMUM") return `up to the minimum of ${thousands(unit.format(price.minimum ?? 0n))}`;
  if (kind === "MAXIMUM") return `down to the maximum of ${thousands(unit.format(price.maximum ?? 0n))}`;
  if (meter === null || tier === null || quantity === null) return "for each use";
  const counted = formatQuantity(quantity);
  if (kind === "FLOOR") return `no less than ${thousands(counted)} ${meter.units} cost`;
  const rate = formatFine(tier.rate * meter.per, unit);
  const per = meter.per === 1n ? "" : ` per ${thousands(String(meter.per))}`;
  return `${thousands(counted)} ${counted === "1" ? meter.unit : meter.units} at ${rate}${per}`;
}
