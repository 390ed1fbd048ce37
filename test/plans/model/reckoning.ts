import type { Instant } from "../../../src/core/time";

/**
 * Periods reckoned another way, with nothing of the product: civil dates as numbers, and what Intl says of a time zone's offset. What it
 * says of local times that are not, or are twice, is the rule: one that is skipped counts as of before the skip; of two, the one with
 * the anchor's offset is meant, or else the later.
 */

const DAY = 86_400_000;
const HOUR = 3_600_000;
/** No shift of a time zone is longer; Apia's and Fakaofo's, over the date line, is of 24 hours. */
const AROUND = 26 * HOUR;

/** A local date and time as if it were UTC, in milliseconds. */
type Local = number;
export type Unit = "D" | "W" | "M" | "Y";

const FORMATS = new Map<string, Intl.DateTimeFormat>();

/** In milliseconds: local is UTC and this. */
function offsetAt(zone: string, utc: number): number {
  const format = FORMATS.get(zone) ?? new Intl.DateTimeFormat("en-US", { timeZone: zone, timeZoneName: "longOffset" });
  FORMATS.set(zone, format);
  const [, sign, hours, minutes] = /GMT(?:([+-])(\d\d):(\d\d))?$/.exec(format.format(utc)) ?? [];
  return (sign === "-" ? -1 : 1) * (Number(hours ?? 0) * HOUR + Number(minutes ?? 0) * 60_000);
}

/** The instant, in milliseconds, at which clocks of the zone show a local time. */
export function resolve(zone: string, local: Local, anchorOffset: number): number {
  const before = offsetAt(zone, local - AROUND);
  const after = offsetAt(zone, local + AROUND);
  if (before === after) return local - before;
  const fits = [before, after].filter((offset) => offsetAt(zone, local - offset) === offset);
  if (fits.length === 0) return local - before;
  return local - (fits.includes(anchorOffset) ? anchorOffset : Math.min(...fits));
}

/** Tells when each period starts, counted from an anchor. */
export function reckoner(anchor: Instant, count: number, unit: Unit, zone: string): (index: number) => Instant {
  const utc = Number(anchor / 1_000n);
  const offset = offsetAt(zone, utc);
  const local = utc + offset;
  return (index) => {
    const days = unit === "D" ? index * count : index * count * 7;
    const later = unit === "D" || unit === "W" ? local + days * DAY : addMonths(local, index * count * (unit === "Y" ? 12 : 1));
    return BigInt(resolve(zone, later, offset)) * 1_000n + (anchor % 1_000n);
  };
}

/**
 * Tells when that is over which lives for a while from each period's start on: counted with the periods from the anchor; but months after
 * days from that start, for they add up to no date. So, too, where a zone skips the very day that it would live for.
 */
export function lifeReckoner(anchor: Instant, interval: Length, life: Length, zone: string): (index: number) => Instant {
  const utc = Number(anchor / 1_000n);
  const offset = offsetAt(zone, utc);
  const startOf = reckoner(anchor, interval.count, interval.unit, zone);
  const fromStart = (index: number) => reckoner(startOf(index), life.count, life.unit, zone)(1);
  if (monthsOf(interval) === 0 && monthsOf(life) > 0) return fromStart;
  return (index) => {
    const local = addMonths(utc + offset, monthsOf(interval) * index + monthsOf(life));
    const over = resolve(zone, local + (daysOf(interval) * index + daysOf(life)) * DAY, offset);
    const end = BigInt(over) * 1_000n + (anchor % 1_000n);
    return end > startOf(index) ? end : fromStart(index);
  };
}

/** True for a life that is as long as its interval at least, whatever the calendar. */
export function outlasts(life: Length, interval: Length): boolean {
  if (monthsOf(life) > 0 === monthsOf(interval) > 0)
    return monthsOf(life) >= monthsOf(interval) && daysOf(life) >= daysOf(interval);
  return monthsOf(life) * 28 + daysOf(life) > monthsOf(interval) * 31 + daysOf(interval) + 1;
}

export interface Length {
  readonly count: number;
  readonly unit: Unit;
}

function monthsOf({ count, unit }: Length): number {
  return { D: 0, W: 0, M: 1, Y: 12 }[unit] * count;
}

function daysOf({ count, unit }: Length): number {
  return { D: 1, W: 7, M: 0, Y: 0 }[unit] * count;
}

/** The same day and time of a later month; its last day, where it has no such day. */
function addMonths(local: Local, months: number): Local {
  const date = new Date(local);
  const month = date.getUTCFullYear() * 12 + date.getUTCMonth() + months;
  const first = Date.UTC(Math.floor(month / 12), month % 12, 1);
  const lengthInDays = (Date.UTC(Math.floor((month + 1) / 12), (month + 1) % 12, 1) - first) / DAY;
  return first + (Math.min(date.getUTCDate(), lengthInDays) - 1) * DAY + (((local % DAY) + DAY) % DAY);
}
