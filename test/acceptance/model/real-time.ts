import type { Instant } from "../../../src/core/time";
import { systemClock } from "../../../src/platform/clock";
import type { Command, HoldExpiry } from "../../../src/wallet/model/commands";

/**
 * The generator of histories thinks in hours and days; real servers live on the machine's clock. An hour of a story passes in 25 ms: of
 * what falls due in 240 hours, the longest that it gives to most things, nearly all does so while the story lasts.
 */
const HOUR = 3_600_000_000n;
export const REAL_HOUR = 25_000n;
const PERIODS: Readonly<Record<string, string>> = { PT15M: "PT0.1S", PT12H: "PT0.3S", P1D: "PT0.6S", P4D: "PT2.4S" };
/** What is to lie in the future must still do so when the command is decided. */
const FAR = 3_600_000_000n;

/** Microseconds by which two processes' clocks may differ: each by 2 ms from the system's, which counts milliseconds. */
export const SKEW = 5_000n;

/** A command with the same plan on the real clock. */
export function inRealTime(command: Command, now: Instant): Command {
  const soon = (at: Instant): Instant => now + ((at - now) * REAL_HOUR) / HOUR;
  const expires = (given: HoldExpiry): HoldExpiry => ("at" in given ? { at: soon(given.at) } : { in: periodOf(given.in) });
  if (command.type === "grant") {
    const { terms } = command;
    const rollover = terms.rollover && { ...terms.rollover, period: periodOf(terms.rollover.period) };
    const effectiveAt = terms.effectiveAt && soon(terms.effectiveAt);
    return { ...command, terms: { ...terms, effectiveAt, expiresAt: terms.expiresAt && soon(terms.expiresAt), rollover } };
  }
  if (command.type === "spend") return { ...command, occurredAt: happened(command.occurredAt, now, soon) };
  if (command.type === "extend") return { ...command, expires: expires(command.expires) };
  if (command.type !== "hold") return command;
  return { ...command, occurredAt: happened(command.occurredAt, now, soon), expires: expires(command.expires) };
}

function happened(at: Instant | null, now: Instant, soon: (at: Instant) => Instant): Instant | null {
  if (at === null) return null;
  return at > now ? at + FAR : soon(at);
}

/** Periods of months stay what they are: the calendar has its say in them. */
function periodOf(period: string): string {
  return PERIODS[period] ?? period;
}

export function now(): Instant {
  return systemClock.now();
}

/** Resolves when the machine's clock, by which the servers judge, has come to an instant. */
export function reached(instant: Instant): Promise<void> {
  return new Promise((resolve) => {
    systemClock.at(instant, resolve);
  });
}
