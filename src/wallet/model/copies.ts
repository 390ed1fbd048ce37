import type { Amount } from "../../core/amount";
import type { Balance, Grant, Pots, Wallet } from "./types";

/**
 * Copies to be changed before anybody else sees them. Written field by field: spreading an object of that many fields took Node 1 to 3
 * microseconds, this takes 0.05, and a spend makes five of them.
 */

export type Changeable<T> = { -readonly [Field in keyof T]: T[Field] };
export type ChangeableBalance = Changeable<Omit<Balance, "byKind">> & { byKind: Amount[] };

export function copyOfWallet(wallet: Wallet): Changeable<Wallet> {
  return {
    key: wallet.key,
    sequence: wallet.sequence,
    clockAt: wallet.clockAt,
    hash: wallet.hash,
    grantCount: wallet.grantCount,
    alertCount: wallet.alertCount,
    policy: wallet.policy,
    timeZone: wallet.timeZone,
    testClock: wallet.testClock,
    refundGrace: wallet.refundGrace,
    expiryNotice: wallet.expiryNotice,
    balance: wallet.balance,
    depletion: wallet.depletion,
    thresholds: wallet.thresholds,
    grants: wallet.grants,
    holds: wallet.holds,
    spents: wallet.spents,
    members: wallet.members,
    unloadedDueAt: wallet.unloadedDueAt,
  };
}

export function copyOfGrant(grant: Grant): Changeable<Grant> {
  return {
    kind: grant.kind,
    amount: grant.amount,
    priority: grant.priority,
    effectiveAt: grant.effectiveAt,
    expiresAt: grant.expiresAt,
    scope: grant.scope,
    costBasis: grant.costBasis,
    rollover: grant.rollover,
    repaysDebt: grant.repaysDebt,
    source: grant.source,
    metadata: grant.metadata,
    number: grant.number,
    createdBy: grant.createdBy,
    createdAt: grant.createdAt,
    origin: grant.origin,
    pots: grant.pots,
    voidedAt: grant.voidedAt,
    repaid: grant.repaid,
  };
}

export function copyOfPots(pots: Pots): Changeable<Pots> {
  const { PENDING, AVAILABLE, HELD, CONSUMED, EXPIRED, VOIDED, MOVED } = pots;
  return { PENDING, AVAILABLE, HELD, CONSUMED, EXPIRED, VOIDED, MOVED };
}

export function copyOfBalance({ available, held, pending, debt, overdraft, byKind }: Balance): ChangeableBalance {
  return { available, held, pending, debt, overdraft, byKind: byKind.slice() };
}
