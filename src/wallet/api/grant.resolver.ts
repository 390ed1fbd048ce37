import { Args, Ctx, FieldResolver, Resolver, Root } from "type-graphql";
import { type Connection, connectionOf, PageArguments, readPage } from "../../platform/graphql/paging";
import { maySee, type RequestContext } from "../../platform/graphql/request";
import { GrantView } from "./grant.types";
import { ENTRIES, EntryConnection, windowOf } from "./lists.types";
import { showGrant, showTransaction, showWalletOf } from "./show.types";
import { EntryView, TransactionView } from "./transaction.types";
import { readings } from "./wallet.loaders";
import { WalletView } from "./wallet.types";

@Resolver(() => GrantView)
export class GrantResolver {
  @FieldResolver(() => WalletView, { description: "The wallet that it is in." })
  wallet(@Root() { key, known }: GrantView, @Ctx() context: RequestContext): Promise<WalletView> {
    return showWalletOf(context, key, known);
  }

  @FieldResolver(() => TransactionView, {
    nullable: true,
    description: "The transaction that made it; null for a key that is bound to an app, unless it was that app's.",
  })
  createdBy(@Root() { key, grant }: GrantView, @Ctx() context: RequestContext): Promise<TransactionView | null> {
    return showTransaction(context, { key, number: grant.createdBy });
  }

  @FieldResolver(() => GrantView, {
    nullable: true,
    description: "The grant that its credits were moved from; null: none, or one in another account that is not yours to see.",
  })
  origin(@Root() { grant: { origin } }: GrantView, @Ctx() context: RequestContext): Promise<GrantView | null> | null {
    if (origin === null || !maySee(context, origin.accountId)) return null;
    const { number, accountId, creditTypeId } = origin;
    return showGrant(context, { key: { accountId, creditTypeId }, number });
  }

  @FieldResolver(() => EntryConnection, { description: "Every move of its credits, oldest first." })
  async entries(
    @Root() { key, grant }: GrantView,
    @Args(() => PageArguments) page: PageArguments,
    @Ctx() context: RequestContext,
  ): Promise<Connection<EntryView>> {
    const request = readPage(ENTRIES, page);
    const rows = await readings.entriesOfGrant(context, key, grant.number, windowOf(request));
    return connectionOf(ENTRIES, request, rows, {
      position: ({ sequence, position }) => ({ sequence, position }),
      node: (entry) => new EntryView(key, entry, entry.position, entry.sequence, null),
    });
  }
}
