import { describe, expect, test } from "@jest/globals";
import { rowsOf, runScenario } from "./scenario";
import { START, Words } from "./scenario/words";

const DAY = 86_400_000_000n;

describe("a table", () => {
  test("has a row a line, and a line without a sentence goes on with the row above", () => {
    const table = `
      plan first | grant plan 1 / spend 1 -> plan 0

      promo too  | grant promo 1
                 | / spend 1 -> promo 0
    `;
    expect(rowsOf(table)).toEqual([
      ["plan first", "grant plan 1 / spend 1 -> plan 0"],
      ["promo too", "grant promo 1 / spend 1 -> promo 0"],
    ]);
  });

  test.each([
    ["a row of one cell", "grant plan 1 -> plan 1"],
    ["a row of three cells", "one | two | three"],
    ["a row without a scenario", "a sentence |"],
    ["a first line that goes on", "| grant plan 1 -> plan 1"],
  ])("does not know %s", (_what, table) => {
    expect(() => rowsOf(table)).toThrow(/row/);
  });
});

describe("time in a scenario", () => {
  test.each([
    ["0", 0n],
    ["3d", 3n * DAY],
    ["1d12h", DAY + DAY / 2n],
    ["2w1us", 14n * DAY + 1n],
    ["just before 3d", 3n * DAY - 1n],
    ["2026-01-02", DAY],
    ["2026-01-02T12:00:00Z", DAY + DAY / 2n],
  ])("%s is counted from its start", (text, expected) => {
    expect(new Words(text).instant() - START).toBe(expected);
  });

  test.each(["", "3", "d", "3x", "3d4", "-3d", "just 3d", "2026-02-30", "tomorrow"])("%j is no time", (text) => {
    expect(() => new Words(text).instant()).toThrow();
  });
});

describe("a scenario that goes as it says", () => {
  test.each([
    "grant plan 100 p1 / grant promo 100 / spend 120 -> plan 0, promo 80",
    "grant plan 10 as summer / spend 20 -> refused INSUFFICIENT_CREDITS shortfall 10, summer 10, nothing, quiet",
    "grant plan 10 until 3d / at 3d -> EXPIRE 10 at 3d, depleted at 3d, plan expired 10",
    "friend's grant plan 10 / transfer 0.5 to friend -> refused INSUFFICIENT_CREDITS / friend's look -> plan 10",
    "grant plan 10 / hold 4 lasting PT1H / capture hold 3 -> moves plan held>consumed 3 then plan held>available 1, amount 3",
  ])("passes: %s", (scenario) => {
    expect(() => runScenario(scenario)).not.toThrow();
  });
});

describe("a scenario that goes otherwise", () => {
  test.each([
    ["another amount in a grant", "grant plan 10 / spend 3 -> plan 6", /6/],
    ["another pot", "grant plan 10 / spend 3 -> plan held 3", /held/],
    ["another balance", "grant plan 10 -> available 11", /available/],
    ["a refusal that nobody expects", "grant plan 10 / spend 20 -> plan 10", /refused: .*INSUFFICIENT_CREDITS/],
    ["no refusal where one is expected", "grant plan 10 / spend 10 -> refused INSUFFICIENT_CREDITS", /not refused/],
    ["another refusal", "grant plan 10 / spend 20 -> refused NOT_FOUND", /code/],
    ["another shortfall", "grant plan 10 / spend 20 -> refused INSUFFICIENT_CREDITS shortfall 11", /shortfall/],
    ["one more transaction", "grant plan 10 until 1d / at 2d spend 1 -> SPEND, refused INSUFFICIENT_CREDITS", /transactions/],
    ["a transaction where none is expected", "grant plan 10 until 1d / at 2d -> nothing", /transactions/],
    ["a transaction of another amount", "grant plan 10 -> GRANT 11", /transactions/],
    ["a transaction at another time", "grant plan 10 until 1d / at 2d -> EXPIRE 10 at 2d", /transactions/],
    ["an alert where all is to be quiet", "grant plan 10 / spend 10 -> quiet", /alerts/],
    ["another alert", "grant plan 10 / spend 10 -> low 0", /alerts/],
    ["another payer", "grant plan 10 / grant promo 10 / spend 15 -> pays promo 10 then plan 5", /who pays/],
    ["one payer more", "grant plan 10 / grant promo 10 / spend 15 -> pays plan 10", /who pays/],
    ["another move", "grant plan 10 / spend 1 -> moves plan available>held 1", /moved/],
    ["a grant that is there", "grant plan 10 -> no plan", /named plan/],
    ["another end", "grant plan 10 until 3d -> plan expires 4d", /expires/],
    ["another status of a hold", "grant plan 10 / hold 1 lasting P1D / release hold -> hold CAPTURED", /status/],
  ])("fails for %s", (_what, scenario, problem) => {
    expect(() => runScenario(scenario)).toThrow(problem);
  });
});

describe("a scenario that cannot be understood", () => {
  test.each([
    ["no expectation at all", "grant plan 10 / spend 5", /nothing is expected/],
    ["no expectation of the last step", "grant plan 10 -> plan 10 / spend 5", /nothing is expected/],
    ["an arrow to nothing", "grant plan 10 ->", /step is what is done/],
    ["an arrow from nothing", "-> plan 10", /step is what is done/],
    ["two arrows", "grant plan 10 -> plan 10 -> plan 10", /step is what is done/],
    ["an empty step", "grant plan 10 /  / spend 1 -> plan 9", /step is what is done/],
    ["an empty expectation", "grant plan 10 -> plan 10,, available 10", /expectation is missing/],
    ["an unknown verb", "grnat plan 10 -> plan 10", /nothing that can be done/],
    ["a word that every object knows", "constructor -> quiet", /nothing that can be done/],
    ["an unknown kind", "grant gold 10 -> gold 10", /no kind of grant/],
    ["a missing amount", "grant plan -> plan 0", /an amount is missing/],
    ["something that is no amount", "grant plan ten -> plan 10", /is no amount/],
    ["an amount with too many decimals", "grant plan 1.0000001 -> plan 1", /is no amount/],
    ["an unknown option", "grant plan 10 forever -> plan 10", /means nothing here/],
    ["a word too many", "grant plan 10 / refund spend 5 again -> plan 10", /no spend|means nothing here/],
    ["a hold without an end", "grant plan 10 / hold 5 -> held 5", /until or lasting/],
    ["an unknown grant", "grant plan 10 / void promo -> plan 10", /no grant named/],
    ["an unknown spend", "grant plan 10 / refund spend -> plan 10", /no spend/],
    ["an unknown hold", "grant plan 10 / release hold -> plan 10", /no hold named/],
    ["a name given twice", "grant plan 10 as x / grant plan 10 as x -> x 10", /is taken/],
    ["an unknown expectation", "grant plan 10 -> wealthy", /nothing that can be expected/],
    ["an expectation that every object knows", "grant plan 10 -> toString", /nothing that can be expected/],
    ["an expectation of an unknown grant", "grant plan 10 -> promo 0", /nothing that can be expected/],
    ["an expectation without a value", "grant plan 10 -> available", /an amount is missing/],
    ["an expectation with a word too many", "grant plan 10 -> available 10 20", /means nothing here/],
    ["nothing said of a grant", "grant plan 10 -> plan", /nothing is said/],
    ["an unknown word about a grant", "grant plan 10 -> plan lost 5", /says nothing about a grant/],
    ["an unknown word about a hold", "grant plan 10 / hold 1 lasting P1D -> hold lost 5", /says nothing about a hold/],
    ["an unknown field of a refusal", "spend 5 -> refused INSUFFICIENT_CREDITS missing 5", /has no missing/],
    ["an amount of no transaction", "grant plan 10 / look -> amount 10", /made no transaction/],
    ["settings in the middle", "grant plan 10 / zone Europe/Berlin -> plan 10", /before all that happens/],
    ["an unknown policy", "policy mine / grant plan 10 -> plan 10", /no such policy/],
  ])("fails for %s", (_what, scenario, problem) => {
    expect(() => runScenario(scenario)).toThrow(problem);
  });
});
