import type { Decimal } from "../../core/decimal";
import type { Instant } from "../../core/time";
import { type Factor, FIRST_UNIT, multiplied, ONE, parseFactor, Unit } from "../../core/unit";

/** A change of the unit that a credit type is told in. Never changed; one that has not begun may be withdrawn. */
export interface Redenomination {
  readonly creditTypeId: number;
  /** 1, 2, 3, ... within its credit type. */
  readonly number: number;
  /** How many new credits one of before is. */
  readonly factor: Decimal;
  readonly effectiveFrom: Instant;
  readonly reason: string | null;
  readonly publishedAt: Instant;
  readonly publishedBy: string;
  /** Null: it was not. */
  readonly withdrawn: { readonly at: Instant; readonly by: string } | null;
}

/** The unit of a credit type at an instant. `acts`: all there are of it, in the order of their numbers, which is that of their beginnings. */
export function unitAt(acts: readonly Redenomination[], now: Instant): Unit {
  if (acts.length === 0) return FIRST_UNIT;
  const standing = acts.filter(({ withdrawn }) => withdrawn === null);
  const begun = standing.filter(({ effectiveFrom }) => effectiveFrom <= now);
  const last = begun.at(-1);
  return new Unit({
    number: last?.number ?? 0,
    factor: productOf(begun),
    since: last?.effectiveFrom ?? null,
    until: standing[begun.length]?.effectiveFrom ?? null,
    revision: revisionOf(acts),
  });
}

/** What the last one leads to, when all have begun; null: further from the first unit than units may be. */
export function productWith(acts: readonly Redenomination[], factor: Factor): Factor | null {
  return multiplied(productOf(acts.filter(({ withdrawn }) => withdrawn === null)), factor);
}

/** Each act raises it by one, and so does its withdrawal: `credit_types.unit_revision`. */
function revisionOf(acts: readonly Redenomination[]): number {
  return acts.length + acts.filter(({ withdrawn }) => withdrawn !== null).length;
}

/** What was published was judged then, together with what it follows. */
function productOf(acts: readonly Redenomination[]): Factor {
  let product = ONE;
  for (const { factor: text } of acts) {
    const factor = parseFactor(text);
    const next = factor && multiplied(product, factor);
    if (!next) throw new Error(`the factor ${text} leads to no unit`);
    product = next;
  }
  return product;
}
