import type { CaughtUp } from "../../../src/wallet/model/catch-up";
import type { Outcome, WalletRefusal } from "../../../src/wallet/model/commands";
import type { Entry, Grant, Transaction, Wallet } from "../../../src/wallet/model/types";
import type { History } from "../history";

/** What of a transaction a rare state is recognized by. */
interface Seen {
  readonly transaction: Transaction;
  readonly entries: readonly Entry[];
  readonly grants: readonly Grant[];
  /** True when it has such a move, of an overdraft or of another grant if that is said. */
  readonly moves: (move: `${Entry["from"]}>${Entry["to"]}`, overdraft?: boolean) => boolean;
}

/** Every refusal that there is, with its reason where it has one. */
export const REFUSALS: readonly string[] = [
  "INSUFFICIENT_CREDITS",
  "HOLD_ENDED",
  "CAPTURE_EXCEEDS_HOLD",
  "HOLD_EXPIRY_NOT_LATER",
  "GRANT_NOT_ELIGIBLE EXPIRED",
  "GRANT_NOT_ELIGIBLE VOIDED",
  "GRANT_NOT_ELIGIBLE NOTHING_LEFT",
  "REFUND_EXCEEDS_SPEND",
  "NOT_REFUNDABLE",
  "TRANSFER_NOT_POSSIBLE SAME_WALLET",
  "TRANSFER_NOT_POSSIBLE OTHER_CREDIT_TYPE",
  "OCCURRED_IN_FUTURE",
  "EXPIRES_IN_PAST",
  "BALANCE_OUT_OF_RANGE",
  "NOT_FOUND hold",
  "NOT_FOUND grant",
  "NOT_FOUND transaction",
];

/** States that only some histories come to; each by its name. */
const STATES: Readonly<Record<string, (seen: Seen) => boolean>> = {
  "a spend by three grants": ({ transaction, entries }) => transaction.type === "SPEND" && entries.length >= 3,
  "a spend into the overdraft": ({ transaction, moves }) => transaction.type === "SPEND" && moves("AVAILABLE>CONSUMED", true),
  "a hold on the overdraft": ({ moves }) => moves("AVAILABLE>HELD", true),
  "a captured overdraft": ({ moves }) => moves("HELD>CONSUMED", true),
  "a capture with excess": ({ moves }) => moves("HELD>CONSUMED") && moves("AVAILABLE>CONSUMED"),
  "a capture that releases the rest": ({ moves }) => moves("HELD>CONSUMED") && moves("HELD>AVAILABLE"),
  "a release to an expired grant": ({ moves }) => moves("HELD>EXPIRED"),
  "a release to a voided grant": ({ moves }) => moves("HELD>VOIDED", false),
  "a release to a voided limit": ({ moves }) => moves("HELD>VOIDED", true),
  "a hold that expired": ({ transaction }) => transaction.type === "RELEASE" && transaction.actor === "system",
  "a hold extended": ({ transaction }) => transaction.type === "HOLD" && transaction.relatesTo !== null,
  "a rollover of all": ({ transaction, moves }) => transaction.type === "EXPIRE" && !moves("AVAILABLE>EXPIRED"),
  "a rollover of a part": ({ moves }) => moves("AVAILABLE>MOVED") && moves("AVAILABLE>EXPIRED"),
  "a debt repaid by a grant": ({ transaction, moves }) => transaction.type === "GRANT" && moves("CONSUMED>AVAILABLE", true),
  "a debt repaid by an activation": ({ transaction, moves }) => transaction.type === "ACTIVATE" && moves("AVAILABLE>CONSUMED"),
  "a debt repaid by an adjustment": ({ transaction, moves }) =>
    transaction.type === "ADJUST" && moves("CONSUMED>AVAILABLE", true),
  "a debt repaid under a voided limit": ({ transaction, moves }) =>
    transaction.type === "GRANT" && moves("CONSUMED>VOIDED", true),
  "a debt that a limit takes over": ({ moves }) => moves("ISSUED>CONSUMED"),
  "a debt past a lowered limit": ({ transaction, moves, grants }) => {
    return (
      transaction.type === "GRANT" &&
      moves("CONSUMED>MOVED", true) &&
      grants.some((grant) => owes(grant) && grant.voidedAt !== null)
    );
  },
  "an adjustment into debt": ({ transaction, moves }) => transaction.type === "ADJUST" && moves("AVAILABLE>CONSUMED", true),
  "a refund to several grants": ({ transaction, entries }) =>
    transaction.type === "REFUND" && new Set(entries.map(({ grant }) => grant)).size > 1,
  "a refund onto an ended grant": ({ transaction, moves }) => transaction.type === "REFUND" && moves("CONSUMED>MOVED", false),
  "a refund of debt": ({ transaction, moves }) => transaction.type === "REFUND" && moves("CONSUMED>AVAILABLE", true),
  "a refund of debt under a voided limit": ({ transaction, moves }) =>
    transaction.type === "REFUND" && moves("CONSUMED>VOIDED", true),
  "a gift by several grants": ({ transaction, entries }) => transaction.type === "TRANSFER" && entries.length > 1,
  "a void of what is held": ({ transaction, entries }) => transaction.type === "VOID" && entries.length === 0,
};

const REPAID = "a refund to who repaid a debt";
const REPAID_AND_ENDED = "a refund to who repaid a debt and has ended";
export const RARE: readonly string[] = [...Object.keys(STATES), REPAID, REPAID_AND_ENDED];

/** Counts what plays come to. */
export class Tally {
  readonly types = new Map<string, number>();
  readonly refusals = new Map<string, number>();
  readonly alerts = new Map<string, number>();
  readonly rare = new Map<string, number>();
  commands = 0;
  refused = 0;

  readonly watch = (outcome: CaughtUp | Outcome, history: History, before: Wallet): void => {
    const { transactions, alerts } = outcome;
    for (const transaction of transactions) this.#see(transaction, history);
    for (const { type } of alerts) count(this.alerts, type);
    this.#seeRepaid(outcome, history.wallet, before);
    if (!("transaction" in outcome || "refused" in outcome)) return;
    this.commands++;
    if (!outcome.refused) return;
    this.refused++;
    count(this.refusals, named(outcome.refusal));
  };

  #see(transaction: Transaction, { wallet }: History): void {
    const { type, entries } = transaction;
    count(this.types, type);
    const ofOverdraft = ({ grant }: Entry) => wallet.grants[grant - 1]?.kind === "OVERDRAFT";
    const moves: Seen["moves"] = (move, overdraft) => {
      return entries.some(
        (entry) => `${entry.from}>${entry.to}` === move && (overdraft ?? ofOverdraft(entry)) === ofOverdraft(entry),
      );
    };
    const seen = { transaction, entries, grants: wallet.grants, moves };
    for (const [name, isSo] of Object.entries(STATES)) if (isSo(seen)) count(this.rare, name);
  }

  /** A refund that goes to who repaid the debt meanwhile is in no entry: that grant has repaid less than before. */
  #seeRepaid({ transactions }: CaughtUp, { grants }: Wallet, before: Wallet): void {
    if (transactions.at(-1)?.type !== "REFUND") return;
    const given = before.grants.filter(({ number, repaid }) => (grants[number - 1]?.repaid ?? 0n) < repaid);
    for (const { number, pots } of given) {
      const ended = (grants[number - 1]?.pots.MOVED ?? 0n) > pots.MOVED;
      count(this.rare, ended ? REPAID_AND_ENDED : REPAID);
    }
  }
}

function owes({ kind, pots }: Grant): boolean {
  return kind === "OVERDRAFT" && pots.CONSUMED > 0n;
}

/** A refusal's code, and what there is of a reason. */
function named(refusal: WalletRefusal): string {
  if ("reason" in refusal) return `${refusal.code} ${refusal.reason}`;
  return "what" in refusal ? `${refusal.code} ${refusal.what}` : refusal.code;
}

function count(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}
