/** An exact decimal number, as text: for prices and cost bases, which may be finer than credits. Never a JavaScript `number`. */
export type Decimal = string;

const SHAPE = /^(-?)(0|[1-9][0-9]{0,14})(?:\.([0-9]{1,12}))?$/;

/**
 * Writes a decimal in its one canonical form: "1.50" is "1.5". Null for what is none: exponents, signs other than a leading "-",
 * leading zeros, "-0", other digits than 0-9, more than 15 digits before the point or 12 after it.
 */
export function formatDecimal(text: string): Decimal | null {
  const match = text.length <= 32 ? SHAPE.exec(text) : null;
  if (!match) return null;
  const [, sign = "", whole = "", fraction = ""] = match;
  const kept = fraction.replace(/0+$/, "");
  if (sign && whole === "0" && kept === "") return null;
  return `${sign}${whole}${kept === "" ? "" : "."}${kept}`;
}

/** Why a text is no decimal, and what to write instead. */
export function whyNoDecimal(text: string): string {
  const [, whole = "", fraction = ""] = (text.length <= 1_000 && LARGE_SHAPE.exec(text)) || [];
  if (whole.length > 15) return "it is too large: it may have 15 digits before the point";
  if (fraction.length > 12) return "it is too fine: it may have 12 digits after the point";
  return 'write it with the digits 0-9, such as "0.0125"';
}

const LARGE_SHAPE = /^-?(0|[1-9][0-9]*)(?:\.([0-9]+))?$/;

const PLACES = 12;
const SCALE = 10n ** BigInt(PLACES);

/** The share `part` of `whole` of a decimal that is not negative, rounded once, half up, to 12 digits after the point. `whole` is above 0. */
export function shareOf(decimal: Decimal, part: bigint, whole: bigint): Decimal {
  return written((2n * scaled(decimal) * part + whole) / (2n * whole));
}

/** As `shareOf`, rounded up to so many places: what is paid in coins that are no smaller than that. */
export function shareUpTo(decimal: Decimal, part: bigint, whole: bigint, places: number): Decimal {
  const coin = 10n ** BigInt(PLACES - places);
  const coins = (scaled(decimal) * part + whole * coin - 1n) / (whole * coin);
  return written(coins * coin);
}

function scaled(decimal: Decimal): bigint {
  const [integer = "", fraction = ""] = decimal.split(".");
  return BigInt(integer) * SCALE + BigInt(fraction.padEnd(PLACES, "0"));
}

function written(value: bigint): Decimal {
  const digits = (value % SCALE).toString().padStart(PLACES, "0").replace(/0+$/, "");
  return `${value / SCALE}${digits === "" ? "" : "."}${digits}`;
}
