import { Check, Column, Entity, ForeignKey, PrimaryColumn } from "typeorm";
import type { Instant } from "../../core/time";
import { CreditTypeRow } from "./wallet.rows";

/** Changes of the unit that a credit type is told in: the shape on disk. A test holds this class against the migration, which says why. */
@Entity("redenominations")
@ForeignKey(() => CreditTypeRow, ["creditTypeId"], ["id"], { name: "redenominations_credit_type_id_fkey" })
@Check("redenominations_factor_positive", "factor > 0")
@Check("redenominations_withdrawn_whole", "(withdrawn_at IS NULL) = (withdrawn_by IS NULL)")
export class RedenominationRow {
  @PrimaryColumn("integer", { name: "credit_type_id", primaryKeyConstraintName: "redenominations_pkey" })
  creditTypeId!: number;

  @PrimaryColumn("integer", { primaryKeyConstraintName: "redenominations_pkey" })
  number!: number;

  @Column("numeric")
  factor!: string;

  @Column("timestamptz", { name: "effective_from" })
  effectiveFrom!: Instant;

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
}
