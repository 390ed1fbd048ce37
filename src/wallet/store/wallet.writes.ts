import type { Instant } from "../../core/time";
import type { Act } from "../../platform/act";
import type { Transaction as Database } from "../../platform/transaction";
import type { Alert, AlertState, Grant, Hold, Transaction, Wallet, WalletKey } from "../model/types";
import { isOpen } from "../model/wallet";
import { type LimitWrite, UPDATE_LIMITS } from "./limits.store";
import {
  type Column,
  insert,
  instant,
  json,
  nested,
  type SetStatement,
  texts,
  together,
  update,
  valuesOf,
} from "./set-statements";

/**
 * What the spend path writes: one set-based statement for each table that a batch touches, its rows given as arrays, a column each.
 * All are sent together, with the commit behind them.
 */

export interface TransactionWrite {
  readonly key: WalletKey;
  readonly transaction: Transaction;
}
export interface AlertWrite {
  readonly key: WalletKey;
  readonly alert: Alert;
}
export interface GrantWrite {
  readonly key: WalletKey;
  readonly grant: Grant;
  /** When it was found closed, should it be. */
  readonly at: Instant;
  /** The last transaction that may have changed it. */
  readonly sequence: number;
}
export interface HoldWrite {
  readonly key: WalletKey;
  readonly hold: Hold;
}
export interface WalletWrite {
  readonly wallet: Wallet;
  readonly nextDueAt: Instant | null;
  /** One more with each time that the wallet, or a threshold of it, is written. */
  readonly revision: bigint;
}
export interface ThresholdWrite {
  readonly key: WalletKey;
  readonly number: number;
  readonly amount: bigint;
  readonly state: AlertState;
  readonly sequence: number;
  readonly at: Instant;
}

/** Everything that a batch writes. */
export interface Writes {
  readonly wallets: readonly WalletWrite[];
  readonly transactions: readonly TransactionWrite[];
  readonly alerts: readonly AlertWrite[];
  readonly newGrants: readonly GrantWrite[];
  readonly changedGrants: readonly GrantWrite[];
  readonly holds: readonly HoldWrite[];
  readonly limits: readonly LimitWrite[];
  readonly newThresholds: readonly ThresholdWrite[];
  readonly changedThresholds: readonly ThresholdWrite[];
  readonly removedThresholds: readonly ThresholdWrite[];
  readonly acts: readonly Act[];
  readonly recordedAt: Instant;
}

/** Whether there is nothing to write: all was refused, or had been done before. */
export function isNothing(writes: Writes): boolean {
  return Object.values(writes).every((part) => !Array.isArray(part) || part.length === 0);
}

/** Sends all of it; what fails is told by the transaction's commit. */
export function sendWrites(database: Database, writes: Writes): void {
  const alerts = writes.alerts.map((write) => ({ ...write, recordedAt: writes.recordedAt }));
  send(database, INSERT_GRANTS, writes.newGrants);
  if (writes.wallets.length > 0) {
    database.send(LEDGER, [
      ...valuesOf(INSERT_TRANSACTIONS, writes.transactions),
      ...valuesOf(UPDATE_GRANTS, writes.changedGrants),
      ...valuesOf(UPDATE_WALLETS, writes.wallets),
    ]);
  }
  send(database, UPSERT_HOLDS, writes.holds);
  send(database, UPDATE_LIMITS, writes.limits);
  send(database, INSERT_THRESHOLDS, writes.newThresholds);
  send(database, UPDATE_THRESHOLDS, writes.changedThresholds);
  send(database, REMOVE_THRESHOLDS, writes.removedThresholds);
  send(database, INSERT_ALERTS, alerts);
  send(database, INSERT_ACTS, writes.acts);
}

function send<Row>(database: Database, statement: SetStatement<Row>, rows: readonly Row[]): void {
  const { name, text } = statement;
  if (rows.length > 0) database.send({ name, text }, valuesOf(statement, rows));
}

const KEY = [
  ["account_id", "uuid", (row) => row.key.accountId],
  ["credit_type_id", "integer", (row) => row.key.creditTypeId],
] as const satisfies readonly Column<{ readonly key: WalletKey }>[];

const POTS = [
  ["pending", "bigint", (row) => row.grant.pots.PENDING],
  ["available", "bigint", (row) => row.grant.pots.AVAILABLE],
  ["held", "bigint", (row) => row.grant.pots.HELD],
  ["consumed", "bigint", (row) => row.grant.pots.CONSUMED],
  ["expired", "bigint", (row) => row.grant.pots.EXPIRED],
  ["voided", "bigint", (row) => row.grant.pots.VOIDED],
  ["moved", "bigint", (row) => row.grant.pots.MOVED],
  ["repaid", "bigint", (row) => row.grant.repaid],
  ["changed_by", "bigint", (row) => row.sequence],
  ["voided_at", "timestamptz", (row) => instant(row.grant.voidedAt)],
  ["closed_at", "timestamptz", (row) => (isOpen(row.grant) ? null : instant(row.at))],
] as const satisfies readonly Column<GrantWrite>[];

const INSERT_GRANTS = insert<GrantWrite>("grants", [
  ...KEY,
  ["number", "integer", (row) => row.grant.number],
  ["kind", "grant_kind", (row) => row.grant.kind],
  ["amount", "bigint", (row) => row.grant.amount],
  ...POTS,
  ["priority", "smallint", (row) => row.grant.priority],
  ["effective_at", "timestamptz", (row) => instant(row.grant.effectiveAt)],
  ["expires_at", "timestamptz", (row) => instant(row.grant.expiresAt)],
  ["scope_operations", "text[]", (row) => texts(row.grant.scope.operations)],
  ["scope_apps", "text[]", (row) => texts(row.grant.scope.apps)],
  ["cost_amount", "numeric", (row) => row.grant.costBasis?.amount ?? null],
  ["cost_currency", "text", (row) => row.grant.costBasis?.currency ?? null],
  ["rollover_percent", "smallint", (row) => row.grant.rollover?.percent ?? null],
  ["rollover_maximum", "bigint", (row) => row.grant.rollover?.maximum ?? null],
  ["rollover_period", "text", (row) => row.grant.rollover?.period ?? null],
  ["rollover_periods", "integer", (row) => row.grant.rollover?.periods ?? null],
  ["rollover_until", "timestamptz", (row) => instant(row.grant.rollover?.until ?? null)],
  ["repays_debt", "boolean", (row) => row.grant.repaysDebt],
  ["source", "text", (row) => row.grant.source],
  ["metadata", "jsonb", (row) => json(row.grant.metadata)],
  ["created_by", "bigint", (row) => row.grant.createdBy],
  ["created_at", "timestamptz", (row) => instant(row.grant.createdAt)],
  ["origin_account_id", "uuid", (row) => row.grant.origin?.accountId ?? null],
  ["origin_credit_type_id", "integer", (row) => row.grant.origin?.creditTypeId ?? null],
  ["origin_number", "integer", (row) => row.grant.origin?.number ?? null],
]);

// closed_at keeps the instant of the first closing, until the grant opens again.
export const UPDATE_GRANTS = update<GrantWrite>(
  "update_pots",
  "grants",
  "number",
  [...KEY, ["number", "integer", (row) => row.grant.number], ...POTS],
  { closed_at: "CASE WHEN r.closed_at IS NOT NULL THEN coalesce(t.closed_at, r.closed_at) END" },
);

export const INSERT_TRANSACTIONS = insert<TransactionWrite>("transactions", [
  ...KEY,
  ["type", "transaction_type", (row) => row.transaction.type],
  ["sequence", "bigint", (row) => row.transaction.sequence],
  ["amount", "bigint", (row) => row.transaction.amount],
  ["available", "bigint", (row) => row.transaction.balance.available],
  ["held", "bigint", (row) => row.transaction.balance.held],
  ["pending", "bigint", (row) => row.transaction.balance.pending],
  ["debt", "bigint", (row) => row.transaction.balance.debt],
  ["overdraft", "bigint", (row) => row.transaction.balance.overdraft],
  ["by_kind", "bigint[]", (row) => nested(row.transaction.balance.byKind, itself)],
  ["operation", "text", (row) => row.transaction.operation],
  ["quantity", "text", (row) => row.transaction.quantity],
  ["price_version", "integer", (row) => row.transaction.priced?.version ?? null],
  ["price_revision", "integer", (row) => row.transaction.priced?.revision ?? null],
  ["price_at", "timestamptz", (row) => instant(row.transaction.priced?.at ?? null)],
  ["price_plan", "integer", (row) => row.transaction.priced?.plan ?? null],
  ["app", "text", (row) => row.transaction.app],
  ["member", "integer", (row) => row.transaction.member],
  ["actor", "text", (row) => row.transaction.actor],
  ["description", "text", (row) => row.transaction.description],
  ["metadata", "jsonb", (row) => json(row.transaction.metadata)],
  ["idempotency_key", "text", (row) => row.transaction.idempotencyKey],
  ["fingerprint", "bytea", (row) => row.transaction.fingerprint],
  ["relates_to", "bigint", (row) => row.transaction.relatesTo],
  ["counterpart_account_id", "uuid", (row) => row.transaction.counterpart?.accountId ?? null],
  ["counterpart_credit_type_id", "integer", (row) => row.transaction.counterpart?.creditTypeId ?? null],
  ["counterpart_sequence", "bigint", (row) => row.transaction.counterpart?.sequence ?? null],
  ["policy", "integer", (row) => row.transaction.policy],
  ["effective_at", "timestamptz", (row) => instant(row.transaction.effectiveAt)],
  ["recorded_at", "timestamptz", (row) => instant(row.transaction.recordedAt)],
  ["occurred_at", "timestamptz", (row) => instant(row.transaction.occurredAt)],
  ["previous_hash", "bytea", (row) => row.transaction.previousHash],
  ["hash", "bytea", (row) => row.transaction.hash],
  ["entry_grants", "integer[]", (row) => nested(row.transaction.entries, (entry) => entry.grant)],
  ["entry_befores", "integer[]", (row) => nested(row.transaction.entries, (entry) => entry.before)],
  ["entry_amounts", "bigint[]", (row) => nested(row.transaction.entries, (entry) => entry.amount)],
  ["entry_sources", "pot[]", (row) => nested(row.transaction.entries, (entry) => entry.from)],
  ["entry_pots", "pot[]", (row) => nested(row.transaction.entries, (entry) => entry.to)],
]);

const UPSERT_HOLDS = insert<HoldWrite>(
  "holds",
  [
    ...KEY,
    ["sequence", "bigint", (row) => row.hold.sequence],
    ["amount", "bigint", (row) => row.hold.amount],
    ["captured", "bigint", (row) => row.hold.captured],
    ["released", "bigint", (row) => row.hold.released],
    ["expires_at", "timestamptz", (row) => instant(row.hold.expiresAt)],
    ["status", "hold_status", (row) => row.hold.status],
    ["operation", "text", (row) => row.hold.operation],
    ["app", "text", (row) => row.hold.app],
    ["member", "integer", (row) => row.hold.member],
    ["held_at", "timestamptz", (row) => instant(row.hold.heldAt)],
    ["draw_grants", "integer[]", (row) => nested(row.hold.draws, (draw) => draw.grant)],
    ["draw_amounts", "bigint[]", (row) => nested(row.hold.draws, (draw) => draw.amount)],
  ],
  `ON CONFLICT (account_id, credit_type_id, sequence) DO UPDATE SET captured = excluded.captured, released = excluded.released,
     expires_at = excluded.expires_at, status = excluded.status`,
);

const THRESHOLD_STATE = [
  ...KEY,
  ["number", "integer", (row) => row.number],
  ["state", "alert_state", (row) => row.state],
] as const satisfies readonly Column<ThresholdWrite>[];

const INSERT_THRESHOLDS = insert<ThresholdWrite>("thresholds", [
  ...THRESHOLD_STATE,
  ["amount", "bigint", (row) => row.amount],
  ["since_sequence", "bigint", (row) => row.sequence],
  ["since", "timestamptz", (row) => instant(row.at)],
]);

const UPDATE_THRESHOLDS = update<ThresholdWrite>("update_state", "thresholds", "number", THRESHOLD_STATE);

const REMOVE_THRESHOLDS = update<ThresholdWrite>("remove", "thresholds", "number", [
  ...KEY,
  ["number", "integer", (row) => row.number],
  ["removed_sequence", "bigint", (row) => row.sequence],
  ["removed_at", "timestamptz", (row) => instant(row.at)],
]);

const INSERT_ALERTS = insert<AlertWrite & { readonly recordedAt: Instant }>("alerts", [
  ...KEY,
  ["number", "integer", (row) => row.alert.number],
  ["type", "alert_type", (row) => row.alert.type],
  ["sequence", "bigint", (row) => row.alert.sequence],
  ["effective_at", "timestamptz", (row) => instant(row.alert.effectiveAt)],
  ["recorded_at", "timestamptz", (row) => instant(row.recordedAt)],
  ["spendable", "bigint", (row) => row.alert.spendable],
  ["threshold_number", "integer", (row) => row.alert.threshold?.number ?? null],
  ["threshold_amount", "bigint", (row) => row.alert.threshold?.amount ?? null],
  ["grant_number", "integer", (row) => row.alert.grant],
  ["expiring", "bigint", (row) => row.alert.expiring],
]);

/** As `recordAct` does, many at once: an operator may grant to thousands. */
const INSERT_ACTS = insert<Act>("audit_log", [
  ["at", "timestamptz", (act) => instant(act.at)],
  ["actor", "text", (act) => act.actor],
  ["action", "text", (act) => act.action],
  ["subject", "text", (act) => act.subject],
  ["account_id", "uuid", (act) => act.accountId],
  ["before", "jsonb", (act) => json(act.before)],
  ["after", "jsonb", (act) => json(act.after)],
  ["reason", "text", (act) => act.reason],
]);

export const UPDATE_WALLETS = update<WalletWrite>("update", "wallets", null, [
  ["account_id", "uuid", (row) => row.wallet.key.accountId],
  ["credit_type_id", "integer", (row) => row.wallet.key.creditTypeId],
  ["sequence", "bigint", (row) => row.wallet.sequence],
  ["clock_at", "timestamptz", (row) => instant(row.wallet.clockAt)],
  ["hash", "bytea", (row) => row.wallet.hash],
  ["grant_count", "integer", (row) => row.wallet.grantCount],
  ["alert_count", "integer", (row) => row.wallet.alertCount],
  ["available", "bigint", (row) => row.wallet.balance.available],
  ["held", "bigint", (row) => row.wallet.balance.held],
  ["pending", "bigint", (row) => row.wallet.balance.pending],
  ["debt", "bigint", (row) => row.wallet.balance.debt],
  ["overdraft", "bigint", (row) => row.wallet.balance.overdraft],
  ["by_kind", "bigint[]", (row) => nested(row.wallet.balance.byKind, itself)],
  ["depletion", "alert_state", (row) => row.wallet.depletion],
  ["next_due_at", "timestamptz", (row) => instant(row.nextDueAt)],
  ["revision", "bigint", (row) => row.revision],
]);

/** What every spend writes, in one statement. */
const LEDGER = together("ledger.write", [INSERT_TRANSACTIONS, UPDATE_GRANTS, UPDATE_WALLETS]);

function itself<T>(value: T): T {
  return value;
}
