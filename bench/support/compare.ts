import { median, percentile, type Run } from "./drive";

/** Something that is measured: `run` drives it once. */
export interface Contender {
  readonly name: string;
  readonly run: () => Promise<Run>;
  /** The contender that its ratio is to; none: it is a baseline. */
  readonly to?: string;
  /** The ratio that is to be reached. */
  readonly reach?: number;
}

export interface Row {
  readonly name: string;
  /** Per second: the median of the runs, the least and the most. */
  readonly rate: number;
  readonly rateMin: number;
  readonly rateMax: number;
  /** Milliseconds; medians over the runs. */
  readonly p50: number;
  readonly p99: number;
  /** Microseconds of processor time for each. */
  readonly cpu: number | null;
  /** The median of the ratios of the rates, round by round; null for a baseline. */
  readonly ratio: number | null;
  readonly to: string | null;
  readonly reach: number | null;
}

/**
 * Runs all contenders in turn, round after round, so that a machine which gets slower does so for all of them. A ratio is taken within
 * a round.
 */
export async function compare(contenders: readonly Contender[], rounds: number): Promise<readonly Row[]> {
  const runs = new Map<string, Run[]>(contenders.map(({ name }) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const { name, run } of contenders) runs.get(name)?.push(await run());
  }
  return contenders.map((contender) => rowOf(contender, runs));
}

function rowOf({ name, to, reach }: Contender, all: ReadonlyMap<string, readonly Run[]>): Row {
  const runs = all.get(name) ?? [];
  const others = to === undefined ? null : (all.get(to) ?? []);
  const rates = runs.map(rateOf);
  const costs = runs.flatMap((run) => (run.cpu === null ? [] : [(run.cpu / run.done) * 1e6]));
  return {
    name,
    rate: median(rates),
    rateMin: Math.min(...rates),
    rateMax: Math.max(...rates),
    p50: median(runs.map((run) => percentile(run.latencies, 0.5))),
    p99: median(runs.map((run) => percentile(run.latencies, 0.99))),
    cpu: costs.length === 0 ? null : median(costs),
    ratio: others && median(runs.map((run, round) => rateOf(run) / rateOf(others[round] as Run))),
    to: to ?? null,
    reach: reach ?? null,
  };
}

function rateOf({ done, seconds }: Run): number {
  return done / seconds;
}
