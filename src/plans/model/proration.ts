import type { Amount } from "../../core/amount";
import type { Instant } from "../../core/time";

/**
 * The part of an amount that belongs to the time from `start` to `at`, of a whole that lasts from `start` to `end`; rounded down to a
 * micro-credit. Never negative, never more than the amount, and never less for a later `at`.
 */
export function elapsedShare(amount: Amount, start: Instant, end: Instant, at: Instant): Amount {
  if (at <= start) return 0n;
  if (at >= end) return amount;
  return (amount * (at - start)) / (end - start);
}

/**
 * What belongs to the time from `at` to `end`: all that `elapsedShare` leaves. So the two are the whole, to the micro-credit, and what
 * is rounded falls to the time to come: of any amount, something is left until the very end.
 */
export function remainingShare(amount: Amount, start: Instant, end: Instant, at: Instant): Amount {
  return amount - elapsedShare(amount, start, end, at);
}
