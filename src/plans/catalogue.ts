import { assert } from "../core/assert";
import type { Core } from "../platform/context";
import type { Transaction as Database } from "../platform/transaction";
import type { Page, Window } from "../platform/window";
import type { Plan, PublishedVersion } from "./plan";
import { pagePlans, pageVersions, readPlanByName, readPlans, readVersions, readVersionsIn } from "./store/plans.store";

type Place = Pick<Core, "pool">;

/** The plan by this name, retired or not; null when there is none. */
export function findPlan({ pool }: Place, name: string): Promise<Plan | null> {
  return readPlanByName(pool, name);
}

/** A part of the plans, the oldest first. Positions are their ids. */
export function listPlans({ pool }: Place, withRetired: boolean, window: Window): Promise<Page<Plan>> {
  return pagePlans(pool, withRetired, window);
}

/** A part of a plan's versions. Positions are their numbers. */
export function listVersions({ pool }: Place, planId: number, window: Window): Promise<Page<PublishedVersion>> {
  return pageVersions(pool, planId, window);
}

/** Plans by their ids, in the order asked; null where there is none. */
export function plansById({ pool }: Place, ids: readonly number[]): Promise<readonly (Plan | null)[]> {
  return readPlans(pool, ids);
}

/** Versions never change, so what was read once is right for ever. There are as many as operators have published. */
const MEMORIES = new WeakMap<Core["pool"], Map<number, PublishedVersion>>();

/**
 * The versions by their ids, those that there are. `database`: the transaction that asks, if one does: it has a connection, and must not
 * wait for another, which as many others as there are connections may do at once.
 */
export async function versionsById(
  { pool }: Place,
  ids: readonly number[],
  database: Database | null = null,
): Promise<ReadonlyMap<number, PublishedVersion>> {
  const memory = MEMORIES.get(pool) ?? new Map<number, PublishedVersion>();
  MEMORIES.set(pool, memory);
  const missing = [...new Set(ids)].filter((id) => !memory.has(id));
  if (missing.length === 0) return memory;
  const read = database ? readVersionsIn(database, missing) : readVersions(pool, missing);
  for (const version of await read) memory.set(version.id, version);
  return memory;
}

/** The version by its id; null when there is none. */
export async function versionById(core: Place, id: number): Promise<PublishedVersion | null> {
  return (await versionsById(core, [id])).get(id) ?? null;
}

/** A version that something refers to. */
export async function versionOf(core: Place, id: number): Promise<PublishedVersion> {
  const version = await versionById(core, id);
  assert(version, `plan version ${id} is referred to, and there for ever`);
  return version;
}
