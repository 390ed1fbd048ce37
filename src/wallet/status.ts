import type { Instant } from "../core/time";
import type { Grant, Hold, HoldStatus } from "./model/types";
import { isAlive } from "./model/waterfall";

export const GRANT_STATUSES = ["PENDING", "ACTIVE", "EXHAUSTED", "EXPIRED", "VOIDED"] as const;
/** What has become of a grant, judged by time. */
export type GrantStatus = (typeof GRANT_STATUSES)[number];

/** VOIDED before all; then by time; and alive, ACTIVE while something is available or held. */
export function grantStatus(grant: Grant, now: Instant): GrantStatus {
  if (grant.voidedAt !== null) return "VOIDED";
  if (now < grant.effectiveAt) return "PENDING";
  if (!isAlive(grant, now)) return "EXPIRED";
  return grant.pots.AVAILABLE > 0n || grant.pots.HELD > 0n ? "ACTIVE" : "EXHAUSTED";
}

/** An open hold whose time has come is expired, whether or not that was written yet. */
export function holdStatus(hold: Hold, now: Instant): HoldStatus {
  return hold.status === "OPEN" && hold.expiresAt <= now ? "EXPIRED" : hold.status;
}
