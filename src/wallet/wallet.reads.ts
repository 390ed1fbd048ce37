import type { Pool } from "pg";
import { formatInstant, type Instant } from "../core/time";
import { type Transaction as Database, inTransaction, readRows, type Statement } from "../platform/transaction";
import type { PlacedAlert } from "./alert-cursor";
import { catchUp } from "./model/catch-up";
import type { Grant, Hold, Transaction, Wallet, WalletKey } from "./model/types";
import {
  ALERT_COLUMNS,
  type AlertRecord,
  GRANT_COLUMNS,
  type GrantRecord,
  HOLD_COLUMNS,
  type HoldRecord,
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
 * Wallets with their open grants and the holds that are due by `now`. As they are written: `catchUp(wallet, now)` says what they are
 * worth at `now`. All of one moment.
 */
export async function readWallets(pool: Pool, keys: readonly WalletKey[], now: Instant): Promise<readonly (Wallet | null)[]> {
  if (keys.length === 0) return [];
  const wallets = await inTransaction(pool, "snapshot", (database) => snapshotOf(database, keys, now));
  return keys.map((key) => wallets.get(textOf(key)) ?? null);
}

export async function snapshotOf(
  database: Database,
  keys: readonly WalletKey[],
  now: Instant,
): Promise<ReadonlyMap<string, Wallet>> {
  const unique = [...new Map(keys.map((key) => [textOf(key), key])).values()];
  const needs = { keys: unique, grants: [], holds: [], spends: [], uses: [] };
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

/** Those of the wallets that something fell due in, caught up to `now` in memory. Nearly always there are none: the sweeper has been. */
export async function readOverdue(pool: Pool, keys: readonly WalletKey[], now: Instant): Promise<ReadonlyMap<string, Wallet>> {
  const unique = [...new Map(keys.map((key) => [textOf(key), key])).values()];
  const overdue = (
    await readRows<{ account_id: string; credit_type_id: number }>(pool, OVERDUE, [...splitKeys(unique), formatInstant(now)])
  ).map(toKey);
  const wallets = await readWallets(pool, overdue, now);
  return new Map(wallets.flatMap((wallet) => (wallet ? [[textOf(wallet.key), catchUp(wallet, now).wallet] as const] : [])));
}

const GRANTS: Statement = {
  name: "grants.read",
  text: `
    SELECT g.* FROM unnest($1::uuid[], $2::integer[], $3::integer[]) AS k (account_id, credit_type_id, number)
    CROSS JOIN LATERAL (
      SELECT ${GRANT_COLUMNS} FROM grants g
      WHERE g.account_id = k.account_id AND g.credit_type_id = k.credit_type_id AND g.number = k.number OFFSET 0) g`,
};

/** Grants by number, as of `now`. */
export async function readGrants(pool: Pool, named: readonly Named[], now: Instant): Promise<readonly (Grant | null)[]> {
  if (named.length === 0) return [];
  const [records, overdue] = await Promise.all([
    readRows<GrantRecord>(pool, GRANTS, splitNamed(named)),
    readOverdue(
      pool,
      named.map((one) => one.key),
      now,
    ),
  ]);
  const found = new Map(records.map((record) => [nameOf(toKey(record), record.number), toGrant(record)]));
  return named.map(({ key, number }) => {
    const later = overdue.get(textOf(key))?.grants.find((grant) => grant.number === number);
    return later ?? found.get(nameOf(key, number)) ?? null;
  });
}

const HOLDS: Statement = {
  name: "holds.read",
  text: `
    SELECT h.* FROM unnest($1::uuid[], $2::integer[], $3::bigint[]) AS k (account_id, credit_type_id, sequence)
    CROSS JOIN LATERAL (
      SELECT ${HOLD_COLUMNS} FROM holds h
      WHERE h.account_id = k.account_id AND h.credit_type_id = k.credit_type_id AND h.sequence = k.sequence OFFSET 0) h`,
};

/** Holds by the sequence of their HOLD transaction, as of `now`. */
export async function readHolds(pool: Pool, named: readonly Named[], now: Instant): Promise<readonly (Hold | null)[]> {
  if (named.length === 0) return [];
  const [records, overdue] = await Promise.all([
    readRows<HoldRecord>(pool, HOLDS, splitNamed(named)),
    readOverdue(
      pool,
      named.map((one) => one.key),
      now,
    ),
  ]);
  const found = new Map(records.map((record) => [nameOf(toKey(record), Number(record.sequence)), toHold(record)]));
  return named.map(({ key, number }) => {
    const later = overdue.get(textOf(key))?.holds.find((hold) => hold.sequence === number);
    return later ?? found.get(nameOf(key, number)) ?? null;
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
