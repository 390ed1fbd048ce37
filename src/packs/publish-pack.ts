import { formatId } from "../core/ids";
import type { Problem } from "../core/problem";
import { FIRST_UNIT } from "../core/unit";
import { recordAct } from "../platform/act";
import type { Core } from "../platform/context";
import { type Transaction as Database, inTransaction } from "../platform/transaction";
import { assertUnit } from "../wallet";
import { type NewPackVersion, type Pack, problemsOf } from "./pack";
import { packJson } from "./pack-acts";
import { countForSale, insertVersion, lockPack, makePack } from "./packs.store";

type Place = Pick<Core, "pool" | "clock">;

export type PublishPackAnswer =
  | { readonly status: "done"; readonly pack: Pack }
  /** Somebody else has published since: this is the pack now; null: there is none, though a version was named. */
  | { readonly status: "changed"; readonly pack: Pack | null }
  | { readonly status: "retired"; readonly pack: Pack }
  | { readonly status: "misfit"; readonly problems: readonly Problem[] };

/** All of a credit type that are for sale are looked through for every offer. */
export const MOST_FOR_SALE = 100;

/**
 * Adds a version to a pack, which is made with its first. It says which version its author knew, so that of two who publish at once the
 * second is told what the first did. Throws Unavailable when its amount was read by a unit that is not its credit type's any more.
 */
export async function publishPack(core: Place, input: NewPackVersion, by: string): Promise<PublishPackAnswer> {
  const problems = problemsOf(input);
  if (problems.length > 0) return { status: "misfit", problems };
  return inTransaction(core.pool, "write", async (database): Promise<PublishPackAnswer> => {
    const answer = await publishIn(database, core, input, by);
    // A pack that was made for a version that is refused.
    if (answer.status !== "done") database.forgo();
    return answer;
  });
}

async function publishIn(database: Database, core: Place, input: NewPackVersion, by: string): Promise<PublishPackAnswer> {
  const { name, creditTypeId, basedOn, reason, unit = FIRST_UNIT } = input;
  await assertUnit(database, core, creditTypeId, unit);
  const pack = (await lockPack(database, name)) ?? (await makePack(database, input));
  if (pack?.retired) return { status: "retired", pack };
  if ((pack?.latest.number ?? null) !== basedOn) return { status: "changed", pack };
  const problems = pack ? otherType(pack, input) : await tooMany(database, input);
  if (problems.length > 0) return { status: "misfit", problems };
  const at = core.clock.now();
  const made = await insertVersion(database, input, { number: (basedOn ?? 0) + 1, at, by });
  const states = { before: pack && packJson(pack, unit), after: packJson(made, unit) };
  const subject = formatId("pack", null, made.id);
  recordAct(database, { at, actor: by, reason, action: "publishPack", subject, accountId: null, ...states });
  return { status: "done", pack: made };
}

function otherType(pack: Pack, { name, creditTypeId }: NewPackVersion): readonly Problem[] {
  if (pack.creditTypeId === creditTypeId) return [];
  return [
    { path: ["creditType"], message: `${name} is a pack of other credits: a pack keeps its credit type. Choose another name.` },
  ];
}

/** Judged without a lock: two at once may come to one more, which does no harm. */
async function tooMany(database: Database, { creditTypeId }: NewPackVersion): Promise<readonly Problem[]> {
  // Its own is among them already.
  if ((await countForSale(database, creditTypeId)) <= MOST_FOR_SALE) return [];
  return [{ path: ["creditType"], message: `There are ${MOST_FOR_SALE} packs of these credits for sale: retire one first.` }];
}
