import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import type { Instant } from "../../../src/core/time";
import { lifeEnd, spanAt } from "../../../src/plans/model/calendar";
import type { Act, SubscriptionCommand } from "../../../src/plans/model/commands";
import { calendarOf, isGoing, nextDueAt, turnOf } from "../../../src/plans/model/course";
import { decideSubscription } from "../../../src/plans/model/decide";
import type { Subscription } from "../../../src/plans/model/types";
import { deepFreeze } from "../../support/deep-freeze";
import { allotment, at, CREDIT, IMAGES, plan, start } from "./plans";

/** What holds after any commands at any times, for plans that differ in everything. */

const ROLLOVER = { percent: 60, maximum: 90n * CREDIT, period: "P1M", periods: 2 };
const PLANS = [
  plan("free", { price: null, allotments: [allotment({ amount: 7n })] }),
  plan("pro", { allotments: [allotment({ rollover: ROLLOVER })], overdrafts: [{ creditTypeId: 1, limit: 5n }] }),
  plan("trial", { trial: "P10D", allotments: [allotment({ interval: "P1W" }), allotment({ creditTypeId: IMAGES })] }),
  plan("year", {
    billing: "P1Y",
    allotments: [allotment(), allotment({ creditTypeId: IMAGES, interval: "P3D", rollover: ROLLOVER })],
  }),
  plan("lasting", {
    allotments: [allotment({ life: "P3M" }), allotment({ creditTypeId: IMAGES, interval: "P1W", life: "P20D" })],
  }),
  plan("short", { trial: "P10D", allotments: [allotment({ life: "P1W" }), allotment({ interval: "P2W", life: "PT5H" })] }),
  plan("slow", { trial: "P1M", allotments: [allotment({ interval: "P1Y" })], overdrafts: [{ creditTypeId: IMAGES, limit: 9n }] }),
] as const;

const SETTLED = fc.constantFrom("KEEP" as const, "PRORATE" as const, "VOID" as const);
const PLAN = fc.constantFrom(...PLANS);
const TICK = fc.constant<SubscriptionCommand>({ type: "tick" });
const COMMANDS: fc.Arbitrary<SubscriptionCommand> = fc.oneof(
  { weight: 4, arbitrary: TICK },
  { weight: 1, arbitrary: fc.record({ type: fc.constantFrom("pause" as const, "unpaid" as const), alive: SETTLED }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant("resume" as const), reset: fc.boolean() }) },
  {
    weight: 1,
    arbitrary: fc.constantFrom<SubscriptionCommand>(
      { type: "cancel", alive: "KEEP" },
      { type: "cancelAtPeriodEnd" },
      { type: "cancelAtPeriodEnd" },
      { type: "withdraw" },
    ),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      type: fc.constant("change" as const),
      to: PLAN,
      when: fc.constantFrom("AT_PERIOD_END" as const, "NOW_PRORATED" as const, "NOW_RESET" as const),
    }),
  },
);
const HOUR = 3_600_000_000n;
const STEPS = fc.array(
  fc.record({ command: COMMANDS, hours: fc.oneof(fc.constantFrom(0, 0, 24 * 7), fc.integer({ min: 0, max: 24 * 70 })) }),
  { maxLength: 25 },
);

/** The grants of these may outlive their periods: then the subscription knows them no more. */
const LIVING = new Set(["lasting", "short"].map((name) => `plan ${name}, version 1`));

/** What the acts leave in the wallets: what was granted by a key, less what was withdrawn, and when it is alive. */
class Given {
  readonly grants = new Map<
    string,
    { amount: bigint; readonly effectiveAt: Instant; readonly expiresAt: Instant; end: Instant; closed: boolean }
  >();
  readonly keys = new Set<string>();
  readonly overdrafts = new Map<number, bigint>();

  #before: Instant = 0n;

  take(acts: readonly Act[], { grants }: Subscription, now: Instant): void {
    for (const act of acts) {
      if (this.keys.has(act.idempotencyKey)) throw new Error(`${act.idempotencyKey} comes twice`);
      this.keys.add(act.idempotencyKey);
      if (act.act === "overdraft") this.overdrafts.set(act.creditTypeId, act.limit);
      else if (act.act === "grant") {
        const { amount, effectiveAt, expiresAt } = act.terms;
        if (expiresAt === null || expiresAt <= now || amount <= 0n) throw new Error(`${act.idempotencyKey} gives nothing`);
        const end =
          grants.find(({ key }) => key === act.idempotencyKey)?.end ?? (LIVING.has(act.terms.source ?? "") ? now : expiresAt);
        this.grants.set(act.idempotencyKey, { amount, effectiveAt, expiresAt, end, closed: act.terms.kind !== "PLAN" });
      } else {
        const grant = this.grants.get(act.grant);
        if (grant === undefined || grant.closed || grant.expiresAt <= now)
          throw new Error(`${act.grant} is not there to ${act.act}`);
        if (grant.end <= this.#before) throw new Error(`${act.grant} was earned`);
        if (act.act === "keep" && act.keep + act.withdraw !== grant.amount) throw new Error(`${act.grant} is not shared wholly`);
        grant.amount = act.act === "keep" ? act.keep : 0n;
        grant.closed = true;
      }
    }
    this.#before = now;
  }

  /** The keys of the grants that a subscription is still to know. */
  open(now: Instant): readonly string[] {
    return [...this.grants].filter(([, { closed, end }]) => !closed && end > now).map(([key]) => key);
  }
}

/** While it goes, each allotment is there for the present period, and for the next, or for what follows. */
function isProvided(state: Subscription, now: Instant): boolean {
  const stop = turnOf(state);
  return state.course.version.allotments.every(({ life }, position) => {
    const own = state.grants.filter(({ course, allotment: of }) => course === state.course.number && of === position);
    const span = spanAt(calendarOf(state.course, position, state.timeZone), now);
    const isOver = life !== null && lifeEnd(calendarOf(state.course, position, state.timeZone), span, life) <= now;
    const present = isOver || own.some(({ effectiveAt, end, expiresAt }) => effectiveAt <= now && now < end && now < expiresAt);
    const next = own.some(({ effectiveAt }) => effectiveAt > now) || (stop !== null && own.every(({ end }) => end >= stop));
    const follows =
      stop === null || state.ahead?.what === "CANCEL" || state.grants.some(({ effectiveAt }) => effectiveAt === stop);
    return present && next && follows;
  });
}

describe("whatever is done with a subscription", () => {
  test("its acts fit together, its allotments are there, and a tick after any command finds nothing to do", () => {
    fc.assert(
      fc.property(PLAN, fc.boolean(), STEPS, (version, trial, steps) => {
        let now = at("2026-01-31T22:30:00Z");
        const given = new Given();
        let { state, acts } = start(version, "2026-01-31T22:30:00Z", "Europe/Berlin", trial);
        given.take(acts, state, now);
        for (const { command, hours } of steps) {
          now += BigInt(hours) * HOUR;
          const outcome = decideSubscription(deepFreeze(state), command, now);
          expect(outcome.state.revision).toBe(outcome.state === state ? state.revision : state.revision + 1);
          if (outcome.state === state) expect(outcome.acts).toEqual([]);
          ({ state, acts } = outcome);
          given.take(acts, state, now);
          expect(decideSubscription(state, { type: "tick" }, now)).toEqual({ state, acts: [] });
          expect((nextDueAt(state) ?? now + 1n) > now).toBe(true);
          expect(
            state.grants
              .filter(({ end }) => end > now)
              .map(({ key }) => key)
              .sort(),
          ).toEqual([...given.open(now)].sort());
          for (const { creditTypeId, limit } of state.overdrafts) expect(given.overdrafts.get(creditTypeId)).toBe(limit);
          if (isGoing(state)) expect(isProvided(state, now)).toBe(true);
          else expect([...given.overdrafts.values()].every((limit) => limit === 0n)).toBe(true);
        }
      }),
      { numRuns: 200 },
    );
  });
});
