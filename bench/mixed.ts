import type { Bench } from "./support/bench";
import { type BoundRow, tableOfBounds } from "./support/bounds";
import { median, percentile } from "./support/drive";
import { Mix, type Tally, VERBS, type Verb } from "./support/mix";

const P99_AT_MOST = 5;

/** All verbs at once, so that none lives off the others' time. */
export const mixed: Bench = {
  name: "mixed",
  about:
    "70 % spend, 10 % hold + capture, 10 % quote, 10 % balance and history queries, over HTTP, 64 connections; each verb's p99 to its p50",
  run: async (stage, { quick, rounds, load }) => {
    const mix = await Mix.open(stage, quick ? 500 : 5_000, 64);
    const tallies: Tally[] = [];
    try {
      await mix.run(load.warmUpSeconds);
      for (let round = 0; round < rounds; round++) tallies.push(await mix.run(load.seconds));
    } finally {
      await mix.close();
    }
    const rows = VERBS.map((verb) => rowOf(verb, tallies, load.seconds));
    return { text: tableOfBounds(rows), data: rows };
  },
};

function rowOf(verb: Verb, tallies: readonly Tally[], seconds: number): BoundRow {
  const runs = tallies.map((tally) => Float64Array.from(tally[verb]).sort());
  const rates = runs.map((run) => run.length / seconds);
  const [p50s, p99s] = [0.5, 0.99].map((share) => runs.map((run) => percentile(run, share))) as [number[], number[]];
  return {
    name: verb,
    rate: median(rates),
    rateMin: Math.min(...rates),
    rateMax: Math.max(...rates),
    p50: median(p50s),
    p99: median(p99s),
    times: median(p99s.map((p99, run) => p99 / (p50s[run] as number))),
    of: "its p50",
    atMost: P99_AT_MOST,
  };
}
