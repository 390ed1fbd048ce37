import type { Pool } from "pg";
import { formatInstant, type Instant } from "../../core/time";
import { type Transaction as Database, inTransaction, readRows, type Statement } from "../../platform/transaction";
import type { PlacedAlert } from "../live/alert-cursor";
import { catchUp } from "../model/catch-up";
import type { Grant, Hold, Transaction, Wallet, WalletKey } from "../model/types";
import { timeOf } from "../model/wallet";
import {
  ALERT_COLUMNS,
  type AlertRecord,
  GRANT_COLUMNS,
  type GrantRecord,
  HOLD_COLUMNS,
  type HoldRecord,
  type KeyRecord,
  TRANSACTION_COLUMNS,
  type TransactionRecord,
  toAlert,
  toGrant,
  toHold,
  toKey,
  toTransaction,
} from "./wallet.decode";
import { loadWallets, type Named, splitKeys, splitNamed, textOf } from "./wallet.store";

/**
 * What others may know of wallets. Everything is asked for by keys, in bulk, and answered in the order asked; null where there is
 * nothing. Reads judge by time: what fell due and is not written yet is seen as it will be.
 */

/**
 * Wallets with their open grants and the holds that are due by `now`, or by their test clocks. As they are written:
 * `catchUp(wallet, timeOf(wallet, now))` says what they are worth at `now`. All of one moment. `members`: whose limits are to be in them.
 */
export async function readWallets(
  pool: Pool,
  keys: readonly WalletKey[],
  now: Instant,
  members: readonly Named[] = [],
): Promise<readonly (Wallet | null)[]> {
  if (keys.length === 0) return [];
  const wallets = await inTransaction(pool, "snapshot", (database) => snapshotOf(database, keys, now, members));
  return keys.map((key) => wallets.get(textOf(key)) ?? null);
}

export async function snapshotOf(
  database: Database,
  keys: readonly WalletKey[],
  now: Instant,
  members: readonly Named[] = [],
): Promise<ReadonlyMap<string, Wallet>> {
  const unique = [...new Map(keys.map((key) => [textOf(key), key])).values()];
  const needs = { keys: unique, grants: [], holds: [], spends: [], members, uses: [] };
  const { wallets } = await loadWallets(database, needs, now);
  return new Map([...wallets].map(([text, { wallet }]) => [text, wallet]));
}

const OVERDUE: Statement = {
  name: "wallets.overdue",
  text: `
    SELECT w.account_id, w.credit_type_id
    FROM unnest($1::uuid[], $2::integer[]) AS k (account_id, credit_type_id)
    JOIN wallets w ON w.account_id = k.account_id AND w.credit_type_id = k.credit_type_id
    WHERE w.next_due_at <= $3`,
};

/**
 * Those of the wallets that something fell due in, caught up to `now` in memory. Asked before what stands in them is read: what is not
 * overdue any more when that is read has been written by then.
 */
export async function readOverdue(pool: Pool, keys: readonly WalletKey[], now: Instant): Promise<ReadonlyMap<string, Wallet>> {
  const unique = [...new Map(keys.map((key) => [textOf(key), key])).values()];
  const late = (await readRows<KeyRecord>(pool, OVERDUE, [...splitKeys(unique), formatInstant(now)])).map(toKey);
  const wallets = await readWallets(pool, late, now);
  return new Map(wallets.flatMap((wallet) => (wallet ? [[textOf(wallet.key), catchUp(wallet, now).wallet] as const] : [])));
}

/** Whether something fell due in the wallet that is not written yet: asked along with what stands in it, as of the same moment. */
interface Overdue {
  readonly overdue: boolean;
  readonly test_clock: Instant | null;
}

/** Something as it is at an instant: that which it is asked for at, or its account's own. */
export interface Dated<T> {
  readonly value: T;
  readonly at: Instant;
}

const WITH_WALLET = `
    JOIN wallets w ON w.account_id = k.account_id AND w.credit_type_id = k.credit_type_id JOIN accounts a ON a.id = w.account_id`;
const IS_OVERDUE = `a.test_clock, coalesce(w.next_due_at <= coalesce(a.test_clock, $4::timestamptz), false) AS overdue`;

const GRANTS: Statement = {
  name: "grants.read",
  text: `
    SELECT g.*, ${IS_OVERDUE} FROM unnest($1::uuid[], $2::integer[], $3::integer[]) AS k (account_id, credit_type_id, number)
    ${WITH_WALLET}
    CROSS JOIN LATERAL (
      SELECT ${GRANT_COLUMNS} FROM grants g
      WHERE g.account_id = k.account_id AND g.credit_type_id = k.credit_type_id AND g.number = k.number OFFSET 0) g`,
};

/** Rows of wallets, and those of the wallets that something fell due in, caught up to `now` in memory. */
interface Judged<R> {
  readonly records: readonly R[];
  readonly overdue: ReadonlyMap<string, Wallet>;
}

/**
 * Nearly always nothing is overdue: the sweeper has been. Where something is, the rows are read again with their wallets, as of one moment:
 * what is written between the two would be seen in neither.
 */
async function readJudged<R extends KeyRecord & Overdue>(
  pool: Pool,
  statement: Statement,
  named: readonly Named[],
  now: Instant,
): Promise<Judged<R>> {
  const values = [...splitNamed(named), formatInstant(now)];
  const first = await readRows<R>(pool, statement, values);
  const late = first.filter((record) => record.overdue).map(toKey);
  if (late.length === 0) return { records: first, overdue: new Map() };
  return inTransaction(pool, "snapshot", async (database) => {
    const [records, wallets] = await Promise.all([database.query<R>(statement, values), snapshotOf(database, late, now)]);
    return { records, overdue: new Map([...wallets].map(([text, wallet]) => [text, caughtUp(wallet, now)])) };
  });
}

function caughtUp(wallet: Wallet, now: Instant): Wallet {
  return catchUp(wallet, timeOf(wallet, now)).wallet;
}

/** Grants by number, as of `now`, or of what time it is for their accounts. */
export async function readGrants(pool: Pool, named: readonly Named[], now: Instant): Promise<readonly (Dated<Grant> | null)[]> {
  if (named.length === 0) return [];
  const { records, overdue } = await readJudged<GrantRecord & Overdue>(pool, GRANTS, named, now);
  const found = new Map(records.map((record) => [nameOf(toKey(record), record.number), record]));
  return named.map(({ key, number }) => {
    const record = found.get(nameOf(key, number));
    if (!record) return null;
    const later = overdue.get(textOf(key))?.grants.find((grant) => grant.number === number);
    return { value: later ?? toGrant(record), at: record.test_clock ?? now };
  });
}

const HOLDS: Statement = {
  name: "holds.read",
  text: `
    SELECT h.*, ${IS_OVERDUE} FROM unnest($1::uuid[], $2::integer[], $3::bigint[]) AS k (account_id, credit_type_id, sequence)
    ${WITH_WALLET}
    CROSS JOIN LATERAL (
      SELECT ${HOLD_COLUMNS} FROM holds h
      WHERE h.account_id = k.account_id AND h.credit_type_id = k.credit_type_id AND h.sequence = k.sequence OFFSET 0) h`,
};

/** Holds by the sequence of their HOLD transaction, as of `now`, or of what time it is for their accounts. */
export async function readHolds(pool: Pool, named: readonly Named[], now: Instant): Promise<readonly (Dated<Hold> | null)[]> {
  if (named.length === 0) return [];
  const { records, overdue } = await readJudged<HoldRecord & Overdue>(pool, HOLDS, named, now);
  const found = new Map(records.map((record) => [nameOf(toKey(record), Number(record.sequence)), record]));
  return named.map(({ key, number }) => {
    const record = found.get(nameOf(key, number));
    if (!record) return null;
    const later = overdue.get(textOf(key))?.holds.find((hold) => hold.sequence === number);
    return { value: later ?? toHold(record), at: record.test_clock ?? now };
  });
}

export const TRANSACTIONS: Statement = {
  name: "transactions.read",
  text: `
    SELECT t.* FROM unnest($1::uuid[], $2::integer[], $3::bigint[]) AS k (account_id, credit_type_id, sequence)
    CROSS JOIN LATERAL (
      SELECT ${TRANSACTION_COLUMNS} FROM transactions t
      WHERE t.account_id = k.account_id AND t.credit_type_id = k.credit_type_id AND t.sequence = k.sequence OFFSET 0) t`,
};

/** Transactions with their entries, by sequence. */
export async function readTransactions(pool: Pool, named: readonly Named[]): Promise<readonly (Transaction | null)[]> {
  if (named.length === 0) return [];
  const records = await readRows<TransactionRecord>(pool, TRANSACTIONS, splitNamed(named));
  const found = new Map(records.map((record) => [nameOf(toKey(record), Number(record.sequence)), toTransaction(record)]));
  return named.map(({ key, number }) => found.get(nameOf(key, number)) ?? null);
}

const ALERTS: Statement = {
  name: "alerts.read",
  text: `
    SELECT a.* FROM unnest($1::uuid[], $2::integer[], $3::integer[]) AS k (account_id, credit_type_id, number)
    CROSS JOIN LATERAL (
      SELECT ${ALERT_COLUMNS} FROM alerts a
      WHERE a.account_id = k.account_id AND a.credit_type_id = k.credit_type_id AND a.number = k.number OFFSET 0) a`,
};

/** Alerts by number. */
export async function readAlerts(pool: Pool, named: readonly Named[]): Promise<readonly (PlacedAlert | null)[]> {
  if (named.length === 0) return [];
  const records = await readRows<AlertRecord>(pool, ALERTS, splitNamed(named));
  const found = new Map(records.map((record) => [nameOf(toKey(record), record.number), toAlert(record)]));
  return named.map(({ key, number }) => found.get(nameOf(key, number)) ?? null);
}

const HEADS: Statement = {
  name: "wallets.heads",
  text: `
    SELECT w.account_id, w.credit_type_id, w.sequence, w.alert_count
    FROM unnest($1::uuid[], $2::integer[]) AS k (account_id, credit_type_id)
    JOIN wallets w ON w.account_id = k.account_id AND w.credit_type_id = k.credit_type_id`,
};

/** How far a wallet's logs reach. */
export interface Head {
  readonly sequence: number;
  readonly alertCount: number;
}

/** How far the logs of many wallets reach: the cheap question that a watcher asks again and again. */
export async function readHeads(pool: Pool, keys: readonly WalletKey[]): Promise<readonly (Head | null)[]> {
  if (keys.length === 0) return [];
  const records = await readRows<{ account_id: string; credit_type_id: number; sequence: bigint; alert_count: number }>(
    pool,
    HEADS,
    splitKeys(keys),
  );
  const found = new Map(
    records.map((record) => [textOf(toKey(record)), { sequence: Number(record.sequence), alertCount: record.alert_count }]),
  );
  return keys.map((key) => found.get(textOf(key)) ?? null);
}

function nameOf(key: WalletKey, number: number): string {
  return `${textOf(key)}/${number}`;
}
