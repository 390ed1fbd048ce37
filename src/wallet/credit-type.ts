import type { Instant, Period } from "../core/time";
import type { WaterfallKey } from "./model/types";

/** A unit of value. All but its policy is given once and never changes. */
export interface CreditType {
  readonly id: number;
  readonly name: string;
  /** The version of the order in which its grants pay, for wallets without one of their own. */
  readonly policy: number;
  /** How long a REFUND grant lives when the grant that paid has ended. */
  readonly refundGrace: Period;
  /** How long before its expiry a grant is announced as expiring soon. */
  readonly expiryNotice: Period;
  /** How long a grant lives that names no expiry; null: for ever. */
  readonly defaultExpiry: Period | null;
  readonly createdAt: Instant;
}

export interface NewCreditType {
  readonly name: string;
  /** An order of all five keys; null: the default one. */
  readonly policy: readonly WaterfallKey[] | null;
  readonly refundGrace: Period;
  readonly expiryNotice: Period;
  readonly defaultExpiry: Period | null;
}
