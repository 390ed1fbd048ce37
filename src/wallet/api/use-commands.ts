import { parseAmount } from "../../core/amount";
import type { UseToPrice } from "../../core/priced";
import type { Unit } from "../../core/unit";
import { isDimension, writeUse } from "../../core/use-text";
import { badInput, forbidden } from "../../platform/graphql/errors";
import type { Numbered } from "../ids";
import type {
  CaptureCommand,
  ExtendCommand,
  HoldCommand,
  HoldExpiry,
  RefundCommand,
  ReleaseCommand,
  SpendCommand,
} from "../model/commands";
import * as check from "./checks";
import type {
  CaptureHoldInput,
  CostInput,
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

/** Who sends a command, and how. */
export interface Caller {
  /** Who it is, as the history shows it. */
  readonly actor: string;
  /** The app that the caller's key is bound to; null: not bound. */
  readonly boundTo: string | null;
  /** What its amounts are given in. */
  readonly unit: Unit;
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
  const { idempotencyKey, ...sender } = said(caller, "quote", path);
  return {
    type: "spend",
    ...sender,
    idempotencyKey,
    ...whatOf(input, caller, path),
    member: null,
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
    ...takenOf(input, caller, path),
    allowExcess: input.allowExcess ?? false,
    final: input.final ?? true,
  };
}

/** How much of a hold is taken. What it is to be priced by is found with the hold. */
function takenOf(
  input: CaptureHoldInput,
  caller: Caller,
  path: check.Path,
): Pick<CaptureCommand, "amount" | "pricing" | "quantity"> {
  const { amount, quantities, surcharges } = input;
  if (quantities == null && surcharges == null)
    return {
      amount: amount == null ? null : check.positive(amount, caller.unit, [...path, "amount"]),
      pricing: null,
      quantity: null,
    };
  if (amount != null) throw badInput("needs amount, or quantities: not both", path);
  if (quantities == null) throw badInput("needs quantities with its surcharges", path);
  const use = useToPrice(input, null, path);
  return { amount: null, pricing: { question: { operation: "", app: null }, use, told: null }, quantity: writeUse(use) };
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
    amount: input.amount == null ? null : check.positive(input.amount, caller.unit, [...path, "amount"]),
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
  const { amount, pricing, operation, quantity, app } = whatOf(input, caller, path);
  return {
    type,
    actor,
    boundTo,
    idempotencyKey,
    description,
    metadata,
    amount,
    pricing,
    operation,
    quantity,
    app,
    // Found by its name, when it is known whose the wallet is.
    member: null,
    occurredAt: check.optionalInstant(input.occurredAt, [...path, "occurredAt"]),
    allowPartial: input.allowPartial ?? false,
  };
}

type Costed = CostInput & { readonly app?: string | null | undefined; readonly quoteId?: string | null | undefined };

/** What a use is of, and how it comes to its amount. */
function whatOf(input: Costed, caller: Caller, path: check.Path) {
  const operation = check.optionalName(input.operation, [...path, "operation"]);
  const app = appOf(input.app, caller, [...path, "app"]);
  if (input.amount != null) {
    if (input.quantities != null || input.surcharges != null || input.quoteId != null)
      throw badInput("needs amount, or operation with quantities, surcharges and quoteId: not both", path);
    return {
      amount: check.positive(input.amount, caller.unit, [...path, "amount"]),
      pricing: null,
      operation,
      quantity: null,
      app,
    };
  }
  if (operation === null) throw badInput("needs amount, or operation", path);
  const quote = input.quoteId == null ? null : check.text(input.quoteId, check.MOST_NAME_CHARACTERS, [...path, "quoteId"]);
  const use = useToPrice(input, quote, path);
  return { amount: 0n, pricing: { question: { operation, app }, use, told: null }, operation, quantity: writeUse(use), app };
}

/** How many different things are counted in one use, and added to it. */
const MOST_QUANTITIES = 20;

function useToPrice(
  { quantities, surcharges }: Pick<CostInput, "quantities" | "surcharges">,
  quote: string | null,
  path: check.Path,
): UseToPrice {
  const given = quantities ?? [];
  const added = surcharges ?? [];
  if (given.length > MOST_QUANTITIES) throw badInput(`must have at most ${MOST_QUANTITIES}`, [...path, "quantities"]);
  if (added.length > MOST_QUANTITIES) throw badInput(`must have at most ${MOST_QUANTITIES}`, [...path, "surcharges"]);
  const counted = new Map<string, bigint>();
  given.forEach(({ dimension, quantity }, index) => {
    const place = [...path, "quantities", index];
    if (!isDimension(dimension)) throw badInput("must be 1-64 letters, digits, or any of _ . : / -", [...place, "dimension"]);
    if (counted.has(dimension)) throw badInput("must be named once", [...place, "dimension"]);
    counted.set(dimension, quantityOf(quantity, [...place, "quantity"]));
  });
  const names = added.map((name, index) => check.operationName(name, [...path, "surcharges", index]));
  return { quantities: counted, surcharges: names, asOf: null, quote };
}

function quantityOf(text: string, path: check.Path): bigint {
  const parsed = parseAmount(text);
  if (!parsed.ok) throw badInput(`must be a quantity: ${parsed.reason}`, path);
  if (parsed.amount < 0n) throw badInput("must not be negative", path);
  return parsed.amount;
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
  throw forbidden(`This key is bound to the app ${boundTo}: leave app out, or name that one.`);
}

function expiryOf(input: Pick<HoldCreditsInput, "expiresAt" | "expiresIn">, path: check.Path): HoldExpiry {
  const { expiresIn } = input;
  const expiresAt = check.optionalInstant(input.expiresAt, [...path, "expiresAt"]);
  if (expiresAt != null && expiresIn == null) return { at: expiresAt };
  if (expiresIn != null && expiresAt == null) return { in: expiresIn };
  throw badInput("needs exactly one of expiresAt and expiresIn", path);
}
