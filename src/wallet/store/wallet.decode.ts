import type { PlacedAlert } from "../live/alert-cursor";
import type {
  AlertState,
  AlertType,
  Balance,
  Entry,
  Grant,
  GrantKind,
  Hold,
  HoldStatus,
  Json,
  Pot,
  Rollover,
  Source,
  Threshold,
  Transaction,
  TransactionType,
  WalletKey,
  WaterfallKey,
} from "../model/types";

/** From rows, as pg hands them over, to the model's values; and the columns that each needs, for SELECT lists. */

export interface KeyRecord {
  readonly account_id: string;
  readonly credit_type_id: number;
}

interface BalanceRecord {
  readonly available: bigint;
  readonly held: bigint;
  readonly pending: bigint;
  readonly debt: bigint;
  readonly overdraft: bigint;
  readonly by_kind: bigint[];
}

export interface WalletRecord extends KeyRecord, BalanceRecord {
  readonly sequence: bigint;
  readonly clock_at: bigint;
  readonly hash: Buffer;
  readonly grant_count: number;
  readonly alert_count: number;
  readonly depletion: AlertState;
  readonly next_due_at: bigint | null;
  readonly revision: bigint;
  readonly time_zone: string;
  readonly test_clock: bigint | null;
  readonly refund_grace: string;
  readonly expiry_notice: string;
  readonly policy_version: number;
  readonly policy_keys: WaterfallKey[];
}

export const GRANT_COLUMNS = `account_id, credit_type_id, number, kind, amount, pending, available, held, consumed, expired, voided,
  moved, repaid, voided_at, priority, effective_at, expires_at, scope_operations, scope_apps, cost_amount, cost_currency,
  rollover_percent, rollover_maximum, rollover_period, rollover_periods, rollover_until, repays_debt, source, metadata, created_by, created_at,
  origin_account_id, origin_credit_type_id, origin_number`;

export interface GrantRecord extends KeyRecord {
  readonly number: number;
  readonly kind: GrantKind;
  readonly amount: bigint;
  readonly pending: bigint;
  readonly available: bigint;
  readonly held: bigint;
  readonly consumed: bigint;
  readonly expired: bigint;
  readonly voided: bigint;
  readonly moved: bigint;
  readonly repaid: bigint;
  readonly voided_at: bigint | null;
  readonly priority: number;
  readonly effective_at: bigint;
  readonly expires_at: bigint | null;
  readonly scope_operations: string[];
  readonly scope_apps: string[];
  readonly cost_amount: string | null;
  readonly cost_currency: string | null;
  readonly rollover_percent: number | null;
  readonly rollover_maximum: bigint | null;
  readonly rollover_period: string | null;
  readonly rollover_periods: number | null;
  readonly rollover_until: bigint | null;
  readonly repays_debt: boolean;
  readonly source: string | null;
  readonly metadata: Json | null;
  readonly created_by: bigint;
  readonly created_at: bigint;
  readonly origin_account_id: string | null;
  readonly origin_credit_type_id: number | null;
  readonly origin_number: number | null;
}

export const HOLD_COLUMNS = `account_id, credit_type_id, sequence, amount, captured, released, expires_at, status, operation, app,
  member, held_at, draw_grants, draw_amounts`;

export interface HoldRecord extends KeyRecord {
  readonly sequence: bigint;
  readonly amount: bigint;
  readonly captured: bigint;
  readonly released: bigint;
  readonly expires_at: bigint;
  readonly status: HoldStatus;
  readonly operation: string | null;
  readonly app: string | null;
  readonly member: number | null;
  readonly held_at: bigint;
  readonly draw_grants: number[];
  readonly draw_amounts: bigint[];
}

export const TRANSACTION_COLUMNS = `account_id, credit_type_id, type, sequence, amount, available, held, pending, debt, overdraft,
  by_kind, operation, quantity, price_version, price_revision, price_at, price_plan, app, member, actor, description, metadata, idempotency_key, fingerprint, relates_to, counterpart_account_id,
  counterpart_credit_type_id, counterpart_sequence, policy, effective_at, recorded_at, occurred_at, previous_hash, hash,
  entry_grants, entry_sources::text[] AS entry_sources, entry_pots::text[] AS entry_pots, entry_amounts, entry_befores`;

/** The entries of the transaction `t`, a row each. */
export const ENTRIES = `unnest(t.entry_grants, t.entry_sources, t.entry_pots, t.entry_amounts, t.entry_befores)
  WITH ORDINALITY AS e (grant_number, from_pot, to_pot, amount, before_number, position)`;

export interface TransactionRecord extends KeyRecord, BalanceRecord {
  readonly type: TransactionType;
  readonly sequence: bigint;
  readonly amount: bigint;
  readonly operation: string | null;
  readonly quantity: string | null;
  readonly price_version: number | null;
  readonly price_revision: number | null;
  readonly price_plan: number | null;
  readonly price_at: bigint | null;
  readonly app: string | null;
  readonly member: number | null;
  readonly actor: string;
  readonly description: string | null;
  readonly metadata: Json | null;
  readonly idempotency_key: string | null;
  readonly fingerprint: Buffer | null;
  readonly relates_to: bigint | null;
  readonly counterpart_account_id: string | null;
  readonly counterpart_credit_type_id: number | null;
  readonly counterpart_sequence: bigint | null;
  readonly policy: number;
  readonly effective_at: bigint;
  readonly recorded_at: bigint;
  readonly occurred_at: bigint | null;
  readonly previous_hash: Buffer;
  readonly hash: Buffer;
  readonly entry_grants: number[];
  readonly entry_sources: Source[];
  readonly entry_pots: Pot[];
  readonly entry_amounts: bigint[];
  readonly entry_befores: (number | null)[];
}

export interface ThresholdRecord extends KeyRecord {
  readonly number: number;
  readonly amount: bigint;
  readonly state: AlertState;
}

export const ALERT_COLUMNS = `account_id, credit_type_id, number, type, sequence, effective_at, recorded_at, spendable,
  threshold_number, threshold_amount, grant_number, expiring, written_by`;

export interface AlertRecord extends KeyRecord {
  readonly number: number;
  readonly type: AlertType;
  readonly sequence: bigint;
  readonly effective_at: bigint;
  readonly recorded_at: bigint;
  readonly spendable: bigint;
  readonly threshold_number: number | null;
  readonly threshold_amount: bigint | null;
  readonly grant_number: number | null;
  readonly expiring: bigint | null;
  readonly written_by: bigint;
}

export function toKey(record: KeyRecord): WalletKey {
  return { accountId: record.account_id, creditTypeId: record.credit_type_id };
}

export function toBalance({ available, held, pending, debt, overdraft, by_kind: byKind }: BalanceRecord): Balance {
  return { available, held, pending, debt, overdraft, byKind };
}

export function toGrant(record: GrantRecord): Grant {
  const { pending, available, held, consumed, expired, voided, moved } = record;
  return {
    kind: record.kind,
    amount: record.amount,
    priority: record.priority,
    effectiveAt: record.effective_at,
    expiresAt: record.expires_at,
    scope: { operations: record.scope_operations, apps: record.scope_apps },
    costBasis: record.cost_amount === null ? null : { amount: record.cost_amount, currency: record.cost_currency as string },
    rollover: toRollover(record),
    repaysDebt: record.repays_debt,
    source: record.source,
    metadata: record.metadata,
    number: record.number,
    createdBy: Number(record.created_by),
    createdAt: record.created_at,
    origin: toOrigin(record),
    pots: {
      PENDING: pending,
      AVAILABLE: available,
      HELD: held,
      CONSUMED: consumed,
      EXPIRED: expired,
      VOIDED: voided,
      MOVED: moved,
    },
    voidedAt: record.voided_at,
    repaid: record.repaid,
  };
}

function toRollover(record: GrantRecord): Rollover | null {
  if (record.rollover_percent === null) return null;
  return {
    percent: record.rollover_percent,
    maximum: record.rollover_maximum,
    period: record.rollover_period as string,
    periods: record.rollover_periods as number,
    ...(record.rollover_until === null ? {} : { until: record.rollover_until }),
  };
}

function toOrigin(record: GrantRecord): Grant["origin"] {
  const { origin_account_id: accountId, origin_credit_type_id: creditTypeId, origin_number: number } = record;
  if (accountId === null || creditTypeId === null || number === null) return null;
  return { accountId, creditTypeId, number };
}

export function toHold(record: HoldRecord): Hold {
  const { amount, captured, released, expires_at: expiresAt, status, operation, app, member, held_at: heldAt } = record;
  const draws = record.draw_grants.map((grant, index) => ({ grant, amount: record.draw_amounts[index] as bigint }));
  const state = { amount, captured, released, expiresAt, status };
  return { sequence: Number(record.sequence), ...state, operation, app, member, heldAt, draws };
}

function toPricedBy(record: TransactionRecord): Transaction["priced"] {
  const { price_version: version, price_revision: revision, price_at: at, price_plan: plan } = record;
  return version === null || revision === null || at === null ? null : { version, revision, at, plan };
}

export function toTransaction(record: TransactionRecord): Transaction {
  return {
    sequence: Number(record.sequence),
    type: record.type,
    amount: record.amount,
    balance: toBalance(record),
    entries: toEntries(record),
    operation: record.operation,
    quantity: record.quantity,
    priced: toPricedBy(record),
    app: record.app,
    member: record.member,
    actor: record.actor,
    description: record.description,
    metadata: record.metadata,
    idempotencyKey: record.idempotency_key,
    fingerprint: record.fingerprint,
    relatesTo: record.relates_to === null ? null : Number(record.relates_to),
    counterpart: toCounterpart(record),
    policy: record.policy,
    effectiveAt: record.effective_at,
    recordedAt: record.recorded_at,
    occurredAt: record.occurred_at,
    previousHash: record.previous_hash,
    hash: record.hash,
  };
}

function toCounterpart(record: TransactionRecord): Transaction["counterpart"] {
  const { counterpart_account_id: accountId, counterpart_credit_type_id: creditTypeId, counterpart_sequence: sequence } = record;
  if (accountId === null || creditTypeId === null || sequence === null) return null;
  return { accountId, creditTypeId, sequence: Number(sequence) };
}

function toEntries(record: TransactionRecord): readonly Entry[] {
  const { entry_grants, entry_sources, entry_pots, entry_amounts, entry_befores } = record;
  return entry_grants.map((grant, index) => ({
    grant,
    from: entry_sources[index] as Source,
    to: entry_pots[index] as Pot,
    amount: entry_amounts[index] as bigint,
    before: entry_befores[index] ?? null,
  }));
}

export function toThreshold({ number, amount, state }: ThresholdRecord): Threshold {
  return { number, amount, state };
}

export function toAlert(record: AlertRecord): PlacedAlert {
  const { threshold_number: number, threshold_amount: amount } = record;
  return {
    key: toKey(record),
    number: record.number,
    type: record.type,
    sequence: Number(record.sequence),
    effectiveAt: record.effective_at,
    spendable: record.spendable,
    threshold: number === null || amount === null ? null : { number, amount },
    grant: record.grant_number,
    expiring: record.expiring,
    writtenBy: record.written_by,
    recordedAt: record.recorded_at,
  };
}
