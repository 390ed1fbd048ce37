import type { Pool } from "pg";
import type { Topic } from "../../platform/context";
import { readRows, type Statement } from "../../platform/transaction";
import type { AlertPlace, PlacedAlert } from "../live/alert-cursor";
import type { Transaction, WalletKey } from "../model/types";
import {
  ALERT_COLUMNS,
  type AlertRecord,
  TRANSACTION_COLUMNS,
  type TransactionRecord,
  toAlert,
  toKey,
  toTransaction,
} from "./wallet.decode";
import { type Named, splitKeys, splitNamed } from "./wallet.store";

/**
 * What those who follow wallets read: on from where they stand, for many of them in one statement.
 *
 * A wallet's logs have no gaps and grow one after the other, so there "after the last one seen" misses nothing. The alerts of many
 * wallets are written side by side: one may become visible after another that was written later. They are read in the order of the
 * database transactions that wrote them, and only below the oldest that is still running: nothing can appear there any more.
 */
// Numbers of database transactions begin anew in another cluster: whoever restores a dump there sets written_by to 0, and old places are
// then refused instead of skipping what is new.
const SETTLED = "written_by < pg_snapshot_xmin(pg_current_snapshot())::text::bigint";

type Started<Record> = Record & { readonly start: bigint };

const TRANSACTIONS_AFTER: Statement = {
  name: "live.transactions_after",
  text: `
    SELECT k.start, t.*
    FROM unnest($1::uuid[], $2::integer[], $3::bigint[]) WITH ORDINALITY AS k (account_id, credit_type_id, after, start)
    CROSS JOIN LATERAL (
      SELECT ${TRANSACTION_COLUMNS} FROM transactions t
      WHERE t.account_id = k.account_id AND t.credit_type_id = k.credit_type_id AND t.sequence > k.after
      ORDER BY t.sequence LIMIT $4) t
    ORDER BY k.start, t.sequence`,
};

/** For each wallet the transactions after a sequence (`number`), in order, at most `size` each. */
export async function readTransactionsAfter(
  pool: Pool,
  starts: readonly Named[],
  size: number,
): Promise<readonly (readonly Transaction[])[]> {
  const values = [...splitNamed(starts), size];
  return byStart(starts.length, await readRows<Started<TransactionRecord>>(pool, TRANSACTIONS_AFTER, values), toTransaction);
}

const ALERTS_AFTER: Statement = {
  name: "live.alerts_after",
  text: `
    SELECT k.start, a.*
    FROM unnest($1::uuid[], $2::integer[], $3::integer[]) WITH ORDINALITY AS k (account_id, credit_type_id, after, start)
    CROSS JOIN LATERAL (
      SELECT ${ALERT_COLUMNS} FROM alerts a
      WHERE a.account_id = k.account_id AND a.credit_type_id = k.credit_type_id AND a.number > k.after
      ORDER BY a.number LIMIT $4) a
    ORDER BY k.start, a.number`,
};

/** For each wallet the alerts after a number, in order, at most `size` each. */
export async function readAlertsAfter(
  pool: Pool,
  starts: readonly Named[],
  size: number,
): Promise<readonly (readonly PlacedAlert[])[]> {
  const values = [...splitNamed(starts), size];
  return byStart(starts.length, await readRows<Started<AlertRecord>>(pool, ALERTS_AFTER, values), toAlert);
}

/** Whose alerts are read together: an account's, or everybody's (null). */
export type AlertOwner = string | null;

/** Which alerts are an owner's, the account being the statement's value `$n`. */
type Owned = (n: number) => string;

/** The same statement over the alerts of one account and over all of them. */
function forOwners(name: string, text: (owned: Owned) => string): (owner: AlertOwner) => Statement {
  const ofAccount = { name: `${name}_of_account`, text: text((n) => `account_id = $${n}`) };
  const ofAll = { name: `${name}_of_all`, text: text(() => "true") };
  return (owner) => (owner === null ? ofAll : ofAccount);
}

function withOwner(values: readonly unknown[], owner: AlertOwner): readonly unknown[] {
  return owner === null ? values : [...values, owner];
}

// The row that carries `unsettled` is there also when there is no alert to carry it.
const PLACES_AFTER = forOwners(
  "live.alerts",
  (owned) => `
    SELECT u.unsettled, a.* FROM (SELECT EXISTS (SELECT FROM alerts WHERE ${owned(6)} AND NOT ${SETTLED}) AS unsettled) u
    LEFT JOIN LATERAL (
      SELECT ${ALERT_COLUMNS} FROM alerts
      WHERE ${owned(6)} AND (written_by, account_id, credit_type_id, number) > ($1, $2, $3, $4) AND ${SETTLED}
      ORDER BY written_by, account_id, credit_type_id, number LIMIT $5) a ON true
    ORDER BY a.written_by, a.account_id, a.credit_type_id, a.number`,
);

/** `unsettled`: there are alerts that cannot be shown yet, because a database transaction older than theirs is still running. */
export interface AlertPage {
  readonly alerts: readonly PlacedAlert[];
  readonly unsettled: boolean;
}

/** The alerts of an owner after a place, in the one order that has no gaps, at most `size`. */
export async function readAlertsOf(pool: Pool, owner: AlertOwner, after: AlertPlace, size: number): Promise<AlertPage> {
  const { writtenBy, key, number } = after;
  const values = withOwner([writtenBy, key.accountId, key.creditTypeId, number, size], owner);
  const records = await readRows<AlertRecord & { unsettled: boolean }>(pool, PLACES_AFTER(owner), values);
  const alerts = records.filter(({ number: found }) => found !== null).map(toAlert);
  return { alerts, unsettled: records[0]?.unsettled ?? false };
}

const LAST_PLACE = forOwners(
  "live.last_alert",
  (owned) => `
    SELECT written_by, account_id, credit_type_id, number FROM alerts WHERE ${owned(1)} AND ${SETTLED}
    ORDER BY written_by DESC, account_id DESC, credit_type_id DESC, number DESC LIMIT 1`,
);

interface PlaceRecord {
  readonly written_by: bigint;
  readonly account_id: string;
  readonly credit_type_id: number;
  readonly number: number;
}

/** Before all alerts. */
export const FIRST_PLACE: AlertPlace = {
  key: { accountId: "00000000-0000-0000-0000-000000000000", creditTypeId: 0 },
  number: 0,
  writtenBy: 0n,
};

/** The place of a reader who wants only the alerts that are still to come. */
export async function readLastPlace(pool: Pool, owner: AlertOwner): Promise<AlertPlace> {
  const [last] = await readRows<PlaceRecord>(pool, LAST_PLACE(owner), withOwner([], owner));
  return last ? { key: toKey(last), number: last.number, writtenBy: last.written_by } : FIRST_PLACE;
}

const PLACE: Statement = {
  name: "live.alert_place",
  text: "SELECT FROM alerts WHERE account_id = $1 AND credit_type_id = $2 AND number = $3 AND written_by = $4",
};

/** Whether there is an alert at this place. */
export async function hasAlertAt(pool: Pool, { key, number, writtenBy }: AlertPlace): Promise<boolean> {
  return (await readRows(pool, PLACE, [key.accountId, key.creditTypeId, number, writtenBy])).length > 0;
}

// What was written of a wallet moves one of the two numbers. For the alerts of many, only what may be shown counts: so a look at the
// moment when an alert is written but not yet settled does not use up the wake-up for it.
const VERSIONS: Statement = {
  name: "live.versions",
  text: `
    SELECT k.place, w.version
    FROM unnest($1::integer[], $2::uuid[], $3::integer[]) AS k (place, account_id, credit_type_id)
    CROSS JOIN LATERAL (
      SELECT w.sequence || '/' || w.alert_count AS version FROM wallets w
      WHERE w.account_id = k.account_id AND w.credit_type_id = k.credit_type_id OFFSET 0) w
    UNION ALL
    SELECT k.place, a.version
    FROM unnest($4::integer[], $5::uuid[]) AS k (place, account_id)
    CROSS JOIN LATERAL (
      SELECT written_by || '/' || credit_type_id || '/' || number AS version FROM alerts
      WHERE account_id = k.account_id AND ${SETTLED}
      ORDER BY written_by DESC, credit_type_id DESC, number DESC LIMIT 1) a
    UNION ALL
    SELECT k.place, a.version
    FROM unnest($6::integer[]) AS k (place)
    CROSS JOIN LATERAL (
      SELECT written_by || '/' || account_id || '/' || credit_type_id || '/' || number AS version FROM alerts
      WHERE ${SETTLED}
      ORDER BY written_by DESC, account_id DESC, credit_type_id DESC, number DESC LIMIT 1) a`,
};

/** How far each topic has come: see `LiveOptions.versions`. A wallet: its log and its alerts; an account, and all: the alerts. */
export async function readVersions(pool: Pool, topics: readonly Topic[]): Promise<readonly (string | null)[]> {
  const wallets: { readonly place: number; readonly key: WalletKey }[] = [];
  const accounts: { readonly place: number; readonly accountId: string }[] = [];
  const all: number[] = [];
  topics.forEach((topic, place) => {
    if (topic === "everything") all.push(place);
    else if (topic.creditTypeId === undefined) accounts.push({ place, accountId: topic.accountId });
    else wallets.push({ place, key: { accountId: topic.accountId, creditTypeId: topic.creditTypeId } });
  });
  const records = await readRows<{ place: number; version: string }>(pool, VERSIONS, [
    wallets.map(({ place }) => place),
    ...splitKeys(wallets.map(({ key }) => key)),
    accounts.map(({ place }) => place),
    accounts.map(({ accountId }) => accountId),
    all,
  ]);
  const found = new Map(records.map(({ place, version }) => [place, version]));
  return topics.map((_, place) => found.get(place) ?? null);
}

/** The rows of each start, in the order in which the starts were given. */
function byStart<Record, Row>(
  count: number,
  records: readonly Started<Record>[],
  convert: (record: Record) => Row,
): readonly (readonly Row[])[] {
  const rows = Array.from({ length: count }, (): Row[] => []);
  for (const record of records) rows[Number(record.start) - 1]?.push(convert(record));
  return rows;
}
