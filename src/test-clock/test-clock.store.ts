import type { Pool } from "pg";
import { formatInstant, type Instant } from "../core/time";
import { plansAheadIn } from "../plans";
import { inTransaction, readRows, type Statement, type Transaction } from "../platform/transaction";
import type { WalletKey } from "../wallet";

/** All SQL about test clocks: the account's own time, and what falls due by it. */

/** What time it is for an account, if that is simulated, and by which calendar. */
export interface ClockRecord {
  readonly test_clock: Instant | null;
  readonly time_zone: string;
}

// Wallets that are being opened wait: their rows refer to the account's.
const LOCK_WHOLE: Statement = {
  name: "test_clock.lock_whole",
  text: "SELECT test_clock, time_zone FROM accounts WHERE id = $1 FOR UPDATE",
};
const LOCK: Statement = {
  name: "test_clock.lock",
  text: "SELECT test_clock, time_zone FROM accounts WHERE id = $1 FOR NO KEY UPDATE",
};

/**
 * Locks an account's clock, and answers what it shows; null: there is no such account. WHOLE: nor is anything made meanwhile that belongs
 * to the account.
 */
export async function lockClock(
  database: Transaction,
  accountId: string,
  extent: "CLOCK" | "WHOLE" = "CLOCK",
): Promise<ClockRecord | null> {
  const [found] = await database.query<ClockRecord>(extent === "WHOLE" ? LOCK_WHOLE : LOCK, [accountId]);
  return found ?? null;
}

const LOCK_WALLETS: Statement = {
  name: "test_clock.lock_wallets",
  text: "SELECT clock_at FROM wallets WHERE account_id = $1 ORDER BY credit_type_id FOR UPDATE",
};

const HAS_PAYMENTS: Statement = {
  name: "test_clock.has_payments",
  text: "SELECT EXISTS (SELECT FROM grants WHERE account_id = $1 AND kind = 'PURCHASED') AS paid",
};

/** Of an account whose wallets nobody else changes until the end of the transaction. */
export interface Holdings {
  /** Whether anything was ever paid for. */
  readonly paid: boolean;
  /** The latest instant that a wallet has acted at; null: there is no wallet. */
  readonly latest: Instant | null;
}

/** Locks an account's wallets; answers what they hold by then. */
export async function lockHoldings(database: Transaction, accountId: string): Promise<Holdings> {
  const wallets = await database.query<{ clock_at: Instant }>(LOCK_WALLETS, [accountId]);
  const [grants] = await database.query<{ paid: boolean }>(HAS_PAYMENTS, [accountId]);
  const latest = wallets.reduce<Instant | null>((at, wallet) => later(at, wallet.clock_at), null);
  return { paid: grants?.paid === true, latest };
}

function later(at: Instant | null, other: Instant): Instant {
  return at === null || other > at ? other : at;
}

const SET: Statement = { name: "test_clock.set", text: "UPDATE accounts SET test_clock = $2 WHERE id = $1" };

/** Sets the clock of an account that is locked. */
export function setClock(database: Transaction, accountId: string, now: Instant): void {
  database.send(SET, [accountId, formatInstant(now)]);
}

const NEXT_DUE: Statement = {
  name: "test_clock.next_due",
  text: "SELECT min(next_due_at) AS at FROM wallets WHERE account_id = $1",
};

const DUE: Statement = {
  name: "test_clock.due",
  text: "SELECT account_id, credit_type_id FROM wallets WHERE account_id = $1 AND next_due_at <= $2 ORDER BY credit_type_id",
};

/** The clock after a step, and the wallets that something has fallen due in by then. */
export interface Step {
  readonly now: Instant;
  /** Whether the account's plan is to be seen to first. */
  readonly planIsDue: boolean;
  readonly due: readonly WalletKey[];
}

/**
 * Moves an account's clock to the next instant at which something falls due in a wallet or by its plan, or to `to` when nothing does
 * before; never back, and nowhere while its plan has yet to do something to the wallets. Somebody else may do so at the same time: each
 * step goes on from where the clock stands then, and passes over nothing.
 */
export function stepClock(pool: Pool, accountId: string, to: Instant): Promise<Step> {
  return inTransaction(pool, "write", async (database) => {
    const clock = await lockClock(database, accountId);
    if (clock?.test_clock == null) throw new Error(`account ${accountId} has lost its test clock`);
    // Whoever changes a subscription has the account locked. What was decided is to be done to the wallets at that very instant.
    const plan = await plansAheadIn(database, accountId);
    const [next] = await database.query<{ at: Instant | null }>(NEXT_DUE, [accountId]);
    const stop = plan.unfinished ? clock.test_clock : earliest(earliest(to, plan.at), next?.at ?? null);
    const now = stop > clock.test_clock ? stop : clock.test_clock;
    if (now > clock.test_clock) setClock(database, accountId, now);
    else database.forgo();
    const due = await database.query<{ account_id: string; credit_type_id: number }>(DUE, [accountId, formatInstant(now)]);
    const planIsDue = plan.unfinished || (plan.at !== null && plan.at <= now);
    return { now, planIsDue, due: due.map((key) => ({ accountId: key.account_id, creditTypeId: key.credit_type_id })) };
  });
}

const LENGTH: Statement = {
  name: "test_clock.length",
  text: "SELECT coalesce(sum(sequence), 0) AS length FROM wallets WHERE account_id = $1",
};

/** How many transactions there are in the wallets of an account. */
export async function readLength(pool: Pool, accountId: string): Promise<number> {
  const [found] = await readRows<{ length: string }>(pool, LENGTH, [accountId]);
  return Number(found?.length ?? 0);
}

function earliest(one: Instant, other: Instant | null): Instant {
  return other !== null && other < one ? other : one;
}
