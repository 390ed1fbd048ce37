import { minimum } from "../../core/amount";
import { addPeriods, boundsOf, type Instant, subtractPeriod } from "../../core/time";
import { expiringSoon } from "./alerts";
import { copyOfWallet } from "./copies";
import { costOf } from "./cost-basis";
import { Draft, type Facts, type Request, type Written } from "./draft";
import { credit } from "./grant";
import { releaseFacts, releaseRest } from "./release";
import { repay } from "./repay";
import type { Alert, Grant, Hold, Transaction, Wallet } from "./types";
import { indexOfGrant } from "./wallet";
import { compareInstants } from "./waterfall";

export interface CaughtUp {
  readonly wallet: Wallet;
  readonly transactions: readonly Transaction[];
  readonly alerts: readonly Alert[];
}

/** In the order of what happens at one instant. */
const RANK = { hold: 0, expiry: 1, activation: 2, notice: 3 } as const;
/** `number`: of the grant, or the sequence of the hold. */
interface Due {
  readonly at: Instant;
  readonly kind: keyof typeof RANK;
  readonly number: number;
}

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
 * gives the same. `recordedAt`: when that is really written, where the wallet's time is another.
 */
export function catchUp(wallet: Wallet, now: Instant, recordedAt: Instant = now): CaughtUp {
  const transactions: Transaction[] = [];
  const alerts: Alert[] = [];
  const agenda = new Agenda(wallet, now);
  let current = wallet;
  for (let due = agenda.next(current); due !== null; due = agenda.next(current)) {
    const written = apply(current, due, recordedAt);
    if (written.transaction) transactions.push(written.transaction);
    alerts.push(...written.alerts);
    agenda.add(written.wallet.grants.slice(current.grants.length));
    current = written.wallet;
  }
  return { wallet: now > current.clockAt ? at(current, now) : current, transactions, alerts };
}

function at(wallet: Wallet, now: Instant): Wallet {
  const later = copyOfWallet(wallet);
  later.clockAt = now;
  return later;
}

/** The earliest instant at which something of this wallet falls due, or may do; null: never, as it stands. */
export function nextDueAt(wallet: Wallet): Instant | null {
  let next = wallet.unloadedDueAt;
  const consider = (at: Instant | null): void => {
    if (at !== null && (next === null || at < next)) next = at;
  };
  for (const hold of wallet.holds) if (hold.status === "OPEN") consider(hold.expiresAt);
  for (const { pots, effectiveAt, expiresAt } of wallet.grants) {
    if (pots.PENDING > 0n) consider(effectiveAt);
    if (pots.AVAILABLE > 0n) consider(expiresAt);
  }
  const notices = new Notices(wallet);
  for (const grant of wallet.grants) if (grant.pots.AVAILABLE > 0n) consider(notices.at(grant, next));
  return next;
}

/**
 * All that may fall due up to an instant, in the order of time. It is put in order once: looking through a wallet again for each of the
 * thousands of things that can fall due together would take minutes, in which a server does nothing else.
 */
class Agenda {
  /** The first stands last. */
  readonly #dues: Due[] = [];
  readonly #notices: Notices;

  constructor(
    wallet: Wallet,
    private readonly until: Instant,
  ) {
    this.#notices = new Notices(wallet);
    for (const { sequence, status, expiresAt } of wallet.holds) {
      if (status === "OPEN" && expiresAt <= until) this.#dues.push({ at: expiresAt, kind: "hold", number: sequence });
    }
    for (const grant of wallet.grants) this.#dues.push(...this.#duesOf(grant));
    if (this.#dues.length > 1) this.#dues.sort((a, b) => compareDues(b, a));
  }

  /** Takes in what time does to grants that were made on the way. */
  add(grants: readonly Grant[]): void {
    for (const due of grants.flatMap((grant) => this.#duesOf(grant))) {
      const place = this.#dues.findLastIndex((other) => compareDues(other, due) > 0);
      this.#dues.splice(place + 1, 0, due);
    }
  }

  /** The next thing that happens to the wallet as it has become. What there is nothing left for is passed over: that comes no more. */
  next(wallet: Wallet): Due | null {
    for (let due = this.#dues.pop(); due !== undefined; due = this.#dues.pop()) if (happens(due, wallet)) return due;
    return null;
  }

  #duesOf(grant: Grant): readonly Due[] {
    const { number, pots, effectiveAt, expiresAt } = grant;
    if (pots.PENDING === 0n && pots.AVAILABLE === 0n && pots.HELD === 0n) return [];
    const dues: Due[] = [];
    const noticeAt = this.#notices.at(grant, this.until);
    if (pots.PENDING > 0n && effectiveAt <= this.until) dues.push({ at: effectiveAt, kind: "activation", number });
    if (expiresAt !== null && expiresAt <= this.until) dues.push({ at: expiresAt, kind: "expiry", number });
    if (noticeAt !== null) dues.push({ at: noticeAt, kind: "notice", number });
    return dues;
  }
}

/** Whether there is still, or by now, something in the grant for it to happen to. Nothing but its expiry ends a hold on the way. */
function happens({ kind, number }: Due, { grants }: Wallet): boolean {
  if (kind === "hold") return true;
  const { pots } = grants[indexOfGrant(grants, number)] as Grant;
  return (kind === "activation" ? pots.PENDING : pots.AVAILABLE) > 0n;
}

/** When grants are announced as expiring soon: told when the wallet's time passes it, and only then. */
class Notices {
  readonly #ahead: { readonly least: Instant; readonly most: Instant };

  constructor(private readonly wallet: Wallet) {
    this.#ahead = boundsOf(wallet.expiryNotice);
  }

  /**
   * Null when it has passed, or does not come up to an instant if one is named; for a grant that was born inside the notice period; and
   * for one that is no credit of the customer's own. What cannot matter is left out without asking the calendar: this is done for
   * every spend.
   */
  at(grant: Grant, until: Instant | null): Instant | null {
    const { kind, effectiveAt, createdAt, expiresAt } = grant;
    if (expiresAt === null || kind === "OVERDRAFT") return null;
    const { clockAt, expiryNotice, timeZone } = this.wallet;
    const { least, most } = this.#ahead;
    if (expiresAt - least <= clockAt || (until !== null && expiresAt - most > until)) return null;
    const at = subtractPeriod(expiresAt, expiryNotice, timeZone);
    return at > clockAt && at > effectiveAt && at > createdAt && (until === null || at <= until) ? at : null;
  }
}

/** Negative: `a` happens first. */
function compareDues(a: Due, b: Due): number {
  return compareInstants(a.at, b.at) || RANK[a.kind] - RANK[b.kind] || a.number - b.number;
}

type Applied = Omit<Written, "transaction"> & { readonly transaction: Transaction | null };

function apply(wallet: Wallet, due: Due, recordedAt: Instant): Applied {
  const at = due.at > wallet.clockAt ? due.at : wallet.clockAt;
  const draft = new Draft(wallet, at);
  if (due.kind === "notice") return announce(wallet, draft.grant(due.number) as Grant, at);
  return draft.write(happen(draft, due), SYSTEM, recordedAt);
}

function happen(draft: Draft, { kind, number }: Due): Facts {
  if (kind === "hold") {
    const hold = draft.hold(number) as Hold;
    releaseRest(draft, hold, "EXPIRED");
    return releaseFacts(hold);
  }
  const grant = draft.grant(number) as Grant;
  return kind === "expiry" ? expire(draft, grant) : activate(draft, grant);
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
  const { period, periods, until } = grant.rollover as NonNullable<Grant["rollover"]>;
  const { key, timeZone } = draft.wallet;
  credit(
    draft,
    {
      kind: "ROLLOVER",
      amount,
      priority: grant.priority,
      effectiveAt: draft.now,
      expiresAt: until ?? addPeriods(draft.now, period, periods, timeZone),
      scope: grant.scope,
      costBasis: costOf(grant, amount),
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
