import { badInput, forbidden } from "../platform/graphql/errors";
import * as check from "./checks";
import type { Numbered } from "./ids";
import type {
  CaptureCommand,
  ExtendCommand,
  HoldCommand,
  HoldExpiry,
  RefundCommand,
  ReleaseCommand,
  SpendCommand,
} from "./model/commands";
import type {
  CaptureHoldInput,
  ExtendHoldInput,
  HoldCreditsInput,
  QuoteInput,
  RefundSpendInput,
  ReleaseHoldInput,
  SpendInput,
  UseInput,
} from "./use-inputs.types";

/**
 * From what applications send to the model's commands, checked at the edge. What every spend comes by names each field: an object that
 * is spread into another takes 3 µs, which was the most of what making a command took.
 */

/** Who sends a command. */
export interface Caller {
  /** Who it is, as the history shows it. */
  readonly actor: string;
  /** The app that the caller's key is bound to; null: not bound. */
  readonly boundTo: string | null;
}

/** How long a hold lasts that names no expiry. */
const DEFAULT_HOLD = "PT15M";

export function spendCommand(input: SpendInput, caller: Caller, path: check.Path): SpendCommand {
  return useOf("spend", input, caller, path);
}

export function holdCommand(input: HoldCreditsInput, caller: Caller, path: check.Path): HoldCommand {
  const { expiresAt, expiresIn } = input;
  const expires = expiresAt == null && expiresIn == null ? { in: DEFAULT_HOLD } : expiryOf(input, path);
  return { ...useOf("hold", input, caller, path), expires };
}

/** A quote is a spend of what there is that is not written. */
export function quoteCommand(input: QuoteInput, caller: Caller, path: check.Path): SpendCommand {
  return {
    type: "spend",
    ...said(caller, "quote", path),
    amount: check.positive(input.amount, [...path, "amount"]),
    operation: check.optionalName(input.operation, [...path, "operation"]),
    quantity: null,
    app: appOf(input.app, caller, [...path, "app"]),
    occurredAt: null,
    allowPartial: true,
  };
}

export function captureCommand(
  input: CaptureHoldInput,
  { number: hold }: Numbered,
  caller: Caller,
  path: check.Path,
): CaptureCommand {
  return {
    type: "capture",
    ...said(caller, input.idempotencyKey, path, input.description, input.metadata),
    hold,
    amount: input.amount == null ? null : check.positive(input.amount, [...path, "amount"]),
    allowExcess: input.allowExcess ?? false,
    final: input.final ?? true,
  };
}

export function extendCommand(
  input: ExtendHoldInput,
  { number: hold }: Numbered,
  caller: Caller,
  path: check.Path,
): ExtendCommand {
  return { type: "extend", ...said(caller, input.idempotencyKey, path), hold, expires: expiryOf(input, path) };
}

export function releaseCommand(
  input: ReleaseHoldInput,
  { number: hold }: Numbered,
  caller: Caller,
  path: check.Path,
): ReleaseCommand {
  return { type: "release", ...said(caller, input.idempotencyKey, path), hold };
}

export function refundCommand(
  input: RefundSpendInput,
  { number: spend }: Numbered,
  caller: Caller,
  path: check.Path,
): RefundCommand {
  return {
    type: "refund",
    ...said(caller, input.idempotencyKey, path),
    description: check.optionalText(input.reason, check.MOST_TEXT_CHARACTERS, [...path, "reason"]),
    spend,
    amount: input.amount == null ? null : check.positive(input.amount, [...path, "amount"]),
  };
}

function useOf<Type extends "spend" | "hold">(type: Type, input: UseInput, caller: Caller, path: check.Path) {
  const { actor, boundTo, idempotencyKey, description, metadata } = said(
    caller,
    input.idempotencyKey,
    path,
    input.description,
    input.metadata,
  );
  return {
    type,
    actor,
    boundTo,
    idempotencyKey,
    description,
    metadata,
    amount: check.positive(input.amount, [...path, "amount"]),
    operation: check.optionalName(input.operation, [...path, "operation"]),
    quantity: null,
    app: appOf(input.app, caller, [...path, "app"]),
    occurredAt: check.optionalInstant(input.occurredAt, [...path, "occurredAt"]),
    allowPartial: input.allowPartial ?? false,
  };
}

/** What every command says of its sender. */
export function said(
  { actor, boundTo }: Caller,
  idempotencyKey: string,
  path: check.Path,
  description?: SpendInput["description"],
  metadata?: SpendInput["metadata"],
) {
  return {
    actor,
    boundTo,
    idempotencyKey: check.idempotencyKey(idempotencyKey, [...path, "idempotencyKey"]),
    description: check.optionalText(description, check.MOST_TEXT_CHARACTERS, [...path, "description"]),
    metadata: metadata ?? null,
  };
}

/** A key bound to an app uses credits for that app, and for no other. */
function appOf(given: string | null | undefined, { boundTo }: Caller, path: check.Path): string | null {
  const app = check.optionalName(given, path);
  if (boundTo === null || app === boundTo) return app;
  if (app === null) return boundTo;
  throw forbidden(`this key is bound to the app ${boundTo}: leave "app" out`);
}

function expiryOf(input: Pick<HoldCreditsInput, "expiresAt" | "expiresIn">, path: check.Path): HoldExpiry {
  const { expiresIn } = input;
  const expiresAt = check.optionalInstant(input.expiresAt, [...path, "expiresAt"]);
  if (expiresAt != null && expiresIn == null) return { at: expiresAt };
  if (expiresIn != null && expiresAt == null) return { in: expiresIn };
  throw badInput("needs exactly one of expiresAt and expiresIn", path);
}
