import { parseArgs } from "node:util";
import { engine, hot } from "./engine";
import { fanout } from "./fanout";
import { growth } from "./growth";
import { history } from "./history";
import { memory } from "./memory";
import { mixed } from "./mixed";
import { answers, batch, http, single, socket } from "./network";
import { overload } from "./overload";
import { profile } from "./profile";
import type { Bench, Settings } from "./support/bench";
import { keepResults } from "./support/results";
import { setStage } from "./support/stage";

/**
 * `npm run bench` runs all, `npm run bench -- NAME …` only these. `--quick` sees that everything works, with figures that mean nothing.
 * Each prints a table and, but for a quick one, leaves its figures in bench/results/NAME.json and its table in bench/RESULTS.md.
 */

const BENCHES: readonly Bench[] = [
  engine,
  hot,
  http,
  socket,
  batch,
  single,
  answers,
  mixed,
  history,
  growth,
  fanout,
  memory,
  profile,
  overload,
];

const FULL: Settings = { rounds: 5, load: { warmUpSeconds: 1, seconds: 5 }, quick: false };
const QUICK: Settings = { rounds: 1, load: { warmUpSeconds: 0.2, seconds: 0.5 }, quick: true };

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({ options: { quick: { type: "boolean" } }, allowPositionals: true });
  const unknown = positionals.filter((name) => !BENCHES.some((bench) => bench.name === name));
  if (unknown.length > 0)
    throw new Error(`there is no ${unknown.join(", ")}; there are ${BENCHES.map(({ name }) => name).join(", ")}`);
  const settings = values.quick ? QUICK : FULL;
  for (const bench of BENCHES) {
    if (positionals.length > 0 && !positionals.includes(bench.name)) continue;
    const stage = await setStage();
    try {
      const outcome = await bench.run(stage, settings);
      process.stdout.write(`\n${bench.name}: ${bench.about}\n\n${outcome.text}\n`);
      if (!settings.quick) await keepResults(bench, outcome, stage.core.pool, new Date());
    } finally {
      await stage.stop();
    }
  }
}

void main();
