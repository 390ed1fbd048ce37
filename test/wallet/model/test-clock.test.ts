import { expect, test } from "@jest/globals";
import fc from "fast-check";
import type { Transaction } from "../../../src/wallet/model/types";
import { auditTogether } from "../../support/auditor/together";
import { at } from "../../support/clock";
import { plansOf, playOut } from "../../support/histories/play";
import type { History } from "../../support/history";

/** All but when it was recorded, which the hashes cover, and by which clock. */
function happened({ transactions, alerts, wallet: { hash: _hash, testClock: _testClock, spents: _spents, ...wallet } }: History) {
  const told = ({ hash: _own, previousHash: _previous, recordedAt: _recordedAt, ...rest }: Transaction) => rest;
  return { wallet, transactions: transactions.map(told), alerts };
}

test.each([
  ["before", at("2020-01-01T00:00:00Z")],
  ["after", at("2050-01-01T00:00:00Z")],
])("what happens by a test clock is what happens when it is really that time, which is %s it", (_word, real) => {
  fc.assert(
    fc.property(plansOf(60), (plan) => {
      const simulated = playOut(plan, { real, after: ({ histories }) => auditTogether(histories) });
      expect(simulated.histories.map(happened)).toEqual(playOut(plan).histories.map(happened));
      for (const { recordedAt } of simulated.histories.flatMap(({ transactions }) => transactions)) expect(recordedAt).toBe(real);
    }),
    { numRuns: 25 },
  );
});
