import { fits, parseId } from "../core/ids";
import { visiblePlanById } from "../plans";
import { maySee, type RequestContext } from "../platform/graphql/request";
import type { PriceVersion } from "./model/price-list";

/** Who may see which prices, and how their versions are named. */

/** The number in the catalogue that an id names; null for any other text. */
export function parsePriceVersionId(id: string): number | null {
  const number = parseId(id, "priceVersion")?.numbers[0];
  return number !== undefined && fits(number) ? number : null;
}

/**
 * Whether a version is told to whoever only has its id, which can be guessed: what the queries tell of. Versions that were withdrawn have
 * never applied; an app's prices are told to customers who name the app, and a plan's to those who may see the plan.
 */
export async function findsVersion(context: RequestContext, version: PriceVersion): Promise<boolean> {
  const { role } = context.identity;
  if (role === "ADMIN") return true;
  if (version.withdrawn !== null || !seesVersion(context, version)) return false;
  const { owner } = version;
  if (owner.kind === "plan") return (await visiblePlanById(context, owner.planId)) !== null;
  return owner.kind !== "app" || role === "SERVICE";
}

/** An account's own prices are for whoever may see the account, an app's own not for another app's key; a plan's are for all to read. */
export function seesVersion(context: RequestContext, { owner }: PriceVersion): boolean {
  if (owner.kind === "account") return maySee(context, owner.accountId);
  if (owner.kind !== "app") return true;
  const { app: boundTo } = context.identity;
  return boundTo === null || boundTo === owner.app;
}
