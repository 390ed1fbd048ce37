import { afterAll, beforeAll, beforeEach, expect, jest, test } from "@jest/globals";
import { Client } from "pg";
import { setMember } from "../../src/accounts/set-member";
import type { Amount } from "../../src/core/amount";
import { FIRST_UNIT } from "../../src/core/unit";
import { audit, unitsNow, type WalletKey } from "../../src/wallet";
import type { Answer } from "../../src/wallet/answer";
import { submit } from "../../src/wallet/submit";
import {
  addCreditType,
  addWallet,
  captureOf,
  createTestCore,
  done,
  grantOf,
  holdOf,
  refundOf,
  releaseOf,
  spendOf,
  type TestCore,
} from "../support/core";
import { createTestDatabase, type TestDatabase } from "../support/database";
import { OPERATOR } from "../support/operator";
import { watchStatements } from "../support/statements";

const DAY = 86_400_000_000n;
const BY = { member: 1 };

let database: TestDatabase;
/** Two servers on one database. */
let core: TestCore;
let other: TestCore;
let creditTypeId: number;
let key: WalletKey;

beforeAll(async () => {
  database = await createTestDatabase();
  core = await createTestCore(database.url);
  other = await createTestCore(database.url, { clock: core.clock });
  creditTypeId = await addCreditType(core.pool, "credits");
});

afterAll(async () => {
  await Promise.all([core.stop(), other.stop()]);
  await database.drop();
});

beforeEach(async () => {
  key = await addWallet(core, creditTypeId);
  await done(submit(core, key, grantOf(1_000n)));
});

/** The first is number 1. */
async function limit(server: TestCore, amount: Amount, externalId = "ann"): Promise<void> {
  const limits = [{ creditTypeId, operations: [], interval: "MONTH", amount, unit: FIRST_UNIT } as const];
  const answer = await setMember(
    server,
    { accountId: key.accountId, externalId, name: null, limits },
    OPERATOR,
    await unitsNow(server),
  );
  expect(answer.status).toBe("done");
}

/** What is used of the limits of a member, as it is written. */
async function used(member = 1): Promise<readonly string[]> {
  const { rows } = await core.pool.query<{ used: bigint }>(
    "SELECT used FROM spending_limits WHERE account_id = $1 AND member = $2 ORDER BY number",
    [key.accountId, member],
  );
  return rows.map((row) => String(row.used));
}

function taken(answers: readonly Answer[]): Amount {
  return answers.reduce((sum, answer) => sum + (answer.status === "done" ? answer.transaction.amount : 0n), 0n);
}

function fromBoth(times: number, send: (server: TestCore, index: number) => Promise<Answer>): Promise<readonly Answer[]> {
  return Promise.all(Array.from({ length: times }, (_, index) => [send(core, index), send(other, index)]).flat());
}

test("two servers together take no more for a member than its limit", async () => {
  await limit(core, 100n);
  const answers = await fromBoth(25, (server) => submit(server, key, spendOf(7n, BY)));
  expect(answers.filter(({ status }) => status === "done")).toHaveLength(14);
  const refusals = answers.flatMap((answer) => (answer.status === "refused" ? [answer.refusal.code] : []));
  expect(new Set(refusals)).toEqual(new Set(["BUDGET_EXCEEDED"]));
  expect(await used()).toEqual(["98"]);
  expect(await audit(core.pool, key)).toEqual([]);
});

test("where a part is enough they take exactly all of it, beside what the team and others take", async () => {
  await limit(core, 100n);
  await limit(other, 30n, "bob");
  const [own, bobs, teams] = await Promise.all([
    fromBoth(20, (server) => submit(server, key, spendOf(7n, { ...BY, allowPartial: true }))),
    fromBoth(20, (server) => submit(server, key, spendOf(7n, { member: 2, allowPartial: true }))),
    fromBoth(20, (server) => submit(server, key, spendOf(1n))),
  ]);
  expect([own, bobs, teams].map(taken)).toEqual([100n, 30n, 40n]);
  expect([await used(1), await used(2)]).toEqual([["100"], ["30"]]);
  expect(await audit(core.pool, key)).toEqual([]);
});

test("what is held, captured, released and refunded at once is counted exactly", async () => {
  await limit(core, 500n);
  await fromBoth(20, async (server, index) => {
    const { transaction } = await done(submit(server, key, holdOf(10n, core.clock.now() + DAY, BY)));
    if (index % 3 === 0) return submit(server, key, releaseOf(transaction.sequence));
    const captured = await done(submit(server, key, captureOf(transaction.sequence, 6n)));
    return index % 3 === 1 ? captured : submit(server, key, refundOf(captured.transaction.sequence, 4n));
  });
  // Of 40 holds 14 are released, and 26 captured with 6 each; 12 of these get 4 back.
  expect(await used()).toEqual([String(26n * 6n - 12n * 4n)]);
  expect(await audit(core.pool, key)).toEqual([]);
});

test("a limit that is lowered beside the traffic holds from its answer on, and nothing that was used is lost", async () => {
  await limit(core, 1_000n);
  const spends = fromBoth(20, (server) => submit(server, key, spendOf(7n, BY)));
  await limit(other, 10n);
  const later = await fromBoth(5, (server) => submit(server, key, spendOf(11n, BY)));
  expect(taken(later)).toBe(0n);
  expect(await used()).toEqual([String(taken(await spends))]);
  expect(await audit(core.pool, key)).toEqual([]);
});

test("two servers that make members at once number them one after the other", async () => {
  await Promise.all(["ann", "bob", "cy", "dee"].flatMap((name) => [limit(core, 10n, name), limit(other, 10n, name)]));
  const { rows } = await core.pool.query("SELECT number FROM members WHERE account_id = $1 ORDER BY number", [key.accountId]);
  expect(rows.map(({ number }) => number)).toEqual([1, 2, 3, 4]);
});

test("a new limit counts a history of more than a thousand uses", async () => {
  await limit(core, 2_000n);
  await Promise.all(Array.from({ length: 1_001 }, () => submit(core, key, spendOf(0n, BY))));
  await done(submit(core, key, spendOf(3n, BY)));
  const terms = { creditTypeId, operations: [], amount: 9n, unit: FIRST_UNIT };
  const limits = (["DAY", "WEEK", "YEAR"] as const).map((interval) => ({ ...terms, interval }));
  await setMember(core, { accountId: key.accountId, externalId: "ann", name: null, limits }, OPERATOR, await unitsNow(core));
  expect(await used()).toEqual(["3", "3", "3"]);
});

test("a long history is counted before the wallet is locked, and under the lock only what has come since", async () => {
  await limit(core, 2_000n);
  await Promise.all(Array.from({ length: 1_001 }, () => submit(core, key, spendOf(0n, BY))));
  const sent: string[] = [];
  watchStatements((name) => {
    sent.push(name);
    return undefined;
  });
  const limits = [{ creditTypeId, operations: [], interval: "YEAR", amount: 9n, unit: FIRST_UNIT } as const];
  await setMember(core, { accountId: key.accountId, externalId: "ann", name: null, limits }, OPERATOR, await unitsNow(core));
  jest.restoreAllMocks();
  const locked = sent.indexOf("limits.lock_wallets");
  const isLog = (name: string) => name === "limits.log";
  expect([sent.slice(0, locked).filter(isLog).length, sent.slice(locked).filter(isLog).length]).toEqual([2, 1]);
});

test("the audit finds a count that the log does not say, and a window that is none", async () => {
  await limit(core, 100n);
  await done(submit(core, key, spendOf(7n, BY)));
  const owner = new Client({ connectionString: database.url });
  await owner.connect();
  const tamper = (change: string) => owner.query(`UPDATE spending_limits SET ${change} WHERE account_id = '${key.accountId}'`);
  const messages = async () => (await audit(core.pool, key)).map(({ invariant, message }) => `${invariant}: ${message}`);
  await tamper("used = used - 1");
  expect(await messages()).toEqual(["9: of limit 1 of member 1, 6 are used, by the log 7"]);
  await tamper("used = 7, window_until = window_until + interval '1 hour'");
  expect(await messages()).toEqual(["9: limit 1 of member 1 counts in a window that is no month"]);
  await owner.end();
});
