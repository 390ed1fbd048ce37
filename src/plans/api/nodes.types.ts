import { fits } from "../../core/ids";
import type { NodeLoader } from "../../platform/graphql/node";
import { maySee } from "../../platform/graphql/request";
import { versionById } from "../catalogue";
import { findEvent } from "../list-subscriptions";
import { subscriptionNamed } from "../plan";
import { findMigration } from "../preview-migration";
import { visiblePlanById } from "./plan-access";
import { PlanMigrationView } from "./plan-migrations.types";
import { PlanVersionView, PlanView } from "./plans.types";
import { showSubscription } from "./show-subscription.types";
import { SubscriptionEventView } from "./subscriptions.types";

/** What of this room can be fetched by its id alone. */

export const planNode: NodeLoader = async (context, { numbers: [id = 0] }) => {
  const plan = fits(id) ? await visiblePlanById(context, id) : null;
  return plan && new PlanView(plan);
};

/** For whoever sees the plan. */
export const planVersionNode: NodeLoader = async (context, { numbers: [id = 0] }) => {
  const version = fits(id) ? await versionById(context.core, id) : null;
  return version && (await visiblePlanById(context, version.planId)) ? new PlanVersionView(version) : null;
};

export const subscriptionNode: NodeLoader = async (context, id) => {
  const key = subscriptionNamed(id);
  return key && maySee(context, key.accountId) ? showSubscription(context, key) : null;
};

export const eventNode: NodeLoader = async (context, id) => {
  const key = subscriptionNamed(id);
  const [, number = 0] = id.numbers;
  if (!key || !fits(number) || !maySee(context, key.accountId)) return null;
  const event = await findEvent(context.core, { key, number });
  return event && new SubscriptionEventView(event);
};

export const migrationNode: NodeLoader = async ({ core, identity }, { numbers: [id = 0] }) => {
  const migration = identity.role === "ADMIN" && fits(id) ? await findMigration(core, id) : null;
  return migration && new PlanMigrationView(migration);
};
