import type { Amount } from "../core/amount";
import type { Problem } from "../core/problem";
import type { Core } from "../platform/context";
import type { Transaction as Database } from "../platform/transaction";
import type { Page, Window } from "../platform/window";
import type { Pack, PackVersion } from "./pack";
import { pagePacks, pageVersions, readForSale, readNames, readPackByName, readVersion } from "./packs.store";

type Place = Pick<Core, "pool">;

/** A pack by its name; null: there is none. */
export function findPack({ pool }: Place, name: string): Promise<Pack | null> {
  return readPackByName(pool, name);
}

/** A version by its number in the catalogue; null: there is none. */
export function packVersion({ pool }: Place, id: number): Promise<PackVersion | null> {
  return readVersion(pool, id);
}

/** A part of all packs, the oldest first. `creditTypeId` null: of any; `retired`: those that are retired, too. */
export function listPacks(
  { pool }: Place,
  which: { readonly creditTypeId: number | null; readonly retired: boolean },
  window: Window,
): Promise<Page<Pack>> {
  return pagePacks(pool, which, window);
}

/** A part of a pack's versions, the newest first. */
export function listPackVersions({ pool }: Place, packId: number, window: Window): Promise<Page<PackVersion>> {
  return pageVersions(pool, packId, window);
}

/** What is for sale of each of these credit types, currency by currency, the cheapest first. */
export async function packsForSale({ pool }: Place, creditTypeIds: readonly number[]): Promise<readonly (readonly Pack[])[]> {
  const found = new Map<number, Pack[]>(creditTypeIds.map((id) => [id, []]));
  for (const pack of await readForSale(pool, creditTypeIds)) found.get(pack.creditTypeId)?.push(pack);
  return creditTypeIds.map((id) => found.get(id) ?? []);
}

/** Whether an account may buy a pack whose plan names these: what is for everyone, and what its plan names. */
export function mayBuy({ name, latest, retired }: Pack, namedByPlan: readonly string[]): boolean {
  return retired === null && (latest.forEveryone || namedByPlan.includes(name));
}

/** Whether a pack makes up for credits that are missing. When none are, none does. */
export function covers({ latest }: Pack, shortfall: Amount): boolean {
  return shortfall > 0n && latest.amount >= shortfall;
}

/** What is wrong with packs that a plan is to name: those that there are not, and those that are not for sale any more. Paths: the position. */
export async function problemsOfPacks(database: Database, names: readonly string[]): Promise<readonly Problem[]> {
  if (names.length === 0) return [];
  const known = await readNames(database, names);
  return names.flatMap((name, index) => {
    const pack = known.get(name);
    if (!pack) return [{ path: [index], message: `There is no pack ${name}: publish it first, or leave it out.` }];
    return pack.retired ? [{ path: [index], message: `The pack ${name} is retired: leave it out, or name another.` }] : [];
  });
}
