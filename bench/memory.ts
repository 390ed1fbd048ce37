import { readdirSync, readFileSync } from "node:fs";
import type { Bench } from "./support/bench";
import { median, pause } from "./support/drive";
import { Mix } from "./support/mix";
import { slopeOf } from "./support/slope";
import { table } from "./support/table";

interface Sample {
  /** Since the beginning. */
  readonly seconds: number;
  /** Megabytes: all that the server's process has in memory. */
  readonly resident: number;
  /** Files, sockets and the like that the server's process has open. */
  readonly handles: number;
}

/** In seconds. A point of the line is the median of a while: garbage collection makes single samples jump. */
const FULL = { whole: 1_800, settling: 300, each: 2, point: 60 };
const QUICK = { whole: 16, settling: 4, each: 0.2, point: 1 };

/** Whether anything is kept that should have been let go: what is mixed, for half an hour. */
export const memory: Bench = {
  name: "memory",
  about:
    "30 minutes of the mix, 64 connections: what the server's process keeps; the slope is of what follows the first five minutes",
  run: async (stage, { quick }) => {
    const times = quick ? QUICK : FULL;
    const mix = await Mix.open(stage, quick ? 500 : 5_000, 64);
    const samples: Sample[] = [];
    let requests = 0;
    try {
      const began = performance.now();
      let over = false;
      const load = (async () => {
        // In parts: so that this process, too, keeps little.
        while (performance.now() - began < times.whole * 1000)
          requests += Object.values(await mix.run(times.point)).reduce((sum, { length }) => sum + length, 0);
        over = true;
      })();
      const watch = (async () => {
        for (; !over; await pause(times.each))
          samples.push({ seconds: (performance.now() - began) / 1000, ...look(mix.server.pid) });
      })();
      await Promise.all([load, watch]);
    } finally {
      await mix.close();
    }
    const points = pointsOf(samples, times);
    const lines = [lineOf("resident, MB", points, "resident"), lineOf("open handles", points, "handles")];
    return { text: `${textOf(lines)}\n\n${requests.toLocaleString("en-US")} requests`, data: { requests, lines, points } };
  },
};

/** What Linux says of a process. */
function look(pid: number): Omit<Sample, "seconds"> {
  const [, kilobytes] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
  return { resident: Number(kilobytes) / 1024, handles: readdirSync(`/proc/${pid}/fd`).length };
}

function pointsOf(samples: readonly Sample[], { whole, settling, point }: typeof FULL): readonly Sample[] {
  return Array.from({ length: (whole - settling) / point }, (_, place) => {
    const from = settling + place * point;
    const some = samples.filter(({ seconds }) => seconds >= from && seconds < from + point);
    return {
      seconds: from + point / 2,
      resident: median(some.map(({ resident }) => resident)),
      handles: median(some.map(({ handles }) => handles)),
    };
  });
}

interface Line {
  readonly name: string;
  readonly first: number;
  readonly last: number;
  readonly least: number;
  readonly most: number;
  /** An hour, and how far off it may be: two standard errors. */
  readonly slope: number;
  readonly error: number;
}

function lineOf(name: string, points: readonly Sample[], of: "resident" | "handles"): Line {
  const values = points.map((point) => point[of]);
  const { slope, error } = slopeOf(points.map((point, index) => [point.seconds / 3_600, values[index] as number]));
  const [least, most] = [Math.min(...values), Math.max(...values)];
  return { name, first: values[0] as number, last: values.at(-1) as number, least, most, slope, error: 2 * error };
}

function textOf(lines: readonly Line[]): string {
  return table(
    ["what", "after settling", "at the end", "min-max", "slope an hour", "±", "to reach"],
    lines.map(({ name, first, last, least, most, slope, error }) => [
      name,
      first.toFixed(0),
      last.toFixed(0),
      `${least.toFixed(0)}-${most.toFixed(0)}`,
      slope.toFixed(1),
      error.toFixed(1),
      "not above 0",
    ]),
  );
}
