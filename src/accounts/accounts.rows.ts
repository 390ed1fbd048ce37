import { Check, Column, Entity, ForeignKey, PrimaryColumn, Unique } from "typeorm";
import type { Json } from "../core/json";
import type { Instant } from "../core/time";
import type { Account } from "./account";
import type { ApiKey, KeyRole } from "./api-keys";

/** Customers, and who may ask: the shape on disk. A test holds these classes against the migrations. */

@Entity("accounts")
@ForeignKey("plans", ["planId"], ["id"], { name: "accounts_plan_id_fkey" })
export class AccountRow implements Account {
  @PrimaryColumn("uuid", { primaryKeyConstraintName: "accounts_pkey" })
  id!: string;

  @Column("text", { name: "external_id" })
  externalId!: string;

  @Column("text", { nullable: true })
  name!: string | null;

  @Column("text", { name: "time_zone" })
  timeZone!: string;

  @Column("jsonb", { nullable: true })
  metadata!: Json | null;

  @Column("timestamptz", { name: "created_at" })
  createdAt!: Instant;

  @Column("timestamptz", { name: "test_clock", nullable: true })
  testClock!: Instant | null;

  /** The plan of its live subscription. */
  @Column("integer", { name: "plan_id", nullable: true })
  planId!: number | null;
}

@Entity("account_external_ids")
@ForeignKey(() => AccountRow, ["accountId"], ["id"], { name: "account_external_ids_account_id_fkey" })
export class AccountExternalIdRow {
  @PrimaryColumn("text", { name: "external_id", primaryKeyConstraintName: "account_external_ids_pkey" })
  externalId!: string;

  @Column("uuid", { name: "account_id" })
  accountId!: string;
}

/** The people of a team; those who were removed as well. */
@Entity("members")
@ForeignKey(() => AccountRow, ["accountId"], ["id"], { name: "members_account_id_fkey" })
@Unique("members_external_id_unique", ["accountId", "externalId"])
export class MemberRow {
  @PrimaryColumn("uuid", { name: "account_id", primaryKeyConstraintName: "members_pkey" })
  accountId!: string;

  @PrimaryColumn("integer", { primaryKeyConstraintName: "members_pkey" })
  number!: number;

  @Column("text", { name: "external_id" })
  externalId!: string;

  @Column("text", { nullable: true })
  name!: string | null;

  @Column("timestamptz", { name: "created_at" })
  createdAt!: Instant;

  @Column("timestamptz", { name: "removed_at", nullable: true })
  removedAt!: Instant | null;
}

@Entity("api_keys")
@Unique("api_keys_id_unique", ["id"])
@Check("api_keys_role_known", "role IN ('ADMIN', 'SERVICE')")
export class ApiKeyRow implements ApiKey {
  @PrimaryColumn("bytea", { primaryKeyConstraintName: "api_keys_pkey" })
  hash!: Uint8Array;

  @Column("uuid")
  id!: string;

  @Column("text")
  prefix!: string;

  @Column("text")
  role!: KeyRole;

  @Column("text", { nullable: true })
  app!: string | null;

  @Column("text")
  name!: string;

  @Column("timestamptz", { name: "created_at" })
  createdAt!: Instant;

  @Column("timestamptz", { name: "expires_at", nullable: true })
  expiresAt!: Instant | null;

  @Column("timestamptz", { name: "revoked_at", nullable: true })
  revokedAt!: Instant | null;
}

@Entity("server_secrets")
export class ServerSecretRow {
  @PrimaryColumn("text", { primaryKeyConstraintName: "server_secrets_pkey" })
  name!: string;

  @Column("bytea")
  value!: Uint8Array;
}
