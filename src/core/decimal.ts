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

const PLACES = 12;
const SCALE = 10n ** BigInt(PLACES);

/** The share `part` of `whole` of a decimal that is not negative, rounded once, half up, to 12 digits after the point. `whole` is above 0. */
export function shareOf(decimal: Decimal, part: bigint, whole: bigint): Decimal {
  const [integer = "", fraction = ""] = decimal.split(".");
  const scaled = BigInt(integer) * SCALE + BigInt(fraction.padEnd(PLACES, "0"));
  const share = (2n * scaled * part + whole) / (2n * whole);
  const digits = (share % SCALE).toString().padStart(PLACES, "0").replace(/0+$/, "");
  return `${share / SCALE}${digits === "" ? "" : "."}${digits}`;
}
