import type { Amount } from "../../core/amount";
import type { NotPriced, Priced, UseToPrice } from "../../core/priced";
import type { Refused } from "../../core/refusal";
import type { Instant, Period } from "../../core/time";
import type { Alert, Context, CostBasis, GrantTerms, Hold, Limit, Transaction, Wallet, WalletKey } from "./types";

/** What every command that moves credits carries. */
interface Keyed extends Context {
  readonly idempotencyKey: string;
  /** A SERVICE key bound to an app may only touch that app's spends and holds; null: not bound. */
  readonly boundTo: string | null;
}

/** That a use has a price, instead of an amount that the caller named. */
export interface Pricing {
  /** What is priced, whatever it is that the credits are used for in the end. */
  readonly question: { readonly operation: string; readonly app: string | null };
  readonly use: UseToPrice;
  /** What came of asking; null: nobody has been asked yet. `refusal`: why there is no price, for this sort of use. */
  readonly told: Pick<Priced, "by" | "terms" | "refusal"> | null;
}

/** What a spend and a hold have in common: how much, and for what. */
interface Use extends Keyed {
  /** What the caller named, or what was told as the price. */
  readonly amount: Amount;
  /** Null: the caller named the amount. */
  readonly pricing: Pricing | null;
  readonly operation: string | null;
  readonly quantity: string | null;
  readonly app: string | null;
  /** The member of the team that it is for, by number within the account; null: the team itself, which no member's limits bind. */
  readonly member: number | null;
  readonly occurredAt: Instant | null;
  readonly allowPartial: boolean;
}

export interface GrantCommand extends Keyed {
  readonly type: "grant";
  /** `effectiveAt` null: now. Past instants are taken as now. */
  readonly terms: Omit<GrantTerms, "effectiveAt"> & { readonly effectiveAt: Instant | null };
  /** The credit type's default life, counted from `effectiveAt`, for a grant whose terms name no expiry; null: it never expires. */
  readonly defaultLife: Period | null;
}
export interface SpendCommand extends Use {
  readonly type: "spend";
}
/** When a hold ends by itself: at an instant, or a period after now. */
export type HoldExpiry = { readonly at: Instant } | { readonly in: Period };

export interface HoldCommand extends Use {
  readonly type: "hold";
  readonly expires: HoldExpiry;
}
export interface CaptureCommand extends Keyed {
  readonly type: "capture";
  readonly hold: number;
  /** null: all that is still held. */
  readonly amount: Amount | null;
  /** Null: the caller named the amount, or none. */
  readonly pricing: Pricing | null;
  readonly quantity: string | null;
  readonly allowExcess: boolean;
  /** true: what is not captured is released. */
  readonly final: boolean;
}
export interface ExtendCommand extends Keyed {
  readonly type: "extend";
  readonly hold: number;
  readonly expires: HoldExpiry;
}
export interface ReleaseCommand extends Keyed {
  readonly type: "release";
  readonly hold: number;
}
export interface RefundCommand extends Keyed {
  readonly type: "refund";
  /** The sequence of the SPEND or CAPTURE. */
  readonly spend: number;
  /** null: all that has not been refunded. */
  readonly amount: Amount | null;
}
export interface VoidCommand extends Keyed {
  readonly type: "void";
  readonly grant: number;
}
export interface WithdrawCommand extends Keyed {
  readonly type: "withdraw";
  readonly grant: number;
  /** At most so much of what is pending or available; more than 0. */
  readonly amount: Amount;
}
export interface AdjustCommand extends Keyed {
  readonly type: "adjust";
  /** Never zero; negative takes away by the waterfall. */
  readonly amount: Amount;
}
export interface OverdraftCommand extends Keyed {
  readonly type: "overdraft";
  readonly limit: Amount;
  readonly costBasis: CostBasis | null;
}
export interface TransferCommand extends Keyed {
  readonly type: "transfer";
  readonly to: WalletKey;
  readonly amount: Amount;
}

/** The commands that act on one wallet and make one transaction. */
export type WalletCommand =
  | GrantCommand
  | SpendCommand
  | HoldCommand
  | CaptureCommand
  | ExtendCommand
  | ReleaseCommand
  | RefundCommand
  | VoidCommand
  | WithdrawCommand
  | AdjustCommand
  | OverdraftCommand;
/** Every command; a transfer acts on two wallets. */
export type Command = WalletCommand | TransferCommand;

/** The closed list of what the rules of a wallet forbid. */
export type WalletRefusal =
  | {
      readonly code: "INSUFFICIENT_CREDITS";
      /** What this use could have had: see "spendable" in the glossary. */
      readonly spendable: Amount;
      readonly available: Amount;
      /** Of what is available, what is for other operations or apps. */
      readonly outOfScope: Amount;
      readonly required: Amount;
      readonly shortfall: Amount;
    }
  /**
   * `limit`, as it is now, leaves the member the least room of those that count the use. `roomFrom`: when all of them have room for it, if
   * nothing else is taken until then; null: never, as it is more than one of them ever allows.
   */
  | {
      readonly code: "BUDGET_EXCEEDED";
      readonly member: number;
      readonly limit: Limit;
      readonly required: Amount;
      readonly roomFrom: Instant | null;
    }
  | { readonly code: "HOLD_ENDED"; readonly hold: Hold }
  | { readonly code: "CAPTURE_EXCEEDS_HOLD"; readonly hold: Hold; readonly held: Amount; readonly requested: Amount }
  | { readonly code: "HOLD_EXPIRY_NOT_LATER"; readonly hold: Hold }
  | { readonly code: "GRANT_NOT_ELIGIBLE"; readonly grant: number; readonly reason: "EXPIRED" | "VOIDED" | "NOTHING_LEFT" }
  | { readonly code: "REFUND_EXCEEDS_SPEND"; readonly refundable: Amount; readonly requested: Amount }
  | { readonly code: "NOT_REFUNDABLE"; readonly sequence: number }
  | { readonly code: "TRANSFER_NOT_POSSIBLE"; readonly reason: "SAME_WALLET" | "OTHER_CREDIT_TYPE" | "OTHER_CLOCK" }
  | { readonly code: "OCCURRED_IN_FUTURE"; readonly now: Instant }
  | { readonly code: "EXPIRES_IN_PAST"; readonly now: Instant }
  | { readonly code: "BALANCE_OUT_OF_RANGE" }
  | ({ readonly code: "NOT_PRICED" } & NotPriced)
  /** The hold, grant or spend is not in this wallet, or belongs to another app than the caller's; the member was removed. */
  | { readonly code: "NOT_FOUND"; readonly what: "hold" | "grant" | "transaction" | "member" };

/** What came of a command, with what the catch-up before it did. Everything in it is new, or a whole new value of something loaded. */
export interface Decided {
  readonly refused?: never;
  /** The wallet after everything. */
  readonly wallet: Wallet;
  /** All transactions in order; the command's own is the last. */
  readonly transactions: readonly Transaction[];
  readonly alerts: readonly Alert[];
  /** The command's own. */
  readonly transaction: Transaction;
}
/** A refusal writes nothing of the command; what the catch-up did before it stands. */
export interface NotDecided extends Refused<WalletRefusal> {
  readonly wallet: Wallet;
  readonly transactions: readonly Transaction[];
  readonly alerts: readonly Alert[];
}
export type Outcome = Decided | NotDecided;
