import { addPeriods, type Instant } from "../core/time";

/** Nobody tries out what comes after 2199, and calendars have an end. */
const LAST = 7_258_118_400_000_000n;

/** Why a clock cannot be set to an instant. `notLater`: it shows a later one, `now`. `tooFar`: it is after `latest`. */
export type OutOfReach =
  | { readonly status: "notLater"; readonly now: Instant }
  | { readonly status: "tooFar"; readonly latest: Instant };

/** Why a clock that shows `now` cannot be set to an instant: it goes on for at most ten years at once, and never back. Null: it can. */
export function outOfReach(now: Instant, to: Instant): OutOfReach | null {
  if (to < now) return { status: "notLater", now };
  const tenYears = addPeriods(now, "P10Y", 1, "UTC");
  const latest = tenYears < LAST ? tenYears : LAST;
  return to > latest ? { status: "tooFar", latest } : null;
}
