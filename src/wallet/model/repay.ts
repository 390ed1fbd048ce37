import { type Amount, minimum } from "../../core/amount";
import type { Draft } from "./draft";
import type { Grant, GrantKind, Pot } from "./types";
import { debtOf } from "./wallet";
import { isAlive } from "./waterfall";

/** Kinds that pay off a debt unless told otherwise. */
const REPAYING: ReadonlySet<GrantKind> = new Set(["PURCHASED", "PLAN", "ADJUSTMENT"]);
/** Kinds that never do, whatever they are told. */
const NEVER_REPAYING: ReadonlySet<GrantKind> = new Set(["PROMO", "REFERRAL", "GIFT"]);

/** Whether a grant of this kind repays debt; null when what is asked for is not allowed. */
export function repaysDebt(kind: GrantKind, asked: boolean | null): boolean | null {
  if (asked === true && NEVER_REPAYING.has(kind)) return null;
  return asked ?? REPAYING.has(kind);
}

/** Pays the wallet's debt, oldest first, from what a repaying grant has AVAILABLE. */
export function repay(draft: Draft, payer: number): void {
  if (draft.balance.debt === 0n) return;
  for (const debtor of draft.grants) {
    const grant = draft.grant(payer) as Grant;
    if (!grant.repaysDebt) return;
    const paid = minimum(grant.pots.AVAILABLE, debtOf(debtor));
    if (paid === 0n) continue;
    draft.move(payer, "AVAILABLE", "CONSUMED", paid);
    draft.change(payer, { repaid: grant.repaid + paid });
    reduceDebt(draft, debtor, paid);
  }
}

/** Debt that is paid off can be drawn again, unless the limit that it was drawn under has ended. */
export function reduceDebt(draft: Draft, debtor: Grant, amount: Amount): void {
  draft.move(debtor.number, "CONSUMED", homeOfDebt(draft, debtor), amount);
}

function homeOfDebt(draft: Draft, debtor: Grant): Pot {
  return debtor.voidedAt === null && isAlive(debtor, draft.now) ? "AVAILABLE" : "VOIDED";
}
