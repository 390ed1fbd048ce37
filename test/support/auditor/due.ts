import type { Instant } from "../../../src/core/time";
import type { Transaction } from "../../../src/wallet/model/types";
import { type Book, compare } from "./book";
import { same } from "./expect";
import type { HoldReckoning } from "./holds";

type Due = { readonly type: "RELEASE" | "EXPIRE" | "ACTIVATE"; readonly at: Instant; readonly number: number };

/** In this order at one instant. */
const ORDER = ["RELEASE", "EXPIRE", "ACTIVATE"];

/** What time does by itself: each thing once, at its instant, in order; and before whatever else happens. */
export class DueReckoning {
  constructor(
    private readonly book: Book,
    private readonly holds: HoldReckoning,
  ) {}

  /** Before a transaction counts: nothing was due before it but what it is itself. */
  judge({ type, actor, idempotencyKey, effectiveAt, entries, relatesTo }: Transaction): void {
    const due = this.next(effectiveAt);
    const itself = actor === "system" && idempotencyKey === null;
    if (!itself) {
      same(due, null, "what was due before a command");
      return;
    }
    const number = type === "RELEASE" ? relatesTo : entries[0]?.grant;
    same({ type, at: effectiveAt, number }, due, "what was due first");
  }

  /** The first thing that is due up to `until`; null: nothing. */
  next(until: Instant): Due | null {
    const dues: Due[] = this.holds
      .open()
      .map(({ sequence, expiresAt }) => ({ type: "RELEASE", at: expiresAt, number: sequence }));
    for (const { terms, pots } of this.book.lots.values()) {
      const { number, effectiveAt, expiresAt } = terms;
      if (pots.AVAILABLE > 0n && expiresAt !== null) dues.push({ type: "EXPIRE", at: expiresAt, number });
      if (pots.PENDING > 0n) dues.push({ type: "ACTIVATE", at: effectiveAt, number });
    }
    const place = (due: Due) => [due.at, BigInt(ORDER.indexOf(due.type)), BigInt(due.number)];
    const first = dues.filter((due) => due.at <= until).sort((a, b) => compare(place(a), place(b)))[0];
    return first ?? null;
  }
}
