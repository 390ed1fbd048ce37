import type { RequestContext } from "../../platform/graphql/request";
import type { Plan } from "../plan";
import { hasSubscribed } from "../store/subscriptions.reads";
import { planLoadersOf } from "./plans.loaders";

/** What is off the market is not a customer's to see; but for what its own subscriptions are on, or were. */
async function seesPlan({ core, identity }: RequestContext, { id, retired }: Plan): Promise<boolean> {
  if (retired === null || identity.role !== "CUSTOMER") return true;
  return identity.accountId !== null && hasSubscribed(core.pool, identity.accountId, id);
}

/** The plan by its number in the catalogue, if the caller may see it; null otherwise. */
export async function visiblePlanById(context: RequestContext, id: number): Promise<Plan | null> {
  const plan = await planLoadersOf(context).plans.load(id);
  return plan && (await seesPlan(context, plan)) ? plan : null;
}
