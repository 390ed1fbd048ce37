import { formatId } from "../core/ids";
import { addPeriods, formatInstant, type Instant, type Period } from "../core/time";
import { type Operator, recordAct } from "../platform/act";
import type { Core } from "../platform/context";
import { inTransaction } from "../platform/transaction";
import { type Passed, passTime } from "./pass-time";
import { type OutOfReach, outOfReach } from "./reach";
import { lockClock } from "./test-clock.store";

/** To an instant, or by a period of the account's calendar. */
export type Way = { readonly to: Instant } | { readonly by: Period };

/** `absent`: there is no such account. `none`: it has no test clock. */
export type AdvanceAnswer =
  | { readonly status: "done"; readonly passed: Passed }
  | { readonly status: "absent" | "none" }
  | OutOfReach;

/** Where the clock is to go. */
interface Ordered {
  readonly status: "ordered";
  readonly to: Instant;
}

/**
 * Lets the time of an account on a test clock pass, with all that falls due. Two at once are two: each goes on from where the clock stands.
 * The log says where it is to go; should it be interrupted, it stands half-way, and the same `to` again goes on.
 */
export async function advanceTestClock(core: Core, accountId: string, way: Way, operator: Operator): Promise<AdvanceAnswer> {
  const ordered = await order(core, accountId, way, operator);
  if (ordered.status !== "ordered") return ordered;
  return { status: "done", passed: await passTime(core, accountId, ordered.to) };
}

function order(
  core: Core,
  accountId: string,
  way: Way,
  operator: Operator,
): Promise<Exclude<AdvanceAnswer, { readonly status: "done" }> | Ordered> {
  return inTransaction(core.pool, "write", async (database) => {
    const account = await lockClock(database, accountId);
    if (!account) return { status: "absent" };
    const { test_clock: now, time_zone: timeZone } = account;
    if (now === null) return { status: "none" };
    const to = "to" in way ? way.to : addPeriods(now, way.by, 1, timeZone);
    const refused = outOfReach(now, to);
    if (refused) return refused;
    const states = { before: { now: formatInstant(now) }, after: { now: formatInstant(to) } };
    const subject = formatId("account", accountId);
    const act = { at: core.clock.now(), ...operator, action: "advanceTestClock", subject, accountId, ...states };
    if (to > now) recordAct(database, act);
    return { status: "ordered", to };
  });
}
