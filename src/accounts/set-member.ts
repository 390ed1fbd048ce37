import { formatId } from "../core/ids";
import type { Json } from "../core/json";
import type { Instant } from "../core/time";
import { type Operator, recordAct } from "../platform/act";
import type { Core } from "../platform/context";
import { inTransaction, type Transaction } from "../platform/transaction";
import { type LimitTerms, type PlacedLimit, setLimits, type Units } from "../wallet";
import { type Member, memberId } from "./member";
import { insertMember, lockMembers, readMember, updateMember } from "./members.store";

type Place = Pick<Core, "pool" | "clock">;

/** A member as it is to be, with all its limits. */
export interface NewMember extends Pick<Member, "accountId" | "externalId" | "name"> {
  readonly limits: readonly LimitTerms[];
}

/** `absent`: no such account. `unknown`: it never had such a member. `unopened`: the account has no wallet that a limit is of. */
export type MemberAnswer =
  | { readonly status: "done"; readonly member: Member }
  | { readonly status: "absent" }
  | { readonly status: "unknown" }
  | { readonly status: "unopened" };

/**
 * Makes somebody a member of a team, or changes the name and the limits of one: afterwards they are what the input says, and nothing
 * else. The same again changes nothing. Who was removed comes back under the same number, and with what was used. `by`: who does it.
 * `units`: that the audit log tells amounts in.
 */
export function setMember(core: Place, { limits, ...input }: NewMember, by: Operator, units: Units): Promise<MemberAnswer> {
  const now = core.clock.now();
  return inTransaction(core.pool, "write", async (database): Promise<MemberAnswer> => {
    if (!(await lockMembers(database, input.accountId))) return { status: "absent" };
    const before = await readMember(database, input.accountId, input.externalId);
    const standing = before ?? (await insertMember(database, input, now));
    const member = { ...standing, name: input.name, removedAt: null };
    if (standing.name !== member.name || standing.removedAt !== null) updateMember(database, member);
    return change(database, core, { before, member, limits }, { action: "setMember", at: now, by, units });
  });
}

/** Removes a member from a team, with all limits: nothing is taken for the person any more. What is held for it ends as holds do. */
export function removeMember(
  core: Place,
  { accountId, externalId }: Pick<Member, "accountId" | "externalId">,
  by: Operator,
  units: Units,
): Promise<MemberAnswer> {
  const now = core.clock.now();
  return inTransaction(core.pool, "write", async (database): Promise<MemberAnswer> => {
    if (!(await lockMembers(database, accountId))) return { status: "absent" };
    const before = await readMember(database, accountId, externalId);
    if (before === null) return { status: "unknown" };
    if (before.removedAt !== null) return { status: "done", member: before };
    const member = { ...before, removedAt: now };
    updateMember(database, member);
    return change(database, core, { before, member, limits: [] }, { action: "removeMember", at: now, by, units });
  });
}

interface Doing {
  readonly action: string;
  readonly at: Instant;
  readonly by: Operator;
  readonly units: Units;
}

interface Change {
  readonly before: Member | null;
  readonly member: Member;
  readonly limits: readonly LimitTerms[];
}

/** Sets the limits, and writes the act if anything has changed. */
async function change(
  database: Transaction,
  core: Place,
  { before, member, limits: wanted }: Change,
  { action, at, by, units }: Doing,
): Promise<MemberAnswer> {
  const limits = await setLimits(database, core, member, wanted);
  if (limits.status === "absent") {
    database.forgo();
    return { status: "unopened" };
  }
  const [was, is] = [before && termsOf(before, limits.before, units), termsOf(member, limits.after, units)];
  const act = { at, action, ...by, subject: memberId(member), accountId: member.accountId, before: was, after: is };
  if (JSON.stringify(was) !== JSON.stringify(is)) recordAct(database, act);
  return { status: "done", member };
}

/** Who is no member any more is told as nothing. */
function termsOf({ externalId, name, removedAt }: Member, limits: readonly PlacedLimit[], units: Units): Json {
  return removedAt === null ? { externalId, name, limits: limits.map((limit) => limitJson(limit, units)) } : null;
}

function limitJson({ key: { creditTypeId }, limit: { operations, amount, interval } }: PlacedLimit, units: Units): Json {
  const unit = units.of(creditTypeId);
  const said = { operations: [...operations], amount: unit.format(amount), interval };
  return { creditType: formatId("creditType", null, creditTypeId), ...said, ...(unit.number > 0 ? { unit: unit.number } : {}) };
}
