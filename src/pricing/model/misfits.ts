import type { Problem } from "../../core/problem";
import { findPrice } from "./charge";
import type { Price, PriceBook } from "./types";

/**
 * What is wrong with prices together: surcharges that have no price, and cycles of them. `others`: the lists that apply beneath this one,
 * which may price a surcharge, too. Each price is gone through once, however the surcharges lead from one to another.
 */
export function misfits(prices: readonly Price[], others: PriceBook): readonly Problem[] {
  const own = new Map(prices.map((price, index) => [price.operation, { price, index }]));
  const priceOf = (operation: string) => own.get(operation)?.price ?? findPrice(others, operation)?.price ?? null;
  const problems: Problem[] = [];
  const mind = (operation: string, position: number, message: string): void => {
    const listed = own.get(operation);
    if (listed) problems.push({ path: [listed.index, "surcharges", position, "operation"], message });
  };
  const finished = new Set<string>();
  for (const { operation } of prices) {
    // The way that was gone to where we are: each operation, and the next of its surcharges to be looked at.
    const way: { readonly operation: string; position: number }[] = finished.has(operation) ? [] : [{ operation, position: 0 }];
    const onWay = new Set(way.map((step) => step.operation));
    for (let step = way.at(-1); step !== undefined; step = way.at(-1)) {
      const surcharge = priceOf(step.operation)?.surcharges[step.position];
      if (!surcharge) {
        finished.add(step.operation);
        onWay.delete(step.operation);
        way.pop();
        continue;
      }
      const { operation: next } = surcharge;
      if (!priceOf(next)) mind(step.operation, step.position, `${next} has no price: give it one, or leave the surcharge out.`);
      else if (onWay.has(next)) {
        // Told where this list has a part in it: the step that was gone on from is past its surcharge already.
        const round = way.slice(way.findIndex((one) => one.operation === next));
        const first = round.find((one) => own.has(one.operation)) ?? step;
        mind(first.operation, first === step ? first.position : first.position - 1, roundTrip(round));
      } else if (!finished.has(next)) {
        way.push({ operation: next, position: 0 });
        onWay.add(next);
      }
      step.position += 1;
    }
  }
  return problems;
}

function roundTrip(round: readonly { readonly operation: string }[]): string {
  const [first, ...others] = round.map(({ operation }) => operation);
  return `${first} would be its own surcharge: ${[first, ...others, first].join(" → ")}.`;
}
