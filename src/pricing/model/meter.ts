import type { Exact } from "./fine";
import type { Meter, Quantity, Tier } from "./types";

/** What a part of a quantity costs: one step of the reckoning, as it is shown. */
export interface Metered {
  readonly quantity: Quantity;
  readonly tier: Tier;
  readonly exact: Exact;
  /** That it adds what is missing to the price of a smaller quantity: `quantity` is that one. */
  readonly floor: boolean;
}

/**
 * What a quantity comes to, tier by tier. Monotone: more never costs less. Graduated tiers agree at their edges by themselves; where all
 * units take the rate of the last one's tier, a quantity just past an edge costs no less than the edge itself.
 */
export function meter({ mode, tiers }: Meter, quantity: Quantity): readonly Metered[] {
  return mode === "GRADUATED" ? graduated(tiers, quantity) : volume(tiers, quantity);
}

function graduated(tiers: readonly Tier[], quantity: Quantity): readonly Metered[] {
  const parts: Metered[] = [];
  let from = 0n;
  for (const tier of tiers) {
    const until = tier.upTo === null || quantity < tier.upTo ? quantity : tier.upTo;
    const part = until - from;
    if (part > 0n || parts.length === 0) parts.push({ quantity: part, tier, exact: part * tier.rate, floor: false });
    if (until === quantity) break;
    from = until;
  }
  return parts;
}

function volume(tiers: readonly Tier[], quantity: Quantity): readonly Metered[] {
  // What the edge before costs, or one before that.
  let [edge, least] = [0n, 0n];
  for (const tier of tiers) {
    const isLast = tier.upTo === null || quantity <= tier.upTo;
    const until = isLast ? quantity : (tier.upTo as Quantity);
    const own = until * tier.rate;
    if (isLast) {
      const part = { quantity, tier, exact: own, floor: false };
      return own < least ? [part, { quantity: edge, tier, exact: least - own, floor: true }] : [part];
    }
    if (own > least) [edge, least] = [until, own];
  }
  throw new Error("the last tier has no end");
}
