import { ObjectType } from "type-graphql";
import type { Instant } from "../../core/time";
import type { ShownAmount } from "../../core/unit";
import { Access, EVERYONE } from "../../platform/graphql/access";
import { Refusal } from "../../platform/graphql/refusal";
import { AmountScalar, DateTimeScalar } from "../../platform/graphql/scalars";
import { Shown } from "../../platform/graphql/shown";
import { GrantView } from "../../wallet";
import { type Effect, effectWords, type Reader } from "../effects";
import { PlanVersionView } from "./plans.types";
import { ActKindEnum, AheadView, SubscriptionStatusEnum, SubscriptionView } from "./subscriptions.types";

/** `view`: the grant that it is done to, if there is one. */
@Access(...EVERYONE)
@ObjectType("PlanEffect", { simpleResolvers: true, description: "What a change of plan would do to a wallet." })
export class PlanEffectView {
  constructor(
    readonly effect: Effect,
    private readonly reader: Reader,
    private readonly view: GrantView | null,
  ) {}

  @Shown(() => ActKindEnum, "What.")
  get what() {
    return this.effect.what;
  }

  @Shown(() => DateTimeScalar, "When it would be done: at once, or when what is ahead happens.")
  get at(): Instant {
    return this.effect.at;
  }

  @Shown(() => GrantView, "The grant, as it is; null: one that would be made, or none.", { nullable: true })
  get grant(): GrantView | null {
    return this.view;
  }

  @Shown(
    () => AmountScalar,
    "Credits that would really be given or withdrawn; of an overdraft the limit. What was spent of an allotment before its time is not given again.",
  )
  get amount(): ShownAmount {
    return this.reader.unit.show(this.effect.amount);
  }

  @Shown(() => AmountScalar, "What is left of the grant before it; of an overdraft the limit that there is, whoever set it.")
  get before(): ShownAmount {
    return this.reader.unit.show(this.effect.before);
  }

  @Shown(() => AmountScalar, "What would be left of it then: when what is owed is paid back, too.")
  get after(): ShownAmount {
    return this.reader.unit.show(this.effect.after);
  }

  @Shown(() => DateTimeScalar, "From when on the grant can be spent; null: it is no grant.", { nullable: true })
  get effectiveAt(): Instant | null {
    return this.effect.effectiveAt;
  }

  @Shown(() => DateTimeScalar, "When what is left of the grant expires; null: never, or it is no grant.", { nullable: true })
  get expiresAt(): Instant | null {
    return this.effect.expiresAt;
  }

  @Shown(() => String, "For people to read.")
  get words(): string {
    return effectWords(this.effect, this.reader);
  }
}

@Access(...EVERYONE)
@ObjectType({ simpleResolvers: true, description: "What it would do to put an account on a plan. Nothing was written." })
export class SubscriptionPreview {
  @Shown(() => SubscriptionView, "What the account is on; null: it would start.", { nullable: true })
  readonly replaces!: SubscriptionView | null;

  @Shown(() => PlanVersionView, "What it would be on; null when refused.", { nullable: true })
  readonly version!: PlanVersionView | null;

  @Shown(() => SubscriptionStatusEnum, "The status that it would have at once; null when refused.", { nullable: true })
  readonly status!: string | null;

  @Shown(() => DateTimeScalar, "When it would go over; null when refused.", { nullable: true })
  readonly at!: Instant | null;

  @Shown(() => AheadView, "The cancellation or change that is to happen and would be taken back; null: none.", { nullable: true })
  readonly takesBack!: AheadView | null;

  @Shown(
    () => [PlanEffectView],
    "What would be done to the wallets, in order: at once, and when what is ahead happens. None when refused.",
  )
  readonly effects!: readonly PlanEffectView[];

  @Shown(() => Refusal, "Why it could not be done; null: it could.", { nullable: true })
  readonly refusal!: Refusal | null;
}
