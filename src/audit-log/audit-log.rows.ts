import { Column, Entity, Index, PrimaryGeneratedColumn } from "typeorm";
import type { Json } from "../core/json";
import type { Instant } from "../core/time";

/** What operators did: the shape on disk. A test holds this class against the migrations. */
@Entity("audit_log")
@Index("audit_log_actor", ["actor", "id"])
@Index("audit_log_subject", ["subject", "id"])
@Index("audit_log_account", ["accountId", "id"], { where: "account_id IS NOT NULL" })
export class AuditEntryRow {
  @PrimaryGeneratedColumn("identity", { type: "bigint", generatedIdentity: "ALWAYS", primaryKeyConstraintName: "audit_log_pkey" })
  id!: string;

  @Column("timestamptz")
  at!: Instant;

  @Column("text")
  actor!: string;

  @Column("text")
  action!: string;

  @Column("text")
  subject!: string;

  @Column("uuid", { name: "account_id", nullable: true })
  accountId!: string | null;

  @Column("jsonb", { nullable: true })
  before!: Json | null;

  @Column("jsonb", { nullable: true })
  after!: Json | null;

  @Column("text", { nullable: true })
  reason!: string | null;
}
