import type { Problem } from "../../core/problem";
import type { Unit } from "../../core/unit";
import { badInput, type InputPath } from "../../platform/graphql/errors";
import { operatorOf } from "../../platform/graphql/reasoned";
import type { RequestContext } from "../../platform/graphql/request";
import { checkTitle } from "../../platform/graphql/text";
import { credits, findCreditType, optionalText, scope, text, unitsOf } from "../../wallet";
import { problemsOf } from "../model/problems";
import type { Allotment, OverdraftLimit } from "../model/types";
import { isPlanName, type NewPlanVersion } from "../plan";
import type { AllotmentInput, PlanOverdraftInput, PublishPlanInput } from "./plan-inputs.types";

/** From what the operator sends to what is published, checked at the edge. */

const MOST_TITLE_CHARACTERS = 255;
const MOST_DESCRIPTION_CHARACTERS = 1_000;
const MOST_ALLOTMENTS = 50;
const MOST_PACKS = 100;
const DEFAULT_PRIORITY = 100;
const DEFAULT_BILLING = "P1M";

export function planName(name: string, path: InputPath): string {
  if (isPlanName(name)) return name;
  throw badInput("must be 1-64 characters of a-z, 0-9, '.', '_' and '-', beginning with a letter", path);
}

/** What is to be published; or, when it names credit types that there are not, all that is wrong. Throws BAD_USER_INPUT for what is malformed. */
export async function planVersionOf(
  context: RequestContext,
  input: PublishPlanInput,
): Promise<{ readonly version: NewPlanVersion; readonly problems: readonly Problem[] }> {
  const path = ["input"];
  const { allotments, price, packs, trial, basedOn } = input;
  const overdrafts = input.overdrafts ?? [];
  notMore(allotments, MOST_ALLOTMENTS, [...path, "allotments"]);
  notMore(overdrafts, MOST_ALLOTMENTS, [...path, "overdrafts"]);
  notMore(packs ?? [], MOST_PACKS, [...path, "packs"]);
  const billing = input.billing ?? DEFAULT_BILLING;
  const [ofAllotments, ofOverdrafts] = await Promise.all([
    creditTypesOf(context, allotments, "allotments"),
    creditTypesOf(context, overdrafts, "overdrafts"),
  ]);
  const terms = {
    price: price ? { amount: price.amount, currency: price.currency } : null,
    billing,
    trial: trial ?? null,
    allotments: allotments.map((one, index) =>
      allotmentOf(one, ofAllotments.named[index] as Named, billing, [...path, "allotments", index]),
    ),
    overdrafts: overdrafts.map((one, index) =>
      overdraftOf(one, ofOverdrafts.named[index] as Named, [...path, "overdrafts", index]),
    ),
    packs: [...new Set((packs ?? []).map((name, index) => text(name, MOST_TITLE_CHARACTERS, [...path, "packs", index])))],
  };
  const version = {
    name: planName(input.name, [...path, "name"]),
    title: checkTitle(input.title, { least: 1, most: MOST_TITLE_CHARACTERS }, [...path, "title"]),
    description: optionalText(input.description, MOST_DESCRIPTION_CHARACTERS, [...path, "description"]),
    reason: operatorOf(context, input, path).reason,
    basedOn: basedOn ?? null,
    terms,
    units: new Map([...ofAllotments.named, ...ofOverdrafts.named].map(({ creditTypeId, unit }) => [creditTypeId, unit])),
  };
  const unknown = [...ofAllotments.problems, ...ofOverdrafts.problems];
  return { version, problems: unknown.length > 0 ? [...unknown, ...problemsOf({ ...terms, plan: input.name })] : [] };
}

function overdraftOf({ limit }: PlanOverdraftInput, { creditTypeId, unit }: Named, path: InputPath): OverdraftLimit {
  return { creditTypeId, limit: credits(limit, unit, [...path, "limit"]) };
}

function allotmentOf(input: AllotmentInput, { creditTypeId, unit }: Named, billing: string, path: InputPath): Allotment {
  const { amount, rollover } = input;
  const interval = input.interval ?? billing;
  return {
    creditTypeId,
    amount: credits(amount, unit, [...path, "amount"]),
    interval,
    life: input.life ?? null,
    rollover: rollover
      ? {
          percent: rollover.percent ?? 100,
          maximum: rollover.maximum == null ? null : credits(rollover.maximum, unit, [...path, "rollover", "maximum"]),
          period: rollover.period ?? interval,
          periods: rollover.periods ?? 1,
        }
      : null,
    priority: input.priority ?? DEFAULT_PRIORITY,
    scope: scope(input.scope, [...path, "scope"]),
    repaysDebt: input.repaysDebt ?? true,
  };
}

/** A credit type, with the unit that its amounts are given in. */
interface Named {
  readonly creditTypeId: number;
  readonly unit: Unit;
}

/** The credit types that are named; each that there is not has a number of its own, below 0. */
async function creditTypesOf(
  context: RequestContext,
  named: readonly (AllotmentInput | PlanOverdraftInput)[],
  field: string,
): Promise<{ readonly named: readonly Named[]; readonly problems: readonly Problem[] }> {
  const units = await unitsOf(context);
  const found = await Promise.all(named.map(({ creditType }) => findCreditType(context, creditType)));
  const message = "There is no credit type by this name: check it, or create it first.";
  return {
    named: found.map((creditType, index) => {
      const creditTypeId = creditType?.id ?? -1 - index;
      return { creditTypeId, unit: units.of(creditTypeId) };
    }),
    problems: found.flatMap((creditType, index) => (creditType ? [] : [{ path: [field, index, "creditType"], message }])),
  };
}

function notMore(list: readonly unknown[], most: number, path: InputPath): void {
  if (list.length > most) throw badInput(`must have at most ${most}`, path);
}
