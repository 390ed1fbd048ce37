import type { Amount } from "../../../src/core/amount";
import type { CostBasis, GrantTerms } from "../../../src/wallet/model/types";

/** What a part of a grant has cost: its share, to 12 digits after the point, half up. */
export function costShare({ amount, costBasis }: Pick<GrantTerms, "amount" | "costBasis">, part: Amount): CostBasis | null {
  if (costBasis === null) return null;
  const [, integer = "", fraction = ""] = /^(\d+)(?:\.(\d+))?$/.exec(costBasis.amount) ?? [];
  const trillionths = BigInt(`${integer}${fraction.padEnd(12, "0")}`);
  const exact = trillionths * part;
  const share = exact / amount + ((exact % amount) * 2n >= amount ? 1n : 0n);
  const text = share
    .toString()
    .padStart(13, "0")
    .replace(/(\d{12})$/, ".$1")
    .replace(/\.?0+$/, "");
  return { amount: text, currency: costBasis.currency };
}
