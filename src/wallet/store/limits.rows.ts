import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from "typeorm";
import { CALENDAR_UNITS, type CalendarUnit, type Instant } from "../../core/time";
import { BIGINT } from "../../platform/columns";
import type { Limit } from "../model/types";
import { WalletRow } from "./wallet.rows";

/** What members may take of a wallet: the shape on disk. */
@Entity("spending_limits")
@ForeignKey(() => WalletRow, ["accountId", "creditTypeId"], ["accountId", "creditTypeId"], {
  name: "spending_limits_credit_type_id_fkey",
})
@ForeignKey("members", ["accountId", "member"], ["accountId", "number"], { name: "spending_limits_member_fkey" })
@Index("spending_limits_of_member", ["accountId", "member", "creditTypeId", "number"])
@Check("spending_limits_natural", "amount >= 0 AND used >= 0")
@Check("spending_limits_window_whole", "window_from < window_until")
export class SpendingLimitRow implements Pick<Limit, "number" | "operations" | "amount" | "used"> {
  @PrimaryColumn("uuid", { name: "account_id", primaryKeyConstraintName: "spending_limits_pkey" })
  accountId!: string;

  @PrimaryColumn("integer", { name: "credit_type_id", primaryKeyConstraintName: "spending_limits_pkey" })
  creditTypeId!: number;

  @PrimaryColumn("integer", { primaryKeyConstraintName: "spending_limits_pkey" })
  number!: number;

  @Column("integer")
  member!: number;

  @Column("text", { array: true })
  operations!: string[];

  @Column("enum", { enum: [...CALENDAR_UNITS], enumName: "calendar_unit" })
  every!: CalendarUnit;

  @Column("bigint", { transformer: BIGINT })
  amount!: bigint;

  @Column("bigint", { transformer: BIGINT })
  used!: bigint;

  @Column("timestamptz", { name: "window_from" })
  windowFrom!: Instant;

  @Column("timestamptz", { name: "window_until" })
  windowUntil!: Instant;
}
