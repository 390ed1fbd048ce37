import { InputType, Int } from "type-graphql";
import type { Amount } from "../../core/amount";
import type { Period } from "../../core/time";
import { MoneyInput } from "../../platform/graphql/money";
import { ReasonedInput } from "../../platform/graphql/reasoned";
import { AmountScalar, DurationScalar } from "../../platform/graphql/scalars";
import { Shown } from "../../platform/graphql/shown";
import { ScopeInput } from "../../wallet";

/** What operators publish. What is not given is undefined or null. */

export type Optional<T> = T | null | undefined;

@InputType({ description: "What is kept of an allotment when its interval ends." })
export class AllotmentRolloverInput {
  @Shown(() => Int, "How much of what is left then, in percent: 1-100.", { nullable: true, defaultValue: 100 })
  percent?: Optional<number>;

  @Shown(() => AmountScalar, "The most that is kept, in credits, more than 0; no limit when not given.", { nullable: true })
  maximum?: Optional<Amount>;

  @Shown(() => Int, "How many periods the kept credits live on: 1-1200.", { nullable: true, defaultValue: 1 })
  periods?: Optional<number>;

  @Shown(() => DurationScalar, "Such a period; the allotment's interval when not given.", { nullable: true })
  period?: Optional<Period>;
}

@InputType({ description: "Credits of one type to give for each interval." })
export class AllotmentInput {
  @Shown(() => String, "The credit type, by name.")
  creditType!: string;

  @Shown(() => AmountScalar, "Credits for one whole interval; more than 0.")
  amount!: Amount;

  @Shown(
    () => DurationScalar,
    "How often, in whole days, weeks, months or years, such as `P1M`; the billing interval when not given.",
    { nullable: true },
  )
  interval?: Optional<Period>;

  @Shown(
    () => DurationScalar,
    "How long the credits of each interval live, counted from its beginning, such as `P3M`: a second to 1200 intervals; until it ends when not given.",
    { nullable: true },
  )
  life?: Optional<Period>;

  @Shown(
    () => AllotmentRolloverInput,
    "What is kept of what is left at the interval's end; nothing when not given. Not together with `life`.",
    { nullable: true },
  )
  rollover?: Optional<AllotmentRolloverInput>;

  @Shown(() => Int, "0-255; the smaller pays first.", { nullable: true, defaultValue: 100 })
  priority?: Optional<number>;

  @Shown(() => ScopeInput, "What they may be used for; anything when not given.", { nullable: true })
  scope?: Optional<ScopeInput>;

  @Shown(() => Boolean, "Whether they pay off the wallet's debt first.", { nullable: true, defaultValue: true })
  repaysDebt?: Optional<boolean>;
}

@InputType({ description: "How far one may go past the allotments of a credit type: pay as you go." })
export class PlanOverdraftInput {
  @Shown(() => String, "The credit type, by name.")
  creditType!: string;

  @Shown(() => AmountScalar, "The most that may be owed, in credits; more than 0.")
  limit!: Amount;
}

@InputType({ description: "A new version of a plan: all that it promises. The plan is made with its first." })
export class PublishPlanInput extends ReasonedInput {
  @Shown(() => String, "The plan: 1-64 characters of a-z, 0-9, `.`, `_` and `-`, beginning with a letter.")
  name!: string;

  @Shown(() => String, "What people call it. 1-255 characters.")
  title!: string;

  @Shown(() => String, "What people are told of it. At most 1000 characters.", { nullable: true })
  description?: Optional<string>;

  @Shown(
    () => Int,
    "The number of the version that you started from; none for the first. Should there be a later one, you are told.",
    { nullable: true },
  )
  basedOn?: Optional<number>;

  @Shown(() => MoneyInput, "The price of one billing interval; free when not given.", { nullable: true })
  price?: Optional<MoneyInput>;

  @Shown(() => DurationScalar, "How often it is paid, in whole days, weeks, months or years.", {
    nullable: true,
    defaultValue: "P1M",
  })
  billing?: Optional<Period>;

  @Shown(() => DurationScalar, "How long it may be tried before it is paid for; not at all when not given.", { nullable: true })
  trial?: Optional<Period>;

  @Shown(() => [AllotmentInput], "The credits that it gives: at least one allotment, at most 50.")
  allotments!: AllotmentInput[];

  @Shown(() => [PlanOverdraftInput], "How far one may go past them, once for a credit type; not at all when not given.", {
    nullable: true,
  })
  overdrafts?: Optional<PlanOverdraftInput[]>;

  @Shown(() => [String], "The packs that whoever is on it may buy, by name; none when not given. At most 100.", {
    nullable: true,
  })
  packs?: Optional<string[]>;
}

@InputType({ description: "A plan that is taken off the market." })
export class RetirePlanInput extends ReasonedInput {
  @Shown(() => String, "The plan, by name.")
  plan!: string;
}
