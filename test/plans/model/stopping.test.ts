import { describe, expect, test } from "@jest/globals";
import type { SubscriptionCommand } from "../../../src/plans/model/commands";
import { nextDueAt } from "../../../src/plans/model/course";
import type { PlanVersion } from "../../../src/plans/model/types";
import { at, CANCEL, change, does, history, PRO, TEAM, TICK, TRIED, WEEKLY, WITHDRAW, YEARLY } from "./plans";

describe("a pause", () => {
  test.each<[string, PlanVersion, (readonly [string, SubscriptionCommand])[], string[]]>([
    [
      "takes the next allotment back and keeps the present",
      PRO,
      [["2026-04-11", { type: "pause", alive: "KEEP" }]],
      ["void 300 from 2026-05-01"],
    ],
    [
      "may leave the present its elapsed share",
      PRO,
      [["2026-04-11", { type: "pause", alive: "PRORATE" }]],
      ["void 300 from 2026-05-01", "keep 100 of 300 from 2026-04-01"],
    ],
    [
      "may take the present back too, and ends the overdraft",
      TEAM,
      [["2026-04-11", { type: "pause", alive: "VOID" }]],
      ["void 600 from 2026-05-01", "void 600 from 2026-04-01", "overdraft 0"],
    ],
    [
      "gives nothing while it lasts",
      PRO,
      [
        ["2026-04-11", { type: "pause", alive: "KEEP" }],
        ["2026-09-11", TICK],
      ],
      [],
    ],
    [
      "that ends within the period brings the next allotment back",
      TEAM,
      [
        ["2026-04-11", { type: "pause", alive: "KEEP" }],
        ["2026-04-16", { type: "resume", reset: false }],
      ],
      ["overdraft 50", "grant 600 from 2026-05-01 to 2026-06-01"],
    ],
    [
      "that ends later gives the present allotment for the rest of its period",
      PRO,
      [
        ["2026-04-11", { type: "pause", alive: "KEEP" }],
        ["2026-06-16", { type: "resume", reset: false }],
      ],
      ["grant 150 from 2026-06-16 to 2026-07-01", "grant 300 from 2026-07-01 to 2026-08-01"],
    ],
    [
      "that took back a share gives, at its end, a share of the same period",
      PRO,
      [
        ["2026-04-11", { type: "pause", alive: "PRORATE" }],
        ["2026-04-21", { type: "resume", reset: false }],
      ],
      ["grant 100 from 2026-04-21 to 2026-05-01", "grant 300 from 2026-05-01 to 2026-06-01"],
    ],
    [
      "may end with a new period, which leaves nothing of the old one",
      PRO,
      [
        ["2026-04-11", { type: "pause", alive: "KEEP" }],
        ["2026-04-16", { type: "resume", reset: true }],
      ],
      ["void 300 from 2026-04-01", "grant 300 from 2026-04-16 to 2026-05-16", "grant 300 from 2026-05-16 to 2026-06-16"],
    ],
    [
      "of a trial gives no overdraft when the trial is over",
      TRIED,
      [
        ["2026-04-11", { type: "pause", alive: "KEEP" }],
        ["2026-04-20", TICK],
      ],
      [],
    ],
    [
      "of a trial outlasts the trial, and resumes as what is paid",
      TRIED,
      [
        ["2026-04-11", { type: "pause", alive: "KEEP" }],
        ["2026-04-30", { type: "resume", reset: false }],
      ],
      ["overdraft 50", "grant 150 from 2026-04-30 to 2026-05-15", "grant 300 from 2026-05-15 to 2026-06-15"],
    ],
  ])("%s", (_what, version, commands, acts) => {
    expect(does(version, ...commands)).toEqual(acts);
  });

  test("within a yearly plan's month is told apart, when granted again, from what was taken back", () => {
    const { all } = history(
      YEARLY,
      "2026-04-01",
      ["2026-04-11", { type: "pause", alive: "KEEP" }],
      ["2026-04-16", { type: "resume", reset: false }],
    );
    const keys = all.map(({ idempotencyKey }) => idempotencyKey);
    expect(new Set(keys).size).toBe(keys.length);
  });
});

test("an overdraft that is given back by a command, and ended by time, has a key for each", () => {
  const { all } = history(
    TEAM,
    "2026-04-01",
    ["2026-04-11", CANCEL],
    ["2026-04-12", { type: "unpaid", alive: "KEEP" }],
    ["2026-04-13", { type: "resume", reset: false }],
    ["2026-05-01", TICK],
  );
  const keys = all.filter(({ act }) => act === "overdraft").map(({ idempotencyKey }) => idempotencyKey);
  expect(new Set(keys).size).toBe(4);
});

describe("a payment that failed", () => {
  test.each<[string, (readonly [string, SubscriptionCommand])[], string[]]>([
    [
      "takes the next allotment back",
      [["2026-04-29", { type: "unpaid", alive: "KEEP" }]],
      ["void 600 from 2026-05-01", "overdraft 0"],
    ],
    [
      "and is made good later gives the rest of the present period",
      [
        ["2026-04-29", { type: "unpaid", alive: "KEEP" }],
        ["2026-05-01", { type: "resume", reset: false }],
      ],
      ["overdraft 50", "grant 600 from 2026-05-01 to 2026-06-01", "grant 600 from 2026-06-01 to 2026-07-01"],
    ],
  ])("%s", (_what, commands, acts) => {
    expect(does(TEAM, ...commands)).toEqual(acts);
  });
});

describe("a cancellation", () => {
  test.each<[string, PlanVersion, (readonly [string, SubscriptionCommand])[], string[]]>([
    ["at period end takes the next allotment back", PRO, [["2026-04-11", CANCEL]], ["void 300 from 2026-05-01"]],
    [
      "that is asked for twice does nothing more",
      PRO,
      [
        ["2026-04-11", CANCEL],
        ["2026-04-12", CANCEL],
      ],
      [],
    ],
    [
      "at a year's end leaves the months before it",
      YEARLY,
      [
        ["2026-04-11", CANCEL],
        ["2027-02-01", TICK],
      ],
      ["grant 300 from 2027-02-01 to 2027-03-01", "grant 300 from 2027-03-01 to 2027-04-01"],
    ],
    [
      "at a year's end gives nothing past it",
      YEARLY,
      [
        ["2026-04-11", CANCEL],
        ["2027-02-01", TICK],
        ["2027-03-01", TICK],
      ],
      [],
    ],
    [
      "ends the overdraft at the period's end",
      TEAM,
      [
        ["2026-04-11", CANCEL],
        ["2026-05-04", TICK],
      ],
      ["overdraft 0"],
    ],
    [
      "leaves an allotment that reaches past the end its elapsed share",
      WEEKLY,
      [
        ["2026-04-11", CANCEL],
        ["2026-04-29", TICK],
        ["2026-05-01", TICK],
      ],
      ["keep 20 of 70 from 2026-04-29"],
    ],
    [
      "that is seen late leaves alone what is over by then",
      WEEKLY,
      [
        ["2026-04-11", CANCEL],
        ["2026-04-29", TICK],
        ["2026-05-20", TICK],
      ],
      [],
    ],
    [
      "that follows upon a payment made good ends the overdraft that it brought back",
      TEAM,
      [
        ["2026-04-11", CANCEL],
        ["2026-04-12", { type: "unpaid", alive: "KEEP" }],
        ["2026-04-13", { type: "resume", reset: false }],
        ["2026-05-01", TICK],
      ],
      ["overdraft 0"],
    ],
    [
      "at once keeps what is alive, if told so",
      TEAM,
      [["2026-04-11", { type: "cancel", alive: "KEEP" }]],
      ["void 600 from 2026-05-01", "overdraft 0"],
    ],
    [
      "at once withdraws what is alive, if told so",
      PRO,
      [["2026-04-11", { type: "cancel", alive: "VOID" }]],
      ["void 300 from 2026-05-01", "void 300 from 2026-04-01"],
    ],
    [
      "that is withdrawn brings the next allotment back",
      PRO,
      [
        ["2026-04-11", CANCEL],
        ["2026-04-12", WITHDRAW],
      ],
      ["grant 300 from 2026-05-01 to 2026-06-01"],
    ],
    ["during a trial takes back what was to follow it", TRIED, [["2026-04-11", CANCEL]], ["void 300 from 2026-04-15"]],
    [
      "in the place of a change takes back what the change gave",
      PRO,
      [
        ["2026-04-11", change(TEAM, "AT_PERIOD_END")],
        ["2026-04-12", CANCEL],
      ],
      ["void 600 from 2026-05-01"],
    ],
  ])("%s", (_what, version, commands, acts) => {
    expect(does(version, ...commands)).toEqual(acts);
  });

  test("ends the subscription at the period's end, however late that is seen", () => {
    const { state } = history(PRO, "2026-04-01", ["2026-04-11", CANCEL], ["2026-08-20", TICK]);
    expect(state).toMatchObject({ status: "ENDED", endedAt: at("2026-05-01"), ahead: null });
    expect(nextDueAt(state)).toBeNull();
  });
});
