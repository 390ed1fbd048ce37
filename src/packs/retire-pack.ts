import { formatId } from "../core/ids";
import { type Operator, recordAct } from "../platform/act";
import type { Core } from "../platform/context";
import { inTransaction } from "../platform/transaction";
import { unitsNow } from "../wallet";
import type { Pack } from "./pack";
import { packJson } from "./pack-acts";
import { lockPack, markRetired } from "./packs.store";

type Place = Pick<Core, "pool" | "clock">;

/** Takes a pack off the shelves, for good; once more answers the same. Null: there is none by that name. */
export async function retirePack(core: Place, name: string, by: Operator): Promise<Pack | null> {
  const units = await unitsNow(core);
  return inTransaction(core.pool, "write", async (database) => {
    const pack = await lockPack(database, name);
    if (!pack || pack.retired) return pack;
    const at = core.clock.now();
    const retired = { at, by: by.actor };
    markRetired(database, pack.id, retired);
    const after: Pack = { ...pack, retired };
    const unit = units.of(pack.creditTypeId);
    const states = { before: packJson(pack, unit), after: packJson(after, unit) };
    const subject = formatId("pack", null, pack.id);
    recordAct(database, { at, ...by, action: "retirePack", subject, accountId: null, ...states });
    return after;
  });
}
