import { Ctx, FieldResolver, Resolver, Root } from "type-graphql";
import type { RequestContext } from "../../platform/graphql/request";
import { CandidateView, RejectedView } from "./explanation.types";
import { GrantView } from "./grant.types";
import { HoldView } from "./hold.types";
import { GrantNotEligible, IdempotencyMismatch, InsufficientCredits, NotRefundable } from "./refusal.types";
import { showGrantOf, showTransaction } from "./show.types";
import { TransactionView } from "./transaction.types";
import { loadersOf, readings } from "./wallet.loaders";

const MOST_EXPIRING_HOLDS = 10;

@Resolver(() => InsufficientCredits)
export class InsufficientCreditsResolver {
  @FieldResolver(() => [HoldView], {
    description: "The wallet's open holds, at most 10, those that end first at the front: credits that may come back.",
  })
  async expiringHolds(@Root() { key }: InsufficientCredits, @Ctx() context: RequestContext): Promise<readonly HoldView[]> {
    const sequences = await readings.expiringHolds(context, key, context.identity.app, MOST_EXPIRING_HOLDS);
    const holds = await loadersOf(context).holds.loadMany(sequences.map((number) => ({ key, number })));
    return holds.flatMap((read) => {
      if (read instanceof Error) throw read;
      return read?.value.status === "OPEN" ? [new HoldView(key, read.value, read.at)] : [];
    });
  }
}

@Resolver(() => IdempotencyMismatch)
export class IdempotencyMismatchResolver {
  @FieldResolver(() => TransactionView, {
    nullable: true,
    description:
      "What the key was used for; null for a key that is bound to an app, unless it was that app's, and for what is done to no wallet.",
  })
  async transaction(
    @Root() { key, sequence }: IdempotencyMismatch,
    @Ctx() context: RequestContext,
  ): Promise<TransactionView | null> {
    return key && showTransaction(context, { key, number: sequence });
  }
}

@Resolver(() => GrantNotEligible)
export class GrantNotEligibleResolver {
  @FieldResolver(() => GrantView, { description: "The grant as it is." })
  grant(@Root() { number, place: { wallet } }: GrantNotEligible, @Ctx() context: RequestContext): Promise<GrantView> {
    return showGrantOf(context, { key: wallet.key, number }, wallet);
  }
}

@Resolver(() => NotRefundable)
export class NotRefundableResolver {
  @FieldResolver(() => TransactionView, { nullable: true, description: "The transaction that was named." })
  transaction(
    @Root() { sequence, place: { wallet } }: NotRefundable,
    @Ctx() context: RequestContext,
  ): Promise<TransactionView | null> {
    return showTransaction(context, { key: wallet.key, number: sequence });
  }
}

@Resolver(() => CandidateView)
export class CandidateResolver {
  @FieldResolver(() => GrantView, { description: "The grant as it is now." })
  grant(@Root() { key, candidate }: CandidateView, @Ctx() context: RequestContext): Promise<GrantView> {
    return showGrantOf(context, { key, number: candidate.grant.number });
  }
}

@Resolver(() => RejectedView)
export class RejectedResolver {
  @FieldResolver(() => GrantView, { description: "The grant as it is now." })
  grant(@Root() { key, rejectedGrant }: RejectedView, @Ctx() context: RequestContext): Promise<GrantView> {
    return showGrantOf(context, { key, number: rejectedGrant.number });
  }
}
