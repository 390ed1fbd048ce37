import type { Json } from "../../core/json";
import { operatorOf, type ReasonedInput } from "../../platform/graphql/reasoned";
import { maySee, type RequestContext } from "../../platform/graphql/request";
import { idempotencyKey } from "../../wallet";
import { parseSubscriptionId, type SubscriptionKey } from "../plan";
import type { SubscriptionOrder } from "../subscription";
import { planName } from "./plan-commands";

/** From what is sent about subscriptions to what is ordered, checked at the edge. */

interface KeyedInput extends ReasonedInput {
  readonly idempotencyKey: string;
}

/** `input`: what was asked, without the key and the reason. Throws BAD_USER_INPUT. */
export function orderOf(
  context: RequestContext,
  action: string,
  given: KeyedInput,
  input: Readonly<Record<string, Json>>,
): SubscriptionOrder {
  const key = idempotencyKey(given.idempotencyKey, ["input", "idempotencyKey"]);
  return { ...operatorOf(context, given, ["input"]), idempotencyKey: key, action, input };
}

/** The subscription that an id names, if the caller may see its account; null: none. */
export function visibleSubscription(context: RequestContext, id: string): SubscriptionKey | null {
  const key = parseSubscriptionId(id);
  return key && maySee(context, key.accountId) ? key : null;
}

export function chosenPlan(name: string): string {
  return planName(name, ["input", "plan"]);
}
