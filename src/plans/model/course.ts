import type { Instant } from "../../core/time";
import { type Calendar, isStart, type Span, spanAt } from "./calendar";
import type { Course, PlanVersion, Subscription, SubscriptionStatus } from "./types";

/** In these a subscription gives allotments. */
export const GOING: readonly SubscriptionStatus[] = ["TRIALING", "ACTIVE"];

export function isGoing({ status }: Subscription): boolean {
  return GOING.includes(status);
}

/** What a subscription is called while it goes. */
export function goingStatus({ trialUntil }: Course): SubscriptionStatus {
  return trialUntil === null ? "ACTIVE" : "TRIALING";
}

/** The instant at which the present course stops by itself: for another one, or for good. Null: it goes on. */
export function turnOf({ status, ahead, course }: Subscription): Instant | null {
  if (status === "ENDED") return null;
  return ahead?.at ?? course.trialUntil;
}

/** The course that begins where the present one stops; null: there is none, for it goes on or is the last. */
export function followingOf(subscription: Subscription): Course | null {
  const { course, ahead, timeZone } = subscription;
  const from = turnOf(subscription);
  if (from === null || ahead?.what === "CANCEL") return null;
  const version = ahead?.to ?? course.version;
  const number = course.number + 1;
  return { number, line: number, version, anchor: anchorOf(course, version, from, timeZone), from, trialUntil: null };
}

/**
 * Whoever began on the 31st stays on the 31st: the anchor is kept where all the new version's periods, counted from it, begin one at
 * that instant. Where they do not (a year that is to begin in the middle of one), they are counted from that instant.
 */
function anchorOf({ anchor }: Course, { billing, allotments }: PlanVersion, from: Instant, timeZone: string): Instant {
  const intervals = [billing, ...allotments.map(({ interval }) => interval)];
  return intervals.every((interval) => isStart({ anchor, interval, timeZone }, from)) ? anchor : from;
}

/** What the subscription is billed for at an instant, which is not before its course: a trial, or one billing interval. */
export function billingSpan({ course, timeZone }: Pick<Subscription, "course" | "timeZone">, at: Instant): Span {
  const { anchor, trialUntil, version } = course;
  if (trialUntil !== null) return { index: 0, start: anchor, end: trialUntil };
  return spanAt({ anchor, interval: version.billing, timeZone }, at);
}

export function calendarOf({ anchor, version }: Course, allotment: number, timeZone: string): Calendar {
  const { interval } = version.allotments[allotment] as PlanVersion["allotments"][number];
  return { anchor, interval, timeZone };
}

/**
 * The next instant at which time alone changes something: a course stops, or a period begins, for then the one after it is to be in
 * the wallet. Null: nothing does. Known without the calendar, so that a subscription that is not due costs nothing.
 */
export function nextDueAt(subscription: Subscription): Instant | null {
  const { grants, course, clockAt } = subscription;
  let next = turnOf(subscription);
  if (!isGoing(subscription)) return next;
  for (const { course: number, effectiveAt } of grants)
    if (number === course.number && effectiveAt > clockAt && (next === null || effectiveAt < next)) next = effectiveAt;
  return next;
}
