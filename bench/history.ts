import type { Instant } from "../src/core/time";
import type { WalletKey } from "../src/wallet";
import { balanceAt, sequenceAt } from "../src/wallet/past.reads";
import { usage } from "../src/wallet/usage.reads";
import { pageTransactions } from "../src/wallet/wallet.pages";
import type { Bench, Settings } from "./support/bench";
import { type BoundRow, tableOfBounds } from "./support/bounds";
import { type Contender, compare, type Row } from "./support/compare";
import { drive } from "./support/drive";
import { addPast, moveBack, type Past } from "./support/filler";
import { makeWallets, type Stage } from "./support/stage";
import { whole } from "./support/table";

const YEAR: Instant = 31_536_000_000_000n;
const ALL = { types: null, operation: null, app: null, from: null, to: null, minimum: null };
/** Ten, so that there is a 1,000th page where there are 10,000 transactions. */
const PAGE = { newestFirst: true, after: null, before: null, limit: 10, fromEnd: false };
const AT_MOST: ReadonlyMap<string, number> = new Map([
  ["first page", 1.3],
  ["page 1,000", 1.3],
  ["balanceAt a year ago", 3],
]);
/** What asking costs, whatever is asked: it tells what of a difference is the machine's. */
const BARE = { name: "bare", text: "SELECT 1" };

/**
 * What reading the past costs while it grows: one reader, one read at a time, from the reading functions down (what GraphQL adds is the
 * same for all, and would hide the difference). Warm: every read is repeated for seconds, after a warm-up. A past goes back two years.
 */
export const history: Bench = {
  name: "history",
  about:
    "reading a wallet's past: 10^4 transactions in the wallet when there are 10^4 in all, else 10^5; pages of 10, newest first",
  run: async (stage, settings) => {
    const measured = new Map<number, readonly Row[]>();
    for await (const { total, small, large } of growing(stage, settings)) {
      const reads = [...(await readsOf(stage, large ?? small)), usageOf(stage, "", small)];
      if (large) reads.push(usageOf(stage, ", of 10 x as many uses", large));
      measured.set(
        total,
        await compare(
          reads.map((read) => contender(read, settings)),
          settings.rounds,
        ),
      );
    }
    const rows = boundsOf(measured);
    return { text: tableOfBounds(rows), data: rows };
  },
};

interface Size {
  readonly total: number;
  readonly small: WalletKey;
  /** With ten times as many transactions, once there are enough. */
  readonly large: WalletKey | null;
}

/** The same database in three states, each with all that was in the one before. */
async function* growing(stage: Stage, { quick }: Settings): AsyncGenerator<Size> {
  const [least, more, most] = quick ? ([10_000, 200_000, 300_000] as const) : ([10_000, 1_000_000, 10_000_000] as const);
  const now = stage.core.clock.now();
  const [small, large] = (await makeWallets(stage, 2)) as [WalletKey, WalletKey];
  const fill = async (pasts: readonly Past[]) => {
    await moveBack(
      stage,
      pasts.map(({ key }) => key),
      now - 2n * YEAR,
    );
    await addPast(stage, pasts, now - 2n * YEAR, now);
  };
  const others = async (total: number): Promise<readonly Past[]> => {
    const keys = await makeWallets(stage, quick ? 100 : 2_500);
    return keys.map((key) => ({ key, spends: Math.floor(total / keys.length) }));
  };
  await fill([{ key: small, spends: least }]);
  yield { total: least, small, large: null };
  await fill([{ key: large, spends: 10 * least }, ...(await others(more - 11 * least))]);
  yield { total: more, small, large };
  await fill(await others(most - more));
  yield { total: most, small, large };
}

interface Read {
  readonly name: string;
  readonly read: () => Promise<unknown>;
}

async function readsOf({ core: { pool, clock } }: Stage, key: WalletKey): Promise<readonly Read[]> {
  const now = clock.now();
  const thousandth = (await sequenceAt(pool, key, now)) - 999 * PAGE.limit + 1;
  return [
    { name: "bare round trip", read: () => pool.query(BARE) },
    { name: "first page", read: () => pageTransactions(pool, key, ALL, PAGE) },
    { name: "page 1,000", read: () => pageTransactions(pool, key, ALL, { ...PAGE, after: thousandth }) },
    { name: "balanceAt a year ago", read: () => balanceAt(pool, key, now - YEAR) },
  ];
}

function usageOf({ core: { pool, clock } }: Stage, name: string, key: WalletKey): Read {
  const now = clock.now();
  const query = { from: now - YEAR, to: now, groupBy: [], interval: "MONTH" } as const;
  return { name: `usage by month${name}`, read: () => usage(pool, key, query) };
}

function contender({ name, read }: Read, { quick }: Settings): Contender {
  const load = { inFlight: 1, warmUpSeconds: quick ? 0.1 : 0.5, seconds: quick ? 0.2 : 2, cpu: () => null };
  return { name, run: () => drive(load, read) };
}

/** Each read beside itself at the size at which it was measured first. */
function boundsOf(measured: ReadonlyMap<number, readonly Row[]>): readonly BoundRow[] {
  const all = [...measured].flatMap(([total, rows]) => rows.map((row) => ({ total, row })));
  const names = [...new Set(all.map(({ row }) => row.name))];
  return names.flatMap((name) => {
    const same = all.filter(({ row }) => row.name === name);
    const [first] = same;
    return same.map(({ total, row }) => ({
      ...row,
      name: `${name} at ${whole(total)}`,
      times: first && first.row !== row ? row.p50 / first.row.p50 : null,
      of: first ? `p50 at ${whole(first.total)}` : null,
      atMost: first?.row === row ? null : (AT_MOST.get(name) ?? null),
    }));
  });
}
