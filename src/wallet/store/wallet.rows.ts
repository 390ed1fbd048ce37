import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn, PrimaryGeneratedColumn, Unique } from "typeorm";
import type { Instant, Period } from "../../core/time";
import { BIGINT, BIGINTS } from "../../platform/columns";
import {
  ALERT_STATES,
  type AlertState,
  type Balance,
  GRANT_KINDS,
  type Grant,
  type GrantKind,
  type Json,
  type Policy,
  type Threshold,
  type WaterfallKey,
} from "../model/types";

/** The tables of what changes in a wallet: the shape on disk. A test holds these classes against the migrations, which say why. */

/** The orders of consumption, by version. */
@Entity("policies")
@Unique("policies_keys_unique", ["keys"])
export class PolicyRow implements Policy {
  @PrimaryColumn("integer", { primaryKeyConstraintName: "policies_pkey" })
  version!: number;

  @Column("text", { array: true })
  keys!: WaterfallKey[];
}

/** Units of value. */
@Entity("credit_types")
@Unique("credit_types_name_unique", ["name"])
@ForeignKey(() => PolicyRow, ["policy"], ["version"], { name: "credit_types_policy_fkey" })
export class CreditTypeRow {
  @PrimaryGeneratedColumn("identity", {
    type: "integer",
    generatedIdentity: "ALWAYS",
    primaryKeyConstraintName: "credit_types_pkey",
  })
  id!: number;

  @Column("text")
  name!: string;

  @Column("integer")
  policy!: number;

  @Column("text", { name: "refund_grace" })
  refundGrace!: Period;

  @Column("text", { name: "expiry_notice" })
  expiryNotice!: Period;

  @Column("text", { name: "default_expiry", nullable: true })
  defaultExpiry!: Period | null;

  @Column("timestamptz", { name: "created_at" })
  createdAt!: Instant;

  @Column("integer", { name: "price_revision", default: 0 })
  priceRevision!: number;

  @Column("integer", { name: "unit_revision", default: 0 })
  unitRevision!: number;
}

/** Wallets, with what their last transaction left. */
@Entity("wallets")
@ForeignKey("accounts", ["accountId"], ["id"], { name: "wallets_account_id_fkey" })
@ForeignKey(() => CreditTypeRow, ["creditTypeId"], ["id"], { name: "wallets_credit_type_id_fkey" })
@ForeignKey(() => PolicyRow, ["policy"], ["version"], { name: "wallets_policy_fkey" })
@Index("wallets_due", ["nextDueAt"], { where: "next_due_at IS NOT NULL" })
@Check("wallets_counts_natural", "sequence >= 0 AND grant_count >= 0 AND alert_count >= 0")
@Check("wallets_balance_natural", "available >= 0 AND held >= 0 AND pending >= 0 AND debt >= 0 AND overdraft >= 0")
export class WalletRow implements Pick<Balance, "available" | "held" | "pending" | "debt" | "overdraft" | "byKind"> {
  @PrimaryColumn("uuid", { name: "account_id", primaryKeyConstraintName: "wallets_pkey" })
  accountId!: string;

  @PrimaryColumn("integer", { name: "credit_type_id", primaryKeyConstraintName: "wallets_pkey" })
  creditTypeId!: number;

  @Column("bigint", { transformer: BIGINT })
  sequence!: bigint;

  @Column("timestamptz", { name: "clock_at" })
  clockAt!: Instant;

  @Column("bytea")
  hash!: Uint8Array;

  @Column("integer", { name: "grant_count" })
  grantCount!: number;

  @Column("integer", { name: "alert_count" })
  alertCount!: number;

  @Column("integer", { nullable: true })
  policy!: number | null;

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

  @Column("enum", { enum: [...ALERT_STATES], enumName: "alert_state" })
  depletion!: AlertState;

  @Column("timestamptz", { name: "next_due_at", nullable: true })
  nextDueAt!: Instant | null;

  @Column("bigint", { default: 0, transformer: BIGINT })
  revision!: bigint;

  @Column("timestamptz", { name: "created_at" })
  createdAt!: Instant;
}

/** Grants: their terms, and where their credits are now. */
@Entity("grants")
@ForeignKey(() => WalletRow, ["accountId", "creditTypeId"], ["accountId", "creditTypeId"], { name: "grants_credit_type_id_fkey" })
@Index("grants_open", ["accountId", "creditTypeId", "number"], { where: "closed_at IS NULL" })
@Index("grants_repaying", ["accountId", "creditTypeId", "number"], { where: "repaid > 0" })
@Check(
  "grants_pots_natural",
  "pending >= 0 AND available >= 0 AND held >= 0 AND consumed >= 0 AND expired >= 0 AND voided >= 0 AND moved >= 0",
)
@Check("grants_pots_whole", "pending + available + held + consumed + expired + voided + moved = amount")
@Check("grants_repaid_consumed", "repaid >= 0 AND repaid <= consumed")
@Check("grants_priority_range", "priority BETWEEN 0 AND 255")
@Check("grants_cost_whole", "(cost_amount IS NULL) = (cost_currency IS NULL)")
@Check("grants_rollover_whole", "num_nulls(rollover_percent, rollover_period, rollover_periods) IN (0, 3)")
@Check("grants_rollover_until_later", "rollover_until IS NULL OR (rollover_periods IS NOT NULL AND rollover_until > expires_at)")
export class GrantRow
  implements
    Pick<Grant, "number" | "kind" | "amount" | "priority" | "effectiveAt" | "expiresAt" | "repaysDebt" | "repaid" | "voidedAt">
{
  @PrimaryColumn("uuid", { name: "account_id", primaryKeyConstraintName: "grants_pkey" })
  accountId!: string;

  @PrimaryColumn("integer", { name: "credit_type_id", primaryKeyConstraintName: "grants_pkey" })
  creditTypeId!: number;

  @PrimaryColumn("integer", { primaryKeyConstraintName: "grants_pkey" })
  number!: number;

  @Column("enum", { enum: [...GRANT_KINDS], enumName: "grant_kind" })
  kind!: GrantKind;

  @Column("bigint", { transformer: BIGINT })
  amount!: bigint;

  @Column("bigint", { transformer: BIGINT })
  pending!: bigint;

  @Column("bigint", { transformer: BIGINT })
  available!: bigint;

  @Column("bigint", { transformer: BIGINT })
  held!: bigint;

  @Column("bigint", { transformer: BIGINT })
  consumed!: bigint;

  @Column("bigint", { transformer: BIGINT })
  expired!: bigint;

  @Column("bigint", { transformer: BIGINT })
  voided!: bigint;

  @Column("bigint", { transformer: BIGINT })
  moved!: bigint;

  @Column("bigint", { transformer: BIGINT })
  repaid!: bigint;

  @Column("timestamptz", { name: "voided_at", nullable: true })
  voidedAt!: Instant | null;

  @Column("timestamptz", { name: "closed_at", nullable: true })
  closedAt!: Instant | null;

  @Column("smallint")
  priority!: number;

  @Column("timestamptz", { name: "effective_at" })
  effectiveAt!: Instant;

  @Column("timestamptz", { name: "expires_at", nullable: true })
  expiresAt!: Instant | null;

  @Column("text", { name: "scope_operations", array: true })
  scopeOperations!: string[];

  @Column("text", { name: "scope_apps", array: true })
  scopeApps!: string[];

  @Column("numeric", { name: "cost_amount", nullable: true })
  costAmount!: string | null;

  @Column("text", { name: "cost_currency", nullable: true })
  costCurrency!: string | null;

  @Column("smallint", { name: "rollover_percent", nullable: true })
  rolloverPercent!: number | null;

  @Column("bigint", { name: "rollover_maximum", nullable: true, transformer: BIGINT })
  rolloverMaximum!: bigint | null;

  @Column("text", { name: "rollover_period", nullable: true })
  rolloverPeriod!: Period | null;

  @Column("integer", { name: "rollover_periods", nullable: true })
  rolloverPeriods!: number | null;

  @Column("timestamptz", { name: "rollover_until", nullable: true })
  rolloverUntil!: Instant | null;

  @Column("boolean", { name: "repays_debt" })
  repaysDebt!: boolean;

  @Column("text", { nullable: true })
  source!: string | null;

  @Column("jsonb", { nullable: true })
  metadata!: Json | null;

  /** The last transaction that may have changed it. */
  @Column("bigint", { name: "changed_by", transformer: BIGINT })
  changedBy!: bigint;

  @Column("bigint", { name: "created_by", transformer: BIGINT })
  createdBy!: bigint;

  @Column("timestamptz", { name: "created_at" })
  createdAt!: Instant;

  @Column("uuid", { name: "origin_account_id", nullable: true })
  originAccountId!: string | null;

  @Column("integer", { name: "origin_credit_type_id", nullable: true })
  originCreditTypeId!: number | null;

  @Column("integer", { name: "origin_number", nullable: true })
  originNumber!: number | null;
}

/** What wallets are watched for; those that were removed as well. */
@Entity("thresholds")
@ForeignKey(() => WalletRow, ["accountId", "creditTypeId"], ["accountId", "creditTypeId"], {
  name: "thresholds_credit_type_id_fkey",
})
@Index("thresholds_standing", ["accountId", "creditTypeId", "number"], { where: "removed_at IS NULL" })
@Check("thresholds_removed_whole", "(removed_sequence IS NULL) = (removed_at IS NULL)")
export class ThresholdRow implements Threshold {
  @PrimaryColumn("uuid", { name: "account_id", primaryKeyConstraintName: "thresholds_pkey" })
  accountId!: string;

  @PrimaryColumn("integer", { name: "credit_type_id", primaryKeyConstraintName: "thresholds_pkey" })
  creditTypeId!: number;

  @PrimaryColumn("integer", { primaryKeyConstraintName: "thresholds_pkey" })
  number!: number;

  @Column("bigint", { transformer: BIGINT })
  amount!: bigint;

  @Column("enum", { enum: [...ALERT_STATES], enumName: "alert_state" })
  state!: AlertState;

  @Column("bigint", { name: "since_sequence", transformer: BIGINT })
  sinceSequence!: bigint;

  @Column("timestamptz")
  since!: Instant;

  @Column("bigint", { name: "removed_sequence", nullable: true, transformer: BIGINT })
  removedSequence!: bigint | null;

  @Column("timestamptz", { name: "removed_at", nullable: true })
  removedAt!: Instant | null;
}
