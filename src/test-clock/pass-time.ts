import type { Instant } from "../core/time";
import { bringPlansUpTo } from "../plans";
import type { Core } from "../platform/context";
import { catchUpNow } from "../wallet";
import { readLength, stepClock } from "./test-clock.store";

/** What came of letting time pass. */
export interface Passed {
  /** Whether the clock stands at the instant asked for; if not, too much fell due on the way. */
  readonly reached: boolean;
  /** How many transactions were written in the account's wallets meanwhile. */
  readonly transactions: number;
}

/**
 * Instants at which something falls due that one call passes through, each some 5 ms: what is given every day to three wallets, and
 * announced before it expires, comes to a thousand or two in a year.
 */
const MOST_STEPS = 5_000;

/**
 * Milliseconds that one call goes on for, whatever it has passed through by then: where a wallet has a thousand grants at once, as what rolls
 * over for years comes to, each instant takes long, and whoever asked, or a proxy between, would not wait for the end of it.
 */
const LONGEST = 60_000;

/**
 * Lets an account's time pass up to `to`, through every instant at which something falls due: the clock stands at each of them while that
 * is written. So everything happens in the order of time, over all that the account has, and who follows it sees it so. If it fails
 * half-way the clock stands at the last instant that was reached, with nothing before it left undone; the same call goes on from there.
 */
export async function passTime(core: Core, accountId: string, to: Instant, longest = LONGEST): Promise<Passed> {
  const since = performance.now();
  const before = await readLength(core.pool, accountId);
  // What a plan had promised when an earlier call was interrupted.
  await bringPlansUpTo(core, accountId);
  let reached = false;
  for (let steps = 0; !reached && steps < MOST_STEPS; steps++) {
    reached = await takeStep(core, accountId, to);
    if (performance.now() - since >= longest) break;
  }
  return { reached, transactions: (await readLength(core.pool, accountId)) - before };
}

/** Goes on to the next instant at which something falls due, and has it written; true: nothing does up to `to`. */
async function takeStep(core: Core, accountId: string, to: Instant): Promise<boolean> {
  const { now, due, planIsDue } = await stepClock(core.pool, accountId, to);
  if (planIsDue) await bringPlansUpTo(core, accountId);
  await Promise.all(due.map((key) => catchUpNow(core, key)));
  return now >= to && due.length === 0 && !planIsDue;
}
