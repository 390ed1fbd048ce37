import { percentile } from "../support/drive";
import type { Latencies, Phase, Told } from "./plan";

/** What came of the requests that were due in one phase. */
export class Count {
  due = 0;
  unsent = 0;
  #failed = 0;
  #failure: string | null = null;
  readonly #accepted: number[] = [];
  readonly #refused: number[] = [];

  accept(dueAt: number): void {
    this.#accepted.push(performance.now() - dueAt);
  }

  refuse(dueAt: number): void {
    this.#refused.push(performance.now() - dueAt);
  }

  fail(why: string): void {
    this.#failed += 1;
    this.#failure ??= why.slice(0, 1_000);
  }

  /** Requests that nothing has come of yet. */
  get pending(): number {
    return this.due - this.#accepted.length - this.#refused.length - this.#failed - this.unsent;
  }

  told({ name }: Phase, seconds: number, connections: number, cpu: number): Told {
    return {
      name,
      seconds,
      due: this.due,
      accepted: this.#accepted.length,
      refused: this.#refused.length,
      failed: this.#failed,
      unsent: this.unsent,
      connections,
      accepting: latenciesOf(this.#accepted),
      refusing: latenciesOf(this.#refused),
      cpu,
      failure: this.#failure,
    };
  }
}

function latenciesOf(values: readonly number[]): Latencies {
  if (values.length === 0) return { p50: null, p99: null, most: null };
  const sorted = Float64Array.from(values).sort();
  return { p50: percentile(sorted, 0.5), p99: percentile(sorted, 0.99), most: percentile(sorted, 1) };
}

/** How requests get to the server. */
export interface Way {
  /** How many connections there are now. */
  readonly connections: number;
  open(): Promise<void>;
  /** Sends a request that was due then, by performance.now(); what comes of it is counted. */
  send(dueAt: number, count: Count): void;
}
