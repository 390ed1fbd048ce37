import { ID, InputType, Int, ObjectType } from "type-graphql";
import type { Instant } from "../../core/time";
import { Access, EVERYONE } from "../../platform/graphql/access";
import { ReasonedInput } from "../../platform/graphql/reasoned";
import { Refusal } from "../../platform/graphql/refusal";
import { DateTimeScalar, DecimalScalar } from "../../platform/graphql/scalars";
import { Shown } from "../../platform/graphql/shown";
import { RedenominationView } from "./unit.types";
import { CreditTypeView } from "./wallet.types";

/** How units are changed, and what comes of it. */

type Optional<T> = T | null | undefined;

@InputType({ description: "A new unit for a credit type." })
export class RedenominateInput extends ReasonedInput {
  @Shown(() => String, "The credit type, by name.")
  creditType!: string;

  @Shown(
    () => DecimalScalar,
    "How many new credits one of now is: `100`, or `0.01`. A product of twos and fives, so that it can be turned round exactly; at most 1000000 times the first unit either way.",
  )
  factor!: string;

  @Shown(
    () => Int,
    "The number of the last redenomination that you know of; none for the first. Should there be a later one, you are told.",
    { nullable: true },
  )
  basedOn?: Optional<number>;

  @Shown(
    () => DateTimeScalar,
    "From when on; now when not given: then other servers may take some 2 seconds to tell amounts by it. Name an instant that is further ahead, and all begin at it.",
    { nullable: true },
  )
  effectiveFrom?: Optional<Instant>;
}

@InputType({ description: "A redenomination that is not to begin." })
export class WithdrawRedenominationInput extends ReasonedInput {
  @Shown(() => ID, "The redenomination.")
  redenominationId!: string;
}

@Access(...EVERYONE)
@ObjectType({ simpleResolvers: true, description: "What came of changing the unit of a credit type." })
export class RedenominatePayload {
  @Shown(() => RedenominationView, "The redenomination; null when refused.", { nullable: true })
  readonly redenomination!: RedenominationView | null;

  @Shown(() => CreditTypeView, "The credit type, with its unit as it is now; null when refused.", { nullable: true })
  readonly creditType!: CreditTypeView | null;

  @Shown(() => Refusal, "Why nothing was done; null: it was done.", { nullable: true })
  readonly refusal!: Refusal | null;
}
