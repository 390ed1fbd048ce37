import { Check, Column, Entity, ForeignKey, PrimaryGeneratedColumn, Unique } from "typeorm";
import type { Amount } from "../core/amount";
import type { Instant, Period } from "../core/time";
import { BIGINT } from "../platform/columns";

/** Packs with their versions: the shape on disk. A test holds these classes against the migrations, which say why. */

@Entity("packs")
@Unique("packs_name_unique", ["name"])
@Check("packs_retired_whole", "(retired_at IS NULL) = (retired_by IS NULL)")
@ForeignKey("credit_types", ["creditTypeId"], ["id"], { name: "packs_credit_type_id_fkey" })
export class PackRow {
  @PrimaryGeneratedColumn("identity", {
    type: "integer",
    generatedIdentity: "ALWAYS",
    primaryKeyConstraintName: "packs_pkey",
  })
  id!: number;

  @Column("text")
  name!: string;

  @Column("integer", { name: "credit_type_id" })
  creditTypeId!: number;

  @Column("timestamptz", { name: "retired_at", nullable: true })
  retiredAt!: Instant | null;

  @Column("text", { name: "retired_by", nullable: true })
  retiredBy!: string | null;
}

@Entity("pack_versions")
@Unique("pack_versions_number_unique", ["packId", "number"])
@Check("pack_versions_positive", "amount > 0 AND price_amount > 0")
@Check("pack_versions_priority_range", "priority BETWEEN 0 AND 255")
@ForeignKey(() => PackRow, ["packId"], ["id"], { name: "pack_versions_pack_id_fkey" })
export class PackVersionRow {
  @PrimaryGeneratedColumn("identity", {
    type: "integer",
    generatedIdentity: "ALWAYS",
    primaryKeyConstraintName: "pack_versions_pkey",
  })
  id!: number;

  @Column("integer", { name: "pack_id" })
  packId!: number;

  @Column("integer")
  number!: number;

  @Column("text")
  title!: string;

  @Column("bigint", { transformer: BIGINT })
  amount!: Amount;

  @Column("numeric", { name: "price_amount" })
  priceAmount!: string;

  @Column("text", { name: "price_currency" })
  priceCurrency!: string;

  @Column("text", { nullable: true })
  life!: Period | null;

  @Column("smallint")
  priority!: number;

  @Column("boolean", { name: "for_everyone" })
  forEveryone!: boolean;

  @Column("text", { nullable: true })
  reason!: string | null;

  @Column("timestamptz", { name: "published_at" })
  publishedAt!: Instant;

  @Column("text", { name: "published_by" })
  publishedBy!: string;
}
