import type { Amount } from "../../../src/core/amount";
import type { Instant } from "../../../src/core/time";
import type { Entry, Hold, HoldStatus, Transaction, Wallet } from "../../../src/wallet/model/types";
import type { History } from "../history";
import { type Book, described, homeOf } from "./book";
import { holds, same } from "./expect";

interface HoldAccount {
  readonly sequence: number;
  readonly amount: Amount;
  /** What is still held, by draw, in the order of allocation. */
  readonly left: { readonly grant: number; amount: Amount }[];
  readonly draws: Hold["draws"];
  captured: Amount;
  released: Amount;
  status: HoldStatus;
  expiresAt: Instant;
}

/** Holds by the entries: what was set aside is captured from the front, or goes back where it belongs; never more, never twice. */
export class HoldReckoning {
  readonly #accounts = new Map<number, HoldAccount>();
  constructor(
    private readonly book: Book,
    private readonly history: History,
  ) {}

  open(): readonly HoldAccount[] {
    return [...this.#accounts.values()].filter((hold) => hold.status === "OPEN");
  }

  judge(transaction: Transaction): void {
    const { type, relatesTo } = transaction;
    if (type === "HOLD" && relatesTo === null) this.#hold(transaction);
    else if (type === "HOLD") this.#extend(transaction);
    else if (type === "CAPTURE") this.#capture(transaction);
    else if (type === "RELEASE") this.#release(transaction);
  }

  judgeEnd(wallet: Wallet): void {
    same(
      wallet.holds.map(({ sequence, amount, captured, released, status, expiresAt, draws }) => {
        return { sequence, amount, captured, released, status, expiresAt, draws };
      }),
      [...this.#accounts.values()].map(({ left: _left, ...account }) => account),
      "the holds",
    );
  }

  #hold({ sequence, entries, effectiveAt }: Transaction): void {
    const draws = entries.map(({ grant, amount }) => ({ grant, amount }));
    const amount = draws.reduce((sum, draw) => sum + draw.amount, 0n);
    const left = draws.map((draw) => ({ ...draw }));
    const expiresAt = this.#expiryAt(sequence, sequence);
    holds(expiresAt > effectiveAt, "a hold ends later than it begins");
    this.#accounts.set(sequence, { sequence, amount, left, draws, captured: 0n, released: 0n, status: "OPEN", expiresAt });
  }

  #extend({ sequence, entries, relatesTo }: Transaction): void {
    const hold = this.#openHold(relatesTo);
    const expiresAt = this.#expiryAt(hold.sequence, sequence);
    same(entries, [], "what an extension moves");
    holds(expiresAt > hold.expiresAt, "a hold is extended to a later instant");
    hold.expiresAt = expiresAt;
  }

  #capture({ entries, relatesTo, effectiveAt }: Transaction): void {
    const hold = this.#openHold(relatesTo);
    const captured = entries.filter(({ from, to }) => from === "HELD" && to === "CONSUMED");
    same(captured.map(partOf), take(hold, sum(captured)), "what is captured, in the order of allocation");
    hold.captured += sum(captured);
    const released = entries.filter(({ from, to }) => from === "HELD" && to !== "CONSUMED");
    if (released.length > 0) this.#giveBack(hold, released, effectiveAt);
    const excess = entries.some(({ from }) => from === "AVAILABLE");
    holds(!excess || hold.left.length === 0, "credits are spent past a hold only when all of it is captured");
    if (hold.left.length === 0) hold.status = "CAPTURED";
  }

  #release({ entries, relatesTo, effectiveAt, actor }: Transaction): void {
    const hold = this.#openHold(relatesTo);
    this.#giveBack(hold, entries, effectiveAt);
    hold.status = actor === "system" ? "EXPIRED" : "RELEASED";
  }

  /** All that is left goes back, each part to where its grant's credits belong now. */
  #giveBack(hold: HoldAccount, entries: readonly Entry[], now: Instant): void {
    const expected = hold.left.map(({ grant, amount }) => described(grant, "HELD", homeOf(this.book.lot(grant), now), amount));
    same(
      entries.map(({ grant, from, to, amount }) => described(grant, from, to, amount)),
      expected,
      "what is released",
    );
    hold.released += sum(entries);
    hold.left.length = 0;
  }

  #openHold(sequence: number | null): HoldAccount {
    const hold = this.#accounts.get(sequence ?? 0);
    holds(hold?.status === "OPEN", `hold ${sequence} is open`);
    return hold;
  }

  /** When a hold ends is in no entry: it is what was observed after the transaction that said so. */
  #expiryAt(hold: number, by: number): Instant {
    const known = this.history.holdExpiries.find((one) => one.hold === hold && one.by === by);
    holds(known, `transaction ${by} says when hold ${hold} ends`);
    return known.at;
  }
}

/** Takes from the front of what is still held. */
function take(hold: HoldAccount, amount: Amount): readonly (readonly [number, Amount])[] {
  const parts: [number, Amount][] = [];
  for (let wanted = amount; wanted > 0n; ) {
    const first = hold.left[0];
    holds(first, "no more is captured than is held");
    const part = first.amount < wanted ? first.amount : wanted;
    parts.push([first.grant, part]);
    first.amount -= part;
    wanted -= part;
    if (first.amount === 0n) hold.left.shift();
  }
  return parts;
}

function partOf({ grant, amount }: Entry): readonly [number, Amount] {
  return [grant, amount];
}

function sum(entries: readonly Entry[]): Amount {
  return entries.reduce((total, entry) => total + entry.amount, 0n);
}
