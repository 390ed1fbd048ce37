import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from "typeorm";
import type { Json } from "../../core/json";
import type { Instant } from "../../core/time";
import type { SubscriptionStatus } from "../model/types";
import { PlanVersionRow } from "./plans.rows";

/** Who is on a plan, with all that was done about it: the shape on disk. A test holds these classes against the migrations. */

@Entity("subscriptions")
@ForeignKey("accounts", ["accountId"], ["id"], { name: "subscriptions_account_id_fkey" })
@ForeignKey(() => PlanVersionRow, ["planVersionId"], ["id"], { name: "subscriptions_plan_version_id_fkey" })
@Index("subscriptions_live", ["accountId"], { unique: true, where: "status <> 'ENDED'" })
@Index("subscriptions_due", ["nextDueAt"], { where: "next_due_at IS NOT NULL" })
@ForeignKey(() => PlanVersionRow, ["aheadVersionId"], ["id"], { name: "subscriptions_ahead_version_id_fkey" })
@Index("subscriptions_version", ["planVersionId", "accountId", "number"])
@Index("subscriptions_ahead", ["aheadVersionId"], { where: "ahead_version_id IS NOT NULL" })
@Check("subscriptions_status_known", "status IN ('TRIALING', 'ACTIVE', 'PAUSED', 'UNPAID', 'ENDED')")
@Check("subscriptions_end_whole", "(status = 'ENDED') = (ended_at IS NOT NULL)")
export class SubscriptionRow {
  @PrimaryColumn("uuid", { name: "account_id", primaryKeyConstraintName: "subscriptions_pkey" })
  accountId!: string;

  @PrimaryColumn("integer", { primaryKeyConstraintName: "subscriptions_pkey" })
  number!: number;

  @Column("integer")
  revision!: number;

  @Column("text")
  status!: SubscriptionStatus;

  @Column("integer", { name: "plan_version_id" })
  planVersionId!: number;

  /** What it is to go over to at its period's end. */
  @Column("integer", { name: "ahead_version_id", nullable: true })
  aheadVersionId!: number | null;

  @Column("jsonb")
  state!: Json;

  @Column("integer", { name: "command_count" })
  commandCount!: number;

  @Column("integer", { name: "act_count" })
  actCount!: number;

  @Column("timestamptz", { name: "next_due_at", nullable: true })
  nextDueAt!: Instant | null;

  @Column("timestamptz", { name: "started_at" })
  startedAt!: Instant;

  @Column("timestamptz", { name: "ended_at", nullable: true })
  endedAt!: Instant | null;
}

@Entity("subscription_commands")
@ForeignKey(() => SubscriptionRow, ["accountId", "subscription"], ["accountId", "number"], {
  name: "subscription_commands_subscription_fkey",
})
@ForeignKey(() => PlanVersionRow, ["planVersionId"], ["id"], { name: "subscription_commands_plan_version_id_fkey" })
@Index("subscription_commands_idempotency", ["accountId", "idempotencyKey"], {
  unique: true,
  where: "idempotency_key IS NOT NULL",
})
@Check("subscription_commands_key_whole", "(input IS NULL) = (idempotency_key IS NULL)")
export class SubscriptionCommandRow {
  @PrimaryColumn("uuid", { name: "account_id", primaryKeyConstraintName: "subscription_commands_pkey" })
  accountId!: string;

  @PrimaryColumn("integer", { primaryKeyConstraintName: "subscription_commands_pkey" })
  subscription!: number;

  @PrimaryColumn("integer", { primaryKeyConstraintName: "subscription_commands_pkey" })
  number!: number;

  @Column("text")
  type!: string;

  @Column("jsonb", { nullable: true })
  input!: Json | null;

  @Column("text", { name: "idempotency_key", nullable: true })
  idempotencyKey!: string | null;

  @Column("integer")
  revision!: number;

  @Column("text")
  status!: SubscriptionStatus;

  @Column("integer", { name: "plan_version_id" })
  planVersionId!: number;

  @Column("text")
  actor!: string;

  @Column("text", { nullable: true })
  reason!: string | null;

  @Column("timestamptz")
  at!: Instant;
}

@Entity("subscription_acts")
@Unique("subscription_acts_key_unique", ["accountId", "idempotencyKey"])
@ForeignKey(() => SubscriptionRow, ["accountId", "subscription"], ["accountId", "number"], {
  name: "subscription_acts_subscription_fkey",
})
@ForeignKey("credit_types", ["creditTypeId"], ["id"], { name: "subscription_acts_credit_type_id_fkey" })
@Index("subscription_acts_outstanding", ["accountId", "subscription", "number"], { where: "performed_at IS NULL" })
@Index("subscription_acts_owing", ["accountId", "subscription", "creditTypeId", "number"], { where: "owing IS NOT NULL" })
@Check("subscription_acts_outcome_whole", "(performed_at IS NULL) = (outcome IS NULL)")
@Check("subscription_acts_done_whole", "(outcome = 'DONE') = (sequence IS NOT NULL)")
export class SubscriptionActRow {
  @PrimaryColumn("uuid", { name: "account_id", primaryKeyConstraintName: "subscription_acts_pkey" })
  accountId!: string;

  @PrimaryColumn("integer", { primaryKeyConstraintName: "subscription_acts_pkey" })
  subscription!: number;

  @PrimaryColumn("integer", { primaryKeyConstraintName: "subscription_acts_pkey" })
  number!: number;

  @Column("integer")
  command!: number;

  @Column("integer", { name: "credit_type_id" })
  creditTypeId!: number;

  @Column("text", { name: "idempotency_key" })
  idempotencyKey!: string;

  @Column("text")
  plan!: string;

  @Column("jsonb")
  act!: Json;

  @Column("timestamptz", { name: "performed_at", nullable: true })
  performedAt!: Instant | null;

  @Column("text", { nullable: true })
  outcome!: string | null;

  @Column("bigint", { nullable: true })
  sequence!: string | null;

  @Column("integer", { name: "grant_number", nullable: true })
  grantNumber!: number | null;

  @Column("bigint", { nullable: true })
  amount!: string | null;

  @Column("jsonb", { nullable: true })
  owing!: Json | null;
}
