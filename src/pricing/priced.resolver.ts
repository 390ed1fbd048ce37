import { Ctx, FieldResolver, Resolver, Root } from "type-graphql";
import type { AsOf, PriceQuestion } from "../core/priced";
import { readUse } from "../core/use-text";
import { MoneyView } from "../platform/graphql/money";
import type { RequestContext } from "../platform/graphql/request";
import { InsufficientCredits, QuoteView, TransactionView, unitsOf } from "../wallet";
import { coverCost } from "./cover-cost";
import { explainPrice } from "./explain-price";
import { breakdownOf, PriceBreakdownView } from "./prices.types";

/** What other rooms show, and this one knows the price of. */

const COST = { complexity: ({ childComplexity }: { childComplexity: number }) => 5 + 5 * childComplexity };

@Resolver(() => QuoteView)
export class QuotedPriceResolver {
  @FieldResolver(() => PriceBreakdownView, {
    ...COST,
    nullable: true,
    description: "By which prices it was reckoned, line by line; null where the amount was named, or there is no price.",
  })
  price(@Root() { asked }: QuoteView, @Ctx() context: RequestContext): Promise<PriceBreakdownView | null> | null {
    return asked && explain(context, asked);
  }
}

@Resolver(() => TransactionView)
export class TransactionPriceResolver {
  @FieldResolver(() => PriceBreakdownView, {
    ...COST,
    nullable: true,
    description: "By which prices its amount was reckoned, line by line; null where the amount was named.",
  })
  price(
    @Root() { key, transaction }: TransactionView,
    @Ctx() context: RequestContext,
  ): Promise<PriceBreakdownView | null> | null {
    const { operation, app, quantity, priced } = transaction;
    if (operation === null || priced === null) return null;
    return explain(context, { ...key, operation, app, ...readUse(quantity), asOf: priced, quote: null });
  }
}

const COVER = {
  nullable: true,
  description:
    "What the missing credits would cost at the price of one credit, rounded up to the currency's smallest coin; null when none are missing, or no such price is published.",
} as const;

@Resolver(() => QuoteView)
export class QuoteCoverResolver {
  @FieldResolver(() => MoneyView, COVER)
  coverCost(@Root() { key, missing, wallet }: QuoteView, @Ctx() { core }: RequestContext): Promise<MoneyView | null> | null {
    return key && coverCost(core, key, missing, wallet?.written.testClock ?? null);
  }
}

@Resolver(() => InsufficientCredits)
export class InsufficientCreditsCoverResolver {
  @FieldResolver(() => MoneyView, COVER)
  coverCost(@Root() { key, missing, place }: InsufficientCredits, @Ctx() { core }: RequestContext): Promise<MoneyView | null> {
    return coverCost(core, key, missing, place.wallet.testClock);
  }
}

async function explain(
  context: RequestContext,
  question: PriceQuestion & { readonly asOf: AsOf },
): Promise<PriceBreakdownView | null> {
  const explained = await explainPrice(context.core, question);
  return explained && breakdownOf(explained, (await unitsOf(context)).of(question.creditTypeId));
}
