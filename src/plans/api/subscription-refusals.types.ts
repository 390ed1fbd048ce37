import { ObjectType } from "type-graphql";
import { Access, EVERYONE } from "../../platform/graphql/access";
import { Refusal, RefusalView } from "../../platform/graphql/refusal";
import { Shown } from "../../platform/graphql/shown";
import type { SubscriptionRefusal } from "../model/commands";
import type { Subscription, SubscriptionStatus } from "../model/types";
import type { PublishedVersion } from "../plan";
import { PlanVersionView } from "./plans.types";
import { AheadView, SubscriptionStatusEnum, SubscriptionView } from "./subscriptions.types";

/** What the rules forbid whoever changes subscriptions. */

@Access(...EVERYONE)
@ObjectType({ implements: Refusal, simpleResolvers: true, description: "The account is on a plan already." })
export class AlreadySubscribed extends RefusalView {
  readonly code = "ALREADY_SUBSCRIBED";
  readonly message = "The account is on a plan already: use changeSubscription.";

  constructor(private readonly live: SubscriptionView) {
    super();
  }

  @Shown(() => SubscriptionView, "What it is on.")
  get subscription(): SubscriptionView {
    return this.live;
  }
}

@Access(...EVERYONE)
@ObjectType({
  implements: Refusal,
  simpleResolvers: true,
  description: "The subscription is in a status in which this cannot be done.",
})
export class NotInThisStatus extends RefusalView {
  readonly code = "NOT_IN_THIS_STATUS";

  constructor(private readonly refusal: Extract<SubscriptionRefusal, { readonly code: "NOT_IN_THIS_STATUS" }>) {
    super();
  }

  get message(): string {
    return `The subscription is ${this.refusal.status}: this can be done while it is ${this.refusal.allowed.join(" or ")}.`;
  }

  @Shown(() => SubscriptionStatusEnum, "Its status.")
  get status(): SubscriptionStatus {
    return this.refusal.status;
  }

  @Shown(() => [SubscriptionStatusEnum], "The statuses in which it could be done.")
  get allowed(): readonly SubscriptionStatus[] {
    return this.refusal.allowed;
  }
}

@Access(...EVERYONE)
@ObjectType({
  implements: Refusal,
  simpleResolvers: true,
  description: "The subscription is on this version of the plan already.",
})
export class AlreadyOnThisVersion extends RefusalView {
  readonly code = "ALREADY_ON_THIS_VERSION";

  constructor(private readonly present: PublishedVersion) {
    super();
  }

  get message(): string {
    const { plan, version } = this.present.terms;
    return `The subscription is on version ${version} of ${plan} already: there is nothing to change.`;
  }

  @Shown(() => PlanVersionView, "The version.")
  get version(): PlanVersionView {
    return new PlanVersionView(this.present);
  }
}

@Access(...EVERYONE)
@ObjectType({
  implements: Refusal,
  simpleResolvers: true,
  description: "Nothing is to happen at the end of the subscription's period.",
})
export class NothingAhead extends RefusalView {
  readonly code = "NOTHING_AHEAD";
  readonly message = "Nothing is to happen at the period's end: there is nothing to take back.";
}

@Access("ADMIN")
@ObjectType({
  implements: Refusal,
  simpleResolvers: true,
  description:
    "A migration is not about the subscription: it has left those versions, is to leave the plan or go over to a later version at the period's end, or is not to come to them any more.",
})
export class LeavesThePlan extends RefusalView {
  readonly code = "LEAVES_THE_PLAN";

  constructor(
    private readonly present: PublishedVersion,
    private readonly next: Subscription["ahead"],
  ) {
    super();
  }

  get message(): string {
    const { plan, version } = this.present.terms;
    return `The subscription is on version ${version} of ${plan}${this.#nextWords}: what was ordered for it alone counts. Should it go over all the same, use changeSubscription.`;
  }

  get #nextWords(): string {
    if (this.next === null) return "";
    return this.next.what === "CANCEL"
      ? " until the period's end"
      : ` until it goes over to version ${this.next.to.version} of ${this.next.to.plan}`;
  }

  @Shown(() => PlanVersionView, "What it is on.")
  get version(): PlanVersionView {
    return new PlanVersionView(this.present);
  }

  @Shown(() => AheadView, "What is to happen at the period's end; null: nothing.", { nullable: true })
  get ahead(): AheadView | null {
    return this.next && new AheadView(this.next);
  }
}
