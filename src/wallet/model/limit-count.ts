import type { Amount } from "../../core/amount";
import type { Instant } from "../../core/time";
import type { Entry, Limit, Transaction } from "./types";
import { matches } from "./waterfall";

/** Which uses of a member are counted, and in which window. */
export type Counted = Pick<Limit, "operations" | "window"> & { readonly member: number };

/** Credits that a member took at an instant. What has come back of them is taken off. */
interface Taking {
  readonly takenAt: Instant;
  amount: Amount;
}

type Use = Pick<Transaction, "member" | "operation">;

/**
 * What is used of limits by the log alone: what members took in the windows and has not come back. It is told the transactions in their
 * order, those of the limits' members at least, from the beginning of the windows on or from earlier.
 */
export class LimitCount {
  /** When holds were made; those that are missing were made before the windows. */
  readonly #heldAt = new Map<number, Instant>();
  readonly #spends = new Map<number, Use & { readonly takings: readonly Taking[] }>();
  readonly #used: Amount[];
  /** The earliest window's beginning: nothing before it is kept. */
  readonly #from: Instant | null;

  constructor(private readonly limits: readonly Counted[]) {
    this.#used = limits.map(() => 0n);
    this.#from = limits.reduce<Instant | null>(
      (from, { window }) => (from === null || window.from < from ? window.from : from),
      null,
    );
  }

  /** In the order of the limits. */
  get used(): readonly Amount[] {
    return this.#used;
  }

  next(transaction: Transaction): void {
    const { member, type, effectiveAt } = transaction;
    if (member === null || this.#from === null || effectiveAt < this.#from) return;
    if (type === "REFUND") this.#refund(transaction);
    else this.#take(transaction);
  }

  #take(transaction: Transaction): void {
    const { type, sequence, relatesTo, member, operation, effectiveAt, entries } = transaction;
    if (type === "HOLD" && relatesTo === null) this.#heldAt.set(sequence, effectiveAt);
    const heldAt = (relatesTo === null ? undefined : this.#heldAt.get(relatesTo)) ?? BEFORE;
    for (const { from, to, amount } of entries) {
      if (from === "AVAILABLE") this.#count(transaction, amount, effectiveAt);
      if (from === "HELD" && to !== "CONSUMED") this.#count(transaction, -amount, heldAt);
    }
    const takings = takingsOf(entries, effectiveAt, heldAt);
    if (type === "SPEND" || type === "CAPTURE") this.#spends.set(sequence, { member, operation, takings });
  }

  /** Credits come back that were drawn last. */
  #refund({ relatesTo, amount }: Transaction): void {
    const spend = relatesTo === null ? undefined : this.#spends.get(relatesTo);
    if (!spend) return;
    let left = amount;
    for (const taking of spend.takings.toReversed()) {
      const part = taking.amount < left ? taking.amount : left;
      taking.amount -= part;
      left -= part;
      this.#count(spend, -part, taking.takenAt);
    }
  }

  #count({ member, operation }: Use, amount: Amount, at: Instant): void {
    this.limits.forEach((limit, index) => {
      const { from, until } = limit.window;
      if (limit.member !== member || at < from || at >= until || !matches(limit.operations, operation)) return;
      this.#used[index] = (this.#used[index] as Amount) + amount;
    });
  }
}

/** Before any window. */
const BEFORE: Instant = -1n;

function takingsOf(entries: readonly Entry[], effectiveAt: Instant, heldAt: Instant): readonly Taking[] {
  return entries
    .filter((entry) => entry.to === "CONSUMED")
    .map(({ from, amount }) => ({ takenAt: from === "HELD" ? heldAt : effectiveAt, amount }));
}
