import type { Json } from "../core/json";
import { formatInstant, type Instant } from "../core/time";
import { type Factor, formatFactor } from "../core/unit";
import { type Operator, recordAct } from "../platform/act";
import type { Core } from "../platform/context";
import { inTransaction } from "../platform/transaction";
import { creditTypeIdOf } from "./ids";
import { productWith, type Redenomination } from "./model/redenomination";
import { insertRedenomination, lockRedenominations, markWithdrawn } from "./store/redenominations.store";
import { forgetUnits } from "./units";

type Place = Pick<Core, "pool" | "clock">;

export interface NewRedenomination {
  readonly creditTypeId: number;
  /** How many new credits one of before is. */
  readonly factor: Factor;
  /** The number of the last one that its author knew; null: none. */
  readonly basedOn: number | null;
  /** Null: now. */
  readonly effectiveFrom: Instant | null;
}

export type RedenominateAnswer =
  | { readonly status: "done"; readonly redenomination: Redenomination }
  /** Somebody else did since: this is the latest; null: there is none, though one was named. */
  | { readonly status: "changed"; readonly latest: Redenomination | null }
  /** It was to begin in the past. */
  | { readonly status: "past"; readonly now: Instant }
  /** It was to begin before one that is planned, which must be withdrawn first. */
  | { readonly status: "planned"; readonly planned: Redenomination }
  /** It would lead too far from the first unit. */
  | { readonly status: "outOfRange" }
  /** There is no such credit type. */
  | { readonly status: "absent" };

/**
 * Has a credit type told and given in another unit from an instant on. Nothing that is stored changes. It says which one its author knew
 * last, so that of two at once the second is told what the first did, and nothing is redenominated twice by mistake. `by`: who does it, and why.
 */
export async function redenominate(core: Place, input: NewRedenomination, by: Operator): Promise<RedenominateAnswer> {
  const { creditTypeId, factor, basedOn } = input;
  const answer = await inTransaction(core.pool, "write", async (database): Promise<RedenominateAnswer> => {
    const acts = await lockRedenominations(database, creditTypeId);
    if (acts === null) return { status: "absent" };
    const latest = acts.at(-1) ?? null;
    if ((latest?.number ?? null) !== basedOn) return { status: "changed", latest };
    const at = core.clock.now();
    const effectiveFrom = input.effectiveFrom ?? at;
    if (effectiveFrom < at) return { status: "past", now: at };
    const planned = acts.find((act) => act.withdrawn === null && act.effectiveFrom > effectiveFrom);
    if (planned) return { status: "planned", planned };
    if (productWith(acts, factor) === null) return { status: "outOfRange" };
    const redenomination: Redenomination = {
      creditTypeId,
      number: (latest?.number ?? 0) + 1,
      factor: formatFactor(factor),
      effectiveFrom,
      reason: by.reason,
      publishedAt: at,
      publishedBy: by.actor,
      withdrawn: null,
    };
    insertRedenomination(database, redenomination);
    const states = { before: jsonOf(latest), after: jsonOf(redenomination) };
    recordAct(database, { action: "redenominate", at, ...by, ...subjectOf(creditTypeId), ...states });
    return { status: "done", redenomination };
  });
  forgetUnits(core);
  return answer;
}

export type WithdrawRedenominationAnswer =
  | { readonly status: "done"; readonly redenomination: Redenomination }
  /** It applies already: another can only lead back. */
  | { readonly status: "effective"; readonly redenomination: Redenomination }
  | { readonly status: "absent" };

/** Takes back one that has not begun. Once more answers the same. */
export async function withdrawRedenomination(
  core: Place,
  { creditTypeId, number }: Pick<Redenomination, "creditTypeId" | "number">,
  by: Operator,
): Promise<WithdrawRedenominationAnswer> {
  const answer = await inTransaction(core.pool, "write", async (database): Promise<WithdrawRedenominationAnswer> => {
    const acts = await lockRedenominations(database, creditTypeId);
    const found = acts?.find((act) => act.number === number);
    if (!found) return { status: "absent" };
    if (found.withdrawn) return { status: "done", redenomination: found };
    const at = core.clock.now();
    if (found.effectiveFrom <= at) return { status: "effective", redenomination: found };
    const redenomination = { ...found, withdrawn: { at, by: by.actor } };
    markWithdrawn(database, found, redenomination.withdrawn);
    const states = { before: jsonOf(found), after: jsonOf(redenomination) };
    recordAct(database, { action: "withdrawRedenomination", at, ...by, ...subjectOf(creditTypeId), ...states });
    return { status: "done", redenomination };
  });
  forgetUnits(core);
  return answer;
}

function subjectOf(creditTypeId: number) {
  return { subject: creditTypeIdOf(creditTypeId), accountId: null };
}

function jsonOf(redenomination: Redenomination | null): Json {
  if (redenomination === null) return null;
  const { number, factor, effectiveFrom, withdrawn } = redenomination;
  return {
    number,
    factor,
    effectiveFrom: formatInstant(effectiveFrom),
    withdrawnAt: withdrawn && formatInstant(withdrawn.at),
  };
}
