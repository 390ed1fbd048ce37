import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import type { Instant } from "../../../src/core/time";
import { nextDueAt } from "../../../src/plans/model/course";
import { decideSubscription, startSubscription } from "../../../src/plans/model/decide";
import { Dice } from "../../support/histories/dice";
import { ACCOUNT, allotment, plan } from "./plans";
import { type Length, lifeReckoner, outlasts, reckoner, resolve, type Unit } from "./reckoning";

/** A thousand subscriptions over ten years each, against the reckoning of this folder. */

const ZONES = [
  "UTC",
  "Europe/Berlin",
  "America/New_York",
  "America/Sao_Paulo",
  "America/Caracas",
  "Australia/Lord_Howe",
  "Pacific/Apia",
  "Pacific/Fakaofo",
  "Antarctica/Troll",
  "Africa/Casablanca",
  "Asia/Tehran",
  "Asia/Pyongyang",
];
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const TEN_YEARS = 3_652n * BigInt(DAY) * 1_000n;
const PARTS = 1_000_000_007;

/** Daily ones stand apart, for they have 3,650 periods. */
const INTERVALS = fc.oneof(
  { weight: 15, arbitrary: fc.record({ count: fc.integer({ min: 7, max: 400 }), unit: fc.constant<Unit>("D") }) },
  { weight: 8, arbitrary: fc.record({ count: fc.integer({ min: 1, max: 9 }), unit: fc.constant<Unit>("W") }) },
  { weight: 50, arbitrary: fc.record({ count: fc.constantFrom(1, 1, 2, 3, 6, 13), unit: fc.constant<Unit>("M") }) },
  { weight: 20, arbitrary: fc.record({ count: fc.constantFrom(1, 1, 2, 3), unit: fc.constant<Unit>("Y") }) },
);

/** How long an allotment's credits live: most have no life of their own, and live until the next are there. */
const LIVES = fc.option(
  fc.oneof(
    fc.record({ count: fc.integer({ min: 1, max: 100 }), unit: fc.constantFrom<Unit>("D", "W") }),
    fc.record({ count: fc.constantFrom(1, 1, 2, 3, 14), unit: fc.constantFrom<Unit>("M", "M", "M", "Y") }),
  ),
  { freq: 2, nil: null },
);

/** The last days of a month, leap days, days at which clocks change, the day that Apia had not; and any. */
const DATES = fc.oneof(
  fc.constantFrom("2008-02-29", "2012-02-29", "2016-02-29", "2020-02-29", "2011-12-29", "2011-12-31", "2011-11-30", "2009-10-30"),
  fc
    .record({
      year: fc.integer({ min: 2006, max: 2025 }),
      month: fc.constantFrom("01", "03", "05", "07", "08", "10", "12"),
      day: fc.integer({ min: 29, max: 31 }),
    })
    .map(({ year, month, day }) => `${year}-${month}-${day}`),
  fc
    .record({ year: fc.integer({ min: 2006, max: 2025 }), day: fc.integer({ min: 0, max: 364 }) })
    .map(({ year, day }) => new Date(Date.UTC(year, 0, 1) + day * DAY).toISOString().slice(0, 10)),
);
/** Hours at which clocks change, more than others. */
const TIMES = fc.oneof(
  fc.constantFrom(0, 0.5, 1, 1.5, 1.75, 2, 2.5, 3, 23.5).map((hours) => hours * HOUR),
  fc.integer({ min: 0, max: DAY - 1 }),
);

const CASES = fc.record({
  zone: fc.constantFrom(...ZONES),
  date: DATES,
  time: TIMES,
  micros: fc.integer({ min: 0, max: 999 }),
  allotments: fc.array(fc.record({ interval: INTERVALS, life: LIVES }), { minLength: 1, maxLength: 2 }),
  seed: fc.integer(),
});
type Case = typeof CASES extends fc.Arbitrary<infer One> ? One : never;

interface Given {
  readonly allotment: number;
  readonly period: number;
  readonly effectiveAt: Instant;
  readonly expiresAt: Instant;
  readonly givenAt: Instant;
}

const A_DAY: Length = { count: 1, unit: "D" };
/** Apia went over the date line: it had no 30 December 2011, and its offset is another by 24 hours since. */
const DAILY: readonly Case[] = [
  { zone: "Pacific/Apia", date: "2009-10-30", time: 0.5 * HOUR },
  { zone: "Australia/Lord_Howe", date: "2010-01-31", time: 1.75 * HOUR },
].map((one) => ({ ...one, micros: 1, allotments: [null, A_DAY].map((life) => ({ interval: A_DAY, life })), seed: 1 }));
const THE_DAILY_TOO = DAILY.map((one): [Case] => [one]);

/** All periods of an allotment until some time, by the reckoning; empty ones too. */
interface Reckoned {
  readonly starts: readonly Instant[];
  /** When what is given for each expires. */
  readonly overs: readonly Instant[];
  /** False: its credits may be gone before the next are there. */
  readonly lasts: boolean;
}

class Run {
  readonly anchor: Instant;
  readonly until: Instant;
  readonly reckoned: readonly Reckoned[];
  readonly #dice: Dice;

  constructor(readonly one: Case) {
    const { zone, date, time, micros, allotments, seed } = one;
    this.anchor = BigInt(resolve(zone, Date.parse(date) + time, 0)) * 1_000n + BigInt(micros);
    this.until = this.anchor + TEN_YEARS;
    this.reckoned = allotments.map((allotment) => this.#reckon(allotment));
    this.#dice = new Dice(seed);
  }

  #reckon({ interval, life }: Case["allotments"][number]): Reckoned {
    const { zone } = this.one;
    const startOf = reckoner(this.anchor, interval.count, interval.unit, zone);
    const starts = [startOf(0)];
    for (let index = 1; (starts.at(-3) ?? 0n) <= this.until; index += 1) starts.push(startOf(index));
    const overOf = life === null ? (index: number) => startOf(index + 1) : lifeReckoner(this.anchor, interval, life, zone);
    return { starts, overs: starts.map((_, index) => overOf(index)), lasts: life === null || outlasts(life, interval) };
  }

  /** One or two instants within each period of every allotment; sometimes its very first or last. */
  regularTicks(): readonly Instant[] {
    return sorted(
      this.reckoned.flatMap(({ starts }) =>
        starts.slice(0, -1).flatMap((start, index) => {
          const length = (starts[index + 1] as Instant) - start;
          if (length === 0n) return [];
          return Array.from({ length: this.#dice.of(1, 1, 2) }, () => start + this.#pick(length));
        }),
      ),
    ).filter((tick) => tick <= this.until);
  }

  /** Seconds, days or months apart. */
  sleepyTicks(): readonly Instant[] {
    const ticks: Instant[] = [];
    for (let at = this.anchor; at <= this.until; ) {
      at += BigInt(Math.floor(10 ** (6 + this.#dice.below(7_600) / 1_000)));
      if (at <= this.until) ticks.push(at);
    }
    return ticks;
  }

  /** What a subscription that starts at the anchor and is ticked at these instants is given. */
  given(ticks: readonly Instant[]): readonly Given[] {
    const { zone, allotments } = this.one;
    const version = plan("any", {
      allotments: allotments.map(({ interval, life }) => allotment({ interval: text(interval), life: life && text(life) })),
    });
    let { state, acts } = startSubscription(
      { accountId: ACCOUNT, number: 1, version, timeZone: zone, trial: false },
      this.anchor,
    );
    const given: Given[] = [];
    const take = (givenAt: Instant) => {
      for (const act of acts) {
        const [, of, period] = /allotment:(\d+)\/period:(\d+)\/command:0$/.exec(act.idempotencyKey) ?? [];
        if (act.act !== "grant" || of === undefined) throw new Error(`${act.act} where only grants are due`);
        const { effectiveAt, expiresAt } = act.terms;
        given.push({ allotment: Number(of), period: Number(period), effectiveAt, expiresAt: expiresAt as Instant, givenAt });
      }
    };
    take(this.anchor);
    for (const tick of ticks) {
      const due = nextDueAt(state);
      const before = state;
      ({ state, acts } = decideSubscription(state, { type: "tick" }, tick));
      if ((due === null || due > tick) !== (state === before)) throw new Error("it acts when it is due, and only then");
      take(tick);
    }
    return given;
  }

  /** The first or the last moment of a length of time, or any. */
  #pick(length: bigint): bigint {
    const place = this.#dice.below(12);
    if (place === 0) return 0n;
    return place === 1 ? length - 1n : (length * BigInt(this.#dice.below(PARTS))) / BigInt(PARTS);
  }
}

/** At each tick those that have begun, and are still alive, and the one after them; the start is a tick. Empty periods are none. */
function expected(
  { starts, overs }: Reckoned,
  ticks: readonly Instant[],
): readonly Pick<Given, "period" | "effectiveAt" | "expiresAt">[] {
  const real = starts
    .slice(0, -1)
    .map((effectiveAt, period) => ({ period, effectiveAt, expiresAt: overs[period] as Instant }))
    .filter(({ period, effectiveAt }) => (starts[period + 1] as Instant) > effectiveAt);
  const due: typeof real = [];
  let place = 0;
  for (const tick of [starts[0] as Instant, ...ticks]) {
    if (place > 0 && (real[place - 1]?.effectiveAt as Instant) > tick) continue;
    for (; (real[place]?.effectiveAt as Instant) <= tick; place += 1)
      if ((real[place]?.expiresAt as Instant) > tick) due.push(real[place] as (typeof real)[number]);
    due.push(real[place] as (typeof real)[number]);
    place += 1;
  }
  return due;
}

function text({ count, unit }: Length): string {
  return `P${count}${unit}`;
}

function sorted(instants: readonly Instant[]): readonly Instant[] {
  return [...instants].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
}

function ofAllotment(given: readonly Given[], position: number): readonly Given[] {
  return given.filter(({ allotment }) => allotment === position);
}

describe("a renewing subscription", () => {
  test("that is seen to in each period has every period's allotment beforehand, without drift, gap or overlap", () => {
    fc.assert(
      fc.property(CASES, (one) => {
        const run = new Run(one);
        const all = run.given(run.regularTicks());
        run.reckoned.forEach(({ starts, overs, lasts }, position) => {
          const given = ofAllotment(all, position);
          expect(given[0]).toMatchObject({ effectiveAt: run.anchor, givenAt: run.anchor });
          for (const [index, { period, effectiveAt, expiresAt, givenAt }] of given.entries()) {
            const next = given[index + 1];
            const isAsReckoned = effectiveAt === starts[period] && expiresAt === overs[period];
            const end = starts[period + 1] as Instant;
            const meetsTheNext = next === undefined ? end > run.until : next.effectiveAt === end;
            const isThereUntilThen = !lasts || expiresAt >= end;
            const isBeforehand = effectiveAt < expiresAt && (index === 0 || givenAt < effectiveAt);
            if (!isAsReckoned || !meetsTheNext || !isThereUntilThen || !isBeforehand)
              expect({ isAsReckoned, meetsTheNext, isThereUntilThen, isBeforehand, period }).toBeNull();
          }
        });
      }),
      { numRuns: 500, examples: THE_DAILY_TOO },
    );
  });

  test("that sleeps for months is given what is still alive and what is next whenever it wakes, once each", () => {
    fc.assert(
      fc.property(CASES, (one) => {
        const run = new Run(one);
        const ticks = run.sleepyTicks();
        const all = run.given(ticks);
        run.reckoned.forEach((reckoned, position) => {
          const given = ofAllotment(all, position).map(({ period, effectiveAt, expiresAt }) => ({
            period,
            effectiveAt,
            expiresAt,
          }));
          expect(given).toEqual(expected(reckoned, ticks));
        });
      }),
      { numRuns: 500, examples: THE_DAILY_TOO },
    );
  });
});
