import { randomUUID } from "node:crypto";
import type { WalletKey } from "../src/wallet";
import { InteractiveSpends } from "./baselines/interactive";
import { AMOUNT, SPREAD_CONNECTIONS, spend } from "./engine";
import type { Bench, Settings } from "./support/bench";
import { type BoundRow, tableOfBounds } from "./support/bounds";
import { compare, type Row } from "./support/compare";
import { drive } from "./support/drive";
import { addDeadGrants, addPast, settle } from "./support/filler";
import { makeWallets, pick, type Stage } from "./support/stage";
import { whole } from "./support/table";

const SLOWER_AT_MOST = { ledger: 1.25, grants: 1.5 };

/**
 * What a spend costs while the ledger grows under it, and while dead grants pile up in its wallet. Each state is measured beside the
 * spends written by hand, in turn: what slows both is the machine's doing or PostgreSQL's. Idempotency keys are random, as clients make
 * them, so each goes anywhere in its index; a checkpoint precedes every state.
 */
export const growth: Bench = {
  name: "growth",
  about: "spends from the batcher down, 256 in flight, as the ledger grows; and as expired grants do, beside 3 that live",
  run: async (stage, settings) => {
    const rows = [...(await overLedger(stage, settings)), ...(await overGrants(stage, settings))];
    return { text: tableOfBounds(rows), data: rows };
  },
};

/** The same wallets with ever more behind them. */
async function overLedger(stage: Stage, settings: Settings): Promise<readonly BoundRow[]> {
  const sizes = settings.quick ? [10_000, 200_000, 300_000] : [10_000, 1_000_000, 10_000_000];
  const wallets = await makeWallets(stage, settings.quick ? 500 : 2_500);
  const states: State[] = [];
  let spends = 0;
  for (const size of sizes) {
    const each = Math.round(size / wallets.length);
    const now = stage.core.clock.now();
    await addPast(
      stage,
      wallets.map((key) => ({ key, spends: each - spends })),
      now,
      now,
    );
    spends = each;
    states.push(await measure(stage, settings, wallets, `${whole(size)} transactions`));
  }
  return boundsOf(states, SLOWER_AT_MOST.ledger);
}

/** Wallets alike but for how many grants have expired in them. */
async function overGrants(stage: Stage, settings: Settings): Promise<readonly BoundRow[]> {
  const states: State[] = [];
  for (const grants of [3, 100, 1_000, 10_000]) {
    const wallets = await makeWallets(stage, settings.quick ? 5 : 50);
    await addDeadGrants(stage, wallets, grants - 3);
    states.push(await measure(stage, settings, wallets, `${whole(grants)} grants in the wallet`));
  }
  return boundsOf(states, SLOWER_AT_MOST.grants);
}

interface State {
  readonly name: string;
  readonly engine: Row;
  readonly byHand: Row;
}

async function measure(stage: Stage, { rounds, load }: Settings, wallets: readonly WalletKey[], name: string): Promise<State> {
  const interactive = new InteractiveSpends(stage.url, SPREAD_CONNECTIONS);
  const cpu = () => stage.cpu();
  await settle(stage);
  const [byHand, engine] = await compare(
    [
      {
        name: "(a) interactive",
        run: () =>
          drive({ ...load, inFlight: SPREAD_CONNECTIONS, cpu }, (index) =>
            interactive.spend(pick(wallets, index), AMOUNT, randomUUID()),
          ),
      },
      {
        name: "engine",
        run: () =>
          drive({ ...load, inFlight: 256, cpu }, (index) => spend(stage.core, pick(wallets, index), AMOUNT, randomUUID())),
      },
    ],
    rounds,
  );
  await interactive.stop();
  return { name, byHand: byHand as Row, engine: engine as Row };
}

/** Each state beside the first: the engine is what is judged, (a) shows how much of it is the machine. */
function boundsOf(states: readonly State[], atMost: number): readonly BoundRow[] {
  const [first] = states as [State];
  const rowOf = (row: Row, base: Row, state: State, bound: number | null): BoundRow => ({
    ...row,
    name: `${row.name}, ${state.name}`,
    times: state === first ? null : base.rate / row.rate,
    of: "slower",
    atMost: state === first ? null : bound,
  });
  return [
    ...states.map((state) => rowOf(state.byHand, first.byHand, state, null)),
    ...states.map((state) => rowOf(state.engine, first.engine, state, atMost)),
  ];
}
