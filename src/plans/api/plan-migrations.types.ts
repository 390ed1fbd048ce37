import { InputType, Int, ObjectType } from "type-graphql";
import type { Instant } from "../../core/time";
import { Access } from "../../platform/graphql/access";
import { Node } from "../../platform/graphql/node";
import { connectionType } from "../../platform/graphql/paging";
import { ReasonedInput } from "../../platform/graphql/reasoned";
import { Refusal, type RefusalCode, RefusalCodeEnum, RefusalView } from "../../platform/graphql/refusal";
import { DateTimeScalar } from "../../platform/graphql/scalars";
import { Shown } from "../../platform/graphql/shown";
import { migrationId } from "../migrate-subscriptions";
import type { ChangeTime } from "../model/commands";
import type { PublishedVersion } from "../plan";
import type { PlanMigration } from "../plan-migration";
import type { Optional } from "./plan-inputs.types";
import { PlanVersionView } from "./plans.types";
import { SubscriptionPreview } from "./preview.types";
import { ChangeTimeEnum } from "./subscription-inputs.types";
import { SubscriptionView } from "./subscriptions.types";

const VERSIONS =
  "The numbers of the versions that they are on, or are to come to; all but the latest when not given. At most 100.";

@InputType({ description: "Subscriptions that would go over to the latest version of their plan." })
export class PreviewMigrationInput {
  @Shown(() => String, "The plan, by name.")
  plan!: string;

  @Shown(() => [Int], VERSIONS, { nullable: true })
  versions?: Optional<number[]>;

  @Shown(() => ChangeTimeEnum, "When each goes over.")
  when!: ChangeTime;
}

@InputType({ description: "Subscriptions that are to go over to the latest version of their plan." })
export class MigrateSubscriptionsInput extends ReasonedInput {
  @Shown(() => String, "The plan, by name.")
  plan!: string;

  @Shown(() => [Int], VERSIONS, { nullable: true })
  versions?: Optional<number[]>;

  @Shown(() => ChangeTimeEnum, "When each goes over.")
  when!: ChangeTime;

  @Shown(
    () => String,
    "Makes it safe to send twice: the same key with the same input answers the first migration. 1-255 characters, unique over all migrations.",
    { nullable: true },
  )
  idempotencyKey?: Optional<string>;
}

@Access("ADMIN")
@ObjectType("PlanMigration", {
  implements: Node,
  simpleResolvers: true,
  description:
    "That all who are on some versions of a plan, or are to come to one, go over to its latest: ordered once, carried out bit by bit.",
})
export class PlanMigrationView implements Node {
  constructor(readonly migration: PlanMigration) {}

  get id(): string {
    return migrationId(this.migration.id);
  }

  @Shown(() => [Int], "The numbers of the versions that are left.")
  get from(): readonly number[] {
    return this.migration.from;
  }

  @Shown(() => ChangeTimeEnum, "When each goes over.")
  get when(): ChangeTime {
    return this.migration.when;
  }

  @Shown(() => String, "Why, as the operator said.", { nullable: true })
  get reason(): string | null {
    return this.migration.reason;
  }

  @Shown(() => DateTimeScalar, "When it was ordered.")
  get startedAt(): Instant {
    return this.migration.startedAt;
  }

  @Shown(() => String, "Who ordered it.")
  get startedBy(): string {
    return this.migration.startedBy;
  }

  @Shown(() => DateTimeScalar, "When it had come to everybody; null: it has not yet.", { nullable: true })
  get endedAt(): Instant | null {
    return this.migration.endedAt;
  }
}

@Access("ADMIN")
@ObjectType({
  implements: Refusal,
  simpleResolvers: true,
  description: "An earlier migration has yet to bring subscriptions to a version that is to be left: they would be missed.",
})
export class MigrationUnderWay extends RefusalView {
  readonly code = "MIGRATION_UNDER_WAY";

  constructor(private readonly earlier: PlanMigration) {
    super();
  }

  get message(): string {
    const { from } = this.earlier;
    return `The migration ${migrationId(this.earlier.id)} has yet to bring subscriptions from version ${from.join(", ")} to one that is to be left: order this one when that has ended, or name version ${from.join(", ")}, too.`;
  }

  @Shown(() => PlanMigrationView, "The earlier migration.")
  get migration(): PlanMigrationView {
    return new PlanMigrationView(this.earlier);
  }
}

@Access("ADMIN")
@ObjectType({ simpleResolvers: true, description: "How far a migration is." })
export class MigrationProgress {
  @Shown(() => Int, "How many were on the versions, or were to come to one, when it was ordered.")
  readonly total!: number;

  @Shown(() => Int, "How many of them have gone over, or will at their period's end.")
  readonly done!: number;

  @Shown(
    () => Int,
    "How many could not: they had ended or were paused by then, had left these versions, or are to leave the plan at the period's end.",
  )
  readonly refused!: number;
}

@Access("ADMIN")
@ObjectType({ simpleResolvers: true, description: "What came of ordering a migration." })
export class MigrateSubscriptionsPayload {
  @Shown(() => PlanMigrationView, "The migration; null when refused.", { nullable: true })
  readonly migration!: PlanMigrationView | null;

  @Shown(() => Boolean, "True when this idempotencyKey had ordered it before: nothing was ordered now.")
  readonly replayed!: boolean;

  @Shown(() => Refusal, "Why nothing was done; null: it was done.", { nullable: true })
  readonly refusal!: Refusal | null;
}

@Access("ADMIN")
@ObjectType({ simpleResolvers: true, description: "A subscription that a migration passed over." })
export class RefusedMigration {
  @Shown(() => SubscriptionView, "The subscription, as it is now.")
  readonly subscription!: SubscriptionView;

  @Shown(() => RefusalCodeEnum, "What forbade it when it came to it.")
  readonly code!: RefusalCode;
}

export const RefusedMigrationConnection = connectionType("RefusedMigration", () => RefusedMigration);
export const PlanMigrationConnection = connectionType("PlanMigration", () => PlanMigrationView);

@Access("ADMIN")
@ObjectType({ simpleResolvers: true, description: "A subscription that a migration would be about." })
export class AffectedSubscription {
  @Shown(() => SubscriptionView, "The subscription as it is.")
  readonly subscription!: SubscriptionView;

  @Shown(() => SubscriptionPreview, "What would become of it; with a `refusal` when it could not go over.")
  readonly change!: SubscriptionPreview;
}

export const AffectedConnection = connectionType("AffectedSubscription", () => AffectedSubscription);

/** What a migration would be about; `null`: what the input names is not there. */
@Access("ADMIN")
@ObjectType("MigrationPreview", { simpleResolvers: true, description: "What a migration would do. Nothing was written." })
export class MigrationPreviewView {
  @Shown(() => PlanVersionView, "What they would go over to; null when refused.", { nullable: true })
  readonly to!: PlanVersionView | null;

  @Shown(() => Int, "How many it would be about.")
  readonly affected!: number;

  @Shown(() => Refusal, "Why it could not be done; null: it could.", { nullable: true })
  readonly refusal!: Refusal | null;

  /** The versions that would be left. */
  readonly from!: readonly PublishedVersion[];
  readonly when!: ChangeTime;
}
