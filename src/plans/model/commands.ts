import type { Amount } from "../../core/amount";
import type { Refused } from "../../core/refusal";
import type { GrantTerms } from "../../wallet/model/types";
import type { Early } from "./owing";
import type { Ahead, GrantKey, PlanVersion, Subscription, SubscriptionStatus } from "./types";

/** What a subscription starts with. */
export interface Start {
  readonly accountId: string;
  readonly number: number;
  readonly version: PlanVersion;
  readonly timeZone: string;
  /** False: without the trial that the plan version offers, if it offers one. */
  readonly trial: boolean;
}

/**
 * What becomes of the allotments that are alive when their course stops in the middle of their periods.
 * KEEP: they last until they expire. PRORATE: they keep the share of the time that has passed. VOID: what is left of them is withdrawn.
 */
export const SETTLEMENTS = ["KEEP", "PRORATE", "VOID"] as const;
export type Settlement = (typeof SETTLEMENTS)[number];

export const CHANGE_TIMES = ["AT_PERIOD_END", "NOW_PRORATED", "NOW_RESET"] as const;
export type ChangeTime = (typeof CHANGE_TIMES)[number];

export type SubscriptionCommand =
  /** Brings it up to now. Every other command does so first. */
  | { readonly type: "tick" }
  | { readonly type: "pause"; readonly alive: Settlement }
  /** A payment failed. */
  | { readonly type: "unpaid"; readonly alive: Settlement }
  /** `reset` false: the periods go on as they were counted, and the present allotments are given for the rest of theirs. */
  | { readonly type: "resume"; readonly reset: boolean }
  | { readonly type: "cancel"; readonly alive: Settlement }
  | { readonly type: "cancelAtPeriodEnd" }
  | { readonly type: "change"; readonly to: PlanVersion; readonly when: ChangeTime }
  /** A change that was ordered for all on some versions of `to`'s plan, by their numbers: only for who is on one of them and is to stay, or is to come to one. */
  | { readonly type: "migrate"; readonly to: PlanVersion; readonly from: readonly number[]; readonly when: ChangeTime }
  /** Takes back what was to happen at the period's end: a cancellation or a change. */
  | { readonly type: "withdraw" };

interface ActOn {
  readonly creditTypeId: number;
  /** The same whenever the same is decided again from the same state: see `Subscription.commands`. */
  readonly idempotencyKey: string;
}

/** What is to be done to the account's wallets, in this order. */
export type Act =
  /** `line`: what is owed in it is taken off; null: it is given whole. */
  | (ActOn & { readonly act: "grant"; readonly terms: GrantTerms; readonly line: number | null })
  /** What is PENDING or AVAILABLE in the grant is withdrawn. */
  | (ActOn & { readonly act: "void"; readonly grant: GrantKey; readonly early: Early | null })
  /** Of what is AVAILABLE, as much as there is of `withdraw` is withdrawn, so that no more than `keep` of the grant was or can be spent. */
  | (ActOn & {
      readonly act: "keep";
      readonly grant: GrantKey;
      readonly keep: Amount;
      readonly withdraw: Amount;
      readonly early: Early | null;
    })
  /** The account's overdraft becomes `limit`; 0: it has none. */
  | (ActOn & { readonly act: "overdraft"; readonly limit: Amount });

/** The closed list of what the rules of a subscription forbid. */
export type SubscriptionRefusal =
  | {
      readonly code: "NOT_IN_THIS_STATUS";
      readonly status: SubscriptionStatus;
      /** The statuses in which it could be done. */
      readonly allowed: readonly SubscriptionStatus[];
    }
  | { readonly code: "ALREADY_ON_THIS_VERSION"; readonly version: PlanVersion }
  | { readonly code: "NOTHING_AHEAD" }
  /** Somebody has left the versions that a migration is about, or will at the period's end, or is not to come to them any more. */
  | { readonly code: "LEAVES_THE_PLAN"; readonly version: PlanVersion; readonly ahead: Ahead | null };

interface Brought {
  /** The very same value when nothing changed. */
  readonly state: Subscription;
  readonly acts: readonly Act[];
}
export interface SubscriptionDecided extends Brought {
  readonly refused?: never;
}
/** A refused command does nothing; what came before it, by time alone, stands. */
export interface SubscriptionNotDecided extends Brought, Refused<SubscriptionRefusal> {}
export type SubscriptionOutcome = SubscriptionDecided | SubscriptionNotDecided;
