import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { formatInstant } from "../../src/core/time";
import { startTestClock } from "../../src/test-clock";
import { submit } from "../../src/wallet/submit";
import { type Api, createApi, customer, externalIdOf, SERVICE } from "../support/api";
import { addAccount, done, grantOf } from "../support/core";
import { OPERATOR } from "../support/operator";
import { advance, start } from "./clocks";

/** Starting and advancing an account's clock, through the API: what is allowed, answered and told. */

const DAY = 86_400_000_000n;

let api: Api;

beforeAll(async () => {
  api = await createApi();
});

afterAll(() => api.stop());

function inDays(days: bigint): string {
  return formatInstant(api.core.clock.now() + days * DAY);
}

describe("starting a test clock", () => {
  test("sets it to now, once: it stands then", async () => {
    const wallet = await api.wallet();
    const externalId = externalIdOf(wallet);
    const testClock = { now: inDays(0n) };
    const started = { account: { externalId, testClock }, testClock, reached: true, transactions: 0, refusal: null };
    expect(await start(api, { externalId })).toEqual({ ...started, started: true });
    api.core.clock.set(api.core.clock.now() + DAY);
    expect(await start(api, { accountId: `acc_${wallet.accountId.replaceAll("-", "")}` })).toEqual({
      ...started,
      started: false,
    });
  });

  test("may be at a later time, and what falls due until then happens", async () => {
    const wallet = await api.wallet();
    await done(submit(api.core, wallet, grantOf(5n, { expiresAt: api.core.clock.now() + DAY })));
    const now = inDays(40n);
    const answer = await start(api, { externalId: externalIdOf(wallet), at: now });
    expect(answer).toMatchObject({ testClock: { now }, transactions: 1, reached: true, started: true });
  });

  test("is refused once something was paid for, also when that is spent", async () => {
    const wallet = await api.wallet("5");
    const payload = { account: null, testClock: null, reached: false, transactions: 0, started: false };
    const spend = { walletId: wallet.id, amount: "5", idempotencyKey: "all" };
    await api.mutate("spend", spend, "refusal { code }", SERVICE);
    const refusal = { code: "HAS_PAYMENTS", message: expect.any(String) };
    expect(await start(api, { externalId: externalIdOf(wallet) })).toEqual({ ...payload, refusal });
  });

  test("is refused before now and too far ahead", async () => {
    const externalId = externalIdOf(await api.wallet());
    const now = inDays(0n);
    expect((await start(api, { externalId, at: inDays(-1n) })).refusal).toMatchObject({ code: "CLOCK_NOT_LATER", now });
    const late = await start(api, { externalId, at: inDays(3_660n) });
    expect(late.refusal).toMatchObject({ code: "CLOCK_TOO_FAR", latest: "2036-01-02T00:00:00.000Z" });
    expect(await start(api, { externalId, at: now })).toMatchObject({ testClock: { now }, refusal: null });
  });

  test("and a payment at once come one after the other: it is refused, or was first", async () => {
    const wallet = await api.wallet();
    const payment = submit(api.core, wallet, grantOf(5n, { kind: "PURCHASED" }));
    const answer = await startTestClock(api.core, wallet.accountId, null, OPERATOR);
    await done(payment);
    const { rows } = await api.core.pool.query("SELECT test_clock FROM accounts WHERE id = $1", [wallet.accountId]);
    expect(rows).toEqual([{ test_clock: answer.status === "paid" ? null : expect.anything() }]);
  });

  test("is the operator's", async () => {
    const wallet = await api.wallet();
    const query = `mutation ($input: StartTestClockInput!) { startTestClock(input: $input) { reached } }`;
    for (const identity of [SERVICE, customer(wallet.accountId)])
      expect(await api.errors(query, { input: { externalId: externalIdOf(wallet) } }, identity)).toEqual(["FORBIDDEN"]);
  });

  test("names an account that there is, in one way", async () => {
    for (const accountId of [`acc_${"0".repeat(32)}`, "acc", "?"])
      expect((await start(api, { accountId })).refusal).toMatchObject({ code: "NOT_FOUND", field: "accountId" });
    expect((await start(api, { externalId: "nobody" })).refusal).toMatchObject({ code: "NOT_FOUND", field: "externalId" });
    const query = `mutation ($input: StartTestClockInput!) { startTestClock(input: $input) { reached } }`;
    for (const input of [{}, { accountId: "acc", externalId: "nobody" }])
      expect(await api.errors(query, { input })).toEqual(["BAD_USER_INPUT input"]);
  });
});

describe("advancing a test clock", () => {
  test("goes to an instant, or by a period in the account's time zone", async () => {
    const accountId = await addAccount(api.core, "Europe/Berlin");
    await startTestClock(api.core, accountId, null, OPERATOR);
    const account = { accountId: `acc_${accountId.replaceAll("-", "")}` };
    const year = Number(inDays(0n).slice(0, 4)) + 1;
    const steps = [
      [{ to: `${year}-03-01T12:00:00Z` }, `${year}-03-01T12:00:00.000Z`],
      // Summer time begins in between.
      [{ by: "P1M" }, `${year}-04-01T11:00:00.000Z`],
      [{ by: "PT30M" }, `${year}-04-01T11:30:00.000Z`],
    ] as const;
    for (const [way, now] of steps) {
      const answer = await advance(api, { ...account, ...way });
      expect(answer).toMatchObject({ testClock: { now }, account: { testClock: { now } }, reached: true, refusal: null });
    }
  });

  test("to where it stands does nothing, so that it is safe to send twice", async () => {
    const externalId = externalIdOf(await api.wallet());
    await start(api, { externalId });
    const to = inDays(5n);
    for (let times = 0; times < 2; times++)
      expect(await advance(api, { externalId, to })).toMatchObject({ testClock: { now: to }, reached: true, refusal: null });
  });

  test("never goes back, nor too far at once, nor without a clock", async () => {
    const externalId = externalIdOf(await api.wallet());
    expect((await advance(api, { externalId, by: "P1D" })).refusal).toMatchObject({ code: "NO_TEST_CLOCK" });
    await start(api, { externalId, at: inDays(10n) });
    const back = await advance(api, { externalId, to: inDays(9n) });
    expect(back.refusal).toMatchObject({ code: "CLOCK_NOT_LATER", now: inDays(10n) });
    expect((await advance(api, { externalId, by: "P11Y" })).refusal).toMatchObject({ code: "CLOCK_TOO_FAR" });
    for (let decades = 0; decades < 17; decades++) await advance(api, { externalId, by: "P10Y" });
    const late = await advance(api, { externalId, by: "P10Y" });
    expect(late.refusal).toMatchObject({ code: "CLOCK_TOO_FAR", latest: "2200-01-01T00:00:00.000Z" });
    expect((await advance(api, { externalId: "nobody", by: "P1D" })).refusal).toMatchObject({ code: "NOT_FOUND" });
    const query = `mutation ($input: AdvanceTestClockInput!) { advanceTestClock(input: $input) { reached } }`;
    for (const way of [{}, { by: "P1D", to: inDays(20n) }])
      expect(await api.errors(query, { input: { externalId, ...way } })).toEqual(["BAD_USER_INPUT input"]);
  });

  test("is shown to the customer", async () => {
    const wallet = await api.wallet();
    const externalId = externalIdOf(wallet);
    await start(api, { externalId, at: inDays(3n) });
    const query = "{ viewer { account { testClock { now } wallets { account { testClock { now } } } } } }";
    const testClock = { now: inDays(3n) };
    expect(await api.ask(query, {}, customer(wallet.accountId))).toEqual({
      viewer: { account: { testClock, wallets: [{ account: { testClock } }] } },
    });
    const other = await api.wallet();
    expect(await api.ask(query, {}, customer(other.accountId))).toMatchObject({ viewer: { account: { testClock: null } } });
  });

  test("is shown as it is after each mutation of a request", async () => {
    const wallet = await api.wallet();
    const externalId = externalIdOf(wallet);
    await start(api, { externalId });
    const clock = "account { testClock { now } wallets { account { testClock { now } } } }";
    const query = `mutation ($one: AdvanceTestClockInput!, $two: AdvanceTestClockInput!) {
      one: advanceTestClock(input: $one) { ${clock} } two: advanceTestClock(input: $two) { ${clock} } }`;
    const [one, two] = [inDays(1n), inDays(2n)];
    const shown = (now: string) => ({ account: { testClock: { now }, wallets: [{ account: { testClock: { now } } }] } });
    expect(await api.ask(query, { one: { externalId, to: one }, two: { externalId, to: two } })).toEqual({
      one: shown(one),
      two: shown(two),
    });
  });

  test("is told in the audit log, as is its start, once for each that changed anything", async () => {
    const externalId = externalIdOf(await api.wallet());
    const [from, to] = [inDays(0n), inDays(30n)];
    await start(api, { externalId, reason: "to try" });
    await start(api, { externalId });
    for (let times = 0; times < 2; times++) await advance(api, { externalId, to, reason: "a month" });
    await advance(api, { externalId, to: from });
    const { auditLog } = await api.ask<{ auditLog: { edges: readonly { readonly node: object }[] } }>(
      `query ($externalId: String) { auditLog(filter: { externalId: $externalId }) { edges { node { action actor reason before after } } } }`,
      { externalId },
    );
    expect(auditLog.edges.map(({ node }) => node).slice(0, 2)).toEqual([
      { action: "advanceTestClock", actor: "admin", reason: "a month", before: { now: from }, after: { now: to } },
      { action: "startTestClock", actor: "admin", reason: "to try", before: null, after: { now: from } },
    ]);
  });
});
