import type { NodeLoaders } from "../platform/graphql/node";
import { planNode, planVersionNode } from "./nodes.types";
import { AccountPacksResolver, InsufficientCreditsPacksResolver, QuotePacksResolver } from "./offers.resolver";
import { AllotmentResolver, PlanOverdraftResolver, PlansResolver, PlanVersionResolver } from "./plans.resolver";

/** The door of the plans room: what accounts get for each period, and who is on what. What things are stands in README.md. */

export { findPlan } from "./catalogue";
export type { Plan } from "./plan";
export { publishPlan } from "./publish-plan";

export const PLAN_RESOLVERS = [
  PlansResolver,
  PlanVersionResolver,
  AllotmentResolver,
  PlanOverdraftResolver,
  AccountPacksResolver,
  QuotePacksResolver,
  InsufficientCreditsPacksResolver,
] as const;

/** What `node` fetches of this room. */
export const PLAN_NODES: NodeLoaders = { plan: planNode, planVersion: planVersionNode };
