import { maximum } from "../../../src/core/amount";
import { type Instant, parseInstant } from "../../../src/core/time";
import { catchUp } from "../../../src/wallet/model/catch-up";
import type { TransferCommand } from "../../../src/wallet/model/commands";
import type { Wallet, WalletKey } from "../../../src/wallet/model/types";
import type { Sent, ShownTransaction } from "./answers";
import { Ledger, perform, sameKey } from "./ledger";

/**
 * A history's wallets as its clients may believe them to be: the pure core's, after those answers that have come in without a gap. It
 * is only there to choose sensible commands by; nothing is judged by it.
 */
export class Guess {
  readonly ledgers: readonly Ledger[];
  #waiting: Sent[] = [];

  constructor(opened: readonly Wallet[]) {
    this.ledgers = opened.map((wallet) => new Ledger(wallet));
  }

  /** One's own, a friend's, and one's own of another credit type. */
  get wallets(): readonly [Wallet, Wallet, Wallet] {
    return this.ledgers.map(({ wallet }) => wallet) as [Wallet, Wallet, Wallet];
  }

  at(place: number): Ledger {
    return this.ledgers[place] as Ledger;
  }

  placeOf(key: WalletKey): number {
    return this.ledgers.findIndex(({ wallet }) => sameKey(wallet.key, key));
  }

  /** Takes in an answer, once all before it are. */
  learn(sent: Sent): void {
    const { answer } = sent;
    if (answer.transaction === null || answer.replayed) return;
    this.#waiting.push(sent);
    for (let next = this.#next(); next; next = this.#next()) {
      const taken = next;
      this.#waiting = this.#waiting.filter((one) => one !== taken);
      const [ledger, receiver] = [this.at(taken.place), this.#receiver(taken)];
      ledger.catchUp(instantOf(taken.answer.transaction));
      receiver?.catchUp(instantOf(taken.answer.transaction));
      perform(ledger, receiver, taken.command, instantOf(taken.answer.transaction));
    }
  }

  /** What fell due in between is not told: so it is reckoned. */
  #next(): Sent | undefined {
    return this.#waiting.find((sent) => {
      const receiver = this.#receiver(sent);
      const { transaction, receiverTransaction } = sent.answer;
      return follows(this.at(sent.place), transaction) && (receiver === null || follows(receiver, receiverTransaction ?? null));
    });
  }

  #receiver({ command }: Sent): Ledger | null {
    return command.type === "transfer" ? this.at(this.placeOf((command as TransferCommand).to)) : null;
  }
}

function follows(ledger: Ledger, transaction: ShownTransaction | null): boolean {
  if (transaction === null) return false;
  return catchUp(ledger.wallet, instantOf(transaction)).wallet.sequence + 1 === Number(transaction.sequence);
}

/** The wallet's time when it was decided: the clock's, unless that was behind it. */
function instantOf(transaction: ShownTransaction | null): Instant {
  return maximum(parseInstant(transaction?.recordedAt ?? "") as Instant, parseInstant(transaction?.effectiveAt ?? "") as Instant);
}
