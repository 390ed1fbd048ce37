import type { Logger } from "./context";
import { Unavailable } from "./unavailable";

/** More comes in than can be served. Not logged one by one: refusing must cost little. */
export class Overloaded extends Unavailable {
  constructor() {
    super("The server has more to do than it can: try again.", RETRY_AFTER_SECONDS);
  }
}

export interface AdmissionOptions {
  /** How many operations may be under way at once, however quick they are. */
  readonly most: number;
  readonly log: Logger;
  /** Milliseconds, ever rising. */
  readonly now?: () => number;
}

/**
 * Lets so many operations be under way at once that each is answered soon, and turns the others away before anything is done for them:
 * what waits for long is given up by its client, and then done for nobody. What is under way at once is what is done in a second times how
 * long each takes. So when operations take too long, or some are turned away, as many are let in as were lately done in the time that one
 * may take.
 */
export class Admission {
  #running = 0;
  #limit: number;
  #window: Window;
  #lastRefusal = Number.NEGATIVE_INFINITY;
  #refusedInSpell = 0;
  readonly #now: () => number;

  constructor(private readonly options: AdmissionOptions) {
    this.#now = options.now ?? (() => performance.now());
    this.#limit = options.most;
    this.#window = new Window(this.#now());
  }

  /** How many operations are under way. */
  get running(): number {
    return this.#running;
  }

  /** How many may be, as things stand. */
  get limit(): number {
    return this.#limit;
  }

  /** Whether an operation that comes now is to be turned away. */
  get isFull(): boolean {
    return this.#running >= this.#limit;
  }

  /** The same, and counts that it is. */
  refuses(): boolean {
    if (!this.isFull) return false;
    const now = this.#now();
    this.#turn(now);
    this.#noteRefusal(now);
    return true;
  }

  /** An operation begins; to be called when it has ended. Throws Overloaded when it may not. */
  enter(): () => void {
    if (this.refuses()) throw new Overloaded();
    this.#running += 1;
    const since = this.#now();
    return () => {
      const now = this.#now();
      this.#running -= 1;
      this.#window.done += 1;
      this.#window.taken += now - since;
      this.#turn(now);
    };
  }

  #noteRefusal(now: number): void {
    const { log, most } = this.options;
    this.#window.refused += 1;
    this.#refusedInSpell += 1;
    if (now - this.#lastRefusal > SPELL)
      log.warn(
        { running: this.#running, limit: this.#limit, most },
        "more comes in than can be served: what is too much is refused",
      );
    this.#lastRefusal = now;
  }

  /** Ends a window that is over: what was done in it says how many may be under way in the next. */
  #turn(now: number): void {
    const { began, done, taken, refused } = this.#window;
    const passed = now - began;
    if (passed < WINDOW) return;
    const isTooMuch = refused > 0 || taken > done * LONGEST;
    // Halfway only: one window may be a hiccup.
    const next = isTooMuch ? (this.#limit + (done / passed) * LONGEST) / 2 : this.#limit * GROWTH;
    this.#limit = Math.min(this.options.most, Math.max(LEAST, Math.round(next)));
    this.#window = new Window(now);
    if (now - this.#lastRefusal > SPELL) this.#endSpell();
  }

  #endSpell(): void {
    if (this.#refusedInSpell === 0) return;
    this.options.log.info({ refused: this.#refusedInSpell }, "all that comes in is served again");
    this.#refusedInSpell = 0;
  }
}

/** What happened in a while. */
class Window {
  done = 0;
  /** Milliseconds, of all that were done together. */
  taken = 0;
  refused = 0;

  constructor(readonly began: number) {}
}

/**
 * Milliseconds that an operation may take on average. Of the second that clients bear with, most goes by before a server that is overrun
 * comes to read their request: with 250 the slowest hundredth waited for 1.1 s in all, with 120 for 0.75 s.
 */
const LONGEST = 150;
/** Milliseconds: long enough for a few batches, short enough to follow a burst. */
const WINDOW = 100;
/** How fast more are let in again when all is well: from the least to a thousand within two seconds. */
const GROWTH = 1.2;
/** Milliseconds without a refusal, after which it is over. */
const SPELL = 5_000;
/** Operations: as many make the database work as well as more do, and a moment in which nothing was done must not shut everybody out. */
const LEAST = 64;
const RETRY_AFTER_SECONDS = 1;
