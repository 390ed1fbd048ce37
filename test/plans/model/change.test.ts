import { describe, expect, test } from "@jest/globals";
import type { SubscriptionCommand } from "../../../src/plans/model/commands";
import { billingSpan } from "../../../src/plans/model/course";
import { decideSubscription } from "../../../src/plans/model/decide";
import type { PlanVersion } from "../../../src/plans/model/types";
import { deepFreeze } from "../../support/deep-freeze";
import { at, CANCEL, change, does, history, PRO, start, TEAM, TICK, TRIED, WITHDRAW, YEARLY } from "./plans";

describe("a change of plan", () => {
  test.each<[string, PlanVersion, (readonly [string, SubscriptionCommand])[], string[]]>([
    [
      "at period end exchanges the next allotment",
      PRO,
      [["2026-04-11", change(TEAM, "AT_PERIOD_END")]],
      ["void 300 from 2026-05-01", "grant 600 from 2026-05-01 to 2026-06-01"],
    ],
    [
      "at period end that is asked for twice does nothing more",
      PRO,
      [
        ["2026-04-11", change(TEAM, "AT_PERIOD_END")],
        ["2026-04-12", change(TEAM, "AT_PERIOD_END")],
      ],
      [],
    ],
    [
      "at period end sets the overdraft when it comes",
      PRO,
      [
        ["2026-04-11", change(TEAM, "AT_PERIOD_END")],
        ["2026-05-01", TICK],
      ],
      ["overdraft 50", "grant 600 from 2026-06-01 to 2026-07-01"],
    ],
    [
      "at period end that is withdrawn is exchanged back",
      PRO,
      [
        ["2026-04-11", change(TEAM, "AT_PERIOD_END")],
        ["2026-04-12", WITHDRAW],
      ],
      ["void 600 from 2026-05-01", "grant 300 from 2026-05-01 to 2026-06-01"],
    ],
    [
      "at period end during a trial exchanges what follows the trial",
      TRIED,
      [["2026-04-11", change(TEAM, "AT_PERIOD_END")]],
      ["void 300 from 2026-04-15", "grant 600 from 2026-04-15 to 2026-05-15"],
    ],
    [
      "now, prorated, leaves the old allotment its elapsed share and gives the new one's rest",
      PRO,
      [["2026-04-11", change(TEAM, "NOW_PRORATED")]],
      [
        "void 300 from 2026-05-01",
        "keep 100 of 300 from 2026-04-01",
        "overdraft 50",
        "grant 400 from 2026-04-11 to 2026-05-01",
        "grant 600 from 2026-05-01 to 2026-06-01",
      ],
    ],
    [
      "twice, prorated, shares what the first left",
      PRO,
      [
        ["2026-04-11", change(TEAM, "NOW_PRORATED")],
        ["2026-04-21", change(PRO, "NOW_PRORATED")],
      ],
      [
        "void 600 from 2026-05-01",
        "keep 200 of 400 from 2026-04-11",
        "overdraft 0",
        "grant 100 from 2026-04-21 to 2026-05-01",
        "grant 300 from 2026-05-01 to 2026-06-01",
      ],
    ],
    [
      "now, prorated, at the very start leaves nothing of the old one",
      PRO,
      [["2026-05-01", change(TEAM, "NOW_PRORATED")]],
      [
        "grant 300 from 2026-06-01 to 2026-07-01",
        "void 300 from 2026-06-01",
        "void 300 from 2026-05-01",
        "overdraft 50",
        "grant 600 from 2026-05-01 to 2026-06-01",
        "grant 600 from 2026-06-01 to 2026-07-01",
      ],
    ],
    [
      "now, prorated, during a trial goes on with the trial",
      TRIED,
      [["2026-04-08", change(TEAM, "NOW_PRORATED")]],
      [
        "void 300 from 2026-04-15",
        "keep 150 of 300 from 2026-04-01",
        "grant 300 from 2026-04-08 to 2026-04-15",
        "grant 600 from 2026-04-15 to 2026-05-15",
      ],
    ],
    [
      "now, from new, leaves nothing of the old one and begins a period",
      PRO,
      [["2026-04-11", change(TEAM, "NOW_RESET")]],
      [
        "void 300 from 2026-05-01",
        "void 300 from 2026-04-01",
        "overdraft 50",
        "grant 600 from 2026-04-11 to 2026-05-11",
        "grant 600 from 2026-05-11 to 2026-06-11",
      ],
    ],
    [
      "now, from new, may be to the version that it is on",
      PRO,
      [["2026-04-11", change(PRO, "NOW_RESET")]],
      [
        "void 300 from 2026-05-01",
        "void 300 from 2026-04-01",
        "grant 300 from 2026-04-11 to 2026-05-11",
        "grant 300 from 2026-05-11 to 2026-06-11",
      ],
    ],
  ])("%s", (_what, version, commands, acts) => {
    expect(does(version, ...commands)).toEqual(acts);
  });

  test("at period end keeps to the 31st, where the new plan's periods begin at that instant too", () => {
    const { state } = history(PRO, "2026-01-31", ["2026-02-11", change(TEAM, "AT_PERIOD_END")], ["2026-02-28", TICK]);
    expect(billingSpan(state, at("2026-02-28"))).toEqual({ index: 1, start: at("2026-02-28"), end: at("2026-03-31") });
  });

  test("at period end to a plan whose period would begin elsewhere counts from that instant", () => {
    const { state } = history(PRO, "2026-01-31", ["2026-02-11", change(YEARLY, "AT_PERIOD_END")], ["2026-02-28", TICK]);
    expect(billingSpan(state, at("2026-02-28"))).toEqual({ index: 0, start: at("2026-02-28"), end: at("2027-02-28") });
  });

  test("at once leaves nothing ahead", () => {
    const { state } = history(PRO, "2026-04-01", ["2026-04-11", CANCEL], ["2026-04-12", change(TEAM, "NOW_PRORATED")]);
    expect(state).toMatchObject({ status: "ACTIVE", ahead: null, course: { number: 1, version: { id: "team" } } });
  });

  test("is previewed by deciding it, which changes nothing of what is given", () => {
    const { state } = start(PRO, "2026-04-01");
    const before = deepFreeze(structuredClone(state));
    const preview = decideSubscription(before, change(TEAM, "NOW_PRORATED"), at("2026-04-11"));
    expect(before).toEqual(state);
    expect(decideSubscription(state, change(TEAM, "NOW_PRORATED"), at("2026-04-11"))).toEqual(preview);
  });
});
