import type { Instant } from "../core/time";
import { type Operator, recordAct } from "../platform/act";
import type { Core } from "../platform/context";
import { inTransaction } from "../platform/transaction";
import { unitsNow } from "../wallet";
import type { PriceVersion } from "./model/price-list";
import { actOn, versionJson } from "./price-acts";
import { lockPrices, markWithdrawn, readVersion, readVersionIn } from "./prices.store";

type Place = Pick<Core, "pool" | "clock">;

export type WithdrawAnswer =
  | { readonly status: "done"; readonly version: PriceVersion }
  /** It applies already, or has applied: another version can only take its place. */
  | { readonly status: "effective"; readonly version: PriceVersion; readonly now: Instant }
  | { readonly status: "absent" };

/** Takes back a version that has not begun. Once more answers the same. */
export async function withdrawPrices(core: Place, id: number, by: Operator): Promise<WithdrawAnswer> {
  const found = await readVersion(core.pool, id);
  if (!found) return { status: "absent" };
  const unit = (await unitsNow(core)).of(found.creditTypeId);
  return inTransaction(core.pool, "write", async (database): Promise<WithdrawAnswer> => {
    const revision = await lockPrices(database, found.creditTypeId);
    const version = await readVersionIn(database, id);
    if (!version || revision === null) return { status: "absent" };
    if (version.withdrawn) return { status: "done", version };
    const now = core.clock.now();
    if (version.effectiveFrom <= now) return { status: "effective", version, now };
    const withdrawn = await markWithdrawn(database, version, { at: now, by: by.actor, revision: revision + 1 });
    const states = { before: versionJson(version, unit), after: versionJson(withdrawn, unit) };
    recordAct(database, { ...actOn(withdrawn, now, by), action: "withdrawPrices", ...states });
    return { status: "done", version: withdrawn };
  });
}
