import type { Instant } from "../core/time";
import type { Clock } from "./context";

interface Entry<Value> {
  readonly begunAt: Instant;
  readonly value: Promise<Value | null>;
}

/**
 * What was looked up a moment ago, so that many who ask for the same at once cost one look-up. An answer is given for no longer than
 * `freshFor` microseconds after its look-up began; nothing (null) and failures are not kept: what is made next is found at once.
 */
export class Recent<Value> {
  readonly #entries = new Map<string, Entry<Value>>();

  constructor(
    private readonly clock: Clock,
    private readonly freshFor: Instant,
    /** How many are kept; beyond it the oldest goes. */
    private readonly size: number,
  ) {}

  get(key: string, look: () => Promise<Value | null>): Promise<Value | null> {
    const now = this.clock.now();
    const known = this.#entries.get(key);
    // A clock that was set back must not make an old answer young.
    if (known && now >= known.begunAt && now - known.begunAt < this.freshFor) return known.value;
    const entry = { begunAt: now, value: look() };
    // Put at the end: the first of a map is the oldest.
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    this.#dropOldest();
    const forget = () => {
      if (this.#entries.get(key) === entry) this.#entries.delete(key);
    };
    entry.value.then((value) => value === null && forget(), forget);
    return entry.value;
  }

  #dropOldest(): void {
    if (this.#entries.size <= this.size) return;
    const [oldest] = this.#entries.keys();
    if (oldest !== undefined) this.#entries.delete(oldest);
  }
}
