import type { Amount } from "./amount";
import type { Instant } from "./time";

/** What passes between whoever knows what things cost and whoever moves credits for them. */

/** What is known of a use whose price is asked for. */
export interface UseToPrice {
  /** By dimension, in 10⁻⁶ units; empty: not known, or not yet. */
  readonly quantities: ReadonlyMap<string, bigint>;
  /** Surcharges that are asked for, by operation. */
  readonly surcharges: readonly string[];
  /** By earlier prices: as they were quoted, or when the credits were set aside. Null: by those of now. */
  readonly asOf: AsOf | null;
  /** By those of a binding quote, as it was given out; null: there is none. */
  readonly quote: string | null;
}

/**
 * Which prices applied at an instant, as it was known when the credit type's prices had a revision, to whoever was on a plan: the same for
 * ever. `plan`: whose own list was among them, by its number in the catalogue; null: no plan's was.
 */
export interface AsOf {
  readonly at: Instant;
  readonly revision: number;
  readonly plan: number | null;
}

/** Who wants to know what. */
export interface PriceQuestion extends UseToPrice {
  readonly accountId: string;
  readonly creditTypeId: number;
  readonly app: string | null;
  readonly operation: string;
}

export const NOT_PRICED_REASONS = [
  "OPERATION_UNKNOWN",
  "DIMENSION_UNKNOWN",
  "SURCHARGE_UNKNOWN",
  "QUANTITIES_MISSING",
  "AMOUNT_MISSING",
  "OUT_OF_RANGE",
  "QUOTE_UNKNOWN",
  "QUOTE_EXPIRED",
] as const;

/** Why a use has no price. */
export interface NotPriced {
  readonly reason: (typeof NOT_PRICED_REASONS)[number];
  /** The operation, surcharge or dimension that it is about. */
  readonly name: string;
  /** What could have been named in its place. */
  readonly known: readonly string[];
}

/** What a use costs, or will cost when more is known of it. */
export interface Priced {
  /** Null: it cannot be said, for the reason of the refusal. */
  readonly amount: Amount | null;
  /** The least and the most that it may come to; the same where it is known. `maximum` null: there is no bound, or no price at all. */
  readonly minimum: Amount;
  readonly maximum: Amount | null;
  /** By which version of the price list that the operation stands in, and as of when. Null: there is no price. */
  readonly by: PricedBy | null;
  /** While this is so it costs that, or has no price; null: for ever. */
  readonly terms: PriceTerms | null;
  /** Null: the amount is known. */
  readonly refusal: NotPriced | null;
}

export interface PricedBy extends AsOf {
  readonly version: number;
}

/**
 * The credit type's prices have this revision (null: whatever they have), it is before `until` (null: whenever it is), the account lives
 * by this test clock (null: by none), and it is on this plan (null: on none; ANY: whichever, as no plan has prices of its own).
 */
export interface PriceTerms {
  readonly revision: number | null;
  readonly until: Instant | null;
  readonly clock: Instant | null;
  readonly plan: number | null | "ANY";
}

/** What time it is for whoever pays, and on which plan. */
export interface PayerNow {
  /** It is known to be as late as that. */
  readonly notBefore: Instant;
  /** The test clock that the account lives by; null: by the real clock, or that is not known yet. */
  readonly clock: Instant | null;
  /** The plan that the account is on, by its number in the catalogue; null: on none; none given: it is not known yet. */
  readonly plan?: number | null;
}

/** Tells what uses cost. */
export interface Pricer {
  /**
   * `atLeast`: the revision that the credit type's prices are known to have by now; LATEST: whatever they are at this moment; null: as
   * they are remembered, for whoever compares the terms before relying on them. `now`: not given, the real clock's.
   */
  price(question: PriceQuestion, atLeast: number | "LATEST" | null, now?: PayerNow): Promise<Priced>;
  /** Promises prices until an instant, for this operation, payer and app: answers a quote to ask with. */
  promise(question: PriceQuestion, asOf: AsOf, until: Instant): Promise<string>;
}
