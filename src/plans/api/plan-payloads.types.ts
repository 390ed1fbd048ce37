import { ObjectType } from "type-graphql";
import { Access, EVERYONE } from "../../platform/graphql/access";
import { Refusal } from "../../platform/graphql/refusal";
import { Shown } from "../../platform/graphql/shown";
import { PlanVersionView, PlanView } from "./plans.types";

@Access(...EVERYONE)
@ObjectType({ simpleResolvers: true })
abstract class PlanPayload {
  @Shown(() => PlanView, "The plan; null when refused.", { nullable: true })
  readonly plan!: PlanView | null;

  @Shown(() => Refusal, "Why nothing was done; null: it was done.", { nullable: true })
  readonly refusal!: Refusal | null;
}

@Access(...EVERYONE)
@ObjectType({ simpleResolvers: true, description: "What came of publishing a version of a plan." })
export class PublishPlanPayload extends PlanPayload {
  @Shown(() => PlanVersionView, "The version; null when refused.", { nullable: true })
  readonly version!: PlanVersionView | null;
}

@Access(...EVERYONE)
@ObjectType({ simpleResolvers: true, description: "What came of taking a plan off the market." })
export class RetirePlanPayload extends PlanPayload {}
