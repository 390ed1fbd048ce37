import { findPrice } from "./charge";
import type { Problem } from "./given";
import type { Price, PriceBook } from "./types";

/**
 * What is wrong with prices together: surcharges that have no price, and cycles of them. `others`: the lists that apply beneath this one,
 * which may price a surcharge, too.
 */
export function misfits(prices: readonly Price[], others: PriceBook): readonly Problem[] {
  const own = new Map(prices.map((price) => [price.operation, price]));
  const priceOf = (operation: string) => own.get(operation) ?? findPrice(others, operation)?.price ?? null;
  return prices.flatMap(({ operation, surcharges }, index) =>
    surcharges.flatMap((surcharge, position): readonly Problem[] => {
      const path = [index, "surcharges", position, "operation"];
      if (!priceOf(surcharge.operation))
        return [{ path, message: `${surcharge.operation} has no price: give it one, or leave the surcharge out.` }];
      const cycle = wayBack(operation, surcharge.operation, priceOf);
      if (cycle === null) return [];
      return [{ path, message: `${operation} would be its own surcharge: ${[operation, ...cycle].join(" → ")}.` }];
    }),
  );
}

/** How surcharges lead from one operation to another; null: they do not. */
function wayBack(target: string, from: string, priceOf: (operation: string) => Price | null): readonly string[] | null {
  const cameFrom = new Map<string, string | null>([[from, null]]);
  for (const operation of cameFrom.keys()) {
    if (operation === target) return traced(cameFrom, target);
    for (const next of priceOf(operation)?.surcharges ?? [])
      if (!cameFrom.has(next.operation)) cameFrom.set(next.operation, operation);
  }
  return null;
}

function traced(cameFrom: ReadonlyMap<string, string | null>, target: string): readonly string[] {
  const way: string[] = [];
  for (let at: string | null = target; at !== null; at = cameFrom.get(at) ?? null) way.unshift(at);
  return way;
}
