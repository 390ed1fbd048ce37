import type { Amount } from "../../../src/core/amount";
import { addPeriods, type Instant } from "../../../src/core/time";
import type { Entry, Grant, Transaction } from "../../../src/wallet/model/types";
import type { History } from "../history";
import { type Book, described, type Lot, lives } from "./book";
import { costShare } from "./cost";
import { holds, same } from "./expect";

/** What of a spend has not been refunded, by draw; the last drawn is at the end. */
type Stack = { readonly grant: number; amount: Amount }[];

/** Who owes, who repaid, and what refunds give back: reckoned before each transaction, then compared with its entries, one by one. */
export class DebtReckoning {
  readonly #spends = new Map<number, Stack>();
  /** All that overdrafts ever paid, less what of it was refunded. */
  #owed: Amount = 0n;

  constructor(
    private readonly book: Book,
    private readonly history: History,
  ) {}

  /** Before the entries of a transaction count. */
  expect(transaction: Transaction, born: readonly Grant[]): void {
    const { type, entries, sequence } = transaction;
    if (type === "REFUND") this.#refund(transaction, born);
    else if (type === "ACTIVATE" || type === "GRANT" || type === "ADJUST") this.#credit(transaction, born);
    if (type === "SPEND" || type === "CAPTURE") {
      const consumed = entries.filter((entry) => entry.to === "CONSUMED");
      this.#spends.set(
        sequence,
        consumed.map(({ grant, amount }) => ({ grant, amount })),
      );
    }
    if (type === "SPEND" || type === "CAPTURE" || type === "ADJUST") this.#owed += this.#drawnFromOverdraft(entries);
  }

  /** After them: what is owed and what repaid it are together what overdrafts paid. */
  judge(): void {
    let repaid = 0n;
    for (const lot of this.book.lots.values()) repaid += lot.repaid;
    same(this.book.debt() + repaid, this.#owed, "debt and repayments");
  }

  /** What is left to refund is what the wallet says. */
  judgeEnd(): void {
    for (const { sequence, type, draws, refunded } of this.history.wallet.spents) {
      if (type !== "SPEND" && type !== "CAPTURE") continue;
      const left = this.#spends.get(sequence)?.reduce((sum, draw) => sum + draw.amount, 0n);
      same(draws.reduce((sum, draw) => sum + draw.amount, 0n) - refunded, left, `what is left to refund of ${sequence}`);
    }
  }

  /** New credits come in, and pay the debt, oldest first, if they are of the sort that does. */
  #credit(transaction: Transaction, born: readonly Grant[]): void {
    const { type, entries, effectiveAt } = transaction;
    const [first] = born;
    if (first?.kind === "OVERDRAFT") {
      this.#limit(transaction, first);
      return;
    }
    const number = type === "ACTIVATE" ? (entries[0] as Entry).grant : first?.number;
    if (number === undefined) return;
    const lot = this.book.lot(number);
    const pending = lot.terms.effectiveAt > effectiveAt;
    // A part of what was to come may have been withdrawn.
    const [from, coming] =
      type === "ACTIVATE" ? (["PENDING", lot.pots.PENDING] as const) : (["ISSUED", lot.terms.amount] as const);
    const expected = [described(number, from, pending ? "PENDING" : "AVAILABLE", coming)];
    if (!pending) expected.push(...this.#repay(lot, coming));
    same(entries.map(shown), expected, "what comes in, and what it repays");
  }

  #repay(payer: Lot, coming: Amount): readonly string[] {
    const expected: string[] = [];
    let left = payer.terms.repaysDebt ? coming : 0n;
    for (const debtor of this.#debtors()) {
      const paid = left < debtor.pots.CONSUMED ? left : debtor.pots.CONSUMED;
      if (paid === 0n) continue;
      expected.push(described(payer.terms.number, "AVAILABLE", "CONSUMED", paid), fallOf(debtor, paid));
      payer.repaid += paid;
      left -= paid;
    }
    return expected;
  }

  /** A changed limit takes over what is owed, the oldest debt first, as far as it holds it; what was left of the one before is voided. */
  #limit({ entries }: Transaction, limit: Grant): void {
    const expected: string[] = [];
    let room = limit.amount;
    const before = this.#overdrafts().filter((lot) => lot.terms !== limit);
    for (const { terms, pots } of before)
      if (pots.AVAILABLE > 0n) expected.push(described(terms.number, "AVAILABLE", "VOIDED", pots.AVAILABLE));
    for (const { terms, pots } of before) {
      const moved = room < pots.CONSUMED ? room : pots.CONSUMED;
      if (moved > 0n) expected.push(described(terms.number, "CONSUMED", "MOVED", moved));
      if (moved > 0n) expected.push(described(limit.number, "ISSUED", "CONSUMED", moved));
      room -= moved;
    }
    if (room > 0n) expected.push(described(limit.number, "ISSUED", "AVAILABLE", room));
    same(entries.map(shown), expected, "what a changed limit moves");
  }

  #refund({ amount, entries, relatesTo, effectiveAt }: Transaction, born: readonly Grant[]): void {
    const stack = this.#spends.get(relatesTo ?? 0);
    holds(stack, `a refund is of a spend, not of ${relatesTo}`);
    const replacements = born.slice();
    const debts = new Map(this.#debtors().map((lot) => [lot, lot.pots.CONSUMED]));
    const expected: string[] = [];
    for (let left = amount; left > 0n; ) {
      const last = stack.at(-1);
      holds(last, "no more is refunded than was spent");
      const part = last.amount < left ? last.amount : left;
      const payer = this.book.lot(last.grant);
      if (payer.terms.kind === "OVERDRAFT") expected.push(...this.#forgive(payer, part, debts, replacements, effectiveAt));
      else expected.push(...this.#restore(payer, part, replacements, effectiveAt));
      last.amount -= part;
      left -= part;
      if (last.amount === 0n) stack.pop();
    }
    same(entries.map(shown), expected, "what a refund gives back");
    same(replacements, [], "grants that nothing was moved to");
  }

  /** Debt falls first: of the limit that paid, then of the newest others. Then those that repaid it get it back, newest first. */
  #forgive(payer: Lot, amount: Amount, debts: Map<Lot, Amount>, replacements: Grant[], now: Instant): readonly string[] {
    this.#owed -= amount;
    const moves: string[] = [];
    let left = amount;
    for (const debtor of [payer, ...this.#debtors().reverse()]) {
      const debt = debts.get(debtor) ?? 0n;
      const part = debt < left ? debt : left;
      if (part === 0n) continue;
      moves.push(fallOf(debtor, part));
      debts.set(debtor, debt - part);
      left -= part;
    }
    for (const repayer of [...this.book.lots.values()].reverse()) {
      const part = repayer.repaid < left ? repayer.repaid : left;
      if (part === 0n) continue;
      moves.push(...this.#restore(repayer, part, replacements, now));
      repayer.repaid -= part;
      left -= part;
    }
    same(left, 0n, "what was owed or repaid of a refunded overdraft");
    return moves;
  }

  /** Back to the grant that paid while it lives; else to a new one with the same scope and cost basis, alive for the grace. */
  #restore({ terms, voided }: Lot, amount: Amount, replacements: Grant[], now: Instant): readonly string[] {
    const { number, priority, scope } = terms;
    if (!voided && lives(terms, now)) return [described(number, "CONSUMED", "AVAILABLE", amount)];
    const made = replacements.shift();
    holds(made, `there is a REFUND grant for what ${number} paid`);
    const { key, timeZone, refundGrace } = this.history.wallet;
    const expiresAt = addPeriods(now, refundGrace, 1, timeZone);
    same(
      [made.kind, made.amount, made.priority, made.scope, made.costBasis, made.expiresAt, made.origin, made.repaysDebt],
      ["REFUND", amount, priority, scope, costShare(terms, amount), expiresAt, { ...key, number }, false],
      "the terms of a REFUND grant",
    );
    return [described(number, "CONSUMED", "MOVED", amount), described(made.number, "ISSUED", "AVAILABLE", amount)];
  }

  #overdrafts(): Lot[] {
    return [...this.book.lots.values()].filter(({ terms }) => terms.kind === "OVERDRAFT");
  }

  /** Oldest first. */
  #debtors(): Lot[] {
    return this.#overdrafts().filter(({ pots }) => pots.CONSUMED > 0n);
  }

  #drawnFromOverdraft(entries: readonly Entry[]): Amount {
    const drawn = entries.filter(({ from, to }) => to === "CONSUMED" && (from === "AVAILABLE" || from === "HELD"));
    const owed = drawn.filter(({ grant }) => this.book.lot(grant).terms.kind === "OVERDRAFT");
    return owed.reduce((sum, entry) => sum + entry.amount, 0n);
  }
}

/** Debt that falls can be drawn again, unless its limit was voided. */
function fallOf({ terms, voided }: Lot, amount: Amount): string {
  return described(terms.number, "CONSUMED", voided ? "VOIDED" : "AVAILABLE", amount);
}

function shown({ grant, from, to, amount }: Entry): string {
  return described(grant, from, to, amount);
}
