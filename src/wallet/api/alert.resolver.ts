import { Ctx, FieldResolver, Resolver, Root } from "type-graphql";
import type { RequestContext } from "../../platform/graphql/request";
import { AlertView, ThresholdView } from "./alert.types";
import { GrantView } from "./grant.types";
import { showGrant, showTransaction, showWalletOf } from "./show.types";
import { TransactionView } from "./transaction.types";
import { WalletView } from "./wallet.types";

@Resolver(() => ThresholdView)
export class ThresholdResolver {
  @FieldResolver(() => WalletView, { description: "The wallet whose balance it watches." })
  wallet(@Root() { key }: ThresholdView, @Ctx() context: RequestContext): Promise<WalletView> {
    return showWalletOf(context, key, null);
  }
}

@Resolver(() => AlertView)
export class AlertResolver {
  @FieldResolver(() => WalletView, { description: "The wallet that it is about, as it is now." })
  wallet(@Root() { key }: AlertView, @Ctx() context: RequestContext): Promise<WalletView> {
    return showWalletOf(context, key, null);
  }

  @FieldResolver(() => GrantView, { nullable: true, description: "For EXPIRING_SOON: the grant that will expire, as it is now." })
  grant(@Root() { key, alert }: AlertView, @Ctx() context: RequestContext): Promise<GrantView | null> | null {
    return alert.grant === null ? null : showGrant(context, { key, number: alert.grant });
  }

  @FieldResolver(() => TransactionView, {
    nullable: true,
    description:
      "The transaction that caused it; null for EXPIRING_SOON, and for a key that is bound to an app, unless it is that app's.",
  })
  transaction(@Root() { key, alert }: AlertView, @Ctx() context: RequestContext): Promise<TransactionView | null> | null {
    return alert.type === "EXPIRING_SOON" ? null : showTransaction(context, { key, number: alert.sequence });
  }

  @FieldResolver(() => ThresholdView, {
    nullable: true,
    description: "The threshold that was crossed, as it is now; null for the built-in one at zero, and once it is removed.",
  })
  async threshold(@Root() { key, alert }: AlertView, @Ctx() context: RequestContext): Promise<ThresholdView | null> {
    const { threshold: crossed } = alert;
    if (crossed === null) return null;
    const { thresholds } = await showWalletOf(context, key, null);
    return thresholds.find(({ threshold }) => threshold.number === crossed.number) ?? null;
  }
}
