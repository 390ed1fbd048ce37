import { describe, expect, test } from "@jest/globals";
import type { SubscriptionCommand } from "../../../src/plans/model/commands";
import { nextDueAt } from "../../../src/plans/model/course";
import type { PlanVersion } from "../../../src/plans/model/types";
import {
  allotment,
  at,
  CANCEL,
  CREDIT,
  change,
  does,
  history,
  LASTING,
  LASTING_WEEKLY,
  PRO,
  plan,
  SHORT,
  start,
  TEAM,
  TICK,
  told,
  WITHDRAW,
  YEARLY,
} from "./plans";

/** Its second fortnight begins before the month is over, and its third not. */
const FORTNIGHTLY = plan("fortnightly", { allotments: [allotment({ interval: "P12D", life: "PT5H" })] });

type Commands = (readonly [string, SubscriptionCommand])[];
type Table = [string, PlanVersion, Commands, string[]][];

/** Allotments whose credits live longer than their periods, or shorter; see stopping.test.ts and change.test.ts for those that do not. */

const MAY = "grant 300 from 2026-05-01 to 2026-08-01";
const JUNE = "grant 300 from 2026-06-01 to 2026-09-01";

describe("an allotment with a life of its own", () => {
  test("expires when that is over, counted from the beginning of its period", () => {
    expect(told(start(LASTING, "2026-04-01").acts)).toEqual(["grant 300 from 2026-04-01 to 2026-07-01", MAY]);
    expect(told(start(SHORT, "2026-04-01").acts)).toEqual([
      "grant 300 from 2026-04-01 to 2026-04-08",
      "grant 300 from 2026-05-01 to 2026-05-08",
    ]);
  });

  test("keeps to the 31st, so that nothing is missing between one month and the next", () => {
    const monthly = plan("monthly", { allotments: [allotment({ life: "P1M" })] });
    expect(told(history(monthly, "2026-01-31", ["2026-02-28", TICK], ["2026-03-31", TICK]).all)).toEqual([
      "grant 300 from 2026-01-31 to 2026-02-28",
      "grant 300 from 2026-02-28 to 2026-03-31",
      "grant 300 from 2026-03-31 to 2026-04-30",
      "grant 300 from 2026-04-30 to 2026-05-31",
    ]);
  });

  test("ends with the trial that it is given for, and lives on once that is paid", () => {
    expect(told(start({ ...LASTING, trial: "P14D" }, "2026-04-01").acts)).toEqual([
      "grant 300 from 2026-04-01 to 2026-04-15",
      "grant 300 from 2026-04-15 to 2026-07-15",
    ]);
    expect(told(start({ ...SHORT, trial: "P14D" }, "2026-04-01").acts)).toEqual([
      "grant 300 from 2026-04-01 to 2026-04-08",
      "grant 300 from 2026-04-15 to 2026-04-22",
    ]);
  });

  test("is renewed by its period, not by its life", () => {
    for (const version of [LASTING, SHORT]) {
      const { state } = history(version, "2026-04-01", ["2026-04-20", TICK]);
      expect(nextDueAt(state)).toBe(at("2026-05-01"));
      expect(history(version, "2026-04-01", ["2026-05-01", TICK]).acts).toHaveLength(1);
    }
  });

  test("is known to the subscription until its period is over", () => {
    const known = (version: PlanVersion, now: string) =>
      history(version, "2026-04-01", [now, TICK]).state.grants.map(({ effectiveAt }) => effectiveAt);
    expect(known(LASTING, "2026-05-01")).toEqual([at("2026-05-01"), at("2026-06-01")]);
    expect(known(SHORT, "2026-04-20")).toEqual([at("2026-04-01"), at("2026-05-01")]);
  });

  test.each<Table[number]>([
    [
      "that was missed is given as long as it would be alive",
      LASTING,
      [["2026-10-10", TICK]],
      [
        "grant 300 from 2026-08-01 to 2026-11-01",
        "grant 300 from 2026-09-01 to 2026-12-01",
        "grant 300 from 2026-10-01 to 2027-01-01",
        "grant 300 from 2026-11-01 to 2027-02-01",
      ],
    ],
    [
      "that was missed on a long trial is given until that ends",
      { ...LASTING, trial: "P5M" },
      [["2026-07-10", TICK]],
      [
        "grant 300 from 2026-06-01 to 2026-09-01",
        "grant 300 from 2026-07-01 to 2026-09-01",
        "grant 300 from 2026-08-01 to 2026-09-01",
      ],
    ],
    [
      "that was missed and would be over already is not given, though its period is not",
      SHORT,
      [["2026-10-10", TICK]],
      ["grant 300 from 2026-11-01 to 2026-11-08"],
    ],
    [
      "that was missed until the end has the share of its period until then",
      LASTING_WEEKLY,
      [
        ["2026-04-11", CANCEL],
        ["2026-05-20", TICK],
      ],
      ["grant 70 from 2026-04-22 to 2026-05-22", "grant 70 from 2026-04-29 to 2026-05-29", "keep 20 of 70 from 2026-04-29"],
    ],
  ])("%s", (_what, version, commands, acts) => {
    expect(does(version, ...commands)).toEqual(acts);
  });
});

describe("credits of earlier periods, which are still alive,", () => {
  const THIRD_MONTH: Commands = [
    ["2026-05-01", TICK],
    ["2026-06-01", TICK],
  ];
  test.each<[string, SubscriptionCommand, string[]]>([
    [
      "are left alone by a cancellation at once",
      { type: "cancel", alive: "VOID" },
      ["void 300 from 2026-07-01", "void 300 from 2026-06-01"],
    ],
    [
      "and a share of the present one's, by one that is prorated",
      { type: "cancel", alive: "PRORATE" },
      ["void 300 from 2026-07-01", "keep 100 of 300 from 2026-06-01"],
    ],
    ["and by one at the period's end", CANCEL, ["void 300 from 2026-07-01"]],
    ["and by a pause", { type: "pause", alive: "VOID" }, ["void 300 from 2026-07-01", "void 300 from 2026-06-01"]],
    [
      "and by a change at the period's end",
      change(TEAM, "AT_PERIOD_END"),
      ["void 300 from 2026-07-01", "grant 600 from 2026-07-01 to 2026-08-01"],
    ],
    [
      "and by a prorated one, which shares the present one's by its period",
      change(TEAM, "NOW_PRORATED"),
      [
        "void 300 from 2026-07-01",
        "keep 100 of 300 from 2026-06-01",
        "overdraft 50",
        "grant 400 from 2026-06-11 to 2026-07-01",
        "grant 600 from 2026-07-01 to 2026-08-01",
      ],
    ],
    [
      "and by one that begins a new period",
      change(TEAM, "NOW_RESET"),
      [
        "void 300 from 2026-07-01",
        "void 300 from 2026-06-01",
        "overdraft 50",
        "grant 600 from 2026-06-11 to 2026-07-11",
        "grant 600 from 2026-07-11 to 2026-08-11",
      ],
    ],
  ])("%s", (_what, command, acts) => {
    expect(does(LASTING, ...THIRD_MONTH, ["2026-06-11", command])).toEqual(acts);
  });

  test("are left alone by the end that a cancellation comes to", () => {
    expect(does(LASTING, ["2026-04-11", CANCEL], ["2026-05-01", TICK])).toEqual([]);
    expect(does(LASTING_WEEKLY, ["2026-04-11", CANCEL], ["2026-04-29", TICK], ["2026-05-01", TICK])).toEqual([
      "keep 20 of 70 from 2026-04-29",
    ]);
  });
});

describe("a course that begins inside a period", () => {
  test.each<Table[number]>([
    [
      "gives the rest of it, which ends with all of the period's credits",
      PRO,
      [["2026-04-11", change(LASTING, "NOW_PRORATED")]],
      ["void 300 from 2026-05-01", "keep 100 of 300 from 2026-04-01", "grant 200 from 2026-04-11 to 2026-07-01", MAY],
    ],
    [
      "gives nothing of it when its credits' life is over",
      PRO,
      [["2026-04-11", change(SHORT, "NOW_PRORATED")]],
      ["void 300 from 2026-05-01", "keep 100 of 300 from 2026-04-01", "grant 300 from 2026-05-01 to 2026-05-08"],
    ],
    [
      "goes on from there",
      PRO,
      [
        ["2026-04-11", change(SHORT, "NOW_PRORATED")],
        ["2026-05-01", TICK],
      ],
      ["grant 300 from 2026-06-01 to 2026-06-08"],
    ],
    [
      "has nothing to take of what lived shorter than it",
      SHORT,
      [["2026-04-11", change(PRO, "NOW_PRORATED")]],
      ["void 300 from 2026-05-01", "grant 200 from 2026-04-11 to 2026-05-01", "grant 300 from 2026-05-01 to 2026-06-01"],
    ],
    [
      "does not give again what has lived, when it resumes",
      SHORT,
      [
        ["2026-04-10", { type: "pause", alive: "VOID" }],
        ["2026-04-11", { type: "resume", reset: false }],
      ],
      ["grant 300 from 2026-05-01 to 2026-05-08"],
    ],
    [
      "gives nothing for the time of a pause, however long it would have lived",
      LASTING,
      [
        ["2026-04-11", { type: "pause", alive: "KEEP" }],
        ["2026-06-16", { type: "resume", reset: false }],
      ],
      ["grant 150 from 2026-06-16 to 2026-09-01", "grant 300 from 2026-07-01 to 2026-10-01"],
    ],
    [
      "is given back what a cancellation took",
      LASTING,
      [
        ["2026-05-11", CANCEL],
        ["2026-05-12", WITHDRAW],
      ],
      [JUNE],
    ],
  ])("%s", (_what, version, commands, acts) => {
    expect(does(version, ...commands)).toEqual(acts);
  });

  test("is not due again once it was seen that nothing is to be given any more", () => {
    const { state, acts } = history(
      PRO,
      "2026-04-01",
      ["2026-04-11", change(SHORT, "NOW_PRORATED")],
      ["2026-04-12", change({ ...YEARLY, id: "short yearly", allotments: SHORT.allotments }, "NOW_PRORATED")],
      ["2026-04-13", { type: "cancelAtPeriodEnd" }],
      ["2026-05-01", TICK],
    );
    expect(told(acts)).toEqual(["grant 300 from 2026-06-01 to 2026-06-08"]);
    const { state: later } = history(
      PRO,
      "2026-02-01",
      ["2026-02-20", change(FORTNIGHTLY, "NOW_PRORATED")],
      ["2026-02-21", CANCEL],
      ["2026-02-28", TICK],
    );
    expect([nextDueAt(state), nextDueAt(later)]).toEqual([at("2026-06-01"), at("2026-03-01")]);
  });

  test("shares to the micro-credit, whatever the life", () => {
    const odd = plan("odd", { allotments: [allotment({ amount: 7n * CREDIT, life: "P40D" })] });
    const { all } = history(odd, "2026-04-01", ["2026-04-11", change(LASTING, "NOW_PRORATED")]);
    expect(told(all)).toContain("keep 2.333333 of 7 from 2026-04-01");
  });
});
