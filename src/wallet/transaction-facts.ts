import type { Amount } from "../core/amount";
import { isDrawn } from "./entry-reason";
import type { Transaction } from "./model/types";
import type { Use } from "./model/waterfall";

/** What follows from a transaction as it is written. */

/** What the waterfall was asked for, and how much it gave; null when it was not asked. */
export function drawnUseOf(transaction: Transaction): { readonly use: Use; readonly amount: Amount } | null {
  const drawn = transaction.entries.filter((entry) => isDrawn(transaction, entry));
  if (drawn.length === 0) return null;
  const amount = drawn.reduce((sum, entry) => sum + entry.amount, 0n);
  return { use: useOf(transaction), amount };
}

/** An adjustment and a transfer are no operations, so scopes do not bind them; and a transfer gives away no debt. */
function useOf({ type, operation, app }: Transaction): Use {
  if (type === "ADJUST") return { operation, app, anyScope: true };
  if (type === "TRANSFER") return { operation, app, anyScope: true, overdraft: false };
  return { operation, app };
}
