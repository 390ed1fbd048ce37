import { ObjectType } from "type-graphql";
import type { Amount } from "../core/amount";
import { Access, EVERYONE } from "../platform/graphql/access";
import { AmountScalar } from "../platform/graphql/scalars";
import { Shown } from "../platform/graphql/shown";
import { BalanceView } from "./balance.types";
import { ExplanationView } from "./explanation.types";
import { GrantView } from "./grant.types";
import { WalletView } from "./wallet.types";

@Access(...EVERYONE)
@ObjectType("Allocation", { simpleResolvers: true, description: "What one grant would pay." })
export class AllocationView {
  @Shown(() => GrantView, "The grant as it is now.")
  readonly grant!: GrantView;

  @Shown(() => AmountScalar, "What it would pay, in credits.")
  readonly amount!: Amount;

  @Shown(() => String, "Why it pays before the next one.")
  readonly reason!: string;
}

@Access(...EVERYONE)
@ObjectType("Quote", {
  simpleResolvers: true,
  description: "What a use would come to if it were made now. Nothing is written, and nothing is promised.",
})
export class QuoteView {
  @Shown(() => WalletView, "The wallet, as it is now; null when there is none, or it is not yours to see.", { nullable: true })
  readonly wallet!: WalletView | null;

  @Shown(() => AmountScalar, "Credits that the use costs.")
  readonly amount!: Amount;

  @Shown(() => Boolean, "Whether the spend would succeed.")
  readonly affordable!: boolean;

  @Shown(() => [AllocationView], "Which grants would pay how much, in order; as far as they go.")
  readonly allocations!: readonly AllocationView[];

  @Shown(() => AmountScalar, "Credits that are missing; 0 when it is affordable.")
  readonly shortfall!: Amount;

  @Shown(() => BalanceView, "What would be left after the allocations; null when there is no wallet.", { nullable: true })
  readonly balanceAfter!: BalanceView | null;

  @Shown(
    () => ExplanationView,
    "Every grant that could pay, and every other one with the reason; null when there is no wallet.",
    {
      nullable: true,
    },
  )
  readonly explanation!: ExplanationView | null;
}
