import { Int, ObjectType } from "type-graphql";
import { type Amount, formatAmount, MAX_AMOUNT } from "../../core/amount";
import { formatInstant, type Instant } from "../../core/time";
import type { Unit } from "../../core/unit";
import { are, credits, thousands } from "../../core/words";
import { Access, EVERYONE } from "../../platform/graphql/access";
import { Refusal, RefusalView } from "../../platform/graphql/refusal";
import { AmountScalar, DateTimeScalar } from "../../platform/graphql/scalars";
import { describedEnum, Shown } from "../../platform/graphql/shown";
import type { WalletRefusal } from "../model/commands";
import type { Wallet } from "../model/types";
import type { ShownKey } from "../units";

/** The data of one of the model's refusals. */
export type Of<Code extends WalletRefusal["code"]> = Extract<WalletRefusal, { readonly code: Code }>;

/** Where a refusal arose: the wallet as it is, its key to be shown by, and when. */
export interface Place {
  readonly key: ShownKey;
  readonly wallet: Wallet;
  readonly now: Instant;
}

@Access(...EVERYONE)
@ObjectType({
  implements: Refusal,
  simpleResolvers: true,
  description: "The wallet's grants cannot pay all of it; nothing was taken.",
})
export class InsufficientCredits extends RefusalView {
  readonly code = "INSUFFICIENT_CREDITS";

  constructor(
    private readonly refusal: Of<"INSUFFICIENT_CREDITS">,
    readonly place: Place,
  ) {
    super();
  }

  get message(): string {
    const { required, spendable, shortfall, outOfScope } = this.refusal;
    const { unit } = this.key;
    const [needed, there, missing] = [unit.format(required), unit.format(spendable), thousands(unit.format(shortfall))];
    const others = unit.format(outOfScope);
    const more = spendable === 0n ? "" : " more";
    const elsewhere = outOfScope === 0n ? "" : ` (${thousands(others)}${more} ${are(others)} for other operations or apps)`;
    const told = `${credits(needed)} ${are(needed)} needed and ${spendable === 0n ? "none" : thousands(there)} can be spent on this${elsewhere}`;
    return `${told}: add ${missing}${spendable === 0n ? "" : ", ask for less, or pass allowPartial"}.`;
  }

  @Shown(() => AmountScalar, "Credits available in the wallet, whatever they may be used for; the overdraft apart.")
  get available() {
    return this.key.unit.show(this.refusal.available);
  }

  @Shown(
    () => AmountScalar,
    "Credits among the available that this use may not have: their grants' scopes are of other operations or apps.",
  )
  get outOfScope() {
    return this.key.unit.show(this.refusal.outOfScope);
  }

  @Shown(() => AmountScalar, "Credits that were asked for.")
  get required() {
    return this.key.unit.show(this.refusal.required);
  }

  get key(): ShownKey {
    return this.place.key;
  }

  /** The shortfall, in the first unit. */
  get missing(): Amount {
    return this.refusal.shortfall;
  }

  @Shown(() => AmountScalar, "Credits that are missing: required less spendable.")
  get shortfall() {
    return this.key.unit.show(this.refusal.shortfall);
  }

  @Shown(() => AmountScalar, "Credits that this use could have had: of the grants that admit it, and of the overdraft.")
  get spendable() {
    return this.key.unit.show(this.refusal.spendable);
  }
}

@Access(...EVERYONE)
@ObjectType({ implements: Refusal, simpleResolvers: true, description: "The idempotency key was used before, with other input." })
export class IdempotencyMismatch extends RefusalView {
  readonly code = "IDEMPOTENCY_MISMATCH";

  constructor(
    /** The wallet of the first use (a key is unique in the account), and its sequence there; null: it was for no wallet. */
    readonly key: ShownKey | null,
    readonly sequence: number,
    private readonly input: string,
  ) {
    super();
  }

  get message(): string {
    return `This idempotencyKey was used before with another ${this.input}: repeat that input exactly, or use a new key.`;
  }

  @Shown(() => String, "The first field of the input that differs; `mutation` when another mutation was asked for.")
  get field(): string {
    return this.input;
  }
}

const GrantEndEnum = describedEnum<Of<"GRANT_NOT_ELIGIBLE">["reason"]>("GrantEnd", "How a grant ended.", {
  EXPIRED: "It expired.",
  VOIDED: "It was withdrawn.",
  NOTHING_LEFT: "All of it was used.",
});

@Access(...EVERYONE)
@ObjectType({
  implements: Refusal,
  simpleResolvers: true,
  description: "The grant has ended, so nothing can be withdrawn from it.",
})
export class GrantNotEligible extends RefusalView {
  readonly code = "GRANT_NOT_ELIGIBLE";

  constructor(
    private readonly refusal: Of<"GRANT_NOT_ELIGIBLE">,
    readonly place: Place,
  ) {
    super();
  }

  get number(): number {
    return this.refusal.grant;
  }

  get message(): string {
    return `There is nothing left in the grant to withdraw (${this.refusal.reason}): use adjustBalance to take credits from the wallet.`;
  }

  @Shown(() => GrantEndEnum, "How it ended.")
  get reason() {
    return this.refusal.reason;
  }
}

@Access(...EVERYONE)
@ObjectType({
  implements: Refusal,
  simpleResolvers: true,
  description: "More was to be given back than was spent and not yet given back.",
})
export class RefundExceedsSpend extends RefusalView {
  readonly code = "REFUND_EXCEEDS_SPEND";

  constructor(
    private readonly refusal: Of<"REFUND_EXCEEDS_SPEND">,
    private readonly unit: Unit,
  ) {
    super();
  }

  get message(): string {
    const { refundable } = this.refusal;
    return refundable === 0n
      ? "All of it was given back already."
      : `${credits(this.unit.format(refundable))} can still be given back: ask for no more.`;
  }

  @Shown(() => AmountScalar, "Credits that can still be given back.")
  get refundable() {
    return this.unit.show(this.refusal.refundable);
  }

  @Shown(() => AmountScalar, "Credits that were to be given back.")
  get requested() {
    return this.unit.show(this.refusal.requested);
  }
}

@Access(...EVERYONE)
@ObjectType({ implements: Refusal, simpleResolvers: true, description: "The transaction is neither a spend nor a capture." })
export class NotRefundable extends RefusalView {
  readonly code = "NOT_REFUNDABLE";
  readonly message = "Only spends and captures can be refunded: name one of these.";

  constructor(
    readonly sequence: number,
    readonly place: Place,
  ) {
    super();
  }
}

const TransferObstacleEnum = describedEnum<Of<"TRANSFER_NOT_POSSIBLE">["reason"]>(
  "TransferObstacle",
  "What stands in the way of a transfer.",
  {
    SAME_WALLET: "Both are the same wallet.",
    OTHER_CREDIT_TYPE: "The wallets hold different credit types.",
    OTHER_CLOCK: "The accounts live by different clocks: one of them, or each, has a test clock.",
  },
);

@Access(...EVERYONE)
@ObjectType({ implements: Refusal, simpleResolvers: true, description: "Credits cannot move between these two wallets." })
export class TransferNotPossible extends RefusalView {
  readonly code = "TRANSFER_NOT_POSSIBLE";
  readonly message = "Name another account's wallet of the same credit type, for which it is the same time.";

  constructor(private readonly refusal: Of<"TRANSFER_NOT_POSSIBLE">) {
    super();
  }

  @Shown(() => TransferObstacleEnum, "What stands in the way.")
  get reason() {
    return this.refusal.reason;
  }
}

@Access(...EVERYONE)
@ObjectType({ implements: Refusal, simpleResolvers: true, description: "The use is said to have happened later than now." })
export class OccurredInFuture extends RefusalView {
  readonly code = "OCCURRED_IN_FUTURE";

  constructor(private readonly refusal: Of<"OCCURRED_IN_FUTURE">) {
    super();
  }

  get message(): string {
    return `It is ${formatInstant(this.refusal.now)} here: send occurredAt no later than that, or leave it out.`;
  }

  @Shown(() => DateTimeScalar, "The time by which it was judged.")
  get now() {
    return this.refusal.now;
  }
}

@Access(...EVERYONE)
@ObjectType({ implements: Refusal, simpleResolvers: true, description: "The expiry is not later than the beginning." })
export class ExpiresInPast extends RefusalView {
  readonly code = "EXPIRES_IN_PAST";

  constructor(private readonly refusal: Of<"EXPIRES_IN_PAST">) {
    super();
  }

  get message(): string {
    return `It would have ended before it began; it is ${formatInstant(this.refusal.now)} here: name a later expiry.`;
  }

  @Shown(() => DateTimeScalar, "The time by which it was judged.")
  get now() {
    return this.refusal.now;
  }
}

@Access(...EVERYONE)
@ObjectType({
  implements: Refusal,
  simpleResolvers: true,
  description: "The wallet would hold more than amounts can say: 9000000000000 credits.",
})
export class BalanceOutOfRange extends RefusalView {
  readonly code = "BALANCE_OUT_OF_RANGE";
  readonly message = `A wallet can hold ${credits(formatAmount(MAX_AMOUNT))} at most: give less.`;
}

@Access(...EVERYONE)
@ObjectType({
  implements: Refusal,
  simpleResolvers: true,
  description: "The wallet has as many alert thresholds as it may have.",
})
export class TooManyThresholds extends RefusalView {
  readonly code = "TOO_MANY_THRESHOLDS";

  constructor(private readonly most: number) {
    super();
  }

  get message(): string {
    return `A wallet can have ${this.most} thresholds: remove one first.`;
  }

  @Shown(() => Int, "How many a wallet may have.")
  get limit(): number {
    return this.most;
  }
}
