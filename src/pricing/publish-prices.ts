import type { Problem } from "../core/problem";
import type { Instant } from "../core/time";
import { FIRST_UNIT } from "../core/unit";
import { recordAct } from "../platform/act";
import type { Core } from "../platform/context";
import { type Transaction as Database, inTransaction } from "../platform/transaction";
import { assertUnit } from "../wallet";
import { misfits } from "./model/misfits";
import { EVERYBODY, type NewPriceVersion, type PriceVersion } from "./model/price-list";
import type { PriceBook } from "./model/types";
import { actOn, versionJson } from "./price-acts";
import { insertVersion, lockPrices, readLatest, readLeaning, readPricesIn, readStanding } from "./prices.store";

type Place = Pick<Core, "pool" | "clock">;

export type PublishAnswer =
  | { readonly status: "done"; readonly version: PriceVersion }
  /** Somebody else has published since: this is the latest; null: there is none, though one was named. */
  | { readonly status: "changed"; readonly latest: PriceVersion | null }
  /** It was to begin in the past. */
  | { readonly status: "past"; readonly now: Instant }
  /** It was to begin before a version that is planned, which must be withdrawn first. */
  | { readonly status: "planned"; readonly planned: PriceVersion }
  | { readonly status: "misfit"; readonly problems: readonly Problem[] }
  /** There is no such credit type. */
  | { readonly status: "absent" };

/**
 * Adds a version to a price list. It says which version its author knew, so that of two who publish at once the second is told what the
 * first did. A price that was told before holds for nobody any more: every use is priced anew. Throws Unavailable when the prices were read
 * by a unit that is not the credit type's any more.
 */
export function publishPrices(core: Place, input: NewPriceVersion, by: string): Promise<PublishAnswer> {
  const { creditTypeId, owner, basedOn, unit = FIRST_UNIT } = input;
  return inTransaction(core.pool, "write", async (database): Promise<PublishAnswer> => {
    const revision = await lockPrices(database, creditTypeId);
    if (revision === null) return { status: "absent" };
    await assertUnit(database, core, creditTypeId, unit);
    const latest = await readLatest(database, creditTypeId, owner);
    if ((latest?.number ?? null) !== basedOn) return { status: "changed", latest };
    const at = core.clock.now();
    const effectiveFrom = input.effectiveFrom ?? at;
    if (effectiveFrom < at) return { status: "past", now: at };
    const standing = await readStanding(database, creditTypeId, owner, null);
    if (standing && standing.effectiveFrom > effectiveFrom) return { status: "planned", planned: standing };
    const problems = [
      ...misfits(input.prices, await beneath(database, input, effectiveFrom)),
      ...(await leftAlone(database, input)),
    ];
    if (problems.length > 0) return { status: "misfit", problems };
    const how = { number: (latest?.number ?? 0) + 1, revision: revision + 1, effectiveFrom, at, by };
    const version = await insertVersion(database, input, how);
    const replaced = standing ? (await readPricesIn(database, standing.id)).values() : [];
    const states = { before: versionJson(standing, unit, replaced), after: versionJson(version, unit, input.prices) };
    recordAct(database, { ...actOn(version, at, { actor: by, reason: input.reason }), action: "publishPrices", ...states });
    return { status: "done", version };
  });
}

/** What other lists rely on in everybody's: it cannot be taken away from under them. */
async function leftAlone(database: Database, { creditTypeId, owner, prices }: NewPriceVersion): Promise<readonly Problem[]> {
  if (owner.kind !== "everybody") return [];
  const leaning = await readLeaning(
    database,
    creditTypeId,
    prices.map(({ operation }) => operation),
  );
  return leaning.map(({ owner: whose, operation }) => ({
    path: [],
    message: `${operation} is a surcharge in the prices of ${whose}: keep its price, or take it out there first.`,
  }));
}

/** What everybody pays then, for a list that has only what differs from it. */
async function beneath(database: Database, { creditTypeId, owner }: NewPriceVersion, at: Instant): Promise<PriceBook> {
  if (owner.kind === "everybody") return { lists: [] };
  const applying = await readStanding(database, creditTypeId, EVERYBODY, at);
  return { lists: applying ? [{ version: applying.id, prices: await readPricesIn(database, applying.id) }] : [] };
}
