import { accountNowIn } from "../accounts";
import type { Instant } from "../core/time";
import type { Core } from "../platform/context";
import { type Transaction as Database, inTransaction } from "../platform/transaction";
import { commandOf, type Wanted } from "./change-subscription";
import type { Planned } from "./effects";
import type { ChangeTime, SubscriptionDecided, SubscriptionRefusal } from "./model/commands";
import { nextDueAt } from "./model/course";
import { decideSubscription, isSameAhead, startSubscription } from "./model/decide";
import type { Ahead, Subscription } from "./model/types";
import type { Plan, SubscriptionKey } from "./plan";
import { asOf, standingOf } from "./standing";
import { readLatestIn, readPlanIn } from "./store/plans.store";
import { nextNumber, readLiveIn, readTimeZone } from "./store/subscriptions.store";
import type { Standing } from "./subscription";

/** What a start or a change would do: the very decision, and nothing of it is written. */

/** What somebody thinks of. */
export interface Thought {
  readonly plan: string;
  /** For a start. */
  readonly trial: boolean;
  /** For a change. */
  readonly when: ChangeTime;
}

/** What would come of it. */
export interface Foreseen {
  readonly status: "done";
  /** What the account is on; null: it would start. */
  readonly replaces: Standing | null;
  /** As it would be. */
  readonly state: Subscription;
  /** What would be done at once, and then at the instant that is ahead. */
  readonly planned: readonly Planned[];
  /** The cancellation or change that would be taken back. */
  readonly takesBack: Ahead | null;
  /** When it would go over. */
  readonly at: Instant;
}

export type Foresight =
  | Foreseen
  | { readonly status: "refused"; readonly key: SubscriptionKey; readonly refusal: SubscriptionRefusal }
  | { readonly status: "absent"; readonly field: string }
  | { readonly status: "retired"; readonly plan: Plan };

/** What it would do to put an account on a plan, whether it is on one already or not. */
export function previewSubscription(core: Core, accountId: string, thought: Thought): Promise<Foresight> {
  return inTransaction(core.pool, "snapshot", async (database): Promise<Foresight> => {
    const timeZone = await readTimeZone(database, accountId);
    if (timeZone === null) return { status: "absent", field: "accountId" };
    const now = await accountNowIn(database, core.clock, accountId);
    const record = await readLiveIn(database, accountId);
    const standing = record && (await standingOf(core, record, database));
    const live = standing && asOf(standing.state, now).status !== "ENDED" ? standing : null;
    if (!live) return previewStart(database, { accountId, timeZone, now }, thought);
    const wanted: Wanted = { type: "change", plan: thought.plan, when: thought.when };
    const command = await commandOf(database, live, wanted);
    return "status" in command ? command : foresee(live, command, now);
  });
}

interface Place {
  readonly accountId: string;
  readonly timeZone: string;
  readonly now: Instant;
}

async function previewStart(database: Database, { accountId, timeZone, now }: Place, thought: Thought): Promise<Foresight> {
  const plan = await readPlanIn(database, thought.plan);
  const latest = plan && (await readLatestIn(database, plan.id));
  if (!plan || !latest) return { status: "absent", field: "plan" };
  if (plan.retired) return { status: "retired", plan };
  const number = await nextNumber(database, accountId);
  const { trial } = thought;
  const decided = startSubscription({ accountId, number, version: latest.terms, timeZone, trial }, now);
  const planned = plannedOf(decided);
  return { status: "done", replaces: null, state: decided.state, planned, takesBack: null, at: now };
}

/** What a command would make of a subscription. */
export function foresee(standing: Standing, command: Parameters<typeof decideSubscription>[1], now: Instant): Foresight {
  const outcome = decideSubscription(standing.state, command, now);
  if (outcome.refused) return { status: "refused", key: standing.key, refusal: outcome.refusal };
  const { state } = outcome;
  const { ahead } = asOf(standing.state, now);
  const takesBack = ahead !== null && (state.ahead === null || !isSameAhead(ahead, state.ahead)) ? ahead : null;
  const at = state.ahead?.at ?? state.clockAt;
  return { status: "done", replaces: standing, state, planned: plannedOf(outcome), takesBack, at };
}

/** What is done at once, and what time does at the instant that is ahead; not what it does between. */
function plannedOf({ state, acts }: SubscriptionDecided): readonly Planned[] {
  const planned = acts.map((act) => ({ at: state.clockAt, act }));
  const { ahead } = state;
  if (ahead === null) return planned;
  let then = state;
  for (let due = nextDueAt(then); due !== null && due < ahead.at; due = nextDueAt(then))
    then = decideSubscription(then, { type: "tick" }, due).state;
  const { acts: later } = decideSubscription(then, { type: "tick" }, ahead.at);
  return [...planned, ...later.map((act) => ({ at: ahead.at, act }))];
}
