import type { Instant } from "../../src/core/time";
import type {
  AdjustCommand,
  CaptureCommand,
  ExtendCommand,
  GrantCommand,
  HoldCommand,
  HoldExpiry,
  OverdraftCommand,
  RefundCommand,
  ReleaseCommand,
  SpendCommand,
  TransferCommand,
  VoidCommand,
  WithdrawCommand,
} from "../../src/wallet/model/commands";
import type { GrantTerms, WalletKey } from "../../src/wallet/model/types";

/** Commands with what a test does not care about filled in. */

let keys = 0;
/** What every command carries, under a key of its own unless one is given. */
function carried(idempotencyKey = `key-${++keys}`) {
  return { actor: "test", description: null, metadata: null, idempotencyKey, boundTo: null };
}

export function grantOf(amount: bigint, terms: Partial<GrantTerms> = {}, idempotencyKey?: string): GrantCommand {
  return {
    type: "grant",
    ...carried(idempotencyKey),
    defaultLife: null,
    terms: {
      kind: "PROMO",
      amount,
      priority: 100,
      effectiveAt: null,
      expiresAt: null,
      scope: { operations: [], apps: [] },
      costBasis: null,
      rollover: null,
      repaysDebt: false,
      source: null,
      metadata: null,
      ...terms,
    },
  };
}

const USE = { pricing: null, operation: null, quantity: null, app: null, member: null, occurredAt: null, allowPartial: false };

export function spendOf(amount: bigint, given: Partial<SpendCommand> = {}): SpendCommand {
  return { type: "spend", ...carried(given.idempotencyKey), ...USE, amount, ...given };
}

export function holdOf(amount: bigint, expires: Instant | HoldExpiry, given: Partial<HoldCommand> = {}): HoldCommand {
  const expiry = typeof expires === "bigint" ? { at: expires } : expires;
  return { type: "hold", ...carried(given.idempotencyKey), ...USE, amount, expires: expiry, ...given };
}

export function captureOf(hold: number, amount: bigint | null, given: Partial<CaptureCommand> = {}): CaptureCommand {
  return {
    type: "capture",
    ...carried(),
    hold,
    amount,
    pricing: null,
    quantity: null,
    allowExcess: false,
    final: true,
    ...given,
  };
}

export function extendOf(hold: number, expires: HoldExpiry): ExtendCommand {
  return { type: "extend", ...carried(), hold, expires };
}

export function releaseOf(hold: number): ReleaseCommand {
  return { type: "release", ...carried(), hold };
}

export function refundOf(spend: number, amount: bigint | null = null): RefundCommand {
  return { type: "refund", ...carried(), spend, amount };
}

export function voidOf(grant: number): VoidCommand {
  return { type: "void", ...carried(), grant };
}

export function withdrawOf(grant: number, amount: bigint): WithdrawCommand {
  return { type: "withdraw", ...carried(), grant, amount };
}

export function adjustOf(amount: bigint): AdjustCommand {
  return { type: "adjust", ...carried(), amount };
}

export function overdraftOf(limit: bigint): OverdraftCommand {
  return { type: "overdraft", ...carried(), limit, costBasis: null };
}

export function transferOf(to: WalletKey, amount: bigint, idempotencyKey?: string): TransferCommand {
  return { type: "transfer", ...carried(idempotencyKey), to, amount };
}
