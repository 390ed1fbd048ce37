import type { Metrics, Step } from "./context";

/** Tells where time goes: each step begins where the one before it ended. */
export class Stopwatch {
  #at = performance.now();

  constructor(private readonly metrics: Pick<Metrics, "step">) {}

  /** A step ends here, and is counted. */
  ended(step: Step): void {
    const now = performance.now();
    this.metrics.step(step, now - this.#at);
    this.#at = now;
  }

  /** The next step begins here: what was in between is counted elsewhere, or not at all. */
  restart(): void {
    this.#at = performance.now();
  }
}

/**
 * The steps of one operation. Those of the batch that it waits for are the batcher's to count; many commands of one operation are resolved
 * once, and answered once the last of them is.
 */
export class OperationWatch {
  readonly #watch: Stopwatch;
  #resolved = false;

  constructor(metrics: Pick<Metrics, "step">) {
    this.#watch = new Stopwatch(metrics);
  }

  /** Its request is there, and who sends it is known. */
  received(): void {
    this.#watch.ended("http");
  }

  /** Its document is judged. */
  judged(): void {
    this.#watch.ended("parse");
  }

  /** It goes to the batcher, or has been carried out without it. */
  resolved(): void {
    if (this.#resolved) return;
    this.#resolved = true;
    this.#watch.ended("resolve");
  }

  /** The batcher has answered. */
  settled(): void {
    this.#watch.restart();
  }

  /** Its answer has been handed to the network. One that was refused before it began is not counted. */
  answered(): void {
    if (this.#resolved) this.#watch.ended("answer");
  }
}
