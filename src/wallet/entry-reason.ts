import { type Naming, reasonBetween } from "./model/reason";
import type { Entry, Grant, Policy, Pot, Source, Transaction } from "./model/types";

/** Why an entry is as it is, in words. */

/** Whether the waterfall chose this entry's grant; the others follow from what the transaction is about. */
export function isDrawn({ type, amount }: Pick<Transaction, "type" | "amount">, entry: Entry): boolean {
  if (entry.from !== "AVAILABLE") return false;
  return type === "SPEND" || type === "HOLD" || type === "CAPTURE" || type === "TRANSFER" || (type === "ADJUST" && amount < 0n);
}

export interface Drawn {
  readonly policy: Policy;
  readonly grant: Grant;
  /** The next eligible grant at that moment; null: there was none. */
  readonly before: Grant | null;
}

/** For an entry that the waterfall chose: what put its grant before the next. */
export function reasonOfDraw({ policy, grant, before }: Drawn, name: Naming): string {
  return reasonBetween(policy, grant, before, name);
}

type Moves = { readonly [From in Source]: { readonly [To in Pot]?: string } };

/** For all other entries: what the move means, by where from and where to. */
const MOVES: Moves = {
  ISSUED: {
    PENDING: "granted, to be effective later",
    AVAILABLE: "granted",
    CONSUMED: "debt taken over from the limit before",
  },
  PENDING: { AVAILABLE: "became effective", VOIDED: "withdrawn before it was effective" },
  AVAILABLE: {
    CONSUMED: "repaid debt",
    EXPIRED: "expired",
    VOIDED: "withdrawn",
    MOVED: "rolled over into a new grant",
  },
  HELD: {
    CONSUMED: "captured from the hold, in the order in which it was set aside",
    AVAILABLE: "released",
    EXPIRED: "released, and its grant had expired",
    VOIDED: "released, and its grant had been withdrawn",
  },
  CONSUMED: {
    AVAILABLE: "given back",
    MOVED: "given back in a new grant, because this one has ended",
    VOIDED: "given back to a limit that has ended",
  },
  EXPIRED: {},
  VOIDED: {},
  MOVED: {},
};

/** What is CONSUMED of an OVERDRAFT is owed: its moves mean something else. */
const DEBT_MOVES: Moves["CONSUMED"] = {
  AVAILABLE: "debt repaid",
  MOVED: "debt moved to the new limit",
  VOIDED: "debt repaid, under a limit that has ended",
};

export function reasonOfMove(entry: Entry, kind: Grant["kind"]): string {
  const debt = kind === "OVERDRAFT" && entry.from === "CONSUMED" ? DEBT_MOVES[entry.to] : undefined;
  return debt ?? MOVES[entry.from][entry.to] ?? `moved from ${entry.from} to ${entry.to}`;
}
