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
