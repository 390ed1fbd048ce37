import { ID, InputType, Int, ObjectType } from "type-graphql";
import { AccountView, TestClockView } from "../accounts";
import type { Instant, Period } from "../core/time";
import { Access } from "../platform/graphql/access";
import { ReasonedInput } from "../platform/graphql/reasoned";
import { Refusal } from "../platform/graphql/refusal";
import { DateTimeScalar, DurationScalar } from "../platform/graphql/scalars";
import { Shown } from "../platform/graphql/shown";

@InputType()
abstract class OfAccountInput extends ReasonedInput {
  @Shown(() => ID, "The account. Either this or `externalId`.", { nullable: true })
  readonly accountId?: string | null;

  @Shown(() => String, "The account, by your own id.", { nullable: true })
  readonly externalId?: string | null;
}

@InputType({ description: "An account to put on a clock of its own." })
export class StartTestClockInput extends OfAccountInput {
  @Shown(() => DateTimeScalar, "The time to begin at, not before now, and at most ten years on; now when not given.", {
    nullable: true,
  })
  readonly at?: Instant | null;
}

@InputType({ description: "How far an account's time is to go on: exactly one of `to` and `by`." })
export class AdvanceTestClockInput extends OfAccountInput {
  @Shown(
    () => DateTimeScalar,
    "The instant, not before what the clock shows, and at most ten years after it. Safe to send twice.",
    { nullable: true },
  )
  readonly to?: Instant | null;

  @Shown(() => DurationScalar, "By how much, such as `P1M`, in the account's time zone: at most ten years.", { nullable: true })
  readonly by?: Period | null;
}

@Access("ADMIN")
@ObjectType({ simpleResolvers: true })
abstract class TestClockPayload {
  @Shown(() => AccountView, "The account; null when refused.", { nullable: true })
  readonly account!: AccountView | null;

  @Shown(() => TestClockView, "Its clock; null when refused.", { nullable: true })
  readonly testClock!: TestClockView | null;

  @Shown(
    () => Boolean,
    "True when the clock shows the time asked for. False when refused, or when so much fell due on the way that it stopped before: advance it again to go on.",
  )
  readonly reached!: boolean;

  @Shown(() => Int, "How many transactions were written in the account's wallets meanwhile.")
  readonly transactions!: number;

  @Shown(() => Refusal, "Why nothing was done; null: it was done.", { nullable: true })
  readonly refusal!: Refusal | null;
}

@Access("ADMIN")
@ObjectType({ simpleResolvers: true, description: "What came of putting an account on a clock of its own." })
export class StartTestClockPayload extends TestClockPayload {
  @Shown(() => Boolean, "True when it was started now; false when the account had one before.")
  readonly started!: boolean;
}

@Access("ADMIN")
@ObjectType({ simpleResolvers: true, description: "What came of letting an account's time pass." })
export class AdvanceTestClockPayload extends TestClockPayload {}
