import type { Amount } from "../../core/amount";
import { formatInstant, type Instant } from "../../core/time";
import { type Naming, reasonBetween } from "./reason";
import type { Grant, Policy, WaterfallKey } from "./types";
import { allocate, COMPARE, compareGrants, isRestricted, type Rejection, rejectionOf, type Use } from "./waterfall";

export interface KeyRank {
  readonly key: WaterfallKey;
  /** The grant's value under this key, in words. */
  readonly value: string;
  /** 1 is first; equal values share a rank. */
  readonly rank: number;
}
export interface Candidate {
  readonly grant: Grant;
  /** 1 pays first. */
  readonly rank: number;
  readonly keys: readonly KeyRank[];
  readonly allocated: Amount;
  readonly reason: string;
}
export interface Explanation {
  readonly policy: Policy;
  readonly candidates: readonly Candidate[];
  readonly rejected: readonly { readonly grant: Grant; readonly reason: Rejection }[];
  readonly shortfall: Amount;
}

/** The whole story of an allocation: every candidate with its rank under each key, every rejected grant with the reason. */
export function explain(
  grants: readonly Grant[],
  policy: Policy,
  now: Instant,
  use: Use,
  amount: Amount,
  name: Naming,
): Explanation {
  const { draws, shortfall } = allocate(grants, policy, now, use, amount);
  const paid = new Map(draws.map((draw) => [draw.grant.number, draw.amount]));
  const eligible = grants.filter((grant) => rejectionOf(grant, now, use) === null).sort(compareGrants(policy));
  const ranks = policy.keys.map((key) => ({ key, rankOf: ranksUnder(key, eligible) }));
  const candidates = eligible.map((grant, index) => ({
    grant,
    rank: index + 1,
    keys: ranks.map(({ key, rankOf }) => ({ key, value: VALUE[key](grant), rank: rankOf.get(grant) as number })),
    allocated: paid.get(grant.number) ?? 0n,
    reason: reasonBetween(policy, grant, eligible[index + 1] ?? null, name),
  }));
  const rejected = grants.flatMap((grant) => {
    const reason = rejectionOf(grant, now, use);
    return reason === null ? [] : [{ grant, reason }];
  });
  return { policy, candidates, rejected, shortfall };
}

/** The rank of each grant under one key: one more than come before it. Sorted once, as comparing each with each takes seconds for thousands. */
function ranksUnder(key: WaterfallKey, grants: readonly Grant[]): ReadonlyMap<Grant, number> {
  const ranks = new Map<Grant, number>();
  const sorted = grants.toSorted(COMPARE[key]);
  let rank = 1;
  sorted.forEach((grant, index) => {
    const before = sorted[index - 1];
    if (before && COMPARE[key](before, grant) !== 0) rank = index + 1;
    ranks.set(grant, rank);
  });
  return ranks;
}

const VALUE: Record<WaterfallKey, (grant: Grant) => string> = {
  PRIORITY: (grant) => String(grant.priority),
  EXPIRY: (grant) => (grant.expiresAt === null ? "never" : formatInstant(grant.expiresAt)),
  KIND: (grant) => grant.kind,
  SCOPE: (grant) => (isRestricted(grant.scope) ? [...grant.scope.operations, ...grant.scope.apps].join(", ") : "unrestricted"),
  EFFECTIVE: (grant) => formatInstant(grant.effectiveAt),
};
