import { afterAll, afterEach, beforeAll, describe, expect, test } from "@jest/globals";
import { Client } from "pg";
import { type AlertPlace, type PlacedAlert, placeOf } from "../../src/wallet/live/alert-cursor";
import { type AlertStart, type Opened, openAlerts, openAlertsOf } from "../../src/wallet/live/live";
import type { WalletKey } from "../../src/wallet/model/types";
import { openWallet } from "../../src/wallet/open";
import type { AlertOwner } from "../../src/wallet/store/live.reads";
import { submit } from "../../src/wallet/submit";
import { Sweeper } from "../../src/wallet/sweeper";
import { addCreditType, addWallet, at, grantOf, spendOf } from "../support/core";
import { createTestDatabase, type TestDatabase } from "../support/database";
import { createLiveCore, type LiveCore, take } from "../support/live";
import { OPERATOR } from "../support/operator";

let database: TestDatabase;
/** Two servers that hear each other's hints and have no poll; and one that only polls, when it is told to. */
let here: LiveCore;
let there: LiveCore;
let deaf: LiveCore;
let creditType: number;
let otherType: number;
const open: AsyncGenerator<unknown, void, void>[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
  here = await createLiveCore(database.url);
  there = await createLiveCore(database.url, { clock: here.clock });
  deaf = await createLiveCore(database.url, { clock: here.clock, hints: false });
  creditType = await addCreditType(here.pool, "credits");
  otherType = await addCreditType(here.pool, "images");
});

afterEach(async () => {
  await Promise.all(open.splice(0).map((events) => events.return()));
});

afterAll(async () => {
  await Promise.all([here, there, deaf].map((core) => core.stop()));
  await database.drop();
});

/** Given 1 and spent it, so many times: each time but the first it recovers, and each time it is depleted. */
async function drain(core: LiveCore, key: WalletKey, times = 1): Promise<void> {
  for (let count = 0; count < times; count++) {
    await submit(core, key, grantOf(1n));
    expect(await submit(core, key, spendOf(1n))).toMatchObject({ status: "done" });
  }
}

function eventsOf(opened: Opened<PlacedAlert>): AsyncGenerator<PlacedAlert, void, void> {
  if (opened.status !== "open") throw new Error(`answered ${opened.status}`);
  open.push(opened.events);
  return opened.events;
}

async function alertsOf(core: LiveCore, key: WalletKey, after: AlertStart = null) {
  return eventsOf(await openAlerts(core, key, after));
}

async function alertsOfOwner(core: LiveCore, owner: AlertOwner, after: AlertStart = null) {
  return eventsOf(await openAlertsOf(core, owner, after));
}

function nameOf({ key, number }: PlacedAlert): string {
  return `${key.accountId}/${key.creditTypeId}/${number}`;
}

describe("the alerts of a wallet", () => {
  test("are those that are still to come, in order, also from another server", async () => {
    const key = await addWallet(here, creditType);
    await drain(here, key);
    const events = await alertsOf(there, key);
    const next = take(events, 2);
    await drain(here, key);
    expect((await next).map(({ number, type }) => [number, type])).toEqual([
      [2, "RECOVERED"],
      [3, "DEPLETED"],
    ]);
  });

  test("can be read from the first on, and on from any that was seen", async () => {
    const key = await addWallet(here, creditType);
    await drain(here, key, 3);
    const all = await take(await alertsOf(here, key, "first"), 5);
    expect(all.map(({ number }) => number)).toEqual([1, 2, 3, 4, 5]);
    expect(all[0]).toMatchObject({ key, type: "DEPLETED", sequence: 2, spendable: 0n });
    const rest = await take(await alertsOf(there, key, placeOf(all[2] as PlacedAlert)), 2);
    expect(rest).toEqual(all.slice(3));
  });

  test("cannot be read from a place where no alert of this wallet stands", async () => {
    const [key, other] = [await addWallet(here, creditType), await addWallet(here, creditType)];
    await drain(here, key);
    await drain(here, other);
    const place = placeOf((await take(await alertsOf(here, key, "first"), 1))[0] as PlacedAlert);
    const places: readonly AlertPlace[] = [
      { ...place, number: 2 },
      { ...place, writtenBy: place.writtenBy + 1n },
      { ...place, key: other },
    ];
    for (const one of places) expect(await openAlerts(here, key, one)).toEqual({ status: "unknown" });
    expect(await openAlerts(here, other, place)).toEqual({ status: "unknown" });
    expect(await openAlerts(here, { ...key, creditTypeId: 999 }, null)).toEqual({ status: "absent" });
  });

  test("tell of a grant that will expire, though no transaction does", async () => {
    const sweeper = new Sweeper(here);
    sweeper.start();
    try {
      const key = await addWallet(here, creditType);
      await submit(here, key, grantOf(5n, { expiresAt: at("2026-02-01T00:00:00Z") }));
      const next = [(await alertsOf(there, key)).next(), (await alertsOf(deaf, key)).next()];
      await deaf.followed.look();
      here.clock.set(at("2026-01-29T00:00:00Z"));
      expect((await next[0])?.value).toMatchObject({ type: "EXPIRING_SOON", sequence: 1, grant: 1, expiring: 5n });
      await deaf.followed.look();
      expect((await next[1])?.value).toMatchObject({ type: "EXPIRING_SOON" });
    } finally {
      await sweeper.stop();
    }
  });
});

describe("the alerts of all wallets of an account", () => {
  test("are those of its wallets and of no other, also of one that is opened meanwhile", async () => {
    const key = await addWallet(here, creditType);
    const stranger = await addWallet(here, creditType);
    const events = await alertsOfOwner(there, key.accountId);
    const next = take(events, 3);
    await drain(here, stranger);
    await drain(here, key);
    await openWallet(here, key.accountId, otherType, OPERATOR);
    await drain(here, { ...key, creditTypeId: otherType });
    await drain(here, stranger);
    await submit(here, key, grantOf(1n));
    expect((await next).map(nameOf)).toEqual([
      `${key.accountId}/${creditType}/1`,
      `${key.accountId}/${otherType}/1`,
      `${key.accountId}/${creditType}/2`,
    ]);
  });

  test("cannot be read from a place in another account", async () => {
    const [key, stranger] = [await addWallet(here, creditType), await addWallet(here, creditType)];
    await drain(here, stranger);
    const place = placeOf((await take(await alertsOf(here, stranger, "first"), 1))[0] as PlacedAlert);
    expect(await openAlertsOf(here, key.accountId, place)).toEqual({ status: "unknown" });
    expect(await openAlertsOf(here, stranger.accountId, place)).toMatchObject({ status: "open" });
  });
});

describe("the alerts of all wallets", () => {
  test("are each told once and none is missed in a storm over two servers, however often their reader leaves and resumes", async () => {
    const keys = await Promise.all(Array.from({ length: 16 }, () => addWallet(here, creditType)));
    const drains = 12;
    const expected = keys.flatMap(({ accountId }) =>
      Array.from({ length: 2 * drains - 1 }, (_, index) => `${accountId}/${creditType}/${index + 1}`),
    );
    const servers = [here, there, here, there];
    const first = await Promise.all(servers.map((core) => alertsOfOwner(core, null)));
    const readers = servers.map((_, index) =>
      readWithBreaks(servers, keys, first[index] as (typeof first)[number], expected.length, index),
    );
    await Promise.all(keys.map((key, index) => drain(servers[index % 2] as LiveCore, key, drains)));
    for (const seen of await Promise.all(readers)) expect(seen.toSorted()).toEqual(expected.toSorted());
  });

  test("include one that was written before others and became visible after them", async () => {
    const [late, early] = [await addWallet(here, creditType), await addWallet(here, creditType)];
    const next = takeOf([late, early], await alertsOfOwner(there, null), 2);
    const slow = new Client({ connectionString: database.url });
    await slow.connect();
    try {
      await slow.query("BEGIN");
      await slow.query(
        `INSERT INTO alerts (account_id, credit_type_id, number, type, sequence, effective_at, recorded_at, spendable)
         VALUES ($1, $2, 1, 'DEPLETED', 1, now(), now(), 0)`,
        [late.accountId, late.creditTypeId],
      );
      const told = (await alertsOf(there, early)).next();
      await drain(here, early);
      // Its own wallet's readers need not wait for anybody.
      expect((await told).value).toMatchObject({ key: early });
      await slow.query("COMMIT");
    } finally {
      await slow.end();
    }
    expect((await next).map(({ key }) => key)).toEqual([late, early]);
  });

  test("are told by the poll where no hint can come", async () => {
    const polling = await createLiveCore(database.url, { clock: here.clock, hints: false, pollMilliseconds: 20 });
    const key = await addWallet(here, creditType);
    const next = [takeOf([key], await alertsOfOwner(polling, null), 1), take(await alertsOfOwner(polling, key.accountId), 1)];
    await drain(here, key);
    for (const told of await Promise.all(next)) expect(told).toMatchObject([{ key, type: "DEPLETED" }]);
    await polling.stop();
  });
});

/**
 * Pulls so many alerts of these wallets. Alerts of other tests may come as well: those that were written already, but not settled, when
 * the reader began; transactions in any database of the server keep them so.
 */
async function takeOf(
  keys: readonly WalletKey[],
  events: AsyncGenerator<PlacedAlert, void, void>,
  count: number,
): Promise<PlacedAlert[]> {
  const taken: PlacedAlert[] = [];
  while (taken.length < count) {
    const [next] = await take(events, 1);
    if (!next) break;
    if (keys.some(({ accountId }) => accountId === next.key.accountId)) taken.push(next);
  }
  return taken;
}

/** Reads so many alerts of these wallets, leaving after some of them to go on at another server. */
async function readWithBreaks(
  servers: readonly LiveCore[],
  keys: readonly WalletKey[],
  first: AsyncGenerator<PlacedAlert, void, void>,
  count: number,
  seed: number,
): Promise<string[]> {
  const seen: PlacedAlert[] = [];
  for (let events = first; ; ) {
    seen.push(...(await takeOf(keys, events, Math.min(1 + ((seen.length * 7 + seed) % 23), count - seen.length))));
    await events.return();
    if (seen.length === count) return seen.map(nameOf);
    const core = servers[(seen.length + seed) % servers.length] as LiveCore;
    events = await alertsOfOwner(core, null, placeOf(seen.at(-1) as PlacedAlert));
  }
}
