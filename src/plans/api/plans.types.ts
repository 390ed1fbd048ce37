import { Int, ObjectType } from "type-graphql";
import type { Instant } from "../../core/time";
import type { ShownAmount, Unit } from "../../core/unit";
import { Access, EVERYONE } from "../../platform/graphql/access";
import { MoneyView } from "../../platform/graphql/money";
import { Node } from "../../platform/graphql/node";
import { connectionType } from "../../platform/graphql/paging";
import { AmountScalar, DateTimeScalar, DurationScalar } from "../../platform/graphql/scalars";
import { Shown } from "../../platform/graphql/shown";
import { RolloverView, ScopeView, showRollover } from "../../wallet";
import type { Allotment, OverdraftLimit } from "../model/types";
import { allotmentWords } from "../model/words";
import type { Plan, PublishedVersion } from "../plan";
import { planId, planVersionId } from "../plan-acts";

@Access(...EVERYONE)
@ObjectType("Plan", {
  implements: Node,
  simpleResolvers: true,
  description: "What is offered under a name: credits for each period, at a price. Its versions say what it promises.",
})
export class PlanView implements Node {
  constructor(readonly plan: Plan) {}

  get id(): string {
    return planId(this.plan.id);
  }

  @Shown(() => String, "Its name; unique, and never changed.")
  get name(): string {
    return this.plan.name;
  }

  @Shown(() => DateTimeScalar, "When it was made.")
  get createdAt(): Instant {
    return this.plan.createdAt;
  }

  @Shown(() => DateTimeScalar, "When it was taken off the market; null: it is on it. Those who are on it stay.", {
    nullable: true,
  })
  get retiredAt(): Instant | null {
    return this.plan.retired?.at ?? null;
  }
}

@Access(...EVERYONE)
@ObjectType("PlanAllotment", { simpleResolvers: true, description: "Credits of one type that a plan gives for each interval." })
export class AllotmentView {
  constructor(
    readonly allotment: Allotment,
    private readonly unit: Unit,
  ) {}

  @Shown(() => AmountScalar, "Credits for one whole interval.")
  get amount(): ShownAmount {
    return this.unit.show(this.allotment.amount);
  }

  @Shown(() => DurationScalar, "How often; it need not be the billing interval.")
  get interval(): string {
    return this.allotment.interval;
  }

  @Shown(() => DurationScalar, "How long each interval's credits live, counted from its beginning; null: until it ends.", {
    nullable: true,
  })
  get life(): string | null {
    return this.allotment.life;
  }

  @Shown(() => RolloverView, "What is kept of what is left at the interval's end; null: nothing.", { nullable: true })
  get rollover(): RolloverView | null {
    const { rollover } = this.allotment;
    return rollover && showRollover(rollover, this.unit);
  }

  @Shown(() => Int, "0-255; the smaller pays first.")
  get priority(): number {
    return this.allotment.priority;
  }

  @Shown(() => ScopeView, "What the credits may be used for.")
  get scope(): ScopeView {
    return this.allotment.scope;
  }

  @Shown(() => Boolean, "Whether they pay off the wallet's debt first.")
  get repaysDebt(): boolean {
    return this.allotment.repaysDebt;
  }

  @Shown(
    () => String,
    "For people to read: `500 credits every month, only for chat.completion, 50 % of what is left is kept for a month`.",
  )
  get words(): string {
    return allotmentWords(this.allotment, this.unit);
  }
}

@Access(...EVERYONE)
@ObjectType("PlanOverdraft", {
  simpleResolvers: true,
  description:
    "How far one may go past the allotments of a credit type. It takes the place of a limit that was set by hand, and ends when the plan does, or is paused.",
})
export class PlanOverdraftView {
  constructor(
    readonly overdraft: OverdraftLimit,
    private readonly unit: Unit,
  ) {}

  @Shown(() => AmountScalar, "The most that may be owed, in credits.")
  get limit(): ShownAmount {
    return this.unit.show(this.overdraft.limit);
  }
}

@Access(...EVERYONE)
@ObjectType("PlanVersion", {
  implements: Node,
  simpleResolvers: true,
  description: "What a plan promises to those who are on this version. Never changed.",
})
export class PlanVersionView implements Node {
  constructor(readonly version: PublishedVersion) {}

  get id(): string {
    return planVersionId(this.version.id);
  }

  @Shown(() => Int, "1, 2, 3, ... within its plan.")
  get number(): number {
    return this.version.terms.version;
  }

  @Shown(() => String, "What people call it.")
  get title(): string {
    return this.version.title;
  }

  @Shown(() => String, "What people are told of it.", { nullable: true })
  get description(): string | null {
    return this.version.description;
  }

  @Shown(() => MoneyView, "The price of one billing interval; null: free.", { nullable: true })
  get price(): MoneyView | null {
    return this.version.terms.price;
  }

  @Shown(() => DurationScalar, "How often it is paid.")
  get billing(): string {
    return this.version.terms.billing;
  }

  @Shown(() => DurationScalar, "How long it may be tried before it is paid for; null: it may not.", { nullable: true })
  get trial(): string | null {
    return this.version.terms.trial;
  }

  @Shown(() => [String], "The packs that whoever is on it may buy, by name.")
  get packs(): readonly string[] {
    return this.version.terms.packs;
  }

  @Access("ADMIN")
  @Shown(() => String, "Why it was published.", { nullable: true })
  get reason(): string | null {
    return this.version.reason;
  }

  @Shown(() => DateTimeScalar, "When it was published.")
  get publishedAt(): Instant {
    return this.version.publishedAt;
  }

  @Access("ADMIN")
  @Shown(() => String, "Who published it.")
  get publishedBy(): string {
    return this.version.publishedBy;
  }
}

export const PlanConnection = connectionType("Plan", () => PlanView);
export const PlanVersionConnection = connectionType("PlanVersion", () => PlanVersionView);
