import { readFileSync } from "node:fs";
import { walletId } from "../src/wallet";
import type { Bench, Settings } from "./support/bench";
import { cpuOf } from "./support/cpu";
import { median, pause, percentile } from "./support/drive";
import type { Following } from "./support/follower";
import { Followers, type Recording } from "./support/followers";
import { type ServerProcess, startProduct } from "./support/server";
import { type Load, Spender } from "./support/spender";
import { makeKey, makeWallets, type Stage } from "./support/stage";
import { digits, table, whole } from "./support/table";

/** A kind of subscription; both tell at once of what is there, so that it shows when they have begun. */
interface Stream {
  readonly name: string;
  readonly query: string;
  /** Whether what was in between may be left out. */
  readonly coalesces: boolean;
}

const BALANCES: Stream = {
  name: "balances",
  query: "subscription ($id: ID!) { walletBalance(walletId: $id) { sequence wallet { id balance { available held debt } } } }",
  coalesces: true,
};
const TRANSACTIONS: Stream = {
  name: "transactions",
  query:
    "subscription ($id: ID!, $after: String) { walletTransactions(walletId: $id, after: $after) { id sequence type amount recordedAt } }",
  coalesces: false,
};

interface Crowd {
  readonly name: string;
  readonly wallets: number;
  readonly each: number;
  readonly load: Load;
}

const CROWDS: readonly Crowd[] = [
  { name: "500 wallets x 10", wallets: 500, each: 10, load: { rate: 2_000, batch: 20 } },
  { name: "500 wallets x 10", wallets: 500, each: 10, load: { rate: 1_200, batch: 20 } },
  { name: "1 wallet x 1,000", wallets: 1, each: 1_000, load: { rate: 60, batch: 1 } },
];
const QUICK_CROWDS: readonly Crowd[] = [
  { name: "50 wallets x 10", wallets: 50, each: 10, load: { rate: 200, batch: 20 } },
  { name: "1 wallet x 100", wallets: 1, each: 100, load: { rate: 60, batch: 1 } },
];
/** Keys enough that none has more sockets than one credential may have. */
const KEYS = 8;
/** Of 5 seconds: a server that has just started compiles its code while it runs. */
const WARM_UP_ROUNDS = 2;
/** Seconds for which nothing happens before memory is looked at. */
const QUIET_SECONDS = 2;

/** What one round gave. */
interface Round {
  /** Per second, while they were sent; those that the server would not take are not counted. */
  readonly spends: number;
  readonly deliveries: number;
  /** From the first spend until the last delivery. */
  readonly seconds: number;
  /** Milliseconds of each spend and follower, from when the spend was decided, just before its commit; sorted. */
  readonly delays: Float64Array;
  readonly lost: number;
  /** Seconds of processor time. */
  readonly cpu: { readonly server: number; readonly followers: number; readonly all: number };
}

interface Row {
  readonly what: string;
  readonly followers: number;
  /** Per second: asked for, and taken by the server. */
  readonly offered: number;
  readonly taken: number;
  /** Medians over the rounds. */
  readonly deliveriesPerSecond: number;
  /** Per second of the server's processor time, which everything that the server does for the spends is part of. */
  readonly deliveriesPerServerSecond: number;
  readonly p50: number;
  readonly p99: number;
  readonly lost: number;
  readonly bytesEach: number;
  /** Shares of one processor. */
  readonly serverShare: number;
  readonly followersShare: number;
  readonly allShare: number;
}

/** Many who follow: how long it takes until they know, and what telling them costs. */
export const fanout: Bench = {
  name: "fanout",
  about:
    "graphql-ws subscribers, one socket each, in one process; server, subscribers, the sender of the spends and PostgreSQL on the same processors",
  run: async (stage, settings) => {
    const keys = await Promise.all(Array.from({ length: KEYS }, () => makeKey(stage.core, "SERVICE")));
    const rows: Row[] = [];
    for (const crowd of settings.quick ? QUICK_CROWDS : CROWDS)
      for (const stream of [BALANCES, TRANSACTIONS]) rows.push(await measure(stage, settings, crowd, stream, keys));
    return { text: textOf(rows), data: rows };
  },
};

async function measure(stage: Stage, settings: Settings, crowd: Crowd, stream: Stream, keys: readonly string[]): Promise<Row> {
  const wallets = await makeWallets(stage, crowd.wallets);
  const product = await startProduct(stage.url);
  const followers = new Followers();
  const spender = await Spender.open(product.url, `Bearer ${keys[0]}`, wallets);
  try {
    // What the first spends take for good is not the subscribers'.
    await spender.spend(crowd.load, settings.load.warmUpSeconds);
    await pause(QUIET_SECONDS);
    const empty = residentBytes(product.pid);
    await followers.open(product.url, followingsOf(spender, stream, crowd.each, keys));
    await pause(QUIET_SECONDS);
    const bytesEach = (residentBytes(product.pid) - empty) / (crowd.wallets * crowd.each);
    const scene = { settings, crowd, stream, product, followers, spender };
    for (let round = 0; round < (settings.quick ? 1 : WARM_UP_ROUNDS); round++) await runOnce(stage, scene);
    const rounds: Round[] = [];
    for (let round = 0; round < settings.rounds; round++) rounds.push(await runOnce(stage, scene));
    return rowOf(scene, rounds, bytesEach);
  } finally {
    await followers.close();
    await followers.stop();
    spender.close();
    await product.stop();
  }
}

interface Scene {
  readonly settings: Settings;
  readonly crowd: Crowd;
  readonly stream: Stream;
  readonly product: ServerProcess;
  readonly followers: Followers;
  readonly spender: Spender;
}

function followingsOf({ wallets, sequences }: Spender, { query }: Stream, each: number, keys: readonly string[]): Following[] {
  return wallets.flatMap((key, index) =>
    Array.from({ length: each }, (_, place) => ({
      authorization: `Bearer ${keys[(index * each + place) % keys.length]}`,
      query,
      variables: { id: walletId(key), after: String((sequences[index] as number) - 1) },
    })),
  );
}

async function runOnce(stage: Stage, { settings, crowd, stream, product, followers, spender }: Scene): Promise<Round> {
  await followers.record();
  const before = [...spender.sequences];
  spender.forget();
  const cpu = () => ({
    server: cpuOf([product.pid]) ?? Number.NaN,
    followers: cpuOf([followers.pid]) ?? Number.NaN,
    all: stage.cpu([product.pid]) ?? Number.NaN,
  });
  const [began, used] = [performance.now(), cpu()];
  await spender.spend(crowd.load, settings.load.seconds);
  const recording = await followers.settle(perFollower(spender.sequences, crowd.each));
  const [over, usedThen] = [performance.now(), cpu()];
  const due = Math.ceil((crowd.load.rate * settings.load.seconds) / crowd.load.batch) * crowd.load.batch;
  return {
    spends: (due - spender.refused) / settings.load.seconds,
    deliveries: recording.deliveries.length / 3,
    seconds: (over - began) / 1000,
    delays: delaysOf(recording, spender, before, crowd.each),
    lost: lostOf(recording, spender, before, crowd.each, stream),
    cpu: {
      server: usedThen.server - used.server,
      followers: usedThen.followers - used.followers,
      all: usedThen.all - used.all,
    },
  };
}

/** For each spend and follower, how long after it was decided the follower was told of it, or of a state that includes it. */
function delaysOf({ deliveries }: Recording, { times }: Spender, before: readonly number[], each: number): Float64Array {
  const delays: number[] = [];
  const told = perFollower(before, each);
  for (let at = 0; at < deliveries.length; at += 3) {
    const [follower, sequence, instant] = deliveries.subarray(at, at + 3) as unknown as [number, number, number];
    const ofWallet = times[Math.floor(follower / each)];
    for (let one = (told[follower] as number) + 1; one <= sequence; one++) {
      const decided = ofWallet?.get(one);
      if (decided !== undefined) delays.push((instant - decided) / 1000);
    }
    told[follower] = sequence;
  }
  return Float64Array.from(delays).sort();
}

/** Followers who do not know the newest, deliveries out of order; and where nothing may be left out, what is missing. */
function lostOf(
  recording: Recording,
  { sequences }: Spender,
  before: readonly number[],
  each: number,
  { coalesces }: Stream,
): number {
  const { behind, disorderly, deliveries } = recording;
  const due = sequences.reduce((sum, sequence, index) => sum + sequence - (before[index] as number), 0) * each;
  return behind + disorderly + (coalesces ? 0 : Math.abs(due - deliveries.length / 3));
}

function perFollower(ofWallets: readonly number[], each: number): number[] {
  return ofWallets.flatMap((one) => Array.from({ length: each }, () => one));
}

function residentBytes(pid: number): number {
  const [, kilobytes] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
  return Number(kilobytes) * 1024;
}

function rowOf({ crowd, stream }: Scene, rounds: readonly Round[], bytesEach: number): Row {
  const of = (value: (round: Round) => number) => median(rounds.map(value));
  return {
    what: `${stream.name}, ${crowd.name}`,
    followers: crowd.wallets * crowd.each,
    offered: crowd.load.rate,
    taken: of(({ spends }) => spends),
    deliveriesPerSecond: of(({ deliveries, seconds }) => deliveries / seconds),
    deliveriesPerServerSecond: of(({ deliveries, cpu }) => deliveries / cpu.server),
    p50: of(({ delays }) => percentile(delays, 0.5)),
    p99: of(({ delays }) => percentile(delays, 0.99)),
    lost: rounds.reduce((sum, { lost }) => sum + lost, 0),
    bytesEach,
    serverShare: of(({ cpu, seconds }) => cpu.server / seconds),
    followersShare: of(({ cpu, seconds }) => cpu.followers / seconds),
    allShare: of(({ cpu, seconds }) => cpu.all / seconds),
  };
}

function textOf(rows: readonly Row[]): string {
  const head = [
    "what",
    "spends/s",
    "taken",
    "deliveries/s",
    "per server CPU s",
    "p50 ms",
    "p99 ms",
    "lost",
    "KB each",
    "CPUs: server",
    "subscribers",
    "all",
  ];
  return table(
    head,
    rows.map((row) => [
      row.what,
      whole(row.offered),
      whole(row.taken),
      whole(row.deliveriesPerSecond),
      whole(row.deliveriesPerServerSecond),
      digits(row.p50),
      digits(row.p99),
      whole(row.lost),
      (row.bytesEach / 1024).toFixed(1),
      row.serverShare.toFixed(2),
      row.followersShare.toFixed(2),
      row.allShare.toFixed(2),
    ]),
  );
}
