import { describe, expect, test } from "@jest/globals";
import { MAX_AMOUNT } from "../../../src/core/amount";
import { problemsOf } from "../../../src/plans/model/problems";
import type { Allotment, PlanVersion } from "../../../src/plans/model/types";
import { allotment, plan } from "./plans";

const ROLLOVER: NonNullable<Allotment["rollover"]> = { percent: 100, maximum: null, period: "P1M", periods: 1 };

function withAllotment(terms: Partial<Allotment>): Partial<PlanVersion> {
  return { allotments: [allotment(), allotment(terms)] };
}

describe("a plan version", () => {
  test("that is in order may be published", () => {
    expect(
      problemsOf(
        plan("pro", { trial: "P14D", overdrafts: [{ creditTypeId: 1, limit: 5n }], ...withAllotment({ rollover: ROLLOVER }) }),
      ),
    ).toEqual([]);
    expect(problemsOf(plan("free", { price: null }))).toEqual([]);
    expect(problemsOf(plan("great", { allotments: [allotment({ amount: MAX_AMOUNT / 2n })] }))).toEqual([]);
    for (const [interval, life] of Object.entries({ P1M: "P100Y", P1D: "P1200D", P1Y: "PT1S", P2W: "P3M" }))
      expect(problemsOf(plan("lasting", withAllotment({ interval, life })))).toEqual([]);
  });

  test.each<[string, Partial<PlanVersion>, PropertyKey[]]>([
    ["without credits", { allotments: [] }, ["allotments"]],
    ["with a price of zero, which is to be left out", { price: { amount: "0", currency: "USD" } }, ["price"]],
    ["with a price that nobody can pay", { price: { amount: "1.005", currency: "USD" } }, ["price", "amount"]],
    ["with a price below zero", { price: { amount: "-1", currency: "USD" } }, ["price", "amount"]],
    ["billed by the hour", { billing: "PT1H" }, ["billing"]],
    ["with an endless trial", { trial: "P0D" }, ["trial"]],
    ["that gives nothing", withAllotment({ amount: 0n }), ["allotments", 1, "amount"]],
    ["that gives more than amounts can say", withAllotment({ amount: MAX_AMOUNT + 1n }), ["allotments", 1, "amount"]],
    [
      "whose next period would not fit beside the present one",
      withAllotment({ amount: MAX_AMOUNT / 2n }),
      ["allotments", 1, "amount"],
    ],
    ["that gives by a month and a half", withAllotment({ interval: "P1.5M" }), ["allotments", 1, "interval"]],
    ["whose credits live for no time", withAllotment({ life: "P0D" }), ["allotments", 1, "life"]],
    ["whose credits live for less than a second", withAllotment({ life: "PT0.999S" }), ["allotments", 1, "life"]],
    ["whose credits live for centuries", withAllotment({ life: "P101Y" }), ["allotments", 1, "life"]],
    ["of which too many would live at once", withAllotment({ interval: "P1D", life: "P1201D" }), ["allotments", 1, "life"]],
    ["that rolls over what has a life", withAllotment({ life: "P3M", rollover: ROLLOVER }), ["allotments", 1, "rollover"]],
    ["with a priority past the last", withAllotment({ priority: 256 }), ["allotments", 1, "priority"]],
    [
      "that rolls over nothing",
      withAllotment({ rollover: { ...ROLLOVER, percent: 0 } }),
      ["allotments", 1, "rollover", "percent"],
    ],
    [
      "that rolls over more than there is",
      withAllotment({ rollover: { ...ROLLOVER, percent: 101 } }),
      ["allotments", 1, "rollover", "percent"],
    ],
    [
      "that rolls over at most nothing",
      withAllotment({ rollover: { ...ROLLOVER, maximum: 0n } }),
      ["allotments", 1, "rollover", "maximum"],
    ],
    [
      "that rolls over for no time",
      withAllotment({ rollover: { ...ROLLOVER, periods: 0 } }),
      ["allotments", 1, "rollover", "periods"],
    ],
    [
      "that rolls over for no period",
      withAllotment({ rollover: { ...ROLLOVER, period: "P0M" } }),
      ["allotments", 1, "rollover", "period"],
    ],
    [
      "that rolls over for centuries",
      withAllotment({ rollover: { ...ROLLOVER, period: "P1Y", periods: 101 } }),
      ["allotments", 1, "rollover", "periods"],
    ],
    ["with an overdraft of nothing", { overdrafts: [{ creditTypeId: 1, limit: 0n }] }, ["overdrafts", 0, "limit"]],
    [
      "with two overdrafts of a credit type",
      {
        overdrafts: [
          { creditTypeId: 1, limit: 1n },
          { creditTypeId: 1, limit: 2n },
        ],
      },
      ["overdrafts", 1, "creditType"],
    ],
  ])("%s may not", (_what, terms, path) => {
    const problems = problemsOf(plan("pro", terms));
    expect(problems.map((problem) => problem.path)).toEqual([path]);
    // A sentence that tells of what it is said, as it may be read without its path.
    expect(problems[0]?.message).toMatch(/^[A-Z].* .*\.$/);
  });

  test("is told all that is wrong with it at once", () => {
    expect(problemsOf(plan("pro", { billing: "P0M", ...withAllotment({ amount: 0n, interval: "P1H" }) }))).toHaveLength(3);
  });
});
