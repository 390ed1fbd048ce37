import { type Amount, minimum } from "../../core/amount";
import { addPeriods, boundsOf, type Instant } from "../../core/time";
import type { GrantTerms, Rollover } from "../../wallet/model/types";
import { endAfter, lifeEnd, type Span, spanAfter, spanAt } from "./calendar";
import { calendarOf } from "./course";
import { elapsedShare, remainingShare } from "./proration";
import type { Allotment, Course, PlanGrant, PlanVersion } from "./types";

/** A plan's own terms: its grants always expire. */
export interface AllotmentTerms extends GrantTerms {
  readonly expiresAt: Instant;
}

/** An allotment of one period, as it is to be granted. */
export interface Portion {
  /** Counted from the course's anchor. */
  readonly period: number;
  /** When the period is over, or the trial that cuts it. */
  readonly end: Instant;
  readonly terms: AllotmentTerms;
}

/**
 * An allotment for one of its periods. Whole when the course is on from the period's start; when it begins inside, what is left of the
 * period gets its share. A trial cuts its last period without taking credits from it, ends their life, and nothing of it rolls over.
 */
export function portionOf(course: Course, allotment: number, span: Span, timeZone: string): Portion {
  const { version, from, trialUntil } = course;
  const { start, end } = span;
  const { amount, life, priority, scope, repaysDebt } = allotmentOf(version, allotment);
  const cut = (instant: Instant) => (trialUntil !== null && trialUntil < instant ? trialUntil : instant);
  const terms: AllotmentTerms = {
    kind: "PLAN",
    amount: remainingShare(amount, start, cut(end), from),
    priority,
    effectiveAt: from > start ? from : start,
    expiresAt: cut(life === null ? end : lifeEnd(calendarOf(course, allotment, timeZone), span, life)),
    scope,
    costBasis: null,
    rollover: trialUntil === null ? rolloverOf(course, allotment, span, timeZone) : null,
    repaysDebt,
    source: sourceOf(version),
    metadata: null,
  };
  return { period: span.index, end: cut(end), terms };
}

/**
 * What is kept until the end of another of the allotment's periods is kept until that ends: by its own calendar, in which a month that
 * follows 28 February may end on 31 March.
 */
function rolloverOf(course: Course, allotment: number, span: Span, timeZone: string): Rollover | null {
  const { rollover, interval } = allotmentOf(course.version, allotment);
  if (rollover === null || rollover.period !== interval) return rollover;
  return { ...rollover, until: endAfter(calendarOf(course, allotment, timeZone), span, rollover.periods) };
}

/**
 * What would be left of an allotment whose time was over before it was granted: its rollover rule's part of all of it, for nobody could
 * spend of it. Null: nothing, or nothing any more.
 */
export function remainsOf(terms: AllotmentTerms, stop: Instant | null, now: Instant, timeZone: string): GrantTerms | null {
  const { rollover, effectiveAt, expiresAt } = terms;
  if (rollover === null) return null;
  const lasts = rollover.until ?? addPeriods(expiresAt, rollover.period, rollover.periods, timeZone);
  const share = stop === null ? terms.amount : elapsedShare(terms.amount, effectiveAt, expiresAt, stop);
  const amount = kept(share, rollover);
  if (amount === 0n || lasts <= now) return null;
  return { ...terms, kind: "ROLLOVER", amount, effectiveAt: expiresAt, expiresAt: lasts, rollover: null, repaysDebt: false };
}

function kept(amount: Amount, { percent, maximum }: NonNullable<Allotment["rollover"]>): Amount {
  const share = (amount * BigInt(percent)) / 100n;
  return maximum === null ? share : minimum(share, maximum);
}

/**
 * The periods of an allotment that are to be granted at an instant: those that passed since the last that was (as far back as something
 * of them can still be alive), the present one, and the next.
 * @param last the last that was granted in this course; null: none
 */
export function spansToGrant(
  course: Course,
  allotment: number,
  last: PlanGrant | null,
  at: Instant,
  timeZone: string,
): readonly Span[] {
  const calendar = calendarOf(course, allotment, timeZone);
  if (last !== null && last.effectiveAt > at) return [];
  if (last !== null && last.end > at) return [spanAfter(calendar, { index: last.period, end: last.end })];
  const present = spanAt(calendar, at);
  const since = latest(course.from, last?.end ?? course.from, matteringSince(course, allotment, present, at));
  const spans: Span[] = [];
  let span = spanAt(calendar, since);
  for (; span.index <= present.index; span = spanAfter(calendar, span)) spans.push(span);
  return [...spans, span];
}

/**
 * Of periods that were over before this instant nothing is left: neither the allotment, which may live on for a life of its own, nor what
 * would have been rolled over.
 */
function matteringSince({ version, trialUntil }: Course, allotment: number, { start }: Span, at: Instant): Instant {
  const { life, rollover } = allotmentOf(version, allotment);
  const kept = trialUntil === null && rollover !== null ? boundsOf(rollover.period).most * BigInt(rollover.periods) : 0n;
  const since = at - (life === null ? kept : boundsOf(life).most);
  return since < start ? since : start;
}

function latest(...instants: readonly Instant[]): Instant {
  return instants.reduce((a, b) => (a > b ? a : b));
}

function allotmentOf({ allotments }: PlanVersion, position: number): Allotment {
  return allotments[position] as Allotment;
}

function sourceOf({ plan, version }: PlanVersion): string {
  return `plan ${plan}, version ${version}`;
}
