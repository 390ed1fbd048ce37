import { describe, expect, test } from "@jest/globals";
import { auditTogether } from "./auditor/together";
import { expectAll } from "./scenario/expectations";
import { doStep } from "./scenario/steps";
import { Words } from "./scenario/words";
import { World } from "./scenario/world";

/**
 * Rules as tables. A row is a sentence and a scenario, one line:
 *
 *     the smaller priority pays first | grant plan 100 p2 / grant promo 100 p1 / spend 120 -> promo 0, plan 80
 *
 * A scenario is steps between " / ", each with what is expected after it: " -> ..., ...". A line whose first cell is empty goes on with the
 * row above. Whatever is not understood fails, and so does a row that expects nothing of its last step. After every row, the whole history
 * is audited.
 *
 * Steps: `grant KIND AMOUNT [pN] [from T] [until T] [life P] [for OP+OP] [apps A+A] [cost N CUR] [rolls N% [max N] [over N P]]
 * [repaying|unrepaying] [source S]`, `spend AMOUNT [for OP] [app A] [partial] [used T]`, `hold AMOUNT until T|lasting P` and what a spend
 * takes, `capture HOLD [AMOUNT] [excess] [more]`, `extend HOLD until T|lasting P`, `release HOLD`, `refund SPEND [AMOUNT]`, `void GRANT`,
 * `adjust AMOUNT`, `overdraft AMOUNT`, `transfer AMOUNT to WHOM`, `threshold AMOUNT`, `forget N`, `policy NAME`, `look`; before all else
 * `zone Z`, `grace P`, `notice P`, `type N`. `by APP` after a capture, release or refund: asked by a key bound to that app. What a step
 * makes is named by its kind (plan, plan2, hold, spend) or `as NAME`.
 *
 * Time: `at 3d` and `after 2h` before a step move the clock; alone, the wallet catches up. Another's wallet: `friend's spend 20`.
 *
 * Expectations: see scenario/expectations.ts.
 */
export function scenarios(title: string, table: string): void {
  describe(title, () => {
    for (const [sentence, scenario] of rowsOf(table)) test(sentence, () => expect(outcomeOf(scenario)).toBe("as expected"));
  });
}

/** The rows of a table: sentence and scenario. */
export function rowsOf(table: string): readonly (readonly [string, string])[] {
  const rows: [string, string][] = [];
  for (const line of table.split("\n").map((one) => one.trim())) {
    if (line === "") continue;
    const cells = line.split("|").map((cell) => cell.trim());
    const [sentence = "", scenario = ""] = cells;
    if (cells.length !== 2 || scenario === "") throw new Error(`a row has two cells: "${line}"`);
    const last = rows.at(-1);
    if (sentence !== "") rows.push([sentence, scenario]);
    else if (last) last[1] = `${last[1]} ${scenario}`;
    else throw new Error(`there is no row to go on with: "${line}"`);
  }
  return rows;
}

/** "as expected", or what went otherwise, and in which step. */
function outcomeOf(scenario: string): string {
  try {
    runScenario(scenario);
    return "as expected";
  } catch (error) {
    return (error as Error).message;
  }
}

/** Runs a scenario; throws whatever is not as expected or not understood. */
export function runScenario(scenario: string): void {
  const steps = scenario.split(" / ").map(stepOf);
  if (!steps.at(-1)?.expectations.length) throw new Error(`nothing is expected of the last step of "${scenario}"`);
  const world = new World();
  for (const { text, expectations } of steps) {
    try {
      const { wallet, happened } = doStep(world, new Words(text));
      expectAll(
        expectations.map((one) => new Words(one)),
        wallet,
        happened,
      );
    } catch (error) {
      throw new Error(`"${text}": ${(error as Error).message}`, { cause: error });
    }
  }
  auditTogether(world.wallets().map(({ history }) => history));
}

function stepOf(step: string): { readonly text: string; readonly expectations: readonly string[] } {
  const [text = "", expected, ...rest] = step.split("->").map((part) => part.trim());
  if (text === "" || expected === "" || rest.length > 0)
    throw new Error(`a step is what is done, and then "->" and what is expected: "${step}"`);
  const expectations = expected?.split(",").map((one) => one.trim()) ?? [];
  if (expectations.includes("")) throw new Error(`an expectation is missing between commas: "${step}"`);
  return { text, expectations };
}
