import { ObjectType } from "type-graphql";
import { formatInstant, type Instant } from "../core/time";
import { Access } from "../platform/graphql/access";
import { Refusal, RefusalView } from "../platform/graphql/refusal";
import { DateTimeScalar } from "../platform/graphql/scalars";
import { Shown } from "../platform/graphql/shown";

/** What the rules forbid whoever sets clocks. */

@Access("ADMIN")
@ObjectType({
  implements: Refusal,
  simpleResolvers: true,
  description: "Something was paid for in the account: its time is real.",
})
export class HasPayments extends RefusalView {
  readonly code = "HAS_PAYMENTS";
  readonly message = "A wallet of the account has credits that were paid for: try things out with another account.";
}

@Access("ADMIN")
@ObjectType({ implements: Refusal, simpleResolvers: true, description: "The account has no test clock." })
export class NoTestClock extends RefusalView {
  readonly code = "NO_TEST_CLOCK";
  readonly message =
    "The account goes by the real time: put it on a clock of its own with startTestClock, if it is for trying things out.";
}

@Access("ADMIN")
@ObjectType({
  implements: Refusal,
  simpleResolvers: true,
  description: "It is later than that already by the account's clock, which never goes back.",
})
export class ClockNotLater extends RefusalView {
  readonly code = "CLOCK_NOT_LATER";

  constructor(private readonly at: Instant) {
    super();
  }

  get message(): string {
    return `For the account it is ${formatInstant(this.at)} already: name a later instant.`;
  }

  @Shown(() => DateTimeScalar, "What time it is for the account.")
  get now(): Instant {
    return this.at;
  }
}

@Access("ADMIN")
@ObjectType({ implements: Refusal, simpleResolvers: true, description: "A test clock goes on by at most ten years at once." })
export class ClockTooFar extends RefusalView {
  readonly code = "CLOCK_TOO_FAR";

  constructor(private readonly last: Instant) {
    super();
  }

  get message(): string {
    return `Name an instant no later than ${formatInstant(this.last)}; from there it can go on.`;
  }

  @Shown(() => DateTimeScalar, "The latest instant that it can be set to now: ten years on, and never after 2199.")
  get latest(): Instant {
    return this.last;
  }
}
