import { formatId } from "../core/ids";
import { formatInstant, type Instant } from "../core/time";
import { type Operator, recordAct } from "../platform/act";
import type { Core } from "../platform/context";
import { inTransaction } from "../platform/transaction";
import { type Passed, passTime } from "./pass-time";
import { type OutOfReach, outOfReach } from "./reach";
import { lockClock, lockHoldings, setClock } from "./test-clock.store";

/** `started`: false when it had one already. `absent`: there is no such account. `paid`: something was paid for in it. */
export type StartAnswer =
  | { readonly status: "done"; readonly started: boolean; readonly passed: Passed }
  | { readonly status: "absent" | "paid" }
  | OutOfReach;

/** The clock is there, and to be brought to `to`. */
interface Begun {
  readonly status: "begun";
  readonly started: boolean;
  readonly to: Instant;
}

/**
 * Puts an account on a clock of its own, for good: it shows the real time, and from then on stands still. `at`: a later time to begin at,
 * with all that falls due until then; null: now. An account that has one keeps it as it stands.
 */
export async function startTestClock(
  core: Core,
  accountId: string,
  at: Instant | null,
  operator: Operator,
): Promise<StartAnswer> {
  const begun = await begin(core, accountId, at, operator);
  if (begun.status !== "begun") return begun;
  return { status: "done", started: begun.started, passed: await passTime(core, accountId, begun.to) };
}

function begin(
  core: Core,
  accountId: string,
  at: Instant | null,
  operator: Operator,
): Promise<Exclude<StartAnswer, { readonly status: "done" }> | Begun> {
  return inTransaction(core.pool, "write", async (database) => {
    const account = await lockClock(database, accountId, "WHOLE");
    if (!account) return { status: "absent" };
    const { test_clock: standing } = account;
    if (standing !== null) return { status: "begun", started: false, to: standing };
    const { paid, latest } = await lockHoldings(database, accountId);
    if (paid) return { status: "paid" };
    const real = core.clock.now();
    // A server whose clock is ahead may have written to its wallets: their time never steps back.
    const now = latest !== null && latest > real ? latest : real;
    const to = at ?? now;
    const refused = outOfReach(now, to);
    if (refused) return refused;
    setClock(database, accountId, now);
    const states = { before: null, after: { now: formatInstant(to) } };
    const subject = formatId("account", accountId);
    recordAct(database, { at: real, ...operator, action: "startTestClock", subject, accountId, ...states });
    return { status: "begun", started: true, to };
  });
}
