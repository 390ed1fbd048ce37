import { Arg, Ctx, Mutation, Resolver } from "type-graphql";
import type { Json } from "../../core/json";
import { Access } from "../../platform/graphql/access";
import { NotFound } from "../../platform/graphql/refusal";
import type { RequestContext } from "../../platform/graphql/request";
import { chooseAccount } from "../../wallet";
import { changeSubscription, type Wanted } from "../change-subscription";
import { startSubscription } from "../start-subscription";
import { payloadOf, refusedPayload } from "./show-subscription.types";
import {
  CancelSubscriptionInput,
  ChangeSubscriptionInput,
  MarkSubscriptionUnpaidInput,
  PauseSubscriptionInput,
  ResumeSubscriptionInput,
  StartSubscriptionInput,
  WithdrawSubscriptionChangeInput,
} from "./subscription-inputs.types";
import { chosenPlan, orderOf, visibleSubscription } from "./subscription-orders";
import {
  CancelSubscriptionPayload,
  ChangeSubscriptionPayload,
  MarkSubscriptionUnpaidPayload,
  PauseSubscriptionPayload,
  ResumeSubscriptionPayload,
  StartSubscriptionPayload,
  type SubscriptionPayload,
  WithdrawSubscriptionChangePayload,
} from "./subscription-payloads.types";

/** What operators do about subscriptions. */
@Resolver()
export class SubscribingResolver {
  @Access("ADMIN")
  @Mutation(() => StartSubscriptionPayload, {
    description:
      "Puts an account on a plan, from now on. What it gives for the present periods and the next is in the wallets at once; these are opened where they are not yet.",
  })
  async startSubscription(
    @Arg("input", () => StartSubscriptionInput, { description: "Who, and on which plan." }) input: StartSubscriptionInput,
    @Ctx() context: RequestContext,
  ): Promise<StartSubscriptionPayload> {
    const starting = { plan: chosenPlan(input.plan), trial: input.trial ?? true };
    const { uuid, field } = await chooseAccount(context, input, ["input"]);
    const order = orderOf(context, "startSubscription", input, { account: uuid, ...starting });
    if (uuid === null) return refusedPayload(new NotFound(field));
    return payloadOf(context, await startSubscription(context.core, uuid, starting, order), field);
  }

  @Access("ADMIN")
  @Mutation(() => ChangeSubscriptionPayload, {
    description:
      "Takes a subscription over to another plan, or to its own plan's latest version. `previewSubscription` tells beforehand what that does. It takes the place of what was ahead: who was to leave at the period's end stays.",
  })
  changeSubscription(
    @Arg("input", () => ChangeSubscriptionInput, { description: "To which plan, and when." }) input: ChangeSubscriptionInput,
    @Ctx() context: RequestContext,
  ): Promise<ChangeSubscriptionPayload> {
    const asked = { plan: chosenPlan(input.plan), when: input.when };
    return carryOut(context, "changeSubscription", input, asked, { type: "change", ...asked });
  }

  @Access("ADMIN")
  @Mutation(() => CancelSubscriptionPayload, { description: "Ends a subscription, at once or at the period's end." })
  cancelSubscription(
    @Arg("input", () => CancelSubscriptionInput, { description: "Which, and when." }) input: CancelSubscriptionInput,
    @Ctx() context: RequestContext,
  ): Promise<CancelSubscriptionPayload> {
    const { when } = input;
    const alive = input.alive ?? "KEEP";
    const wanted: Wanted = when === "NOW" ? { type: "cancel", alive } : { type: "cancelAtPeriodEnd" };
    return carryOut(context, "cancelSubscription", input, { when, alive }, wanted);
  }

  @Access("ADMIN")
  @Mutation(() => PauseSubscriptionPayload, {
    description: "Stops a subscription until it is resumed: what was to come is taken back, and nothing may be overdrawn.",
  })
  pauseSubscription(
    @Arg("input", () => PauseSubscriptionInput, { description: "Which." }) input: PauseSubscriptionInput,
    @Ctx() context: RequestContext,
  ): Promise<PauseSubscriptionPayload> {
    const alive = input.alive ?? "KEEP";
    return carryOut(context, "pauseSubscription", input, { alive }, { type: "pause", alive });
  }

  @Access("ADMIN")
  @Mutation(() => MarkSubscriptionUnpaidPayload, {
    description: "Says that a payment failed: the subscription stops as if it were paused, until it is resumed.",
  })
  markSubscriptionUnpaid(
    @Arg("input", () => MarkSubscriptionUnpaidInput, { description: "Which." }) input: MarkSubscriptionUnpaidInput,
    @Ctx() context: RequestContext,
  ): Promise<MarkSubscriptionUnpaidPayload> {
    const alive = input.alive ?? "KEEP";
    return carryOut(context, "markSubscriptionUnpaid", input, { alive }, { type: "unpaid", alive });
  }

  @Access("ADMIN")
  @Mutation(() => ResumeSubscriptionPayload, { description: "Has a subscription that was paused or unpaid go on." })
  resumeSubscription(
    @Arg("input", () => ResumeSubscriptionInput, { description: "Which, and how." }) input: ResumeSubscriptionInput,
    @Ctx() context: RequestContext,
  ): Promise<ResumeSubscriptionPayload> {
    const reset = input.reset ?? false;
    return carryOut(context, "resumeSubscription", input, { reset }, { type: "resume", reset });
  }

  @Access("ADMIN")
  @Mutation(() => WithdrawSubscriptionChangePayload, {
    description: "Takes back what was to happen at the period's end: a cancellation, or a change.",
  })
  withdrawSubscriptionChange(
    @Arg("input", () => WithdrawSubscriptionChangeInput, { description: "Which." }) input: WithdrawSubscriptionChangeInput,
    @Ctx() context: RequestContext,
  ): Promise<WithdrawSubscriptionChangePayload> {
    return carryOut(context, "withdrawSubscriptionChange", input, {}, { type: "withdraw" });
  }
}

/** What all that is done about a subscription has in common. `asked`: what tells one such order from another. */
async function carryOut(
  context: RequestContext,
  action: string,
  input: WithdrawSubscriptionChangeInput,
  asked: Readonly<Record<string, Json>>,
  wanted: Wanted,
): Promise<SubscriptionPayload> {
  const key = visibleSubscription(context, input.subscriptionId);
  const order = orderOf(context, action, input, { subscription: key?.number ?? null, ...asked });
  if (key === null) return refusedPayload(new NotFound("subscriptionId"));
  return payloadOf(context, await changeSubscription(context.core, key, wanted, order), "subscriptionId");
}
