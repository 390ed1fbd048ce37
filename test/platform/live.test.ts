import { afterAll, afterEach, beforeAll, describe, expect, test } from "@jest/globals";
import { Client } from "pg";
import type { Follow, Topic } from "../../src/platform/context";
import { type LiveOptions, LiveServer } from "../../src/platform/live";
import { createTestDatabase, type TestDatabase } from "../support/database";

/** Two servers as far as being told goes: each with a connection of its own to one real PostgreSQL. */

const WALLET = { accountId: "019371a0-b2c4-7d3e-8f0a-1b2c3d4e5f60", creditTypeId: 1 };
const OTHER_TYPE = { ...WALLET, creditTypeId: 2 };
const OTHER_ACCOUNT = { accountId: "019371a0-b2c4-7d3e-8f0a-1b2c3d4e5f61", creditTypeId: 1 };
const CHANGE = { ...WALLET, sequence: 7 };

let database: TestDatabase;
let admin: Client;
const servers: TestServer[] = [];

interface TestServer {
  readonly live: LiveServer;
  /** What the poll finds; a test changes it as commits would. */
  readonly versions: Map<Topic, string>;
  readonly polled: (readonly Topic[])[];
  readonly counted: Map<string, number>;
  follow(topic?: Topic): Follow;
}

interface Given {
  readonly hints?: boolean;
  readonly pollMilliseconds?: number | null;
  readonly windowMilliseconds?: number;
  readonly failing?: () => boolean;
}

function createServer(given: Given = {}): TestServer {
  const { hints = true, pollMilliseconds = null, windowMilliseconds = 20, failing = () => false } = given;
  const versions = new Map<Topic, string>();
  const polled: (readonly Topic[])[] = [];
  const counted = new Map<string, number>();
  const options: LiveOptions = {
    versions: async (topics) => {
      if (failing()) throw new Error("the database is away");
      polled.push(topics);
      return topics.map((topic) => versions.get(topic) ?? null);
    },
    pollMilliseconds,
    hints: hints ? { url: database.url, windowMilliseconds } : null,
    log: { debug: ignore, info: ignore, warn: ignore, error: ignore },
    metrics: { count: (counter, amount = 1) => void counted.set(counter, (counted.get(counter) ?? 0) + amount) },
  };
  const live = new LiveServer(options);
  live.start();
  const server = {
    live,
    versions,
    polled,
    counted,
    follow: (topic: Topic = WALLET) => live.follow(topic),
  };
  servers.push(server);
  return server;
}

/** Two servers that hear each other's hints, and have no poll: what arrives came by a hint. */
async function createPair(given: Given = {}): Promise<readonly [TestServer, TestServer]> {
  const pair = [createServer(given), createServer(given)] as const;
  await Promise.all(pair.map(({ live }) => live.listening()));
  return pair;
}

const ignore = () => undefined;

/** How often a follower that always waits is woken. */
interface Watch {
  wakes: number;
}

function watch(follow: Follow): Watch {
  const watching = { wakes: 0 };
  void (async () => {
    while (await follow.changed()) watching.wakes++;
  })();
  return watching;
}

function wakesOf(watches: readonly Watch[]): readonly number[] {
  return watches.map(({ wakes }) => wakes);
}

/** Lets those who were woken run. */
function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** The database sessions that servers hear and send hints by. */
async function sessions(): Promise<readonly number[]> {
  const { rows } = await admin.query<{ pid: number }>(
    "SELECT pid FROM pg_stat_activity WHERE application_name = 'tranche live' AND datname = current_database()",
  );
  return rows.map(({ pid }) => pid);
}

/** Ends these sessions, as a failing network or an impatient administrator would, and waits until they are gone. */
async function terminate(pids: readonly number[]): Promise<void> {
  await admin.query("SELECT pg_terminate_backend(pid, 5000) FROM unnest($1::integer[]) AS pid", [pids]);
}

beforeAll(async () => {
  database = await createTestDatabase();
  admin = new Client({ connectionString: database.url });
  await admin.connect();
});

afterEach(async () => {
  await Promise.all(servers.splice(0).map(({ live }) => live.stop()));
});

afterAll(async () => {
  await admin.end();
  await database.drop();
});

describe("within a server", () => {
  test("a follower of the wallet, of its account and of everything is woken by a commit, and no other is", async () => {
    const { live, follow } = createServer({ hints: false });
    const topics = [
      WALLET,
      { accountId: WALLET.accountId },
      "everything",
      OTHER_TYPE,
      { accountId: OTHER_ACCOUNT.accountId },
    ] as const;
    const watches = topics.map((topic) => watch(follow(topic)));
    live.publish([CHANGE]);
    await turn();
    expect(wakesOf(watches)).toEqual([1, 1, 1, 0, 0]);
  });

  test("any number of commits that nobody looks at are one wake-up", async () => {
    const { live, follow } = createServer({ hints: false });
    const slow = follow();
    for (let sequence = 1; sequence <= 10_000; sequence++) live.publish([{ ...WALLET, sequence }]);
    const watching = watch(slow);
    await turn();
    expect(watching.wakes).toBe(1);
  });

  test("a follower that waits is woken at once, and one that leaves stops waiting", async () => {
    const { live, follow } = createServer({ hints: false });
    const follower = follow();
    const first = follower.changed();
    live.publish([CHANGE]);
    expect(await first).toBe(true);
    const second = follower.changed();
    follower.leave();
    expect(await second).toBe(false);
    expect(await follower.changed()).toBe(false);
  });

  test("nothing is kept of those who left, however often they do", () => {
    const { live, follow } = createServer({ hints: false });
    const leaving = Array.from({ length: 100 }, () => follow());
    expect(live.followed).toBe(1);
    for (const follower of [...leaving, ...leaving]) follower.leave();
    expect(live.followed).toBe(0);
  });

  test("a follower may have itself woken after a while", async () => {
    const follower = createServer({ hints: false }).follow();
    follower.again(1);
    expect(await follower.changed()).toBe(true);
  });

  test("a server that stops lets its followers go", async () => {
    const { live, follow } = createServer();
    const waiting = follow().changed();
    await live.stop();
    expect(await waiting).toBe(false);
    expect(await follow().changed()).toBe(false);
  });
});

describe("between two servers", () => {
  test("a commit on one wakes a follower on the other by a hint, without any poll", async () => {
    const [here, there] = await createPair();
    const other = watch(there.follow(OTHER_TYPE));
    const woken = there.follow().changed();
    here.live.publish([CHANGE]);
    expect(await woken).toBe(true);
    expect(there.counted.get("live_hints_received")).toBe(1);
    expect(other.wakes).toBe(0);
  });

  test("a server does not take its own hint for another's", async () => {
    const [here, there] = await createPair();
    const heard = there.follow().changed();
    here.live.publish([CHANGE]);
    await heard;
    expect(here.counted.get("live_hints_received")).toBeUndefined();
  });

  test("a burst of commits is a hint or two, not one each, and none of its wallets is left out", async () => {
    const [here, there] = await createPair({ windowMilliseconds: 200 });
    const wallets = Array.from({ length: 100 }, (_, index) => ({ ...WALLET, creditTypeId: index + 1 }));
    const woken = wallets.map((wallet) => there.follow(wallet).changed());
    for (const wallet of wallets) for (let sequence = 1; sequence <= 50; sequence++) here.live.publish([{ ...wallet, sequence }]);
    expect(await Promise.all(woken)).toEqual(wallets.map(() => true));
    expect(here.counted.get("live_hints_sent")).toBeLessThanOrEqual(2);
  });

  test("a hint that names too many wallets for a payload says: all", async () => {
    const [here, there] = await createPair();
    const woken = there.follow(OTHER_ACCOUNT).changed();
    here.live.publish(
      Array.from({ length: 5_000 }, (_, index) => ({ ...WALLET, creditTypeId: 2 ** 31 - 1 - index, sequence: 1 })),
    );
    expect(await woken).toBe(true);
  });

  test("what is no hint of ours on the channel is ignored", async () => {
    const [here, there] = await createPair();
    const watching = watch(there.follow());
    for (const payload of ["", "all", "0123456789abcdef", "0123456789abcdef x", "0123456789abcdef all,all"])
      await admin.query("SELECT pg_notify('tranche_live', $1)", [payload]);
    const heard = there.follow(OTHER_TYPE).changed();
    here.live.publish([{ ...OTHER_TYPE, sequence: 1 }]);
    await heard;
    expect(watching.wakes).toBe(0);
  });

  test("a connection for hints that is lost opens again, wakes all for what it may have missed, and hears again", async () => {
    const [here, there] = await createPair();
    const follower = there.follow();
    const madeUp = [follower.changed(), here.follow().changed()];
    await terminate(await sessions());
    expect(await Promise.all(madeUp)).toEqual([true, true]);
    const heard = follower.changed();
    here.live.publish([CHANGE]);
    expect(await heard).toBe(true);
  });

  test("what could not be told while the connection was lost is told when it is back", async () => {
    const there = createServer();
    await there.live.listening();
    const kept = await sessions();
    const here = createServer();
    await here.live.listening();
    const told = there.follow().changed();
    await terminate((await sessions()).filter((pid) => !kept.includes(pid)));
    here.live.publish([CHANGE]);
    expect(await told).toBe(true);
    expect(there.counted.get("live_hints_received")).toBe(1);
  });

  test("the last hint is sent before a server stops", async () => {
    const [here, there] = await createPair({ windowMilliseconds: 60_000 });
    const first = there.follow(OTHER_TYPE).changed();
    here.live.publish([{ ...OTHER_TYPE, sequence: 1 }]);
    await first;
    const last = there.follow().changed();
    here.live.publish([CHANGE]);
    await here.live.stop();
    expect(await last).toBe(true);
  });
});

describe("the poll", () => {
  test("finds what changed where there are no hints, and wakes those who follow it and no others", async () => {
    const { live, versions, follow } = createServer({ hints: false });
    const watches = [watch(follow(WALLET)), watch(follow(OTHER_ACCOUNT))];
    const look = async () => {
      await live.look();
      await turn();
      return wakesOf(watches);
    };
    versions.set(WALLET, "1").set(OTHER_ACCOUNT, "1");
    // The first look has nothing to compare with.
    expect(await look()).toEqual([1, 1]);
    expect(await look()).toEqual([1, 1]);
    versions.set(WALLET, "2");
    expect(await look()).toEqual([2, 1]);
  });

  test("comes round by itself", async () => {
    const { versions, follow } = createServer({ hints: false, pollMilliseconds: 5 });
    const follower = follow();
    for (const version of ["1", "2", "3"]) {
      versions.set(WALLET, version);
      expect(await follower.changed()).toBe(true);
    }
  });

  test("asks once for a topic, however many follow it, and not at all for what nobody follows", async () => {
    const { live, polled, follow } = createServer({ hints: false });
    const leaving = Array.from({ length: 1_000 }, () => follow());
    await live.look();
    expect(polled).toEqual([[WALLET]]);
    for (const follower of leaving) follower.leave();
    await live.look();
    expect(polled).toHaveLength(1);
  });

  test("goes on when the database was away", async () => {
    let away = true;
    const { versions, follow } = createServer({ hints: false, pollMilliseconds: 5, failing: () => away });
    versions.set(WALLET, "1");
    const woken = follow().changed();
    away = false;
    expect(await woken).toBe(true);
  });
});
