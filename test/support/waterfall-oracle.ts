import type { Amount } from "../../src/core/amount";
import { GRANT_KINDS, type Grant, type Policy, type WaterfallKey } from "../../src/wallet/model/types";
import type { Use } from "../../src/wallet/model/waterfall";
import { NOW } from "./grants";

/** The rules of the waterfall, said as laws. Nothing in here allocates: it tries every allocation and keeps those that no law forbids. */

export type Paid = ReadonlyMap<number, Amount>;

/** All allocations of `amount` that the laws allow. */
export function lawful(grants: readonly Grant[], policy: Policy, use: Use, amount: Amount): readonly Paid[] {
  return allocations(grants, amount).filter((paid) => {
    const of = (grant: Grant) => paid.get(grant.number) ?? 0n;
    const exhausted = (grant: Grant) => of(grant) === grant.pots.AVAILABLE;
    const eligible = grants.filter((grant) => isEligible(grant, use));
    return (
      grants.every((grant) => of(grant) === 0n || eligible.includes(grant)) &&
      eligible.every((one) => of(one) === 0n || eligible.every((other) => !precedes(other, one, policy) || exhausted(other))) &&
      (total(paid) === amount || eligible.every(exhausted))
    );
  });
}

/** Among all orders of the eligible grants the one in which none stands before one that precedes it. */
export function onlyOrder(grants: readonly Grant[], policy: Policy, use: Use): readonly number[] {
  const orders = permutations(grants.filter((grant) => isEligible(grant, use)));
  const lawfulOrders = orders.filter((order) =>
    order.every((one, index) => order.slice(index + 1).every((later) => !precedes(later, one, policy))),
  );
  if (lawfulOrders.length !== 1) throw new Error(`${lawfulOrders.length} orders are as the rules have it`);
  return (lawfulOrders[0] as readonly Grant[]).map((grant) => grant.number);
}

/** Every way to take at most `amount` from grants, none more than it has. */
function allocations(grants: readonly Grant[], amount: Amount): readonly Paid[] {
  let ways: readonly Paid[] = [new Map()];
  for (const grant of grants) {
    ways = ways.flatMap((way) => {
      const more: Paid[] = [];
      for (let part = 0n; part <= grant.pots.AVAILABLE; part++) more.push(new Map(way).set(grant.number, part));
      return more;
    });
  }
  return ways.filter((way) => total(way) <= amount);
}

function permutations<One>(all: readonly One[]): readonly (readonly One[])[] {
  if (all.length === 0) return [[]];
  return all.flatMap((first) => permutations(all.filter((one) => one !== first)).map((rest) => [first, ...rest]));
}

function total(paid: Paid): Amount {
  return [...paid.values()].reduce((sum, part) => sum + part, 0n);
}

function isEligible(grant: Grant, use: Use): boolean {
  const begun = grant.effectiveAt <= NOW;
  const ended = grant.expiresAt !== null && grant.expiresAt <= NOW;
  if (!begun || ended || grant.voidedAt !== null || grant.pots.AVAILABLE === 0n) return false;
  if (use.overdraft === false && grant.kind === "OVERDRAFT") return false;
  return use.anyScope === true || (admits(grant.scope.operations, use.operation) && admits(grant.scope.apps, use.app));
}

function admits(patterns: readonly string[], name: string | null): boolean {
  const asExpression = (pattern: string) => new RegExp(`^${pattern.replaceAll(".", "\\.").replace(/\*$/, ".*")}$`);
  return patterns.length === 0 || patterns.some((pattern) => name !== null && asExpression(pattern).test(name));
}

/** Row by row of the README's table: true when `a` pays first under a key, false when `b` does, null when it cannot tell. */
const FIRST: Readonly<Record<WaterfallKey, (a: Grant, b: Grant) => boolean | null>> = {
  PRIORITY: (a, b) => smaller(BigInt(a.priority), BigInt(b.priority)),
  EXPIRY: (a, b) => {
    if (a.expiresAt !== null && b.expiresAt !== null) return smaller(a.expiresAt, b.expiresAt);
    if (a.expiresAt === b.expiresAt) return null;
    return a.expiresAt !== null;
  },
  KIND: (a, b) => (a.kind === b.kind ? null : GRANT_KINDS.indexOf(a.kind) < GRANT_KINDS.indexOf(b.kind)),
  SCOPE: (a, b) => (restricted(a) === restricted(b) ? null : restricted(a)),
  EFFECTIVE: (a, b) => smaller(a.effectiveAt, b.effectiveAt),
};

function precedes(a: Grant, b: Grant, policy: Policy): boolean {
  if (a.kind === "OVERDRAFT" && b.kind !== "OVERDRAFT") return false;
  if (a.kind !== "OVERDRAFT" && b.kind === "OVERDRAFT") return true;
  for (const key of policy.keys) {
    const first = FIRST[key](a, b);
    if (first !== null) return first;
  }
  return a.createdAt < b.createdAt || (a.createdAt === b.createdAt && a.number < b.number);
}

function smaller(a: bigint, b: bigint): boolean | null {
  return a === b ? null : a < b;
}

function restricted(grant: Grant): boolean {
  return grant.scope.apps.length + grant.scope.operations.length > 0;
}
