import { ObjectType } from "type-graphql";
import { AccountView } from "../../accounts";
import { Access, EVERYONE } from "../../platform/graphql/access";
import { Refusal } from "../../platform/graphql/refusal";
import { Shown } from "../../platform/graphql/shown";
import { GrantView, WalletView } from "../../wallet";
import { SubscriptionView } from "./subscriptions.types";

/** What every mutation of a subscription answers. */
@Access(...EVERYONE)
@ObjectType({ simpleResolvers: true })
export abstract class SubscriptionPayload {
  @Shown(() => SubscriptionView, "The subscription as it is now; null when there is none.", { nullable: true })
  readonly subscription!: SubscriptionView | null;

  @Shown(() => AccountView, "The account; null when there is none.", { nullable: true })
  readonly account!: AccountView | null;

  @Shown(() => [WalletView], "The wallets that it touched, as they are now; none when refused.")
  readonly wallets!: readonly WalletView[];

  @Shown(() => [GrantView], "The grants that it made or withdrew, as they are now; none when refused.")
  readonly grants!: readonly GrantView[];

  @Shown(() => Boolean, "True when this idempotency key had done the same before.")
  readonly replayed!: boolean;

  @Shown(() => Refusal, "Why nothing was done; null: it was done.", { nullable: true })
  readonly refusal!: Refusal | null;
}

@Access(...EVERYONE)
@ObjectType({ simpleResolvers: true, description: "What came of putting an account on a plan." })
export class StartSubscriptionPayload extends SubscriptionPayload {}

@Access(...EVERYONE)
@ObjectType({ simpleResolvers: true, description: "What came of changing a subscription." })
export class ChangeSubscriptionPayload extends SubscriptionPayload {}

@Access(...EVERYONE)
@ObjectType({ simpleResolvers: true, description: "What came of cancelling a subscription." })
export class CancelSubscriptionPayload extends SubscriptionPayload {}

@Access(...EVERYONE)
@ObjectType({ simpleResolvers: true, description: "What came of pausing a subscription." })
export class PauseSubscriptionPayload extends SubscriptionPayload {}

@Access(...EVERYONE)
@ObjectType({ simpleResolvers: true, description: "What came of marking a subscription unpaid." })
export class MarkSubscriptionUnpaidPayload extends SubscriptionPayload {}

@Access(...EVERYONE)
@ObjectType({ simpleResolvers: true, description: "What came of resuming a subscription." })
export class ResumeSubscriptionPayload extends SubscriptionPayload {}

@Access(...EVERYONE)
@ObjectType({ simpleResolvers: true, description: "What came of taking back what was to happen." })
export class WithdrawSubscriptionChangePayload extends SubscriptionPayload {}
