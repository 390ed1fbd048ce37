import { ID, InputType } from "type-graphql";
import { ReasonedInput } from "../../platform/graphql/reasoned";
import { describedEnum, Shown } from "../../platform/graphql/shown";
import type { ChangeTime, Settlement } from "../model/commands";
import type { Optional } from "./plan-inputs.types";

/** What operators do about subscriptions. */

export const ChangeTimeEnum = describedEnum<ChangeTime>("ChangeTime", "When a subscription goes over to another plan version.", {
  AT_PERIOD_END:
    "When what was paid for is over. Of allotments whose interval goes on past that, the share of the time until then is kept.",
  NOW_PRORATED:
    "Now: of the present allotments the share of the time that has passed is kept, and the new ones are given for the rest of the period.",
  NOW_RESET: "Now, with a new period: what is left of the present allotments is withdrawn, and the new ones are given whole.",
});

export const CancelTimeEnum = describedEnum<"NOW" | "AT_PERIOD_END">("CancelTime", "When a subscription is over.", {
  NOW: "At once.",
  AT_PERIOD_END: "When what was paid for is over; until then it can be taken back.",
});

export const SettlementEnum = describedEnum<Settlement>(
  "Settlement",
  "What becomes of the present allotments when a subscription stops. What is to come is always taken back; what is left of earlier ones lasts until it expires.",
  {
    KEEP: "They last until they expire.",
    PRORATE: "They keep the share of the time that has passed.",
    VOID: "What is left of them is withdrawn.",
  },
);

const KEY =
  "Makes it safe to send twice: the same key with the same input answers the first result. Unique among what is done about the account's subscriptions.";

@InputType()
abstract class OrderInput extends ReasonedInput {
  @Shown(() => String, KEY)
  idempotencyKey!: string;
}

@InputType()
abstract class SubscriptionOrderInput extends OrderInput {
  @Shown(() => ID, "The subscription.")
  subscriptionId!: string;
}

@InputType({ description: "An account to put on a plan: named by `accountId`, or by your own `externalId`." })
export class StartSubscriptionInput extends OrderInput {
  @Shown(() => ID, "The account, by its id.", { nullable: true })
  accountId?: Optional<string>;

  @Shown(() => String, "The account, by your own id.", { nullable: true })
  externalId?: Optional<string>;

  @Shown(() => String, "The plan, by name; it starts on the latest version.")
  plan!: string;

  @Shown(() => Boolean, "False: without the trial that the plan offers, if it offers one.", {
    nullable: true,
    defaultValue: true,
  })
  trial?: Optional<boolean>;
}

@InputType({ description: "A subscription that is to go over to another plan, or to its own plan's latest version." })
export class ChangeSubscriptionInput extends SubscriptionOrderInput {
  @Shown(() => String, "The plan, by name; it goes over to the latest version.")
  plan!: string;

  @Shown(() => ChangeTimeEnum, "When.")
  when!: ChangeTime;
}

@InputType({ description: "A subscription that is to end." })
export class CancelSubscriptionInput extends SubscriptionOrderInput {
  @Shown(() => CancelTimeEnum, "When.")
  when!: "NOW" | "AT_PERIOD_END";

  @Shown(() => SettlementEnum, "With `NOW`: what becomes of the present allotments.", {
    nullable: true,
    defaultValue: "KEEP",
  })
  alive?: Optional<Settlement>;
}

@InputType({ description: "A subscription that is to stop until it is resumed." })
export class PauseSubscriptionInput extends SubscriptionOrderInput {
  @Shown(() => SettlementEnum, "What becomes of the present allotments.", { nullable: true, defaultValue: "KEEP" })
  alive?: Optional<Settlement>;
}

@InputType({ description: "A subscription whose payment failed: it stops until it is resumed." })
export class MarkSubscriptionUnpaidInput extends SubscriptionOrderInput {
  @Shown(() => SettlementEnum, "What becomes of the present allotments.", { nullable: true, defaultValue: "KEEP" })
  alive?: Optional<Settlement>;
}

@InputType({ description: "A subscription that is to go on." })
export class ResumeSubscriptionInput extends SubscriptionOrderInput {
  @Shown(
    () => Boolean,
    "True: a new period begins now, with whole allotments; what is ahead happens at its end. False: the periods go on as they were counted, and what is left of the present one gets its share.",
    { nullable: true, defaultValue: false },
  )
  reset?: Optional<boolean>;
}

@InputType({ description: "A subscription for which nothing is to happen at the period's end after all." })
export class WithdrawSubscriptionChangeInput extends SubscriptionOrderInput {}

@InputType({
  description:
    "A plan that somebody thinks of for an account: named by `accountId`, or by your own `externalId`; a customer's own when neither is given.",
})
export class PreviewSubscriptionInput {
  @Shown(() => ID, "The account, by its id.", { nullable: true })
  accountId?: Optional<string>;

  @Shown(() => String, "The account, by your own id.", { nullable: true })
  externalId?: Optional<string>;

  @Shown(() => String, "The plan, by name.")
  plan!: string;

  @Shown(() => Boolean, "Should it start: with the trial that the plan offers, if it offers one.", {
    nullable: true,
    defaultValue: true,
  })
  trial?: Optional<boolean>;

  @Shown(() => ChangeTimeEnum, "Should it be on a plan already: when it goes over.", {
    nullable: true,
    defaultValue: "AT_PERIOD_END",
  })
  when?: Optional<ChangeTime>;
}
