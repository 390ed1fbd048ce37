/** Credits, exactly: a number of micro-credits (10⁻⁶ credit). Never a JavaScript `number`. */
export type Amount = bigint;

const DECIMALS = 6;
const MICRO = 1_000_000n;
/** The largest amount either way: 9 × 10¹² credits. It fits PostgreSQL's bigint. */
export const MAX_AMOUNT: Amount = 9_000_000_000_000n * MICRO;

const SHAPE = /^(-?)(0|[1-9][0-9]*)(?:\.([0-9]+))?$/;

export type ParsedAmount = { readonly ok: true; readonly amount: Amount } | { readonly ok: false; readonly reason: string };

/**
 * Reads a decimal string such as "12.5" or "-3" as an amount.
 * Refuses, with a reason fit for the caller: exponents, signs other than a leading "-", leading zeros, "-0", other digits than
 * 0-9, more than 6 decimals, and values past ±9 × 10¹² credits.
 */
export function parseAmount(text: string): ParsedAmount {
  // No amount is longer than this; the bound keeps a hostile megabyte away from BigInt.
  if (text.length > 32) return bad("it is longer than any amount");
  const match = SHAPE.exec(text);
  if (!match) return bad('write it as a decimal with the digits 0-9, such as "12.5"');
  const [, sign = "", whole = "", fraction = ""] = match;
  if (fraction.length > DECIMALS) return bad("it has more than 6 decimals");
  const magnitude = BigInt(whole) * MICRO + BigInt(fraction.padEnd(DECIMALS, "0"));
  if (magnitude > MAX_AMOUNT) return bad("it is past 9,000,000,000,000");
  if (sign && magnitude === 0n) return bad('write zero as "0"');
  return { ok: true, amount: sign ? -magnitude : magnitude };
}

/** Writes an amount as the shortest decimal string: 12500000n is "12.5". */
export function formatAmount(amount: Amount): string {
  const magnitude = amount < 0n ? -amount : amount;
  const sign = amount < 0n ? "-" : "";
  const whole = magnitude / MICRO;
  const fraction = magnitude % MICRO;
  if (fraction === 0n) return `${sign}${whole}`;
  return `${sign}${whole}.${fraction.toString().padStart(DECIMALS, "0").replace(/0+$/, "")}`;
}

export function minimum(a: Amount, b: Amount): Amount {
  return a < b ? a : b;
}

export function maximum(a: Amount, b: Amount): Amount {
  return a > b ? a : b;
}

function bad(reason: string): ParsedAmount {
  return { ok: false, reason };
}
