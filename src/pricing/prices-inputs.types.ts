import { ID, InputType, Int } from "type-graphql";
import type { Amount } from "../core/amount";
import type { Instant } from "../core/time";
import { MoneyInput } from "../platform/graphql/money";
import { ReasonedInput } from "../platform/graphql/reasoned";
import { AmountScalar, DateTimeScalar, DecimalScalar } from "../platform/graphql/scalars";
import { describedEnum, Shown } from "../platform/graphql/shown";
import type { TierMode } from "./model/types";

/** What operators publish. What is not given is undefined or null. */

type Optional<T> = T | null | undefined;

export const TierModeEnum = describedEnum<TierMode>("TierMode", "How tiers add up.", {
  GRADUATED: "Each unit costs what its own tier says.",
  VOLUME: "All units cost what the tier of the last one says; but never less than fewer units would.",
});

@InputType({ description: "A part of a scale of prices." })
export class TierInput {
  @Shown(() => DecimalScalar, "Up to how many units it reaches, these included; none for the last tier, which has no end.", {
    nullable: true,
  })
  upTo?: Optional<string>;

  @Shown(() => DecimalScalar, "Credits for `per` units within it; up to 12 decimals.")
  rate!: string;
}

@InputType({ description: "What the quantity of one dimension costs: a rate, or tiers." })
export class MeterInput {
  @Shown(() => String, "What is counted: `input`, `seconds`. 1-64 letters, digits, or any of _ . : / -")
  dimension!: string;

  @Shown(() => DecimalScalar, "Credits for `per` units; up to 12 decimals. Either this or `tiers`.", { nullable: true })
  rate?: Optional<string>;

  @Shown(() => [TierInput], "A scale, each tier from where the one before ends. Either this or `rate`.", { nullable: true })
  tiers?: Optional<TierInput[]>;

  @Shown(() => TierModeEnum, "How tiers add up; GRADUATED when not given.", { nullable: true })
  mode?: Optional<TierMode>;

  @Shown(() => Int, "For how many units a rate is given: 1, 1000 or 1000000.", { nullable: true, defaultValue: 1 })
  per?: Optional<number>;

  @Shown(() => String, "What people call one unit: `input token`. The dimension when not given.", { nullable: true })
  unit?: Optional<string>;

  @Shown(() => String, "What people call several units. The unit with an s, or the dimension, when not given.", {
    nullable: true,
  })
  units?: Optional<string>;
}

@InputType({ description: "Two bounds of an amount." })
export class AmountRangeInput {
  @Shown(() => AmountScalar, "The least, in credits.")
  minimum!: Amount;

  @Shown(() => AmountScalar, "The most, in credits.")
  maximum!: Amount;
}

@InputType({ description: "Another operation whose price is added." })
export class SurchargeInput {
  @Shown(() => String, "The operation, which has a price of its own.")
  operation!: string;

  @Shown(() => Boolean, "True: to every use. False: to those that ask for it.", { nullable: true, defaultValue: false })
  always?: Optional<boolean>;
}

@InputType({
  description:
    "What an operation costs: `flat`, and what its meters come to, within `minimum` and `maximum`; or a `range`, when only the application can tell.",
})
export class PriceInput {
  @Shown(() => String, "The operation: 1-255 characters without spaces, `*`, `+` and `=`.")
  operation!: string;

  @Shown(() => String, "What people read.", { nullable: true })
  title?: Optional<string>;

  @Shown(() => DecimalScalar, "Credits for each use, whatever its quantities; up to 12 decimals.", { nullable: true })
  flat?: Optional<string>;

  @Shown(() => [MeterInput], "What quantities cost.", { nullable: true })
  meters?: Optional<MeterInput[]>;

  @Shown(() => AmountScalar, "Credits that a use costs at least.", { nullable: true })
  minimum?: Optional<Amount>;

  @Shown(() => AmountScalar, "Credits that a use costs at most.", { nullable: true })
  maximum?: Optional<Amount>;

  @Shown(() => AmountRangeInput, "Bounds of what the application says that it came to. Stands alone.", { nullable: true })
  range?: Optional<AmountRangeInput>;

  @Shown(() => [SurchargeInput], "Operations whose prices may be added.", { nullable: true })
  surcharges?: Optional<SurchargeInput[]>;
}

/** Whose list it is: everybody's, or one's own. */
@InputType()
abstract class PriceListChoice {
  @Shown(() => String, "The credit type that the prices are in, by name.")
  creditType!: string;

  @Shown(() => String, "For one account alone, by your own id. What is not in its list costs what it costs everybody.", {
    nullable: true,
  })
  externalId?: Optional<string>;

  @Shown(() => ID, "For one app alone. Not together with `externalId`.", { nullable: true })
  app?: Optional<string>;

  @Shown(() => String, "For all who are on one plan, by its name. Not together with `externalId` or `app`.", { nullable: true })
  plan?: Optional<string>;
}

@InputType({ description: "A new version of a price list: all prices that it is to have from then on." })
export class PublishPricesInput extends PriceListChoice {
  @Shown(
    () => Int,
    "The number of the version that you started from; none for the first. Should there be a later one, you are told.",
    { nullable: true },
  )
  basedOn?: Optional<number>;

  @Shown(() => DateTimeScalar, "From when on it applies; now when not given.", { nullable: true })
  effectiveFrom?: Optional<Instant>;

  @Shown(
    () => [PriceInput],
    "All of its prices, 1000 at most. None, for an account's, app's or plan's own list: from then on it costs what it costs everybody.",
  )
  prices!: PriceInput[];

  @Shown(() => MoneyInput, "What one credit sells for, to give people an idea. It is charged nowhere.", { nullable: true })
  creditPrice?: Optional<MoneyInput>;

  @Shown(() => String, "Why. At most 1000 characters.", { nullable: true })
  reason?: Optional<string>;
}

@InputType({ description: "A version that is not to begin." })
export class WithdrawPricesInput extends ReasonedInput {
  @Shown(() => ID, "The version.")
  versionId!: string;
}
