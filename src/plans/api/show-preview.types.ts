import type { Refusal } from "../../platform/graphql/refusal";
import type { RequestContext } from "../../platform/graphql/request";
import { type GrantView, showGrant, showWallet, unitsOf } from "../../wallet";
import { versionOf } from "../catalogue";
import { effectsOf, type Left, type Planned, type Purse } from "../effects";
import type { Act } from "../model/commands";
import type { GrantKey, Subscription } from "../model/types";
import type { Foreseen, Foresight } from "../preview-subscription";
import { planLoadersOf } from "./plans.loaders";
import { PlanVersionView } from "./plans.types";
import { PlanEffectView, type SubscriptionPreview } from "./preview.types";
import { refusalOf, showStanding } from "./show-subscription.types";
import { AheadView } from "./subscriptions.types";

/** From what would be done to what is shown of it. */

/** `absent`: the field of the input that names the account. */
export async function showForesight(context: RequestContext, foresight: Foresight, absent: string): Promise<SubscriptionPreview> {
  if (foresight.status !== "done") return refusedPreview(await refusalOf(context, foresight, null, absent));
  const { replaces, state, at, takesBack } = foresight;
  const to = state.ahead?.what === "CHANGE" ? state.ahead.to : state.course.version;
  const [version, effects] = await Promise.all([versionOf(context.core, Number(to.id)), showEffects(context, foresight)]);
  return {
    replaces: replaces && showStanding(context, replaces),
    version: new PlanVersionView(version),
    status: state.status,
    at,
    takesBack: takesBack && new AheadView(takesBack),
    effects,
    refusal: null,
  };
}

export function refusedPreview(refusal: Refusal): SubscriptionPreview {
  return { replaces: null, version: null, status: null, at: null, takesBack: null, effects: [], refusal };
}

/** What would be done to the wallets, with the grants that there are as they are. */
async function showEffects(context: RequestContext, { state, planned }: Foreseen): Promise<readonly PlanEffectView[]> {
  const [units, views, purses] = await Promise.all([
    unitsOf(context),
    Promise.all(planned.map(({ act }) => grantOf(context, state.accountId, act))),
    pursesOf(context, state, planned),
  ]);
  const lefts = new Map<GrantKey, Left>();
  for (const [index, { act }] of planned.entries()) {
    const view = views[index];
    if (view && (act.act === "void" || act.act === "keep")) lefts.set(act.grant, leftOf(view));
  }
  const { timeZone, clockAt: now } = state;
  return effectsOf(planned, { lefts, purses }).map(
    (effect, index) => new PlanEffectView(effect, { unit: units.of(effect.creditTypeId), timeZone, now }, views[index] ?? null),
  );
}

/** What there is of the credit types that acts are about. */
async function pursesOf(
  context: RequestContext,
  subscription: Subscription,
  planned: readonly Planned[],
): Promise<ReadonlyMap<number, Purse>> {
  const types = [...new Set(planned.map(({ act }) => act.creditTypeId))];
  return new Map(await Promise.all(types.map(async (type) => [type, await purseOf(context, subscription, type)] as const)));
}

async function purseOf(context: RequestContext, { accountId, number }: Subscription, creditTypeId: number): Promise<Purse> {
  const [view, owing] = await Promise.all([
    showWallet(context, { accountId, creditTypeId }),
    planLoadersOf(context).owing.load({ key: { accountId, number }, creditTypeId }),
  ]);
  if (!view) return { debt: 0n, limit: 0n, owing };
  const { balance, grants } = view.wallet;
  const limit = grants.reduce((sum, one) => (one.kind === "OVERDRAFT" && one.voidedAt === null ? sum + one.amount : sum), 0n);
  return { debt: balance.debt, limit, owing };
}

async function grantOf(context: RequestContext, accountId: string, act: Act): Promise<GrantView | null> {
  if (act.act === "grant" || act.act === "overdraft") return null;
  const number = await planLoadersOf(context).grantNumbers.load({ accountId, grantKey: act.grant });
  return number === null ? null : showGrant(context, { key: { accountId, creditTypeId: act.creditTypeId }, number });
}

function leftOf({ grant: { pots, effectiveAt, expiresAt } }: GrantView): Left {
  return { amount: pots.PENDING + pots.AVAILABLE, effectiveAt, expiresAt };
}
