import { InterfaceType, ObjectType } from "type-graphql";
import { formatInstant, type Instant } from "../../core/time";
import { Access, EVERYONE } from "./access";
import { DateTimeScalar } from "./scalars";
import { describedEnum, Shown } from "./shown";

export type RefusalCode =
  | "INSUFFICIENT_CREDITS"
  | "IDEMPOTENCY_MISMATCH"
  | "NOT_FOUND"
  | "ALREADY_EXISTS"
  | "HOLD_ENDED"
  | "CAPTURE_EXCEEDS_HOLD"
  | "HOLD_EXPIRY_NOT_LATER"
  | "GRANT_NOT_ELIGIBLE"
  | "REFUND_EXCEEDS_SPEND"
  | "NOT_REFUNDABLE"
  | "TRANSFER_NOT_POSSIBLE"
  | "OCCURRED_IN_FUTURE"
  | "EXPIRES_IN_PAST"
  | "BALANCE_OUT_OF_RANGE"
  | "TOO_MANY_THRESHOLDS"
  | "NOT_PRICED"
  | "BUDGET_EXCEEDED"
  | "PRICES_CHANGED"
  | "PRICES_NOT_VALID"
  | "EFFECTIVE_IN_PAST"
  | "ALREADY_EFFECTIVE"
  | "LATER_VERSION_PLANNED"
  | "PACK_CHANGED"
  | "PACK_NOT_VALID"
  | "PACK_RETIRED"
  | "PLAN_CHANGED"
  | "PLAN_NOT_VALID"
  | "PLAN_RETIRED"
  | "ALREADY_SUBSCRIBED"
  | "NOT_IN_THIS_STATUS"
  | "ALREADY_ON_THIS_VERSION"
  | "NOTHING_AHEAD"
  | "LEAVES_THE_PLAN"
  | "MIGRATION_UNDER_WAY"
  | "UNIT_CHANGED"
  | "LATER_UNIT_PLANNED"
  | "UNIT_OUT_OF_RANGE"
  | "HAS_PAYMENTS"
  | "NO_TEST_CLOCK"
  | "CLOCK_NOT_LATER"
  | "CLOCK_TOO_FAR";

/** The closed list of what the rules may forbid; codes are added, never renamed or removed. */
export const RefusalCodeEnum = describedEnum<RefusalCode>("RefusalCode", "What the rules forbid. New codes may be added.", {
  INSUFFICIENT_CREDITS: "The wallet's grants cannot pay all of it; nothing was taken.",
  IDEMPOTENCY_MISMATCH: "The idempotency key was used before, with other input.",
  NOT_FOUND: "Something that the input names does not exist, or is not the caller's to use.",
  ALREADY_EXISTS: "Something by that name exists already.",
  HOLD_ENDED: "The hold was captured, released, or has expired.",
  CAPTURE_EXCEEDS_HOLD: "More was to be captured than is held.",
  HOLD_EXPIRY_NOT_LATER: "A hold can only be extended to a later instant.",
  GRANT_NOT_ELIGIBLE: "The grant has ended, so nothing can be withdrawn from it.",
  REFUND_EXCEEDS_SPEND: "More was to be given back than was spent and not yet given back.",
  NOT_REFUNDABLE: "The transaction is neither a spend nor a capture.",
  TRANSFER_NOT_POSSIBLE: "Credits cannot move between these two wallets.",
  OCCURRED_IN_FUTURE: "The use is said to have happened later than now.",
  EXPIRES_IN_PAST: "The expiry is not later than the beginning.",
  BALANCE_OUT_OF_RANGE: "The wallet would hold more than amounts can say.",
  TOO_MANY_THRESHOLDS: "The wallet has as many alert thresholds as it may have.",
  NOT_PRICED: "The price list has no price for the use, or more must be known of it.",
  BUDGET_EXCEEDED: "A limit of the member of the team does not allow it; nothing was taken.",
  PRICES_CHANGED: "Somebody else has published a version of the price list since the one that this is based on.",
  PRICES_NOT_VALID: "The prices contradict themselves or each other.",
  EFFECTIVE_IN_PAST: "Something was to begin before now.",
  ALREADY_EFFECTIVE: "What has begun cannot be withdrawn any more.",
  LATER_VERSION_PLANNED: "A version that begins later is planned already.",
  PACK_CHANGED: "Somebody else has published a version of the pack since the one that this is based on.",
  PACK_NOT_VALID: "The pack cannot be sold as it is given.",
  PACK_RETIRED: "The pack is not for sale any more, for good.",
  PLAN_CHANGED: "Somebody else has published a version of the plan since the one that this is based on.",
  PLAN_NOT_VALID: "The plan promises what cannot be kept.",
  PLAN_RETIRED: "The plan is off the market.",
  ALREADY_SUBSCRIBED: "The account is on a plan already.",
  NOT_IN_THIS_STATUS: "The subscription is in a status in which this cannot be done.",
  ALREADY_ON_THIS_VERSION: "The subscription is on this version of the plan already.",
  NOTHING_AHEAD: "Nothing is to happen at the end of the subscription's period.",
  LEAVES_THE_PLAN:
    "The subscription is not on the versions that a migration is about any more, nor to come to them, or is to leave the plan at the period's end.",
  MIGRATION_UNDER_WAY: "An earlier migration has yet to bring subscriptions to a version that is to be left.",
  UNIT_CHANGED: "Somebody else has redenominated the credit type since the one that this is based on.",
  LATER_UNIT_PLANNED: "A redenomination that begins later is planned already.",
  UNIT_OUT_OF_RANGE: "The unit would be too far from the first one.",
  HAS_PAYMENTS: "Something was paid for in the account: its time is real.",
  NO_TEST_CLOCK: "The account has no test clock.",
  CLOCK_NOT_LATER: "It is later than that already by the account's clock.",
  CLOCK_TOO_FAR: "A test clock goes on by at most ten years at once.",
});

/** What the rules forbid, as data. Each room has concrete types with what a client needs to go on. */
@InterfaceType("Refusal", {
  description: "Why a mutation did nothing: the rules forbid it. Malformed input, missing rights and faults are errors instead.",
})
export abstract class Refusal {
  @Shown(() => RefusalCodeEnum, "What the rules forbid: for programs.")
  readonly code!: RefusalCode;

  @Shown(() => String, "What it means, and what to do: for people.")
  readonly message!: string;
}

/** A refusal with its text; concrete types extend it. */
export abstract class RefusalView implements Refusal {
  abstract readonly code: RefusalCode;
  abstract readonly message: string;
}

@Access(...EVERYONE)
@ObjectType({
  implements: Refusal,
  simpleResolvers: true,
  description: "Something that the input names does not exist, or is not the caller's to use.",
})
export class NotFound extends RefusalView {
  readonly code = "NOT_FOUND";

  /** `said`: what is wrong, where more can be told than that there is nothing. */
  constructor(
    private readonly input: string,
    private readonly said: string | null = null,
  ) {
    super();
  }

  get message(): string {
    return this.said ?? `There is nothing by this ${this.input}: check it.`;
  }

  @Shown(() => String, "The field of the input that names it.")
  get field(): string {
    return this.input;
  }
}

@Access(...EVERYONE)
@ObjectType({ implements: Refusal, simpleResolvers: true, description: "Something by that name exists already." })
export class AlreadyExists extends RefusalView {
  readonly code = "ALREADY_EXISTS";

  constructor(private readonly input: string) {
    super();
  }

  get message(): string {
    return `There is one with this ${this.input} already: use it, or choose another.`;
  }

  @Shown(() => String, "The field of the input that is taken.")
  get field(): string {
    return this.input;
  }
}

@Access(...EVERYONE)
@ObjectType({ implements: Refusal, simpleResolvers: true, description: "It was to begin before now." })
export class EffectiveInPast extends RefusalView {
  readonly code = "EFFECTIVE_IN_PAST";

  constructor(
    private readonly at: Instant,
    private readonly input: string,
  ) {
    super();
  }

  get message(): string {
    return `It is ${formatInstant(this.at)} here, later than ${this.input}: name a later instant, or leave it out to begin now.`;
  }

  @Shown(() => String, "The field of the input that names it.")
  get field(): string {
    return this.input;
  }

  @Shown(() => DateTimeScalar, "The time by which it was judged.")
  get now(): Instant {
    return this.at;
  }
}
