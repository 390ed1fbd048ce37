import { type Amount, minimum } from "../../core/amount";
import type { Instant } from "../../core/time";
import { GRANT_KINDS, type Grant, type GrantKind, type Policy, type Scope, type WaterfallKey } from "./types";

/** What credits are wanted for: decides which scopes admit it. */
export interface Use {
  readonly operation: string | null;
  readonly app: string | null;
  /** Scopes are passed over: for acts that are no operation (an adjustment, a transfer). */
  readonly anyScope?: boolean;
  /** false: OVERDRAFT grants are left alone (a transfer gives away no debt). */
  readonly overdraft?: boolean;
}

export interface Draw {
  readonly grant: Grant;
  readonly amount: Amount;
  /** The eligible grant that comes right after this one; null: there is none. */
  readonly before: number | null;
}

export interface Allocation {
  readonly draws: readonly Draw[];
  readonly shortfall: Amount;
}

export type Rejection = "VOIDED" | "NOT_YET_EFFECTIVE" | "EXPIRED" | "OUT_OF_SCOPE" | "EXHAUSTED";

const KIND_RANK = new Map<GrantKind, number>(GRANT_KINDS.map((kind, rank) => [kind, rank]));

/** True for `effectiveAt <= now < expiresAt`. */
export function isAlive(grant: Grant, now: Instant): boolean {
  return grant.effectiveAt <= now && (grant.expiresAt === null || now < grant.expiresAt);
}

/** Why a grant can pay nothing for this use now; null when it is eligible. The first reason that holds, from the most final on. */
export function rejectionOf(grant: Grant, now: Instant, use: Use): Rejection | null {
  if (grant.voidedAt !== null) return "VOIDED";
  if (now < grant.effectiveAt) return "NOT_YET_EFFECTIVE";
  if (!isAlive(grant, now)) return "EXPIRED";
  if (!admits(grant, use)) return "OUT_OF_SCOPE";
  return grant.pots.AVAILABLE > 0n ? null : "EXHAUSTED";
}

/**
 * The waterfall: which grants pay how much of `amount` for `use` at `now`, in the order of `policy`. Pure and total: the draws and
 * the shortfall add up to the amount; a grant pays only when every eligible grant before it is exhausted; neither the order of
 * `grants` nor an ineligible grant among them changes the result.
 */
export function allocate(grants: readonly Grant[], policy: Policy, now: Instant, use: Use, amount: Amount): Allocation {
  const eligible = grants.filter((grant) => rejectionOf(grant, now, use) === null);
  if (eligible.length > 1) eligible.sort(compareGrants(policy));
  const draws: Draw[] = [];
  let wanted = amount;
  for (let index = 0; index < eligible.length && wanted > 0n; index++) {
    const grant = eligible[index] as Grant;
    const paid = minimum(grant.pots.AVAILABLE, wanted);
    draws.push({ grant, amount: paid, before: eligible[index + 1]?.number ?? null });
    wanted -= paid;
  }
  return { draws, shortfall: wanted };
}

/** What the waterfall could give for this use now. */
export function spendable(grants: readonly Grant[], now: Instant, use: Use): Amount {
  let total = 0n;
  for (const grant of grants) if (rejectionOf(grant, now, use) === null) total += grant.pots.AVAILABLE;
  return total;
}

/** What there is, debt that could still be made apart, of which this use may have nothing: it is for other operations or apps. */
export function outOfScope(grants: readonly Grant[], now: Instant, use: Use): Amount {
  let total = 0n;
  for (const grant of grants)
    if (grant.kind !== "OVERDRAFT" && rejectionOf(grant, now, use) === "OUT_OF_SCOPE") total += grant.pots.AVAILABLE;
  return total;
}

/** The total order of a policy: OVERDRAFT last, then the policy's keys, then age. Negative: `a` pays first. */
export function compareGrants(policy: Policy): (a: Grant, b: Grant) => number {
  return (a, b) => {
    const overdraft = compareOverdraft(a, b);
    if (overdraft !== 0) return overdraft;
    for (const key of policy.keys) {
      const order = COMPARE[key](a, b);
      if (order !== 0) return order;
    }
    return compareAge(a, b);
  };
}

/** The key that puts `a` and `b` apart under a policy, beside the policy's own keys: "OVERDRAFT" and "CREATED". */
export function decidingKey(policy: Policy, a: Grant, b: Grant): WaterfallKey | "OVERDRAFT" | "CREATED" {
  if (compareOverdraft(a, b) !== 0) return "OVERDRAFT";
  return policy.keys.find((key) => COMPARE[key](a, b) !== 0) ?? "CREATED";
}

export const COMPARE: Record<WaterfallKey, (a: Grant, b: Grant) => number> = {
  PRIORITY: (a, b) => a.priority - b.priority,
  EXPIRY: (a, b) => compareExpiry(a.expiresAt, b.expiresAt),
  KIND: (a, b) => kindRank(a) - kindRank(b),
  SCOPE: (a, b) => Number(isRestricted(b.scope)) - Number(isRestricted(a.scope)),
  EFFECTIVE: (a, b) => compareInstants(a.effectiveAt, b.effectiveAt),
};

export function compareAge(a: Grant, b: Grant): number {
  return compareInstants(a.createdAt, b.createdAt) || a.number - b.number;
}

export function compareInstants(a: Instant, b: Instant): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

export function isRestricted(scope: Scope): boolean {
  return scope.operations.length > 0 || scope.apps.length > 0;
}

function compareOverdraft(a: Grant, b: Grant): number {
  return Number(a.kind === "OVERDRAFT") - Number(b.kind === "OVERDRAFT");
}

function compareExpiry(a: Instant | null, b: Instant | null): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null);
  return compareInstants(a, b);
}

function kindRank(grant: Grant): number {
  return KIND_RANK.get(grant.kind) as number;
}

function admits(grant: Grant, use: Use): boolean {
  if (grant.kind === "OVERDRAFT" && use.overdraft === false) return false;
  if (use.anyScope) return true;
  return matches(grant.scope.operations, use.operation) && matches(grant.scope.apps, use.app);
}

/** Whether one of the patterns is the name, or is of its beginning; without patterns any is. */
export function matches(patterns: readonly string[], name: string | null): boolean {
  if (patterns.length === 0) return true;
  if (name === null) return false;
  return patterns.some((pattern) => (pattern.endsWith("*") ? name.startsWith(pattern.slice(0, -1)) : pattern === name));
}
