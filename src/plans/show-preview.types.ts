import type { Refusal } from "../platform/graphql/refusal";
import type { RequestContext } from "../platform/graphql/request";
import { type GrantView, showGrant, unitsOf } from "../wallet";
import { versionOf } from "./catalogue";
import { effectOf, type Left } from "./effects";
import type { Act } from "./model/commands";
import { planLoadersOf } from "./plans.loaders";
import { PlanVersionView } from "./plans.types";
import { PlanEffectView, type SubscriptionPreview } from "./preview.types";
import type { Foreseen, Foresight } from "./preview-subscription";
import { refusalOf, showStanding } from "./show-subscription.types";

/** From what would be done to what is shown of it. */

/** `absent`: the field of the input that names the account. */
export async function showForesight(context: RequestContext, foresight: Foresight, absent: string): Promise<SubscriptionPreview> {
  if (foresight.status !== "done") return refusedPreview(await refusalOf(context, foresight, null, absent));
  const { replaces, state, at } = foresight;
  const to = state.ahead?.what === "CHANGE" ? state.ahead.to : state.course.version;
  const [version, effects] = await Promise.all([versionOf(context.core, Number(to.id)), showEffects(context, foresight)]);
  return {
    replaces: replaces && showStanding(context, replaces),
    version: new PlanVersionView(version),
    status: state.status,
    at,
    effects,
    refusal: null,
  };
}

export function refusedPreview(refusal: Refusal): SubscriptionPreview {
  return { replaces: null, version: null, status: null, at: null, effects: [], refusal };
}

/** What would be done to the wallets, with the grants that there are as they are. */
async function showEffects(context: RequestContext, { state, acts, overdrafts }: Foreseen): Promise<readonly PlanEffectView[]> {
  const units = await unitsOf(context);
  return Promise.all(
    acts.map(async (act) => {
      const view = await grantOf(context, state.accountId, act);
      const left = view ? leftOf(view) : plannedFor(acts, act);
      return new PlanEffectView(effectOf(act, left, overdrafts), units.of(act.creditTypeId), view);
    }),
  );
}

async function grantOf(context: RequestContext, accountId: string, act: Act): Promise<GrantView | null> {
  if (act.act === "grant" || act.act === "overdraft") return null;
  const number = await planLoadersOf(context).grantNumbers.load({ accountId, grantKey: act.grant });
  return number === null ? null : showGrant(context, { key: { accountId, creditTypeId: act.creditTypeId }, number });
}

function leftOf({ grant: { pots, effectiveAt, expiresAt } }: GrantView): Left {
  return { amount: pots.PENDING + pots.AVAILABLE, effectiveAt, expiresAt };
}

/** Of a grant that is not in the wallet yet: it is among what would be done just before. */
function plannedFor(acts: readonly Act[], act: Act): Left | null {
  if (act.act !== "void" && act.act !== "keep") return null;
  const made = acts.find((one) => one.act === "grant" && one.idempotencyKey === act.grant);
  return made?.act === "grant" ? made.terms : null;
}
