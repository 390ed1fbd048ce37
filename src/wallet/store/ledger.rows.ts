import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from "typeorm";
import type { Instant } from "../../core/time";
import { BIGINT, BIGINTS } from "../../platform/columns";
import {
  ALERT_TYPES,
  type Alert,
  type AlertType,
  HOLD_STATUSES,
  type Hold,
  type HoldStatus,
  type Json,
  POTS,
  type Pot,
  type Source,
  TRANSACTION_TYPES,
  type Transaction,
  type TransactionType,
} from "../model/types";
import { WalletRow } from "./wallet.rows";

/** The tables of the log, and of the holds that stand in it: the shape on disk. */

const SOURCES = [...POTS, "ISSUED"] as const;

/** The log, with the entries of each transaction in arrays side by side. Only ever added to. */
@Entity("transactions")
@ForeignKey(() => WalletRow, ["accountId", "creditTypeId"], ["accountId", "creditTypeId"], {
  name: "transactions_credit_type_id_fkey",
})
@Index("transactions_idempotency", ["accountId", "idempotencyKey"], { unique: true, where: "idempotency_key IS NOT NULL" })
@Index("transactions_related", ["accountId", "creditTypeId", "relatesTo", "sequence"], { where: "relates_to IS NOT NULL" })
@Index("transactions_occurred", ["accountId", "creditTypeId", "occurredAt"], { where: "occurred_at IS NOT NULL" })
@Index("transactions_of_member", ["accountId", "creditTypeId", "member", "sequence"], { where: "member IS NOT NULL" })
@Check("transactions_sequence_positive", "sequence > 0")
@Check("transactions_price_whole", "num_nulls(price_version, price_revision, price_at) IN (0, 3)")
@Check("transactions_price_plan_priced", "price_plan IS NULL OR price_version IS NOT NULL")
@Check("transactions_key_fingerprinted", "(idempotency_key IS NULL) = (fingerprint IS NULL)")
@Check(
  "transactions_counterpart_whole",
  "num_nulls(counterpart_account_id, counterpart_credit_type_id, counterpart_sequence) IN (0, 3)",
)
@Check(
  "transactions_entries_paired",
  `cardinality(entry_grants) = cardinality(entry_amounts) AND cardinality(entry_befores) = cardinality(entry_amounts)
   AND cardinality(entry_sources) = cardinality(entry_amounts) AND cardinality(entry_pots) = cardinality(entry_amounts)`,
)
@Check("transactions_entries_positive", "0 < ALL (entry_amounts)")
@Check("transactions_entries_inside", "'ISSUED' <> ALL (entry_pots)")
export class TransactionRow
  implements Pick<Transaction, "type" | "amount" | "operation" | "quantity" | "app" | "actor" | "idempotencyKey" | "policy">
{
  @PrimaryColumn("uuid", { name: "account_id", primaryKeyConstraintName: "transactions_pkey" })
  accountId!: string;

  @PrimaryColumn("integer", { name: "credit_type_id", primaryKeyConstraintName: "transactions_pkey" })
  creditTypeId!: number;

  @Column("enum", { enum: [...TRANSACTION_TYPES], enumName: "transaction_type" })
  type!: TransactionType;

  @PrimaryColumn("bigint", { transformer: BIGINT, primaryKeyConstraintName: "transactions_pkey" })
  sequence!: bigint;

  @Column("bigint", { transformer: BIGINT })
  amount!: bigint;

  @Column("bigint", { transformer: BIGINT })
  available!: bigint;

  @Column("bigint", { transformer: BIGINT })
  held!: bigint;

  @Column("bigint", { transformer: BIGINT })
  pending!: bigint;

  @Column("bigint", { transformer: BIGINT })
  debt!: bigint;

  @Column("bigint", { transformer: BIGINT })
  overdraft!: bigint;

  @Column("bigint", { name: "by_kind", array: true, transformer: BIGINTS })
  byKind!: bigint[];

  @Column("text", { nullable: true })
  operation!: string | null;

  @Column("text", { nullable: true })
  quantity!: string | null;

  @Column("integer", { name: "price_version", nullable: true })
  priceVersion!: number | null;

  @Column("integer", { name: "price_revision", nullable: true })
  priceRevision!: number | null;

  @Column("timestamptz", { name: "price_at", nullable: true })
  priceAt!: Instant | null;

  @Column("integer", { name: "price_plan", nullable: true })
  pricePlan!: number | null;

  @Column("text", { nullable: true })
  app!: string | null;

  @Column("integer", { nullable: true })
  member!: number | null;

  @Column("text")
  actor!: string;

  @Column("text", { nullable: true })
  description!: string | null;

  @Column("jsonb", { nullable: true })
  metadata!: Json | null;

  @Column("text", { name: "idempotency_key", nullable: true })
  idempotencyKey!: string | null;

  @Column("bytea", { nullable: true })
  fingerprint!: Uint8Array | null;

  @Column("bigint", { name: "relates_to", nullable: true, transformer: BIGINT })
  relatesTo!: bigint | null;

  @Column("uuid", { name: "counterpart_account_id", nullable: true })
  counterpartAccountId!: string | null;

  @Column("integer", { name: "counterpart_credit_type_id", nullable: true })
  counterpartCreditTypeId!: number | null;

  @Column("bigint", { name: "counterpart_sequence", nullable: true, transformer: BIGINT })
  counterpartSequence!: bigint | null;

  @Column("integer")
  policy!: number;

  @Column("timestamptz", { name: "effective_at" })
  effectiveAt!: Instant;

  @Column("timestamptz", { name: "recorded_at" })
  recordedAt!: Instant;

  @Column("timestamptz", { name: "occurred_at", nullable: true })
  occurredAt!: Instant | null;

  @Column("bytea", { name: "previous_hash" })
  previousHash!: Uint8Array;

  @Column("bytea")
  hash!: Uint8Array;

  @Column("integer", { name: "entry_grants", array: true })
  entryGrants!: number[];

  @Column("integer", { name: "entry_befores", array: true })
  entryBefores!: (number | null)[];

  @Column("bigint", { name: "entry_amounts", array: true, transformer: BIGINTS })
  entryAmounts!: bigint[];

  @Column("enum", { name: "entry_sources", array: true, enum: [...SOURCES], enumName: "pot" })
  entrySources!: Source[];

  @Column("enum", { name: "entry_pots", array: true, enum: [...SOURCES], enumName: "pot" })
  entryPots!: Pot[];
}

/** Credits set aside. */
@Entity("holds")
@ForeignKey(() => TransactionRow, ["accountId", "creditTypeId", "sequence"], ["accountId", "creditTypeId", "sequence"], {
  name: "holds_sequence_fkey",
})
@Index("holds_open", ["accountId", "creditTypeId", "expiresAt", "sequence"], { where: "status = 'OPEN'" })
@Check("holds_parts_natural", "captured >= 0 AND released >= 0 AND captured + released <= amount")
@Check("holds_ended_empty", "status = 'OPEN' OR captured + released = amount")
@Check("holds_draws_paired", "cardinality(draw_grants) = cardinality(draw_amounts)")
export class HoldRow implements Pick<Hold, "amount" | "captured" | "released" | "expiresAt" | "status" | "operation" | "app"> {
  @PrimaryColumn("uuid", { name: "account_id", primaryKeyConstraintName: "holds_pkey" })
  accountId!: string;

  @PrimaryColumn("integer", { name: "credit_type_id", primaryKeyConstraintName: "holds_pkey" })
  creditTypeId!: number;

  @PrimaryColumn("bigint", { transformer: BIGINT, primaryKeyConstraintName: "holds_pkey" })
  sequence!: bigint;

  @Column("bigint", { transformer: BIGINT })
  amount!: bigint;

  @Column("bigint", { transformer: BIGINT })
  captured!: bigint;

  @Column("bigint", { transformer: BIGINT })
  released!: bigint;

  @Column("timestamptz", { name: "expires_at" })
  expiresAt!: Instant;

  @Column("enum", { enum: [...HOLD_STATUSES], enumName: "hold_status" })
  status!: HoldStatus;

  @Column("text", { nullable: true })
  operation!: string | null;

  @Column("text", { nullable: true })
  app!: string | null;

  @Column("integer", { nullable: true })
  member!: number | null;

  @Column("timestamptz", { name: "held_at" })
  heldAt!: Instant;

  @Column("integer", { name: "draw_grants", array: true })
  drawGrants!: number[];

  @Column("bigint", { name: "draw_amounts", array: true, transformer: BIGINTS })
  drawAmounts!: bigint[];
}

/** What was told. Only ever added to. */
@Entity("alerts")
@ForeignKey(() => WalletRow, ["accountId", "creditTypeId"], ["accountId", "creditTypeId"], { name: "alerts_credit_type_id_fkey" })
@Index("alerts_written", ["writtenBy", "accountId", "creditTypeId", "number"])
@Index("alerts_of_account", ["accountId", "writtenBy", "creditTypeId", "number"])
@Check("alerts_threshold_whole", "(threshold_number IS NULL) = (threshold_amount IS NULL)")
@Check("alerts_grant_whole", "(grant_number IS NULL) = (expiring IS NULL)")
export class AlertRow implements Pick<Alert, "number" | "type" | "effectiveAt" | "spendable"> {
  @PrimaryColumn("uuid", { name: "account_id", primaryKeyConstraintName: "alerts_pkey" })
  accountId!: string;

  @PrimaryColumn("integer", { name: "credit_type_id", primaryKeyConstraintName: "alerts_pkey" })
  creditTypeId!: number;

  @PrimaryColumn("integer", { primaryKeyConstraintName: "alerts_pkey" })
  number!: number;

  @Column("enum", { enum: [...ALERT_TYPES], enumName: "alert_type" })
  type!: AlertType;

  @Column("bigint", { transformer: BIGINT })
  sequence!: bigint;

  @Column("timestamptz", { name: "effective_at" })
  effectiveAt!: Instant;

  @Column("timestamptz", { name: "recorded_at" })
  recordedAt!: Instant;

  @Column("bigint", { transformer: BIGINT })
  spendable!: bigint;

  @Column("integer", { name: "threshold_number", nullable: true })
  thresholdNumber!: number | null;

  @Column("bigint", { name: "threshold_amount", nullable: true, transformer: BIGINT })
  thresholdAmount!: bigint | null;

  @Column("integer", { name: "grant_number", nullable: true })
  grantNumber!: number | null;

  @Column("bigint", { nullable: true, transformer: BIGINT })
  expiring!: bigint | null;

  // The default as TypeORM reads it back: without its casts.
  @Column("bigint", { name: "written_by", default: () => "((pg_current_xact_id()))", transformer: BIGINT })
  writtenBy!: bigint;
}
