import { InputType } from "type-graphql";
import type { Amount } from "../../core/amount";
import type { CalendarUnit } from "../../core/time";
import { badInput, type InputPath } from "../../platform/graphql/errors";
import type { RequestContext } from "../../platform/graphql/request";
import { AmountScalar } from "../../platform/graphql/scalars";
import { Shown } from "../../platform/graphql/shown";
import { type LimitTerms, subjectOf } from "../set-limits";
import { LimitIntervalEnum } from "./budget.types";
import * as check from "./checks";
import { findCreditType } from "./request";
import { unitsOf } from "./units";
import type { Optional } from "./use-inputs.types";

/** Each is judged with every use of the member: as many as a person can keep in mind. */
const MOST_LIMITS = 20;
/** No credit type has it. */
const NONE = 0;

@InputType({ description: "How many credits a member may take of the account's wallet of a credit type, in each interval." })
export class SpendingLimitInput {
  @Shown(() => String, "The credit type, by name. The account must have a wallet of it.")
  creditType!: string;

  @Shown(
    () => [String],
    "The operations that it counts; a trailing `*` matches a prefix, as in `image.*`. None: every use, with an operation or without. At most 100, each 1-255 characters.",
    { nullable: true },
  )
  operations?: Optional<readonly string[]>;

  @Shown(() => AmountScalar, "How many credits; not negative.")
  amount!: Amount;

  @Shown(() => LimitIntervalEnum, "How often it begins anew, by the calendar of the account's time zone.", {
    nullable: true,
    defaultValue: "MONTH",
  })
  interval?: Optional<CalendarUnit>;
}

/** What a member is to be limited to; null: one of the credit types does not exist. Throws BAD_USER_INPUT for what is malformed. */
export async function limitTermsOf(
  context: RequestContext,
  given: readonly SpendingLimitInput[],
  path: InputPath,
): Promise<readonly LimitTerms[] | null> {
  if (given.length > MOST_LIMITS) throw badInput(`must have at most ${MOST_LIMITS} limits`, path);
  const creditTypes = await Promise.all(given.map(({ creditType }) => findCreditType(context, creditType)));
  const units = await unitsOf(context);
  const terms = given.map(({ amount, operations, interval }, index) => {
    const creditTypeId = creditTypes[index]?.id ?? NONE;
    const unit = units.of(creditTypeId);
    return {
      creditTypeId,
      operations: check.patterns(operations, [...path, index, "operations"]),
      interval: interval ?? "MONTH",
      amount: check.notNegative(amount, unit, [...path, index, "amount"]),
      unit,
    };
  });
  if (creditTypes.includes(null)) return null;
  const subjects = terms.map(subjectOf);
  const again = subjects.findIndex((subject, index) => subjects.indexOf(subject) < index);
  if (again >= 0) throw badInput("limits what another one does: give one amount for both", [...path, again]);
  return terms;
}
