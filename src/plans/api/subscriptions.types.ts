import { ObjectType } from "type-graphql";
import { formatId } from "../../core/ids";
import type { Instant } from "../../core/time";
import { Access, EVERYONE } from "../../platform/graphql/access";
import { Node } from "../../platform/graphql/node";
import { connectionType } from "../../platform/graphql/paging";
import { DateTimeScalar } from "../../platform/graphql/scalars";
import { describedEnum, Shown } from "../../platform/graphql/shown";
import { billingSpan } from "../model/course";
import type { PlanGrant, PlanVersion as PlanVersionTerms, Subscription, SubscriptionStatus } from "../model/types";
import { type SubscriptionKey, subscriptionId } from "../plan";
import { asOf } from "../standing";
import type { EventType, PlanAct, Standing, SubscriptionEvent } from "../subscription";

export const SubscriptionStatusEnum = describedEnum<SubscriptionStatus>(
  "PlanSubscriptionStatus",
  "What a subscription is at, judged by the account's time.",
  {
    TRIALING: "It is on trial: allotments are given, nobody has to pay.",
    ACTIVE: "Allotments are given.",
    PAUSED: "Nothing is given until it is resumed.",
    UNPAID: "A payment failed: nothing is given until it is resumed.",
    ENDED: "It is over, for good.",
  },
);

const AheadEnum = describedEnum<"CANCEL" | "CHANGE">("AheadKind", "What is to happen at the end of a subscription's period.", {
  CANCEL: "It ends.",
  CHANGE: "It goes over to another plan version.",
});

@Access(...EVERYONE)
@ObjectType({
  simpleResolvers: true,
  description: "What a subscription is billed for at once: one billing interval, or a trial.",
})
export class SubscriptionPeriod {
  @Shown(() => DateTimeScalar, "When it began.")
  readonly start!: Instant;

  @Shown(() => DateTimeScalar, "When it is over, and the next one begins.")
  readonly end!: Instant;
}

@Access(...EVERYONE)
@ObjectType("SubscriptionAhead", {
  simpleResolvers: true,
  description: "What is to happen at the end of a subscription's period.",
})
export class AheadView {
  constructor(private readonly ahead: NonNullable<Subscription["ahead"]>) {}

  @Shown(() => AheadEnum, "What.")
  get what() {
    return this.ahead.what;
  }

  @Shown(() => DateTimeScalar, "When.")
  get at(): Instant {
    return this.ahead.at;
  }

  get to(): PlanVersionTerms | null {
    return this.ahead.what === "CHANGE" ? this.ahead.to : null;
  }
}

@Access(...EVERYONE)
@ObjectType("SubscriptionAllotment", {
  simpleResolvers: true,
  description: "Credits that a subscription gives for one period: the present one, or the next.",
})
export class SubscriptionAllotmentView {
  constructor(
    readonly key: SubscriptionKey,
    readonly given: PlanGrant,
    private readonly now: Instant,
  ) {}

  @Shown(() => DateTimeScalar, "From when on they can be spent.")
  get effectiveAt(): Instant {
    return this.given.effectiveAt;
  }

  @Shown(() => DateTimeScalar, "When what is left of them expires.")
  get expiresAt(): Instant {
    return this.given.expiresAt;
  }

  @Shown(() => Boolean, "True: of the present period. False: of the next, already in the wallet and pending.")
  get present(): boolean {
    return this.given.effectiveAt <= this.now;
  }
}

/** `now`: the account's time. */
@Access(...EVERYONE)
@ObjectType("PlanSubscription", {
  implements: Node,
  simpleResolvers: true,
  description: "An account on a plan. What time has made of it is always told, whether or not anything was written yet.",
})
export class SubscriptionView implements Node {
  readonly state: Subscription;

  constructor(
    readonly standing: Standing,
    readonly now: Instant,
  ) {
    this.state = asOf(standing.state, now);
  }

  get key(): SubscriptionKey {
    return this.standing.key;
  }

  get id(): string {
    return subscriptionId(this.standing.key);
  }

  @Shown(() => SubscriptionStatusEnum, "What it is at.")
  get status(): SubscriptionStatus {
    return this.state.status;
  }

  @Shown(() => DateTimeScalar, "When it started.")
  get startedAt(): Instant {
    return this.state.startedAt;
  }

  @Shown(() => DateTimeScalar, "When it ended; null: it has not.", { nullable: true })
  get endedAt(): Instant | null {
    return this.state.endedAt;
  }

  @Shown(() => SubscriptionPeriod, "What it is billed for at present; null: it has ended.", { nullable: true })
  get currentPeriod(): SubscriptionPeriod | null {
    return this.state.status === "ENDED"
      ? null
      : billingSpan(this.state, this.state.clockAt > this.now ? this.state.clockAt : this.now);
  }

  @Shown(() => DateTimeScalar, "When its trial is over; null: it is on none.", { nullable: true })
  get trialUntil(): Instant | null {
    return this.state.status === "ENDED" ? null : this.state.course.trialUntil;
  }

  @Shown(() => AheadView, "What is to happen at the period's end; null: it goes on.", { nullable: true })
  get ahead(): AheadView | null {
    return this.state.ahead && new AheadView(this.state.ahead);
  }

  @Shown(() => [SubscriptionAllotmentView], "What it gives for the present periods and the next, the earliest first.")
  get allotments(): readonly SubscriptionAllotmentView[] {
    const given = [...this.state.grants].sort((a, b) => Number(a.effectiveAt - b.effectiveAt));
    return given.map((grant) => new SubscriptionAllotmentView(this.key, grant, this.now));
  }
}

const EventTypeEnum = describedEnum<Uppercase<EventType>>("SubscriptionEventType", "What was done about a subscription.", {
  START: "It started.",
  CHANGE: "It was to go over to another plan version, at once or at the period's end.",
  CANCEL: "It was cancelled, at once or at the period's end.",
  PAUSE: "It was paused.",
  UNPAID: "A payment failed.",
  RESUME: "It was resumed.",
  WITHDRAW: "What was to happen at the period's end was taken back.",
  RENEW: "Time did it: a period began, and what is given for the one after it came into the wallet.",
  TRIAL_END: "Time did it: the trial was over, and the paid plan began.",
  GO_OVER: "Time did it: it went over to another plan version, as it was to.",
  END: "Time did it: it ended, as it was to.",
  TICK: "Time did something else.",
});

@Access(...EVERYONE)
@ObjectType("SubscriptionEvent", {
  implements: Node,
  simpleResolvers: true,
  description: "What was done about a subscription, by somebody or by time alone, and what came of it for the wallets.",
})
export class SubscriptionEventView implements Node {
  constructor(readonly event: SubscriptionEvent) {}

  get id(): string {
    const { key, number } = this.event;
    return formatId("subscriptionCommand", key.accountId, key.number, number);
  }

  @Shown(() => EventTypeEnum, "What was done.")
  get type() {
    return this.event.type.toUpperCase();
  }

  @Shown(() => DateTimeScalar, "When, by the account's time.")
  get at(): Instant {
    return this.event.at;
  }

  @Shown(() => String, "Who did it; `plan:` and the plan's name for what time does.")
  get actor(): string {
    return this.event.actor;
  }

  @Access("ADMIN")
  @Shown(() => String, "Why, as the operator said.", { nullable: true })
  get reason(): string | null {
    return this.event.reason;
  }

  @Shown(() => SubscriptionStatusEnum, "The subscription's status after it.")
  get status(): SubscriptionStatus {
    return this.event.status;
  }
}

export const ActKindEnum = describedEnum<Uppercase<PlanAct["act"]["act"]>>("PlanActKind", "What a plan does to a wallet.", {
  GRANT: "It gives credits.",
  VOID: "It withdraws a grant that it gave: what is left of it.",
  KEEP: "It withdraws so much of a grant that it gave that the share of the time that has passed is kept, as far as that is not spent.",
  OVERDRAFT: "It sets how far one may go below zero.",
});

@Access(...EVERYONE)
@ObjectType("PlanAct", { simpleResolvers: true, description: "What a plan has done to a wallet, or is about to do." })
export class PlanActView {
  constructor(readonly planAct: PlanAct) {}

  @Shown(() => ActKindEnum, "What.")
  get what() {
    return this.planAct.act.act.toUpperCase();
  }

  @Shown(
    () => DateTimeScalar,
    "When the wallet had really done it, whatever time it was for the account, or had nothing left to do; null: not yet.",
    { nullable: true },
  )
  get performedAt(): Instant | null {
    return this.planAct.performedAt;
  }
}

export const SubscriptionConnection = connectionType("PlanSubscription", () => SubscriptionView);
export const SubscriptionEventConnection = connectionType("SubscriptionEvent", () => SubscriptionEventView);
