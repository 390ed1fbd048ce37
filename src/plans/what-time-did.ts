import type { Subscription } from "./model/types";
import type { EventType } from "./subscription";

/** What time alone did to a subscription; of several things the last that counts most. */
export function whatTimeDid(before: Subscription, after: Subscription): EventType {
  if (after.status === "ENDED") return "end";
  if (after.course.version.id !== before.course.version.id) return "go_over";
  if (before.course.trialUntil !== null && after.course.trialUntil === null) return "trial_end";
  return isRenewed(before, after) ? "renew" : "tick";
}

/** Of a period that has begun the one after it is given. */
function isRenewed(before: Subscription, after: Subscription): boolean {
  const known = new Set(before.grants.map(({ key }) => key));
  return after.grants.some(({ key }) => !known.has(key));
}
