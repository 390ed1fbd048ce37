import type { Instant } from "../core/time";
import type { Clock, Logger } from "./context";

/** Microseconds until it looks again though nothing is known to fall due: another server may have written what this one was not told of. */
const LOOK_AGAIN = 2_000_000n;

export interface DueLoopOptions {
  readonly clock: Clock;
  readonly log: Logger;
  /** Does all that is due; answers when the next thing falls due, if that is known. */
  readonly sweep: () => Promise<Instant | null>;
}

/** Does again and again what falls due: at the instant at which it does, and every 2 seconds what nobody told of. One sweep at a time. */
export class DueLoop {
  #callOff: (() => void) | null = null;
  #wakeAt: Instant | null = null;
  #sweeping: Promise<void> | null = null;
  #again = false;
  #stopped = false;

  constructor(private readonly options: DueLoopOptions) {}

  /** True: it is to end, and what it is at is to end soon. */
  get stopped(): boolean {
    return this.#stopped;
  }

  /** Sweeps at once, or once more after the sweep that is under way. */
  start(): void {
    if (this.#stopped) return;
    this.#again = true;
    this.#sweeping ??= this.#run();
  }

  /** Ends, when what it is at is done. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#disarm();
    await this.settled();
  }

  /** Resolves when no sweep is under way. */
  async settled(): Promise<void> {
    while (this.#sweeping) await this.#sweeping;
  }

  /** Sweeps at this instant, if not before. */
  arm(at: Instant): void {
    if (this.#stopped || (this.#wakeAt !== null && this.#wakeAt <= at)) return;
    this.#disarm();
    this.#wakeAt = at;
    this.#callOff = this.options.clock.at(at, () => {
      this.#wakeAt = null;
      this.start();
    });
  }

  #disarm(): void {
    this.#callOff?.();
    this.#callOff = null;
    this.#wakeAt = null;
  }

  async #run(): Promise<void> {
    const { clock, log, sweep } = this.options;
    let next: Instant | null = null;
    while (this.#again && !this.#stopped) {
      this.#again = false;
      try {
        next = await sweep();
      } catch (error) {
        next = null;
        log.warn({ err: error }, "the sweep failed and is tried again");
      }
    }
    this.#sweeping = null;
    const lookAgain = clock.now() + LOOK_AGAIN;
    this.arm(next !== null && next < lookAgain ? next : lookAgain);
  }
}

export interface Due<Thing> {
  /** The things that are due, so many at most, always in the same order. */
  readonly read: (limit: number) => Promise<readonly Thing[]>;
  readonly textOf: (thing: Thing) => string;
  /** After it the thing is not due any more; or it has failed. Never throws. */
  readonly handle: (thing: Thing) => Promise<void>;
  readonly stride: number;
  readonly stopped: () => boolean;
}

/**
 * Handles all that is due, each thing once. What is due still after its turn has failed: it is passed over, so that it holds up no others,
 * until the next sweep.
 */
export async function handleDue<Thing>({ read, textOf, handle, stride, stopped }: Due<Thing>): Promise<void> {
  const seen = new Set<string>();
  let passed = 0;
  for (let more = true; more && !stopped(); ) {
    const due = await read(stride + passed);
    const fresh = due.filter((thing) => !seen.has(textOf(thing)));
    more = fresh.length > 0 || due.length > passed;
    passed = due.length - fresh.length;
    for (const thing of fresh) seen.add(textOf(thing));
    await Promise.all(fresh.map(handle));
  }
}
