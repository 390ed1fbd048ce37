import { ObjectType } from "type-graphql";
import type { ShownAmount } from "../../core/unit";
import { Access, EVERYONE } from "../../platform/graphql/access";
import { Refusal } from "../../platform/graphql/refusal";
import { AmountScalar } from "../../platform/graphql/scalars";
import { Shown } from "../../platform/graphql/shown";
import { ThresholdView } from "./alert.types";
import { GrantView } from "./grant.types";
import { HoldView } from "./hold.types";
import { TransactionView } from "./transaction.types";
import { CreditTypeView, WalletView } from "./wallet.types";

/** What every mutation answers: why it did nothing, if so. */
@Access(...EVERYONE)
@ObjectType({ simpleResolvers: true })
abstract class Payload {
  @Shown(() => Refusal, "Why nothing was done; null: it was done.", { nullable: true })
  readonly refusal!: Refusal | null;
}

/** What every mutation that moves credits answers. */
@Access(...EVERYONE)
@ObjectType({ simpleResolvers: true })
export abstract class MovePayload extends Payload {
  @Shown(() => TransactionView, "What was written; null when refused.", { nullable: true })
  readonly transaction!: TransactionView | null;

  @Shown(() => WalletView, "The wallet as it is now; null when there is no such wallet.", { nullable: true })
  readonly wallet!: WalletView | null;

  @Shown(() => [GrantView], "The grants that the transaction touched, as they are now; none when refused.")
  readonly grants!: readonly GrantView[];

  @Shown(() => Boolean, "True when this idempotency key had done the same before: `transaction` is the first one.")
  readonly replayed!: boolean;
}

@Access(...EVERYONE)
@ObjectType({ simpleResolvers: true, description: "What came of a spend." })
export class SpendPayload extends MovePayload {
  @Shown(
    () => AmountScalar,
    "Credits that were asked for and not taken, with `allowPartial`; else 0. What a refused spend lacks is in the refusal.",
  )
  readonly shortfall!: ShownAmount;
}

@Access(...EVERYONE)
@ObjectType({ simpleResolvers: true })
abstract class HoldChangePayload extends MovePayload {
  @Shown(() => HoldView, "The hold as it is now; null when refused.", { nullable: true })
  readonly hold!: HoldView | null;
}

@Access(...EVERYONE)
@ObjectType({ simpleResolvers: true, description: "What came of setting credits aside." })
export class HoldCreditsPayload extends HoldChangePayload {
  @Shown(
    () => AmountScalar,
    "Credits that were asked for and not held, with `allowPartial`; else 0. What a refused hold lacks is in the refusal.",
  )
  readonly shortfall!: ShownAmount;
}

@Access(...EVERYONE)
@ObjectType({ simpleResolvers: true, description: "What came of capturing a hold." })
export class CaptureHoldPayload extends HoldChangePayload {}

@Access(...EVERYONE)
@ObjectType({ simpleResolvers: true, description: "What came of extending a hold." })
export class ExtendHoldPayload extends HoldChangePayload {}

@Access(...EVERYONE)
@ObjectType({ simpleResolvers: true, description: "What came of releasing a hold." })
export class ReleaseHoldPayload extends HoldChangePayload {}

@Access(...EVERYONE)
@ObjectType({ simpleResolvers: true, description: "What came of giving back what was spent." })
export class RefundSpendPayload extends MovePayload {}

@Access(...EVERYONE)
@ObjectType({ simpleResolvers: true, description: "What came of giving credits." })
export class GrantCreditsPayload extends MovePayload {
  @Shown(() => GrantView, "The grant that was made; null when refused.", { nullable: true })
  readonly grant!: GrantView | null;
}

@Access(...EVERYONE)
@ObjectType({ simpleResolvers: true, description: "What came of withdrawing a grant." })
export class VoidGrantPayload extends MovePayload {
  @Shown(() => GrantView, "The grant as it is now; null when refused.", { nullable: true })
  readonly grant!: GrantView | null;
}

@Access(...EVERYONE)
@ObjectType({ simpleResolvers: true, description: "What came of correcting a balance." })
export class AdjustBalancePayload extends MovePayload {}

@Access(...EVERYONE)
@ObjectType({ simpleResolvers: true, description: "What came of setting an overdraft." })
export class SetOverdraftPayload extends MovePayload {}

@Access(...EVERYONE)
@ObjectType({
  simpleResolvers: true,
  description: "What came of a transfer. `transaction`, `wallet` and `grants` are the giver's.",
})
export class TransferCreditsPayload extends MovePayload {
  @Shown(() => WalletView, "The receiver's wallet as it is now; null when refused.", { nullable: true })
  readonly receiver!: WalletView | null;

  @Shown(() => TransactionView, "What was written in the receiver's wallet; null when refused.", { nullable: true })
  readonly receiverTransaction!: TransactionView | null;

  @Shown(() => [GrantView], "The GIFT grants that the receiver got, as they are now; none when refused.")
  readonly receiverGrants!: readonly GrantView[];
}

@Access(...EVERYONE)
@ObjectType({ simpleResolvers: true, description: "What came of setting an alert threshold." })
export class SetAlertThresholdPayload extends Payload {
  @Shown(() => ThresholdView, "The threshold; null when refused.", { nullable: true })
  readonly threshold!: ThresholdView | null;

  @Shown(() => WalletView, "The wallet as it is now; null when refused.", { nullable: true })
  readonly wallet!: WalletView | null;
}

@Access(...EVERYONE)
@ObjectType({ simpleResolvers: true, description: "What came of removing an alert threshold." })
export class RemoveAlertThresholdPayload extends Payload {
  @Shown(() => ThresholdView, "The threshold as it was; null when refused.", { nullable: true })
  readonly threshold!: ThresholdView | null;

  @Shown(() => WalletView, "The wallet as it is now; null when refused.", { nullable: true })
  readonly wallet!: WalletView | null;
}

@Access(...EVERYONE)
@ObjectType({ simpleResolvers: true, description: "What came of making a credit type." })
export class CreateCreditTypePayload extends Payload {
  @Shown(() => CreditTypeView, "The credit type; null when refused.", { nullable: true })
  readonly creditType!: CreditTypeView | null;

  @Shown(() => Boolean, "True when it was made now; false when it was there already.")
  readonly created!: boolean;
}

@Access(...EVERYONE)
@ObjectType({ simpleResolvers: true, description: "What came of opening a wallet." })
export class OpenWalletPayload extends Payload {
  @Shown(() => WalletView, "The wallet; null when refused.", { nullable: true })
  readonly wallet!: WalletView | null;

  @Shown(() => Boolean, "True when it was opened now; false when it was open already.")
  readonly opened!: boolean;
}

@Access(...EVERYONE)
@ObjectType({ simpleResolvers: true, description: "What came of setting a consumption policy." })
export class SetPolicyPayload extends Payload {
  @Shown(() => WalletView, "The wallet, if the policy was set for one; null otherwise.", { nullable: true })
  readonly wallet!: WalletView | null;

  @Shown(() => CreditTypeView, "The credit type, if the policy was set for one; null otherwise.", { nullable: true })
  readonly creditType!: CreditTypeView | null;
}
