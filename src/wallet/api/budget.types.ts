import { ObjectType } from "type-graphql";
import { type CalendarUnit, formatInstant, type Instant } from "../../core/time";
import type { ShownAmount } from "../../core/unit";
import { are, credits, either, thousands } from "../../core/words";
import { Access, EVERYONE } from "../../platform/graphql/access";
import { Refusal, RefusalView } from "../../platform/graphql/refusal";
import { AmountScalar, DateTimeScalar } from "../../platform/graphql/scalars";
import { describedEnum, Shown } from "../../platform/graphql/shown";
import { roomIn } from "../model/limits";
import type { Limit } from "../model/types";
import type { ShownKey } from "../units";
import type { Of } from "./refusal.types";

/** What a member of a team may take of a wallet, and the refusal of what is more. */

export const LimitIntervalEnum = describedEnum<CalendarUnit>(
  "LimitInterval",
  "How often a spending limit begins anew: by the calendar of the account's time zone.",
  {
    DAY: "Each day, at midnight.",
    WEEK: "Each week, on Monday.",
    MONTH: "Each month, on the first.",
    YEAR: "Each year, on the first of January.",
  },
);

/** `limit`: as it is at the instant of the answer. */
@Access(...EVERYONE)
@ObjectType("SpendingLimit", {
  simpleResolvers: true,
  description:
    "How many credits a member of a team may take of a wallet in each day, week, month or year. A monthly budget is one for all operations.",
})
export class SpendingLimitView {
  constructor(
    readonly key: ShownKey,
    private readonly limit: Limit,
  ) {}

  @Shown(
    () => [String],
    "The operations that it counts, each a name or a prefix with a trailing `*`; empty: every use, with an operation or without.",
  )
  get operations(): readonly string[] {
    return this.limit.operations;
  }

  @Shown(() => AmountScalar, "How many credits in each interval.")
  get amount(): ShownAmount {
    return this.key.unit.show(this.limit.amount);
  }

  @Shown(() => LimitIntervalEnum, "How often it begins anew.")
  get interval(): CalendarUnit {
    return this.limit.interval;
  }

  @Shown(
    () => AmountScalar,
    "What was taken in the present interval, what is set aside included, and neither released nor refunded since.",
  )
  get used(): ShownAmount {
    return this.key.unit.show(this.limit.used);
  }

  @Shown(() => AmountScalar, "What may still be taken in the present interval.")
  get remaining(): ShownAmount {
    return this.key.unit.show(roomIn(this.limit));
  }

  @Shown(() => DateTimeScalar, "When the next interval begins.")
  get resetsAt(): Instant {
    return this.limit.window.until;
  }
}

@Access(...EVERYONE)
@ObjectType({
  implements: Refusal,
  simpleResolvers: true,
  description: "A limit of the member of the team does not allow it; nothing was taken.",
})
export class BudgetExceeded extends RefusalView {
  readonly code = "BUDGET_EXCEEDED";

  constructor(
    private readonly refusal: Of<"BUDGET_EXCEEDED">,
    readonly key: ShownKey,
  ) {
    super();
  }

  /** The member's number in its account. */
  get number(): number {
    return this.refusal.member;
  }

  get message(): string {
    const { limit, required, roomFrom } = this.refusal;
    const { interval, operations } = limit;
    const { unit } = this.key;
    const room = roomIn(limit);
    const [most, used, needed] = [unit.format(limit.amount), unit.format(limit.used), unit.format(required)];
    const what = `${operations.length === 0 ? "" : ` on ${operations.join(", ")}`} in a ${interval.toLowerCase()}`;
    const instead = [
      ...(room === 0n ? [] : [`ask for ${thousands(unit.format(room))} at most`]),
      // Waiting is no advice for what is more than the whole of a limit.
      ...(roomFrom === null ? [] : [`wait until ${formatInstant(roomFrom)}`]),
      "raise the limit",
    ];
    const advice = either(instead);
    if (limit.amount === 0n)
      return `The member may spend no credits${what}, and ${thousands(needed)} ${are(needed)} needed: ${advice}.`;
    const taken = `${thousands(used)} of the ${credits(most)} that the member may spend${what} ${are(used)} used`;
    return `${taken}, and ${thousands(needed)} more ${are(needed)} needed: ${advice}.`;
  }

  @Shown(() => SpendingLimitView, "The limit that leaves the least room, as it is.")
  get limit(): SpendingLimitView {
    return new SpendingLimitView(this.key, this.refusal.limit);
  }

  @Shown(() => AmountScalar, "Credits that were asked for.")
  get required(): ShownAmount {
    return this.key.unit.show(this.refusal.required);
  }

  @Shown(() => AmountScalar, "What was taken in the limit's present interval.")
  get used(): ShownAmount {
    return this.key.unit.show(this.refusal.limit.used);
  }

  @Shown(() => AmountScalar, "What the limit still leaves.")
  get remaining(): ShownAmount {
    return this.key.unit.show(roomIn(this.refusal.limit));
  }

  @Shown(() => DateTimeScalar, "When the limit begins anew.")
  get resetsAt(): Instant {
    return this.refusal.limit.window.until;
  }
}
