import { Arg, Args, Ctx, FieldResolver, Mutation, Query, Resolver, Root } from "type-graphql";
import { assert } from "../../core/assert";
import { Access, EVERYONE } from "../../platform/graphql/access";
import { type Connection, connectionOf, numberedList, PageArguments, readPage } from "../../platform/graphql/paging";
import { operatorOf } from "../../platform/graphql/reasoned";
import { NotFound, type Refusal } from "../../platform/graphql/refusal";
import type { RequestContext } from "../../platform/graphql/request";
import { checkText } from "../../platform/graphql/text";
import { CreditTypeView, creditTypeById, unitsOf } from "../../wallet";
import { findPlan, listPlans, listVersions, versionOf } from "../catalogue";
import { type PublishPlanAnswer, publishPlan } from "../publish-plan";
import { retirePlan } from "../retire-plan";
import { planName, planVersionOf } from "./plan-commands";
import { PublishPlanInput, RetirePlanInput } from "./plan-inputs.types";
import { PublishPlanPayload, RetirePlanPayload } from "./plan-payloads.types";
import { PlanChanged, PlanNotValid, PlanRetired } from "./plan-refusals.types";
import { planLoadersOf } from "./plans.loaders";
import {
  AllotmentView,
  PlanConnection,
  PlanOverdraftView,
  PlanVersionConnection,
  PlanVersionView,
  PlanView,
} from "./plans.types";

const PLANS = numberedList("plans");
const VERSIONS = numberedList("planVersions");
const NAME = { most: 255 };

/** What is offered: for people to choose from, and for the operator to set. */
@Resolver(() => PlanView)
export class PlansResolver {
  @Access(...EVERYONE)
  @Query(() => PlanConnection, { description: "All plans, the oldest first; for customers those on the market." })
  async plans(@Args(() => PageArguments) page: PageArguments, @Ctx() context: RequestContext): Promise<Connection<PlanView>> {
    const request = readPage(PLANS, page);
    const rows = await listPlans(context.core, seesRetired(context), { ...request, newestFirst: false });
    return connectionOf(PLANS, request, rows, { position: ({ id }) => id, node: (plan) => new PlanView(plan) });
  }

  @Access(...EVERYONE)
  @Query(() => PlanView, {
    nullable: true,
    description: "A plan by its name; null when there is none, and for customers when it is off the market.",
  })
  async plan(
    @Arg("name", () => String, { description: "Its name." }) name: string,
    @Ctx() context: RequestContext,
  ): Promise<PlanView | null> {
    const plan = await findPlan(context.core, checkText(name, NAME, ["name"]));
    return plan && (plan.retired === null || seesRetired(context)) ? new PlanView(plan) : null;
  }

  @Access("ADMIN")
  @Mutation(() => PublishPlanPayload, {
    description:
      "Publishes a version of a plan. It counts for new subscriptions at once; those that there are stay on theirs until they are migrated.",
  })
  async publishPlan(
    @Arg("input", () => PublishPlanInput, { description: "All that it promises." }) input: PublishPlanInput,
    @Ctx() context: RequestContext,
  ): Promise<PublishPlanPayload> {
    const { version, problems } = await planVersionOf(context, input);
    if (problems.length > 0) return refused(new PlanNotValid(problems));
    return published(await publishPlan(context.core, version, context.identity.actor));
  }

  @Access("ADMIN")
  @Mutation(() => RetirePlanPayload, {
    description:
      "Takes a plan off the market: nobody starts on it or changes to it any more; those who are on it stay. Once more answers the same.",
  })
  async retirePlan(
    @Arg("input", () => RetirePlanInput, { description: "Which plan." }) input: RetirePlanInput,
    @Ctx() context: RequestContext,
  ): Promise<RetirePlanPayload> {
    const plan = await retirePlan(context.core, planName(input.plan, ["input", "plan"]), operatorOf(context, input, ["input"]));
    return plan ? { plan: new PlanView(plan), refusal: null } : { plan: null, refusal: new NotFound("plan") };
  }

  @Access(...EVERYONE)
  @FieldResolver(() => PlanVersionView, { description: "The version that new subscriptions start on." })
  async latest(@Root() { plan }: PlanView, @Ctx() context: RequestContext): Promise<PlanVersionView> {
    const version = await planLoadersOf(context).latest.load(plan.id);
    assert(version, "a plan is made with its first version");
    return new PlanVersionView(version);
  }

  @Access(...EVERYONE)
  @FieldResolver(() => PlanVersionConnection, { description: "Its versions, the newest first." })
  async versions(
    @Root() { plan }: PlanView,
    @Args(() => PageArguments) page: PageArguments,
    @Ctx() { core }: RequestContext,
  ): Promise<Connection<PlanVersionView>> {
    const request = readPage(VERSIONS, page);
    const rows = await listVersions(core, plan.id, { ...request, newestFirst: true });
    return connectionOf(VERSIONS, request, rows, {
      position: ({ terms }) => terms.version,
      node: (version) => new PlanVersionView(version),
    });
  }
}

@Resolver(() => PlanVersionView)
export class PlanVersionResolver {
  @Access(...EVERYONE)
  @FieldResolver(() => PlanView, { description: "The plan that it is a version of." })
  plan(@Root() { version }: PlanVersionView, @Ctx() context: RequestContext): Promise<PlanView> {
    return showPlan(context, version.planId);
  }

  @Access(...EVERYONE)
  @FieldResolver(() => [AllotmentView], { description: "The credits that it gives." })
  async allotments(@Root() { version }: PlanVersionView, @Ctx() context: RequestContext): Promise<readonly AllotmentView[]> {
    const units = await unitsOf(context);
    return version.terms.allotments.map((one) => new AllotmentView(one, units.of(one.creditTypeId)));
  }

  @Access(...EVERYONE)
  @FieldResolver(() => [PlanOverdraftView], { description: "How far one may go past them: pay as you go." })
  async overdrafts(@Root() { version }: PlanVersionView, @Ctx() context: RequestContext): Promise<readonly PlanOverdraftView[]> {
    const units = await unitsOf(context);
    return version.terms.overdrafts.map((one) => new PlanOverdraftView(one, units.of(one.creditTypeId)));
  }
}

@Resolver(() => AllotmentView)
export class AllotmentResolver {
  @Access(...EVERYONE)
  @FieldResolver(() => CreditTypeView, { description: "The credit type." })
  creditType(@Root() { allotment }: AllotmentView, @Ctx() context: RequestContext): Promise<CreditTypeView> {
    return showCreditType(context, allotment.creditTypeId);
  }
}

@Resolver(() => PlanOverdraftView)
export class PlanOverdraftResolver {
  @Access(...EVERYONE)
  @FieldResolver(() => CreditTypeView, { description: "The credit type." })
  creditType(@Root() { overdraft }: PlanOverdraftView, @Ctx() context: RequestContext): Promise<CreditTypeView> {
    return showCreditType(context, overdraft.creditTypeId);
  }
}

/** The plan of a version that something refers to. */
export async function showPlanOf(context: RequestContext, versionId: number): Promise<PlanView> {
  return showPlan(context, (await versionOf(context.core, versionId)).planId);
}

async function showPlan(context: RequestContext, id: number): Promise<PlanView> {
  const plan = await planLoadersOf(context).plans.load(id);
  assert(plan, "the plan of a version is there");
  return new PlanView(plan);
}

/** A credit type that something refers to. */
export async function showCreditType({ core }: RequestContext, id: number): Promise<CreditTypeView> {
  const creditType = await creditTypeById(core, id);
  assert(creditType, `credit type ${id} is referred to, and there for ever`);
  return new CreditTypeView(creditType);
}

function seesRetired({ identity }: RequestContext): boolean {
  return identity.role !== "CUSTOMER";
}

function published(answer: PublishPlanAnswer): PublishPlanPayload {
  switch (answer.status) {
    case "done":
      return { plan: new PlanView(answer.plan), version: new PlanVersionView(answer.version), refusal: null };
    case "changed":
      return refused(new PlanChanged(answer.latest));
    case "invalid":
      return refused(new PlanNotValid(answer.problems));
    case "retired":
      return refused(new PlanRetired(answer.plan, true));
  }
}

function refused(refusal: Refusal): PublishPlanPayload {
  return { plan: null, version: null, refusal };
}
