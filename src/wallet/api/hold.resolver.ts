import { Ctx, FieldResolver, Resolver, Root } from "type-graphql";
import { assert } from "../../core/assert";
import type { RequestContext } from "../../platform/graphql/request";
import { HoldView } from "./hold.types";
import { showTransaction, showWalletOf } from "./show.types";
import { EntryView, TransactionView } from "./transaction.types";
import { WalletView } from "./wallet.types";

@Resolver(() => HoldView)
export class HoldResolver {
  @FieldResolver(() => WalletView, { description: "The wallet whose credits it holds." })
  wallet(@Root() { key, known }: HoldView, @Ctx() context: RequestContext): Promise<WalletView> {
    return showWalletOf(context, key, known);
  }

  @FieldResolver(() => TransactionView, { description: "The HOLD transaction that made it." })
  async transaction(@Root() { key, hold }: HoldView, @Ctx() context: RequestContext): Promise<TransactionView> {
    const transaction = await showTransaction(context, { key, number: hold.sequence });
    assert(transaction, "a hold was made by a transaction of the same app");
    return transaction;
  }

  @FieldResolver(() => [EntryView], { description: "What it set aside, grant by grant, in the order in which captures take it." })
  async entries(@Root() view: HoldView, @Ctx() context: RequestContext): Promise<readonly EntryView[]> {
    return (await this.transaction(view, context)).entries;
  }
}
