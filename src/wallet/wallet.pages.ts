import type { Pool } from "pg";
import type { Amount } from "../core/amount";
import type { Instant } from "../core/time";
import { readRows, type Statement } from "../platform/transaction";
import type {
  Alert,
  Entry,
  Grant,
  GrantKind,
  Hold,
  HoldStatus,
  Pot,
  Source,
  Transaction,
  TransactionType,
  WalletKey,
} from "./model/types";
import { compareGrants } from "./model/waterfall";
import { type GrantStatus, grantStatus, holdStatus } from "./status";
import {
  ALERT_COLUMNS,
  type AlertRecord,
  ENTRY_ARRAYS,
  GRANT_COLUMNS,
  type GrantRecord,
  HOLD_COLUMNS,
  type HoldRecord,
  TRANSACTION_COLUMNS,
  type TransactionRecord,
  toAlert,
  toGrant,
  toHold,
  toTransaction,
} from "./wallet.decode";
import { readOverdue, readWallets, sequenceAt } from "./wallet.reads";
import { textOf } from "./wallet.store";

/** Which part of a list is wanted. A cursor is the number of an element: its sequence, or its number within the wallet. */
export interface Window<Cursor = number> {
  readonly newestFirst: boolean;
  readonly after: Cursor | null;
  readonly before: Cursor | null;
  /** How many; `fromEnd` counts them from the end of the list (GraphQL's `last`). */
  readonly limit: number;
  readonly fromEnd: boolean;
}

/** A part of a list, in the list's order; `hasMore` beyond it, in the direction in which it was counted. */
export interface Page<Row> {
  readonly rows: readonly Row[];
  readonly hasMore: boolean;
}

export interface TransactionFilter {
  readonly types: readonly TransactionType[] | null;
  readonly operation: string | null;
  readonly app: string | null;
  /** By `effectiveAt`: from inclusive, to exclusive. */
  readonly from: Instant | null;
  readonly to: Instant | null;
  /** Of at least this amount, given or taken. */
  readonly minimum: Amount | null;
}

/** Wider than any number that is given out. */
const PAST_ALL = 2 ** 52;
/** The direction to read in, and the open interval of numbers to read. */
interface Range {
  readonly descending: boolean;
  readonly above: number;
  readonly below: number;
}

function rangeOf(window: Window): Range {
  const { newestFirst, after, before, fromEnd } = window;
  const [above, below] = newestFirst ? [before, after] : [after, before];
  return { descending: newestFirst !== fromEnd, above: above ?? -1, below: below ?? PAST_ALL };
}

function pageOf<Row>(rows: readonly Row[], { limit, fromEnd }: { readonly limit: number; readonly fromEnd: boolean }): Page<Row> {
  const page = rows.slice(0, limit);
  return { rows: fromEnd ? page.reverse() : page, hasMore: rows.length > limit };
}

/** The same statement in both directions. */
function bothWays(name: string, text: (direction: "ASC" | "DESC") => string): (descending: boolean) => Statement {
  const ascending = { name: `${name}_asc`, text: text("ASC") };
  const descending = { name: `${name}_desc`, text: text("DESC") };
  return (backwards) => (backwards ? descending : ascending);
}

const TRANSACTIONS = bothWays(
  "transactions.page",
  (direction) => `
    SELECT t.*, entries.* FROM (
      SELECT ${TRANSACTION_COLUMNS} FROM transactions
      WHERE account_id = $1 AND credit_type_id = $2 AND sequence > $3 AND sequence < $4
        AND ($6::transaction_type[] IS NULL OR type = ANY ($6))
        AND ($7::text IS NULL OR operation = $7)
        AND ($8::text IS NULL OR app = $8)
        AND ($9::bigint IS NULL OR abs(amount) >= $9)
      ORDER BY sequence ${direction} LIMIT $5) t
    CROSS JOIN ${ENTRY_ARRAYS} entries
    ORDER BY t.sequence ${direction}`,
);

/** A part of a wallet's history. */
export async function pageTransactions(
  pool: Pool,
  key: WalletKey,
  filter: TransactionFilter,
  window: Window,
): Promise<Page<Transaction>> {
  const { from, to, types, operation, app, minimum } = filter;
  const { descending, ...range } = rangeOf(window);
  // A span of time is a span of the sequence.
  const [first, last] = await Promise.all([
    from === null ? -1 : sequenceAt(pool, key, from - 1n),
    to === null ? PAST_ALL : sequenceAt(pool, key, to - 1n),
  ]);
  const records = await readRows<TransactionRecord>(pool, TRANSACTIONS(descending), [
    key.accountId,
    key.creditTypeId,
    Math.max(range.above, first),
    Math.min(range.below, last + 1),
    window.limit + 1,
    types,
    operation,
    app,
    minimum,
  ]);
  return pageOf(records.map(toTransaction), window);
}

const ALERTS = bothWays(
  "alerts.page",
  (direction) => `
    SELECT ${ALERT_COLUMNS} FROM alerts
    WHERE account_id = $1 AND credit_type_id = $2 AND number > $3::bigint AND number < $4::bigint ORDER BY number ${direction} LIMIT $5`,
);

/** A part of a wallet's alerts. */
export async function pageAlerts(pool: Pool, key: WalletKey, window: Window): Promise<Page<Alert>> {
  const { descending, above, below } = rangeOf(window);
  const values = [key.accountId, key.creditTypeId, above, below, window.limit + 1];
  return pageOf((await readRows<AlertRecord>(pool, ALERTS(descending), values)).map(toAlert), window);
}

const HOLDS = bothWays(
  "holds.page",
  (direction) => `
    SELECT ${HOLD_COLUMNS} FROM holds
    WHERE account_id = $1 AND credit_type_id = $2 AND sequence > $3 AND sequence < $4 ORDER BY sequence ${direction} LIMIT $5`,
);

/** A part of a wallet's holds, as of `now`; those of some statuses only, unless null. */
export async function pageHolds(
  pool: Pool,
  key: WalletKey,
  statuses: readonly HoldStatus[] | null,
  window: Window,
  now: Instant,
): Promise<Page<Hold>> {
  const late = (await readOverdue(pool, [key], now)).get(textOf(key))?.holds ?? [];
  const lateBySequence = new Map(late.map((hold) => [hold.sequence, hold]));
  const rows = await collect(
    window,
    async (range, size) => {
      const values = [key.accountId, key.creditTypeId, range.above, range.below, size];
      const holds = (await readRows<HoldRecord>(pool, HOLDS(range.descending), values)).map(toHold);
      return holds.map((hold) => lateBySequence.get(hold.sequence) ?? hold);
    },
    (hold) => hold.sequence,
    (hold) => statuses === null || statuses.includes(holdStatus(hold, now)),
  );
  return pageOf(rows, window);
}

const GRANTS = bothWays(
  "grants.page",
  (direction) => `
    SELECT ${GRANT_COLUMNS} FROM grants
    WHERE account_id = $1 AND credit_type_id = $2 AND number > $3::bigint AND number < $4::bigint
      AND ($6::grant_kind[] IS NULL OR kind = ANY ($6)) AND (closed_at IS NOT NULL OR NOT $7)
    ORDER BY number ${direction} LIMIT $5`,
);

export interface GrantFilter {
  readonly statuses: readonly GrantStatus[] | null;
  readonly kinds: readonly GrantKind[] | null;
}

/** A part of a wallet's grants in the order of their making, as of `now`. */
export async function pageGrants(
  pool: Pool,
  key: WalletKey,
  filter: GrantFilter,
  window: Window,
  now: Instant,
): Promise<Page<Grant>> {
  return pageOf(await collectGrants(pool, key, filter, window, now, false), window);
}

/**
 * A part of a wallet's grants in the order of consumption, as of `now`: the open ones as the waterfall would take them, then those
 * that are closed, newest first. The order moves as credits are spent; a cursor follows its grant.
 */
export async function pageGrantsByConsumption(
  pool: Pool,
  key: WalletKey,
  filter: GrantFilter,
  window: Omit<Window, "newestFirst">,
  now: Instant,
): Promise<Page<Grant>> {
  const [wallet] = await readWallets(pool, [key], now);
  if (!wallet) return { rows: [], hasMore: false };
  const overdue = (await readOverdue(pool, [key], now)).get(textOf(key))?.grants ?? [];
  const present = new Map(overdue.map((grant) => [grant.number, grant]));
  const open = wallet.grants.map((grant) => present.get(grant.number) ?? grant).toSorted(compareGrants(wallet.policy));
  const { after, before, limit, fromEnd } = window;
  const isOpen = (number: number | null) => open.some((grant) => grant.number === number);
  const slice = open.slice(
    after === null ? 0 : isOpen(after) ? open.findIndex((grant) => grant.number === after) + 1 : open.length,
    isOpen(before) ? open.findIndex((grant) => grant.number === before) : open.length,
  );
  const shownOpen = slice.filter((grant) => admits(grant, filter, now));
  const closed = isOpen(before)
    ? []
    : await collectGrants(
        pool,
        key,
        filter,
        { newestFirst: true, after: isOpen(after) ? null : after, before, limit, fromEnd },
        now,
        true,
      );
  const rows = fromEnd ? [...closed, ...shownOpen.toReversed()] : [...shownOpen, ...closed];
  return pageOf(rows, window);
}

async function collectGrants(
  pool: Pool,
  key: WalletKey,
  filter: GrantFilter,
  window: Window,
  now: Instant,
  closedOnly: boolean,
): Promise<readonly Grant[]> {
  const late = (await readOverdue(pool, [key], now)).get(textOf(key))?.grants ?? [];
  const lateByNumber = new Map(late.map((grant) => [grant.number, grant]));
  return collect(
    window,
    async (range, size) => {
      const values = [key.accountId, key.creditTypeId, range.above, range.below, size, filter.kinds, closedOnly];
      const grants = (await readRows<GrantRecord>(pool, GRANTS(range.descending), values)).map(toGrant);
      return grants.map((grant) => lateByNumber.get(grant.number) ?? grant);
    },
    (grant) => grant.number,
    (grant) => admits(grant, filter, now),
  );
}

function admits(grant: Grant, { statuses, kinds }: GrantFilter, now: Instant): boolean {
  return (statuses === null || statuses.includes(grantStatus(grant, now))) && (kinds === null || kinds.includes(grant.kind));
}

/** Reads on until enough rows are accepted (one more than asked for, which tells that there are more), or there are no more. */
async function collect<Row>(
  window: Window,
  read: (range: Range, size: number) => Promise<readonly Row[]>,
  cursorOf: (row: Row) => number,
  accept: (row: Row) => boolean,
): Promise<readonly Row[]> {
  const wanted = window.limit + 1;
  const accepted: Row[] = [];
  // Filters that accept little read in larger steps.
  for (let range = rangeOf(window), size = wanted; accepted.length < wanted; size = Math.min(size * 2, 1000)) {
    const rows = await read(range, size);
    accepted.push(...rows.filter(accept));
    const last = rows.at(-1);
    if (last === undefined || rows.length < size) break;
    range = range.descending ? { ...range, below: cursorOf(last) } : { ...range, above: cursorOf(last) };
  }
  return accepted.slice(0, wanted);
}

/** An entry with its place in the log. */
export interface PlacedEntry extends Entry {
  readonly sequence: number;
  /** 1.. within the transaction. */
  readonly position: number;
}
export interface EntryCursor {
  readonly sequence: number;
  readonly position: number;
}

const ENTRIES = bothWays(
  "entries.page",
  (direction) => `
    SELECT sequence, position, amount, grant_number, before_number, from_pot, to_pot FROM entries
    WHERE account_id = $1 AND credit_type_id = $2 AND grant_number = $3
      AND (sequence, position) > ($4, $5) AND (sequence, position) < ($6, $7)
    ORDER BY sequence ${direction}, position ${direction} LIMIT $8`,
);

interface EntryRecord {
  readonly sequence: bigint;
  readonly position: number;
  readonly amount: bigint;
  readonly grant_number: number;
  readonly before_number: number | null;
  readonly from_pot: Source;
  readonly to_pot: Pot;
}

/** A part of the moves of one grant's credits. */
export async function pageEntriesOfGrant(
  pool: Pool,
  key: WalletKey,
  grant: number,
  window: Window<EntryCursor>,
): Promise<Page<PlacedEntry>> {
  const { newestFirst, after, before, fromEnd, limit } = window;
  const [above, below] = newestFirst ? [before, after] : [after, before];
  const records = await readRows<EntryRecord>(pool, ENTRIES(newestFirst !== fromEnd), [
    key.accountId,
    key.creditTypeId,
    grant,
    above?.sequence ?? -1,
    above?.position ?? 0,
    below?.sequence ?? PAST_ALL,
    below?.position ?? 0,
    limit + 1,
  ]);
  const entries = records.map((record) => ({
    sequence: Number(record.sequence),
    position: record.position,
    grant: record.grant_number,
    from: record.from_pot,
    to: record.to_pot,
    amount: record.amount,
    before: record.before_number,
  }));
  return pageOf(entries, window);
}

/** An alert of any wallet, with its place in the log of all alerts. */
export interface PlacedAlert {
  readonly key: WalletKey;
  readonly alert: Alert;
  readonly place: AlertPlace;
}
/** Where a reader of all alerts stands: opaque to it. */
export interface AlertPlace extends WalletKey {
  readonly writtenBy: bigint;
  readonly number: number;
}

// Rows are shown only once no transaction that is still running can add one before them: so a reader misses none.
const ALL_ALERTS: Statement = {
  name: "alerts.all",
  text: `
    SELECT ${ALERT_COLUMNS}, written_by FROM alerts
    WHERE (written_by, account_id, credit_type_id, number) > ($1, $2, $3, $4)
      AND written_by < pg_snapshot_xmin(pg_current_snapshot())::text::bigint
    ORDER BY written_by, account_id, credit_type_id, number LIMIT $5`,
};

const FIRST_PLACE: AlertPlace = { writtenBy: -1n, accountId: "00000000-0000-0000-0000-000000000000", creditTypeId: 0, number: 0 };

/** The alerts of all wallets after a place, in the order in which they became visible; without gaps. Null: from the first on. */
export async function readAllAlerts(pool: Pool, after: AlertPlace | null, limit: number): Promise<readonly PlacedAlert[]> {
  const { writtenBy, accountId, creditTypeId, number } = after ?? FIRST_PLACE;
  const values = [writtenBy, accountId, creditTypeId, number, limit];
  const records = await readRows<AlertRecord & { written_by: bigint }>(pool, ALL_ALERTS, values);
  return records.map((record) => {
    const key = { accountId: record.account_id, creditTypeId: record.credit_type_id };
    return { key, alert: toAlert(record), place: { ...key, writtenBy: record.written_by, number: record.number } };
  });
}

const LAST_PLACE: Statement = {
  name: "alerts.last",
  text: `
    SELECT written_by, account_id, credit_type_id, number FROM alerts
    WHERE written_by < pg_snapshot_xmin(pg_current_snapshot())::text::bigint
    ORDER BY written_by DESC, account_id DESC, credit_type_id DESC, number DESC LIMIT 1`,
};

/** Where a reader stands who wants only the alerts that are still to come. */
export async function lastAlertPlace(pool: Pool): Promise<AlertPlace> {
  const [last] = await readRows<{ written_by: bigint; account_id: string; credit_type_id: number; number: number }>(
    pool,
    LAST_PLACE,
  );
  if (!last) return FIRST_PLACE;
  return { writtenBy: last.written_by, accountId: last.account_id, creditTypeId: last.credit_type_id, number: last.number };
}
