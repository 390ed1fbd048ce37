import type { Instant } from "../core/time";
import type { Clock } from "./context";

/** Microseconds by which the fine clock may differ from the system's, which counts in milliseconds and can be set. */
const TOLERANCE = 2_000n;
/** Milliseconds. Timers count running time, not the clock's: so that a clock that is set, or a machine that slept, delays none by more. */
const LONGEST_WAIT = 60_000;

// The system's clock has milliseconds only: the digits below come from the monotonic counter, since the moment both were last read together.
let anchor = readTogether();

function readTogether(): { readonly instant: Instant; readonly counter: bigint } {
  return { instant: BigInt(Date.now()) * 1000n, counter: process.hrtime.bigint() };
}

function now(): Instant {
  const instant = anchor.instant + (process.hrtime.bigint() - anchor.counter) / 1000n;
  const drift = instant - BigInt(Date.now()) * 1000n;
  if (drift <= TOLERANCE && drift >= -TOLERANCE) return instant;
  anchor = readTogether();
  return anchor.instant;
}

function at(instant: Instant, callback: () => void): () => void {
  let timer: NodeJS.Timeout;
  const wait = (): void => {
    const milliseconds = (instant - now() + 999n) / 1000n;
    // A timer may fire a little early; and what is due at once is still called later, not from within.
    timer = setTimeout(
      () => (now() >= instant ? callback() : wait()),
      milliseconds > LONGEST_WAIT ? LONGEST_WAIT : Math.max(0, Number(milliseconds)),
    );
    // Waiting for something to fall due is no reason to keep a process alive.
    timer.unref();
  };
  wait();
  return () => clearTimeout(timer);
}

/** The machine's clock, in microseconds: the one place where the system's time is read. */
export const systemClock: Clock = { now, at };
