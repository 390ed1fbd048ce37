import { ID, ObjectType } from "type-graphql";
import type { Amount } from "../../core/amount";
import type { AsOf, PriceQuestion } from "../../core/priced";
import type { Instant } from "../../core/time";
import type { ShownAmount } from "../../core/unit";
import { Access, EVERYONE } from "../../platform/graphql/access";
import { Refusal } from "../../platform/graphql/refusal";
import { AmountScalar, DateTimeScalar } from "../../platform/graphql/scalars";
import { Shown } from "../../platform/graphql/shown";
import type { ShownKey } from "../units";
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
  readonly amount!: ShownAmount;

  @Shown(() => String, "Why it pays before the next one.")
  readonly reason!: string;
}

@Access(...EVERYONE)
@ObjectType("Quote", {
  simpleResolvers: true,
  description: "What a use would come to if it were made now. Nothing is written.",
})
export class QuoteView {
  @Shown(() => ID, "Of a binding quote: the `quoteId` of a spend or hold that is to keep it; null: it binds nobody.", {
    nullable: true,
  })
  readonly id!: string | null;

  @Shown(() => DateTimeScalar, "Until when a binding quote is kept; null: it binds nobody.", { nullable: true })
  readonly expiresAt!: Instant | null;

  @Shown(() => WalletView, "The wallet, as it is now; null when there is none, or it is not yours to see.", { nullable: true })
  readonly wallet!: WalletView | null;

  @Shown(() => AmountScalar, "Credits that the use costs; at most, where that is not known yet. What the allocations are for.")
  readonly amount!: ShownAmount;

  @Shown(() => AmountScalar, "Credits that it costs at least: `amount`, unless how much will be used is not known yet.")
  readonly minimum!: ShownAmount;

  @Shown(
    () => AmountScalar,
    "Credits that it costs at most; null when there is no bound: then ask again with quantities, as `amount` is the least.",
    { nullable: true },
  )
  readonly maximum!: ShownAmount | null;

  @Shown(
    () => Refusal,
    "Why it has no price, cannot be spent before more is known of it, or is more than the member may spend; null: it can.",
    { nullable: true },
  )
  readonly refusal!: Refusal | null;

  /** Whose it is; null: the input names nothing. */
  readonly key!: ShownKey | null;

  /** The shortfall, in the first unit. */
  readonly missing!: Amount;

  /** What was priced, and by which prices; null: the amount was named. */
  readonly asked!: (PriceQuestion & { readonly asOf: AsOf }) | null;

  @Shown(() => Boolean, "Whether the spend would succeed.")
  readonly affordable!: boolean;

  @Shown(() => [AllocationView], "Which grants would pay how much, in order; as far as they go.")
  readonly allocations!: readonly AllocationView[];

  @Shown(() => AmountScalar, "Credits that are missing; 0 when it is affordable.")
  readonly shortfall!: ShownAmount;

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
