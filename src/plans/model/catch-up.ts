import type { Instant } from "../../core/time";
import { portionOf, remainsOf, spansToGrant } from "./allot";
import type { Span } from "./calendar";
import { followingOf, goingStatus, isGoing, nextDueAt, turnOf } from "./course";
import type { Draft } from "./draft";
import type { Course, PlanGrant } from "./types";

/** What time does to a subscription: courses stop and others begin, each at its instant; then the allotments are seen to. */
export function catchUp(draft: Draft): void {
  const due = nextDueAt(draft.state);
  if (due === null || due > draft.now) return;
  // That it was seen to is remembered though there be nothing to do, as where a life is over before its course began: else it stays due.
  draft.become({});
  for (let at = turnOf(draft.state); at !== null && at <= draft.now; at = turnOf(draft.state)) turn(draft, at);
  provide(draft);
}

/** Sees to it that the present allotments and the next are granted, those of a course that follows too. Not while it does not go. */
export function provide(draft: Draft): void {
  if (isGoing(draft.state)) {
    provideUpTo(draft, draft.now);
    provideFirst(draft);
  }
  draft.prune();
}

/** The present course stops: for the one that follows, or for good. What it gave keeps the share of the time that has passed. */
function turn(draft: Draft, at: Instant): void {
  const going = isGoing(draft.state);
  const following = followingOf(draft.state);
  if (going) provideUpTo(draft, at);
  draft.settle("PRORATE", at);
  if (following === null) end(draft, at);
  else draft.become({ course: following, ahead: null, ...(going && { status: goingStatus(following) }) });
  if (going && following !== null) draft.setOverdrafts(following.version.overdrafts);
}

/** It is over: nothing more is granted, and nothing may be overdrawn. */
export function end(draft: Draft, at: Instant): void {
  draft.become({ status: "ENDED", endedAt: at, ahead: null });
  draft.setOverdrafts([]);
}

/** Grants what the present course owes at an instant, but nothing that would begin when it has stopped. */
function provideUpTo(draft: Draft, at: Instant): void {
  const { course, timeZone } = draft.state;
  const stop = turnOf(draft.state);
  for (const allotment of course.version.allotments.keys()) {
    const last = lastOf(draft.state.grants, course, allotment);
    for (const span of spansToGrant(course, allotment, last, at, timeZone))
      if (stop === null || span.start < stop) give(draft, course, allotment, span, stop);
  }
}

/** Grants the first allotments of the course that follows, if they are not granted yet. */
function provideFirst(draft: Draft): void {
  const { state } = draft;
  const following = followingOf(state);
  if (following === null) return;
  for (const allotment of following.version.allotments.keys()) {
    if (lastOf(state.grants, following, allotment) !== null) continue;
    const [first] = spansToGrant(following, allotment, null, following.from, state.timeZone);
    give(draft, following, allotment, first as Span, null);
  }
}

/** What could no longer be spent is not granted: of that, only what would have been rolled over is given. */
function give(draft: Draft, course: Course, allotment: number, span: Span, stop: Instant | null): void {
  const portion = portionOf(course, allotment, span, draft.state.timeZone);
  const over = portion.terms.expiresAt <= draft.now;
  const remains = over ? remainsOf(portion.terms, stop, draft.now, draft.state.timeZone) : null;
  if (remains !== null) draft.giveRemains(course, allotment, span.index, remains);
  if (!over) draft.grant(course, allotment, portion);
}

function lastOf(grants: readonly PlanGrant[], course: Course, allotment: number): PlanGrant | null {
  let last: PlanGrant | null = null;
  for (const grant of grants)
    if (grant.course === course.number && grant.allotment === allotment && (last === null || grant.period > last.period))
      last = grant;
  return last;
}
