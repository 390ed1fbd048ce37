import { describe, expect, jest, test } from "@jest/globals";
import fc from "fast-check";
import { addPeriods, formatInstant } from "../../../src/core/time";
import { type Calendar, endAfter, isInterval, isStart, lifeEnd, spanAfter, spanAt } from "../../../src/plans/model/calendar";
import { allotment, at, plan, start } from "./plans";

function calendar(anchor: string, interval: string, timeZone = "UTC"): Calendar {
  return { anchor: at(anchor), interval, timeZone };
}

describe("isInterval", () => {
  test.each(["P1D", "P2W", "P1M", "P3M", "P1Y", "P36500D"])("is true for %s", (text) => expect(isInterval(text)).toBe(true));
  test.each(["P0D", "PT1H", "P1DT1H", "P1.5M", "P1M1D", "P-1M", "1M", "P101Y", "P99999D", "P01M", "P1m", ""])(
    "is false for %s",
    (text) => expect(isInterval(text)).toBe(false),
  );
});

describe("spanAt", () => {
  test.each([
    ["the anchor itself", calendar("2026-01-31", "P1M"), "2026-01-31", 0, "2026-01-31", "2026-02-28"],
    [
      "the last moment of a short month",
      calendar("2026-01-31", "P1M"),
      "2026-02-27T23:59:59.999999Z",
      0,
      "2026-01-31",
      "2026-02-28",
    ],
    ["a month's end, clamped", calendar("2026-01-31", "P1M"), "2026-02-28", 1, "2026-02-28", "2026-03-31"],
    ["the month after, not drifted", calendar("2026-01-31", "P1M"), "2026-04-30", 3, "2026-04-30", "2026-05-31"],
    ["a leap year's February", calendar("2027-12-30", "P2M"), "2028-02-29", 1, "2028-02-29", "2028-04-30"],
    ["an anchor on a leap day", calendar("2024-02-29", "P1Y"), "2028-02-29", 4, "2028-02-29", "2029-02-28"],
    ["centuries later", calendar("2024-02-29", "P1D"), "2524-02-29", 182_621, "2524-02-29", "2524-03-01"],
  ])("tells the period of %s", (_what, one, instant, index, start, end) => {
    expect(spanAt(one, at(instant))).toEqual({ index, start: at(start), end: at(end) });
  });

  test("keeps the hour of the day where clocks change", () => {
    const { start, end } = spanAt(calendar("2026-03-01T11:00:00Z", "P1M", "Europe/Berlin"), at("2026-03-20"));
    expect([start, end].map(formatInstant)).toEqual(["2026-03-01T11:00:00.000Z", "2026-04-01T10:00:00.000Z"]);
  });

  test("passes over a day that a time zone skipped", () => {
    const daily = calendar("2011-12-28T20:00:00Z", "P1D", "Pacific/Apia");
    const before = spanAt(daily, at("2011-12-30T09:00:00Z"));
    const after = spanAfter(daily, before);
    expect(before).toEqual({ index: 1, start: at("2011-12-29T20:00:00Z"), end: at("2011-12-30T20:00:00Z") });
    expect(after).toEqual({ index: 3, start: at("2011-12-30T20:00:00Z"), end: at("2011-12-31T20:00:00Z") });
    expect(spanAt(daily, after.start)).toEqual(after);
  });

  test("holds the instant, for every interval, and the next one begins where it ends", () => {
    const interval = fc
      .tuple(fc.integer({ min: 1, max: 60 }), fc.constantFrom("D", "W", "M", "Y"))
      .map(([count, unit]) => `P${count}${unit}`);
    const zone = fc.constantFrom("UTC", "Europe/Berlin", "Australia/Lord_Howe", "Antarctica/Troll", "Africa/Casablanca");
    const micros = fc.bigInt({ min: 0n, max: 3_000_000_000_000_000n });
    fc.assert(
      fc.property(interval, zone, micros, micros, (length, timeZone, anchor, later) => {
        const one = { anchor, interval: length, timeZone };
        const span = spanAt(one, anchor + later);
        expect(span.start <= anchor + later && anchor + later < span.end).toBe(true);
        expect(span.start).toBe(addPeriods(anchor, length, span.index, timeZone));
        const next = spanAfter(one, span);
        expect(next).toEqual(spanAt(one, span.end));
        expect(isStart(one, span.end)).toBe(true);
        expect(isStart(one, span.end - 1n)).toBe(false);
      }),
    );
  });

  test("asks the calendar once for what all allotments of a plan have in common", () => {
    // Whatever the calendar is asked for is rounded, once.
    const asked = jest.spyOn(Math, "round");
    const timesFor = (count: number, anchor: string) => {
      asked.mockClear();
      start(plan(`of ${count}`, { allotments: Array.from({ length: count }, () => allotment({ life: "P3M" })) }), anchor);
      return asked.mock.calls.length;
    };
    const once = timesFor(1, "2026-04-01T00:00:01Z");
    expect(once).toBeGreaterThan(0);
    expect(timesFor(1, "2026-04-01T00:00:02Z")).toBe(timesFor(50, "2026-04-01T00:00:03Z"));
    asked.mockRestore();
  });

  test("knows no period before the anchor", () => {
    expect(() => spanAt(calendar("2026-01-31", "P1M"), at("2026-01-30"))).toThrow("before the anchor");
    expect(isStart(calendar("2026-01-31", "P1M"), at("2025-12-31"))).toBe(false);
  });
});

describe("endAfter", () => {
  test.each([
    ["P1D", "UTC"],
    ["P1D", "Europe/Berlin"],
    ["P1W", "America/New_York"],
    ["P1M", "Australia/Lord_Howe"],
    ["P1Y", "UTC"],
  ])("is where so many periods of %s in %s end, one after the other", (interval, zone) => {
    const one = calendar("2026-01-31T01:30:00Z", interval, zone);
    const first = spanAt(one, at("2026-03-28T01:30:00Z"));
    let last = first;
    for (let count = 1; count <= 40; count++) {
      last = spanAfter(one, last);
      expect(formatInstant(endAfter(one, first, count))).toBe(formatInstant(last.end));
    }
  });

  test("is later than the period's own where the next is empty", () => {
    const daily = calendar("2011-12-28T20:00:00Z", "P1D", "Pacific/Apia");
    const before = spanAt(daily, at("2011-12-29T20:00:00Z"));
    const after = spanAfter(daily, before);
    expect(after.index).toBe(before.index + 2);
    expect([1, 2].map((count) => endAfter(daily, before, count))).toEqual([after.end, after.end]);
  });
});

describe("lifeEnd", () => {
  test.each([
    ["keeps to the anchor's day", calendar("2026-01-31", "P1M"), "2026-02-28", "P1M", "2026-03-31"],
    ["keeps to it in years", calendar("2024-02-29", "P1Y"), "2027-02-28", "P1Y", "2028-02-29"],
    ["adds days to the anchor's month", calendar("2026-01-31", "P1M"), "2026-02-28", "P1M1D", "2026-04-01"],
    ["is days from the period's beginning", calendar("2026-01-31", "P1M"), "2026-02-28", "P7D", "2026-03-07"],
    ["is months from the beginning of a week", calendar("2026-01-31", "P1W"), "2026-02-28", "P1M", "2026-03-28"],
    ["is weeks from it too", calendar("2026-01-31", "P1W"), "2026-02-28", "P2W", "2026-03-14"],
    ["may be short", calendar("2026-01-31", "P1M"), "2026-02-28", "PT1S", "2026-02-28T00:00:01Z"],
    [
      "keeps to the clocks of the time zone",
      calendar("2026-03-01T12:00:00Z", "P1W", "Europe/Berlin"),
      "2026-03-22T12:00:00Z",
      "P1W",
      "2026-03-29T11:00:00Z",
    ],
    // Apia had no 30 December 2011: it began with the 31st, and what lives for a day lives on that.
    [
      "is not empty",
      calendar("2011-11-30T10:00:00Z", "P1M", "Pacific/Apia"),
      "2011-12-30T10:00:00Z",
      "P1D",
      "2011-12-31T10:00:00Z",
    ],
  ])("%s", (_what, from, period, life, end) => {
    const span = spanAt(from, at(period));
    expect(formatInstant(span.start)).toBe(formatInstant(at(period)));
    expect(formatInstant(lifeEnd(from, span, life))).toBe(formatInstant(at(end)));
  });
});
