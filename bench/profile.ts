import { STEPS, type Step } from "../src/platform/context";
import type { WalletKey } from "../src/wallet";
import { AMOUNT, spend } from "./engine";
import { SPEND, spendInput } from "./network";
import { type Bench, type Settings, serverWarmUp } from "./support/bench";
import { drive, pause, percentile, type Run } from "./support/drive";
import { HttpConnection } from "./support/http-client";
import { type Gathered, gathered, type Readings, readingsOf, readServer } from "./support/readings";
import { startProduct } from "./support/server";
import { makeKey, makeWallets, pick, type Stage } from "./support/stage";
import { digits, table, whole } from "./support/table";

const CONNECTIONS = 64;
const IN_FLIGHT = 256;
/** Seconds between two looks at the lanes: seldom enough that the looking does not show. */
const LOOK_EVERY = 0.25;

/** Where the time of a spend goes, by the server's own metrics. */
export const profile: Bench = {
  name: "profile",
  about: "the time of a spend by step, by the server's own metrics; setup to commit are counted once a batch",
  run: async (stage, settings) => {
    const wallets = await makeWallets(stage, settings.quick ? 500 : 5_000);
    const profiles = [await ofHttp(stage, settings, wallets), await ofEngine(stage, settings, wallets)];
    return { text: profiles.map(textOf).join("\n\n"), data: profiles };
  },
};

interface Profile {
  readonly name: string;
  readonly rate: number;
  /** Milliseconds, as the client measures them. */
  readonly p50: number;
  readonly p99: number;
  readonly steps: readonly StepRow[];
  readonly batchSize: { readonly mean: number; readonly p50: number; readonly p99: number };
  /** Commands that waited, all lanes together, whenever it was looked. */
  readonly depth: { readonly mean: number; readonly most: number };
}

interface StepRow {
  readonly step: Step;
  readonly count: number;
  /** Milliseconds. */
  readonly mean: number;
  readonly p50: number;
  readonly p99: number;
  /** Microseconds: all of it, shared out evenly. */
  readonly perSpend: number;
}

async function ofHttp(stage: Stage, settings: Settings, wallets: readonly WalletKey[]): Promise<Profile> {
  const authorization = `Bearer ${await makeKey(stage.core, "SERVICE")}`;
  const server = await startProduct(stage.url);
  const open = await Promise.all(Array.from({ length: CONNECTIONS }, () => HttpConnection.open(server.url, authorization)));
  const idle = [...open];
  const send = async (index: number): Promise<void> => {
    const connection = idle.pop() as HttpConnection;
    const answer = await connection.send(
      JSON.stringify({ query: SPEND, variables: { input: spendInput(pick(wallets, index)) } }),
    );
    if (!answer.includes('"refusal":null')) throw new Error(answer.slice(0, 500));
    idle.push(connection);
  };
  try {
    const cpu = () => stage.cpu([server.pid]);
    await drive({ warmUpSeconds: 0, seconds: serverWarmUp(settings), inFlight: CONNECTIONS, cpu }, send);
    return await profiled(
      `over HTTP, ${CONNECTIONS} connections`,
      () => readServer(server.url),
      () => drive({ warmUpSeconds: 0, seconds: settings.load.seconds, inFlight: CONNECTIONS, cpu }, send),
    );
  } finally {
    for (const connection of open) connection.close();
    await server.stop();
  }
}

async function ofEngine({ core, cpu }: Stage, { load }: Settings, wallets: readonly WalletKey[]): Promise<Profile> {
  const send = (index: number) => spend(core, pick(wallets, index), AMOUNT);
  await drive({ warmUpSeconds: 0, seconds: load.warmUpSeconds, inFlight: IN_FLIGHT, cpu: () => cpu() }, send);
  return profiled(
    `the engine alone, ${IN_FLIGHT} in flight`,
    async () => readingsOf(await core.metrics.text()),
    () => drive({ warmUpSeconds: 0, seconds: load.seconds, inFlight: IN_FLIGHT, cpu: () => cpu() }, send),
  );
}

async function profiled(name: string, read: () => Promise<Readings>, run: () => Promise<Run>): Promise<Profile> {
  const depths: number[] = [];
  const before = await read();
  const running = run();
  let ended = false;
  const over = running.finally(() => {
    ended = true;
  });
  while (!ended) {
    await Promise.race([pause(LOOK_EVERY), over]);
    if (!ended) depths.push((await read()).get("tranche_commands_waiting") ?? 0);
  }
  const [{ done, seconds, latencies }, after] = [await running, await read()];
  const sizes = gathered("tranche_batch_size", 'kind="wallet"', before, after);
  const of = (step: Step) => gathered("tranche_step_seconds", `step="${step}"`, before, after);
  // What was under way when the counting ended has been done, too.
  const spends = of("wait").count;
  return {
    name,
    rate: done / seconds,
    p50: percentile(latencies, 0.5),
    p99: percentile(latencies, 0.99),
    steps: STEPS.map((step) => rowOf(step, of(step), spends)).filter(({ count }) => count > 0),
    batchSize: { mean: sizes.sum / sizes.count, p50: sizes.percentile(0.5), p99: sizes.percentile(0.99) },
    depth: { mean: depths.reduce((sum, depth) => sum + depth, 0) / depths.length, most: Math.max(...depths) },
  };
}

function rowOf(step: Step, { count, sum, percentile: at }: Gathered, spends: number): StepRow {
  return {
    step,
    count,
    mean: (sum / count) * 1e3,
    p50: at(0.5) * 1e3,
    p99: at(0.99) * 1e3,
    perSpend: (sum / spends) * 1e6,
  };
}

function textOf({ name, rate, p50, p99, steps, batchSize, depth }: Profile): string {
  const rows = steps.map((row) => [
    row.step,
    whole(row.count),
    digits(row.mean),
    digits(row.p50),
    digits(row.p99),
    whole(row.perSpend),
  ]);
  return [
    `${name}: ${whole(rate)} spends/s, p50 ${digits(p50)} ms, p99 ${digits(p99)} ms`,
    `batches of ${digits(batchSize.mean)} (p50 ${digits(batchSize.p50)}, p99 ${digits(batchSize.p99)}); waiting in the lanes: ${digits(depth.mean)} (at most ${depth.most})`,
    "",
    table(["step", "count", "mean ms", "p50 ms", "p99 ms", "µs a spend"], rows),
  ].join("\n");
}
