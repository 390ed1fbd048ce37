import type { Instant } from "../core/time";

/** In microseconds: how long after its first failure something is tried again. */
const FIRST = 2_000_000n;
/** Something that fails for days is still tried six times an hour. */
const LONGEST = 600_000_000n;

/** Whom to leave alone for how long: each failure in a row doubles the time until the next attempt. A server's own, and forgotten with it. */
export class Patience {
  readonly #waits = new Map<string, { readonly length: Instant; readonly until: Instant }>();

  /** True: it is not yet time for another attempt. */
  isWaiting(name: string, now: Instant): boolean {
    const wait = this.#waits.get(name);
    return wait !== undefined && now < wait.until;
  }

  failed(name: string, now: Instant): void {
    const before = this.#waits.get(name)?.length;
    const doubled = before === undefined ? FIRST : before * 2n;
    const length = doubled > LONGEST ? LONGEST : doubled;
    this.#waits.set(name, { length, until: now + length });
  }

  succeeded(name: string): void {
    this.#waits.delete(name);
  }
}
