import { accountTimesIn } from "../accounts";
import type { Core } from "../platform/context";
import { type Transaction as Database, inTransaction } from "../platform/transaction";
import type { ChangeTime, SubscriptionCommand } from "./model/commands";
import { decideSubscription } from "./model/decide";
import { keepOutcome, ordered, type Place } from "./order-subscription";
import { performFor } from "./perform-acts";
import type { SubscriptionKey } from "./plan";
import { standingOf } from "./standing";
import { holdPlan, readLatestIn, readPlanIn } from "./store/plans.store";
import { lockAccount, readSubscriptionIn } from "./store/subscriptions.store";
import type { EventType, Standing, SubscriptionAnswer, SubscriptionOrder } from "./subscription";

/** What is to be done about a subscription that there is. */
export type Wanted =
  | Exclude<SubscriptionCommand, { readonly type: "change" | "tick" }>
  /** To the plan's latest version. */
  | { readonly type: "change"; readonly plan: string; readonly when: ChangeTime };

/** What a command is called among the events of a subscription. */
const EVENTS: { readonly [Type in Wanted["type"]]: EventType } = {
  change: "change",
  migrate: "change",
  cancel: "cancel",
  cancelAtPeriodEnd: "cancel",
  pause: "pause",
  unpaid: "unpaid",
  resume: "resume",
  withdraw: "withdraw",
};

/** Has something done about a subscription, and its account's wallets seen to at once. */
export async function changeSubscription(
  core: Core,
  key: SubscriptionKey,
  wanted: Wanted,
  order: SubscriptionOrder,
): Promise<SubscriptionAnswer> {
  const work = (place: Place) => change(core, place, key, wanted, order);
  const answer = await ordered(core, key.accountId, order, work);
  await performFor(core, answer);
  return answer.status === "absent" && answer.field === "accountId" ? { status: "absent", field: "subscriptionId" } : answer;
}

async function change(
  core: Core,
  place: Place,
  key: SubscriptionKey,
  wanted: Wanted,
  order: SubscriptionOrder,
): Promise<SubscriptionAnswer> {
  const record = await readSubscriptionIn(place.database, key);
  if (!record) return { status: "absent", field: "subscriptionId" };
  const standing = await standingOf(core, record, place.database);
  const command = await commandOf(place.database, standing, wanted, holdPlan);
  if ("status" in command) return command;
  return keepOutcome(place, standing, decideSubscription(standing.state, command, place.now), EVENTS[wanted.type], order);
}

type NoCommand = Extract<SubscriptionAnswer, { readonly status: "absent" | "retired" }>;

/** The command for what is wanted; or why there is none. Off the market a plan is only for those who are on it. */
export async function commandOf(
  database: Database,
  { state }: Standing,
  wanted: Wanted,
  read: typeof readPlanIn = readPlanIn,
): Promise<SubscriptionCommand | NoCommand> {
  if (wanted.type !== "change") return wanted;
  const plan = await read(database, wanted.plan);
  if (!plan) return { status: "absent", field: "plan" };
  if (plan.retired && plan.name !== state.course.version.plan) return { status: "retired", plan };
  const latest = await readLatestIn(database, plan.id);
  return latest ? { type: "change", to: latest.terms, when: wanted.when } : { status: "absent", field: "plan" };
}

/** Brings a subscription up to its account's now: what fell due is done to the wallets, too. */
export async function bringUp(core: Core, key: SubscriptionKey): Promise<void> {
  const answer = await inTransaction(core.pool, "write", async (database): Promise<SubscriptionAnswer> => {
    const { accountId } = key;
    const timeZone = await lockAccount(database, accountId);
    const record = timeZone === null ? null : await readSubscriptionIn(database, key);
    if (timeZone === null || !record) return { status: "absent", field: "subscriptionId" };
    const standing = await standingOf(core, record, database);
    const times = await accountTimesIn(database, core.clock, accountId);
    const outcome = decideSubscription(standing.state, { type: "tick" }, times.now);
    if (outcome.state === standing.state) database.forgo();
    return keepOutcome({ database, accountId, timeZone, ...times }, standing, outcome, "tick", null);
  });
  if (answer.status === "done") core.metrics.count("subscriptions_brought_up");
}
