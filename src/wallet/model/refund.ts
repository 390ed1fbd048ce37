import { type Amount, minimum } from "../../core/amount";
import { refuse } from "../../core/refusal";
import { addPeriods, type Instant } from "../../core/time";
import type { RefundCommand } from "./commands";
import { costOf } from "./cost-basis";
import type { Attempt, Draft } from "./draft";
import { reduceDebt } from "./repay";
import type { Grant, Spent, Transaction } from "./types";
import { debtOf } from "./wallet";
import { isAlive } from "./waterfall";

/**
 * Gives back what a spend or capture took, whole or in part, to the grants that paid, last drawn first. Where such a grant has ended,
 * a REFUND grant takes its place; where an overdraft paid, the debt falls first, and then those that repaid it get it back.
 */
export function refund(draft: Draft, command: RefundCommand): Attempt {
  const spent = draft.spent(command.spend);
  if (!spent || (command.boundTo !== null && spent.app !== command.boundTo)) {
    return refuse({ code: "NOT_FOUND", what: "transaction" });
  }
  if (!isRefundable(spent)) return refuse({ code: "NOT_REFUNDABLE", sequence: spent.sequence });
  const refundable = spent.draws.reduce((sum, draw) => sum + draw.amount, 0n) - spent.refunded;
  const requested = command.amount ?? refundable;
  if (requested > refundable || requested === 0n) return refuse({ code: "REFUND_EXCEEDS_SPEND", refundable, requested });
  for (const { grant, amount, takenAt } of lastDrawnFirst(spent, requested)) {
    giveBack(draft, grant, amount);
    draft.uncount(spent.member, spent.operation, amount, takenAt);
  }
  draft.putSpent({ ...spent, refunded: spent.refunded + requested });
  return { type: "REFUND", relatesTo: spent.sequence, app: spent.app, member: spent.member };
}

/** What of a transaction can be refunded: who paid, in the order of drawing. `heldAt`: of the hold that it captures. */
export function spentOf(transaction: Transaction, refunded: Amount, heldAt: Instant | null): Spent {
  const { sequence, type, operation, app, member, effectiveAt } = transaction;
  const draws = transaction.entries
    .filter((entry) => entry.to === "CONSUMED")
    .map(({ grant, amount, from }) => ({ grant, amount, takenAt: (from === "HELD" ? heldAt : null) ?? effectiveAt }));
  return { sequence, type, operation, app, member, draws, refunded };
}

function isRefundable(spent: Spent): boolean {
  return spent.type === "SPEND" || spent.type === "CAPTURE";
}

/** The parts of `amount` by grant, from the last draw on, past what has been refunded already. */
function lastDrawnFirst(spent: Spent, amount: Amount): Spent["draws"] {
  let past = spent.refunded;
  let wanted = amount;
  return spent.draws.toReversed().flatMap((draw) => {
    const gone = minimum(past, draw.amount);
    past -= gone;
    const part = minimum(draw.amount - gone, wanted);
    wanted -= part;
    return part > 0n ? [{ ...draw, amount: part }] : [];
  });
}

function giveBack(draft: Draft, number: number, amount: Amount): void {
  const payer = draft.grant(number) as Grant;
  if (payer.kind === "OVERDRAFT") forgive(draft, payer, amount);
  else restore(draft, payer, amount);
}

/** Credits go back where they came from while that grant lives, else into a REFUND grant with its scope and its cost. */
function restore(draft: Draft, payer: Grant, amount: Amount): void {
  if (payer.voidedAt === null && isAlive(payer, draft.now)) {
    draft.move(payer.number, "CONSUMED", "AVAILABLE", amount);
    return;
  }
  draft.move(payer.number, "CONSUMED", "MOVED", amount);
  const { timeZone, refundGrace, key } = draft.wallet;
  const replacement = draft.issue(
    {
      kind: "REFUND",
      amount,
      priority: payer.priority,
      effectiveAt: draft.now,
      expiresAt: addPeriods(draft.now, refundGrace, 1, timeZone),
      scope: payer.scope,
      costBasis: costOf(payer, amount),
      rollover: null,
      repaysDebt: false,
      source: payer.source,
      metadata: null,
    },
    { ...key, number: payer.number },
  );
  draft.move(replacement.number, "ISSUED", "AVAILABLE", amount);
}

/**
 * A refund of credits that were owed: the debt falls, on the limit that paid and then on the newest others (a changed limit has taken
 * debt over). What was repaid meanwhile goes back to the grants that repaid it, newest first. Debt and repayments together are
 * always as much as the unrefunded draws, so nothing is left over.
 */
function forgive(draft: Draft, payer: Grant, amount: Amount): void {
  let left = amount;
  const newestFirst = draft.grants.toReversed();
  for (const debtor of [payer, ...newestFirst.filter((grant) => grant.number !== payer.number)]) {
    const part = minimum(debtOf(debtor), left);
    if (part > 0n) reduceDebt(draft, debtor, part);
    left -= part;
  }
  for (const repayer of newestFirst) {
    const part = minimum(repayer.repaid, left);
    if (part === 0n) continue;
    draft.change(repayer.number, { repaid: repayer.repaid - part });
    restore(draft, draft.grant(repayer.number) as Grant, part);
    left -= part;
  }
}
