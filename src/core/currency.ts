import type { Decimal } from "./decimal";

/** An amount of a currency, exactly. */
export interface Money {
  readonly amount: Decimal;
  /** By ISO 4217. */
  readonly currency: string;
}

const DECIMALS = new Map<string, number>();

/** How many digits after the point an amount of a currency can have and still be paid: 2 of euros, none of yen. `code`: by ISO 4217. */
export function decimalsOf(code: string): number {
  const known = DECIMALS.get(code);
  if (known !== undefined) return known;
  const { maximumFractionDigits = 2 } = new Intl.NumberFormat("en", { style: "currency", currency: code }).resolvedOptions();
  DECIMALS.set(code, maximumFractionDigits);
  return maximumFractionDigits;
}

/** Why nobody can pay such an amount of a currency; null: it can be paid. */
export function unpayable({ amount, currency }: Money): string | null {
  const decimals = decimalsOf(currency);
  const finest = (amount.split(".")[1] ?? "").length;
  if (finest <= decimals) return null;
  return `Nobody can pay that: ${currency} has ${decimals} digits after the point.`;
}
