import { fits } from "../core/ids";
import type { NodeLoaders } from "../platform/graphql/node";
import { findsVersion } from "./price-access";
import { priceVersion } from "./price-tables";
import {
  InsufficientCreditsCoverResolver,
  QuoteCoverResolver,
  QuotedPriceResolver,
  TransactionPriceResolver,
} from "./priced.resolver";
import { PricesResolver } from "./prices.resolver";
import { PriceVersionView } from "./prices.types";

/** The door of the pricing room: what operations cost. What things are stands in README.md. */

export { auditPrices, type PriceFinding } from "./audit-prices";
export { EVERYBODY } from "./model/price-list";
export { readPrices } from "./model/read-prices";
export { createPricer } from "./pricer";
export { publishPrices } from "./publish-prices";

export const PRICING_RESOLVERS = [
  PricesResolver,
  QuotedPriceResolver,
  QuoteCoverResolver,
  InsufficientCreditsCoverResolver,
  TransactionPriceResolver,
] as const;

/** What `node` fetches of this room. */
export const PRICING_NODES: NodeLoaders = {
  priceVersion: async (context, { numbers: [id = 0] }) => {
    const version = fits(id) ? await priceVersion(context.core, id) : null;
    return version && (await findsVersion(context, version)) ? new PriceVersionView(version) : null;
  },
};
