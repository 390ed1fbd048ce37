import { showAccount } from "../../accounts";
import { assert } from "../../core/assert";
import { NotFound, type Refusal } from "../../platform/graphql/refusal";
import type { RequestContext } from "../../platform/graphql/request";
import { forgetLoaded, type GrantView, IdempotencyMismatch, showGrant, showWallet, type WalletView } from "../../wallet";
import { versionOf } from "../catalogue";
import type { SubscriptionRefusal } from "../model/commands";
import type { SubscriptionKey } from "../plan";
import { nowFor } from "../standing";
import type { Standing, SubscriptionAnswer } from "../subscription";
import { PlanRetired } from "./plan-refusals.types";
import { planLoadersOf } from "./plans.loaders";
import type { SubscriptionPayload } from "./subscription-payloads.types";
import {
  AlreadyOnThisVersion,
  AlreadySubscribed,
  LeavesThePlan,
  NothingAhead,
  NotInThisStatus,
} from "./subscription-refusals.types";
import { SubscriptionView } from "./subscriptions.types";

/** From what was done to what is shown of it. */

export function showStanding({ core }: RequestContext, standing: Standing): SubscriptionView {
  return new SubscriptionView(standing, nowFor(core, standing));
}

/** A subscription by its name; null when there is none. Whether the caller may see the account is the asker's to know. */
export async function showSubscription(context: RequestContext, key: SubscriptionKey): Promise<SubscriptionView | null> {
  const standing = await planLoadersOf(context).subscriptions.load(key);
  return standing && showStanding(context, standing);
}

async function showKnown(context: RequestContext, key: SubscriptionKey): Promise<SubscriptionView> {
  const view = await showSubscription(context, key);
  assert(view, "a subscription that is referred to is there");
  return view;
}

/** `absent`: the field of the input that names the account, should that be what is not there. */
export async function payloadOf(
  context: RequestContext,
  answer: SubscriptionAnswer,
  absent: string,
): Promise<SubscriptionPayload> {
  // Whatever this request has read before may be out of date now.
  forgetLoaded(context);
  if (answer.status === "done") return donePayload(context, answer);
  const key = answer.status === "refused" || answer.status === "subscribed" ? answer.key : null;
  const subscription = key && (await showKnown(context, key));
  const account = key && (await showAccount(context, key.accountId));
  const refusal = await refusalOf(context, answer, subscription, absent);
  return { subscription, account, wallets: [], grants: [], replayed: false, refusal };
}

/** What was refused before anything was asked of anybody. */
export function refusedPayload(refusal: Refusal): SubscriptionPayload {
  return { subscription: null, account: null, wallets: [], grants: [], replayed: false, refusal };
}

async function donePayload(
  context: RequestContext,
  { key, event, replayed }: Extract<SubscriptionAnswer, { readonly status: "done" }>,
): Promise<SubscriptionPayload> {
  const [subscription, account, acts] = await Promise.all([
    showKnown(context, key),
    showAccount(context, key.accountId),
    planLoadersOf(context).acts.load({ key, number: event }),
  ]);
  const { accountId } = key;
  const creditTypes = [...new Set(acts.map(({ act }) => act.creditTypeId))];
  const touched = new Map(acts.map(({ act, grant }) => [`${act.creditTypeId}/${grant}`, { act, grant }]));
  const [wallets, grants] = await Promise.all([
    Promise.all(creditTypes.map((creditTypeId) => showWallet(context, { accountId, creditTypeId }))),
    Promise.all(
      [...touched.values()].map(async ({ act: { creditTypeId }, grant }) =>
        grant === null ? null : showGrant(context, { key: { accountId, creditTypeId }, number: grant }),
      ),
    ),
  ]);
  return { subscription, account, wallets: wallets.filter(isWallet), grants: grants.filter(isGrant), replayed, refusal: null };
}

function isWallet(view: WalletView | null): view is WalletView {
  return view !== null;
}

function isGrant(view: GrantView | null): view is GrantView {
  return view !== null;
}

type NotDone = Exclude<SubscriptionAnswer, { readonly status: "done" }>;

/** Why nothing was done. */
export async function refusalOf(
  context: RequestContext,
  answer: NotDone,
  live: SubscriptionView | null,
  absent: string,
): Promise<Refusal> {
  switch (answer.status) {
    case "refused":
      return showRefusal(context, answer.refusal);
    case "mismatch":
      return new IdempotencyMismatch(null, 0, answer.field === "subscription" ? "subscriptionId" : answer.field);
    case "absent":
      return new NotFound(answer.field === "accountId" ? absent : answer.field);
    case "retired":
      return new PlanRetired(answer.plan);
    case "subscribed":
      assert(live, "what an account is on already is there");
      return new AlreadySubscribed(live);
  }
}

/** A refusal of the model as the API shows it: the compiler says when one is missing. */
async function showRefusal({ core }: RequestContext, refusal: SubscriptionRefusal): Promise<Refusal> {
  switch (refusal.code) {
    case "NOT_IN_THIS_STATUS":
      return new NotInThisStatus(refusal);
    case "ALREADY_ON_THIS_VERSION":
      return new AlreadyOnThisVersion(await versionOf(core, Number(refusal.version.id)));
    case "NOTHING_AHEAD":
      return new NothingAhead();
    case "LEAVES_THE_PLAN":
      return new LeavesThePlan(await versionOf(core, Number(refusal.version.id)), refusal.ahead);
  }
}
