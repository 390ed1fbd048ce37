import { type Refused, refuse } from "../../core/refusal";
import { addPeriods, type Instant } from "../../core/time";
import { catchUp, end, provide } from "./catch-up";
import type {
  ChangeTime,
  Settlement,
  Start,
  SubscriptionCommand,
  SubscriptionDecided,
  SubscriptionOutcome,
  SubscriptionRefusal,
} from "./commands";
import { billingSpan, GOING, goingStatus } from "./course";
import { Draft } from "./draft";
import type { Ahead, Course, PlanVersion, Subscription, SubscriptionStatus } from "./types";

/** Null: it was done. */
type Attempt = Refused<SubscriptionRefusal> | null;
type Rule<Type extends SubscriptionCommand["type"]> = (
  draft: Draft,
  command: Extract<SubscriptionCommand, { type: Type }>,
) => Attempt;

const NOT_ENDED: readonly SubscriptionStatus[] = [...GOING, "PAUSED", "UNPAID"];

/** A rule for each command, and the statuses in which it may be given. A rule refuses before it changes anything. */
const RULES: {
  readonly [Type in SubscriptionCommand["type"]]: { readonly allowed: readonly SubscriptionStatus[]; readonly rule: Rule<Type> };
} = {
  tick: { allowed: [...NOT_ENDED, "ENDED"], rule: () => null },
  pause: { allowed: GOING, rule: (draft, { alive }) => stop(draft, "PAUSED", alive) },
  unpaid: { allowed: [...GOING, "PAUSED"], rule: (draft, { alive }) => stop(draft, "UNPAID", alive) },
  resume: { allowed: ["PAUSED", "UNPAID"], rule: resume },
  cancel: { allowed: NOT_ENDED, rule: cancel },
  cancelAtPeriodEnd: { allowed: NOT_ENDED, rule: (draft) => schedule(draft, { what: "CANCEL", at: periodEnd(draft) }) },
  change: { allowed: GOING, rule: change },
  migrate: { allowed: GOING, rule: migrate },
  withdraw: { allowed: NOT_ENDED, rule: withdraw },
};

/** Puts an account on a plan, from now on. */
export function startSubscription({ accountId, number, version, timeZone, trial }: Start, now: Instant): SubscriptionDecided {
  const trialUntil = trial && version.trial !== null ? addPeriods(now, version.trial, 1, timeZone) : null;
  const course: Course = { number: 0, line: 0, version, anchor: now, from: now, trialUntil };
  const draft = new Draft(
    {
      accountId,
      number,
      revision: 0,
      commands: 0,
      status: goingStatus(course),
      timeZone,
      startedAt: now,
      clockAt: now,
      endedAt: null,
      course,
      ahead: null,
      grants: [],
      overdrafts: [],
    },
    now,
  );
  go(draft, course);
  return { state: draft.finish(), acts: draft.acts };
}

/**
 * The one function that decides about a subscription: what a command makes of it at an instant and does to the account's wallets, or why it
 * may not be. It is brought up to that instant first; its time never steps back. Pure, so that a preview is the same call, and what comes of
 * it thrown away. The acts are to be stored with the state, and may be performed late or twice: their keys do not change.
 */
export function decideSubscription(state: Subscription, command: SubscriptionCommand, now: Instant): SubscriptionOutcome {
  const draft = new Draft(state, now > state.clockAt ? now : state.clockAt);
  catchUp(draft);
  const attempt = attemptIn(draft, command);
  const brought = { state: draft.finish(), acts: draft.acts };
  return attempt === null ? brought : { ...attempt, ...brought };
}

function attemptIn(draft: Draft, command: SubscriptionCommand): Attempt {
  const { allowed, rule } = RULES[command.type] as {
    allowed: readonly SubscriptionStatus[];
    rule: Rule<SubscriptionCommand["type"]>;
  };
  const { status } = draft.state;
  return allowed.includes(status) ? rule(draft, command as never) : refuse({ code: "NOT_IN_THIS_STATUS", status, allowed });
}

/** What is to come is taken back, and nothing may be overdrawn, until it resumes. */
function stop(draft: Draft, status: "PAUSED" | "UNPAID", alive: Settlement): Attempt {
  leave(draft, alive);
  draft.become({ status });
  draft.setOverdrafts([]);
  return null;
}

function resume(draft: Draft, { reset }: { readonly reset: boolean }): Attempt {
  const { course } = draft.state;
  if (reset) return restart(draft, course.version, draft.state.ahead);
  draft.begin();
  return go(draft, { ...course, from: draft.now });
}

function cancel(draft: Draft, { alive }: { readonly alive: Settlement }): Attempt {
  leave(draft, alive);
  end(draft, draft.now);
  return null;
}

function change(draft: Draft, { to, when }: { readonly to: PlanVersion; readonly when: ChangeTime }): Attempt {
  if (when === "NOW_RESET") return restart(draft, to, null);
  const { course } = draft.state;
  if (to.id === course.version.id) return refuse({ code: "ALREADY_ON_THIS_VERSION", version: to });
  if (when === "AT_PERIOD_END") return schedule(draft, { what: "CHANGE", at: periodEnd(draft), to });
  leave(draft, "PRORATE");
  draft.become({ ahead: null });
  return go(draft, { ...course, number: course.number + 1, version: to, from: draft.now });
}

/** What was ordered for one alone counts more than what is ordered for all: nobody is brought back, and nobody's cancellation is undone. */
function migrate(draft: Draft, { to, from, when }: Extract<SubscriptionCommand, { readonly type: "migrate" }>): Attempt {
  const { course, ahead } = draft.state;
  const { version } = course;
  const isLeft = (one: PlanVersion) => one.plan === to.plan && from.includes(one.version);
  if (isLeft(version) && !isLeaving(ahead, to)) return change(draft, { to, when });
  // Who is still to come to what the others leave, comes to what they go over to.
  if (!isLeft(version) && ahead?.what === "CHANGE" && isLeft(ahead.to)) return schedule(draft, { ...ahead, to });
  return refuse({ code: "LEAVES_THE_PLAN", version, ahead });
}

/** Whether it is to be on no version of the plan, or on a later one. */
function isLeaving(ahead: Ahead | null, { plan, version }: PlanVersion): boolean {
  return ahead !== null && (ahead.what === "CANCEL" || ahead.to.plan !== plan || ahead.to.version > version);
}

function schedule(draft: Draft, ahead: Ahead): Attempt {
  const { ahead: before, course } = draft.state;
  if (before !== null && isSameAhead(before, ahead)) return null;
  draft.begin();
  draft.takeBack((grant) => grant.course > course.number || grant.effectiveAt >= ahead.at);
  draft.become({ ahead });
  provide(draft);
  return null;
}

function withdraw(draft: Draft): Attempt {
  const { ahead, course } = draft.state;
  if (ahead === null) return refuse({ code: "NOTHING_AHEAD" });
  draft.begin();
  draft.takeBack((grant) => grant.course > course.number);
  draft.become({ ahead: null });
  provide(draft);
  return null;
}

/** The present course ends here: what has not begun is taken back, and what is alive is settled. */
function leave(draft: Draft, alive: Settlement): void {
  draft.begin();
  draft.takeBack((grant) => grant.effectiveAt > draft.now);
  draft.settle(alive, draft.now);
}

/** A new period begins now, with whole allotments, and nothing of the old ones. What stays ahead is at its end. */
function restart(draft: Draft, version: PlanVersion, ahead: Ahead | null): null {
  leave(draft, "VOID");
  const { state, now } = draft;
  const number = state.course.number + 1;
  const course: Course = { number, line: number, version, anchor: now, from: now, trialUntil: null };
  const { end } = billingSpan({ course, timeZone: state.timeZone }, now);
  draft.become({ ahead: ahead && { ...ahead, at: end } });
  return go(draft, course);
}

/** Nobody goes past an allotment that is on trial. */
function go(draft: Draft, course: Course): null {
  draft.become({ course, status: goingStatus(course) });
  draft.setOverdrafts(course.trialUntil === null ? course.version.overdrafts : []);
  provide(draft);
  return null;
}

function periodEnd({ state, now }: Draft): Instant {
  return billingSpan(state, now).end;
}

/** Whether the same is to happen at the same instant. */
export function isSameAhead(a: Ahead, b: Ahead): boolean {
  return a.at === b.at && (a.what === "CHANGE" ? a.to.id : null) === (b.what === "CHANGE" ? b.to.id : null);
}
