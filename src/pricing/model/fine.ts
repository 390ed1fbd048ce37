import { type Amount, formatAmount, MAX_AMOUNT, parseAmount } from "../../core/amount";
import { FIRST_UNIT, type Unit } from "../../core/unit";
import type { Fine, Quantity } from "./types";

/** Exact arithmetic between rates, quantities and amounts: bigints throughout, rounded once. */

const FINE_DECIMALS = 12;
const QUANTITY_DECIMALS = 6;
const SHAPE = /^(-?)(0|[1-9][0-9]*)(?:\.([0-9]+))?$/;

/** A product of a rate and a quantity: a number of 10⁻¹⁸ credits. What all parts of a charge are added up in. */
export type Exact = bigint;
/** How many of an `Exact` are one micro-credit. */
const EXACT_PER_MICRO = 10n ** 12n;
const EXACT_PER_FINE = 10n ** 6n;

/** Reads a decimal such as "0.0015"; null when it is none, or has more decimals than rates have. */
export function parseFine(text: string): Fine | null {
  return parse(text, FINE_DECIMALS);
}

/** Reads a decimal such as "12.5"; null when it is none, is negative, or has more than 6 decimals. Written like an amount of credits. */
export function parseQuantity(text: string): Quantity | null {
  const parsed = parseAmount(text);
  return parsed.ok && parsed.amount >= 0n ? parsed.amount : null;
}

export function formatFine(fine: Fine, unit: Unit = FIRST_UNIT): string {
  return unit.decimal(fine, FINE_DECIMALS);
}

export function formatQuantity(quantity: Quantity): string {
  return formatAmount(quantity);
}

/** As many decimals as it takes: up to 18 in the first unit. */
export function formatExact(exact: Exact, unit: Unit = FIRST_UNIT): string {
  return unit.decimal(exact, FINE_DECIMALS + QUANTITY_DECIMALS);
}

export function exactOf(amount: Amount): Exact {
  return amount * EXACT_PER_MICRO;
}

export function exactOfFine(fine: Fine): Exact {
  return fine * EXACT_PER_FINE;
}

/** Half away from zero. Null: more than amounts can say. `exact` is not negative. */
export function rounded(exact: Exact): Amount | null {
  const amount = (2n * exact + EXACT_PER_MICRO) / (2n * EXACT_PER_MICRO);
  return amount <= MAX_AMOUNT ? amount : null;
}

function parse(text: string, decimals: number): bigint | null {
  const match = text.length <= 40 ? SHAPE.exec(text) : null;
  if (!match) return null;
  const [, sign = "", whole = "", fraction = ""] = match;
  if (fraction.length > decimals) return null;
  const scaled = BigInt(whole) * 10n ** BigInt(decimals) + BigInt(fraction.padEnd(decimals, "0"));
  return sign ? -scaled : scaled;
}
