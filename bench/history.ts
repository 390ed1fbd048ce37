import type { Instant } from "../src/core/time";
import type { WalletKey } from "../src/wallet";
import { balanceAt, sequenceAt } from "../src/wallet/store/past.reads";
import { usage } from "../src/wallet/store/usage.reads";
import { pageEntriesOfGrant, pageTransactions } from "../src/wallet/store/wallet.pages";
import type { Bench, Settings } from "./support/bench";
import { type BoundRow, tableOfBounds } from "./support/bounds";
import { drive, median, percentile, type Run } from "./support/drive";
import { addPast, moveBack, type Past } from "./support/filler";
import { makeWallets, type Stage } from "./support/stage";
import { withStages } from "./support/stages";
import { whole } from "./support/table";

const YEAR: Instant = 31_536_000_000_000n;
const ALL = { types: null, operation: null, app: null, member: null, from: null, to: null, minimum: null };
/** Ten, so that there is a 1,000th page where there are 10,000 transactions. */
const PAGE = { newestFirst: true, after: null, before: null, limit: 10, fromEnd: false };
/** What asking costs, whatever is asked: it tells what of a difference is the machine's. */
const BARE = { name: "bare", text: "SELECT 1" };
const PAGES_AT_MOST = 1.3;
const BALANCE_AT_MOST = 3;

/**
 * What reading the past costs while it grows: one reader, one read at a time, from the reading functions down (what GraphQL adds is the
 * same for all, and would hide the difference). The sizes are databases of their own, read in turn, so that a machine which gets slower
 * does so for all. Warm: every read is repeated for seconds, after a warm-up. A past goes back two years.
 */
export const history: Bench = {
  name: "history",
  about:
    "reading a wallet's past: 10^4 transactions in the wallet when there are 10^4 in all, else 10^5; pages of 10, newest first",
  run: (stage, settings) =>
    withStages(stage, 3, async (stages) => {
      const sizes = settings.quick ? [10_000, 200_000, 300_000] : [10_000, 1_000_000, 10_000_000];
      const reads: Read[] = [];
      for (const [index, total] of sizes.entries()) {
        const own = stages[index] as Stage;
        reads.push(...(await readsOf(own, total, await fill(own, total, settings))));
      }
      const rows = boundsOf(reads, await inTurn(reads, settings));
      return { text: tableOfBounds(rows), data: rows };
    }),
};

interface Filled {
  /** With 10,000 transactions. */
  readonly small: WalletKey;
  /** With ten times as many, where there are enough in all. */
  readonly large: WalletKey | null;
}

async function fill(stage: Stage, total: number, { quick }: Settings): Promise<Filled> {
  const now = stage.core.clock.now();
  const [small, large] = (await makeWallets(stage, 2)) as [WalletKey, WalletKey];
  const own: Past[] = [{ key: small, spends: 10_000 }];
  const isLarge = total >= 200_000;
  if (isLarge) own.push({ key: large, spends: 100_000 });
  const others = isLarge ? await makeWallets(stage, quick ? 100 : 2_500) : [];
  const each = Math.floor((total - 110_000) / others.length);
  const pasts = [...own, ...others.map((key) => ({ key, spends: each }))];
  const keys = pasts.map(({ key }) => key);
  await moveBack(stage, keys, now - 2n * YEAR);
  await addPast(stage, pasts, now - 2n * YEAR, now);
  return { small, large: isLarge ? large : null };
}

interface Read {
  readonly name: string;
  readonly total: number;
  /** How many times as long as at the smallest size it may take; null: no more is asked than to be told. */
  readonly atMost: number | null;
  readonly read: () => Promise<unknown>;
}

async function readsOf({ core: { pool, clock } }: Stage, total: number, { small, large }: Filled): Promise<readonly Read[]> {
  const now = clock.now();
  const key = large ?? small;
  const thousandth = { ...PAGE, after: (await sequenceAt(pool, key, now)) - 999 * PAGE.limit + 1 };
  const year = { from: now - YEAR, to: now, groupBy: [], interval: "MONTH" } as const;
  const reads: readonly (readonly [string, number | null, () => Promise<unknown>])[] = [
    ["bare round trip", null, () => pool.query(BARE)],
    ["first page", PAGES_AT_MOST, () => pageTransactions(pool, key, ALL, PAGE)],
    ["page 1,000", PAGES_AT_MOST, () => pageTransactions(pool, key, ALL, thousandth)],
    ["entries of a grant", PAGES_AT_MOST, () => pageEntriesOfGrant(pool, key, 1, PAGE)],
    ["balanceAt a year ago", BALANCE_AT_MOST, () => balanceAt(pool, key, now - YEAR)],
    ["usage of a year by month, 5,000 uses", null, () => usage(pool, small, year)],
  ];
  const more = large ? [["the same, 50,000 uses", null, () => usage(pool, large, year)] as const] : [];
  return [...reads, ...more].map(([name, atMost, read]) => ({ name, total, atMost, read }));
}

async function inTurn(reads: readonly Read[], { quick, rounds }: Settings): Promise<ReadonlyMap<Read, readonly Run[]>> {
  const load = { inFlight: 1, warmUpSeconds: quick ? 0.1 : 0.5, seconds: quick ? 0.5 : 2, cpu: () => null };
  const runs = new Map<Read, Run[]>(reads.map((read) => [read, []]));
  const inOrder = reads.toSorted((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : a.total - b.total));
  for (let round = 0; round < rounds; round++) {
    for (const read of inOrder) runs.get(read)?.push(await drive(load, read.read));
  }
  return runs;
}

/** Each read beside itself at the smallest size, round by round. */
function boundsOf(reads: readonly Read[], runs: ReadonlyMap<Read, readonly Run[]>): readonly BoundRow[] {
  const names = [...new Set(reads.map(({ name }) => name))];
  return names.flatMap((name) => {
    const same = reads.filter((read) => read.name === name);
    const [first] = same as [Read];
    return same.map((read) => rowOf(read, first, runs));
  });
}

function rowOf(read: Read, first: Read, all: ReadonlyMap<Read, readonly Run[]>): BoundRow {
  const runs = all.get(read) ?? [];
  const rates = runs.map(({ done, seconds }) => done / seconds);
  const p50s = runs.map(({ latencies }) => percentile(latencies, 0.5));
  const p50sOfFirst = (all.get(first) ?? []).map(({ latencies }) => percentile(latencies, 0.5));
  const isFirst = read === first;
  return {
    name: `${read.name} at ${whole(read.total)}`,
    rate: median(rates),
    rateMin: Math.min(...rates),
    rateMax: Math.max(...rates),
    p50: median(p50s),
    p99: median(runs.map(({ latencies }) => percentile(latencies, 0.99))),
    times: isFirst ? null : median(p50s.map((p50, round) => p50 / (p50sOfFirst[round] as number))),
    of: `p50 at ${whole(first.total)}`,
    atMost: isFirst ? null : read.atMost,
  };
}
