import type { Amount } from "../core/amount";
import type { AsOf, PriceQuestion } from "../core/priced";
import type { Core } from "../platform/context";
import { type Charge, estimateOf } from "./model/charge";
import type { PriceVersion } from "./model/price-list";
import { pricesFor } from "./price-books";

/** How a use came to its price: by the very prices that applied, reckoned again. */
export interface PriceExplanation {
  /** Of the list that the operation stands in. */
  readonly version: PriceVersion;
  /** Null: it is not known how much is used. */
  readonly charge: Charge | null;
  /** The most that it may come to; null: there is no bound. */
  readonly maximum: Amount | null;
}

/** Null: it has no price. */
export async function explainPrice(
  core: Pick<Core, "pool">,
  question: PriceQuestion & { readonly asOf: AsOf },
): Promise<PriceExplanation | null> {
  const { creditTypeId, accountId, app, asOf } = question;
  const asked = {
    creditTypeId,
    payer: { accountId, app, plan: asOf.plan },
    at: asOf.at,
    revision: asOf.revision,
    present: false,
  };
  const prices = await pricesFor(core, asked, asOf.revision);
  if (!prices) return null;
  const estimate = estimateOf(prices.book, question);
  if (estimate.refused) return null;
  const version = prices.versions.find(({ id }) => id === estimate.versions[0]);
  return version ? { version, charge: estimate.charge, maximum: estimate.maximum } : null;
}
