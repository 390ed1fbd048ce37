import { Args, ArgsType, Ctx, FieldResolver, Int, Query, Resolver, Root } from "type-graphql";
import { AccountView, showAccount } from "../../accounts";
import type { Amount } from "../../core/amount";
import type { ShownAmount } from "../../core/unit";
import { Access, EVERYONE } from "../../platform/graphql/access";
import { badInput } from "../../platform/graphql/errors";
import { type Connection, connectionOf, type List, numberedList, PageArguments, readPage } from "../../platform/graphql/paging";
import type { RequestContext } from "../../platform/graphql/request";
import { AmountScalar } from "../../platform/graphql/scalars";
import { Shown } from "../../platform/graphql/shown";
import { CreditTypeView, GrantView, showGrant, showTransaction, TransactionView, unitsOf } from "../../wallet";
import { versionOf } from "../catalogue";
import { listEvents, listSubscriptions, listSubscriptionsOf } from "../list-subscriptions";
import type { SubscriptionStatus } from "../model/types";
import { parseSubscriptionId, type SubscriptionKey, subscriptionId } from "../plan";
import type { PlanAct } from "../subscription";
import { planName } from "./plan-commands";
import type { Optional } from "./plan-inputs.types";
import { planLoadersOf } from "./plans.loaders";
import { showCreditType, showPlanOf } from "./plans.resolver";
import { PlanVersionView, PlanView } from "./plans.types";
import { showStanding } from "./show-subscription.types";
import {
  AheadView,
  PlanActView,
  SubscriptionAllotmentView,
  SubscriptionConnection,
  SubscriptionEventConnection,
  SubscriptionEventView,
  SubscriptionStatusEnum,
  SubscriptionView,
} from "./subscriptions.types";

const OF_ACCOUNT = numberedList("accountSubscriptions");
const EVENTS = numberedList("subscriptionEvents");
const ALL: List<SubscriptionKey> = { name: "subscriptions", write: subscriptionId, read: parseSubscriptionId };

@ArgsType()
class SubscriptionsArguments extends PageArguments {
  @Shown(() => String, "On this plan, by name.", { nullable: true })
  readonly plan?: Optional<string>;

  @Shown(() => Int, "On this version of the plan.", { nullable: true })
  readonly version?: Optional<number>;

  @Shown(() => SubscriptionStatusEnum, "In this status, as it was last written.", { nullable: true })
  readonly status?: Optional<SubscriptionStatus>;
}

@Resolver(() => AccountView)
export class AccountSubscriptionsResolver {
  @Access(...EVERYONE)
  @FieldResolver(() => SubscriptionView, { nullable: true, description: "What it is on; null: on no plan." })
  async subscription(@Root() { account }: AccountView, @Ctx() context: RequestContext): Promise<SubscriptionView | null> {
    const standing = await planLoadersOf(context).live.load(account.id);
    const view = standing && showStanding(context, standing);
    return view?.status === "ENDED" ? null : view;
  }

  @Access(...EVERYONE)
  @FieldResolver(() => SubscriptionConnection, { description: "All that it was ever on, the newest first." })
  async subscriptions(
    @Root() { account }: AccountView,
    @Args(() => PageArguments) page: PageArguments,
    @Ctx() context: RequestContext,
  ): Promise<Connection<SubscriptionView>> {
    const request = readPage(OF_ACCOUNT, page);
    const rows = await listSubscriptionsOf(context.core, account.id, { ...request, newestFirst: true });
    return connectionOf(OF_ACCOUNT, request, rows, {
      position: ({ key }) => key.number,
      node: (standing) => showStanding(context, standing),
    });
  }
}

/** Who is on what. */
@Resolver(() => SubscriptionView)
export class SubscriptionsResolver {
  @Access("ADMIN")
  @Query(() => SubscriptionConnection, { description: "All subscriptions, by account in the order in which these were made." })
  async subscriptions(
    @Args(() => SubscriptionsArguments) args: SubscriptionsArguments,
    @Ctx() context: RequestContext,
  ): Promise<Connection<SubscriptionView>> {
    const request = readPage(ALL, args);
    if (args.version != null && args.plan == null)
      throw badInput("needs plan: versions are numbered within their plan", ["version"]);
    const plan = args.plan == null ? null : planName(args.plan, ["plan"]);
    const filter = { plan, version: args.version ?? null, status: args.status ?? null };
    const rows = await listSubscriptions(context.core, filter, request);
    return connectionOf(ALL, request, rows, {
      position: ({ key }) => key,
      node: (standing) => showStanding(context, standing),
    });
  }

  @Access(...EVERYONE)
  @FieldResolver(() => AccountView, { description: "Who is on it." })
  account(@Root() { key }: SubscriptionView, @Ctx() context: RequestContext): Promise<AccountView> {
    return showAccount(context, key.accountId);
  }

  @Access(...EVERYONE)
  @FieldResolver(() => PlanView, { description: "The plan." })
  plan(@Root() { state }: SubscriptionView, @Ctx() context: RequestContext): Promise<PlanView> {
    return showPlanOf(context, Number(state.course.version.id));
  }

  @Access(...EVERYONE)
  @FieldResolver(() => PlanVersionView, {
    description: "The version of the plan: what it promises stays, whatever is published.",
  })
  version(@Root() { state }: SubscriptionView, @Ctx() context: RequestContext): Promise<PlanVersionView> {
    return showVersion(context, Number(state.course.version.id));
  }

  @Access(...EVERYONE)
  @FieldResolver(() => SubscriptionEventConnection, { description: "All that was done about it, the newest first." })
  async history(
    @Root() { key }: SubscriptionView,
    @Args(() => PageArguments) page: PageArguments,
    @Ctx() { core }: RequestContext,
  ): Promise<Connection<SubscriptionEventView>> {
    const request = readPage(EVENTS, page);
    const rows = await listEvents(core, key, { ...request, newestFirst: true });
    return connectionOf(EVENTS, request, rows, {
      position: ({ number }) => number,
      node: (event) => new SubscriptionEventView(event),
    });
  }
}

@Resolver(() => AheadView)
export class AheadResolver {
  @Access(...EVERYONE)
  @FieldResolver(() => PlanVersionView, { nullable: true, description: "What it goes over to; null: to nothing." })
  version(@Root() { to }: AheadView, @Ctx() context: RequestContext): Promise<PlanVersionView> | null {
    return to && showVersion(context, Number(to.id));
  }
}

@Resolver(() => SubscriptionAllotmentView)
export class SubscriptionAllotmentResolver {
  @Access(...EVERYONE)
  @FieldResolver(() => AmountScalar, { description: "How many; what was spent before its time is taken off." })
  async amount(@Root() { key, given }: SubscriptionAllotmentView, @Ctx() context: RequestContext): Promise<ShownAmount> {
    const { accountId } = key;
    const really = await planLoadersOf(context).givenAmounts.load({ accountId, grantKey: given.key });
    return (await unitsOf(context)).of(given.creditTypeId).show(really ?? given.amount);
  }

  @Access(...EVERYONE)
  @FieldResolver(() => CreditTypeView, { description: "The credit type." })
  creditType(@Root() { given }: SubscriptionAllotmentView, @Ctx() context: RequestContext): Promise<CreditTypeView> {
    return showCreditType(context, given.creditTypeId);
  }

  @Access(...EVERYONE)
  @FieldResolver(() => GrantView, {
    nullable: true,
    description: "The grant that holds them; null: not yet in the wallet, or there are none.",
  })
  async grant(@Root() { key, given }: SubscriptionAllotmentView, @Ctx() context: RequestContext): Promise<GrantView | null> {
    const { accountId } = key;
    const number = await planLoadersOf(context).grantNumbers.load({ accountId, grantKey: given.key });
    return number === null ? null : showGrant(context, { key: { accountId, creditTypeId: given.creditTypeId }, number });
  }
}

@Resolver(() => SubscriptionEventView)
export class SubscriptionEventResolver {
  @Access(...EVERYONE)
  @FieldResolver(() => PlanVersionView, { description: "What it was on after it." })
  version(@Root() { event }: SubscriptionEventView, @Ctx() context: RequestContext): Promise<PlanVersionView> {
    return showVersion(context, event.planVersionId);
  }

  @Access(...EVERYONE)
  @FieldResolver(() => [PlanActView], { description: "What came of it for the wallets, in order." })
  async acts(@Root() { event }: SubscriptionEventView, @Ctx() context: RequestContext): Promise<readonly PlanActView[]> {
    const acts = await planLoadersOf(context).acts.load(event);
    return acts.map((act) => new PlanActView(act));
  }
}

@Resolver(() => PlanActView)
export class PlanActResolver {
  @Access(...EVERYONE)
  @FieldResolver(() => AmountScalar, {
    nullable: true,
    description:
      "Credits that were really given or withdrawn (what is given is told beforehand, too), or the limit; null: not yet.",
  })
  async amount(@Root() { planAct }: PlanActView, @Ctx() context: RequestContext): Promise<ShownAmount | null> {
    return (await unitsOf(context)).of(planAct.act.creditTypeId).showMaybe(amountOf(planAct));
  }

  @Access(...EVERYONE)
  @FieldResolver(() => AmountScalar, {
    nullable: true,
    description:
      "Of a KEEP: the share of the grant that is for the time that has passed, and is kept, as far as it is not spent.",
  })
  async kept(@Root() { planAct: { act } }: PlanActView, @Ctx() context: RequestContext): Promise<ShownAmount | null> {
    return (await unitsOf(context)).of(act.creditTypeId).showMaybe(act.act === "keep" ? act.keep : null);
  }

  @Access(...EVERYONE)
  @FieldResolver(() => CreditTypeView, { description: "The credit type." })
  creditType(@Root() { planAct }: PlanActView, @Ctx() context: RequestContext): Promise<CreditTypeView> {
    return showCreditType(context, planAct.act.creditTypeId);
  }

  @Access(...EVERYONE)
  @FieldResolver(() => GrantView, {
    nullable: true,
    description: "The grant that was made, or withdrawn; null: not yet, or there was none to make any more.",
  })
  async grant(@Root() { planAct }: PlanActView, @Ctx() context: RequestContext): Promise<GrantView | null> {
    const { key, act, grant } = planAct;
    const walletKey = { accountId: key.accountId, creditTypeId: act.creditTypeId };
    return grant === null ? null : showGrant(context, { key: walletKey, number: grant });
  }

  @Access(...EVERYONE)
  @FieldResolver(() => TransactionView, {
    nullable: true,
    description: "What was written in the wallet; null: not yet, or there was nothing left to do.",
  })
  async transaction(@Root() { planAct }: PlanActView, @Ctx() context: RequestContext): Promise<TransactionView | null> {
    const { key, act, sequence } = planAct;
    const walletKey = { accountId: key.accountId, creditTypeId: act.creditTypeId };
    return sequence === null ? null : showTransaction(context, { key: walletKey, number: sequence });
  }
}

function amountOf({ act, amount }: PlanAct): Amount | null {
  if (act.act === "overdraft") return act.limit;
  return act.act === "grant" ? (amount ?? act.terms.amount) : amount;
}

async function showVersion({ core }: RequestContext, id: number): Promise<PlanVersionView> {
  return new PlanVersionView(await versionOf(core, id));
}
