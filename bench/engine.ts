import type { Core } from "../src/platform/context";
import { submit, type WalletKey } from "../src/wallet";
import { InteractiveSpends } from "./baselines/interactive";
import { ProcedureSpends } from "./baselines/procedure";
import type { Bench, Settings } from "./support/bench";
import { type Contender, compare } from "./support/compare";
import { drive } from "./support/drive";
import { makeWallets, pick, type Stage } from "./support/stage";
import { tableOf } from "./support/table";

export const AMOUNT = 1_000_000n;
/** Connections with which the baselines do best, tried from 2 to 64. */
export const SPREAD_CONNECTIONS = 16;
export const HOT_CONNECTIONS = 4;

/** From the batcher down, spread over many wallets: what the storage engine does without any network or GraphQL. */
export const engine: Bench = {
  name: "engine",
  about: "spends from the batcher down: 10,000 wallets with 3 grants each, 256 in flight",
  run: async (stage, settings) => {
    const wallets = await makeWallets(stage, settings.quick ? 1_000 : 10_000);
    return contest(stage, settings, wallets, SPREAD_CONNECTIONS, 5);
  },
};

/** The same on one wallet, where every spend waits for the one before. */
export const hot: Bench = {
  name: "hot",
  about: "spends from the batcher down on one wallet with 3 grants, 256 in flight",
  run: async (stage, settings) => contest(stage, settings, await makeWallets(stage, 1), HOT_CONNECTIONS, 20),
};

async function contest(stage: Stage, settings: Settings, wallets: readonly WalletKey[], connections: number, reach: number) {
  const interactive = new InteractiveSpends(stage.url, connections);
  const procedure = await ProcedureSpends.create(stage.url, connections);
  const load = (inFlight: number) => ({ ...settings.load, inFlight, cpu: () => stage.cpu() });
  const contenders: Contender[] = [
    {
      name: "(a) interactive",
      run: () => drive(load(connections), () => interactive.spend(pick(wallets, ticket()), AMOUNT, nextKey())),
    },
    {
      name: "(b) function",
      to: "(a) interactive",
      run: () => drive(load(connections), () => procedure.spend(pick(wallets, ticket()), AMOUNT, nextKey())),
    },
    {
      name: "engine",
      to: "(a) interactive",
      reach,
      run: () => drive(load(256), () => spend(stage.core, pick(wallets, ticket()), AMOUNT)),
    },
  ];
  const rows = await compare(contenders, settings.rounds);
  await interactive.stop();
  await procedure.stop();
  return { text: tableOf(rows), data: rows };
}

let tickets = 0;
function ticket(): number {
  return tickets++;
}

let keys = 0;
/** A key that was never used before, as long as those that clients make. */
export function nextKey(): string {
  return `request-${process.pid}-${keys++}`;
}

/** More than any wallet of a bench has. */
const TOO_MUCH = 4_000_000_000_000_000_000n;

/** Accepted spends, replays and refusals without any network or GraphQL. */
export async function answersOfEngine({ core, cpu }: Stage, { load }: Settings, wallets: readonly WalletKey[]) {
  const known = Array.from({ length: 1_000 }, (_, index) => ({ wallet: pick(wallets, index), key: nextKey() }));
  for (const { wallet, key } of known) await spend(core, wallet, AMOUNT, key);
  const run = (work: (index: number) => Promise<void>) => () => drive({ ...load, inFlight: 256, cpu: () => cpu() }, work);
  const again = (index: number) => {
    const { wallet, key } = pick(known, index);
    return spend(core, wallet, AMOUNT, key);
  };
  const accepted = "accepted, engine";
  return [
    { name: accepted, run: run((index) => spend(core, pick(wallets, index), AMOUNT)) },
    { name: "replayed, engine", to: accepted, reach: 2, run: run(again) },
    {
      name: "refused, engine",
      to: accepted,
      reach: 2,
      run: run((index) => spend(core, pick(wallets, index), TOO_MUCH, nextKey(), "refused")),
    },
  ] satisfies Contender[];
}

export async function spend(
  core: Core,
  key: WalletKey,
  amount: bigint,
  idempotencyKey = nextKey(),
  expected: "done" | "refused" = "done",
): Promise<void> {
  const answer = await submit(core, key, {
    type: "spend",
    actor: "bench",
    description: null,
    metadata: null,
    idempotencyKey,
    boundTo: null,
    amount,
    operation: "chat.completion",
    pricing: null,
    quantity: null,
    app: null,
    member: null,
    occurredAt: null,
    allowPartial: false,
  });
  if (answer.status !== expected) throw new Error(`a spend was ${answer.status}`);
}
