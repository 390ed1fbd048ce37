import { randomUUID } from "node:crypto";
import type { WalletKey } from "../src/wallet";
import { InteractiveSpends } from "./baselines/interactive";
import { AMOUNT, SPREAD_CONNECTIONS, spend } from "./engine";
import type { Bench, Settings } from "./support/bench";
import { type Contender, compare, type Row } from "./support/compare";
import { drive } from "./support/drive";
import { addDeadGrants, addPast, settle } from "./support/filler";
import { makeWallets, pick, type Stage } from "./support/stage";
import { withStages } from "./support/stages";
import { digits, table, whole } from "./support/table";

const SLOWER_AT_MOST = { ledger: 1.25, grants: 1.5 };

/**
 * What a spend costs while the ledger grows under it, and while dead grants pile up in its wallet. Sizes of the ledger are databases of
 * their own, so that all states are measured in turn, round after round, each beside the spends written by hand: what slows both is
 * PostgreSQL's doing or the machine's. Idempotency keys are random, as clients make them, so that each goes anywhere in its index. A
 * checkpoint precedes the first round: the pages that are touched then are written whole into the log, which costs large tables more.
 */
export const growth: Bench = {
  name: "growth",
  about: "spends from the batcher down, 256 in flight, as the ledger grows; and as expired grants do, beside 3 that live",
  run: (stage, settings) =>
    withStages(stage, 3, async (stages) => {
      const grants = await measure(settings, await withDeadGrants(stage, settings));
      const ledger = await measure(settings, await withLedgers(stages, settings));
      const rows = [...rowsOf(ledger, SLOWER_AT_MOST.ledger), ...rowsOf(grants, SLOWER_AT_MOST.grants)];
      return { text: textOf(rows), data: rows };
    }),
};

/** Wallets in some state. */
interface Subject {
  readonly name: string;
  readonly stage: Stage;
  readonly wallets: readonly WalletKey[];
}

/** As many wallets, with ever more behind them. */
async function withLedgers(stages: readonly Stage[], { quick }: Settings): Promise<readonly Subject[]> {
  const subjects: Subject[] = [];
  for (const [index, size] of (quick ? [10_000, 200_000, 300_000] : [10_000, 1_000_000, 10_000_000]).entries()) {
    const stage = stages[index] as Stage;
    const wallets = await makeWallets(stage, quick ? 500 : 2_500);
    const now = stage.core.clock.now();
    const pasts = wallets.map((key) => ({ key, spends: Math.round(size / wallets.length) }));
    await addPast(stage, pasts, now, now);
    subjects.push({ name: `${whole(size)} transactions`, stage, wallets });
  }
  return subjects;
}

/** Wallets alike but for how many grants have expired in them. */
async function withDeadGrants(stage: Stage, { quick }: Settings): Promise<readonly Subject[]> {
  const subjects: Subject[] = [];
  for (const grants of [3, 100, 1_000, 10_000]) {
    const wallets = await makeWallets(stage, quick ? 5 : 50);
    await addDeadGrants(stage, wallets, grants - 3);
    subjects.push({ name: `${whole(grants)} grants in the wallet`, stage, wallets });
  }
  return subjects;
}

/** What became of the spends on a subject. */
interface State {
  readonly name: string;
  readonly byHand: Row;
  readonly engine: Row;
}

async function measure({ rounds, load }: Settings, subjects: readonly Subject[]): Promise<readonly State[]> {
  const endings: (() => Promise<void>)[] = [];
  const contenders = subjects.flatMap(({ name, stage, wallets }): readonly Contender[] => {
    const interactive = new InteractiveSpends(stage.url, SPREAD_CONNECTIONS);
    endings.push(() => interactive.stop());
    const run = (inFlight: number, work: (key: WalletKey) => Promise<void>) => () =>
      drive({ ...load, inFlight, cpu: () => stage.cpu() }, (index) => work(pick(wallets, index)));
    return [
      { name: `(a), ${name}`, run: run(SPREAD_CONNECTIONS, (key) => interactive.spend(key, AMOUNT, randomUUID())) },
      { name: `engine, ${name}`, run: run(256, (key) => spend(stage.core, key, AMOUNT, randomUUID())) },
    ];
  });
  for (const stage of new Set(subjects.map((subject) => subject.stage))) await settle(stage);
  const rows = await compare(contenders, rounds);
  for (const end of endings) await end();
  return subjects.map(({ name }, index) => ({ name, byHand: rows[2 * index] as Row, engine: rows[2 * index + 1] as Row }));
}

interface GrowthRow extends Row {
  readonly state: string;
  /** Spends by hand in a second. */
  readonly byHand: number;
  /** How many times slower than in the first state; null for that one. */
  readonly byHandSlower: number | null;
  readonly slower: number | null;
  readonly slowerAtMost: number;
}

function rowsOf(states: readonly State[], slowerAtMost: number): readonly GrowthRow[] {
  const [first] = states as [State];
  return states.map((state) => ({
    ...state.engine,
    state: state.name,
    byHand: state.byHand.rate,
    byHandSlower: state === first ? null : first.byHand.rate / state.byHand.rate,
    slower: state === first ? null : first.engine.rate / state.engine.rate,
    slowerAtMost,
  }));
}

function textOf(rows: readonly GrowthRow[]): string {
  const times = (value: number | null) => (value === null ? "" : `${value.toFixed(2)} x`);
  return table(
    ["what", "(a) a second", "slower", "engine a second", "min-max", "p50 ms", "p99 ms", "of (a)", "slower", "at most"],
    rows.map((row) => [
      row.state,
      whole(row.byHand),
      times(row.byHandSlower),
      whole(row.rate),
      `${whole(row.rateMin)}-${whole(row.rateMax)}`,
      digits(row.p50),
      digits(row.p99),
      times(row.rate / row.byHand),
      times(row.slower),
      row.slower === null ? "" : `${row.slowerAtMost} x`,
    ]),
  );
}
