import type { Amount } from "../../core/amount";
import type { Json } from "../../core/json";
import type { PricedBy } from "../../core/priced";
import type { CalendarSpan, CalendarUnit, Instant, Period } from "../../core/time";

export type { Json };

/**
 * The values that the pure core works on. They are plain, immutable and complete: a wallet value holds all that a
 * decision needs, and nothing in this folder reads anything else.
 */

/** Names a wallet: an account's holding of one credit type. Everything in a wallet is numbered within it. */
export interface WalletKey {
  /** UUIDv7 of the account, with dashes, lower case. */
  readonly accountId: string;
  readonly creditTypeId: number;
}

export const POTS = ["PENDING", "AVAILABLE", "HELD", "CONSUMED", "EXPIRED", "VOIDED", "MOVED"] as const;
/** Where a grant's credits are at a moment. */
export type Pot = (typeof POTS)[number];
/** `ISSUED` is the outside from which a grant's credits come: it stands only on the `from` side of an entry. */
export type Source = Pot | "ISSUED";
export type Pots = Readonly<Record<Pot, Amount>>;

/** In the order of the waterfall's third key: included before promotional before paid. */
export const GRANT_KINDS = [
  "ROLLOVER",
  "PLAN",
  "REFERRAL",
  "PROMO",
  "GIFT",
  "REFUND",
  "ADJUSTMENT",
  "PURCHASED",
  "OVERDRAFT",
] as const;
export type GrantKind = (typeof GRANT_KINDS)[number];

/** Restricts a grant to some operations and apps; a trailing `*` matches a prefix. Empty means: any. */
export interface Scope {
  readonly operations: readonly string[];
  readonly apps: readonly string[];
}

/** What a grant's credits cost its buyer: an exact decimal string in a currency, for the whole grant. */
export interface CostBasis {
  readonly amount: string;
  readonly currency: string;
}

/** What is kept of a grant when it expires: `percent` of what is left (rounded down), at most `maximum`, for `periods` periods more. */
export interface Rollover {
  readonly percent: number;
  readonly maximum: Amount | null;
  readonly period: Period;
  readonly periods: number;
  /** Until when, where the periods are those of a calendar that somebody else keeps; not named: counted from the grant's end. */
  readonly until?: Instant;
}

/** The terms of a grant: given once, never changed. */
export interface GrantTerms {
  readonly kind: GrantKind;
  readonly amount: Amount;
  /** 0-255, smaller pays first. */
  readonly priority: number;
  readonly effectiveAt: Instant;
  /** The first instant at which the grant is no longer alive; null: never. */
  readonly expiresAt: Instant | null;
  readonly scope: Scope;
  readonly costBasis: CostBasis | null;
  readonly rollover: Rollover | null;
  readonly repaysDebt: boolean;
  /** Where the credits come from, in the operator's words ("signup campaign"). */
  readonly source: string | null;
  readonly metadata: Json | null;
}

export interface Grant extends GrantTerms {
  /** Numbered 1.. within the wallet, in the order of creation: the last, total key of the waterfall. */
  readonly number: number;
  /** The sequence of the transaction that made it. */
  readonly createdBy: number;
  readonly createdAt: Instant;
  /** The grant (of this wallet, or for a gift of the giver's) that its credits were moved from. */
  readonly origin: (WalletKey & { readonly number: number }) | null;
  readonly pots: Pots;
  readonly voidedAt: Instant | null;
  /** Of what is CONSUMED, the part that repaid debt and has not been given back by a refund since. */
  readonly repaid: Amount;
}

export const TRANSACTION_TYPES = [
  "GRANT",
  "ACTIVATE",
  "SPEND",
  "HOLD",
  "CAPTURE",
  "RELEASE",
  "REFUND",
  "EXPIRE",
  "VOID",
  "ADJUST",
  "TRANSFER",
] as const;
export type TransactionType = (typeof TRANSACTION_TYPES)[number];

/** A move of credits of one grant. `before` is the eligible grant that this one was put before by the waterfall, if there was one. */
export interface Entry {
  readonly grant: number;
  readonly from: Source;
  readonly to: Pot;
  readonly amount: Amount;
  readonly before: number | null;
}

/** `available` leaves OVERDRAFT apart; `debt` is CONSUMED of OVERDRAFT; `overdraft` is what is still AVAILABLE of it. */
export interface Balance {
  readonly available: Amount;
  readonly held: Amount;
  readonly pending: Amount;
  readonly debt: Amount;
  readonly overdraft: Amount;
  /** AVAILABLE by kind, in the order of GRANT_KINDS without OVERDRAFT (8 amounts); their sum is `available`. */
  readonly byKind: readonly Amount[];
}

/** What the caller says about a use or a change; kept with the transaction, never judged. */
export interface Context {
  readonly actor: string;
  readonly description: string | null;
  readonly metadata: Json | null;
}

export interface Transaction extends Context {
  readonly sequence: number;
  readonly type: TransactionType;
  /** The total of the transaction's own entries (see `principal`); negative for an ADJUST that takes away. */
  readonly amount: Amount;
  readonly balance: Balance;
  readonly entries: readonly Entry[];
  readonly operation: string | null;
  /** How much of the operation was used, and with which surcharges: "input=1200 output=340 +search.web". */
  readonly quantity: string | null;
  /** By which prices the amount was reckoned; null: it was named. */
  readonly priced: PricedBy | null;
  readonly app: string | null;
  /** The member of the team that used, set aside or got back the credits, by number within the account; null: the team itself. */
  readonly member: number | null;
  readonly idempotencyKey: string | null;
  /** See `fingerprint.ts`. */
  readonly fingerprint: Uint8Array | null;
  /** The sequence, in the same wallet, of the spend refunded, or of the hold captured, released or extended. */
  readonly relatesTo: number | null;
  /** For TRANSFER: the other side. */
  readonly counterpart: (WalletKey & { readonly sequence: number }) | null;
  readonly policy: number;
  readonly effectiveAt: Instant;
  readonly recordedAt: Instant;
  readonly occurredAt: Instant | null;
  readonly previousHash: Uint8Array;
  readonly hash: Uint8Array;
}

export const HOLD_STATUSES = ["OPEN", "CAPTURED", "RELEASED", "EXPIRED"] as const;
export type HoldStatus = (typeof HOLD_STATUSES)[number];

/** Credits set aside. Numbered by the sequence of its HOLD transaction. held = amount - captured - released. */
export interface Hold {
  readonly sequence: number;
  readonly amount: Amount;
  readonly captured: Amount;
  readonly released: Amount;
  readonly expiresAt: Instant;
  readonly status: HoldStatus;
  readonly operation: string | null;
  readonly app: string | null;
  /** The member of the team that it is for; null: the team itself. */
  readonly member: number | null;
  /** When its HOLD transaction counts. */
  readonly heldAt: Instant;
  /** In the order of allocation; captures draw them in this order. */
  readonly draws: readonly { readonly grant: number; readonly amount: Amount }[];
}

/** A SPEND or CAPTURE that is to be refunded: who paid, in the order of drawing, and how much has gone back. */
export interface Spent {
  readonly sequence: number;
  readonly type: TransactionType;
  readonly operation: string | null;
  readonly app: string | null;
  /** The member of the team that it was for; null: the team itself. */
  readonly member: number | null;
  /** `takenAt`: when they were taken from what was available, be it by this transaction or by the hold that it captures. */
  readonly draws: readonly { readonly grant: number; readonly amount: Amount; readonly takenAt: Instant }[];
  readonly refunded: Amount;
}

/** How much a member of a team may take of the wallet in each day, week, month or year of the account's calendar. */
export interface Limit {
  /** 1.. within the wallet. */
  readonly number: number;
  /** Which uses it counts: patterns as in scopes; empty: all, those that name no operation among them. */
  readonly operations: readonly string[];
  readonly interval: CalendarUnit;
  readonly amount: Amount;
  /** What was taken in the window and not given back. */
  readonly used: Amount;
  /** The window that `used` is about. Once it is over, nothing is used of the next one. */
  readonly window: CalendarSpan;
}

/** A person of a team that shares the wallet. */
export interface Member {
  /** Numbered 1.. within the account. */
  readonly number: number;
  /** Who was removed takes nothing any more; what is held still ends as holds do. */
  readonly removed: boolean;
  readonly limits: readonly Limit[];
}

/** IDLE: at or below since it was set (silent); ARMED: above; FIRED: an alert was told. */
export const ALERT_STATES = ["IDLE", "ARMED", "FIRED"] as const;
export type AlertState = (typeof ALERT_STATES)[number];

export interface Threshold {
  readonly number: number;
  readonly amount: Amount;
  readonly state: AlertState;
}

export const ALERT_TYPES = ["LOW", "DEPLETED", "RECOVERED", "EXPIRING_SOON"] as const;
export type AlertType = (typeof ALERT_TYPES)[number];

export interface Alert {
  /** Numbered 1.. within the wallet. */
  readonly number: number;
  readonly type: AlertType;
  /** The wallet's sequence when it was written: for a crossing, the transaction that caused it. */
  readonly sequence: number;
  readonly effectiveAt: Instant;
  /** What the spendable balance was. */
  readonly spendable: Amount;
  /** LOW and RECOVERED: the threshold crossed; null is the built-in one at zero. */
  readonly threshold: { readonly number: number; readonly amount: Amount } | null;
  /** EXPIRING_SOON: the grant, and what is left in it. */
  readonly grant: number | null;
  readonly expiring: Amount | null;
}

export const WATERFALL_KEYS = ["PRIORITY", "EXPIRY", "KIND", "SCOPE", "EFFECTIVE"] as const;
export type WaterfallKey = (typeof WATERFALL_KEYS)[number];

/** An order of the five keys; `createdAt` and then `number` always follow, and OVERDRAFT is always last. */
export interface Policy {
  readonly version: number;
  readonly keys: readonly WaterfallKey[];
}

export interface Wallet {
  readonly key: WalletKey;
  readonly sequence: number;
  /** The latest instant that the wallet has acted at or caught up to. Never decreases. */
  readonly clockAt: Instant;
  readonly hash: Uint8Array;
  readonly grantCount: number;
  readonly alertCount: number;
  readonly policy: Policy;
  /** IANA name of the account's time zone: periods are counted in it. */
  readonly timeZone: string;
  /** What time it is for the account, where that is simulated; null: it lives by the real clock. See `timeOf`. */
  readonly testClock: Instant | null;
  /** How long a REFUND grant lives when the grant that paid has ended (the credit type's). */
  readonly refundGrace: Period;
  /** How long before its expiry a grant is announced as expiring soon (the credit type's). */
  readonly expiryNotice: Period;
  readonly balance: Balance;
  /** The state of the built-in threshold at zero. */
  readonly depletion: AlertState;
  readonly thresholds: readonly Threshold[];
  /** All open grants (something PENDING, AVAILABLE or HELD, or debt), and those that the commands at hand name; by number. */
  readonly grants: readonly Grant[];
  /** The open holds that are due, and those that the commands at hand name; by sequence. */
  readonly holds: readonly Hold[];
  /** The spends that the commands at hand want to refund. */
  readonly spents: readonly Spent[];
  /** The members of the team that the commands at hand, and the holds and spends that are loaded, are of. */
  readonly members: readonly Member[];
  /** No hold that is not loaded falls due before this instant; null: there is none. */
  readonly unloadedDueAt: Instant | null;
}
