import { ObjectType } from "type-graphql";
import { formatInstant } from "../../core/time";
import { Access, EVERYONE } from "../../platform/graphql/access";
import { NotValidView } from "../../platform/graphql/problems";
import { Refusal, RefusalView } from "../../platform/graphql/refusal";
import { Shown } from "../../platform/graphql/shown";
import type { Plan, PublishedVersion } from "../plan";
import { PlanVersionView, PlanView } from "./plans.types";

/** What the rules forbid whoever publishes plans. */

@Access(...EVERYONE)
@ObjectType({
  implements: Refusal,
  simpleResolvers: true,
  description: "Somebody else has published a version of the plan since the one that this is based on.",
})
export class PlanChanged extends RefusalView {
  readonly code = "PLAN_CHANGED";

  constructor(private readonly other: PublishedVersion | null) {
    super();
  }

  get message(): string {
    if (this.other === null) return "This plan has no version yet: leave basedOn out.";
    const { terms, publishedBy, publishedAt } = this.other;
    return `Version ${terms.version} was published by ${publishedBy} at ${formatInstant(publishedAt)}: look at it, and base yours on it.`;
  }

  @Shown(() => PlanVersionView, "The latest version; null: there is none.", { nullable: true })
  get latest(): PlanVersionView | null {
    return this.other && new PlanVersionView(this.other);
  }
}

@Access(...EVERYONE)
@ObjectType({
  implements: Refusal,
  simpleResolvers: true,
  description: "The plan promises what cannot be kept; nothing was published.",
})
export class PlanNotValid extends NotValidView {
  readonly code = "PLAN_NOT_VALID";
}

@Access(...EVERYONE)
@ObjectType({ implements: Refusal, simpleResolvers: true, description: "The plan is off the market." })
export class PlanRetired extends RefusalView {
  readonly code = "PLAN_RETIRED";

  /** `published`: it was to get another version; otherwise somebody was to be put on it. */
  constructor(
    private readonly retired: Plan,
    private readonly published = false,
  ) {
    super();
  }

  get message(): string {
    const instead = this.published ? "publish under another name" : "choose another";
    return `The plan ${this.retired.name} is off the market: ${instead}. Those who are on it stay.`;
  }

  @Shown(() => PlanView, "The plan.")
  get plan(): PlanView {
    return new PlanView(this.retired);
  }
}
