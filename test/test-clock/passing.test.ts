import { afterAll, beforeAll, beforeEach, describe, expect, jest, test } from "@jest/globals";
import { formatInstant, type Instant } from "../../src/core/time";
import { advanceTestClock, startTestClock } from "../../src/test-clock";
import { passTime } from "../../src/test-clock/pass-time";
import type { WalletKey } from "../../src/wallet/model/types";
import { openWallet } from "../../src/wallet/open";
import { audit } from "../../src/wallet/store/audit.reads";
import { readWallets } from "../../src/wallet/store/wallet.reads";
import { submit } from "../../src/wallet/submit";
import { Sweeper } from "../../src/wallet/sweeper";
import { setThreshold } from "../../src/wallet/thresholds";
import { addCreditType, addWallet, createTestCore, done, grantOf, holdOf, spendOf, type TestCore } from "../support/core";
import { createTestDatabase, type TestDatabase } from "../support/database";
import { OPERATOR } from "../support/operator";
import { addClockedWallet, pass } from "./clocks";
import { alertsOf, logOf, storyOf } from "./logs";

/** What happens in wallets whose time is simulated. */

const DAY = 86_400_000_000n;

let database: TestDatabase;
let core: TestCore;
/** A second server on the same database. */
let other: TestCore;
let creditTypes: readonly [number, number, number];
let start: Instant;

beforeAll(async () => {
  database = await createTestDatabase();
  core = await createTestCore(database.url);
  other = await createTestCore(database.url, { clock: core.clock });
  const made = (name: string) => addCreditType(core.pool, name, { expiryNotice: "P3D" });
  creditTypes = [await made("credits"), await made("images"), await made("minutes")];
});

beforeEach(() => {
  start = core.clock.now();
});

afterAll(async () => {
  expect(await audit(core.pool)).toEqual([]);
  await core.stop();
  await other.stop();
  await database.drop();
});

async function balanceOf(key: WalletKey, now = core.clock.now()): Promise<bigint | undefined> {
  return (await readWallets(core.pool, [key], now))[0]?.balance.available;
}

/** A wallet in which much is to happen: an activation, notices, expiries, one with a rollover, and the end of a hold. */
async function addBusyWallet(): Promise<WalletKey> {
  const key = await addClockedWallet(core, creditTypes[0]);
  await done(submit(core, key, grantOf(50n, { expiresAt: start + 20n * DAY })));
  await done(submit(core, key, grantOf(7n, { effectiveAt: start + 5n * DAY, expiresAt: start + 30n * DAY })));
  const rollover = { percent: 50, maximum: null, period: "P30D", periods: 2 };
  await done(submit(core, key, grantOf(10n, { kind: "PLAN", expiresAt: start + 10n * DAY, rollover })));
  await done(submit(core, key, holdOf(12n, start + 8n * DAY)));
  await setThreshold(core, key, 20n, OPERATOR);
  return key;
}

const HAPPENED = [
  ["ACTIVATE", 5n],
  ["RELEASE", 8n],
  ["EXPIRE", 10n],
  ["EXPIRE", 20n],
  ["EXPIRE", 30n],
] as const;

describe("time that passes by a test clock", () => {
  test("brings all that falls due, in order, each at its instant, and says so when it was really written", async () => {
    const key = await addBusyWallet();
    expect(await pass(core, key, start + 31n * DAY)).toBe(5);
    const log = (await logOf(core.pool, key)).slice(4);
    expect(log.map(({ type, effectiveAt }) => [type, (effectiveAt - start) / DAY])).toEqual(HAPPENED);
    expect(new Set(log.map(({ recordedAt }) => recordedAt))).toEqual(new Set([core.clock.now()]));
    const alerts = await alertsOf(core.pool, key);
    expect(alerts.map(({ type, effectiveAt }) => [type, (effectiveAt - start) / DAY])).toEqual([
      ["EXPIRING_SOON", 17n],
      ["LOW", 20n],
      ["EXPIRING_SOON", 27n],
    ]);
  });

  test("comes to the same in one step as in many", async () => {
    const [one, many] = [await addBusyWallet(), await addBusyWallet()];
    await pass(core, one, start + 31n * DAY);
    for (const days of [1n, 5n, 9n, 10n, 25n, 31n]) await pass(core, many, start + days * DAY);
    expect(storyOf(await logOf(core.pool, many))).toEqual(storyOf(await logOf(core.pool, one)));
  });

  test("passes for all wallets of the account together: what follows them sees one order", async () => {
    const key = await addClockedWallet(core, creditTypes[0]);
    const { accountId } = key;
    const second = { accountId, creditTypeId: creditTypes[1] };
    await openWallet(core, accountId, creditTypes[1], OPERATOR);
    for (const days of [10n, 12n, 14n]) {
      await done(submit(core, key, grantOf(5n, { expiresAt: start + days * DAY })));
      await done(submit(core, second, grantOf(5n, { expiresAt: start + (days + 1n) * DAY })));
    }
    core.published.length = 0;
    await pass(core, key, start + 40n * DAY);
    // An alert that is no transaction tells the wallet's last again.
    const told = core.published.map(({ creditTypeId, sequence }) => `${creditTypes.indexOf(creditTypeId)}: ${sequence}`);
    const written = [...new Set(told)].filter((one) => !/[123]$/.test(one));
    expect(written).toEqual(["0: 4", "1: 4", "0: 5", "1: 5", "0: 6", "1: 6"]);
  });

  test("stands still while real time passes: nothing expires, and nothing is written", async () => {
    const key = await addClockedWallet(core, creditTypes[0]);
    await done(submit(core, key, grantOf(5n, { expiresAt: start + DAY })));
    const plain = await addWallet(core, creditTypes[0]);
    await done(submit(core, plain, grantOf(5n, { expiresAt: core.clock.now() + DAY })));
    const sweeper = new Sweeper(core);
    sweeper.start();
    await sweeper.settled();
    core.clock.set(core.clock.now() + 100n * DAY);
    await sweeper.settled();
    await sweeper.stop();
    expect((await logOf(core.pool, plain)).map(({ type }) => type)).toEqual(["GRANT", "EXPIRE"]);
    expect((await logOf(core.pool, key)).map(({ type }) => type)).toEqual(["GRANT"]);
    const { transaction } = await done(submit(core, key, spendOf(5n)));
    expect([transaction.effectiveAt, transaction.recordedAt]).toEqual([start, core.clock.now()]);
  });

  test("leaves other accounts as they are", async () => {
    const plain = await addWallet(core, creditTypes[0]);
    await done(submit(core, plain, grantOf(5n, { expiresAt: core.clock.now() + DAY })));
    const clocked = await addClockedWallet(core, creditTypes[0]);
    await pass(core, clocked, core.clock.now() + 300n * DAY);
    expect(await logOf(core.pool, plain)).toHaveLength(1);
    const { transaction } = await done(submit(core, plain, spendOf(5n)));
    expect(transaction.effectiveAt).toBe(core.clock.now());
  });

  test("judges commands: what is given, held and refused is by the simulated time", async () => {
    const key = await addClockedWallet(core, creditTypes[0]);
    const now = core.clock.now() + 500n * DAY;
    await pass(core, key, now);
    expect(await submit(core, key, grantOf(5n, { expiresAt: now - 1n }))).toMatchObject({
      status: "refused",
      refusal: { code: "EXPIRES_IN_PAST", now },
    });
    expect((await done(submit(core, key, grantOf(5n, { expiresAt: now + 1n })))).transaction.effectiveAt).toBe(now);
    await pass(core, key, now + 1n);
    expect(await submit(core, key, spendOf(1n))).toMatchObject({ refusal: { code: "INSUFFICIENT_CREDITS" } });
    expect(await submit(core, key, spendOf(1n, { occurredAt: now + 2n }))).toMatchObject({
      refusal: { code: "OCCURRED_IN_FUTURE" },
    });
  });

  test("a wallet that is opened later begins then", async () => {
    const key = await addClockedWallet(core, creditTypes[0]);
    const now = core.clock.now() + 50n * DAY;
    await pass(core, key, now);
    await openWallet(core, key.accountId, creditTypes[1], OPERATOR);
    const grant = await done(submit(core, { ...key, creditTypeId: creditTypes[1] }, grantOf(5n)));
    expect(grant.transaction.effectiveAt).toBe(now);
  });

  test("keeps credits with those who live by the same clock", async () => {
    const [one, two] = [await addClockedWallet(core, creditTypes[0]), await addClockedWallet(core, creditTypes[0])];
    const plain = await addWallet(core, creditTypes[0]);
    await done(submit(core, one, grantOf(50n)));
    const give = (to: WalletKey) => {
      const keyed = { actor: "test", boundTo: null, description: null, metadata: null, idempotencyKey: formatInstant(++ticks) };
      return submit(core, one, { ...keyed, type: "transfer", to, amount: 5n });
    };
    let ticks = start;
    expect(await give(plain)).toMatchObject({ refusal: { code: "TRANSFER_NOT_POSSIBLE", reason: "OTHER_CLOCK" } });
    expect(await give(two)).toMatchObject({ status: "done" });
    await pass(core, two, core.clock.now() + DAY);
    expect(await give(two)).toMatchObject({ refusal: { reason: "OTHER_CLOCK" } });
  });
});

describe("several servers", () => {
  test("one advances while the other spends from its memory: none spends what has expired", async () => {
    const key = await addClockedWallet(core, creditTypes[0]);
    const now = core.clock.now();
    for (let day = 1n; day <= 30n; day++)
      await done(submit(core, key, grantOf(1_000n, { effectiveAt: now + (day - 1n) * DAY, expiresAt: now + day * DAY })));
    // By now the other server spends by what it remembers.
    for (let times = 0; times < 4; times++) await done(submit(other, key, spendOf(1n)));
    const spending = async () => {
      for (let times = 0; times < 60; times++) await submit(other, key, spendOf(1n));
    };
    await Promise.all([pass(core, key, now + 29n * DAY), spending()]);
    const log = await logOf(core.pool, key);
    expect(log.filter(({ type }) => type === "EXPIRE").map(({ effectiveAt }) => effectiveAt)).toEqual(
      Array.from({ length: 29 }, (_, index) => now + BigInt(index + 1) * DAY),
    );
    const spend = await done(submit(other, key, spendOf(1n)));
    expect(spend.transaction).toMatchObject({ effectiveAt: now + 29n * DAY, entries: [{ grant: 30 }] });
  });

  test("what a server remembers of a wallet is of no use once its clock was started or advanced", async () => {
    const key = await addWallet(core, creditTypes[0]);
    await done(submit(core, key, grantOf(100n)));
    for (let times = 0; times < 4; times++) await done(submit(other, key, spendOf(1n)));
    const now = core.clock.now();
    await startTestClock(core, key.accountId, now + DAY, OPERATOR);
    expect((await done(submit(other, key, spendOf(1n)))).transaction.effectiveAt).toBe(now + DAY);
    for (let times = 0; times < 4; times++) await done(submit(other, key, spendOf(1n)));
    await pass(core, key, now + 2n * DAY);
    expect((await done(submit(other, key, spendOf(1n)))).transaction.effectiveAt).toBe(now + 2n * DAY);
  });

  test("two that advance at once come to the later target, and nothing happens twice or out of order", async () => {
    const [key, alone] = [await addBusyWallet(), await addBusyWallet()];
    const to = (days: bigint) => ({ to: start + days * DAY });
    const answers = await Promise.all([
      advanceTestClock(core, key.accountId, to(31n), OPERATOR),
      advanceTestClock(other, key.accountId, to(25n), OPERATOR),
      advanceTestClock(other, key.accountId, to(31n), OPERATOR),
    ]);
    for (const answer of answers) expect(answer.status === "notLater" || answer.status === "done").toBe(true);
    await pass(core, alone, start + 31n * DAY);
    expect(storyOf(await logOf(core.pool, key))).toEqual(storyOf(await logOf(core.pool, alone)));
  });
});

test("an advance that fails half-way stands where it came to, and goes on from there", async () => {
  const [key, alone] = [await addBusyWallet(), await addBusyWallet()];
  const clockOf = async () => {
    const { rows } = await core.pool.query<{ now: Instant }>("SELECT test_clock AS now FROM accounts WHERE id = $1", [
      key.accountId,
    ]);
    return rows[0]?.now;
  };
  const submitted = core.batcher.submit.bind(core.batcher);
  let left = 3;
  const spy = jest.spyOn(core.batcher, "submit").mockImplementation((...given: Parameters<typeof submitted>) => {
    if (left-- > 0) return submitted(...given);
    return Promise.reject(new Error("the server was stopped"));
  });
  await expect(pass(core, key, start + 31n * DAY)).rejects.toThrow("the server was stopped");
  spy.mockRestore();
  // An activation, the end of a hold, an expiry; then a notice.
  expect(await clockOf()).toBe(start + 17n * DAY);
  await pass(core, key, start + 31n * DAY);
  await pass(core, alone, start + 31n * DAY);
  expect(storyOf(await logOf(core.pool, key))).toEqual(storyOf(await logOf(core.pool, alone)));
});

test("who lets much time pass is answered in time, and goes on from where the clock stands", async () => {
  const [key, alone] = [await addBusyWallet(), await addBusyWallet()];
  const to = start + 31n * DAY;
  const answers: boolean[] = [];
  while (answers.at(-1) !== true) answers.push((await passTime(core, key.accountId, to, 0)).reached);
  expect(answers.length).toBeGreaterThan(5);
  await pass(core, alone, to);
  expect(storyOf(await logOf(core.pool, key))).toEqual(storyOf(await logOf(core.pool, alone)));
});

test("a year of credits for every day in three wallets passes in one call", async () => {
  const first = await addClockedWallet(core, creditTypes[0]);
  const keys = creditTypes.map((creditTypeId) => ({ ...first, creditTypeId }));
  for (const { creditTypeId } of keys.slice(1)) await openWallet(core, first.accountId, creditTypeId, OPERATOR);
  const now = core.clock.now();
  for (const key of keys)
    await Promise.all(
      Array.from({ length: 365 }, (_, day) => {
        const effectiveAt = now + BigInt(day) * DAY;
        return submit(core, key, grantOf(10n, { effectiveAt, expiresAt: effectiveAt + DAY }));
      }),
    );
  expect(await pass(core, first, now + 365n * DAY)).toBe(3 * (364 + 365));
  for (const key of keys) expect(await balanceOf(key)).toBe(0n);
});
