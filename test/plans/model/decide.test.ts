import { describe, expect, jest, test } from "@jest/globals";
import { formatInstant } from "../../../src/core/time";
import type { SubscriptionCommand } from "../../../src/plans/model/commands";
import { nextDueAt } from "../../../src/plans/model/course";
import { decideSubscription } from "../../../src/plans/model/decide";
import type { PlanVersion } from "../../../src/plans/model/types";
import {
  allotment,
  at,
  CANCEL,
  CREDIT,
  change,
  does,
  history,
  IMAGES,
  PRO,
  plan,
  ROLLING,
  start,
  TEAM,
  TICK,
  TRIED,
  told,
  WITHDRAW,
  YEARLY,
} from "./plans";

describe("a start", () => {
  test("gives the present allotment, and the next one beforehand", () => {
    expect(told(start(PRO, "2026-01-31").acts)).toEqual([
      "grant 300 from 2026-01-31 to 2026-02-28",
      "grant 300 from 2026-02-28 to 2026-03-31",
    ]);
  });

  test("gives each allotment by its own interval, and the overdraft", () => {
    const many = plan("many", {
      billing: "P1Y",
      allotments: [allotment(), allotment({ creditTypeId: IMAGES, amount: 5n * CREDIT, interval: "P2W" })],
      overdrafts: TEAM.overdrafts,
    });
    expect(told(start(many, "2026-04-01").acts)).toEqual([
      "overdraft 50",
      "grant 300 from 2026-04-01 to 2026-05-01",
      "grant 300 from 2026-05-01 to 2026-06-01",
      "grant 5 from 2026-04-01 to 2026-04-15 (type 2)",
      "grant 5 from 2026-04-15 to 2026-04-29 (type 2)",
    ]);
  });

  test("on trial gives whole allotments until the trial's end, those that follow beforehand, and no overdraft", () => {
    const { state, acts } = start(TRIED, "2026-04-01");
    expect(state.status).toBe("TRIALING");
    expect(told(acts)).toEqual(["grant 300 from 2026-04-01 to 2026-04-15", "grant 300 from 2026-04-15 to 2026-05-15"]);
  });

  test("on trial rolls nothing over into what is paid", () => {
    const { acts } = start({ ...ROLLING, trial: "P14D" }, "2026-04-01");
    const rollovers = acts.map((act) => act.act === "grant" && act.terms.rollover?.percent);
    expect(rollovers).toEqual([undefined, 50]);
  });

  test("keeps what rolls over until one of the allotment's own periods ends, however long these are", () => {
    const until = (version: PlanVersion, ...commands: readonly (readonly [string, SubscriptionCommand])[]) =>
      history(version, "2026-01-31", ...commands).all.map((act) => act.act === "grant" && act.terms.rollover?.until);
    const kept = { percent: 100, maximum: null, periods: 1 };
    const monthly = plan("monthly", { allotments: [allotment({ rollover: { ...kept, period: "P1M" } })] });
    expect(until(monthly, ["2026-02-28", TICK])).toEqual([at("2026-03-31"), at("2026-04-30"), at("2026-05-31")]);
    // Counted from the end, as it is no period of the allotment's.
    expect(until(plan("weeks", { allotments: [allotment({ rollover: { ...kept, period: "P2W" } })] }))).toEqual([
      undefined,
      undefined,
    ]);
  });

  test("without the trial that there is begins with what is paid", () => {
    const { state, acts } = start(TRIED, "2026-04-01", "UTC", false);
    expect(state.status).toBe("ACTIVE");
    expect(told(acts)[0]).toBe("overdraft 50");
  });

  test("carries the plan's terms into the grants, and a key that tells each one apart", () => {
    const { acts } = start(ROLLING, "2026-04-01");
    expect(acts[0]).toEqual({
      act: "grant",
      creditTypeId: 1,
      idempotencyKey: "subscription:1/course:0/allotment:0/period:0/command:0",
      line: 0,
      terms: {
        kind: "PLAN",
        amount: 300n * CREDIT,
        priority: 100,
        effectiveAt: at("2026-04-01"),
        expiresAt: at("2026-05-01"),
        scope: { operations: [], apps: [] },
        costBasis: null,
        rollover: { percent: 50, maximum: 100n * CREDIT, period: "P1M", periods: 2, until: at("2026-07-01") },
        repaysDebt: true,
        source: "plan rolling, version 1",
        metadata: null,
      },
    });
  });
});

describe("a tick", () => {
  test.each<[string, PlanVersion, (readonly [string, SubscriptionCommand])[], string[]]>([
    ["before the next period does nothing", PRO, [["2026-04-30T23:59:59.999999Z", TICK]], []],
    ["at the next period's start gives the one after", PRO, [["2026-05-01", TICK]], ["grant 300 from 2026-06-01 to 2026-07-01"]],
    [
      "again does nothing",
      PRO,
      [
        ["2026-05-01", TICK],
        ["2026-05-01", TICK],
      ],
      [],
    ],
    [
      "that is late by less than a period misses nothing",
      PRO,
      [["2026-05-31", TICK]],
      ["grant 300 from 2026-06-01 to 2026-07-01"],
    ],
    [
      "after a long sleep gives the present and the next allotment, and none that is over",
      PRO,
      [["2026-10-10", TICK]],
      ["grant 300 from 2026-10-01 to 2026-11-01", "grant 300 from 2026-11-01 to 2026-12-01"],
    ],
    [
      "after a long sleep gives what would have been rolled over and is still alive",
      ROLLING,
      [["2026-10-10", TICK]],
      [
        "grant ROLLOVER 100 from 2026-09-01 to 2026-11-01",
        "grant ROLLOVER 100 from 2026-10-01 to 2026-12-01",
        "grant 300 from 2026-10-01 to 2026-11-01",
        "grant 300 from 2026-11-01 to 2026-12-01",
      ],
    ],
    [
      "at a trial's end sets the overdraft and goes on with what is paid",
      TRIED,
      [["2026-04-15", TICK]],
      ["overdraft 50", "grant 300 from 2026-05-15 to 2026-06-15"],
    ],
    [
      "long after a trial's end still goes on",
      TRIED,
      [["2026-08-20", TICK]],
      ["overdraft 50", "grant 300 from 2026-08-15 to 2026-09-15", "grant 300 from 2026-09-15 to 2026-10-15"],
    ],
    [
      "on a yearly plan gives each month's allotment",
      YEARLY,
      [["2026-05-01", TICK]],
      ["grant 300 from 2026-06-01 to 2026-07-01"],
    ],
  ])("%s", (_what, version, commands, acts) => {
    expect(does(version, ...commands)).toEqual(acts);
  });

  test("that finds nothing due leaves the very same value", () => {
    const { state } = start(PRO, "2026-04-01");
    expect(decideSubscription(state, TICK, at("2026-04-20")).state).toBe(state);
  });

  test("at an instant before its last is one at its last", () => {
    const { state } = history(PRO, "2026-04-01", ["2026-06-10", TICK]);
    expect(decideSubscription(state, CANCEL, at("2026-04-20")).state.ahead?.at).toBe(at("2026-07-01"));
  });

  test("is due at the next period's start, and no more once it has acted", () => {
    const { state } = start(PRO, "2026-04-01");
    expect(nextDueAt(state)).toBe(at("2026-05-01"));
    const { state: later } = decideSubscription(state, TICK, at("2026-05-03"));
    expect(nextDueAt(later)).toBe(at("2026-06-01"));
    expect(later.revision).toBe(state.revision + 1);
  });

  test("decides the same with the same keys when it is repeated from the same state", () => {
    const { state } = start(PRO, "2026-04-01");
    const early = decideSubscription(state, TICK, at("2026-05-03"));
    const late = decideSubscription(state, TICK, at("2026-05-20"));
    expect(late.acts).toEqual(early.acts);
  });

  test("leaves an allotment of a year its share where a change came in between", () => {
    const slow = plan("slow", { allotments: [allotment({ amount: 365n * CREDIT, interval: "P1Y" })] });
    const { acts, all } = history(slow, "2026-04-01", ["2026-04-11", change(PRO, "AT_PERIOD_END")], ["2026-05-02", TICK]);
    expect(told(acts, all)).toEqual(["keep 30 of 365 from 2026-04-01", "grant 300 from 2026-06-01 to 2026-07-01"]);
  });

  test("rolls over, of what was missed until the end, no more than its time", () => {
    const rollover = { percent: 100, maximum: null, period: "P1M", periods: 1 };
    const weekly = plan("weekly", { allotments: [allotment({ amount: 70n * CREDIT, interval: "P1W", rollover })] });
    expect(does(weekly, ["2026-04-11", CANCEL], ["2026-05-10", TICK])).toEqual([
      "grant ROLLOVER 70 from 2026-04-29 to 2026-05-29",
      "grant ROLLOVER 20 from 2026-05-06 to 2026-06-06",
    ]);
  });
});

test("what is kept for three years of days is told without asking the calendar for each of them", () => {
  const rollover = { percent: 100, maximum: null, period: "P1D", periods: 1_096 };
  const daily = plan("daily", { allotments: [allotment({ interval: "P1D", rollover })] });
  // Whatever the calendar is asked for is rounded, once.
  const asked = jest.spyOn(Math, "round");
  const { acts } = start(daily, "2026-04-01");
  const times = asked.mock.calls.length;
  asked.mockRestore();
  expect(acts.map((act) => act.act === "grant" && formatInstant(act.terms.rollover?.until ?? 0n))).toEqual([
    "2029-04-02T00:00:00.000Z",
    "2029-04-03T00:00:00.000Z",
  ]);
  expect(times).toBeGreaterThan(0);
  expect(times).toBeLessThan(50);
});

describe("what is refused", () => {
  test.each<[string, SubscriptionCommand, SubscriptionCommand | null, object]>([
    [
      "to resume what goes on",
      { type: "resume", reset: false },
      null,
      { code: "NOT_IN_THIS_STATUS", status: "ACTIVE", allowed: ["PAUSED", "UNPAID"] },
    ],
    [
      "to pause what is paused",
      { type: "pause", alive: "KEEP" },
      { type: "pause", alive: "KEEP" },
      { code: "NOT_IN_THIS_STATUS", status: "PAUSED" },
    ],
    [
      "to change what is paused",
      change(TEAM, "NOW_RESET"),
      { type: "pause", alive: "KEEP" },
      { code: "NOT_IN_THIS_STATUS", status: "PAUSED" },
    ],
    ["to cancel what has ended", CANCEL, { type: "cancel", alive: "KEEP" }, { code: "NOT_IN_THIS_STATUS", status: "ENDED" }],
    ["to withdraw nothing", WITHDRAW, null, { code: "NOTHING_AHEAD" }],
    [
      "to change to the version that it is on",
      change(PRO, "AT_PERIOD_END"),
      null,
      { code: "ALREADY_ON_THIS_VERSION", version: PRO },
    ],
    ["to change to it in the middle", change(PRO, "NOW_PRORATED"), null, { code: "ALREADY_ON_THIS_VERSION", version: PRO }],
  ])("%s", (_what, command, before, refusal) => {
    const { state } = history(PRO, "2026-04-01", ...(before ? [["2026-04-10", before] as const] : []));
    const outcome = decideSubscription(state, command, at("2026-04-11"));
    expect(outcome).toMatchObject({ refused: true, refusal });
    expect(outcome.state).toBe(state);
  });

  test("does not undo what time did before", () => {
    const { state } = start(PRO, "2026-04-01");
    const outcome = decideSubscription(state, WITHDRAW, at("2026-05-02"));
    expect(outcome.refused).toBe(true);
    expect(told(outcome.acts)).toEqual(["grant 300 from 2026-06-01 to 2026-07-01"]);
    expect(outcome.state.revision).toBe(state.revision + 1);
  });
});
