import { formatAmount } from "../../../src/core/amount";
import { formatInstant, type Instant } from "../../../src/core/time";
import { isDrawn, reasonOfDraw, reasonOfMove } from "../../../src/wallet/entry-reason";
import { entryId, numberedId } from "../../../src/wallet/ids";
import type { WalletRefusal } from "../../../src/wallet/model/commands";
import type { Alert, Balance, Entry, Grant, Hold, Policy, Threshold, Transaction, Wallet } from "../../../src/wallet/model/types";
import { BALANCE_KINDS, heldOf, spendableOf } from "../../../src/wallet/model/wallet";
import { grantStatus, holdStatus } from "../../../src/wallet/status";

/** How the API shows the model's values, as JSON. */
export type Shown = Readonly<Record<string, unknown>>;

export function showBalance(balance: Balance): Shown {
  const { available, held, pending, debt, overdraft, byKind } = balance;
  return {
    available: formatAmount(available),
    held: formatAmount(held),
    pending: formatAmount(pending),
    debt: formatAmount(debt),
    overdraft: formatAmount(overdraft),
    spendable: formatAmount(spendableOf(balance)),
    byKind: BALANCE_KINDS.flatMap((kind, index) => {
      const amount = byKind[index] as bigint;
      return amount > 0n ? [{ kind, available: formatAmount(amount) }] : [];
    }),
  };
}

/** A transaction, in the wallet that it changed or became later, under the policies by their versions. */
export function showTransaction(transaction: Transaction, wallet: Wallet, policies: ReadonlyMap<number, Policy>): Shown {
  const { key } = wallet;
  const { sequence, counterpart, relatesTo, occurredAt } = transaction;
  const policy = policies.get(transaction.policy);
  if (!policy) throw new Error(`there is no policy ${transaction.policy}`);
  return {
    id: numberedId("transaction", key, sequence),
    sequence: String(sequence),
    type: transaction.type,
    amount: formatAmount(transaction.amount),
    balanceAfter: showBalance(transaction.balance),
    entries: transaction.entries.map((entry, index) => ({
      id: entryId(key, sequence, index + 1),
      grant: { id: numberedId("grant", key, entry.grant) },
      from: entry.from,
      to: entry.to,
      amount: formatAmount(entry.amount),
      reason: reasonOf(entry, transaction, wallet, policy),
    })),
    operation: transaction.operation,
    quantity: transaction.quantity,
    app: transaction.app,
    actor: transaction.actor,
    description: transaction.description,
    metadata: transaction.metadata,
    idempotencyKey: transaction.idempotencyKey,
    policyVersion: transaction.policy,
    effectiveAt: formatInstant(transaction.effectiveAt),
    recordedAt: formatInstant(transaction.recordedAt),
    occurredAt: occurredAt && formatInstant(occurredAt),
    previousHash: hex(transaction.previousHash),
    hash: hex(transaction.hash),
    relatesTo: relatesTo === null ? null : { id: numberedId("transaction", key, relatesTo) },
    counterpart: counterpart && { id: numberedId("transaction", counterpart, counterpart.sequence) },
  };
}

function reasonOf(entry: Entry, transaction: Transaction, { key, grants }: Wallet, policy: Policy): string {
  const grant = grants[entry.grant - 1] as Grant;
  if (!isDrawn(transaction, entry)) return reasonOfMove(entry, grant.kind);
  const before = entry.before === null ? null : (grants[entry.before - 1] as Grant);
  return reasonOfDraw({ policy, grant, before }, (number) => numberedId("grant", key, number));
}

export function showGrant(grant: Grant, { key }: Wallet, now: Instant): Shown {
  const { pots, origin, expiresAt, voidedAt, rollover } = grant;
  return {
    id: numberedId("grant", key, grant.number),
    kind: grant.kind,
    priority: grant.priority,
    amount: formatAmount(grant.amount),
    pending: formatAmount(pots.PENDING),
    available: formatAmount(pots.AVAILABLE),
    held: formatAmount(pots.HELD),
    consumed: formatAmount(pots.CONSUMED),
    expired: formatAmount(pots.EXPIRED),
    voided: formatAmount(pots.VOIDED),
    moved: formatAmount(pots.MOVED),
    repaid: formatAmount(grant.repaid),
    effectiveAt: formatInstant(grant.effectiveAt),
    expiresAt: expiresAt && formatInstant(expiresAt),
    status: grantStatus(grant, now),
    scope: grant.scope,
    costBasis: grant.costBasis,
    rollover: rollover && { ...rollover, maximum: rollover.maximum && formatAmount(rollover.maximum) },
    repaysDebt: grant.repaysDebt,
    source: grant.source,
    metadata: grant.metadata,
    createdAt: formatInstant(grant.createdAt),
    voidedAt: voidedAt && formatInstant(voidedAt),
    createdBy: { id: numberedId("transaction", key, grant.createdBy) },
    origin: origin && { id: numberedId("grant", origin, origin.number) },
  };
}

export function showHold(hold: Hold, { key }: Wallet, now: Instant): Shown {
  return {
    id: numberedId("hold", key, hold.sequence),
    amount: formatAmount(hold.amount),
    held: formatAmount(heldOf(hold)),
    captured: formatAmount(hold.captured),
    released: formatAmount(hold.released),
    status: holdStatus(hold, now),
    expiresAt: formatInstant(hold.expiresAt),
    operation: hold.operation,
    app: hold.app,
    entries: hold.draws.map(({ grant, amount }) => ({
      grant: { id: numberedId("grant", key, grant) },
      amount: formatAmount(amount),
    })),
  };
}

export function showAlert(alert: Alert, { key }: Wallet): Shown {
  const { type, grant, expiring } = alert;
  return {
    id: numberedId("alert", key, alert.number),
    number: alert.number,
    type,
    sequence: String(alert.sequence),
    effectiveAt: formatInstant(alert.effectiveAt),
    spendable: formatAmount(alert.spendable),
    thresholdAmount: type === "EXPIRING_SOON" ? null : formatAmount(alert.threshold?.amount ?? 0n),
    grant: grant === null ? null : { id: numberedId("grant", key, grant) },
    expiring: expiring === null ? null : formatAmount(expiring),
  };
}

export function showThreshold({ number, amount, state }: Threshold, { key }: Wallet): Shown {
  return { id: numberedId("threshold", key, number), amount: formatAmount(amount), state };
}

/** A refusal; `now`: when it is shown. */
export function showRefusal(refusal: WalletRefusal, wallet: Wallet, now: Instant): Shown {
  const { code } = refusal;
  const __typename = code.replaceAll(/[A-Z]+_?/g, (word) => `${word[0]}${word.slice(1).replace("_", "").toLowerCase()}`);
  const said = { __typename, code };
  switch (refusal.code) {
    case "INSUFFICIENT_CREDITS": {
      const { available, outOfScope, required, shortfall, spendable } = refusal;
      return { ...said, ...amounts({ available, outOfScope, required, shortfall, spendable }) };
    }
    case "HOLD_ENDED":
    case "HOLD_EXPIRY_NOT_LATER":
      return { ...said, hold: withoutEntries(showHold(refusal.hold, wallet, now)) };
    case "CAPTURE_EXCEEDS_HOLD": {
      const { held, requested } = refusal;
      return { ...said, hold: withoutEntries(showHold(refusal.hold, wallet, now)), ...amounts({ held, requested }) };
    }
    case "GRANT_NOT_ELIGIBLE":
      return { ...said, grant: { id: numberedId("grant", wallet.key, refusal.grant) }, end: refusal.reason };
    case "REFUND_EXCEEDS_SPEND":
      return { ...said, ...amounts({ refundable: refusal.refundable, requested: refusal.requested }) };
    case "NOT_REFUNDABLE":
      return { ...said, transaction: { id: numberedId("transaction", wallet.key, refusal.sequence) } };
    case "TRANSFER_NOT_POSSIBLE":
      return { ...said, obstacle: refusal.reason };
    case "OCCURRED_IN_FUTURE":
    case "EXPIRES_IN_PAST":
      return { ...said, now: formatInstant(refusal.now) };
    case "BALANCE_OUT_OF_RANGE":
      return said;
    case "BUDGET_EXCEEDED":
      return { ...said, ...amounts({ required: refusal.required }) };
    case "NOT_PRICED":
      return { ...said, reason: refusal.reason, name: refusal.name, known: refusal.known };
    case "NOT_FOUND":
      return { ...said, field: `${refusal.what}Id` };
  }
}

function amounts(given: Readonly<Record<string, bigint>>): Shown {
  return Object.fromEntries(Object.entries(given).map(([name, amount]) => [name, formatAmount(amount)]));
}

function withoutEntries({ entries: _entries, ...rest }: Shown): Shown {
  return rest;
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}
