import type { Core } from "../platform/context";
import { startSubscription as decideStart, decideSubscription } from "./model/decide";
import { keep, keepOutcome, ordered, type Place } from "./order-subscription";
import { performFor } from "./perform-acts";
import { standingOf } from "./standing";
import { holdPlan, readLatestIn } from "./store/plans.store";
import { nextNumber, readLiveIn } from "./store/subscriptions.store";
import type { Standing, SubscriptionAnswer, SubscriptionOrder } from "./subscription";

/** What an account is put on. */
export interface Starting {
  readonly plan: string;
  /** False: without the trial that the plan offers, if it offers one. */
  readonly trial: boolean;
}

/** Puts an account on the latest version of a plan, from now on; an account is on one plan at a time. Its wallets are seen to at once. */
export async function startSubscription(
  core: Core,
  accountId: string,
  starting: Starting,
  order: SubscriptionOrder,
): Promise<SubscriptionAnswer> {
  const answer = await ordered(core, accountId, order, (place) => start(core, place, starting, order));
  await performFor(core, answer);
  return answer;
}

async function start(
  core: Core,
  place: Place,
  { plan: name, trial }: Starting,
  order: SubscriptionOrder,
): Promise<SubscriptionAnswer> {
  const { database, accountId, timeZone, now } = place;
  const live = await liveIn(core, place);
  const number = await nextNumber(database, accountId);
  // Last, so that it is held for as short a time as can be.
  const plan = await holdPlan(database, name);
  if (!plan) return { status: "absent", field: "plan" };
  if (plan.retired) return { status: "retired", plan };
  if (live) return { status: "subscribed", key: live.key };
  const latest = await readLatestIn(database, plan.id);
  if (!latest) return { status: "absent", field: "plan" };
  const decided = decideStart({ accountId, number, version: latest.terms, timeZone, trial }, now);
  const event = keep(place, null, decided, "start", order);
  return { status: "done", replayed: false, key: { accountId, number }, event };
}

/** The subscription that the account is on now: one whose end has come is brought to it first. */
async function liveIn(core: Core, place: Place): Promise<Standing | null> {
  const record = await readLiveIn(place.database, place.accountId);
  if (!record) return null;
  const standing = await standingOf(core, record, place.database);
  const outcome = decideSubscription(standing.state, { type: "tick" }, place.now);
  keepOutcome(place, standing, outcome, "tick", null);
  return outcome.state.status === "ENDED" ? null : standing;
}
