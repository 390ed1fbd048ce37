import type { Problem } from "../core/problem";
import { problemsOfPacks } from "../packs";
import { recordAct } from "../platform/act";
import type { Core } from "../platform/context";
import { type Transaction as Database, inTransaction } from "../platform/transaction";
import { assertUnit, unitsNow } from "../wallet";
import { problemsOf } from "./model/problems";
import type { NewPlanVersion, Plan, PublishedVersion } from "./plan";
import { planId, versionJson } from "./plan-acts";
import { insertVersion, lockPlan, makePlan, readLatestIn } from "./store/plans.store";

export type PublishPlanAnswer =
  | { readonly status: "done"; readonly plan: Plan; readonly version: PublishedVersion }
  /** Somebody else has published since: this is the latest; null: there is none, though one was named. */
  | { readonly status: "changed"; readonly latest: PublishedVersion | null }
  | { readonly status: "invalid"; readonly problems: readonly Problem[] }
  /** It is off the market. */
  | { readonly status: "retired"; readonly plan: Plan };

/**
 * Adds a version to a plan, which is made if there is none by its name. It counts for new subscriptions at once, and for those that there
 * are only when they are migrated. It says which version its author knew, so that of two who publish at once the second is told what the
 * first did. Throws Unavailable when its amounts were read by a unit that is not their credit type's any more.
 */
export async function publishPlan(
  core: Pick<Core, "pool" | "clock">,
  input: NewPlanVersion,
  by: string,
): Promise<PublishPlanAnswer> {
  const { name, basedOn, reason } = input;
  const problems = problemsOf({ ...input.terms, plan: name });
  if (problems.length > 0) return { status: "invalid", problems };
  const units = await unitsNow(core);
  return inTransaction(core.pool, "write", async (database): Promise<PublishPlanAnswer> => {
    for (const [creditTypeId, unit] of input.units ?? []) await assertUnit(database, core, creditTypeId, unit);
    const at = core.clock.now();
    const wrong = await wrongPacks(database, input.terms.packs);
    if (wrong.length > 0) return { status: "invalid", problems: wrong };
    if (basedOn === null) makePlan(database, name, at);
    const plan = await lockPlan(database, name);
    if (!plan) return { status: "changed", latest: null };
    if (plan.retired) return { status: "retired", plan };
    const latest = await readLatestIn(database, plan.id);
    if ((latest?.terms.version ?? null) !== basedOn) return { status: "changed", latest };
    const number = (basedOn ?? 0) + 1;
    const version = await insertVersion(database, input, { planId: plan.id, number, at, by });
    const states = { before: versionJson(latest, units), after: versionJson(version, units) };
    const subject = planId(plan.id);
    recordAct(database, { at, actor: by, reason, action: "publishPlan", subject, accountId: null, ...states });
    return { status: "done", plan, version };
  });
}

/** The packs that those on the plan may buy: each must be for sale. */
async function wrongPacks(database: Database, packs: readonly string[]): Promise<readonly Problem[]> {
  return (await problemsOfPacks(database, packs)).map(({ path, message }) => ({ path: ["packs", ...path], message }));
}
