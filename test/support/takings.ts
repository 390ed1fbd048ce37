import type { Instant } from "../../src/core/time";
import type { Limit, Transaction } from "../../src/wallet/model/types";

/** Credits that a member took at once, as far as they have not come back. */
interface Taking {
  readonly member: number;
  readonly operation: string | null;
  readonly at: Instant;
  left: bigint;
}

/**
 * What members have of a wallet's credits, reckoned from its log and from nothing else: a heap of credits for every hold and every spend,
 * that later transactions take from. It shares no code with what counts.
 */
export class Takings {
  readonly #all: Taking[] = [];
  readonly #held = new Map<number, Taking>();
  readonly #spent = new Map<number, Taking[]>();

  constructor(transactions: readonly Transaction[]) {
    for (const transaction of transactions) this.#read(transaction);
  }

  /** What a member has of what it took in the window of a limit, by the uses that the limit counts. */
  within(member: number, { operations, window }: Pick<Limit, "operations" | "window">): bigint {
    const counted = this.#all.filter(
      (taking) =>
        taking.member === member &&
        taking.at >= window.from &&
        taking.at < window.until &&
        (operations.length === 0 || operations.some((pattern) => fits(pattern, taking.operation))),
    );
    return counted.reduce((sum, { left }) => sum + left, 0n);
  }

  #read(transaction: Transaction): void {
    const { type, sequence, relatesTo, amount } = transaction;
    if (transaction.member === null) return;
    if (type === "SPEND") this.#spent.set(sequence, [this.#take(transaction, amount)]);
    if (type === "HOLD" && relatesTo === null) this.#held.set(sequence, this.#take(transaction, amount));
    if (type === "RELEASE") this.#giveBack([this.#heldBy(relatesTo)], amount);
    if (type === "CAPTURE") this.#capture(transaction);
    if (type === "REFUND") this.#giveBack(this.#spent.get(relatesTo ?? 0) ?? [], amount);
  }

  /** What was held becomes a heap of its own, taken when it was held; what is beyond it is taken now. */
  #capture(transaction: Transaction): void {
    const hold = this.#heldBy(transaction.relatesTo);
    const sum = (entries: Transaction["entries"]) => entries.reduce((total, entry) => total + entry.amount, 0n);
    const fromHold = sum(transaction.entries.filter(({ from, to }) => from === "HELD" && to === "CONSUMED"));
    const released = sum(transaction.entries.filter(({ from, to }) => from === "HELD" && to !== "CONSUMED"));
    hold.left -= fromHold + released;
    const captured = { ...hold, left: fromHold };
    this.#all.push(captured);
    this.#spent.set(transaction.sequence, [captured, this.#take(transaction, transaction.amount - fromHold)]);
  }

  #take({ member, operation, effectiveAt: at }: Transaction, left: bigint): Taking {
    const taking = { member: member as number, operation, at, left };
    this.#all.push(taking);
    return taking;
  }

  #giveBack(takings: readonly Taking[], amount: bigint): void {
    let wanted = amount;
    for (const taking of takings.toReversed()) {
      const part = taking.left < wanted ? taking.left : wanted;
      taking.left -= part;
      wanted -= part;
    }
  }

  #heldBy(sequence: number | null): Taking {
    const hold = this.#held.get(sequence ?? 0);
    if (!hold) throw new Error(`there is no hold ${sequence} of a member`);
    return hold;
  }
}

function fits(pattern: string, operation: string | null): boolean {
  if (operation === null) return false;
  return pattern.endsWith("*") ? operation.startsWith(pattern.slice(0, -1)) : operation === pattern;
}
