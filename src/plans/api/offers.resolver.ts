import { Arg, Ctx, FieldResolver, Resolver, Root } from "type-graphql";
import { AccountView } from "../../accounts";
import { PackView } from "../../packs";
import { Access, EVERYONE } from "../../platform/graphql/access";
import type { RequestContext } from "../../platform/graphql/request";
import { findCreditType, InsufficientCredits, QuoteView } from "../../wallet";
import { packsFor, packsToCover } from "../offers";

/** What is offered to whom: on an account, and where credits are missing. */

/** A handful of packs, mostly. */
const COST = { complexity: ({ childComplexity }: { childComplexity: number }) => 5 + 5 * childComplexity };
const COVER = {
  ...COST,
  description:
    "The packs that the account may buy and that make up for what is missing, each by itself: currency by currency, the cheapest first. None when nothing is missing.",
};

@Resolver(() => AccountView)
export class AccountPacksResolver {
  @Access(...EVERYONE)
  @FieldResolver(() => [PackView], {
    ...COST,
    nullable: true,
    description:
      "The packs of a credit type that it may buy: those for everyone, and those that its plan names. Currency by currency, the cheapest first; null when there is no such credit type.",
  })
  async packs(
    @Root() { account }: AccountView,
    @Arg("creditType", () => String, { description: "The credit type, by name." }) name: string,
    @Ctx() context: RequestContext,
  ): Promise<readonly PackView[] | null> {
    const creditType = await findCreditType(context, name);
    if (!creditType) return null;
    const packs = await packsFor(context, { accountId: account.id, creditTypeId: creditType.id });
    return packs.map((pack) => new PackView(pack));
  }
}

@Resolver(() => QuoteView)
export class QuotePacksResolver {
  @FieldResolver(() => [PackView], COVER)
  async packs(@Root() { key, missing }: QuoteView, @Ctx() context: RequestContext): Promise<readonly PackView[]> {
    const packs = key ? await packsToCover(context, key, missing) : [];
    return packs.map((pack) => new PackView(pack));
  }
}

@Resolver(() => InsufficientCredits)
export class InsufficientCreditsPacksResolver {
  @FieldResolver(() => [PackView], COVER)
  async packs(@Root() { key, missing }: InsufficientCredits, @Ctx() context: RequestContext): Promise<readonly PackView[]> {
    return (await packsToCover(context, key, missing)).map((pack) => new PackView(pack));
  }
}
