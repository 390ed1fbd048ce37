import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { type Opened, openBalance, openTransactions } from "../../src/wallet/live/live";
import { heldRows } from "../../src/wallet/live/live-logs";
import { News, newsOf } from "../../src/wallet/live/live-news";
import { catchUp } from "../../src/wallet/model/catch-up";
import type { Transaction, Wallet, WalletKey } from "../../src/wallet/model/types";
import { readTransactions, readWallets } from "../../src/wallet/store/wallet.reads";
import { submit } from "../../src/wallet/submit";
import { addCreditType, addWallet, done, grantOf, spendOf } from "../support/core";
import { createTestDatabase, type TestDatabase } from "../support/database";
import { createLiveCore, type LiveCore, take } from "../support/live";

/** What was committed is handed to those who follow it. Another server commits; whether it is told of here, and how, is the test's. */

let database: TestDatabase;
let here: LiveCore;
let there: LiveCore;
let creditType: number;
const open: AsyncGenerator<unknown, void, void>[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
  here = await createLiveCore(database.url, { hints: false });
  there = await createLiveCore(database.url, { hints: false, clock: here.clock });
  creditType = await addCreditType(here.pool, "credits");
});

afterEach(async () => {
  await Promise.all(open.splice(0).map((events) => events.return()));
  expect(heldRows()).toBe(0);
  expect(here.followed.followed).toBe(0);
  expect(newsOf(here).size).toBe(0);
});

afterAll(async () => {
  await Promise.all([here.stop(), there.stop()]);
  await database.drop();
});

interface Committed {
  readonly wallet: Wallet;
  readonly transaction: Transaction;
}

async function walletWith(amount: bigint): Promise<WalletKey> {
  const key = await addWallet(here, creditType);
  await submit(there, key, grantOf(amount));
  return key;
}

/** Spends that nobody here knows of. */
async function spend(key: WalletKey, count = 1): Promise<readonly Committed[]> {
  const committed: Committed[] = [];
  while (committed.length < count) committed.push(await done(submit(there, key, spendOf(1n))));
  return committed;
}

/** As after a commit of this server. */
function tell(committed: readonly Committed[], transactions = committed): void {
  const { wallet } = committed.at(-1) as Committed;
  here.live.publish(newsOf(here).tell(here.clock.now(), [wallet], () => transactions));
}

async function follow<Event>(opening: Promise<Opened<Event>>): Promise<AsyncGenerator<Event, void, void>> {
  const opened = await opening;
  if (opened.status !== "open") throw new Error(`answered ${opened.status}`);
  open.push(opened.events);
  return opened.events;
}

/** A reader of the transactions that has read all there are and waits for the next. */
async function waiting(key: WalletKey, seen: ((transaction: Transaction) => boolean) | null = null) {
  const events = await follow(openTransactions(here, key, 0, seen));
  const [first] = await take(events, 1);
  expect(first?.sequence).toBe(1);
  const next = events.next();
  await nothingReads();
  return { events, next };
}

/** A reader of the balance that was told of it and waits for the next. */
async function watching(key: WalletKey) {
  const events = await follow(openBalance(here, key));
  await events.next();
  const next = events.next();
  await nothingReads();
  return { events, next };
}

async function sequenceOf(next: Promise<IteratorResult<Transaction, void>>): Promise<number | undefined> {
  return (await next).value?.sequence;
}

/** Resolves when the connections are idle: whoever reads has read. */
async function nothingReads(): Promise<void> {
  do await new Promise((resolve) => setImmediate(resolve));
  while (here.pool.totalCount !== here.pool.idleCount || here.pool.waitingCount > 0);
  await here.pool.query("SELECT 1");
}

/** How often the database is asked while that is done. */
async function readingsOf(work: () => Promise<void>): Promise<number> {
  const connections = jest.spyOn(here.pool, "connect");
  await work();
  const count = connections.mock.calls.length;
  connections.mockRestore();
  return count;
}

describe("what was committed", () => {
  test("reaches those who wait for it without being read, and is what would have been read", async () => {
    const key = await walletWith(100n);
    const [{ next }, { next: balance }] = [await waiting(key), await watching(key)];
    const committed = await spend(key);
    const readings = await readingsOf(async () => {
      tell(committed);
      expect(await sequenceOf(next)).toBe(2);
      expect((await balance).value?.wallet.sequence).toBe(2);
    });
    expect(readings).toBe(0);
    const [read] = await readTransactions(here.pool, [{ key, number: 2 }]);
    expect(plain((await next).value)).toEqual(plain(read));
    const [wallet] = await readWallets(here.pool, [key], here.clock.now());
    expect(plain(catchUp((await balance).value?.wallet as Wallet, here.clock.now()).wallet)).toEqual(
      plain(catchUp(wallet as Wallet, here.clock.now()).wallet),
    );
  });

  test("reaches one who is slow in order, each once, and the balance as it is last", async () => {
    const key = await walletWith(100n);
    const [{ events, next }, { next: balance, events: balances }] = [await waiting(key), await watching(key)];
    const committed = await spend(key, 3);
    for (const one of committed) tell([one]);
    const readings = await readingsOf(async () => {
      expect([await sequenceOf(next), ...(await take(events, 2)).map(({ sequence }) => sequence)]).toEqual([2, 3, 4]);
      expect((await balance).value?.wallet.sequence).toBe(4);
    });
    expect(readings).toBe(0);
    const [later, state] = [events.next(), balances.next()];
    tell(await spend(key));
    expect([await sequenceOf(later), (await state).value?.wallet.sequence]).toEqual([5, 5]);
  });

  test("is read where what is before it was not told, so that none is missing", async () => {
    const key = await walletWith(100n);
    const { events, next } = await waiting(key);
    const committed = await spend(key, 3);
    tell(committed.slice(2));
    expect([await sequenceOf(next), ...(await take(events, 2)).map(({ sequence }) => sequence)]).toEqual([2, 3, 4]);
  });

  test("is read where only the wallet was told, as for what fell due", async () => {
    const key = await walletWith(100n);
    const { next } = await waiting(key);
    tell(await spend(key), []);
    expect(await sequenceOf(next)).toBe(2);
  });

  test("is passed over by those who may not see it, and hides nothing that they may", async () => {
    const key = await walletWith(100n);
    const { events, next } = await waiting(key, ({ sequence }) => sequence !== 2 && sequence !== 4);
    const committed = await spend(key, 4);
    tell(committed.slice(0, 1));
    await nothingReads();
    // Not handed over: it must be read.
    tell(committed.slice(0, 2), []);
    expect(await sequenceOf(next)).toBe(3);
    const fifth = events.next();
    tell(committed.slice(2, 3), []);
    await nothingReads();
    tell(committed.slice(3), []);
    expect(await sequenceOf(fifth)).toBe(5);
  });

  test("is told once when it is told of twice, or late", async () => {
    const key = await walletWith(100n);
    const [{ events, next }, { events: balances, next: balance }] = [await waiting(key), await watching(key)];
    const committed = await spend(key, 2);
    tell(committed);
    tell(committed.slice(0, 1));
    tell(committed);
    expect([await sequenceOf(next), await sequenceOf(events.next())]).toEqual([2, 3]);
    expect((await balance).value?.wallet.sequence).toBe(3);
    const [third, state] = [events.next(), balances.next()];
    tell(await spend(key));
    expect([await sequenceOf(third), (await state).value?.wallet.sequence]).toEqual([4, 4]);
  });

  test("does not hide what another server wrote behind it", async () => {
    const key = await walletWith(100n);
    const [{ events, next }, { events: balances, next: balance }] = [await waiting(key), await watching(key)];
    const committed = await spend(key, 2);
    tell(committed.slice(0, 1));
    // As the hint of another server, in the same moment.
    here.live.publish([{ ...key, sequence: 3 }]);
    expect([await sequenceOf(next), await sequenceOf(events.next())]).toEqual([2, 3]);
    await balance;
    expect((await balances.next()).value?.wallet.sequence).toBe(3);
  });

  test("is not looked for again by the poll, and what another server wrote is", async () => {
    const key = await walletWith(100n);
    const { events, next } = await waiting(key);
    await here.followed.look();
    await nothingReads();
    tell(await spend(key));
    await next;
    const second = events.next();
    // The poll itself asks once.
    expect(await readingsOf(() => here.followed.look().then(nothingReads))).toBeLessThanOrEqual(2);
    await spend(key);
    await here.followed.look();
    expect(await sequenceOf(second)).toBe(3);
  });
});

describe("what is kept", () => {
  test("is what this server's own spends wrote, alone or in a batch", async () => {
    const key = await walletWith(100n);
    const { events, next } = await waiting(key);
    await done(submit(here, key, spendOf(1n)));
    expect(newsOf(here).size).toBe(1);
    newsOf(here).age();
    newsOf(here).age();
    await Promise.all([done(submit(here, key, spendOf(1n))), done(submit(here, key, spendOf(1n)))]);
    expect(newsOf(here).size).toBeGreaterThan(0);
    expect([await sequenceOf(next), ...(await take(events, 2)).map(({ sequence }) => sequence)]).toEqual([2, 3, 4]);
  });

  test("is nothing of wallets that nobody follows, and nothing once they are left", async () => {
    const key = await walletWith(100n);
    tell(await spend(key));
    expect(newsOf(here).size).toBe(0);
    const events = await follow(openTransactions(here, key, 0));
    await events.next();
    tell(await spend(key, 2));
    expect(newsOf(here).size).toBe(2);
    await events.return();
    expect(newsOf(here).size).toBe(0);
  });

  test("is kept for a moment, and whoever is slower than that reads it", async () => {
    const key = await walletWith(100n);
    const events = await follow(openTransactions(here, key, 0));
    await take(events, 1);
    tell(await spend(key, 2));
    newsOf(here).age();
    newsOf(here).age();
    expect(newsOf(here).size).toBe(0);
    expect((await take(events, 2)).map(({ sequence }) => sequence)).toEqual([2, 3]);
  });

  test("is read when it is forgotten while somebody takes it, who is not woken again", async () => {
    const key = await walletWith(100n);
    const { events, next } = await waiting(key);
    tell(await spend(key, 3));
    expect(await sequenceOf(next)).toBe(2);
    newsOf(here).age();
    newsOf(here).age();
    expect((await take(events, 2)).map(({ sequence }) => sequence)).toEqual([3, 4]);
  });

  test("is no more than so much for all wallets together", async () => {
    const key = await walletWith(100n);
    const committed = await spend(key, 5);
    const news = new News(3);
    const followed = news.follow(key);
    for (const one of committed) news.tell(here.clock.now(), [one.wallet], () => [one]);
    expect(news.size).toBeLessThanOrEqual(3);
    expect(followed.reach).toBe(6);
    expect(followed.transactionAfter(1)).toBeNull();
    news.leave(followed);
    expect(news.size).toBe(0);
  });
});

/** Bytes are bytes, whether the database or a hash brought them. */
function plain(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (_, one: unknown) => {
      if (typeof one === "bigint") return `${one}n`;
      if (one instanceof Uint8Array) return Buffer.from(one).toString("hex");
      return isBuffer(one) ? Buffer.from(one.data).toString("hex") : one;
    }),
  );
}

/** A Buffer, as it has made itself into JSON before anybody could see it. */
function isBuffer(value: unknown): value is { readonly data: readonly number[] } {
  return typeof value === "object" && value !== null && "type" in value && value.type === "Buffer" && "data" in value;
}
