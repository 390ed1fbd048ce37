import type { Amount } from "../../core/amount";
import { shareOf } from "../../core/decimal";
import type { CostBasis, Grant } from "./types";

/** What some of a grant's credits have cost: their share of what was paid for all of them. Moved credits carry it into their new grant. */
export function costOf({ amount, costBasis }: Grant, part: Amount): CostBasis | null {
  return costBasis && { amount: shareOf(costBasis.amount, part, amount), currency: costBasis.currency };
}
