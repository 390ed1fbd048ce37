import { assert } from "../../core/assert";
import { addPeriods, addPeriodsAndMore, type Instant, isPeriod, type Period } from "../../core/time";

/** Periods one after the other: the k-th begins k intervals after the anchor, by the calendar of a time zone. */
export interface Calendar {
  readonly anchor: Instant;
  readonly interval: Period;
  readonly timeZone: string;
}

/** One of a calendar's periods: `start <= now < end`. Never empty. */
export interface Span {
  readonly index: number;
  readonly start: Instant;
  readonly end: Instant;
}

const INTERVAL = /^P([1-9][0-9]{0,4})([DWMY])$/;
const IN_MONTHS = /^P[^T]*[MY]/;
const DAY = 86_400_000_000;
/** In microseconds, on average; 400 years of the calendar are 146,097 days. */
const LENGTHS: Readonly<Record<string, number>> = { D: DAY, W: 7 * DAY, M: (146_097 / 4_800) * DAY, Y: (146_097 / 400) * DAY };

/** True for what credits can be given for again and again: a whole number of days, weeks, months or years ("P1M"), up to a hundred years. */
export function isInterval(text: string): boolean {
  return INTERVAL.test(text) && isPeriod(text);
}

/**
 * The period that an instant lies in; the instant is not before the anchor.
 * Starts never decrease from one period to the next. Two are at one instant where a time zone skipped a whole day (Apia, on 30 December
 * 2011): the period between is empty, no instant lies in it, and it is passed over.
 */
export function spanAt(calendar: Calendar, instant: Instant): Span {
  assert(instant >= calendar.anchor, `${instant} is before the anchor ${calendar.anchor}`);
  let index = estimate(calendar, instant);
  let start = startOf(calendar, index);
  // By its average length a period is told to within one or two: month ends, leap years and a time zone's shifts are what is left.
  while (start > instant) {
    index -= 1;
    start = startOf(calendar, index);
  }
  let end = startOf(calendar, index + 1);
  while (end <= instant) {
    index += 1;
    start = end;
    end = startOf(calendar, index + 1);
  }
  return { index, start, end };
}

/** The period that begins when this one ends: told by the calendar at once, without looking for it. */
export function spanAfter(calendar: Calendar, { index, end: start }: Pick<Span, "index" | "end">): Span {
  let next = index + 1;
  let end = startOf(calendar, next + 1);
  for (; end <= start; end = startOf(calendar, next + 1)) next += 1;
  return { index: next, start, end };
}

/** The end of the period that comes so many after this one, 1 or more; those that are empty count. Told at once, however many there are. */
export function endAfter(calendar: Calendar, { index }: Span, count: number): Instant {
  const before = index + count - 1;
  return spanAfter(calendar, { index: before, end: startOf(calendar, before + 1) }).end;
}

/**
 * When that is over which lives for a length of time from a period's beginning on. It is counted from the anchor, as periods are, so that
 * from the 31st on what lives for a month lives until the next month begins. After days or weeks, which add up to no date of a month,
 * months are counted from the period's beginning. Later than that beginning, whatever day a time zone skips.
 */
export function lifeEnd(calendar: Calendar, span: Span, life: Period): Instant {
  const { anchor, interval, timeZone } = calendar;
  return remembered(`${anchor} ${interval} ${span.index} ${timeZone} ${life}`, () => lifeEndOf(calendar, span, life));
}

function lifeEndOf({ anchor, interval, timeZone }: Calendar, { index, start }: Span, life: Period): Instant {
  if (IN_MONTHS.test(interval) || !IN_MONTHS.test(life)) {
    const end = addPeriodsAndMore(anchor, interval, index, life, timeZone);
    if (end > start) return end;
  }
  return addPeriods(start, life, 1, timeZone);
}

/** True for the instant at which a period begins. */
export function isStart(calendar: Calendar, instant: Instant): boolean {
  return instant >= calendar.anchor && spanAt(calendar, instant).start === instant;
}

function startOf({ anchor, interval, timeZone }: Calendar, index: number): Instant {
  return remembered(`${anchor} ${interval} ${index} ${timeZone}`, () => addPeriods(anchor, interval, index, timeZone));
}

/**
 * All allotments of a plan are counted from one anchor, mostly by one interval, and so ask for the same few instants; each takes the calendar
 * some 50 µs. A plan of fifty would keep the server from everything else for as long as a thousand spends take, whenever a customer previews it.
 */
function remembered(name: string, reckon: () => Instant): Instant {
  const known = KNOWN.get(name);
  if (known !== undefined) return known;
  const instant = reckon();
  if (KNOWN.size === MOST_KNOWN) KNOWN.clear();
  KNOWN.set(name, instant);
  return instant;
}

const KNOWN = new Map<string, Instant>();
const MOST_KNOWN = 20_000;

function estimate({ anchor, interval }: Calendar, instant: Instant): number {
  const [, count, unit] = INTERVAL.exec(interval) ?? [];
  assert(count !== undefined && unit !== undefined, `${interval} is no interval`);
  return Math.floor(Number(instant - anchor) / (Number(count) * (LENGTHS[unit] as number)));
}
