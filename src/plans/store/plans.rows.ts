import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn, PrimaryGeneratedColumn, Unique } from "typeorm";
import type { Json } from "../../core/json";
import type { Instant } from "../../core/time";
import type { ChangeTime } from "../model/commands";

/** Plans with their versions, and how subscriptions were migrated: the shape on disk. A test holds these classes against the migrations. */

function identityKey(primaryKeyConstraintName: string): PropertyDecorator {
  return PrimaryGeneratedColumn("identity", { type: "integer", generatedIdentity: "ALWAYS", primaryKeyConstraintName });
}

@Entity("plans")
@Unique("plans_name_unique", ["name"])
@Check("plans_retired_whole", "(retired_at IS NULL) = (retired_by IS NULL)")
export class PlanRow {
  @identityKey("plans_pkey")
  id!: number;

  @Column("text")
  name!: string;

  @Column("timestamptz", { name: "created_at" })
  createdAt!: Instant;

  @Column("timestamptz", { name: "retired_at", nullable: true })
  retiredAt!: Instant | null;

  @Column("text", { name: "retired_by", nullable: true })
  retiredBy!: string | null;
}

@Entity("plan_versions")
@Unique("plan_versions_number_unique", ["planId", "number"])
@ForeignKey(() => PlanRow, ["planId"], ["id"], { name: "plan_versions_plan_id_fkey" })
export class PlanVersionRow {
  @identityKey("plan_versions_pkey")
  id!: number;

  @Column("integer", { name: "plan_id" })
  planId!: number;

  @Column("integer")
  number!: number;

  @Column("jsonb")
  content!: Json;

  @Column("text", { nullable: true })
  reason!: string | null;

  @Column("timestamptz", { name: "published_at" })
  publishedAt!: Instant;

  @Column("text", { name: "published_by" })
  publishedBy!: string;
}

@Entity("plan_migrations")
@ForeignKey(() => PlanRow, ["planId"], ["id"], { name: "plan_migrations_plan_id_fkey" })
@ForeignKey(() => PlanVersionRow, ["toVersionId"], ["id"], { name: "plan_migrations_to_version_id_fkey" })
@Check("plan_migrations_key_whole", "(input IS NULL) = (idempotency_key IS NULL)")
@Index("plan_migrations_idempotency", ["idempotencyKey"], { unique: true, where: "idempotency_key IS NOT NULL" })
@Index("plan_migrations_plan", ["planId", "id"])
@Index("plan_migrations_under_way", ["id"], { where: "ended_at IS NULL" })
export class PlanMigrationRow {
  @identityKey("plan_migrations_pkey")
  id!: number;

  @Column("integer", { name: "plan_id" })
  planId!: number;

  @Column("integer", { name: "to_version_id" })
  toVersionId!: number;

  @Column("integer", { name: "from_numbers", array: true })
  fromNumbers!: number[];

  @Column("text", { name: "change_time" })
  changeTime!: ChangeTime;

  @Column("text", { nullable: true })
  reason!: string | null;

  @Column("timestamptz", { name: "started_at" })
  startedAt!: Instant;

  @Column("text", { name: "started_by" })
  startedBy!: string;

  @Column("timestamptz", { name: "ended_at", nullable: true })
  endedAt!: Instant | null;

  @Column("text", { name: "idempotency_key", nullable: true })
  idempotencyKey!: string | null;

  @Column("jsonb", { nullable: true })
  input!: Json | null;
}

@Entity("plan_migration_subscriptions")
@ForeignKey("subscriptions", ["accountId", "subscription"], ["accountId", "number"], {
  name: "plan_migration_subscriptions_subscription_fkey",
})
@ForeignKey(() => PlanMigrationRow, ["migration"], ["id"], { name: "plan_migration_subscriptions_migration_fkey" })
@Index("plan_migration_subscriptions_refused", ["migration", "accountId"], { where: "outcome <> 'DONE'" })
@Index("plan_migration_subscriptions_outcome", ["migration", "outcome", "accountId"])
export class PlanMigrationSubscriptionRow {
  @PrimaryColumn("uuid", { name: "account_id", primaryKeyConstraintName: "plan_migration_subscriptions_pkey" })
  accountId!: string;

  @PrimaryColumn("integer", { primaryKeyConstraintName: "plan_migration_subscriptions_pkey" })
  migration!: number;

  @Column("integer")
  subscription!: number;

  @Column("text", { nullable: true })
  outcome!: string | null;
}
