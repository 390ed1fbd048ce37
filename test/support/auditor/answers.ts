import type { Amount } from "../../../src/core/amount";
import { MAX_AMOUNT } from "../../../src/core/amount";
import type { Instant } from "../../../src/core/time";
import { type CaughtUp, catchUp } from "../../../src/wallet/model/catch-up";
import type { Command, Decided, Outcome, WalletCommand, WalletRefusal } from "../../../src/wallet/model/commands";
import { fingerprint } from "../../../src/wallet/model/fingerprint";
import type { Grant, Hold, Transaction, TransactionType, Wallet } from "../../../src/wallet/model/types";
import { holds, same } from "./expect";
import { broughtBy, couldPay, endOf, faultsOf, lifeOf, mayOverflow, refundable, stillHeld, totalOf } from "./faults";

/** Holds an answer against what was asked: refused for a reason, or done as asked and nothing else. */
export function judgeAnswer(before: Wallet, command: WalletCommand, now: Instant, outcome: Outcome): void {
  const time = before.testClock ?? now;
  const caughtUp = catchUp(before, time, now);
  const moment = caughtUp.wallet.clockAt;
  same(moment, time > before.clockAt ? time : before.clockAt, "the moment of a command");
  const faults = faultsOf(caughtUp.wallet, command, moment);
  if (outcome.refused) judgeRefusal(outcome, caughtUp, faults, broughtBy(command, caughtUp.wallet));
  else judgeDone(caughtUp, command, now, outcome, faults);
}

/** A refusal has a reason, and nothing but the catch-up came of it. */
export function judgeRefusal(
  outcome: Extract<Outcome, { refused: true }>,
  caughtUp: CaughtUp,
  faults: readonly WalletRefusal[],
  brought: Amount,
  overflow = mayOverflow(caughtUp.wallet, brought),
): void {
  const { refusal } = outcome;
  if (refusal.code === "BALANCE_OUT_OF_RANGE") holds(overflow, "a wallet is refused more only when it could be too much");
  else if (!faults.some((fault) => fault.code === refusal.code)) same(refusal, faults, "why a command is refused");
  else
    same(
      refusal,
      faults.find((fault) => fault.code === refusal.code),
      "why a command is refused",
    );
  sameSoFar(outcome, caughtUp);
  same(outcome.transactions.length, caughtUp.transactions.length, "the transactions of a refusal");
  same(outcome.alerts, caughtUp.alerts, "the alerts of a refusal");
  same(outcome.wallet, caughtUp.wallet, "the wallet after a refusal");
}

/** What time did comes first, and is told by nobody. */
export function sameSoFar(outcome: CaughtUp, caughtUp: CaughtUp): void {
  const { length } = caughtUp.transactions;
  same(outcome.transactions.slice(0, length).map(hashOf), caughtUp.transactions.map(hashOf), "what time did before a command");
  for (const { actor, idempotencyKey, fingerprint: print, description, metadata } of caughtUp.transactions) {
    same([actor, idempotencyKey, print, description, metadata], ["system", null, null, null, null], "what time says of itself");
  }
}

function judgeDone(
  { wallet, transactions }: CaughtUp,
  command: WalletCommand,
  now: Instant,
  outcome: Decided,
  faults: readonly WalletRefusal[],
): void {
  same(faults, [], "what there is against a command that was done");
  const { transaction } = outcome;
  holds(totalOf(outcome.wallet) <= MAX_AMOUNT, "no wallet holds too much");
  same(outcome.transactions.map(hashOf), [...transactions, transaction].map(hashOf), "one transaction comes of a command");
  same(saidOf(transaction), saidIn(command, wallet), "what a transaction says of itself");
  same([transaction.effectiveAt, transaction.recordedAt], [wallet.clockAt, now], "when a transaction was");
  same(transaction.policy, wallet.policy.version, "the policy of a transaction");
  const [type, amount] = expectedOf(wallet, command);
  same([transaction.type, transaction.amount], [type, amount], "what a command comes to");
  judgeUse(wallet, command, transaction);
  judgeVoided(wallet, command, outcome);
  judgeMade(wallet, command, outcome);
  judgeHolds(wallet, command, outcome);
}

/** Type and amount of what comes of a command. */
function expectedOf(wallet: Wallet, command: WalletCommand): readonly [TransactionType, Amount] {
  switch (command.type) {
    case "grant":
      return ["GRANT", command.terms.amount];
    case "spend":
    case "hold": {
      const { operation, app, amount } = command;
      const could = couldPay(wallet, { scoped: true, operation, app, overdraft: true }, wallet.clockAt);
      return [command.type === "spend" ? "SPEND" : "HOLD", could < amount ? could : amount];
    }
    case "capture":
      return ["CAPTURE", command.amount ?? stillHeld(holdOf(wallet, command.hold))];
    case "extend":
      return ["HOLD", 0n];
    case "release":
      return ["RELEASE", stillHeld(holdOf(wallet, command.hold))];
    case "refund":
      return ["REFUND", command.amount ?? refundable(wallet, command.spend)];
    case "void": {
      const { pots } = grantOf(wallet, command.grant);
      return ["VOID", pots.PENDING + pots.AVAILABLE];
    }
    case "withdraw": {
      const { pots } = grantOf(wallet, command.grant);
      const left = pots.PENDING + pots.AVAILABLE;
      return ["VOID", left < command.amount ? left : command.amount];
    }
    case "adjust":
      return ["ADJUST", command.amount];
    case "overdraft": {
      const limits = standingLimits(wallet);
      if (command.limit > 0n || limits.length === 0) return ["GRANT", command.limit];
      return ["VOID", limits.reduce((sum, { pots }) => sum + pots.AVAILABLE, 0n)];
    }
  }
}

/** What it was for, and what it relates to. */
function judgeUse(wallet: Wallet, command: WalletCommand, transaction: Transaction): void {
  const nothing = {
    operation: null,
    quantity: null,
    priced: null,
    app: null,
    occurredAt: null,
    relatesTo: null,
    counterpart: null,
  };
  const expected = { ...nothing };
  if (command.type === "spend" || command.type === "hold") {
    const { operation, quantity, app, occurredAt, pricing } = command;
    Object.assign(expected, { operation, quantity, priced: pricing?.told?.by ?? null, app, occurredAt });
  } else if ("hold" in command) {
    const { operation, app, sequence } = holdOf(wallet, command.hold);
    Object.assign(expected, { operation, app, relatesTo: sequence });
  } else if (command.type === "refund") {
    const app = wallet.spents.find(({ sequence }) => sequence === command.spend)?.app;
    Object.assign(expected, { app, relatesTo: command.spend });
  }
  const { operation, quantity, priced, app, occurredAt, relatesTo, counterpart } = transaction;
  same({ operation, quantity, priced, app, occurredAt, relatesTo, counterpart }, expected, "what a transaction is about");
}

/** Grants are voided by a void, and limits by another limit; no others, and no earlier one anew. */
function judgeVoided(wallet: Wallet, command: WalletCommand, outcome: Decided): void {
  const named = command.type === "void" ? [command.grant] : [];
  const limits = command.type === "overdraft" ? standingLimits(wallet).map(({ number }) => number) : [];
  const expected = wallet.grants.map(({ number, voidedAt }) => {
    return [number, [...named, ...limits].includes(number) ? wallet.clockAt : voidedAt];
  });
  const found = outcome.wallet.grants.slice(0, wallet.grants.length).map(({ number, voidedAt }) => [number, voidedAt]);
  same(found, expected, "which grants are voided");
}

/** The terms of what a command makes. (What a refund makes is judged with the debts.) */
function judgeMade(wallet: Wallet, command: WalletCommand, outcome: Decided): void {
  if (command.type === "refund") return;
  const found = bornIn(outcome).map(
    ({ number: _number, createdBy: _by, createdAt: _at, pots: _pots, repaid: _repaid, ...terms }) => terms,
  );
  same(found, madeBy(wallet, command), "the terms of a new grant");
}

const UNRESTRICTED = { operations: [], apps: [] };

function madeBy(wallet: Wallet, command: WalletCommand): readonly object[] {
  const now = wallet.clockAt;
  const rest = { origin: null, voidedAt: null };
  if (command.type === "grant") return [{ ...command.terms, ...lifeOf(command, wallet, now), ...rest }];
  const source = command.description;
  const plain = { effectiveAt: now, expiresAt: null, scope: UNRESTRICTED, rollover: null, source, metadata: null, ...rest };
  if (command.type === "adjust" && command.amount > 0n) {
    const { amount } = command;
    return [{ ...plain, kind: "ADJUSTMENT", amount, priority: 100, costBasis: null, repaysDebt: true }];
  }
  if (command.type === "overdraft" && command.limit > 0n) {
    const { limit, costBasis } = command;
    return [{ ...plain, kind: "OVERDRAFT", amount: limit, priority: 255, costBasis, repaysDebt: false }];
  }
  return [];
}

/** The hold that a command makes or changes; all others stay as they are. */
function judgeHolds(wallet: Wallet, command: WalletCommand, { wallet: after, transaction }: Decided): void {
  const now = wallet.clockAt;
  const expected = new Map(wallet.holds.map((hold) => [hold.sequence, hold]));
  if (command.type === "hold") {
    const { operation, app } = command;
    const draws = transaction.entries.map(({ grant, amount }) => ({ grant, amount }));
    const made = {
      sequence: transaction.sequence,
      amount: transaction.amount,
      captured: 0n,
      released: 0n,
      operation,
      app,
      member: command.member,
      heldAt: transaction.effectiveAt,
      draws,
    };
    expected.set(made.sequence, { ...made, expiresAt: endOf(command.expires, wallet, now), status: "OPEN" });
  } else if ("hold" in command) {
    expected.set(command.hold, changedHold(holdOf(wallet, command.hold), command, wallet));
  }
  same(after.holds, [...expected.values()], "the holds after a command");
}

function changedHold(hold: Hold, command: Extract<WalletCommand, { hold: number }>, wallet: Wallet): Hold {
  const held = stillHeld(hold);
  if (command.type === "extend") return { ...hold, expiresAt: endOf(command.expires, wallet, wallet.clockAt) };
  if (command.type === "release") return { ...hold, released: hold.released + held, status: "RELEASED" };
  const requested = command.amount ?? held;
  const taken = requested < held ? requested : held;
  const captured = hold.captured + taken;
  if (!command.final && taken < held) return { ...hold, captured };
  return { ...hold, captured, released: hold.released + held - taken, status: "CAPTURED" };
}

export function saidOf({ actor, description, metadata, idempotencyKey, fingerprint: print }: Transaction): object {
  return { actor, description, metadata, idempotencyKey, fingerprint: print };
}

export function saidIn(command: Command, { key }: Wallet): object {
  const { actor, description, metadata, idempotencyKey } = command;
  return { actor, description, metadata, idempotencyKey, fingerprint: fingerprint(key, command) };
}

function standingLimits({ grants }: Wallet): readonly Grant[] {
  return grants.filter(({ kind, voidedAt }) => kind === "OVERDRAFT" && voidedAt === null);
}

export function bornIn({ wallet, transaction }: Decided): readonly Grant[] {
  return wallet.grants.filter(({ createdBy }) => createdBy === transaction.sequence);
}

export function grantOf({ grants }: Wallet, number: number): Grant {
  const grant = grants.find((one) => one.number === number);
  holds(grant, `there is a grant ${number}`);
  return grant;
}

function holdOf({ holds: all }: Wallet, sequence: number): Hold {
  const hold = all.find((one) => one.sequence === sequence);
  holds(hold, `there is a hold ${sequence}`);
  return hold;
}

function hashOf({ hash }: Transaction): string {
  return Buffer.from(hash).toString("hex");
}
