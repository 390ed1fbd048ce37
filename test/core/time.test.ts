import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import {
  addPeriods,
  boundsOf,
  dateWords,
  describeSpan,
  formatInstant,
  type Instant,
  isPeriod,
  isTimeZone,
  LAST_INSTANT,
  parseInstant,
  subtractPeriod,
  toDate,
} from "../../src/core/time";

const SECOND = 1_000_000n;
const DAY = 86_400n * SECOND;
const HOUR = DAY / 24n;

function at(text: string): Instant {
  const instant = parseInstant(text);
  if (instant === null) throw new Error(`${text} is no instant`);
  return instant;
}

test.each([
  ["2027-03-31T00:00:00Z", "UTC", "31 March 2027"],
  ["2027-03-31T09:00:00Z", "UTC", "31 March 2027, 09:00"],
  ["2027-03-31T00:00:00.000001Z", "UTC", "31 March 2027, 00:00"],
  ["2027-03-31T22:00:00Z", "Europe/Berlin", "1 April 2027"],
  ["2027-03-28T01:30:00Z", "Europe/Berlin", "28 March 2027, 03:30"],
])("%s is told in %s as %s", (text, zone, told) => {
  expect(dateWords(at(text), zone)).toBe(told);
});

describe("parseInstant", () => {
  test.each([
    ["in UTC", "2026-11-21T10:00:00Z", 1_795_255_200_000_000n],
    ["to the microsecond", "2026-11-21T10:00:00.000001Z", 1_795_255_200_000_001n],
    ["with tenths", "2026-11-21T10:00:00.5Z", 1_795_255_200_500_000n],
    ["with more digits, which are cut off", "2026-11-21T10:00:00.1234569Z", 1_795_255_200_123_456n],
    ["without seconds", "2026-11-21T10:00Z", 1_795_255_200_000_000n],
    ["in small letters", "2026-11-21t10:00:00z", 1_795_255_200_000_000n],
    ["with a space between", "2026-11-21 10:00:00Z", 1_795_255_200_000_000n],
    ["ahead of UTC", "2026-11-21T15:30:00+05:30", 1_795_255_200_000_000n],
    ["behind UTC", "2026-11-21T00:00:00-10:00", 1_795_255_200_000_000n],
    ["with an offset without a colon", "2026-11-21T15:30:00+0530", 1_795_255_200_000_000n],
    ["with an offset of hours", "2026-11-21T12:00:00+02", 1_795_255_200_000_000n],
    ["as the end of the day", "2026-11-20T24:00:00Z", 1_795_219_200_000_000n],
    ["on a leap day", "2028-02-29T00:00:00Z", 1_835_395_200_000_000n],
    ["at the first instant", "1970-01-01T00:00:00Z", 0n],
    ["at the last instant", "9999-12-31T23:59:59.999999Z", LAST_INSTANT],
  ])("reads one %s", (_what, text, instant) => {
    expect(parseInstant(text)).toBe(instant);
  });

  test.each([
    ["nothing", ""],
    ["a date alone", "2026-11-21"],
    ["no offset", "2026-11-21T10:00:00"],
    ["a day that is not", "2026-02-30T00:00:00Z"],
    ["a leap day in no leap year", "2026-02-29T00:00:00Z"],
    ["a thirteenth month", "2026-13-01T00:00:00Z"],
    ["a leap second", "2026-12-31T23:59:60Z"],
    ["an hour past 24", "2026-11-21T25:00:00Z"],
    ["a second past 24 o'clock", "2026-11-21T24:00:01Z"],
    ["an offset of a day and more", "2026-11-21T10:00:00+25:00"],
    ["an offset of 99 minutes", "2026-11-21T10:00:00+01:99"],
    ["half an offset", "2026-11-21T10:00:00+05:3"],
    ["a point without digits", "2026-11-21T10:00:00.Z"],
    ["a comma", "2026-11-21T10:00:00,5Z"],
    ["one digit of hour", "2026-11-21T1:00:00Z"],
    ["a week date", "2026-W47-6T10:00:00Z"],
    ["Arabic digits", "٢٠٢٦-11-21T10:00:00Z"],
    ["space around it", " 2026-11-21T10:00:00Z"],
    ["a line break after it", "2026-11-21T10:00:00Z\n"],
    ["before 1970", "1969-12-31T23:59:59.999999Z"],
    ["after 9999", "9999-12-31T23:59:59-01:00"],
    ["five digits of year", "+12026-11-21T10:00:00Z"],
    ["a number", "1795255200"],
    ["a megabyte", "2".repeat(1_000_000)],
  ])("reads none from %s", (_what, text) => {
    expect(parseInstant(text)).toBeNull();
  });
});

describe("formatInstant", () => {
  test.each([
    [0n, "1970-01-01T00:00:00.000Z"],
    [1n, "1970-01-01T00:00:00.000001Z"],
    [1_000n, "1970-01-01T00:00:00.001Z"],
    [1_795_255_200_120_000n, "2026-11-21T10:00:00.120Z"],
    [1_795_255_200_120_030n, "2026-11-21T10:00:00.120030Z"],
    [LAST_INSTANT, "9999-12-31T23:59:59.999999Z"],
  ])("writes %p as %s", (instant, text) => {
    expect(formatInstant(instant)).toBe(text);
  });

  test("is read back as the same instant, whatever it is", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: LAST_INSTANT }), (instant) => parseInstant(formatInstant(instant)) === instant),
    );
  });
});

test("a date for libraries has milliseconds; what is finer is cut off", () => {
  expect(toDate(1_795_255_200_120_999n).toISOString()).toBe("2026-11-21T10:00:00.120Z");
});

describe("isPeriod", () => {
  test.each(["P1M", "P7D", "PT15M", "P1W", "P1Y2M3DT4H5M6S", "P1.5D", "PT0.001S", "P100Y", "P1200M"])("knows %s", (text) => {
    expect(isPeriod(text)).toBe(true);
  });

  test.each([
    ["nothing", ""],
    ["no length", "P"],
    ["no length of time", "PT"],
    ["a length of zero", "P0D"],
    ["a time of zero", "PT0S"],
    ["backwards", "-P1D"],
    ["a negative part", "P-1D"],
    ["a unit on the wrong side of T", "PT1D"],
    ["seconds without T", "P1S"],
    ["T without a time", "P1DT"],
    ["a unit twice", "P1Y1Y"],
    ["small letters", "p1d"],
    ["space", "P1D "],
    ["more than a hundred years", "P101Y"],
    ["more than a hundred years by parts", "P100Y1D"],
    ["more than a hundred years of days", "P36600D"],
    ["more than can be counted", `P${"9".repeat(30)}D`],
    ["a megabyte", `P${"9".repeat(1_000_000)}D`],
  ])("knows no period of %s", (_what, text) => {
    expect(isPeriod(text)).toBe(false);
  });
});

describe("addPeriods", () => {
  test.each([
    [1, "2026-02-28T10:00:00.000Z"],
    [2, "2026-03-31T10:00:00.000Z"],
    [3, "2026-04-30T10:00:00.000Z"],
    [12, "2027-01-31T10:00:00.000Z"],
    [25, "2028-02-29T10:00:00.000Z"],
    [0, "2026-01-31T10:00:00.000Z"],
    [-2, "2025-11-30T10:00:00.000Z"],
  ])("counts %i months from 31 January without drift", (times, expected) => {
    expect(formatInstant(addPeriods(at("2026-01-31T10:00:00Z"), "P1M", times, "UTC"))).toBe(expected);
  });

  test.each([
    ["a day into summer time has 23 hours", "2026-03-28T12:00:00+01:00", "P1D", "2026-03-29T12:00:00+02:00"],
    ["a day out of summer time has 25 hours", "2026-10-24T12:00:00+02:00", "P1D", "2026-10-25T12:00:00+01:00"],
    ["24 hours are 24 hours", "2026-03-28T12:00:00+01:00", "PT24H", "2026-03-29T13:00:00+02:00"],
    ["an hour that summer time skips comes an hour later", "2026-03-28T02:30:00+01:00", "P1D", "2026-03-29T03:30:00+02:00"],
    ["an hour that comes twice is the first", "2026-10-24T02:30:00+02:00", "P1D", "2026-10-25T02:30:00+02:00"],
    ["a month is the local calendar's", "2026-01-31T00:30:00+01:00", "P1M", "2026-02-28T00:30:00+01:00"],
  ])("%s", (_rule, anchor, period, expected) => {
    expect(formatInstant(addPeriods(at(anchor), period, 1, "Europe/Berlin"))).toBe(formatInstant(at(expected)));
  });

  test("a part of a period is a whole number of milliseconds", () => {
    expect(formatInstant(addPeriods(31_323_196_762_000n, "P1.1Y", -1, "Europe/Berlin"))).toBe("1969-11-23T00:53:16.762Z");
  });

  test("keeps the microseconds", () => {
    expect(formatInstant(addPeriods(at("2026-01-01T00:00:00.000007Z"), "P1D", 1, "UTC"))).toBe("2026-01-02T00:00:00.000007Z");
  });

  const zones = fc.constantFrom("UTC", "Europe/Berlin", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe");
  const instants = fc.bigInt({ min: at("2000-01-01T00:00:00Z"), max: at("2100-01-01T00:00:00Z") });

  test("is later for more periods, in every time zone", () => {
    const periods = fc.constantFrom("P1D", "P7D", "P1M", "P1Y", "PT1H", "PT15M");
    fc.assert(
      fc.property(instants, periods, fc.nat({ max: 200 }), zones, (anchor, period, times, zone) => {
        expect(addPeriods(anchor, period, times + 1, zone) > addPeriods(anchor, period, times, zone)).toBe(true);
      }),
    );
  });

  test("in UTC a day is a day", () => {
    fc.assert(
      fc.property(instants, fc.integer({ min: -1000, max: 1000 }), (anchor, days) => {
        expect(addPeriods(anchor, "P1D", days, "UTC")).toBe(anchor + BigInt(days) * DAY);
      }),
    );
  });
});

test("subtractPeriod goes one period back, by the calendar", () => {
  expect(formatInstant(subtractPeriod(at("2026-03-31T00:00:00Z"), "P1M", "UTC"))).toBe("2026-02-28T00:00:00.000Z");
  expect(formatInstant(subtractPeriod(at("2026-03-29T12:00:00+02:00"), "P1D", "Europe/Berlin"))).toBe("2026-03-28T11:00:00.000Z");
});

test.each(["UTC", "Europe/Berlin", "America/Argentina/Buenos_Aires", "Etc/GMT+5"])("%s is a time zone", (name) => {
  expect(isTimeZone(name)).toBe(true);
});

test.each(["", "local", "system", "+01:00", "UTC+1", "Mars/Olympus", "Europe/Berlin\n"])("%j is no time zone", (name) => {
  expect(isTimeZone(name)).toBe(false);
});

test.each([
  [0n, "less than a second"],
  [SECOND - 1n, "less than a second"],
  [SECOND, "1 second"],
  [59n * SECOND, "59 seconds"],
  [60n * SECOND, "1 minute"],
  [3_599n * SECOND, "59 minutes"],
  [3_600n * SECOND, "1 hour"],
  [DAY - 1n, "23 hours"],
  [DAY, "1 day"],
  [3n * DAY, "3 days"],
  [400n * DAY, "400 days"],
])("a span of %p microseconds is %s, in either direction", (span, text) => {
  expect(describeSpan(5n, 5n + span)).toBe(text);
  expect(describeSpan(5n + span, 5n)).toBe(text);
});

describe("boundsOf", () => {
  const count = fc.constantFrom(0, 1, 2, 11, 30, 0.5, 1.3);
  const periods = fc
    .record({ Y: count, M: count, W: count, D: count })
    .map((parts) => Object.entries(parts).map(([unit, value]) => (value === 0 ? "" : `${value}${unit}`)))
    .map((parts) => `P${parts.join("")}T${1 + parts.length}H0.5S`);
  const zones = fc.constantFrom("UTC", "Europe/Berlin", "America/New_York", "Pacific/Apia", "Australia/Lord_Howe");
  const instants = fc.bigInt({ min: at("2000-01-01T00:00:00Z"), max: at("2100-01-01T00:00:00Z") });

  test("no period is shorter or longer, forwards or backwards, whatever the calendar and the clocks do", () => {
    fc.assert(
      fc.property(periods, instants, zones, (period, anchor, zone) => {
        const { least, most } = boundsOf(period);
        for (const length of [addPeriods(anchor, period, 1, zone) - anchor, anchor - subtractPeriod(anchor, period, zone)]) {
          expect([least <= length, length <= most]).toEqual([true, true]);
        }
      }),
      { numRuns: 2_000 },
    );
  });

  test("hours are as long as they are, days as long as a change of clocks or of the date line makes them", () => {
    expect(boundsOf("PT2H")).toEqual({ least: DAY / 12n, most: DAY / 12n });
    expect(boundsOf("P3D")).toEqual({ least: 2n * DAY - HOUR * 2n, most: 4n * DAY + HOUR * 2n });
    expect(boundsOf("P1M")).toEqual({ least: 27n * DAY - HOUR * 2n, most: 32n * DAY + HOUR * 2n });
  });

  test("a summer time may end while a zone goes over the date line", () => {
    // Apia: 4 August 2011 at UTC-11, 1 March 2013 at UTC+14.
    const anchor = at("2013-02-28T10:00:00Z");
    const length = anchor - subtractPeriod(anchor, "P1Y30W", "Pacific/Apia");
    expect(length).toBe((365n + 210n - 1n) * DAY - HOUR);
    expect(boundsOf("P1Y30W").least).toBeLessThanOrEqual(length);
  });
});

test("a period is counted by the local time also where a zone has gone over the date line since the anchor", () => {
  // Midnight in Apia, which had no 30 December 2011; on 1 April 2012 its clocks changed at 04:00.
  const anchor = parseInstant("2006-01-01T11:00:00Z") as Instant;
  expect(formatInstant(addPeriods(anchor, "P1M", 75, "Pacific/Apia"))).toBe("2012-03-31T10:00:00.000Z");
  expect(formatInstant(addPeriods(anchor, "P1M", 76, "Pacific/Apia"))).toBe("2012-04-30T11:00:00.000Z");
});
