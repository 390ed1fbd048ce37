import type { Unit } from "../../core/unit";
import { badInput } from "../../platform/graphql/errors";
import type { Numbered } from "../ids";
import type {
  AdjustCommand,
  GrantCommand,
  OverdraftCommand,
  TransferCommand,
  VoidCommand,
  WithdrawCommand,
} from "../model/commands";
import { repaysDebt } from "../model/repay";
import type { CostBasis, GrantKind, Rollover, WalletKey } from "../model/types";
import * as check from "./checks";
import type {
  AdjustBalanceInput,
  GrantCreditsInput,
  RolloverInput,
  SetOverdraftInput,
  TransferCreditsInput,
  VoidGrantInput,
} from "./operator-inputs.types";
import { type Caller, said } from "./use-commands";

/** From what the operator sends to the model's commands, checked at the edge. */

const DEFAULT_PRIORITY = 100;

/** Kinds that come about otherwise, and how. */
const NOT_GIVEN: { readonly [Kind in GrantKind]?: string } = {
  OVERDRAFT: "use setOverdraft",
  ROLLOVER: "give `rollover` with the grant that is to be rolled over",
  REFUND: "use refundSpend",
};

/** `defaultLife`: the credit type's, for a grant that names no expiry. */
export function grantCommand(
  input: GrantCreditsInput,
  defaultLife: string | null,
  caller: Caller,
  path: check.Path,
): GrantCommand {
  const advice = NOT_GIVEN[input.kind];
  if (advice) throw badInput(`cannot be ${input.kind}: ${advice}`, [...path, "kind"]);
  const repaying = repaysDebt(input.kind, input.repaysDebt ?? null);
  if (repaying === null) throw badInput(`must not be true: ${input.kind} grants never repay debt`, [...path, "repaysDebt"]);
  const carried = said(caller, input.idempotencyKey, path, null, input.metadata);
  const reason = reasonOf(input.reason, path);
  return {
    type: "grant",
    ...carried,
    description: reason,
    terms: {
      kind: input.kind,
      amount: check.positive(input.amount, caller.unit, [...path, "amount"]),
      priority: check.wholeWithin(input.priority ?? DEFAULT_PRIORITY, 0, 255, [...path, "priority"]),
      effectiveAt: check.optionalInstant(input.effectiveAt, [...path, "effectiveAt"]),
      expiresAt: check.optionalInstant(input.expiresAt, [...path, "expiresAt"]),
      scope: check.scope(input.scope, [...path, "scope"]),
      costBasis: costBasisOf(input.costBasis, path),
      rollover: rolloverOf(input.rollover, caller.unit, [...path, "rollover"]),
      repaysDebt: repaying,
      source: reason,
      metadata: carried.metadata,
    },
    defaultLife,
  };
}

export function voidCommand(
  input: VoidGrantInput,
  { number: grant }: Numbered,
  caller: Caller,
  path: check.Path,
): VoidCommand | WithdrawCommand {
  const description = requiredReason(input.reason, path);
  const common = { ...said(caller, input.idempotencyKey, path), description, grant };
  if (input.amount == null) return { type: "void", ...common };
  return { type: "withdraw", ...common, amount: check.positive(input.amount, caller.unit, [...path, "amount"]) };
}

export function adjustCommand(input: AdjustBalanceInput, caller: Caller, path: check.Path): AdjustCommand {
  const description = requiredReason(input.reason, path);
  const amount = check.notZero(input.amount, caller.unit, [...path, "amount"]);
  return { type: "adjust", ...said(caller, input.idempotencyKey, path), description, amount };
}

export function overdraftCommand(input: SetOverdraftInput, caller: Caller, path: check.Path): OverdraftCommand {
  return {
    type: "overdraft",
    ...said(caller, input.idempotencyKey, path),
    description: reasonOf(input.reason, path),
    limit: check.notNegative(input.limit, caller.unit, [...path, "limit"]),
    costBasis: costBasisOf(input.costBasis, path),
  };
}

export function transferCommand(input: TransferCreditsInput, to: WalletKey, caller: Caller, path: check.Path): TransferCommand {
  return {
    type: "transfer",
    ...said(caller, input.idempotencyKey, path, input.description, input.metadata),
    to,
    amount: check.positive(input.amount, caller.unit, [...path, "amount"]),
  };
}

function reasonOf(reason: string | null | undefined, path: check.Path): string | null {
  return check.optionalText(reason, check.MOST_TEXT_CHARACTERS, [...path, "reason"]);
}

function requiredReason(reason: string, path: check.Path): string {
  return check.text(reason, check.MOST_TEXT_CHARACTERS, [...path, "reason"]);
}

function costBasisOf(given: CostBasis | null | undefined, path: check.Path): CostBasis | null {
  if (given == null) return null;
  const { amount, currency } = given;
  if (amount.startsWith("-")) throw badInput("must not be negative", [...path, "costBasis", "amount"]);
  return { amount, currency };
}

function rolloverOf(given: RolloverInput | null | undefined, unit: Unit, path: check.Path): Rollover | null {
  if (given == null) return null;
  const { maximum, period } = given;
  const percent = given.percent ?? 100;
  const periods = given.periods ?? 1;
  check.wholeWithin(periods, 1, 1_200, [...path, "periods"]);
  check.periods(period, periods, [...path, "periods"]);
  return {
    percent: check.wholeWithin(percent, 1, 100, [...path, "percent"]),
    maximum: maximum == null ? null : check.positive(maximum, unit, [...path, "maximum"]),
    period,
    periods,
  };
}
