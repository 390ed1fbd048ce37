import type { Amount } from "../../core/amount";
import type { Money } from "../../core/currency";
import type { Instant, Period } from "../../core/time";
import type { Rollover, Scope } from "../../wallet/model/types";

/**
 * The values that plans are decided on. They are plain, immutable and complete: a subscription value holds the plan versions that it is
 * on and goes over to, and nothing in this folder reads anything else.
 */

/** Credits of one type that a plan gives for each interval. */
export interface Allotment {
  readonly creditTypeId: number;
  /** For one whole interval; above 0. */
  readonly amount: Amount;
  /** How often, in whole days, weeks, months or years (see `isInterval`); it need not be the billing interval. */
  readonly interval: Period;
  /** How long each interval's credits live, counted from its beginning: see `lifeEnd`. Null: until it ends. */
  readonly life: Period | null;
  /** What is kept of what is left at the interval's end; null: nothing. Not together with a life. */
  readonly rollover: Rollover | null;
  readonly priority: number;
  readonly scope: Scope;
  readonly repaysDebt: boolean;
}

/** "Pay as you go past the allotment, up to `limit`." */
export interface OverdraftLimit {
  readonly creditTypeId: number;
  /** Above 0. */
  readonly limit: Amount;
}

/** What a plan promises, as published: never changed. Other terms are another version. */
export interface PlanVersion {
  readonly id: string;
  /** The plan's name. */
  readonly plan: string;
  readonly version: number;
  /** For one billing interval; null: free. */
  readonly price: Money | null;
  readonly billing: Period;
  /** Null: there is none. */
  readonly trial: Period | null;
  readonly allotments: readonly Allotment[];
  /** At most one for a credit type. */
  readonly overdrafts: readonly OverdraftLimit[];
  /** The packs that it may buy. */
  readonly packs: readonly string[];
}

/**
 * A stretch of a subscription on one plan version, with one anchor that its periods are counted from. The anchor may lie before the
 * course: then the course begins inside a period, or carries on with the days of the month of the one before.
 */
export interface Course {
  /** Numbered 0.. within the subscription. */
  readonly number: number;
  /**
   * The number of the course that its present billing began with: resumed and prorated courses go on with the billing of the one before.
   * What was spent too much of in a line is taken off what is given next in it.
   */
  readonly line: number;
  readonly version: PlanVersion;
  readonly anchor: Instant;
  readonly from: Instant;
  /** A trial's end, at which the paid course begins; null: it is none. */
  readonly trialUntil: Instant | null;
}

export const SUBSCRIPTION_STATUSES = ["TRIALING", "ACTIVE", "PAUSED", "UNPAID", "ENDED"] as const;
export type SubscriptionStatus = (typeof SUBSCRIPTION_STATUSES)[number];

/** Names a grant that a subscription makes: the idempotency key of the act that makes it, for the wallet numbers it later. */
export type GrantKey = string;

/** An allotment of one period, as it was granted. */
export interface PlanGrant {
  readonly key: GrantKey;
  readonly creditTypeId: number;
  readonly course: number;
  /** The allotment's position in the course's plan version. */
  readonly allotment: number;
  /** The period's index, counted from the course's anchor. */
  readonly period: number;
  readonly amount: Amount;
  readonly effectiveAt: Instant;
  /** When its period is over, or the trial is: its time, for which it is shared and followed by the next. */
  readonly end: Instant;
  /** When what is left of it expires: before its end or after it, if the allotment has a life of its own. */
  readonly expiresAt: Instant;
}

/** What happens to the subscription at the end of its period. */
export type Ahead =
  | { readonly what: "CANCEL"; readonly at: Instant }
  | { readonly what: "CHANGE"; readonly at: Instant; readonly to: PlanVersion };

/** An account on a plan. */
export interface Subscription {
  /** UUIDv7 of the account, with dashes, lower case. */
  readonly accountId: string;
  /** Numbered 1.. within the account. */
  readonly number: number;
  /** Raised by one with each change. */
  readonly revision: number;
  /** How many commands it has carried out, ticks apart: tells an allotment that is granted again from the one that was taken back. */
  readonly commands: number;
  readonly status: SubscriptionStatus;
  /** IANA name: the account's time zone when it started, for good. */
  readonly timeZone: string;
  readonly startedAt: Instant;
  /** The latest instant that it has acted at. Never decreases. */
  readonly clockAt: Instant;
  readonly endedAt: Instant | null;
  /** The present course; the last one, once it has ended. */
  readonly course: Course;
  readonly ahead: Ahead | null;
  /** The allotments that were granted and not taken back, and whose periods were not over when it last acted. */
  readonly grants: readonly PlanGrant[];
  /** The overdrafts that it has set. */
  readonly overdrafts: readonly OverdraftLimit[];
}
