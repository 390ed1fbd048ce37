import { Arg, Ctx, FieldResolver, Mutation, Resolver, Root } from "type-graphql";
import { fits, parseId } from "../../core/ids";
import { type Factor, parseFactor } from "../../core/unit";
import { Access } from "../../platform/graphql/access";
import { badInput, type InputPath } from "../../platform/graphql/errors";
import { operatorOf } from "../../platform/graphql/reasoned";
import { EffectiveInPast, NotFound, type Refusal } from "../../platform/graphql/refusal";
import type { RequestContext } from "../../platform/graphql/request";
import { creditTypeById } from "../credit-types";
import type { Redenomination } from "../model/redenomination";
import { type RedenominateAnswer, redenominate, withdrawRedenomination } from "../redenominate";
import * as check from "./checks";
import { findCreditType } from "./request";
import { CreditUnitView, RedenominationView } from "./unit.types";
import { RedenominateInput, RedenominatePayload, WithdrawRedenominationInput } from "./unit-inputs.types";
import { LaterUnitPlanned, UnitChanged, UnitInForce, UnitOutOfRange } from "./unit-refusal.types";
import { forgetUnitsOf, unitsOf } from "./units";
import { CreditTypeView } from "./wallet.types";

const INPUT: InputPath = ["input"];

/** In which unit credits are told, and how that changes. */
@Resolver(() => CreditTypeView)
export class UnitResolver {
  @Access("ADMIN")
  @Mutation(() => RedenominatePayload, {
    description:
      "Has a credit type told and given in another unit from an instant on: balances, grants, history, prices, thresholds, all at once and exactly. Nothing that is stored changes. What people wrote is not restated: titles of packs, descriptions. A caller that spends by `amount` names no unit, so switch callers when it takes effect; operations, quantities and quotes are unaffected.",
  })
  async redenominate(
    @Arg("input", () => RedenominateInput, { description: "Which credit type, by which factor, from when on." })
    input: RedenominateInput,
    @Ctx() context: RequestContext,
  ): Promise<RedenominatePayload> {
    const factor = factorOf(input.factor);
    const effectiveFrom = check.optionalInstant(input.effectiveFrom, [...INPUT, "effectiveFrom"]);
    const by = operatorOf(context, input, INPUT);
    const creditType = await findCreditType(context, input.creditType);
    if (!creditType) return refused(new NotFound("creditType"));
    const asked = { creditTypeId: creditType.id, factor, basedOn: input.basedOn ?? null, effectiveFrom };
    return published(context, await redenominate(context.core, asked, by));
  }

  @Access("ADMIN")
  @Mutation(() => RedenominatePayload, { description: "Takes back a redenomination that has not begun." })
  async withdrawRedenomination(
    @Arg("input", () => WithdrawRedenominationInput, { description: "Which one." }) input: WithdrawRedenominationInput,
    @Ctx() context: RequestContext,
  ): Promise<RedenominatePayload> {
    const by = operatorOf(context, input, INPUT);
    const named = namedBy(input.redenominationId);
    const answer = named ? await withdrawRedenomination(context.core, named, by) : ({ status: "absent" } as const);
    if (answer.status === "absent") return refused(new NotFound("redenominationId"));
    if (answer.status === "effective") return refused(new UnitInForce(answer.redenomination));
    return done(context, answer.redenomination);
  }

  @FieldResolver(() => CreditUnitView, { description: "The unit that all its amounts are told and given in now." })
  async unit(@Root() { terms }: CreditTypeView, @Ctx() context: RequestContext): Promise<CreditUnitView> {
    return new CreditUnitView((await unitsOf(context)).of(terms.id));
  }

  @FieldResolver(() => [RedenominationView], {
    description: "How its unit has changed and will change, the oldest first, withdrawn ones among them.",
  })
  async redenominations(
    @Root() { terms }: CreditTypeView,
    @Ctx() context: RequestContext,
  ): Promise<readonly RedenominationView[]> {
    return (await unitsOf(context)).actsOn(terms.id).map((act) => new RedenominationView(act));
  }
}

function factorOf(text: string): Factor {
  const factor = parseFactor(text);
  if (factor) return factor;
  throw badInput("must be a product of twos and fives, such as 100, 0.01 or 2.5, and not 1: else amounts would not be exact", [
    ...INPUT,
    "factor",
  ]);
}

function namedBy(id: string): Pick<Redenomination, "creditTypeId" | "number"> | null {
  const [creditTypeId, number] = parseId(id, "redenomination")?.numbers ?? [];
  return creditTypeId !== undefined && number !== undefined && fits(creditTypeId) ? { creditTypeId, number } : null;
}

async function done(context: RequestContext, act: Redenomination): Promise<RedenominatePayload> {
  forgetUnitsOf(context);
  const terms = await creditTypeById(context.core, act.creditTypeId);
  return { redenomination: new RedenominationView(act), creditType: terms && new CreditTypeView(terms), refusal: null };
}

function published(context: RequestContext, answer: RedenominateAnswer): Promise<RedenominatePayload> | RedenominatePayload {
  switch (answer.status) {
    case "done":
      return done(context, answer.redenomination);
    case "changed":
      return refused(new UnitChanged(answer.latest));
    case "past":
      return refused(new EffectiveInPast(answer.now, "effectiveFrom"));
    case "planned":
      return refused(new LaterUnitPlanned(answer.planned));
    case "outOfRange":
      return refused(new UnitOutOfRange());
    case "absent":
      return refused(new NotFound("creditType"));
  }
}

function refused(refusal: Refusal): RedenominatePayload {
  return { redenomination: null, creditType: null, refusal };
}
