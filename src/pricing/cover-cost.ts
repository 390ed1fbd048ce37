import type { Amount } from "../core/amount";
import { decimalsOf } from "../core/currency";
import { shareUpTo } from "../core/decimal";
import type { Instant } from "../core/time";
import type { Core } from "../platform/context";
import type { CreditPrice } from "./model/price-list";
import { type Prices, pricesFor } from "./price-books";

const MICRO_PER_CREDIT = 1_000_000n;

/** What one credit sells for, by the most particular list that says so. */
export function creditPriceOf({ versions }: Prices): CreditPrice | null {
  return versions.find(({ creditPrice }) => creditPrice !== null)?.creditPrice ?? null;
}

/**
 * What credits that are missing would cost, by what one sells for, in coins that can be paid: rounded up to the smallest. Null when none
 * are missing, or nobody said what one sells for. `clock`: the account's test clock, if it has one.
 */
export async function coverCost(
  core: Pick<Core, "pool" | "clock">,
  { accountId, creditTypeId }: { readonly accountId: string; readonly creditTypeId: number },
  shortfall: Amount,
  clock: Instant | null,
): Promise<CreditPrice | null> {
  if (shortfall <= 0n) return null;
  const when = { at: clock ?? core.clock.now(), revision: null, present: clock === null };
  const asked = { creditTypeId, payer: { accountId, app: null, plan: undefined }, ...when };
  const prices = await pricesFor(core, asked, "LATEST");
  const price = prices && creditPriceOf(prices);
  if (!price) return null;
  const { amount, currency } = price;
  return { amount: shareUpTo(amount, shortfall, MICRO_PER_CREDIT, decimalsOf(currency)), currency };
}
