import { type Instant, parseInstant } from "../../src/core/time";
import type { Clock } from "../../src/platform/context";

/** A clock that stands still until it is told the time; what waits for an instant is called when it is reached. */
export class ManualClock implements Clock {
  #waiting: { readonly at: Instant; readonly callback: () => void }[] = [];

  constructor(private instant: Instant = at("2026-01-01T00:00:00Z")) {}

  now(): Instant {
    return this.instant;
  }

  at(instant: Instant, callback: () => void): () => void {
    const waiting = { at: instant, callback };
    this.#waiting.push(waiting);
    if (instant <= this.instant) setImmediate(() => this.#fire());
    return () => {
      this.#waiting = this.#waiting.filter((other) => other !== waiting);
    };
  }

  set(instant: Instant): void {
    this.instant = instant;
    this.#fire();
  }

  #fire(): void {
    const due = this.#waiting.filter((waiting) => waiting.at <= this.instant);
    this.#waiting = this.#waiting.filter((waiting) => waiting.at > this.instant);
    for (const { callback } of due) callback();
  }
}

/** An instant from ISO 8601. */
export function at(text: string): Instant {
  const instant = parseInstant(text);
  if (instant === null) throw new Error(`${text} is no instant`);
  return instant;
}
