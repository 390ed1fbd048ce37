import type { Amount } from "../../core/amount";
import type { Instant, Period } from "../../core/time";
import {
  type Balance,
  GRANT_KINDS,
  type Grant,
  type GrantKind,
  type Policy,
  type Pots,
  type Wallet,
  type WalletKey,
} from "./types";

export const NO_POTS: Pots = { PENDING: 0n, AVAILABLE: 0n, HELD: 0n, CONSUMED: 0n, EXPIRED: 0n, VOIDED: 0n, MOVED: 0n };
export const GENESIS_HASH = new Uint8Array(32);
/** The kinds that stand in `Balance.byKind`, in its order. */
export const BALANCE_KINDS: readonly GrantKind[] = GRANT_KINDS.filter((kind) => kind !== "OVERDRAFT");
export const EMPTY_BALANCE: Balance = {
  available: 0n,
  held: 0n,
  pending: 0n,
  debt: 0n,
  overdraft: 0n,
  byKind: BALANCE_KINDS.map(() => 0n),
};

export interface NewWallet {
  readonly key: WalletKey;
  readonly now: Instant;
  readonly policy: Policy;
  readonly timeZone: string;
  readonly testClock?: Instant | null;
  readonly refundGrace: Period;
  readonly expiryNotice: Period;
}

/** A wallet as it is opened: nothing in it, no transaction yet. */
export function emptyWallet(given: NewWallet): Wallet {
  const { now, ...rest } = given;
  return {
    testClock: null,
    ...rest,
    sequence: 0,
    clockAt: now,
    hash: GENESIS_HASH,
    grantCount: 0,
    alertCount: 0,
    balance: EMPTY_BALANCE,
    depletion: "IDLE",
    thresholds: [],
    grants: [],
    holds: [],
    spents: [],
    members: [],
    unloadedDueAt: null,
  };
}

/** The instant that a wallet acts at, and is judged by, while it is really `now`: its account's own, where that has a test clock. */
export function timeOf({ testClock }: Pick<Wallet, "testClock">, now: Instant): Instant {
  return testClock ?? now;
}

/** True while a grant can still change by a command or by time alone: something waits, is available or held, or is owed. */
export function isOpen(grant: Grant): boolean {
  const { PENDING, AVAILABLE, HELD } = grant.pots;
  return PENDING > 0n || AVAILABLE > 0n || HELD > 0n || debtOf(grant) > 0n;
}

/** Where a grant stands among a wallet's, which are in the order of their numbers; -1: it is not there. */
export function indexOfGrant(grants: readonly Grant[], number: number): number {
  let [low, high] = [0, grants.length - 1];
  while (low <= high) {
    const middle = (low + high) >> 1;
    const found = (grants[middle] as Grant).number;
    if (found === number) return middle;
    if (found < number) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
}

/** What is owed through a grant: CONSUMED of an OVERDRAFT. */
export function debtOf(grant: Grant): Amount {
  return grant.kind === "OVERDRAFT" ? grant.pots.CONSUMED : 0n;
}

/** What is still held of a hold. */
export function heldOf(hold: { readonly amount: Amount; readonly captured: Amount; readonly released: Amount }): Amount {
  return hold.amount - hold.captured - hold.released;
}

/** What spends could draw altogether: AVAILABLE of every kind, OVERDRAFT included. Alerts judge this. */
export function spendableOf(balance: Balance): Amount {
  return balance.available + balance.overdraft;
}
