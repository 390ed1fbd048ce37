import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { MAX_AMOUNT } from "../../src/core/amount";
import type { Window } from "../../src/platform/window";
import { readings } from "../../src/wallet/api/wallet.loaders";
import type { WalletKey } from "../../src/wallet/model/types";
import { allocate } from "../../src/wallet/model/waterfall";
import { pageGrants, pageGrantsByConsumption } from "../../src/wallet/store/grant.pages";
import { balanceAt, sequenceAt, stateBefore } from "../../src/wallet/store/past.reads";
import { usage } from "../../src/wallet/store/usage.reads";
import { pageEntriesOfGrant, pageHolds, pageTransactions, type TransactionFilter } from "../../src/wallet/store/wallet.pages";
import { readAlerts, readGrants, readHolds, readTransactions, readWallets } from "../../src/wallet/store/wallet.reads";
import { catchUpNow, submit } from "../../src/wallet/submit";
import {
  addCreditType,
  addWallet,
  at,
  captureOf,
  createTestCore,
  done,
  grantOf,
  holdOf,
  refundOf,
  releaseOf,
  spendOf,
  type TestCore,
  voidOf,
} from "../support/core";
import { createTestDatabase, type TestDatabase } from "../support/database";

const SECOND = 1_000_000n;
const HOUR = 3_600n * SECOND;
const DAY = 24n * HOUR;
const ANY: TransactionFilter = { types: null, operation: null, app: null, member: null, from: null, to: null, minimum: null };
const NO_FILTER = { statuses: null, kinds: null };

let database: TestDatabase;
let core: TestCore;
let creditType: number;

beforeAll(async () => {
  database = await createTestDatabase();
  core = await createTestCore(database.url);
  creditType = await addCreditType(core.pool, "credits");
});

afterAll(async () => {
  await core.stop();
  await database.drop();
});

function first(limit: number, after: number | null = null): Window {
  return { newestFirst: false, after, before: null, limit, fromEnd: false };
}

function last(limit: number, before: number | null = null): Window {
  return { newestFirst: false, after: null, before, limit, fromEnd: true };
}

function pass(span: bigint): bigint {
  core.clock.set(core.clock.now() + span);
  return core.clock.now();
}

describe("the balance at an instant", () => {
  test("is what the log had come to, at the very instant of a transaction and between two", async () => {
    const start = core.clock.now();
    const key = await addWallet(core, creditType);
    const granted = pass(HOUR);
    await done(submit(core, key, grantOf(100n)));
    const spent = pass(HOUR);
    await done(submit(core, key, spendOf(30n)));
    await done(submit(core, key, spendOf(5n)));
    pass(HOUR);
    await done(submit(core, key, spendOf(1n)));
    const balances = await Promise.all(
      [start, granted - 1n, granted, spent - 1n, spent, spent + 1n].map((t) => balanceAt(core.pool, key, t)),
    );
    expect(balances.map((balance) => balance?.available)).toEqual([0n, 0n, 100n, 100n, 65n, 65n]);
    expect(await sequenceAt(core.pool, key, spent)).toBe(3);
  });

  test("counts what fell due and was not written; and ahead, what will be left if nothing is spent", async () => {
    const key = await addWallet(core, creditType);
    const start = core.clock.now();
    await done(submit(core, key, grantOf(100n, { expiresAt: start + DAY })));
    await done(submit(core, key, grantOf(50n, { effectiveAt: start + 2n * DAY })));
    await done(submit(core, key, holdOf(10n, start + HOUR)));
    const availableAt = async (t: bigint) => (await balanceAt(core.pool, key, t))?.available;
    expect(await availableAt(start)).toBe(90n);
    expect(await availableAt(start + HOUR)).toBe(100n);
    expect(await availableAt(start + DAY - 1n)).toBe(100n);
    expect(await availableAt(start + DAY)).toBe(0n);
    expect(await availableAt(start + 2n * DAY)).toBe(50n);
  });

  test("of a wallet that does not exist is none", async () => {
    expect(await balanceAt(core.pool, { accountId: "00000000-0000-7000-8000-000000000000", creditTypeId: 1 }, 0n)).toBeNull();
  });
});

describe("the state before a transaction", () => {
  test("is what its allocation was decided on, whatever came after", async () => {
    const key = await addWallet(core, creditType);
    await done(submit(core, key, grantOf(10n, { priority: 2 })));
    await done(submit(core, key, grantOf(10n, { priority: 1 })));
    await done(submit(core, key, grantOf(10n, { priority: 3 })));
    const { transaction } = await done(submit(core, key, spendOf(15n)));
    await done(submit(core, key, spendOf(8n)));
    await done(submit(core, key, voidOf(3)));
    await done(submit(core, key, refundOf(transaction.sequence)));
    await done(submit(core, key, grantOf(10n, { priority: 0 })));
    const before = await stateBefore(core.pool, key, transaction.sequence);
    expect(before).toMatchObject({ sequence: 3, clockAt: transaction.effectiveAt, balance: { available: 30n } });
    expect(before?.grants.map((grant) => [grant.number, grant.pots.AVAILABLE, grant.voidedAt])).toEqual([
      [1, 10n, null],
      [2, 10n, null],
      [3, 10n, null],
    ]);
    const { draws } = allocate(
      before?.grants ?? [],
      before?.policy as never,
      before?.clockAt as bigint,
      { operation: null, app: null },
      15n,
    );
    expect(draws.map((draw) => [draw.grant.number, draw.amount, draw.before])).toEqual(
      transaction.entries.map((entry) => [entry.grant, entry.amount, entry.before]),
    );
    expect(await stateBefore(core.pool, key, 4711)).toBeNull();
  });

  test("is found however often as much as there can be has been held and released since", async () => {
    const key = await addWallet(core, creditType);
    await done(submit(core, key, grantOf(MAX_AMOUNT)));
    for (let round = 0; round < 3; round++) {
      const { transaction } = await done(submit(core, key, holdOf(MAX_AMOUNT, core.clock.now() + HOUR)));
      await done(submit(core, key, releaseOf(transaction.sequence)));
    }
    expect((await stateBefore(core.pool, key, 2))?.grants[0]?.pots).toMatchObject({ AVAILABLE: MAX_AMOUNT, HELD: 0n });
  });
});

describe("a page", () => {
  let key: WalletKey;
  let start: bigint;

  beforeAll(async () => {
    key = await addWallet(core, creditType);
    start = core.clock.now();
    await done(submit(core, key, grantOf(1_000n)));
    for (let hour = 1; hour <= 9; hour++) {
      pass(HOUR);
      await done(submit(core, key, spendOf(BigInt(hour), { operation: hour % 2 ? "odd" : "even", app: `app-${hour % 3}` })));
    }
  });

  async function sequences(filter: Partial<TransactionFilter>, window: Window) {
    const { rows, hasMore } = await pageTransactions(core.pool, key, { ...ANY, ...filter }, window);
    return [rows.map((row) => row.sequence), hasMore];
  }

  test("of transactions goes on after its last element, to the end", async () => {
    expect(await sequences({}, first(4))).toEqual([[1, 2, 3, 4], true]);
    expect(await sequences({}, first(4, 4))).toEqual([[5, 6, 7, 8], true]);
    expect(await sequences({}, first(4, 8))).toEqual([[9, 10], false]);
  });

  test("counted from the end stands in the list's order", async () => {
    expect(await sequences({}, last(3))).toEqual([[8, 9, 10], true]);
    expect(await sequences({}, last(3, 3))).toEqual([[1, 2], false]);
  });

  test("newest first begins with the newest", async () => {
    expect(await sequences({}, { ...first(3), newestFirst: true })).toEqual([[10, 9, 8], true]);
    expect(await sequences({}, { ...first(3, 3), newestFirst: true })).toEqual([[2, 1], false]);
    expect(await sequences({}, { ...last(3), newestFirst: true })).toEqual([[3, 2, 1], true]);
    expect(await sequences({}, { ...last(9, 8), newestFirst: true })).toEqual([[10, 9], false]);
  });

  test("of transactions can be narrowed", async () => {
    expect(await sequences({ operation: "even" }, first(9))).toEqual([[3, 5, 7, 9], false]);
    expect(await sequences({ types: ["GRANT"] }, first(9))).toEqual([[1], false]);
    expect(await sequences({ app: "app-0", minimum: 6n }, first(9))).toEqual([[7, 10], false]);
    expect(await sequences({ from: start + HOUR, to: start + 3n * HOUR }, first(9))).toEqual([[2, 3], false]);
    expect(await sequences({ from: start + 30n * HOUR }, first(9))).toEqual([[], false]);
  });

  test("of a grant's entries goes on after its last element", async () => {
    const window = { newestFirst: false, after: null, before: null, limit: 2, fromEnd: false };
    const page = await pageEntriesOfGrant(core.pool, key, 1, window);
    expect(page).toMatchObject({
      rows: [
        { sequence: 1, position: 1, from: "ISSUED" },
        { sequence: 2, amount: 1n },
      ],
      hasMore: true,
    });
    const next = await pageEntriesOfGrant(core.pool, key, 1, { ...window, after: { sequence: 2, position: 1 } });
    expect(next.rows.map((entry) => entry.sequence)).toEqual([3, 4]);
    const end = await pageEntriesOfGrant(core.pool, key, 1, { ...window, fromEnd: true });
    expect(end.rows.map((entry) => entry.sequence)).toEqual([9, 10]);
  });

  test("of usage adds up what was used, by operation and by day of the account's time zone", async () => {
    const [berlin] = [await addWallet(core, creditType, "Europe/Berlin")];
    core.clock.set(at("2027-03-27T22:30:00Z"));
    const from = core.clock.now();
    await done(submit(core, berlin, grantOf(1_000n)));
    await done(submit(core, berlin, spendOf(1n, { operation: "a" })));
    pass(HOUR);
    await done(submit(core, berlin, spendOf(2n, { operation: "a" })));
    pass(HOUR);
    await done(submit(core, berlin, spendOf(4n, { operation: "b", occurredAt: from })));
    const { transaction } = await done(submit(core, berlin, holdOf(8n, core.clock.now() + HOUR, { operation: "b" })));
    await done(submit(core, berlin, releaseOf(transaction.sequence)));
    const rows = await usage(core.pool, berlin, { from, to: from + DAY, groupBy: ["OPERATION"], interval: "DAY" });
    expect(rows).toEqual([
      { start: at("2027-03-26T23:00:00Z"), operation: "a", app: null, actor: null, member: null, count: 1, amount: 1n },
      { start: at("2027-03-26T23:00:00Z"), operation: "b", app: null, actor: null, member: null, count: 1, amount: 4n },
      { start: at("2027-03-27T23:00:00Z"), operation: "a", app: null, actor: null, member: null, count: 1, amount: 2n },
    ]);
    const whole = await usage(core.pool, berlin, { from, to: from + DAY, groupBy: [], interval: null });
    expect(whole).toEqual([{ start: null, operation: null, app: null, actor: null, member: null, count: 3, amount: 7n }]);
    expect(await usage(core.pool, berlin, { from: from + DAY, to: from + 2n * DAY, groupBy: [], interval: null })).toEqual([]);
  });

  test("of usage counts what was told late when it happened, however much later that was told, and not again then", async () => {
    const key = await addWallet(core, creditType);
    await done(submit(core, key, grantOf(1_000n)));
    const from = pass(HOUR);
    await done(submit(core, key, spendOf(1n)));
    const told = pass(40n * DAY);
    await done(submit(core, key, spendOf(2n, { occurredAt: from })));
    await done(submit(core, key, spendOf(4n, { occurredAt: from + HOUR })));
    await done(submit(core, key, spendOf(8n, { occurredAt: from - 1n })));
    await done(submit(core, key, spendOf(16n)));
    const used = async (since: bigint, until: bigint) => {
      const rows = await usage(core.pool, key, { from: since, to: until, groupBy: [], interval: null });
      return rows.map(({ count, amount }) => [count, amount]);
    };
    expect(await used(from, from + HOUR)).toEqual([[2, 3n]]);
    expect(await used(told, told + 1n)).toEqual([[1, 16n]]);
    expect(await used(from - 1n, told + 1n)).toEqual([[5, 31n]]);
  });
});

describe("the grants of a wallet", () => {
  let key: WalletKey;

  beforeAll(async () => {
    key = await addWallet(core, creditType);
    const now = core.clock.now();
    await done(submit(core, key, grantOf(1n, { priority: 1 })));
    await done(submit(core, key, grantOf(2n, { priority: 2 })));
    await done(submit(core, key, spendOf(3n)));
    await done(submit(core, key, grantOf(3n, { priority: 30 })));
    await done(submit(core, key, grantOf(4n, { priority: 40, kind: "PLAN", expiresAt: now + HOUR })));
    await done(submit(core, key, grantOf(5n, { priority: 5, effectiveAt: now + DAY })));
    await done(submit(core, key, grantOf(6n, { priority: 6 })));
    await done(submit(core, key, voidOf(6)));
  });

  async function consumption(window: Partial<Window>, filter: Parameters<typeof pageGrants>[2] = NO_FILTER) {
    const page = await pageGrantsByConsumption(core.pool, key, filter, { ...first(10), ...window }, core.clock.now());
    return [page.rows.map((grant) => grant.number), page.hasMore];
  }

  test("come in the order of consumption, then those that are closed", async () => {
    expect(await consumption({})).toEqual([[5, 3, 4, 6, 2, 1], false]);
    expect(await consumption({ limit: 2 })).toEqual([[5, 3], true]);
    expect(await consumption({ limit: 2, after: 3 })).toEqual([[4, 6], true]);
    expect(await consumption({ limit: 2, after: 6 })).toEqual([[2, 1], false]);
    expect(await consumption({ limit: 3, fromEnd: true })).toEqual([[6, 2, 1], true]);
    expect(await consumption({ limit: 3, fromEnd: true, before: 6 })).toEqual([[5, 3, 4], false]);
    expect(await consumption({ limit: 3, fromEnd: true, before: 4 })).toEqual([[5, 3], false]);
  });

  test("can be narrowed by status and kind", async () => {
    expect(await consumption({}, { statuses: ["ACTIVE"], kinds: null })).toEqual([[3, 4], false]);
    expect(await consumption({}, { statuses: ["EXHAUSTED", "VOIDED"], kinds: null })).toEqual([[6, 2, 1], false]);
    expect(await consumption({}, { statuses: null, kinds: ["PLAN"] })).toEqual([[4], false]);
    const page = await pageGrants(core.pool, key, { statuses: ["EXHAUSTED"], kinds: null }, first(1), core.clock.now());
    expect([page.rows.map((grant) => grant.number), page.hasMore]).toEqual([[1], true]);
  });

  test("are seen as of now, also when nothing was written yet", async () => {
    const { transaction } = await done(submit(core, key, holdOf(1n, core.clock.now() + HOUR)));
    pass(HOUR);
    const now = core.clock.now();
    expect(
      await readGrants(
        core.pool,
        [
          { key, number: 4 },
          { key, number: 99 },
        ],
        now,
      ),
    ).toMatchObject([{ value: { pots: { AVAILABLE: 0n, EXPIRED: 4n } }, at: now }, null]);
    expect(await readHolds(core.pool, [{ key, number: transaction.sequence }], now)).toMatchObject([
      { value: { status: "EXPIRED", released: 1n }, at: now },
    ]);
    expect((await pageHolds(core.pool, key, ["OPEN"], first(5), now)).rows).toEqual([]);
    expect((await pageHolds(core.pool, key, ["EXPIRED"], first(5), now)).rows).toHaveLength(1);
    expect(await consumption({}, { statuses: ["EXPIRED"], kinds: null })).toEqual([[4], false]);
  });
});

test("among what has ended, the database finds what has not: no more is read than is answered", async () => {
  const key = await addWallet(core, creditType);
  for (let round = 0; round < 5; round++) {
    await done(submit(core, key, grantOf(1n)));
    const { transaction } = await done(submit(core, key, holdOf(1n, core.clock.now() + HOUR, { app: "photos" })));
    await done(submit(core, key, captureOf(transaction.sequence, null)));
  }
  await done(submit(core, key, grantOf(2n)));
  const { hold } = await done(submit(core, key, holdOf(1n, core.clock.now() + HOUR)));
  const query = jest.spyOn(core.pool, "query");
  const now = core.clock.now();
  const active = { statuses: ["ACTIVE"], kinds: null } as const;
  expect((await pageHolds(core.pool, key, ["OPEN"], first(5), now)).rows).toEqual([hold]);
  expect((await pageHolds(core.pool, key, ["OPEN"], last(5), now, "photos")).rows).toEqual([]);
  expect((await pageHolds(core.pool, key, ["RELEASED"], first(5), now)).rows).toEqual([]);
  expect((await pageGrants(core.pool, key, active, first(5), now)).rows).toMatchObject([{ number: 6 }]);
  expect((await pageGrantsByConsumption(core.pool, key, active, first(5), now)).rows).toMatchObject([{ number: 6 }]);
  const answers = await Promise.all(query.mock.results.map(({ value }) => value as unknown as Promise<{ rows: unknown[] }>));
  query.mockRestore();
  expect(answers.flatMap(({ rows }) => rows)).toHaveLength(2);
});

test("what is asked for in bulk is answered in the order asked, null where there is nothing", async () => {
  const [a, b] = [await addWallet(core, creditType), await addWallet(core, creditType)] as const;
  await done(submit(core, a, grantOf(1n)));
  await done(submit(core, b, grantOf(2n)));
  const none = { ...a, creditTypeId: 4711 };
  const now = core.clock.now();
  expect((await readWallets(core.pool, [b, none, a, b], now)).map((wallet) => wallet?.balance.available)).toEqual([
    2n,
    undefined,
    1n,
    2n,
  ]);
  const named = [b, none, a].map((key) => ({ key, number: 1 }));
  expect((await readTransactions(core.pool, named)).map((transaction) => transaction?.amount)).toEqual([2n, undefined, 1n]);
  expect(await readAlerts(core.pool, named)).toEqual([null, null, null]);
});

test("however much is read of wallets at once, half of the connections stay free for those who spend", async () => {
  const key = await addWallet(core, creditType);
  const busy = await createTestCore(database.url, { clock: core.clock });
  const query = { from: 0n, to: core.clock.now(), groupBy: [], interval: null };
  const rows = await Promise.all(Array.from({ length: 50 }, () => readings.usage({ core: busy }, key, query)));
  const { totalCount, options } = busy.pool;
  await busy.stop();
  expect(rows).toHaveLength(50);
  expect([totalCount, options.max]).toEqual([3, 6]);
});

test("a grant and a hold that have expired read as expired, also while that is being written", async () => {
  const key = await addWallet(core, creditType);
  const expiresAt = core.clock.now() + 60_000_000n;
  await done(submit(core, key, grantOf(5n, { expiresAt })));
  const { transaction } = await done(submit(core, key, holdOf(2n, expiresAt)));
  core.clock.set(expiresAt);
  // The expiry is written right after the first statement of the reading has been answered: what that saw must stand by itself.
  const answered = core.pool.query.bind(core.pool) as (...asked: unknown[]) => Promise<unknown>;
  let writing: Promise<unknown> | null = null;
  const reading = async (...asked: unknown[]): Promise<unknown> => {
    const answer = await answered(...asked);
    writing ??= catchUpNow(core, key);
    await writing;
    return answer;
  };
  const spy = jest.spyOn(core.pool, "query").mockImplementation(reading as never);
  const [grants, holds] = [
    await readGrants(core.pool, [{ key, number: 1 }], expiresAt),
    await readHolds(core.pool, [{ key, number: transaction.sequence }], expiresAt),
  ];
  spy.mockRestore();
  expect(grants[0]?.value.pots).toMatchObject({ AVAILABLE: 0n, HELD: 0n, EXPIRED: 5n });
  expect(holds[0]?.value.status).toBe("EXPIRED");
});
