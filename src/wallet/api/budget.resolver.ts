import { Ctx, FieldResolver, Resolver, Root } from "type-graphql";
import type { RequestContext } from "../../platform/graphql/request";
import { creditTypeById } from "../credit-types";
import { SpendingLimitView } from "./budget.types";
import { CreditTypeView } from "./wallet.types";

@Resolver(() => SpendingLimitView)
export class SpendingLimitResolver {
  @FieldResolver(() => CreditTypeView, { description: "What its credits are." })
  async creditType(@Root() { key }: SpendingLimitView, @Ctx() { core }: RequestContext): Promise<CreditTypeView | null> {
    const terms = await creditTypeById(core, key.creditTypeId);
    return terms && new CreditTypeView(terms);
  }
}
