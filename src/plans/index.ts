import type { NodeLoaders } from "../platform/graphql/node";
import { eventNode, migrationNode, planNode, planVersionNode, subscriptionNode } from "./nodes.types";
import { AccountPacksResolver, InsufficientCreditsPacksResolver, QuotePacksResolver } from "./offers.resolver";
import { MigrationPreviewResolver, MigrationsOfPlanResolver, PlanMigrationsResolver } from "./plan-migrations.resolver";
import { AllotmentResolver, PlanOverdraftResolver, PlansResolver, PlanVersionResolver } from "./plans.resolver";
import { PlanEffectResolver, PreviewResolver } from "./preview.resolver";
import { SubscribingResolver } from "./subscribing.resolver";
import {
  AccountSubscriptionsResolver,
  AheadResolver,
  PlanActResolver,
  SubscriptionAllotmentResolver,
  SubscriptionEventResolver,
  SubscriptionsResolver,
} from "./subscriptions.resolver";

/** The door of the plans room: what accounts get for each period, and who is on what. What things are stands in README.md. */

export { bringPlansUpTo, nextPlanDueAt } from "./bring-up-to";
export { findPlan } from "./catalogue";
export type { Plan } from "./plan";
export { visiblePlanById } from "./plan-access";
export { PlanSweeper } from "./plan-sweeper";
export { planLoadersOf } from "./plans.loaders";
export { PlanView } from "./plans.types";
export { publishPlan } from "./publish-plan";

export const PLAN_RESOLVERS = [
  PlansResolver,
  PlanVersionResolver,
  AllotmentResolver,
  PlanOverdraftResolver,
  AccountPacksResolver,
  QuotePacksResolver,
  InsufficientCreditsPacksResolver,
  SubscribingResolver,
  SubscriptionsResolver,
  AccountSubscriptionsResolver,
  AheadResolver,
  SubscriptionAllotmentResolver,
  SubscriptionEventResolver,
  PlanActResolver,
  PreviewResolver,
  PlanEffectResolver,
  PlanMigrationsResolver,
  MigrationPreviewResolver,
  MigrationsOfPlanResolver,
] as const;

/** What `node` fetches of this room. */
export const PLAN_NODES: NodeLoaders = {
  plan: planNode,
  planVersion: planVersionNode,
  planMigration: migrationNode,
  planSubscription: subscriptionNode,
  subscriptionCommand: eventNode,
};
