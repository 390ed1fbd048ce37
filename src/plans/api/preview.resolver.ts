import { Arg, Ctx, FieldResolver, Query, Resolver, Root } from "type-graphql";
import { Access, EVERYONE } from "../../platform/graphql/access";
import { NotFound } from "../../platform/graphql/refusal";
import type { RequestContext } from "../../platform/graphql/request";
import { type AccountChoice, type ChosenAccount, CreditTypeView, chooseAccount } from "../../wallet";
import { previewSubscription } from "../preview-subscription";
import { showCreditType } from "./plans.resolver";
import { PlanEffectView, SubscriptionPreview } from "./preview.types";
import { refusedPreview, showForesight } from "./show-preview.types";
import { PreviewSubscriptionInput } from "./subscription-inputs.types";
import { chosenPlan } from "./subscription-orders";

/** What would be done, before it is. */
@Resolver()
export class PreviewResolver {
  @Access(...EVERYONE)
  @Query(() => SubscriptionPreview, {
    description:
      "What it would do to put an account on a plan: a start, or a change of what it is on. It is decided as it would be, and nothing is written.",
    // Deciding takes a transaction and, of a plan of many allotments, 50 ms: a document is not to have 50 of them.
    complexity: ({ childComplexity }) => 500 + 2 * childComplexity,
  })
  async previewSubscription(
    @Arg("input", () => PreviewSubscriptionInput, { description: "Who, which plan, and when." }) input: PreviewSubscriptionInput,
    @Ctx() context: RequestContext,
  ): Promise<SubscriptionPreview> {
    const plan = chosenPlan(input.plan);
    const { uuid, field } = ownAccount(context, input) ?? (await chooseAccount(context, input, ["input"]));
    if (uuid === null) return refusedPreview(new NotFound(field));
    const thought = { plan, trial: input.trial ?? true, when: input.when ?? "AT_PERIOD_END" };
    return showForesight(context, await previewSubscription(context.core, uuid, thought), field);
  }
}

/** A customer's own, when it names none; null otherwise. */
function ownAccount({ identity }: RequestContext, { accountId, externalId }: AccountChoice): ChosenAccount | null {
  if (accountId != null || externalId != null || identity.accountId === null) return null;
  return { uuid: identity.accountId, field: "accountId" };
}

@Resolver(() => PlanEffectView)
export class PlanEffectResolver {
  @Access(...EVERYONE)
  @FieldResolver(() => CreditTypeView, { description: "The credit type." })
  creditType(@Root() { effect }: PlanEffectView, @Ctx() context: RequestContext): Promise<CreditTypeView> {
    return showCreditType(context, effect.creditTypeId);
  }
}
