import fc from "fast-check";
import { GRANT_KINDS, type Grant, type Policy, WATERFALL_KEYS, type WaterfallKey } from "../../src/wallet/model/types";
import { NO_POTS } from "../../src/wallet/model/wallet";
import type { Use } from "../../src/wallet/model/waterfall";

/** Grants, policies and uses for the waterfall: few values of everything, so that grants are often alike under a key. */

/** The instant at which they are tried. */
export const NOW = 100n;

const INSTANTS = [98n, 99n, NOW, 101n, 102n];
const PATTERNS = ["*", "image.*", "image.make", "text"];
const NAMES = ["image.make", "image.cut", "text", "image"];
/** Grants were made at NOW or before, and one after the other. */
const CREATED = [97n, 98n, 99n, NOW];

function someOf(values: readonly string[]): fc.Arbitrary<readonly string[]> {
  return fc.oneof({ weight: 3, arbitrary: fc.constant([]) }, fc.subarray([...values], { minLength: 1, maxLength: 2 }));
}

const terms = fc.record({
  kind: fc.constantFrom(...GRANT_KINDS),
  available: fc.bigInt({ min: 0n, max: 3n }),
  held: fc.bigInt({ min: 0n, max: 1n }),
  priority: fc.constantFrom(0, 1, 100),
  effectiveAt: fc.oneof({ weight: 4, arbitrary: fc.constantFrom(98n, 99n) }, fc.constantFrom(...INSTANTS)),
  expiresAt: fc.oneof({ weight: 4, arbitrary: fc.constantFrom(101n, 102n, null) }, fc.constantFrom(...INSTANTS)),
  operations: someOf(PATTERNS),
  apps: someOf(["photos", "doc*"]),
  voided: fc.integer({ min: 0, max: 9 }).map((chance) => chance === 9),
  age: fc.nat({ max: 3 }),
});

/** Up to so many grants of one wallet, numbered 1.. in the order in which they were made. */
export function manyGrants(most: number): fc.Arbitrary<readonly Grant[]> {
  return fc.array(terms, { maxLength: most }).map((many) => {
    const createdAt = many.map(({ age }) => CREATED[age] as bigint).sort((a, b) => Number(a - b));
    return many.map(({ available, held, operations, apps, voided, age: _age, ...given }, index) => ({
      ...given,
      number: index + 1,
      amount: available + held,
      pots: { ...NO_POTS, AVAILABLE: available, HELD: held },
      scope: { operations, apps },
      voidedAt: voided ? NOW : null,
      createdAt: createdAt[index] as bigint,
      createdBy: index + 1,
      costBasis: null,
      rollover: null,
      repaysDebt: false,
      source: null,
      metadata: null,
      origin: null,
      repaid: 0n,
    }));
  });
}

/** Every order of the five keys. */
export const policies: fc.Arbitrary<Policy> = fc
  .shuffledSubarray<WaterfallKey>([...WATERFALL_KEYS], { minLength: WATERFALL_KEYS.length })
  .map((keys) => ({ version: 7, keys }));

const name = (values: readonly string[]) => fc.option(fc.constantFrom(...values), { nil: null });

export const uses: fc.Arbitrary<Use> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ operation: name(NAMES), app: name(["photos", "docs", "mail"]) }) },
  fc.record({
    operation: fc.constant(null),
    app: fc.constant(null),
    anyScope: fc.constant(true),
    overdraft: fc.boolean(),
  }),
);
