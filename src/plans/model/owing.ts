import { type Amount, minimum } from "../../core/amount";
import type { Instant } from "../../core/time";

/** That a grant of a plan ended before its time. */
export interface Early {
  /** See `Course.line`. */
  readonly line: number;
  readonly at: Instant;
  /** When it would have ended. */
  readonly until: Instant;
  /** Its share of the time to come: so much is to be withdrawn. */
  readonly unearned: Amount;
}

/** What was spent of an allotment beyond the share of the time that had passed when it ended. */
export interface Overspent {
  /** Until when the allotment would have lasted: what is given for later is not lessened by it. */
  readonly until: Instant;
  readonly amount: Amount;
}

/**
 * What a subscription's next grants of a credit type are to be lessened by, so that whoever spends an allotment, pauses and resumes, or
 * changes to and fro, has no more of it than the shares of the time. It is an account kept act by act, in their order, of what the wallet
 * really withdrew: deciding could not know that. A new period that is billed anew, of another line, owes nothing.
 */
export interface Owing {
  readonly line: number;
  /** The sooner it ends the earlier it is taken off. */
  readonly overspent: readonly Overspent[];
}

export const OWING_NOTHING: Owing = { line: 0, overspent: [] };

/** After a grant ended early: what could not be withdrawn of its unearned share was spent, is held, or was taken off it already. */
export function afterEnd(before: Owing, { line, at, until, unearned }: Early, withdrawn: Amount): Owing {
  const overspent = ofLine(before, line).filter((one) => one.until > at);
  const amount = unearned - withdrawn;
  if (amount <= 0n) return { line, overspent };
  const sooner = overspent.filter((one) => one.until <= until);
  return { line, overspent: [...sooner, { until, amount }, ...overspent.slice(sooner.length)] };
}

/** What is really given of a grant that begins at an instant, and what is owed after it: the same as before, where nothing was taken off. */
export function lessen(
  before: Owing,
  line: number,
  effectiveAt: Instant,
  amount: Amount,
): { readonly amount: Amount; readonly owing: Owing } {
  let left = amount;
  const overspent: Overspent[] = [];
  for (const one of ofLine(before, line)) {
    const taken = one.until > effectiveAt ? minimum(one.amount, left) : 0n;
    left -= taken;
    if (one.amount > taken) overspent.push({ until: one.until, amount: one.amount - taken });
  }
  return { amount: left, owing: left === amount ? before : { line, overspent } };
}

function ofLine({ line: known, overspent }: Owing, line: number): readonly Overspent[] {
  return known === line ? overspent : [];
}
