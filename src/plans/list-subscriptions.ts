import type { Core } from "../platform/context";
import type { Page, Window } from "../platform/window";
import { findPlan } from "./catalogue";
import type { SubscriptionStatus } from "./model/types";
import type { SubscriptionKey } from "./plan";
import { standingsOf } from "./standing";
import { readVersionsOf } from "./store/plans.store";
import {
  type EventKey,
  type KeyWindow,
  pageAbout,
  pageEvents,
  pageSubscriptions,
  pageSubscriptionsOf,
} from "./store/subscriptions.reads";
import type { SubscriptionRecord } from "./store/subscriptions.store";
import type { Standing, SubscriptionEvent } from "./subscription";

type Place = Pick<Core, "pool">;

/** A part of an account's subscriptions. Positions are their numbers. */
export async function listSubscriptionsOf({ pool }: Place, accountId: string, window: Window): Promise<Page<Standing>> {
  return restored({ pool }, await pageSubscriptionsOf(pool, accountId, window));
}

/** Which subscriptions; null: whichever. */
export interface WhichSubscriptions {
  readonly plan: string | null;
  readonly version: number | null;
  readonly status: SubscriptionStatus | null;
}

/** A part of all subscriptions, by account. */
export async function listSubscriptions(
  core: Place,
  { plan, version, status }: WhichSubscriptions,
  request: KeyWindow,
): Promise<Page<Standing>> {
  const planVersionIds = await versionIdsOf(core, plan, version);
  return restored(core, await pageSubscriptions(core.pool, { planVersionIds, status }, request));
}

/** A part of those whom a migration from these versions is about, by account. */
export async function listAffected(core: Place, planVersionIds: readonly number[], request: KeyWindow): Promise<Page<Standing>> {
  return restored(core, await pageAbout(core.pool, planVersionIds, request));
}

/** Versions are numbered within their plan: without one, a number names none. */
async function versionIdsOf(core: Place, name: string | null, number: number | null): Promise<readonly number[] | null> {
  if (name === null) return null;
  const plan = await findPlan(core, name);
  if (!plan) return [];
  return (await readVersionsOf(core.pool, plan.id, number === null ? null : [number])).map(({ id }) => id);
}

/** A part of what was done about a subscription. Positions are its numbers. */
export function listEvents({ pool }: Place, key: SubscriptionKey, window: Window): Promise<Page<SubscriptionEvent>> {
  return pageEvents(pool, key, window);
}

/** Null: there is no such event. */
export async function findEvent(core: Place, { key, number }: EventKey): Promise<SubscriptionEvent | null> {
  const window = { newestFirst: false, after: number - 1, before: number + 1, limit: 1, fromEnd: false };
  return (await listEvents(core, key, window)).rows[0] ?? null;
}

async function restored(core: Place, { rows, hasMore }: Page<SubscriptionRecord>): Promise<Page<Standing>> {
  return { rows: await standingsOf(core, rows), hasMore };
}
