import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { explain } from "../../../src/wallet/model/explain";
import { DEFAULT_POLICY, isPolicyOrder, policyTable } from "../../../src/wallet/model/policy";
import type { Grant } from "../../../src/wallet/model/types";
import { type Allocation, allocate, compareGrants, rejectionOf, spendable } from "../../../src/wallet/model/waterfall";
import { manyGrants, NOW, policies, uses } from "../../support/grants";
import { lawful, onlyOrder } from "../../support/waterfall-oracle";

const amounts = fc.bigInt({ min: 0n, max: 12n });
const few = manyGrants(4);
const many = manyGrants(12);

function paidBy({ draws }: Allocation): ReadonlyMap<number, bigint> {
  return new Map(draws.map(({ grant, amount }) => [grant.number, amount]));
}

function afterPaying(grants: readonly Grant[], allocation: Allocation): readonly Grant[] {
  const paid = paidBy(allocation);
  return grants.map((grant) => {
    const part = paid.get(grant.number) ?? 0n;
    const pots = { ...grant.pots, AVAILABLE: grant.pots.AVAILABLE - part, CONSUMED: grant.pots.CONSUMED + part };
    return { ...grant, pots };
  });
}

describe("the waterfall", () => {
  test("gives the one allocation that the laws allow, among all that there are", () => {
    fc.assert(
      fc.property(few, policies, uses, amounts, (grants, policy, use, amount) => {
        const allowed = lawful(grants, policy, use, amount);
        expect(allowed).toHaveLength(1);
        const paid = paidBy(allocate(grants, policy, NOW, use, amount));
        for (const { number } of grants) expect(paid.get(number) ?? 0n).toBe(allowed[0]?.get(number));
      }),
      { numRuns: 1_000 },
    );
  });

  test("draws in the one order that the rules allow, among all that there are, and names who comes next", () => {
    fc.assert(
      fc.property(few, policies, uses, amounts, (grants, policy, use, amount) => {
        const order = onlyOrder(grants, policy, use);
        const { draws } = allocate(grants, policy, NOW, use, amount);
        expect(draws.map(({ grant }) => grant.number)).toEqual(order.slice(0, draws.length));
        expect(draws.map(({ before }) => before)).toEqual(draws.map((_draw, index) => order[index + 1] ?? null));
      }),
      { numRuns: 1_000 },
    );
  });

  test("neither loses nor makes credits: what is allocated and the shortfall are the amount", () => {
    fc.assert(
      fc.property(many, policies, uses, amounts, (grants, policy, use, amount) => {
        const { draws, shortfall } = allocate(grants, policy, NOW, use, amount);
        const allocated = draws.reduce((sum, draw) => sum + draw.amount, 0n);
        expect(allocated + shortfall).toBe(amount);
        const could = spendable(grants, NOW, use);
        expect(allocated).toBe(could < amount ? could : amount);
      }),
    );
  });

  test("lets no grant pay more than it has, or nothing", () => {
    fc.assert(
      fc.property(many, policies, uses, amounts, (grants, policy, use, amount) => {
        for (const draw of allocate(grants, policy, NOW, use, amount).draws) {
          expect(draw.amount > 0n && draw.amount <= draw.grant.pots.AVAILABLE).toBe(true);
        }
      }),
    );
  });

  test("lets a grant pay only when every eligible one before it is exhausted", () => {
    fc.assert(
      fc.property(many, policies, uses, amounts, (grants, policy, use, amount) => {
        const allocation = allocate(grants, policy, NOW, use, amount);
        const paid = paidBy(allocation);
        const inOrder = compareGrants(policy);
        for (const { grant } of allocation.draws) {
          const before = grants.filter((one) => rejectionOf(one, NOW, use) === null && inOrder(one, grant) < 0);
          for (const one of before) expect(paid.get(one.number)).toBe(one.pots.AVAILABLE);
        }
      }),
    );
  });

  test("pays for a spend in two parts as for one", () => {
    fc.assert(
      fc.property(many, policies, uses, amounts, amounts, (grants, policy, use, first, second) => {
        const one = allocate(grants, policy, NOW, use, first);
        const rest = afterPaying(grants, one);
        const other = allocate(rest, policy, NOW, use, second);
        const whole = allocate(grants, policy, NOW, use, first + second);
        expect(afterPaying(rest, other)).toEqual(afterPaying(grants, whole));
        expect(one.shortfall + other.shortfall).toBe(whole.shortfall);
      }),
    );
  });

  test("does not mind the order of its input", () => {
    const shuffled = many.chain((grants) => {
      return fc.tuple(fc.constant(grants), fc.shuffledSubarray([...grants], { minLength: grants.length }));
    });
    fc.assert(
      fc.property(shuffled, policies, uses, amounts, ([grants, mixed], policy, use, amount) => {
        expect(allocate(mixed, policy, NOW, use, amount)).toEqual(allocate(grants, policy, NOW, use, amount));
      }),
    );
  });

  test("does not mind grants that are not eligible", () => {
    fc.assert(
      fc.property(many, policies, uses, amounts, (grants, policy, use, amount) => {
        const eligible = grants.filter((grant) => rejectionOf(grant, NOW, use) === null);
        expect(allocate(eligible, policy, NOW, use, amount)).toEqual(allocate(grants, policy, NOW, use, amount));
      }),
    );
  });

  test("has a total order: one of two grants is first, and it is transitive", () => {
    fc.assert(
      fc.property(few, policies, (grants, policy) => {
        const order = compareGrants(policy);
        for (const a of grants) {
          for (const b of grants) {
            expect(Math.sign(order(a, b)) + Math.sign(order(b, a))).toBe(0);
            expect(order(a, b) === 0).toBe(a === b);
            for (const c of grants) if (order(a, b) < 0 && order(b, c) < 0) expect(order(a, c)).toBeLessThan(0);
          }
        }
      }),
    );
  });

  test("leaves its input as it was", () => {
    fc.assert(
      fc.property(many, policies, uses, amounts, (grants, policy, use, amount) => {
        const frozen = Object.freeze([...grants].toReversed().map((grant) => Object.freeze(grant)));
        expect(allocate(frozen, policy, NOW, use, amount)).toEqual(allocate(grants, policy, NOW, use, amount));
      }),
    );
  });
});

describe("an explanation", () => {
  test("agrees with the allocation that it explains, and accounts for every grant once", () => {
    fc.assert(
      fc.property(many, policies, uses, amounts, (grants, policy, use, amount) => {
        const { draws, shortfall } = allocate(grants, policy, NOW, use, amount);
        const explanation = explain(grants, policy, NOW, use, amount, (number) => `grant ${number}`);
        const { candidates, rejected } = explanation;
        expect(explanation.shortfall).toBe(shortfall);
        expect(candidates.slice(0, draws.length).map(({ grant, allocated }) => [grant, allocated])).toEqual(
          draws.map(({ grant, amount: paid }) => [grant, paid]),
        );
        expect(candidates.slice(draws.length).every(({ allocated }) => allocated === 0n)).toBe(true);
        expect(candidates.map(({ rank }) => rank)).toEqual(candidates.map((_one, index) => index + 1));
        const told = [...candidates, ...rejected].map(({ grant }) => grant.number);
        expect(told.toSorted((a, b) => a - b)).toEqual(grants.map(({ number }) => number));
      }),
    );
  });

  test("ranks so that the first key that tells two candidates apart puts them in their order", () => {
    fc.assert(
      fc.property(many, policies, uses, (grants, policy, use) => {
        const { candidates } = explain(grants, policy, NOW, use, 1n, String);
        for (const [index, one] of candidates.entries()) {
          const next = candidates[index + 1];
          if (!next || (one.grant.kind === "OVERDRAFT") !== (next.grant.kind === "OVERDRAFT")) continue;
          const apart = one.keys.findIndex(({ rank }, at) => rank !== next.keys[at]?.rank);
          if (apart >= 0) expect(one.keys[apart]?.rank).toBeLessThan(next.keys[apart]?.rank as number);
          else
            expect([one.grant.createdAt <= next.grant.createdAt, one.reason]).toEqual([
              true,
              `granted before ${next.grant.number}`,
            ]);
        }
      }),
    );
  });
});

describe("a policy", () => {
  test("is an order of all five keys, each once", () => {
    expect(isPolicyOrder(DEFAULT_POLICY.keys)).toBe(true);
    expect(isPolicyOrder(DEFAULT_POLICY.keys.toReversed())).toBe(true);
    expect(isPolicyOrder(DEFAULT_POLICY.keys.slice(1))).toBe(false);
    expect(isPolicyOrder([...DEFAULT_POLICY.keys, "PRIORITY"])).toBe(false);
    expect(isPolicyOrder(["PRIORITY", "PRIORITY", "KIND", "SCOPE", "EFFECTIVE"])).toBe(false);
    expect(isPolicyOrder(["PRIORITY", "EXPIRY", "KIND", "SCOPE", "AGE"])).toBe(false);
  });

  test("is documented in its own order, overdraft first and creation last", () => {
    const keys = DEFAULT_POLICY.keys.toReversed();
    const compares = policyTable({ version: 2, keys }).map((row) => row.compares);
    expect(compares).toEqual([
      "overdraft",
      "`effectiveAt`",
      "scope",
      "kind",
      "`expiresAt`",
      "`priority` (0-255, default 100)",
      "creation",
    ]);
  });
});
