import type { NodeLoaders } from "../platform/graphql/node";
import { eventNode, migrationNode, planNode, planVersionNode, subscriptionNode } from "./api/nodes.types";
import { AccountPacksResolver, InsufficientCreditsPacksResolver, QuotePacksResolver } from "./api/offers.resolver";
import { MigrationPreviewResolver, MigrationsOfPlanResolver, PlanMigrationsResolver } from "./api/plan-migrations.resolver";
import { AllotmentResolver, PlanOverdraftResolver, PlansResolver, PlanVersionResolver } from "./api/plans.resolver";
import { PlanEffectResolver, PreviewResolver } from "./api/preview.resolver";
import { SubscribingResolver } from "./api/subscribing.resolver";
import {
  AccountSubscriptionsResolver,
  AheadResolver,
  PlanActResolver,
  SubscriptionAllotmentResolver,
  SubscriptionEventResolver,
  SubscriptionsResolver,
} from "./api/subscriptions.resolver";

/** The door of the plans room: what accounts get for each period, and who is on what. What things are stands in README.md. */

export { visiblePlanById } from "./api/plan-access";
export { planLoadersOf } from "./api/plans.loaders";
export { PlanView } from "./api/plans.types";
export { bringPlansUpTo } from "./bring-up-to";
export { findPlan } from "./catalogue";
export type { Plan } from "./plan";
export { PlanSweeper } from "./plan-sweeper";
export { publishPlan } from "./publish-plan";
export { readAheadOf as plansAheadIn } from "./store/subscriptions.store";

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
