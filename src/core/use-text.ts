import { formatAmount, parseAmount } from "./amount";
import type { UseToPrice } from "./priced";

/** How much of an operation was used, as one text: it stands in the ledger, in the transaction's hash, and in holds. */

const NAME = "[A-Za-z0-9_.:/-]{1,64}";
const COUNTED = new RegExp(`^(${NAME})=([0-9.]+)$`);
const ADDED = /^\+(.+)$/;
const WHOLE_NAME = new RegExp(`^${NAME}$`);

type What = Pick<UseToPrice, "quantities" | "surcharges">;

/** What names a dimension: 1-64 letters, digits, and any of _ . : / - */
export function isDimension(text: string): boolean {
  return WHOLE_NAME.test(text);
}

/**
 * Writes quantities and surcharges in their one canonical form, sorted by name: "input=1200 output=340.5 +search.web". Null: there
 * are none. Operations have no spaces in their names.
 */
export function writeUse({ quantities, surcharges }: What): string | null {
  const counted = [...quantities].sort(byName).map(([dimension, quantity]) => `${dimension}=${formatAmount(quantity)}`);
  const added = [...new Set(surcharges)].sort().map((operation) => `+${operation}`);
  return counted.length + added.length === 0 ? null : [...counted, ...added].join(" ");
}

/** Reads what `writeUse` wrote. What it did not write (a number alone, from elsewhere) has no parts. */
export function readUse(text: string | null): What {
  const quantities = new Map<string, bigint>();
  const surcharges: string[] = [];
  for (const part of text?.split(" ") ?? []) {
    const [, dimension, count] = COUNTED.exec(part) ?? [];
    const quantity = count === undefined ? null : parseAmount(count);
    if (dimension !== undefined && quantity?.ok) quantities.set(dimension, quantity.amount);
    const [, operation] = ADDED.exec(part) ?? [];
    if (operation !== undefined) surcharges.push(operation);
  }
  return { quantities, surcharges };
}

function byName([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : 1;
}
