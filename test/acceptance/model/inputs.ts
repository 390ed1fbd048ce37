import { formatAmount, MAX_AMOUNT } from "../../../src/core/amount";
import { formatInstant, type Instant } from "../../../src/core/time";
import { numberedId, walletId } from "../../../src/wallet/ids";
import type { Command, HoldExpiry } from "../../../src/wallet/model/commands";
import type { WalletKey } from "../../../src/wallet/model/types";

type Of<Type extends Command["type"]> = Extract<Command, { readonly type: Type }>;
type Input = Readonly<Record<string, unknown>>;

/** A command as far as the API can say it: what it has no words for is left out, what it asks for is added. */
export function sayable(command: Command, defaultLife: string | null): Command {
  const silent = { description: null, metadata: null };
  switch (command.type) {
    case "grant":
      return sayableGrant(command, defaultLife);
    case "spend":
    case "hold":
      return { ...command, pricing: null, quantity: null, amount: within(command.amount) };
    case "capture":
      return { ...command, pricing: null, quantity: null, amount: command.amount && within(command.amount) };
    case "refund":
      return { ...command, metadata: null, amount: command.amount && within(command.amount) };
    case "transfer":
      return { ...command, amount: within(command.amount) };
    case "void":
      return { ...command, ...silent, description: "as asked" };
    case "withdraw":
    case "adjust":
      return { ...command, ...silent, description: "as asked", amount: within(command.amount) };
    case "overdraft":
      return { ...command, ...silent, limit: within(command.limit) };
    case "extend":
    case "release":
      return { ...command, ...silent };
  }
}

function sayableGrant(command: Of<"grant">, defaultLife: string | null): Command {
  const { terms, description, metadata } = command;
  const rollover = terms.rollover && { ...terms.rollover, percent: Math.max(terms.rollover.percent, 1) };
  return {
    ...command,
    defaultLife,
    terms: { ...terms, amount: within(terms.amount), rollover, source: description, metadata },
  };
}

function within(amount: bigint): bigint {
  if (amount > MAX_AMOUNT) return MAX_AMOUNT;
  return amount < -MAX_AMOUNT ? -MAX_AMOUNT : amount;
}

/** The input of a command's mutation, for the wallet that it acts on. */
export function inputOf(key: WalletKey, command: Command): Input {
  const say = SAY[command.type] as (command: Command, key: WalletKey) => Input;
  return { ...say(command, key), idempotencyKey: command.idempotencyKey };
}

const SAY: { readonly [Type in Command["type"]]: (command: Of<Type>, key: WalletKey) => Input } = {
  grant: ({ terms }, key) => ({
    walletId: walletId(key),
    kind: terms.kind,
    amount: formatAmount(terms.amount),
    priority: terms.priority,
    effectiveAt: optional(terms.effectiveAt),
    expiresAt: optional(terms.expiresAt),
    scope: terms.scope,
    costBasis: terms.costBasis,
    rollover: terms.rollover && {
      ...terms.rollover,
      maximum: terms.rollover.maximum === null ? null : formatAmount(terms.rollover.maximum),
    },
    repaysDebt: terms.repaysDebt,
    reason: terms.source,
    metadata: terms.metadata,
  }),
  spend: useOf,
  hold: (command, key) => ({ ...useOf(command, key), ...expiry(command.expires) }),
  capture: ({ hold, amount, allowExcess, final, description, metadata }, key) => ({
    holdId: numberedId("hold", key, hold),
    amount: amount === null ? null : formatAmount(amount),
    allowExcess,
    final,
    description,
    metadata,
  }),
  extend: ({ hold, expires }, key) => ({ holdId: numberedId("hold", key, hold), ...expiry(expires) }),
  release: ({ hold }, key) => ({ holdId: numberedId("hold", key, hold) }),
  refund: ({ spend, amount, description }, key) => ({
    transactionId: numberedId("transaction", key, spend),
    amount: amount === null ? null : formatAmount(amount),
    reason: description,
  }),
  void: ({ grant, description }, key) => ({ grantId: numberedId("grant", key, grant), reason: description }),
  withdraw: ({ grant, amount, description }, key) => ({
    grantId: numberedId("grant", key, grant),
    amount: formatAmount(amount),
    reason: description,
  }),
  adjust: ({ amount, description }, key) => ({ walletId: walletId(key), amount: formatAmount(amount), reason: description }),
  overdraft: ({ limit, costBasis }, key) => ({ walletId: walletId(key), limit: formatAmount(limit), costBasis }),
  transfer: ({ to, amount, description, metadata }, key) => ({
    fromWalletId: walletId(key),
    toWalletId: walletId(to),
    amount: formatAmount(amount),
    description,
    metadata,
  }),
};

function useOf(
  { amount, operation, app, occurredAt, allowPartial, description, metadata }: Of<"spend"> | Of<"hold">,
  key: WalletKey,
) {
  return {
    walletId: walletId(key),
    amount: formatAmount(amount),
    operation,
    app,
    occurredAt: optional(occurredAt),
    allowPartial,
    description,
    metadata,
  };
}

function expiry(expires: HoldExpiry): Input {
  return "at" in expires ? { expiresAt: formatInstant(expires.at) } : { expiresIn: expires.in };
}

function optional(instant: Instant | null): string | null {
  return instant === null ? null : formatInstant(instant);
}

/** The field of a command's input that names what it acts on. */
export const NAMING: Readonly<Record<Command["type"], string>> = {
  grant: "walletId",
  spend: "walletId",
  hold: "walletId",
  capture: "holdId",
  extend: "holdId",
  release: "holdId",
  refund: "transactionId",
  void: "grantId",
  withdraw: "grantId",
  adjust: "walletId",
  overdraft: "walletId",
  transfer: "toWalletId",
};

/** How the input calls what a command calls otherwise. */
export const FIELDS: Readonly<Record<string, string>> = {
  wallet: "walletId",
  hold: "holdId",
  spend: "transactionId",
  grant: "grantId",
  expires: "expiresAt",
  source: "reason",
  to: "toWalletId",
};
