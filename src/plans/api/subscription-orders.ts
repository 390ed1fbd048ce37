import { parseAccountId } from "../../accounts";
import type { Json } from "../../core/json";
import { badInput } from "../../platform/graphql/errors";
import { operatorOf, type ReasonedInput } from "../../platform/graphql/reasoned";
import { maySee, type RequestContext } from "../../platform/graphql/request";
import { idempotencyKey, visibleAccount } from "../../wallet";
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

/** How an input names an account. */
export interface AccountChoice {
  readonly accountId?: string | null | undefined;
  readonly externalId?: string | null | undefined;
}

/** The UUID of an account (which need not exist), if the caller may see it; or the field of the input that names nothing. */
export interface ChosenAccount {
  readonly uuid: string | null;
  readonly field: "accountId" | "externalId";
}

/** The account that an input names. Throws BAD_USER_INPUT when it names none, or two. */
export async function chooseAccount(context: RequestContext, { accountId, externalId }: AccountChoice): Promise<ChosenAccount> {
  if ((accountId == null) === (externalId == null)) throw badInput("needs exactly one of accountId and externalId", ["input"]);
  if (externalId != null)
    return { uuid: await visibleAccount(context, externalId, ["input", "externalId"]), field: "externalId" };
  const uuid = parseAccountId(accountId ?? "");
  return { uuid: uuid !== null && maySee(context, uuid) ? uuid : null, field: "accountId" };
}

/** The subscription that an id names, if the caller may see its account; null: none. */
export function visibleSubscription(context: RequestContext, id: string): SubscriptionKey | null {
  const key = parseSubscriptionId(id);
  return key && maySee(context, key.accountId) ? key : null;
}

export function chosenPlan(name: string): string {
  return planName(name, ["input", "plan"]);
}
