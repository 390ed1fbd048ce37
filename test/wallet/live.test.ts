import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { type Opened, openBalance, openTransactions } from "../../src/wallet/live/live";
import { heldRows } from "../../src/wallet/live/live-logs";
import type { WalletKey } from "../../src/wallet/model/types";
import { submit } from "../../src/wallet/submit";
import { Sweeper } from "../../src/wallet/sweeper";
import { addCreditType, addWallet, at, grantOf, spendOf } from "../support/core";
import { createTestDatabase, type TestDatabase } from "../support/database";
import { createLiveCore, type LiveCore, take } from "../support/live";

let database: TestDatabase;
/** Two servers that hear each other's hints and have no poll; and one that only polls, when it is told to. */
let here: LiveCore;
let there: LiveCore;
let deaf: LiveCore;
let creditType: number;
const open: AsyncGenerator<unknown, void, void>[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
  here = await createLiveCore(database.url);
  there = await createLiveCore(database.url, { clock: here.clock });
  deaf = await createLiveCore(database.url, { clock: here.clock, hints: false });
  creditType = await addCreditType(here.pool, "credits");
});

afterEach(async () => {
  await Promise.all(open.splice(0).map((events) => events.return()));
  // Whatever a test left in the middle of a page was put back.
  expect(heldRows()).toBe(0);
  for (const { followed } of [here, there, deaf]) expect(followed.followed).toBe(0);
});

afterAll(async () => {
  await Promise.all([here, there, deaf].map((core) => core.stop()));
  await database.drop();
});

async function walletWith(amount: bigint): Promise<WalletKey> {
  const key = await addWallet(here, creditType);
  await submit(here, key, grantOf(amount));
  return key;
}

async function spend(core: LiveCore, key: WalletKey, count = 1): Promise<void> {
  const answers = await Promise.all(Array.from({ length: count }, () => submit(core, key, spendOf(1n))));
  expect(answers.every(({ status }) => status === "done")).toBe(true);
}

function eventsOf<Event>(opened: Opened<Event>): AsyncGenerator<Event, void, void> {
  if (opened.status !== "open") throw new Error(`answered ${opened.status}`);
  open.push(opened.events);
  return opened.events;
}

async function balancesOf(core: LiveCore, key: WalletKey) {
  return eventsOf(await openBalance(core, key));
}

async function transactionsOf(core: LiveCore, key: WalletKey, after: number | null = null) {
  return eventsOf(await openTransactions(core, key, after));
}

function upTo(last: number, first = 1): number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}

async function sequencesOf(core: LiveCore, key: WalletKey, after: number | null, count: number): Promise<number[]> {
  return (await take(await transactionsOf(core, key, after), count)).map(({ sequence }) => sequence);
}

describe("the balance", () => {
  test("is told as it is at once, and then as each commit leaves it", async () => {
    const key = await walletWith(100n);
    const events = await balancesOf(here, key);
    expect((await events.next()).value).toMatchObject({ wallet: { sequence: 1, balance: { available: 100n } } });
    const next = events.next();
    await spend(here, key);
    expect((await next).value).toMatchObject({ wallet: { sequence: 2, balance: { available: 99n } } });
  });

  test("is told to a slow reader as it is when it reads on, not as it was in between", async () => {
    const key = await walletWith(100n);
    const events = await balancesOf(here, key);
    await events.next();
    for (let count = 0; count < 5; count++) await spend(here, key);
    expect((await events.next()).value).toMatchObject({ wallet: { sequence: 6, balance: { available: 95n } } });
    const next = events.next();
    await spend(here, key);
    expect((await next).value).toMatchObject({ wallet: { sequence: 7 } });
  });

  test("is read once for all who follow the wallet", async () => {
    const key = await walletWith(100n);
    const readers = await Promise.all(Array.from({ length: 500 }, () => balancesOf(here, key)));
    const connections = jest.spyOn(here.pool, "connect");
    await Promise.all(readers.map((events) => events.next()));
    const next = readers.map((events) => events.next());
    await spend(there, key);
    const told = await Promise.all(next);
    expect(told.every(({ value }) => value?.wallet.sequence === 2)).toBe(true);
    expect(connections.mock.calls.length).toBeLessThanOrEqual(4);
    connections.mockRestore();
  });

  test("of a wallet that is not there cannot be followed", async () => {
    const key = { ...(await walletWith(1n)), creditTypeId: 999 };
    expect(await openBalance(here, key)).toEqual({ status: "absent" });
    expect(await openTransactions(here, key, null)).toEqual({ status: "absent" });
  });
});

describe("the transactions", () => {
  test("after a sequence come all, in order, and then each new one", async () => {
    const key = await walletWith(1_000n);
    await spend(here, key, 250);
    const events = await transactionsOf(here, key, 0);
    expect((await take(events, 251)).map(({ sequence }) => sequence)).toEqual(upTo(251));
    const next = events.next();
    await spend(here, key);
    expect((await next).value).toMatchObject({ sequence: 252, type: "SPEND", entries: [{ grant: 1, amount: 1n }] });
  });

  test("without a place to start from are only those that are still to come", async () => {
    const key = await walletWith(100n);
    const events = await transactionsOf(here, key);
    await spend(here, key);
    expect((await events.next()).value).toMatchObject({ sequence: 2 });
  });

  test("cannot be read from a place that lies ahead", async () => {
    const key = await walletWith(100n);
    expect(await openTransactions(here, key, 2)).toEqual({ status: "unknown" });
    expect(await openTransactions(here, key, 1)).toMatchObject({ status: "open" });
  });

  test("of two places in one wallet, and of two wallets, are not mixed up when they are read together", async () => {
    const [one, other] = [await walletWith(10n), await walletWith(10n)];
    await spend(here, one, 5);
    await spend(here, other, 3);
    const read = [sequencesOf(here, one, 0, 6), sequencesOf(here, one, 4, 2), sequencesOf(here, other, 1, 3)];
    expect(await Promise.all(read)).toEqual([upTo(6), [5, 6], [2, 3, 4]]);
  });

  test("are missed by nobody and seen twice by nobody in a storm over two servers, however often they leave and resume", async () => {
    const spends = 600;
    const key = await walletWith(BigInt(spends));
    const servers = [here, there];
    const readers = Array.from({ length: 24 }, (_, index) => readWithBreaks(servers, key, spends + 1, index));
    const writers = upTo(12).map(async (index) => {
      for (let count = 0; count < spends / 12; count++) await spend(servers[index % 2] as LiveCore, key);
    });
    await Promise.all(writers);
    for (const seen of await Promise.all(readers)) expect(seen).toEqual(upTo(spends + 1));
  });
});

/** Reads all transactions of a wallet, leaving after some of them, again and again, in all the ways there are to leave. */
async function readWithBreaks(servers: readonly LiveCore[], key: WalletKey, last: number, seed: number): Promise<number[]> {
  const random = randomFrom(seed);
  const seen: number[] = [];
  while (seen.length < last) {
    const core = servers[random(servers.length)] as LiveCore;
    const events = await transactionsOf(core, key, seen.at(-1) ?? 0);
    const patience = Math.min(1 + random(60), last - seen.length);
    seen.push(...(await take(events, patience)).map(({ sequence }) => sequence));
    // Half of them leave while they wait for the next one; it is not theirs any more.
    const pulled = random(2) === 0 ? events.next() : null;
    await events.return();
    const late = await pulled;
    if (late && !late.done) seen.push(late.value.sequence);
  }
  return seen;
}

/** Numbers below a bound, the same for the same seed (mulberry32). */
function randomFrom(seed: number): (bound: number) => number {
  let state = seed;
  return (bound) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % bound;
  };
}

describe("from one server to another", () => {
  test("a spend is told by a hint: neither of them polls", async () => {
    const key = await walletWith(100n);
    const [balances, transactions] = [await balancesOf(there, key), await transactionsOf(there, key)];
    await balances.next();
    const next = [balances.next(), transactions.next()] as const;
    await spend(here, key);
    const [balance, transaction] = await Promise.all(next);
    expect(balance.value).toMatchObject({ wallet: { sequence: 2 } });
    expect(transaction.value).toMatchObject({ sequence: 2 });
  });

  test("a spend is told within 100 milliseconds, more often than not on any machine", async () => {
    const key = await walletWith(100n);
    const events = await transactionsOf(there, key);
    const took: number[] = [];
    for (let count = 0; count < 20; count++) {
      const next = events.next();
      await spend(here, key);
      const committed = performance.now();
      await next;
      took.push(performance.now() - committed);
    }
    expect(took.filter((milliseconds) => milliseconds < 100).length).toBeGreaterThan(10);
  });

  test("a spend is told by the poll where no hint can come", async () => {
    const key = await walletWith(100n);
    const [balances, transactions] = [await balancesOf(deaf, key), await transactionsOf(deaf, key)];
    await balances.next();
    const next = [balances.next(), transactions.next()] as const;
    await deaf.followed.look();
    await spend(here, key);
    await deaf.followed.look();
    const [balance, transaction] = await Promise.all(next);
    expect(balance.value).toMatchObject({ wallet: { sequence: 2 } });
    expect(transaction.value).toMatchObject({ sequence: 2 });
  });
});

describe("a reader that leaves", () => {
  test("is let go at once, also while it waits, and while it has not begun", async () => {
    const key = await walletWith(100n);
    const waiting = await transactionsOf(here, key);
    const next = waiting.next();
    const unbegun = await balancesOf(here, key);
    await Promise.all([waiting.return(), unbegun.return()]);
    expect(await next).toEqual({ done: true, value: undefined });
    expect(await unbegun.next()).toEqual({ done: true, value: undefined });
  });

  test("is let go by a server that stops", async () => {
    const key = await walletWith(100n);
    const stopping = await createLiveCore(database.url, { clock: here.clock });
    const events = await transactionsOf(stopping, key);
    const next = events.next();
    await stopping.stop();
    expect(await next).toEqual({ done: true, value: undefined });
  });
});

describe("a thousand readers that do not read", () => {
  test("cost nothing: the database is not asked for them, and what they hold does not grow", async () => {
    const key = await walletWith(2_000n);
    await spend(here, key, 300);
    const stalled = await Promise.all(
      Array.from({ length: 1_000 }, async (_, index) => (index % 2 === 0 ? transactionsOf(here, key, 0) : balancesOf(here, key))),
    );
    await Promise.all(stalled.map((events) => events.next()));
    const holding = heldRows();
    expect(holding).toBeLessThanOrEqual(20_000);
    const connections = jest.spyOn(here.pool, "connect");
    for (let round = 0; round < 20; round++) await spend(here, key, 50);
    // Each round is one batch: what was asked of the database is for the spends alone.
    expect(connections.mock.calls.length).toBeLessThanOrEqual(40);
    connections.mockRestore();
    expect(heldRows()).toBe(holding);
  });

  test("do not hinder one that does", async () => {
    const key = await walletWith(2_000n);
    await spend(here, key, 300);
    const stalled = await Promise.all(Array.from({ length: 1_000 }, () => transactionsOf(here, key, 0)));
    await Promise.all(stalled.map((events) => events.next()));
    const reading = sequencesOf(here, key, 301, 200);
    for (let count = 0; count < 4; count++) await spend(here, key, 50);
    expect(await reading).toEqual(upTo(501, 302));
  });
});

describe("what falls due while nobody spends", () => {
  test("reaches those who follow the wallet at its instant", async () => {
    const sweeper = new Sweeper(here);
    sweeper.start();
    try {
      const key = await addWallet(here, creditType);
      const [effectiveAt, expiresAt] = [at("2026-02-01T00:00:00Z"), at("2026-03-01T00:00:00Z")];
      await submit(here, key, grantOf(5n, { effectiveAt, expiresAt }));
      const events = await balancesOf(there, key);
      expect((await events.next()).value).toMatchObject({ wallet: { sequence: 1, balance: { available: 0n, pending: 5n } } });
      const activated = events.next();
      here.clock.set(effectiveAt);
      expect((await activated).value).toMatchObject({ wallet: { sequence: 2, balance: { available: 5n, pending: 0n } } });
      const expired = events.next();
      here.clock.set(expiresAt);
      expect((await expired).value).toMatchObject({ wallet: { sequence: 3, balance: { available: 0n } } });
    } finally {
      await sweeper.stop();
    }
  });
});
