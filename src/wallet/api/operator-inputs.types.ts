import { ID, InputType, Int } from "type-graphql";
import type { Amount } from "../../core/amount";
import type { Instant, Period } from "../../core/time";
import type { JsonObject } from "../../platform/graphql/json-object";
import { MoneyInput } from "../../platform/graphql/money";
import { ReasonedInput } from "../../platform/graphql/reasoned";
import { AmountScalar, DateTimeScalar, DurationScalar, JsonObjectScalar } from "../../platform/graphql/scalars";
import { Shown } from "../../platform/graphql/shown";
import type { GrantKind, WaterfallKey } from "../model/types";
import { GrantKindEnum, WaterfallKeyEnum } from "./enums.types";
import { type Optional, WalletChoice } from "./use-inputs.types";

/** What the operator sends. */

@InputType({
  description: "What a grant may be used for. A trailing `*` matches a prefix, as in `image.*`; an empty list admits anything.",
})
export class ScopeInput {
  @Shown(() => [String], "Operations that it admits. At most 100, each 1-255 characters.", { nullable: true })
  operations?: Optional<readonly string[]>;

  @Shown(() => [ID], "Apps that it admits. At most 100, each 1-255 characters.", { nullable: true })
  apps?: Optional<readonly string[]>;
}

@InputType({ description: "What is kept of a grant when it expires." })
export class RolloverInput {
  @Shown(() => Int, "How much of what is left then, in percent: 1-100.", { nullable: true, defaultValue: 100 })
  percent?: Optional<number>;

  @Shown(() => AmountScalar, "The most that is kept, in credits, more than 0; no limit when not given.", { nullable: true })
  maximum?: Optional<Amount>;

  @Shown(() => DurationScalar, "The period that the kept credits live on for, such as `P1M`.")
  period!: Period;

  @Shown(() => Int, "How many such periods they live on: 1-1200.", { nullable: true, defaultValue: 1 })
  periods?: Optional<number>;
}

@InputType({ description: "Credits to give. Their terms are given once and never change." })
export class GrantCreditsInput extends WalletChoice {
  @Shown(
    () => GrantKindEnum,
    "What sort of credits. OVERDRAFT is set by `setOverdraft`; ROLLOVER and REFUND come about by themselves.",
  )
  kind!: GrantKind;

  @Shown(() => AmountScalar, "How many credits; more than 0.")
  amount!: Amount;

  @Shown(() => Int, "0-255; the smaller pays first.", { nullable: true, defaultValue: 100 })
  priority?: Optional<number>;

  @Shown(() => DateTimeScalar, "When they can first be spent; now when not given, or past.", { nullable: true })
  effectiveAt?: Optional<Instant>;

  @Shown(
    () => DateTimeScalar,
    "When they can no longer be spent. When not given: the credit type's `defaultExpiry` after `effectiveAt`; never, if it has none.",
    { nullable: true },
  )
  expiresAt?: Optional<Instant>;

  @Shown(() => ScopeInput, "What they may be used for; anything when not given.", { nullable: true })
  scope?: Optional<ScopeInput>;

  @Shown(() => MoneyInput, "What was paid for all of them.", { nullable: true })
  costBasis?: Optional<MoneyInput>;

  @Shown(() => RolloverInput, "What is kept of them when they expire; nothing when not given.", { nullable: true })
  rollover?: Optional<RolloverInput>;

  @Shown(
    () => Boolean,
    "Whether they pay off debt first. PURCHASED, PLAN and ADJUSTMENT do unless told otherwise; promotional kinds never may.",
    {
      nullable: true,
    },
  )
  repaysDebt?: Optional<boolean>;

  @Shown(() => String, "Where they come from, for people to read: the grant's `source`. At most 1000 characters.", {
    nullable: true,
  })
  reason?: Optional<string>;

  @Shown(() => JsonObjectScalar, "What you attach to the grant and its transaction. At most 4 KB.", { nullable: true })
  metadata?: Optional<JsonObject>;

  @Shown(() => String, "Unique in the account, for ever: sending the same input again does nothing twice. 1-255 characters.")
  idempotencyKey!: string;
}

@InputType()
abstract class ActInput {
  @Shown(() => String, "Unique in the account, for ever: sending the same input again does nothing twice. 1-255 characters.")
  idempotencyKey!: string;
}

@InputType({ description: "A grant to withdraw: what was not spent of it." })
export class VoidGrantInput extends ActInput {
  @Shown(() => ID, "The grant.")
  grantId!: string;

  @Shown(
    () => AmountScalar,
    "How many credits of it, more than 0; what is left of it, if that is less. The grant lives on. All of it, and its end, when not given.",
    { nullable: true },
  )
  amount?: Optional<Amount>;

  @Shown(() => String, "Why, for people to read. 1-1000 characters.")
  reason!: string;
}

@InputType({ description: "A correction of a balance." })
export class AdjustBalanceInput extends ActInput {
  @Shown(() => ID, "The wallet.")
  walletId!: string;

  @Shown(() => AmountScalar, "Credits to add; negative: to take away, by the waterfall. Not 0.")
  amount!: Amount;

  @Shown(() => String, "Why, for people to read. 1-1000 characters.")
  reason!: string;
}

@InputType({ description: "How far a wallet may go below zero." })
export class SetOverdraftInput extends ActInput {
  @Shown(() => String, "Why, for people to read. At most 1000 characters.", { nullable: true })
  reason?: Optional<string>;

  @Shown(() => ID, "The wallet.")
  walletId!: string;

  @Shown(() => AmountScalar, "The limit in credits; 0: none.")
  limit!: Amount;

  @Shown(() => MoneyInput, "What the whole limit would cost.", { nullable: true })
  costBasis?: Optional<MoneyInput>;
}

@InputType({ description: "Credits to give to another account's wallet of the same credit type." })
export class TransferCreditsInput extends ActInput {
  @Shown(() => ID, "The giver's wallet.")
  fromWalletId!: string;

  @Shown(() => ID, "The receiver's wallet.")
  toWalletId!: string;

  @Shown(() => AmountScalar, "How many credits; more than 0.")
  amount!: Amount;

  @Shown(() => String, "What people will read in both histories. At most 1000 characters.", { nullable: true })
  description?: Optional<string>;

  @Shown(() => JsonObjectScalar, "What you attach to both transactions. At most 4 KB.", { nullable: true })
  metadata?: Optional<JsonObject>;
}

@InputType({ description: "A level of the spendable balance to be told about." })
export class SetAlertThresholdInput extends ReasonedInput {
  @Shown(() => ID, "The wallet.")
  walletId!: string;

  @Shown(
    () => AmountScalar,
    "The level in credits, more than 0: told when what can be spent (`Balance.spendable`, an overdraft included) falls to it or below. Zero is always told.",
  )
  amount!: Amount;
}

@InputType({ description: "An alert threshold to remove." })
export class RemoveAlertThresholdInput extends ReasonedInput {
  @Shown(() => ID, "The threshold.")
  thresholdId!: string;
}

@InputType({ description: "A new unit of value." })
export class CreateCreditTypeInput extends ReasonedInput {
  @Shown(() => String, "Its name: 1-64 characters of a-z, 0-9, `.`, `_` and `-`, beginning with a letter.")
  name!: string;

  @Shown(
    () => [WaterfallKeyEnum],
    "The order in which its grants pay: the five keys, each once; the default order when not given.",
    { nullable: true },
  )
  policy?: Optional<readonly WaterfallKey[]>;

  @Shown(() => DurationScalar, "How long a REFUND grant lives when the grant that paid has ended.", {
    nullable: true,
    defaultValue: "P7D",
  })
  refundGrace?: Optional<Period>;

  @Shown(() => DurationScalar, "How long before its expiry a grant is announced.", { nullable: true, defaultValue: "P3D" })
  expiryNotice?: Optional<Period>;

  @Shown(() => DurationScalar, "How long a grant lives that names no `expiresAt`; for ever when not given.", { nullable: true })
  defaultExpiry?: Optional<Period>;
}

@InputType({ description: "A wallet to open: an account's holding of a credit type." })
export class OpenWalletInput extends ReasonedInput {
  @Shown(() => ID, "The account. Either this or `externalId`.", { nullable: true })
  accountId?: Optional<string>;

  @Shown(() => String, "The account, by your own id.", { nullable: true })
  externalId?: Optional<string>;

  @Shown(() => String, "The credit type, by name.")
  creditType!: string;

  @Shown(
    () => [WaterfallKeyEnum],
    "The order in which this wallet's grants pay: the five keys, each once; the credit type's when not given.",
    {
      nullable: true,
    },
  )
  policy?: Optional<readonly WaterfallKey[]>;
}

@InputType({
  description: "An order in which grants pay, for one wallet or for a credit type. It applies to what is spent afterwards.",
})
export class SetPolicyInput extends ReasonedInput {
  @Shown(() => ID, "The wallet. Either this or `creditType`.", { nullable: true })
  walletId?: Optional<string>;

  @Shown(() => String, "The credit type, by name: for all its wallets that have no policy of their own.", { nullable: true })
  creditType?: Optional<string>;

  @Shown(
    () => [WaterfallKeyEnum],
    "What is compared, the most important first: the five keys, each once. Null, for a wallet: the credit type's again.",
    {
      nullable: true,
    },
  )
  policy?: Optional<readonly WaterfallKey[]>;
}
