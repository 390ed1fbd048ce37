import type { NodeLoader } from "../platform/graphql/node";
import { versionById } from "./catalogue";
import { fits } from "./plan";
import { planLoadersOf } from "./plans.loaders";
import { PlanVersionView, PlanView } from "./plans.types";

/** What of this room can be fetched by its id alone. */

export const planNode: NodeLoader = async (context, { numbers: [id = 0] }) => {
  const plan = fits(id) ? await planLoadersOf(context).plans.load(id) : null;
  return plan && new PlanView(plan);
};

export const planVersionNode: NodeLoader = async ({ core }, { numbers: [id = 0] }) => {
  const version = fits(id) ? await versionById(core, id) : null;
  return version && new PlanVersionView(version);
};
