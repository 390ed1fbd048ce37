import { accountTimesIn } from "../accounts";
import type { Json } from "../core/json";
import { formatInstant, type Instant } from "../core/time";
import { recordAct } from "../platform/act";
import type { Core } from "../platform/context";
import { type Transaction as Database, inTransaction } from "../platform/transaction";
import type { Act, SubscriptionOutcome } from "./model/commands";
import type { Subscription } from "./model/types";
import { subscriptionId } from "./plan";
import { subscriptionJson } from "./plan-acts";
import { lockAccount, readFirstUse, writeHappening } from "./store/subscriptions.store";
import type { EventType, Standing, SubscriptionAnswer, SubscriptionOrder } from "./subscription";
import { whatTimeDid } from "./what-time-did";

/** What is at hand while a subscription is changed: nobody else changes one of the account's. */
export interface Place {
  readonly database: Database;
  readonly accountId: string;
  readonly timeZone: string;
  /** The account's time. */
  readonly now: Instant;
  /** What time it really is: the audit log goes by that. */
  readonly real: Instant;
}

/**
 * Has something done about an account's subscriptions, in one transaction: with the account locked, so that of two at once the second sees
 * what the first did. The same key with the same input is answered as the first time.
 */
export function ordered(
  { pool, clock }: Pick<Core, "pool" | "clock">,
  accountId: string,
  order: SubscriptionOrder,
  work: (place: Place) => Promise<SubscriptionAnswer>,
): Promise<SubscriptionAnswer> {
  return inTransaction(pool, "write", async (database): Promise<SubscriptionAnswer> => {
    const timeZone = await lockAccount(database, accountId);
    if (timeZone === null) return { status: "absent", field: "accountId" };
    const first = await readFirstUse(database, accountId, order.idempotencyKey);
    if (first) {
      const field = differing(first.input, inputOf(order));
      return field === null
        ? { status: "done", replayed: true, key: first.key, event: first.event }
        : { status: "mismatch", field };
    }
    return work({ database, accountId, timeZone, ...(await accountTimesIn(database, clock, accountId)) });
  });
}

/** What is kept of an order, to know it by. */
export function inputOf({ action, input, reason }: SubscriptionOrder): Readonly<Record<string, Json>> {
  return { mutation: action, ...input, reason };
}

/** How it was to be done; to whom, the log says by itself. */
function askedOf({ input: { account: _account, subscription: _subscription, ...asked } }: SubscriptionOrder): Json {
  return asked;
}

/** The first field in which two inputs differ; null: they are the same. */
function differing(first: Readonly<Record<string, Json>>, second: Readonly<Record<string, Json>>): string | null {
  if (first["mutation"] !== second["mutation"]) return "mutation";
  const fields = [...new Set([...Object.keys(second), ...Object.keys(first)])];
  return fields.find((field) => JSON.stringify(first[field]) !== JSON.stringify(second[field])) ?? null;
}

/** Writes what a subscription has become, and what an operator did to make it so. Answers the number of the event. */
export function keep(
  { database, now, real }: Place,
  before: Standing | null,
  outcome: { readonly state: Subscription; readonly acts: readonly Act[] },
  type: EventType,
  order: SubscriptionOrder | null,
): number {
  const { state, acts } = outcome;
  const event = (before?.commandCount ?? 0) + 1;
  const kept = order && { ...order, input: inputOf(order) };
  const told = type === "tick" && before ? whatTimeDid(before.state, state) : type;
  writeHappening(database, { state, acts, type: told, event, actCount: before?.actCount ?? 0, at: now, order: kept });
  if (order !== null) {
    const { action, actor, reason } = order;
    const { accountId } = state;
    const asked = { asked: askedOf(order), ...(now === real ? {} : { simulatedAt: formatInstant(now) }) };
    const after = { ...subscriptionJson(state), ...asked };
    const states = { before: before && subscriptionJson(before.state), after };
    recordAct(database, { at: real, actor, reason, action, subject: subscriptionId(state), accountId, ...states });
  }
  return event;
}

/** Writes what came of a command, or of time alone; what is refused leaves what time did before it. */
export function keepOutcome(
  place: Place,
  before: Standing,
  outcome: SubscriptionOutcome,
  type: EventType,
  order: SubscriptionOrder | null,
): SubscriptionAnswer {
  const { key, state } = before;
  const changed = outcome.state !== state;
  if (outcome.refused) {
    if (changed) keep(place, before, outcome, "tick", null);
    return { status: "refused", key, refusal: outcome.refusal };
  }
  const event = changed || order !== null ? keep(place, before, outcome, type, order) : before.commandCount;
  return { status: "done", replayed: false, key, event };
}
