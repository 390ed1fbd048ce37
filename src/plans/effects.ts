import { type Amount, minimum } from "../core/amount";
import { formatInstant, type Instant } from "../core/time";
import type { Unit } from "../core/unit";
import type { Act } from "./model/commands";
import type { OverdraftLimit } from "./model/types";
import { credits } from "./model/words";

/** What an act does to a wallet, in numbers: for people to see before it is done. */
export interface Effect {
  readonly creditTypeId: number;
  readonly what: Uppercase<Act["act"]>;
  /** Credits that are given or withdrawn; of an overdraft the limit. */
  readonly amount: Amount;
  /** Of what it is done to, before and after. */
  readonly before: Amount;
  readonly after: Amount;
  readonly effectiveAt: Instant | null;
  readonly expiresAt: Instant | null;
}

/** What is left of a grant, and when it is alive. */
export interface Left {
  readonly amount: Amount;
  readonly effectiveAt: Instant;
  readonly expiresAt: Instant | null;
}

/** `left`: of the grant that it is done to; null: it is done to none, or to one that is not there. `overdrafts`: as they are before. */
export function effectOf(act: Act, left: Left | null, overdrafts: readonly OverdraftLimit[]): Effect {
  const { creditTypeId } = act;
  if (act.act === "overdraft") {
    const before = overdrafts.find((one) => one.creditTypeId === creditTypeId)?.limit ?? 0n;
    const { limit } = act;
    return { creditTypeId, what: "OVERDRAFT", amount: limit, before, after: limit, effectiveAt: null, expiresAt: null };
  }
  if (act.act === "grant") {
    const { amount, effectiveAt, expiresAt } = act.terms;
    return { creditTypeId, what: "GRANT", amount, before: 0n, after: amount, effectiveAt, expiresAt };
  }
  const before = left?.amount ?? 0n;
  const amount = act.act === "void" ? before : minimum(act.withdraw, before);
  const alive = { effectiveAt: left?.effectiveAt ?? null, expiresAt: left?.expiresAt ?? null };
  return { creditTypeId, what: act.act === "void" ? "VOID" : "KEEP", amount, before, after: before - amount, ...alive };
}

/** "500 credits are given, for 2026-05-01T00:00:00.000Z until 2026-06-01T00:00:00.000Z". */
export function effectWords({ what, amount, before, after, effectiveAt, expiresAt }: Effect, unit: Unit): string {
  const of = credits(amount, unit);
  const are = verb(amount, unit);
  if (what === "OVERDRAFT")
    return amount === 0n
      ? "nothing may be overdrawn any more"
      : `up to ${of} may be overdrawn, instead of ${unit.format(before)}`;
  const span = effectiveAt === null ? "" : `, for ${formatInstant(effectiveAt)} until ${formatInstant(expiresAt ?? effectiveAt)}`;
  if (what === "GRANT") return `${of} ${are} given${span}`;
  return after === 0n
    ? `the ${of} that ${are} left ${are} withdrawn${span}`
    : `${of} ${are} withdrawn, ${unit.format(after)} ${verb(after, unit)} kept${span}`;
}

function verb(amount: Amount, unit: Unit): string {
  return unit.format(amount) === "1" ? "is" : "are";
}
