import { Int, ObjectType } from "type-graphql";
import type { Amount } from "../../core/amount";
import type { Instant } from "../../core/time";
import type { ShownAmount } from "../../core/unit";
import { Access, EVERYONE } from "../../platform/graphql/access";
import { AmountScalar } from "../../platform/graphql/scalars";
import { Shown } from "../../platform/graphql/shown";
import { numberedId } from "../ids";
import { type Candidate, explain, type KeyRank } from "../model/explain";
import type { Grant, Policy, Wallet, WaterfallKey } from "../model/types";
import type { Rejection, Use } from "../model/waterfall";
import type { ShownKey } from "../units";
import { RejectionEnum, WaterfallKeyEnum } from "./enums.types";

@Access(...EVERYONE)
@ObjectType("ConsumptionPolicy", {
  simpleResolvers: true,
  description:
    "An order in which grants pay. OVERDRAFT is always last; grants that are equal under every key pay in the order of creation.",
})
export class PolicyView implements Policy {
  @Shown(() => Int, "Its number: policies never change.")
  readonly version!: number;

  @Shown(() => [WaterfallKeyEnum], "What is compared, the most important first: the five keys, each once.")
  readonly keys!: readonly WaterfallKey[];
}

@Access(...EVERYONE)
@ObjectType("GrantKeyRank", { simpleResolvers: true, description: "How a grant stands under one key of the waterfall." })
export class KeyRankView implements KeyRank {
  @Shown(() => WaterfallKeyEnum, "The key.")
  readonly key!: WaterfallKey;

  @Shown(() => String, "The grant's value under this key, in words.")
  readonly value!: string;

  @Shown(() => Int, "Its rank among the candidates: 1 is first, equal values share a rank.")
  readonly rank!: number;
}

@Access(...EVERYONE)
@ObjectType("GrantCandidate", { simpleResolvers: true, description: "A grant that could pay, and how much of the use it paid." })
export class CandidateView {
  constructor(
    readonly key: ShownKey,
    readonly candidate: Candidate,
  ) {}

  @Shown(() => Int, "Its place in the waterfall: 1 pays first.")
  get rank() {
    return this.candidate.rank;
  }

  @Shown(() => [KeyRankView], "How it stands under each key, in the policy's order.")
  get keys(): readonly KeyRankView[] {
    return this.candidate.keys;
  }

  @Shown(() => AmountScalar, "What it had available, in credits.")
  get available() {
    return this.key.unit.show(this.candidate.grant.pots.AVAILABLE);
  }

  @Shown(() => AmountScalar, "What it pays, in credits; 0 when others before it were enough.")
  get allocated() {
    return this.key.unit.show(this.candidate.allocated);
  }

  @Shown(() => String, "Why it stands before the next candidate.")
  get reason() {
    return this.candidate.reason;
  }
}

@Access(...EVERYONE)
@ObjectType("RejectedGrant", { simpleResolvers: true, description: "A grant that could pay nothing, and why." })
export class RejectedView {
  constructor(
    readonly key: ShownKey,
    readonly rejectedGrant: Grant,
    private readonly rejection: Rejection,
  ) {}

  @Shown(() => RejectionEnum, "Why it could pay nothing: the first reason that holds, from the most final on.")
  get reason(): Rejection {
    return this.rejection;
  }
}

@Access(...EVERYONE)
@ObjectType("Explanation", {
  simpleResolvers: true,
  description: "The whole story of an allocation: every grant that could pay, in order, and every other one with the reason.",
})
export class ExplanationView {
  @Shown(() => PolicyView, "The order that was used.")
  readonly policy!: PolicyView;

  @Shown(() => [CandidateView], "The grants that could pay, in the order of the waterfall.")
  readonly candidates!: readonly CandidateView[];

  @Shown(() => [RejectedView], "The wallet's other grants that had not ended for good then.")
  readonly rejected!: readonly RejectedView[];

  @Shown(() => AmountScalar, "What could not be paid, in credits; 0 when all was.")
  readonly shortfall!: ShownAmount;
}

/** Explains what the waterfall gives on a wallet's grants at an instant. `key`: of that wallet. */
export function explanationOf(key: ShownKey, wallet: Wallet, now: Instant, use: Use, amount: Amount): ExplanationView {
  const told = explain(wallet.grants, wallet.policy, now, use, amount, (number) => numberedId("grant", key, number));
  return {
    policy: told.policy,
    candidates: told.candidates.map((candidate) => new CandidateView(key, candidate)),
    rejected: told.rejected.map(({ grant, reason }) => new RejectedView(key, grant, reason)),
    shortfall: key.unit.show(told.shortfall),
  };
}
