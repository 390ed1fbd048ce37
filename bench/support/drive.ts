/** What came of driving something for a while. Durations are in milliseconds. */
export interface Run {
  readonly done: number;
  readonly seconds: number;
  /** Of each operation, from its sending to its answer; sorted. */
  readonly latencies: Float64Array;
  /** Seconds of processor time of everything that took part; null where it cannot be told. */
  readonly cpu: number | null;
}

export interface Load {
  readonly inFlight: number;
  /** Before the counting begins. */
  readonly warmUpSeconds: number;
  readonly seconds: number;
  /** How many units one operation does (a batch of 100 spends: 100). */
  readonly unitsEach?: number;
  /** The processor time used so far by everything that takes part. */
  readonly cpu: () => number | null;
}

/** Keeps so many operations under way (a closed loop), and counts those that end within the time. `work` gets a number never given before. */
export async function drive(load: Load, work: (index: number) => Promise<unknown>): Promise<Run> {
  const latencies: number[] = [];
  let index = 0;
  let counting = false;
  let ended = false;
  const worker = async (): Promise<void> => {
    while (!ended) {
      const sent = performance.now();
      await work(index++);
      if (counting) latencies.push(performance.now() - sent);
    }
  };
  const workers = Array.from({ length: load.inFlight }, worker);
  // A worker that fails ends the run at once.
  const failure = Promise.all(workers);
  await Promise.race([pause(load.warmUpSeconds), failure]);
  const [began, cpuBefore] = [performance.now(), load.cpu()];
  counting = true;
  await Promise.race([pause(load.seconds), failure]);
  counting = false;
  const [over, cpuAfter] = [performance.now(), load.cpu()];
  ended = true;
  await failure;
  return {
    done: latencies.length * (load.unitsEach ?? 1),
    seconds: (over - began) / 1000,
    latencies: Float64Array.from(latencies).sort(),
    cpu: cpuBefore === null || cpuAfter === null ? null : cpuAfter - cpuBefore,
  };
}

export function pause(seconds: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, seconds * 1000);
  });
}

/** The value below which this share of sorted values lies. */
export function percentile(sorted: Float64Array | readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  const upper = sorted[Math.floor(middle)] ?? Number.NaN;
  return Number.isInteger(middle) ? ((sorted[middle - 1] ?? Number.NaN) + upper) / 2 : upper;
}
