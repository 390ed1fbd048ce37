import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { audit } from "../../src/wallet/store/audit.reads";
import { aPlan, grantsIn, liveOf, order, shown, start as subscribe } from "../plans/asking";
import { type Api, createApi, externalIdOf, SERVICE } from "../support/api";
import { at } from "../support/core";
import { advance, start } from "./clocks";

/** "500 a month, each good for three months", as an account on a test clock sees it through the API. */

let api: Api;
let wallet: Awaited<ReturnType<Api["wallet"]>>;
let externalId: string;
let id: string;

beforeAll(async () => {
  api = await createApi();
  api.core.clock.set(at("2026-01-31T00:00:00Z"));
});

beforeEach(async () => {
  wallet = await api.wallet();
  externalId = externalIdOf(wallet);
  await start(api, { externalId });
  const plan = await aPlan(api, { allotments: [{ creditType: "credits", amount: "500", life: "P3M" }] });
  id = shown(await subscribe(api, wallet, plan)).id;
});

afterAll(async () => {
  expect(await audit(api.core.pool)).toEqual([]);
  await api.stop();
});

async function turnTo(day: string): Promise<void> {
  expect(await advance(api, { externalId, to: `${day}T00:00:00Z` })).toMatchObject({ reached: true, refusal: null });
}

async function spend(amount: string): Promise<object> {
  const input = { walletId: wallet.id, amount, idempotencyKey: `spent-${amount}` };
  const fields = "wallet { balance { available pending } } refusal { code }";
  return api.mutate("spend", input, fields, SERVICE);
}

describe("credits that are good for three months", () => {
  test("are there for three months at once, the oldest first, and then expire on the day that they began on", async () => {
    await turnTo("2026-04-15");
    expect(await spend("600")).toEqual({ wallet: { balance: { available: "900", pending: "500" } }, refusal: null });
    expect((await liveOf(api, wallet))?.allotments).toMatchObject([
      { amount: "500", present: true, effectiveAt: "2026-03-31T00:00:00.000Z", expiresAt: "2026-06-30T00:00:00.000Z" },
      { amount: "500", present: false, effectiveAt: "2026-04-30T00:00:00.000Z", expiresAt: "2026-07-31T00:00:00.000Z" },
    ]);
    await turnTo("2026-05-31");
    expect(await grantsIn(api, wallet)).toEqual([
      "PLAN 500 EXPIRED from 2026-01-31 to 2026-04-30",
      "PLAN 500 EXPIRED from 2026-02-28 to 2026-05-31",
      "PLAN 500 ACTIVE from 2026-03-31 to 2026-06-30",
      "PLAN 500 ACTIVE from 2026-04-30 to 2026-07-31",
      "PLAN 500 ACTIVE from 2026-05-31 to 2026-08-31",
      "PLAN 500 PENDING from 2026-06-30 to 2026-09-30",
    ]);
  });

  test("outlast a change, which shares those of the present period", async () => {
    await turnTo("2026-04-15");
    const other = await aPlan(api, { allotments: [{ creditType: "credits", amount: "60" }] });
    shown(await order(api, "changeSubscription", id, { plan: other, when: "NOW_PRORATED" }));
    expect(await grantsIn(api, wallet)).toEqual([
      "PLAN 500 ACTIVE from 2026-01-31 to 2026-04-30",
      "PLAN 500 ACTIVE from 2026-02-28 to 2026-05-31",
      "PLAN 500 ACTIVE from 2026-03-31 to 2026-06-30",
      "PLAN 500 VOIDED from 2026-04-30 to 2026-07-31",
      "PLAN 30 ACTIVE from 2026-04-15 to 2026-04-30",
      "PLAN 60 PENDING from 2026-04-30 to 2026-05-31",
    ]);
    expect(await spend("1")).toMatchObject({ wallet: { balance: { available: "1279", pending: "60" } } });
  });

  test("outlast the end of the subscription, but for those of the present period where that is told", async () => {
    await turnTo("2026-04-15");
    shown(await order(api, "cancelSubscription", id, { when: "NOW", alive: "VOID" }));
    expect(await spend("1")).toMatchObject({ wallet: { balance: { available: "999", pending: "0" } } });
    await turnTo("2026-04-30");
    expect(await spend("2")).toMatchObject({ wallet: { balance: { available: "498", pending: "0" } } });
  });
});
