import { DateTime, Duration, IANAZone } from "luxon";

/** A moment: microseconds since 1970-01-01T00:00:00Z. */
export type Instant = bigint;
/** A length of calendar time in ISO 8601, such as "P1M" or "PT15M"; never negative. */
export type Period = string;

const MICROS_PER_MILLI = 1000n;
/** In minutes, as offsets are: no clock change is as long. */
const HALF_A_DAY = 720;
const MILLIS_PER_DAY = 86_400_000;
/** 9999-12-31T23:59:59.999999Z: the last instant that ISO 8601 writes with four digits of year. */
export const LAST_INSTANT: Instant = 253_402_300_799_999_999n;

const ISO = /^(\d{4}-\d{2}-\d{2})[Tt ](\d{2}:\d{2}(?::\d{2})?)(?:\.(\d{1,6})\d*)?([Zz]|[+-](?:[01]\d|2[0-3])(?::?[0-5]\d)?)$/;

/** Reads an ISO 8601 date and time with an offset ("2026-11-21T10:00:00.000001Z"); null when it is none. Digits past microseconds are cut off. */
export function parseInstant(text: string): Instant | null {
  const match = text.length <= 40 ? ISO.exec(text) : null;
  if (!match) return null;
  const [, date, clock, fraction = "", offset] = match;
  const parsed = DateTime.fromISO(`${date}T${clock}${offset?.toUpperCase()}`, { zone: "utc" });
  if (!parsed.isValid) return null;
  const instant = BigInt(parsed.toMillis()) * MICROS_PER_MILLI + BigInt(fraction.padEnd(6, "0"));
  return instant >= 0n && instant <= LAST_INSTANT ? instant : null;
}

/** Writes an instant as ISO 8601 in UTC: milliseconds always, microseconds when there are any. */
export function formatInstant(instant: Instant): string {
  const text = toDate(instant).toISOString();
  const micros = instant % MICROS_PER_MILLI;
  return micros === 0n ? text : `${text.slice(0, -1)}${micros.toString().padStart(3, "0")}Z`;
}

/** An instant as libraries want it; what is finer than a millisecond is cut off. */
export function toDate(instant: Instant): Date {
  return new Date(Number(instant / MICROS_PER_MILLI));
}

/** True for an ISO 8601 duration that moves forward ("P7D", "PT15M") by no more than a hundred years. */
export function isPeriod(text: string): boolean {
  if (text.length > 40 || !/^P[0-9.YMWDTHS]*[YMWDHS]$/.test(text)) return false;
  const duration = Duration.fromISO(text);
  const years = duration.isValid ? duration.as("years") : 0;
  return years > 0 && years <= 100;
}

/** The instant `times` periods after `anchor`, by the calendar of `timeZone`; counted from the anchor, so that month ends do not drift. */
export function addPeriods(anchor: Instant, period: Period, times: number, timeZone: string): Instant {
  return addLength(anchor, lengthOf(period, times), timeZone);
}

/**
 * As `addPeriods`, and one `more` period: counted from the anchor as one length, so that a month more than the first from 31 January on is
 * over on 31 March, and not on the 28th, for the first was over on 28 February.
 */
export function addPeriodsAndMore(anchor: Instant, period: Period, times: number, more: Period, timeZone: string): Instant {
  return addLength(anchor, lengthOf(period, times).plus(lengthOf(more, 1)), timeZone);
}

function lengthOf(period: Period, times: number): Duration {
  return Duration.fromISO(period).mapUnits((value) => value * times);
}

function addLength(anchor: Instant, length: Duration, timeZone: string): Instant {
  const start = DateTime.fromMillis(Number(anchor / MICROS_PER_MILLI), { zone: timeZone });
  // Parts of a year or month ("P1.1Y") may leave a trace of a millisecond behind, which is no whole number.
  return BigInt(Math.round(plus(start, length).toMillis())) * MICROS_PER_MILLI + (anchor % MICROS_PER_MILLI);
}

/**
 * Luxon looks for the new local time near the offset of the old one. Where a zone has gone over the date line in between (Apia in 2011, by
 * 24 hours) that is too far away, and in the hours before clocks change it misses by an hour: then it is to look near the time itself.
 */
function plus(start: DateTime, length: Duration): DateTime {
  const end = start.plus(length);
  if (Math.abs(end.offset - start.offset) < HALF_A_DAY || length.shiftTo("days", "milliseconds").milliseconds !== 0) return end;
  const meant = start.setZone("utc", { keepLocalTime: true }).plus(length);
  const isMeant = end.toMillis() + end.offset * 60_000 === meant.toMillis();
  return isMeant ? end : meant.setZone(start.zone, { keepLocalTime: true });
}

/** As `addPeriods`, backwards: the instant one period before. */
export function subtractPeriod(anchor: Instant, period: Period, timeZone: string): Instant {
  const name = `${anchor} ${period} ${timeZone}`;
  const known = EARLIER.get(name);
  if (known !== undefined) return known;
  const earlier = addPeriods(anchor, period, -1, timeZone);
  if (EARLIER.size === MOST_KNOWN) EARLIER.clear();
  EARLIER.set(name, earlier);
  return earlier;
}

/** Every spend asks when its wallet's grants are to be announced as expiring: the same few each time, and the calendar takes 5 µs. */
const EARLIER = new Map<string, Instant>();
const MOST_KNOWN = 20_000;

/**
 * How short and how long a period can be, whatever the calendar and the clocks of a time zone do: so that what cannot matter is left
 * out before the calendar is asked, which takes its time.
 */
export function boundsOf(period: Period): Bounds {
  const known = BOUNDS.get(period) ?? reckonBounds(period);
  BOUNDS.set(period, known);
  return known;
}

interface Bounds {
  readonly least: Instant;
  readonly most: Instant;
}

/**
 * A time zone may go over the date line, which skips a day or repeats one, and be in summer time only before or only
 * after that, which changes its clocks by two hours at most.
 */
const MOST_SHIFT_DAYS = 26 / 24;

/** There are as many as periods that an operator has chosen. */
const BOUNDS = new Map<Period, Bounds>();

function reckonBounds(period: Period): Bounds {
  const { years, quarters, months, weeks, days, hours, minutes, seconds, milliseconds } = Duration.fromISO(period);
  const clock = ((hours * 60 + minutes) * 60 + seconds) * 1_000 + milliseconds;
  const dated = years + quarters + months + weeks + days > 0;
  const length = (year: number, month: number, shift: number) => {
    const inDays = years * year + (quarters * 3 + months) * month + weeks * 7 + days + (dated ? shift : 0);
    return BigInt(Math.round(inDays * MILLIS_PER_DAY + clock)) * MICROS_PER_MILLI;
  };
  // Parts of months and years are taken as days, to the next whole one.
  const shift = MOST_SHIFT_DAYS + (years % 1 === 0 && months % 1 === 0 ? 0 : 2);
  return { least: length(365, 28, -shift), most: length(366, 31, shift) };
}

/** The spans that a calendar is divided into, each without gap and overlap. */
export const CALENDAR_UNITS = ["DAY", "WEEK", "MONTH", "YEAR"] as const;
export type CalendarUnit = (typeof CALENDAR_UNITS)[number];
const LUXON_UNITS = { DAY: "day", WEEK: "week", MONTH: "month", YEAR: "year" } as const;

/** From its first instant until before the next one's. */
export interface CalendarSpan {
  readonly from: Instant;
  readonly until: Instant;
}

/** The day, week (from Monday), month or year that an instant lies in, by the calendar of `timeZone`. */
export function calendarSpan(unit: CalendarUnit, instant: Instant, timeZone: string): CalendarSpan {
  const name = LUXON_UNITS[unit];
  const start = DateTime.fromMillis(Number(instant / MICROS_PER_MILLI), { zone: timeZone }).startOf(name);
  // Where the clocks skip midnight, the next span begins when they have.
  const end = start.plus({ [name]: 1 }).startOf(name);
  return { from: BigInt(start.toMillis()) * MICROS_PER_MILLI, until: BigInt(end.toMillis()) * MICROS_PER_MILLI };
}

/** "31 March 2027", and with the time where it is not midnight: "31 March 2027, 09:00". As people read it in a time zone. */
export function dateWords(instant: Instant, timeZone: string): string {
  const date = DateTime.fromMillis(Number(instant / MICROS_PER_MILLI), { zone: timeZone, locale: "en-GB" });
  const isMidnight = instant % MICROS_PER_MILLI === 0n && date.toMillis() === date.startOf("day").toMillis();
  return date.toFormat(isMidnight ? "d MMMM yyyy" : "d MMMM yyyy, HH:mm");
}

/** True for a time zone of the IANA database that this machine knows. */
export function isTimeZone(name: string): boolean {
  return name.length <= 64 && IANAZone.isValidZone(name);
}

/** "3 days", "2 hours", "45 seconds": a rough length of time between two instants, for messages. */
export function describeSpan(from: Instant, to: Instant): string {
  const seconds = (to > from ? to - from : from - to) / 1_000_000n;
  const units: readonly (readonly [string, bigint])[] = [
    ["day", 86_400n],
    ["hour", 3_600n],
    ["minute", 60n],
    ["second", 1n],
  ];
  for (const [unit, size] of units) {
    const count = seconds / size;
    if (count >= 1n) return `${count} ${unit}${count === 1n ? "" : "s"}`;
  }
  return "less than a second";
}
