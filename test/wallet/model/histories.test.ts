import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { catchUp } from "../../../src/wallet/model/catch-up";
import { ALERT_TYPES, TRANSACTION_TYPES } from "../../../src/wallet/model/types";
import { auditTogether } from "../../support/auditor/together";
import { catchUpBy, duesUntil, recordedAt } from "../../support/histories/catching-up";
import { plansOf, playOut } from "../../support/histories/play";
import { RARE, REFUSALS, Tally } from "../../support/histories/tally";

/** More of them when told so, for a longer search: HISTORIES=20000 npx jest histories. */
const HISTORIES = Number(process.env["HISTORIES"] ?? 1_000);
const COMMANDS = 60;
const DAY = 86_400_000_000n;

describe("random histories", () => {
  test("keep every law and invariant", () => {
    fc.assert(
      fc.property(plansOf(COMMANDS), (plan) => {
        playOut(plan, { after: ({ histories }) => auditTogether(histories) });
      }),
      { numRuns: HISTORIES },
    );
  }, 600_000);

  describe("come to all that can happen", () => {
    const tally = new Tally();
    for (const plan of fc.sample(plansOf(COMMANDS), { seed: 20_261_121, numRuns: 150 })) playOut(plan, { watch: tally.watch });

    test("most commands succeed", () => {
      expect(tally.refused / tally.commands).toBeLessThan(0.2);
      expect(tally.refused / tally.commands).toBeGreaterThan(0.05);
    });

    test.each(TRANSACTION_TYPES)("to %s", (type) => {
      expect(tally.types.get(type) ?? 0).toBeGreaterThanOrEqual(150);
    });

    test.each(REFUSALS)("to a refusal %s", (refusal) => {
      expect(tally.refusals.get(refusal) ?? 0).toBeGreaterThanOrEqual(5);
    });

    test("to no refusal that is not in that list", () => {
      expect([...tally.refusals.keys()].filter((refusal) => !REFUSALS.includes(refusal))).toEqual([]);
    });

    test.each(ALERT_TYPES)("to %s", (type) => {
      expect(tally.alerts.get(type) ?? 0).toBeGreaterThanOrEqual(300);
    });

    test.each(RARE)("to %s", (state) => {
      expect(tally.rare.get(state) ?? 0).toBeGreaterThanOrEqual(5);
    });
  });
});

describe("catching up", () => {
  const plans = plansOf(40);
  const steps = fc.array(fc.bigInt({ min: 0n, max: 50n * DAY }), { maxLength: 12 });

  test("in many steps is as in one, to the hash, but for when it was recorded", () => {
    fc.assert(
      fc.property(plans, steps, (plan, after) => {
        for (const { wallet } of playOut(plan).histories) {
          const until = wallet.clockAt + 50n * DAY;
          const instants = after.map((span) => wallet.clockAt + span).toSorted((a, b) => Number(a - b));
          const inOne = catchUp(wallet, until);
          for (const by of [instants, duesUntil(wallet, until)]) {
            expect(recordedAt(catchUpBy(wallet, by, until), until, wallet.hash)).toEqual(inOne);
          }
        }
      }),
      { numRuns: 100 },
    );
  });

  test("to an instant before its own does nothing", () => {
    fc.assert(
      fc.property(plans, fc.bigInt({ min: 0n, max: 50n * DAY }), (plan, back) => {
        for (const { wallet } of playOut(plan).histories) {
          expect(catchUp(wallet, wallet.clockAt - back)).toEqual({ wallet, transactions: [], alerts: [] });
        }
      }),
      { numRuns: 20 },
    );
  });
});

test("a history that is played again is the same, to the hash", () => {
  fc.assert(
    fc.property(plansOf(40), (plan) => {
      const [once, again] = [playOut(plan), playOut(plan)].map(({ histories }) => histories.map(({ wallet }) => wallet));
      expect(again).toEqual(once);
    }),
    { numRuns: 20 },
  );
});
