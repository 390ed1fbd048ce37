import { Check, Column, Entity, ForeignKey, PrimaryGeneratedColumn, Unique } from "typeorm";
import type { Json } from "../core/json";
import type { Instant } from "../core/time";

/** Price lists with their versions: the shape on disk. A test holds these classes against the migrations, which say why. */

@Entity("price_lists")
@Unique("price_lists_owner_unique", ["creditTypeId", "owner"])
@Check("price_lists_owner_whole", "owner = coalesce('account:' || account_id, 'app:' || app, 'plan:' || plan_id, 'everybody')")
@ForeignKey("credit_types", ["creditTypeId"], ["id"], { name: "price_lists_credit_type_id_fkey" })
@ForeignKey("accounts", ["accountId"], ["id"], { name: "price_lists_account_id_fkey" })
@ForeignKey("plans", ["planId"], ["id"], { name: "price_lists_plan_id_fkey" })
export class PriceListRow {
  @PrimaryGeneratedColumn("identity", {
    type: "integer",
    generatedIdentity: "ALWAYS",
    primaryKeyConstraintName: "price_lists_pkey",
  })
  id!: number;

  @Column("integer", { name: "credit_type_id" })
  creditTypeId!: number;

  @Column("text")
  owner!: string;

  @Column("uuid", { name: "account_id", nullable: true })
  accountId!: string | null;

  @Column("text", { nullable: true })
  app!: string | null;

  @Column("integer", { name: "plan_id", nullable: true })
  planId!: number | null;
}

@Entity("price_versions")
@Unique("price_versions_number_unique", ["listId", "number"])
@Check("price_versions_unit_whole", "(unit_amount IS NULL) = (unit_currency IS NULL)")
@Check("price_versions_withdrawn_whole", "num_nulls(withdrawn_at, withdrawn_by, withdrawn_revision) IN (0, 3)")
@ForeignKey(() => PriceListRow, ["listId"], ["id"], { name: "price_versions_list_id_fkey" })
export class PriceVersionRow {
  @PrimaryGeneratedColumn("identity", {
    type: "integer",
    generatedIdentity: "ALWAYS",
    primaryKeyConstraintName: "price_versions_pkey",
  })
  id!: number;

  @Column("integer", { name: "list_id" })
  listId!: number;

  @Column("integer")
  number!: number;

  @Column("integer")
  revision!: number;

  @Column("timestamptz", { name: "effective_from" })
  effectiveFrom!: Instant;

  @Column("numeric", { name: "unit_amount", nullable: true })
  unitAmount!: string | null;

  @Column("text", { name: "unit_currency", nullable: true })
  unitCurrency!: string | null;

  @Column("jsonb")
  prices!: Json;

  @Column("text", { nullable: true })
  reason!: string | null;

  @Column("timestamptz", { name: "published_at" })
  publishedAt!: Instant;

  @Column("text", { name: "published_by" })
  publishedBy!: string;

  @Column("timestamptz", { name: "withdrawn_at", nullable: true })
  withdrawnAt!: Instant | null;

  @Column("text", { name: "withdrawn_by", nullable: true })
  withdrawnBy!: string | null;

  @Column("integer", { name: "withdrawn_revision", nullable: true })
  withdrawnRevision!: number | null;
}
