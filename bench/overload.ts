import { type WalletKey, walletId } from "../src/wallet";
import type { Phase, Plan } from "./crowd/plan";
import { SPEND } from "./network";
import type { Bench } from "./support/bench";
import { sendCrowd, type Watched } from "./support/crowd";
import { startProduct } from "./support/server";
import { slopeOf } from "./support/slope";
import { makeKey, makeWallets, type Stage } from "./support/stage";
import { digits, table, whole } from "./support/table";

/** HTTP needs a connection for each request that is under way; a socket carries up to a hundred operations. */
const CONNECTIONS = { http: 2_000, socket: 100 } as const;
const IN_FLIGHT = [64, 256] as const;
const TIMES = 3;
/** The figures that are to be reached. */
const BOUNDS = { throughput: 0.9, p99: 1_000, backWithin: 5 } as const;

const FULL = { warmUp: 12, capacity: 5, half: 5, once: 20, over: 60 };
const QUICK = { warmUp: 1, capacity: 1, half: 1, once: 1, over: 3 };

/** More than the server can do: what it refuses, what it still does, and how soon it is itself again. */
export const overload: Bench = {
  name: "overload",
  about: `${TIMES} times as much as the server can do, for a minute, from a process that sends whether or not it is answered`,
  run: async (stage, { quick }) => {
    const wallets = await makeWallets(stage, quick ? 500 : 5_000);
    const times = quick ? QUICK : FULL;
    const outcomes = [await overloaded(stage, "http", wallets, times), await overloaded(stage, "socket", wallets, times)];
    return { text: outcomes.map(textOf).join("\n\n"), data: outcomes };
  },
};

interface Overloaded {
  readonly transport: Plan["transport"];
  /** Spends a second when as many are sent as are answered: the best of several numbers in flight. */
  readonly capacity: number;
  readonly phases: readonly Watched[];
  readonly verdict: Verdict;
}

interface Verdict {
  /** Accepted a second at three times the capacity, of the most that were at any load. */
  readonly throughput: number;
  readonly p99: number | null;
  /** Megabytes a minute while it was overloaded, after the first ten seconds, and the standard error. */
  readonly growth: number;
  readonly growthError: number;
  /** p99 from the sixth second after, and before. */
  readonly after: number | null;
  readonly before: number | null;
  /** Microseconds of the server's processor time for each. */
  readonly accepting: number;
  readonly refusing: number;
}

async function overloaded(
  stage: Stage,
  transport: Plan["transport"],
  keys: readonly WalletKey[],
  times: typeof FULL,
): Promise<Overloaded> {
  const server = await startProduct(stage.url);
  const plan = {
    transport,
    url: server.url.href,
    authorization: `Bearer ${await makeKey(stage.core, "SERVICE")}`,
    query: SPEND,
    wallets: keys.map(walletId),
    connections: CONNECTIONS[transport],
  };
  try {
    const closed = IN_FLIGHT.map((inFlight) => ({ name: `${inFlight} in flight`, seconds: times.capacity, load: { inFlight } }));
    // A server that is still being compiled can do half of what it can later, and three times that would be no load.
    const warmUp = { name: "warm-up", seconds: times.warmUp, load: { inFlight: IN_FLIGHT[1] } };
    const [, ...tried] = await sendCrowd({ ...plan, phases: [warmUp, ...closed] }, server);
    const capacity = Math.max(...tried.map(rateOf));
    const phases = [...tried, ...(await sendCrowd({ ...plan, phases: phasesAt(capacity, times) }, server))];
    return { transport, capacity, phases, verdict: verdictOn(phases) };
  } finally {
    await server.stop();
  }
}

function phasesAt(capacity: number, { half, once, over }: typeof FULL): readonly Phase[] {
  const at = (name: string, times: number, seconds: number) => ({ name, seconds, load: { rate: capacity * times } });
  return [
    at("half, before", 0.5, half),
    at("once", 1, once),
    at(`${TIMES} times`, TIMES, over),
    at("half, the first 5 s after", 0.5, BOUNDS.backWithin),
    at("half, then", 0.5, half),
  ];
}

function verdictOn(phases: readonly Watched[]): Verdict {
  const [before, once, over, , then] = phases.slice(IN_FLIGHT.length) as [Watched, Watched, Watched, Watched, Watched];
  const best = Math.max(...phases.filter((phase) => phase !== over).map(rateOf));
  const [start] = over.resident[0] ?? [0];
  const line = slopeOf(over.resident.filter(([seconds]) => seconds - start >= Math.min(10, over.seconds / 3)));
  const accepting = once.serverCpu / once.accepted;
  return {
    throughput: rateOf(over) / best,
    p99: over.accepting.p99,
    growth: line.slope * 60,
    growthError: line.error * 60,
    after: then.accepting.p99,
    before: before.accepting.p99,
    accepting: accepting * 1e6,
    refusing: ((over.serverCpu - accepting * over.accepted) / over.refused) * 1e6,
  };
}

function shown(milliseconds: number | null): string {
  return milliseconds === null ? "-" : digits(milliseconds);
}

function rateOf({ accepted, seconds }: Watched): number {
  return accepted / seconds;
}

function textOf({ transport, capacity, phases, verdict }: Overloaded): string {
  const rows = phases.map((phase) => [
    phase.name,
    whole(phase.due / phase.seconds),
    whole(rateOf(phase)),
    whole(phase.refused / phase.seconds),
    whole(phase.failed + phase.unsent),
    ...[phase.accepting.p50, phase.accepting.p99, phase.accepting.most, phase.refusing.p99].map(shown),
    whole(phase.resident.at(-1)?.[1] ?? Number.NaN),
    `${whole((phase.serverCpu / phase.seconds) * 100)} %`,
    `${whole(phase.cpu * 100)} %`,
  ]);
  const head = [
    "load",
    "due/s",
    "accepted/s",
    "refused/s",
    "failed",
    "p50 ms",
    "p99 ms",
    "most ms",
    "refused p99",
    "MB",
    "server",
    "crowd",
  ];
  const connections = phases.at(-1)?.connections ?? Number.NaN;
  return [
    `over ${transport === "http" ? "HTTP" : "graphql-ws"}, ${whole(connections)} connections; the server can do ${whole(capacity)} spends/s`,
    "",
    table(head, rows),
    "",
    `throughput ${digits(verdict.throughput * 100)} % of the best (to reach: ${BOUNDS.throughput * 100} %)`,
    `p99 of accepted ${shown(verdict.p99)} ms (at most ${whole(BOUNDS.p99)} ms)`,
    `memory ${digits(verdict.growth)} ± ${digits(verdict.growthError)} MB a minute`,
    `p99 at half the load ${shown(verdict.before)} ms before, ${shown(verdict.after)} ms from ${BOUNDS.backWithin} s after`,
    `the server's processor time: ${whole(verdict.accepting)} µs to accept, ${whole(verdict.refusing)} µs to refuse`,
    ...phases.flatMap(({ name, failure }) => (failure === null ? [] : [`${name}: ${failure}`])),
  ].join("\n");
}
