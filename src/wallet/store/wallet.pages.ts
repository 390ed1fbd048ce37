import type { Pool } from "pg";
import type { Amount } from "../../core/amount";
import type { Instant } from "../../core/time";
import { readRows } from "../../platform/transaction";
import { bothWays, collect, PAST_ALL, type Page, pageOf, rangeOf, type Window } from "../../platform/window";
import type { PlacedAlert } from "../live/alert-cursor";
import type { Entry, Hold, HoldStatus, Pot, Source, Transaction, TransactionType, WalletKey } from "../model/types";
import { holdStatus } from "../status";
import { sequenceAt } from "./past.reads";
import {
  ALERT_COLUMNS,
  type AlertRecord,
  ENTRIES,
  HOLD_COLUMNS,
  type HoldRecord,
  TRANSACTION_COLUMNS,
  type TransactionRecord,
  toAlert,
  toHold,
  toTransaction,
} from "./wallet.decode";
import { readOverdue } from "./wallet.reads";
import { textOf } from "./wallet.store";

/** Parts of the lists of a wallet, read by key. */

export interface TransactionFilter {
  readonly types: readonly TransactionType[] | null;
  readonly operation: string | null;
  readonly app: string | null;
  /** A member of the team, by number. */
  readonly member: number | null;
  /** By `effectiveAt`: from inclusive, to exclusive. */
  readonly from: Instant | null;
  readonly to: Instant | null;
  /** Of at least this amount, given or taken. */
  readonly minimum: Amount | null;
}

function pageText(direction: string, whose: string): string {
  return `
    SELECT ${TRANSACTION_COLUMNS} FROM transactions
    WHERE account_id = $1 AND credit_type_id = $2 AND sequence > $3 AND sequence < $4
      AND ($6::transaction_type[] IS NULL OR type = ANY ($6))
      AND ($7::text IS NULL OR operation = $7)
      AND ($8::text IS NULL OR app = $8)
      AND ($9::bigint IS NULL OR abs(amount) >= $9)${whose}
    ORDER BY sequence ${direction} LIMIT $5`;
}

const TRANSACTIONS = bothWays("transactions.page", (direction) => pageText(direction, ""));
// Those of one member may be few among millions: they have an index of their own, which is used only where a member is named.
const OF_MEMBER = bothWays("transactions.page_of_member", (direction) => pageText(direction, " AND member = $10"));

/** A part of a wallet's history. */
export async function pageTransactions(
  pool: Pool,
  key: WalletKey,
  filter: TransactionFilter,
  window: Window,
): Promise<Page<Transaction>> {
  const { from, to, types, operation, app, member, minimum } = filter;
  const { descending, ...range } = rangeOf(window);
  // A span of time is a span of the sequence. Looked up one end after the other: a read takes one connection.
  const first = from === null ? -1 : await sequenceAt(pool, key, from - 1n);
  const last = to === null ? PAST_ALL : await sequenceAt(pool, key, to - 1n);
  const statement = member === null ? TRANSACTIONS(descending) : OF_MEMBER(descending);
  const records = await readRows<TransactionRecord>(pool, statement, [
    key.accountId,
    key.creditTypeId,
    Math.max(range.above, first),
    Math.min(range.below, last + 1),
    window.limit + 1,
    types,
    operation,
    app,
    minimum,
    ...(member === null ? [] : [member]),
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
export async function pageAlerts(pool: Pool, key: WalletKey, window: Window): Promise<Page<PlacedAlert>> {
  const { descending, above, below } = rangeOf(window);
  const values = [key.accountId, key.creditTypeId, above, below, window.limit + 1];
  return pageOf((await readRows<AlertRecord>(pool, ALERTS(descending), values)).map(toAlert), window);
}

const HOLDS = bothWays(
  "holds.page",
  (direction) => `
    SELECT ${HOLD_COLUMNS} FROM holds
    WHERE account_id = $1 AND credit_type_id = $2 AND sequence > $3 AND sequence < $4
      AND ($6::text IS NULL OR app = $6) AND ($7::hold_status[] IS NULL OR status = ANY ($7))
    ORDER BY sequence ${direction} LIMIT $5`,
);

// A wallet may have few that are open among millions. OFFSET 0 keeps the planner from the primary key, by which it would read them all.
const OPEN_HOLDS = bothWays(
  "holds.page_open",
  (direction) => `
    SELECT h.* FROM (
      SELECT ${HOLD_COLUMNS} FROM holds WHERE account_id = $1 AND credit_type_id = $2 AND status = 'OPEN' OFFSET 0) h
    WHERE h.sequence > $3 AND h.sequence < $4 AND ($6::text IS NULL OR h.app = $6)
    ORDER BY h.sequence ${direction} LIMIT $5`,
);

/** A part of a wallet's holds, as of `now`; those of some statuses only, and of one app only, unless null. */
export async function pageHolds(
  pool: Pool,
  key: WalletKey,
  statuses: readonly HoldStatus[] | null,
  window: Window,
  now: Instant,
  app: string | null = null,
): Promise<Page<Hold>> {
  const late = (await readOverdue(pool, [key], now)).get(textOf(key))?.holds ?? [];
  const lateBySequence = new Map(late.map((hold) => [hold.sequence, hold]));
  const written = statuses && writtenStatuses(statuses);
  const openOnly = written?.every((status) => status === "OPEN") ?? false;
  const rows = await collect(
    window,
    async (range, size) => {
      const values = [key.accountId, key.creditTypeId, range.above, range.below, size, app];
      const records = openOnly
        ? await readRows<HoldRecord>(pool, OPEN_HOLDS(range.descending), values)
        : await readRows<HoldRecord>(pool, HOLDS(range.descending), [...values, written]);
      return records.map(toHold).map((hold) => lateBySequence.get(hold.sequence) ?? hold);
    },
    (hold) => hold.sequence,
    (hold) => statuses === null || statuses.includes(holdStatus(hold, now)),
  );
  return pageOf(rows, window);
}

/** What may be written of holds that have these statuses by time: one that has expired is OPEN until that is written. */
function writtenStatuses(statuses: readonly HoldStatus[]): readonly HoldStatus[] {
  return statuses.includes("EXPIRED") && !statuses.includes("OPEN") ? [...statuses, "OPEN"] : statuses;
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

// A grant pays for a span of the log, from the transaction that made it to the last that changed it, mostly without a gap: so its entries
// are found by going through that span, and no index need be kept for them. By the key's own values, not the grant's: so the span is read
// in its order, and no further than the page reaches.
const ENTRIES_OF_GRANT = bothWays(
  "entries.page",
  (direction) => `
    SELECT t.sequence, e.position::integer AS position, e.amount, e.grant_number, e.before_number, e.from_pot::text, e.to_pot::text
    FROM grants g CROSS JOIN LATERAL (
      SELECT t.* FROM transactions t
      WHERE t.account_id = $1 AND t.credit_type_id = $2
        AND t.sequence >= greatest(g.created_by, $4) AND t.sequence <= least(g.changed_by, $6) AND $3 = ANY (t.entry_grants)
      ORDER BY t.sequence ${direction} LIMIT $8 + 1) t
    CROSS JOIN ${ENTRIES}
    WHERE g.account_id = $1 AND g.credit_type_id = $2 AND g.number = $3
      AND e.grant_number = $3 AND (t.sequence, e.position) > ($4, $5) AND (t.sequence, e.position) < ($6, $7)
    ORDER BY t.sequence ${direction}, e.position ${direction} LIMIT $8`,
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
  const records = await readRows<EntryRecord>(pool, ENTRIES_OF_GRANT(newestFirst !== fromEnd), [
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
