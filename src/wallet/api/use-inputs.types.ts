import { ID, InputType } from "type-graphql";
import type { Amount } from "../../core/amount";
import type { Instant, Period } from "../../core/time";
import type { JsonObject } from "../../platform/graphql/json-object";
import { AmountScalar, DateTimeScalar, DecimalScalar, DurationScalar, JsonObjectScalar } from "../../platform/graphql/scalars";
import { Shown } from "../../platform/graphql/shown";

/** What applications send: uses of credits. What is not given is undefined or null. */

export type Optional<T> = T | null | undefined;

/** A wallet is named by its id, or by its account's external id and its credit type. */
@InputType()
export abstract class WalletChoice {
  @Shown(() => ID, "The wallet. Either this, or `externalId` and `creditType`.", { nullable: true })
  walletId?: Optional<string>;

  @Shown(() => String, "The account, by your own id. Together with `creditType`, instead of `walletId`.", { nullable: true })
  externalId?: Optional<string>;

  @Shown(() => String, "The credit type, by name. Together with `externalId`.", { nullable: true })
  creditType?: Optional<string>;
}

@InputType({ description: "How much of something was used." })
export class QuantityInput {
  @Shown(() => String, "What is counted, as the price list calls it: `input`, `seconds`. 1-64 characters.")
  dimension!: string;

  @Shown(() => DecimalScalar, "How much: not negative, with up to 6 digits after the point.")
  quantity!: string;
}

/** What a use costs: its amount, or what the price list says. */
@InputType()
export abstract class CostInput extends WalletChoice {
  @Shown(
    () => String,
    "The member of the team that uses them, by your own id for the person: what its limits do not allow is refused. None: the team itself. 1-255 characters.",
    { nullable: true },
  )
  member?: Optional<string>;

  @Shown(() => AmountScalar, "How many credits; more than 0. Without it `operation` is priced by the price list.", {
    nullable: true,
  })
  amount?: Optional<Amount>;

  @Shown(
    () => String,
    "The operation that they are used for, such as `image.generate`: what is priced, and decides which grants' scopes admit it. 1-255 characters.",
    {
      nullable: true,
    },
  )
  operation?: Optional<string>;

  @Shown(
    () => [QuantityInput],
    "How much of the operation is used, for its price; what is not named counts as 0. Not together with `amount`.",
    {
      nullable: true,
    },
  )
  quantities?: Optional<QuantityInput[]>;

  @Shown(() => [String], "Which of the operation's surcharges apply, by their names. Not together with `amount`.", {
    nullable: true,
  })
  surcharges?: Optional<string[]>;
}

@InputType()
export abstract class UseInput extends CostInput {
  @Shown(
    () => ID,
    "The app that uses them: decides which grants' scopes admit it. A key bound to an app always uses that one. 1-255 characters.",
    {
      nullable: true,
    },
  )
  app?: Optional<string>;

  @Shown(() => ID, "A binding quote for the operation: priced by what applied when it was given. Not together with `amount`.", {
    nullable: true,
  })
  quoteId?: Optional<string>;

  @Shown(() => String, "What people will read in the history. At most 1000 characters.", { nullable: true })
  description?: Optional<string>;

  @Shown(() => JsonObjectScalar, "What you attach to the transaction. At most 4 KB.", { nullable: true })
  metadata?: Optional<JsonObject>;

  @Shown(() => DateTimeScalar, "When the use happened, if that was earlier: for analytics. Credits are always drawn as of now.", {
    nullable: true,
  })
  occurredAt?: Optional<Instant>;

  @Shown(
    () => Boolean,
    "Take what there is when there is not enough. Where there is nothing at all, it is refused all the same.",
    { nullable: true, defaultValue: false },
  )
  allowPartial?: Optional<boolean>;

  @Shown(() => String, "Unique in the account, for ever: sending the same input again does nothing twice. 1-255 characters.")
  idempotencyKey!: string;
}

@InputType({ description: "A use of credits." })
export class SpendInput extends UseInput {}

@InputType({ description: "Credits to set aside for work in progress." })
export class HoldCreditsInput extends UseInput {
  @Shown(() => DateTimeScalar, "When what is still held goes back by itself. Either this or `expiresIn`.", { nullable: true })
  expiresAt?: Optional<Instant>;

  @Shown(
    () => DurationScalar,
    "How long until what is still held goes back by itself; `PT15M` when neither this nor `expiresAt` is given.",
    {
      nullable: true,
    },
  )
  expiresIn?: Optional<Period>;
}

@InputType()
abstract class KeyedInput {
  @Shown(() => String, "Unique in the account, for ever: sending the same input again does nothing twice. 1-255 characters.")
  idempotencyKey!: string;
}

@InputType({ description: "Held credits to use." })
export class CaptureHoldInput extends KeyedInput {
  @Shown(() => ID, "The hold.")
  holdId!: string;

  @Shown(() => AmountScalar, "How many credits, more than 0; all that is still held when not given.", { nullable: true })
  amount?: Optional<Amount>;

  @Shown(
    () => [QuantityInput],
    "How much of the hold's operation was used: priced as it was when the credits were set aside, each capture for itself. Not together with `amount`.",
    { nullable: true },
  )
  quantities?: Optional<QuantityInput[]>;

  @Shown(
    () => [String],
    "Which of the operation's surcharges apply, by their names; those of the hold when not given. Together with `quantities`.",
    {
      nullable: true,
    },
  )
  surcharges?: Optional<string[]>;

  @Shown(() => Boolean, "Capture more than is held: the difference is spent as any other use, in the same transaction.", {
    nullable: true,
    defaultValue: false,
  })
  allowExcess?: Optional<boolean>;

  @Shown(() => Boolean, "End the hold: what is not captured goes back. False: more captures will follow.", {
    nullable: true,
    defaultValue: true,
  })
  final?: Optional<boolean>;

  @Shown(() => String, "What people will read in the history. At most 1000 characters.", { nullable: true })
  description?: Optional<string>;

  @Shown(() => JsonObjectScalar, "What you attach to the transaction. At most 4 KB.", { nullable: true })
  metadata?: Optional<JsonObject>;
}

@InputType({ description: "A later expiry for a hold: one of the two." })
export class ExtendHoldInput extends KeyedInput {
  @Shown(() => ID, "The hold.")
  holdId!: string;

  @Shown(() => DateTimeScalar, "The new expiry.", { nullable: true })
  expiresAt?: Optional<Instant>;

  @Shown(() => DurationScalar, "The new expiry, counted from now.", { nullable: true })
  expiresIn?: Optional<Period>;
}

@InputType({ description: "A hold to end: all that is still held goes back." })
export class ReleaseHoldInput extends KeyedInput {
  @Shown(() => ID, "The hold.")
  holdId!: string;
}

@InputType({ description: "A spend or capture to give back, in whole or in part." })
export class RefundSpendInput extends KeyedInput {
  @Shown(() => ID, "The SPEND or CAPTURE transaction.")
  transactionId!: string;

  @Shown(() => AmountScalar, "How many credits, more than 0; all that was not given back yet when not given.", { nullable: true })
  amount?: Optional<Amount>;

  @Shown(() => String, "What people will read in the history. At most 1000 characters.", { nullable: true })
  reason?: Optional<string>;
}

@InputType({ description: "A use to be priced and tried, without writing anything." })
export class QuoteInput extends CostInput {
  @Shown(
    () => DurationScalar,
    "Makes it binding for so long, 30 days at most: with `id` this operation costs by the same prices until then, in whatever quantities, as often as it is used. For applications.",
    { nullable: true },
  )
  validFor?: Optional<Period>;

  @Shown(() => ID, "The app that would use them. A key bound to an app always asks for that one. 1-255 characters.", {
    nullable: true,
  })
  app?: Optional<string>;
}
