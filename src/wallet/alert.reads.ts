import type { Pool } from "pg";
import { readRows, type Statement } from "../platform/transaction";
import type { Alert, WalletKey } from "./model/types";
import { ALERT_COLUMNS, type AlertRecord, toAlert } from "./wallet.decode";

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
