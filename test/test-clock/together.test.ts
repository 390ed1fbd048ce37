import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { advanceTestClock, startTestClock } from "../../src/test-clock";
import { aPlan, start as subscribe } from "../plans/asking";
import { type Api, createApi } from "../support/api";
import { addCreditType, at } from "../support/core";
import { OPERATOR } from "../support/operator";
import { logOf, storyOf } from "./logs";

let api: Api;
let types: readonly number[];

beforeAll(async () => {
  api = await createApi();
  types = [api.creditTypeId, await addCreditType(api.core.pool, "a"), await addCreditType(api.core.pool, "b")];
});

afterAll(() => api.stop());

const BEGIN = at("2026-04-01T00:00:00Z");
const DAY = 86_400_000_000n;

/** An account on a test clock and a plan that gives something every day, and rolls a part of it over for a few hours. */
async function begin(): Promise<string> {
  api.core.clock.set(BEGIN);
  const rollover = { percent: 50, period: "PT5H", periods: 1 };
  const allotments = ["credits", "a", "b"].map((creditType) => ({ creditType, amount: "10", interval: "P1D", rollover }));
  const plan = await aPlan(api, { allotments });
  const wallet = await api.wallet();
  expect((await startTestClock(api.core, wallet.accountId, null, OPERATOR)).status).toBe("done");
  await subscribe(api, wallet, plan);
  return wallet.accountId;
}

/** What was done to the account's wallets, and when. */
function toldOf(accountId: string) {
  return Promise.all(
    types.map(async (creditTypeId) =>
      storyOf(await logOf(api.core.pool, { accountId, creditTypeId })).map(({ type, effectiveAt, amount }) => ({
        type,
        effectiveAt,
        amount,
      })),
    ),
  );
}

test("of many who advance a clock at once none writes what another would have written before", async () => {
  const [one, many] = [await begin(), await begin()];
  await advanceTestClock(api.core, one, { to: BEGIN + 40n * DAY }, OPERATOR);
  for (let round = 1n; round <= 4n; round++) {
    const advance = () => advanceTestClock(api.core, many, { to: BEGIN + round * 10n * DAY }, OPERATOR);
    await Promise.all([advance(), advance(), advance(), advance()]);
  }
  expect(await toldOf(many)).toEqual(await toldOf(one));
});
