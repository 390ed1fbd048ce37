import { minimum } from "../../core/amount";
import { addPeriods, boundsOf, type Instant, subtractPeriod } from "../../core/time";
import { expiringSoon } from "./alerts";
import { Draft, type Facts, type Request, type Written } from "./draft";
import { credit } from "./grant";
import { releaseFacts, releaseRest } from "./release";
import { repay } from "./repay";
import type { Alert, Grant, Hold, Transaction, Wallet } from "./types";

export interface CaughtUp {
  readonly wallet: Wallet;
  readonly transactions: readonly Transaction[];
  readonly alerts: readonly Alert[];
}

/** In the order of what happens at one instant. */
const RANK = { hold: 0, expiry: 1, activation: 2, notice: 3 } as const;
type Due = { readonly at: Instant; readonly number: number } & (
  | { readonly kind: "hold"; readonly hold: Hold }
  | { readonly kind: "expiry" | "activation" | "notice"; readonly grant: Grant }
);

const SYSTEM: Request = {
  actor: "system",
  description: null,
  metadata: null,
  idempotencyKey: null,
  fingerprint: null,
};

/**
 * Applies what fell due up to `now`, in the order of time, each as a transaction of its own whose `effectiveAt` is the instant at
 * which it fell due: hold expiries, grant expiries with their rollover, activations, notices. Doing so in many steps or in one
 * gives the same.
 */
export function catchUp(wallet: Wallet, now: Instant): CaughtUp {
  const transactions: Transaction[] = [];
  const alerts: Alert[] = [];
  const notices = noticesOf(wallet);
  let current = wallet;
  for (let due = nextDue(current, notices, now); due !== null; due = nextDue(current, notices, now)) {
    const written = apply(current, due, now);
    if (due.kind === "notice") notices.told.add(due.number);
    if (written.transaction) transactions.push(written.transaction);
    alerts.push(...written.alerts);
    current = written.wallet;
  }
  return { wallet: now > current.clockAt ? { ...current, clockAt: now } : current, transactions, alerts };
}

/** The earliest instant at which something of this wallet falls due, or may do; null: never, as it stands. */
export function nextDueAt(wallet: Wallet): Instant | null {
  const loaded = nextDue(wallet, noticesOf(wallet), null)?.at ?? null;
  const { unloadedDueAt } = wallet;
  if (loaded === null || unloadedDueAt === null) return loaded ?? unloadedDueAt;
  return loaded < unloadedDueAt ? loaded : unloadedDueAt;
}

/** A notice is told when the wallet's time passes it, and only then: those after `after`, but for the grants `told` on the way. */
interface Notices {
  readonly after: Instant;
  readonly told: Set<number>;
  /** How long before its expiry a grant is announced, at least and at most. */
  readonly ahead: { readonly least: Instant; readonly most: Instant };
}

function noticesOf({ clockAt, expiryNotice }: Wallet): Notices {
  return { after: clockAt, told: new Set(), ahead: boundsOf(expiryNotice) };
}

/** The first thing that falls due, until an instant if one is named. */
function nextDue(wallet: Wallet, notices: Notices, until: Instant | null): Due | null {
  let first: Due | null = null;
  let latest = until;
  const consider = (due: Due): void => {
    if ((latest !== null && due.at > latest) || (first !== null && !comesBefore(due, first))) return;
    first = due;
    latest = due.at;
  };
  for (const hold of wallet.holds) {
    if (hold.status === "OPEN") consider({ kind: "hold", at: hold.expiresAt, number: hold.sequence, hold });
  }
  for (const grant of wallet.grants) considerGrant(grant, consider);
  for (const grant of wallet.grants) considerNotice(wallet, grant, notices, latest, consider);
  return first;
}

function considerGrant(grant: Grant, consider: (due: Due) => void): void {
  const { number, pots, effectiveAt, expiresAt } = grant;
  if (pots.PENDING > 0n) consider({ kind: "activation", at: effectiveAt, number, grant });
  if (pots.AVAILABLE > 0n && expiresAt !== null) consider({ kind: "expiry", at: expiresAt, number, grant });
}

/** What cannot be before `latest`, or has passed for certain, is left out without asking the calendar: this is done for every spend. */
function considerNotice(
  wallet: Wallet,
  grant: Grant,
  notices: Notices,
  latest: Instant | null,
  consider: (due: Due) => void,
): void {
  const { number, pots, expiresAt } = grant;
  if (pots.AVAILABLE === 0n || expiresAt === null || notices.told.has(number)) return;
  const { after, ahead } = notices;
  if (expiresAt - ahead.least <= after || (latest !== null && expiresAt - ahead.most > latest)) return;
  const noticeAt = noticeOf(wallet, grant, expiresAt);
  if (noticeAt === null || noticeAt <= after || noticeAt < wallet.clockAt) return;
  consider({ kind: "notice", at: noticeAt, number, grant });
}

/** When a grant is announced as expiring soon; null for one that was born inside the notice period, or is no credit of the customer's own. */
function noticeOf(wallet: Wallet, grant: Grant, expiresAt: Instant): Instant | null {
  if (grant.kind === "OVERDRAFT") return null;
  const noticeAt = subtractPeriod(expiresAt, wallet.expiryNotice, wallet.timeZone);
  return noticeAt > grant.effectiveAt && noticeAt > grant.createdAt ? noticeAt : null;
}

function comesBefore(a: Due, b: Due): boolean {
  if (a.at !== b.at) return a.at < b.at;
  return (RANK[a.kind] - RANK[b.kind] || a.number - b.number) < 0;
}

type Applied = Omit<Written, "transaction"> & { readonly transaction: Transaction | null };

function apply(wallet: Wallet, due: Due, recordedAt: Instant): Applied {
  const at = due.at > wallet.clockAt ? due.at : wallet.clockAt;
  if (due.kind === "notice") return announce(wallet, due.grant, at);
  const draft = new Draft(wallet, at);
  return draft.write(happen(draft, due), SYSTEM, recordedAt);
}

function happen(draft: Draft, due: Exclude<Due, { kind: "notice" }>): Facts {
  if (due.kind === "hold") {
    releaseRest(draft, due.hold, "EXPIRED");
    return releaseFacts(due.hold);
  }
  return due.kind === "expiry" ? expire(draft, due.grant) : activate(draft, due.grant);
}

function activate(draft: Draft, grant: Grant): Facts {
  draft.move(grant.number, "PENDING", "AVAILABLE", grant.pots.PENDING);
  repay(draft, grant.number);
  return { type: "ACTIVATE" };
}

/** What is left expires, but for what the rollover rule keeps: that moves into a ROLLOVER grant. */
function expire(draft: Draft, grant: Grant): Facts {
  const kept = keptOf(grant);
  draft.move(grant.number, "AVAILABLE", "MOVED", kept);
  draft.move(grant.number, "AVAILABLE", "EXPIRED", grant.pots.AVAILABLE - kept);
  if (kept > 0n) rollOver(draft, grant, kept);
  return { type: "EXPIRE" };
}

function keptOf(grant: Grant): bigint {
  if (grant.rollover === null) return 0n;
  const { percent, maximum } = grant.rollover;
  const share = (grant.pots.AVAILABLE * BigInt(percent)) / 100n;
  return maximum === null ? share : minimum(share, maximum);
}

function rollOver(draft: Draft, grant: Grant, amount: bigint): void {
  const { period, periods } = grant.rollover as NonNullable<Grant["rollover"]>;
  const { key, timeZone } = draft.wallet;
  credit(
    draft,
    {
      kind: "ROLLOVER",
      amount,
      priority: grant.priority,
      effectiveAt: draft.now,
      expiresAt: addPeriods(draft.now, period, periods, timeZone),
      scope: grant.scope,
      costBasis: null,
      rollover: null,
      repaysDebt: false,
      source: grant.source,
      metadata: null,
    },
    { ...key, number: grant.number },
  );
}

function announce(wallet: Wallet, grant: Grant, at: Instant): Applied {
  const alert = expiringSoon(wallet, at, { number: grant.number, available: grant.pots.AVAILABLE });
  return { wallet: { ...wallet, clockAt: at, alertCount: alert.number }, transaction: null, alerts: [alert] };
}
