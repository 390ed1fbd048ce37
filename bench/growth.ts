import { randomUUID } from "node:crypto";
import type { WalletKey } from "../src/wallet";
import { InteractiveSpends } from "./baselines/interactive";
import { AMOUNT, SPREAD_CONNECTIONS, spend } from "./engine";
import type { Bench, Settings } from "./support/bench";
import { type Contender, compare, type Row } from "./support/compare";
import { drive } from "./support/drive";
import { addDeadGrants, addPast, settle } from "./support/filler";
import { makeWallets, pick, type Stage } from "./support/stage";
import { digits, table, whole } from "./support/table";

const SLOWER_AT_MOST = { ledger: 1.25, grants: 1.5 };

/**
 * What a spend costs while the ledger grows under it, and while dead grants pile up in its wallet. Each state is measured beside the
 * spends written by hand, in turn, round after round: what slows both is PostgreSQL's doing or the machine's. Idempotency keys are
 * random, as clients make them, so that each goes anywhere in its index; a checkpoint precedes each state.
 */
export const growth: Bench = {
  name: "growth",
  about: "spends from the batcher down, 256 in flight, as the ledger grows; and as expired grants do, beside 3 that live",
  run: async (stage, settings) => {
    const ledger = await overLedger(stage, settings);
    const grants = await overGrants(stage, settings);
    const rows = [...rowsOf(ledger, SLOWER_AT_MOST.ledger), ...rowsOf(grants, SLOWER_AT_MOST.grants)];
    return { text: textOf(rows), data: rows };
  },
};

/** A state of wallets, and the spends on them. */
interface State {
  readonly name: string;
  readonly byHand: Row;
  readonly engine: Row;
}

/** The same wallets with ever more behind them: states of one database, and so one after the other. */
async function overLedger(stage: Stage, settings: Settings): Promise<readonly State[]> {
  const sizes = settings.quick ? [10_000, 200_000, 300_000] : [10_000, 1_000_000, 10_000_000];
  const wallets = await makeWallets(stage, settings.quick ? 500 : 2_500);
  const states: State[] = [];
  let spends = 0;
  for (const size of sizes) {
    const each = Math.round(size / wallets.length);
    const now = stage.core.clock.now();
    const pasts = wallets.map((key) => ({ key, spends: each - spends }));
    await addPast(stage, pasts, now, now);
    spends = each;
    states.push(...(await measure(stage, settings, [{ name: `${whole(size)} transactions`, wallets }])));
  }
  return states;
}

/** Wallets alike but for how many grants have expired in them: all there at once, and so measured in turn. */
async function overGrants(stage: Stage, settings: Settings): Promise<readonly State[]> {
  const subjects: Subject[] = [];
  for (const grants of [3, 100, 1_000, 10_000]) {
    const wallets = await makeWallets(stage, settings.quick ? 5 : 50);
    await addDeadGrants(stage, wallets, grants - 3);
    subjects.push({ name: `${whole(grants)} grants in the wallet`, wallets });
  }
  return measure(stage, settings, subjects);
}

interface Subject {
  readonly name: string;
  readonly wallets: readonly WalletKey[];
}

async function measure(stage: Stage, { rounds, load }: Settings, subjects: readonly Subject[]): Promise<readonly State[]> {
  const interactive = new InteractiveSpends(stage.url, SPREAD_CONNECTIONS);
  const contender = (name: string, inFlight: number, work: (index: number) => Promise<void>): Contender => ({
    name,
    run: () => drive({ ...load, inFlight, cpu: () => stage.cpu() }, work),
  });
  const contenders = subjects.flatMap(({ name, wallets }) => [
    contender(`(a), ${name}`, SPREAD_CONNECTIONS, (index) => interactive.spend(pick(wallets, index), AMOUNT, randomUUID())),
    contender(`engine, ${name}`, 256, (index) => spend(stage.core, pick(wallets, index), AMOUNT, randomUUID())),
  ]);
  await settle(stage);
  const rows = await compare(contenders, rounds);
  await interactive.stop();
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
