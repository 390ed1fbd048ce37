import type { Instant } from "../../../src/core/time";
import { addThreshold, removeThreshold } from "../../../src/wallet/model/alerts";
import { type CaughtUp, catchUp } from "../../../src/wallet/model/catch-up";
import type { Command, Outcome } from "../../../src/wallet/model/commands";
import { decide } from "../../../src/wallet/model/decide";
import { spentOf } from "../../../src/wallet/model/refund";
import { decideTransfer, type Transferred } from "../../../src/wallet/model/transfer";
import type { Alert, Policy, Threshold, Transaction, Wallet, WalletKey } from "../../../src/wallet/model/types";

/** A wallet as the pure core has it, with every transaction, alert and state that it came to. */
export class Ledger {
  readonly transactions: Transaction[] = [];
  readonly alerts: Alert[] = [];
  /** The states at each sequence: the first after that transaction, others after a notice, a threshold or a policy. None where the next was
   * written together with it. */
  readonly states = new Map<number, readonly Wallet[]>();
  #wallet: Wallet;
  #thresholds = 0;

  constructor(opened: Wallet) {
    this.#wallet = opened;
    this.#become(opened);
  }

  get wallet(): Wallet {
    return this.#wallet;
  }

  /** Every transaction of it may be refunded: so all are kept as such. */
  take({ wallet, transactions, alerts }: CaughtUp): void {
    if (wallet === this.#wallet) return;
    const spents = transactions.map((one) =>
      spentOf(one, 0n, wallet.holds.find((hold) => hold.sequence === one.relatesTo)?.heldAt ?? null),
    );
    this.#become(spents.length > 0 ? { ...wallet, spents: [...wallet.spents, ...spents] } : wallet);
    this.transactions.push(...transactions);
    this.alerts.push(...alerts);
  }

  catchUp(now: Instant): void {
    this.take(catchUp(this.#wallet, now));
  }

  setPolicy(policy: Policy): void {
    if (policy.version !== this.#wallet.policy.version) this.#become({ ...this.#wallet, policy });
  }

  /** A threshold of the same amount is the same threshold. */
  setThreshold(amount: bigint): Threshold {
    const same = this.#wallet.thresholds.find((threshold) => threshold.amount === amount);
    if (same) return same;
    const number = ++this.#thresholds;
    this.#become(addThreshold(this.#wallet, amount, number));
    return this.#wallet.thresholds.at(-1) as Threshold;
  }

  removeThreshold(number: number): Threshold | null {
    const found = this.#wallet.thresholds.find((threshold) => threshold.number === number) ?? null;
    this.#become(removeThreshold(this.#wallet, number));
    return found;
  }

  #become(wallet: Wallet): void {
    this.#wallet = wallet;
    this.states.set(wallet.sequence, [...(this.states.get(wallet.sequence) ?? []), wallet]);
  }
}

/** What the pure core answers to a command on a wallet; `receiver`: the wallet that a transfer names. */
export function decideOn(wallet: Wallet, receiver: Wallet | null, command: Command, now: Instant): Transferred {
  if (command.type !== "transfer") return { giver: decide(wallet, command, now), receiver: NOTHING_RECEIVED };
  if (!receiver) throw new Error("a transfer needs a receiver");
  return decideTransfer(wallet, receiver, command, now);
}

const NOTHING_RECEIVED = {} as CaughtUp;

/** Does a command, on both sides if it is a transfer, unless it is refused. */
export function perform(ledger: Ledger, receiver: Ledger | null, command: Command, now: Instant): Outcome {
  const done = decideOn(ledger.wallet, receiver?.wallet ?? null, command, now);
  if (done.giver.refused) return done.giver;
  ledger.take(done.giver);
  receiver?.take(done.receiver);
  return done.giver;
}

export function sameKey(a: WalletKey, b: WalletKey): boolean {
  return a.accountId === b.accountId && a.creditTypeId === b.creditTypeId;
}
