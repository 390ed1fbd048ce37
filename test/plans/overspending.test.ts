import { afterAll, beforeAll, beforeEach, expect, test } from "@jest/globals";
import { audit } from "../../src/wallet";
import { type Api, createApi } from "../support/api";
import { at } from "../support/core";
import { aKey, aPlan, liveOf, order, shown, start } from "./asking";

/** What was spent is not given once more: told by the wallet. */

let api: Api;
let wallet: Awaited<ReturnType<Api["wallet"]>>;

beforeAll(async () => {
  api = await createApi();
});

beforeEach(async () => {
  api.core.clock.set(at("2026-04-01T00:00:00Z"));
  wallet = await api.wallet();
});

afterAll(async () => {
  expect(await audit(api.core.pool)).toEqual([]);
  await api.stop();
});

async function available(): Promise<string> {
  const query = "query ($id: ID!) { wallet(id: $id) { balance { available } } }";
  return (await api.ask<{ wallet: { balance: { available: string } } }>(query, { id: wallet.id })).wallet.balance.available;
}

function use(mutation: "spend" | "holdCredits", amount: string): Promise<unknown> {
  return api.mutate(mutation, { walletId: wallet.id, amount, idempotencyKey: aKey() }, "refusal { code }");
}

const of = (amount: string) => ({ allotments: [{ creditType: "credits", amount }] });

test("a pause and a resumption at one instant leave what was left", async () => {
  const { id } = shown(await start(api, wallet, await aPlan(api, of("1000"))));
  await use("spend", "850");
  await use("holdCredits", "50");
  for (const alive of ["PRORATE", "VOID"]) {
    await order(api, "pauseSubscription", id, { alive });
    expect(await available()).toBe("0");
    await order(api, "resumeSubscription", id);
    expect(await available()).toBe("100");
  }
});

test.each<readonly [string, readonly ("ahead" | "taken back")[]]>([
  ["with nothing between", []],
  ["with a change ahead that is taken back", ["ahead", "taken back"]],
  ["with a change still ahead", ["ahead"]],
])("a change to a smaller plan and back at one instant, %s, leaves what was left", async (_, between) => {
  const [team, free] = [await aPlan(api, of("5000")), await aPlan(api, of("50"))];
  const { id } = shown(await start(api, wallet, team));
  await use("spend", "4000");
  shown(await order(api, "changeSubscription", id, { plan: free, when: "NOW_PRORATED" }));
  expect(await available()).toBe("0");
  for (const step of between)
    if (step === "ahead") shown(await order(api, "changeSubscription", id, { plan: team, when: "AT_PERIOD_END" }));
    else shown(await order(api, "withdrawSubscriptionChange", id));
  shown(await order(api, "changeSubscription", id, { plan: team, when: "NOW_PRORATED" }));
  expect(await available()).toBe("1000");
});

test("a resumption with reset leaves what is ahead, at the end of the new period", async () => {
  const { id } = shown(await start(api, wallet, await aPlan(api)));
  await order(api, "cancelSubscription", id, { when: "AT_PERIOD_END" });
  await order(api, "pauseSubscription", id);
  api.core.clock.set(at("2026-04-11T00:00:00Z"));
  await order(api, "resumeSubscription", id, { reset: true });
  expect(await liveOf(api, wallet)).toMatchObject({
    status: "ACTIVE",
    ahead: { what: "CANCEL", at: "2026-05-11T00:00:00.000Z" },
    allotments: [{ present: true }],
  });
});
