import { deepStrictEqual } from "node:assert";
import type { Amount } from "../../src/core/amount";
import type { Instant } from "../../src/core/time";
import { addThreshold, removeThreshold } from "../../src/wallet/model/alerts";
import { type CaughtUp, catchUp, nextDueAt } from "../../src/wallet/model/catch-up";
import type { Command, Outcome, TransferCommand, WalletCommand } from "../../src/wallet/model/commands";
import { decide } from "../../src/wallet/model/decide";
import { spentOf } from "../../src/wallet/model/refund";
import { decideTransfer } from "../../src/wallet/model/transfer";
import type { Alert, Grant, Policy, Spent, Transaction, Wallet } from "../../src/wallet/model/types";
import { isOpen } from "../../src/wallet/model/wallet";
import { judgeAnswer } from "./auditor/answers";
import { judgeTransfer } from "./auditor/transfers";
import { deepFreeze } from "./deep-freeze";

/** A threshold with the part of the log that it was judged over: after the sequence `since`, up to `until` (null: it stands). */
export interface ThresholdSpan {
  readonly number: number;
  readonly amount: Amount;
  readonly since: number;
  readonly until: number | null;
}

/**
 * A wallet and everything that ever happened to it. Its wallet value holds all: closed grants, ended holds, every transaction as
 * one that may be refunded. Each answer is
 * held against what was asked. Each command is decided a second time on what a store would load for it; the two must agree. Wallets and
 * commands are frozen, so that whatever changes one fails.
 */
export class History {
  readonly opened: Wallet;
  wallet: Wallet;
  readonly transactions: Transaction[] = [];
  readonly alerts: Alert[] = [];
  readonly thresholds: ThresholdSpan[] = [];
  readonly policies = new Map<number, Policy>();
  /** Which transaction voided a grant. */
  readonly voidedBy = new Map<number, number>();
  /** Which transaction set the end of a hold, and to when. */
  readonly holdExpiries: { readonly hold: number; readonly by: number; readonly at: Instant }[] = [];

  constructor(opened: Wallet) {
    this.opened = deepFreeze(opened);
    this.wallet = opened;
    this.policies.set(opened.policy.version, opened.policy);
  }

  act(command: WalletCommand, now: Instant): Outcome {
    const outcome = decide(this.wallet, deepFreeze(command), now);
    judgeAnswer(this.wallet, command, now, outcome);
    sameOutcome(decide(asStored(this.wallet, command, this.timeAt(now)), command, now), outcome);
    this.absorb(outcome);
    return outcome;
  }

  /** A transfer to another wallet; the answer is the giver's. */
  transfer(receiver: History, command: TransferCommand, now: Instant): Outcome {
    const done = decideTransfer(this.wallet, receiver.wallet, deepFreeze(command), now);
    judgeTransfer(this.wallet, receiver.wallet, command, now, done);
    const clocks = [this.wallet.clockAt, receiver.wallet.clockAt];
    const moment = clocks.reduce((latest, at) => (at > latest ? at : latest), this.timeAt(now));
    const stored = (wallet: Wallet) => asStored(wallet, command, moment);
    const again = decideTransfer(stored(this.wallet), stored(receiver.wallet), command, now);
    sameOutcome(again.giver, done.giver);
    sameCaughtUp(again.receiver, done.receiver);
    this.absorb(done.giver);
    if (receiver !== this) receiver.absorb(done.receiver);
    return done.giver;
  }

  catchUp(now: Instant): CaughtUp {
    const caughtUp = catchUp(this.wallet, this.timeAt(now), now);
    this.absorb(caughtUp);
    return caughtUp;
  }

  /** From now on it is that time for its account, whatever it is really. */
  setTestClock(testClock: Instant): void {
    this.wallet = { ...this.wallet, testClock };
  }

  setPolicy(policy: Policy): void {
    this.policies.set(policy.version, policy);
    this.wallet = { ...this.wallet, policy };
  }

  addThreshold(amount: Amount): number {
    const number = this.thresholds.length + 1;
    this.wallet = addThreshold(this.wallet, amount, number);
    this.thresholds.push({ number, amount, since: this.wallet.sequence, until: null });
    return number;
  }

  removeThreshold(number: number): void {
    const index = this.thresholds.findIndex((span) => span.number === number && span.until === null);
    const span = this.thresholds[index];
    if (!span) throw new Error(`there is no threshold ${number}`);
    this.wallet = removeThreshold(this.wallet, number);
    this.thresholds[index] = { ...span, until: this.wallet.sequence };
  }

  private timeAt(now: Instant): Instant {
    return this.wallet.testClock ?? now;
  }

  private absorb({ wallet, transactions, alerts }: CaughtUp): void {
    for (const grant of wallet.grants) this.observe(grant, wallet.sequence);
    for (const { sequence, expiresAt } of wallet.holds) {
      const before = this.wallet.holds.find((hold) => hold.sequence === sequence)?.expiresAt;
      if (before !== expiresAt) this.holdExpiries.push({ hold: sequence, by: wallet.sequence, at: expiresAt });
    }
    const spents = transactions.map((one) =>
      spentOf(one, 0n, wallet.holds.find((hold) => hold.sequence === one.relatesTo)?.heldAt ?? null),
    );
    this.wallet = deepFreeze(spents.length > 0 ? { ...wallet, spents: [...wallet.spents, ...spents] } : wallet);
    this.transactions.push(...transactions);
    this.alerts.push(...alerts);
  }

  private observe(grant: Grant, sequence: number): void {
    const before = this.wallet.grants[grant.number - 1];
    if (before === grant) return;
    if (before) deepStrictEqual(termsOf(grant), termsOf(before), `the terms of grant ${grant.number} changed`);
    if (grant.voidedAt !== null && before?.voidedAt == null) this.voidedBy.set(grant.number, sequence);
    if (before?.voidedAt != null) deepStrictEqual(grant.voidedAt, before.voidedAt, `grant ${grant.number} was voided again`);
  }
}

function termsOf({ pots: _pots, voidedAt: _voidedAt, repaid: _repaid, ...terms }: Grant): object {
  return terms;
}

/** What a store loads for a command: open grants, holds that are due, and whatever the command names. */
function asStored(wallet: Wallet, command: Command, now: Instant): Wallet {
  const spents = command.type === "refund" ? wallet.spents.filter((spent) => spent.sequence === command.spend) : [];
  const named = grantsNamed(command, spents);
  const repaid = (grant: Grant) => command.type === "refund" && grant.repaid > 0n;
  const grants = wallet.grants.filter((grant) => isOpen(grant) || named.has(grant.number) || repaid(grant));
  const hold = "hold" in command ? command.hold : null;
  const holds = wallet.holds.filter((one) => one.sequence === hold || (one.status === "OPEN" && one.expiresAt <= now));
  let unloadedDueAt: Instant | null = null;
  for (const one of wallet.holds) {
    if (one.status !== "OPEN" || holds.includes(one)) continue;
    if (unloadedDueAt === null || one.expiresAt < unloadedDueAt) unloadedDueAt = one.expiresAt;
  }
  return { ...wallet, grants, holds, spents, unloadedDueAt };
}

function grantsNamed(command: Command, spents: readonly Spent[]): ReadonlySet<number> {
  const drawn = spents.flatMap((spent) => spent.draws.map((draw) => draw.grant));
  return new Set(command.type === "void" || command.type === "withdraw" ? [command.grant, ...drawn] : drawn);
}

function sameOutcome(stored: Outcome, whole: Outcome): void {
  deepStrictEqual(stored.refused ? stored.refusal : null, whole.refused ? whole.refusal : null);
  sameCaughtUp(stored, whole);
}

/** A hash covers all of a transaction, so hashes are enough. */
function sameCaughtUp(stored: CaughtUp, whole: CaughtUp): void {
  const hashes = ({ transactions }: CaughtUp) => transactions.map(({ hash }) => Buffer.from(hash).toString("hex"));
  deepStrictEqual(hashes(stored), hashes(whole));
  deepStrictEqual(stored.alerts, whole.alerts);
  if (stored.transactions.length !== 1) deepStrictEqual(nextDueAt(stored.wallet), nextDueAt(whole.wallet), "what is due next");
  for (const grant of stored.wallet.grants) {
    const other = whole.wallet.grants[grant.number - 1];
    if (other !== grant) deepStrictEqual(grant, other);
  }
}
