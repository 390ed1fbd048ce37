import type { Amount } from "../../../src/core/amount";
import type { Entry, Transaction, Wallet } from "../../../src/wallet/model/types";
import type { History } from "../history";
import { holds, same } from "./expect";
import { auditHistory } from "./index";

/** Judges all wallets of a world: each by itself, transfers by both sides, and each credit type as a whole. */
export function auditTogether(histories: readonly History[]): void {
  for (const history of histories) auditHistory(history);
  for (const history of histories)
    for (const transaction of history.transactions) judgeCounterpart(history, transaction, histories);
  const types = new Set(histories.map(({ wallet }) => wallet.key.creditTypeId));
  for (const type of types) judgeIssued(histories.filter(({ wallet }) => wallet.key.creditTypeId === type));
}

/** What one side gives the other gets: as much, each naming the other. */
function judgeCounterpart({ wallet }: History, transaction: Transaction, histories: readonly History[]): void {
  const { type, counterpart, sequence, amount, entries } = transaction;
  holds((type === "TRANSFER") === (counterpart !== null), "a transfer, and nothing else, has another side");
  if (counterpart === null) return;
  const other = histories.find((one) => isWallet(one.wallet, counterpart));
  const theirs = other?.transactions[counterpart.sequence - 1];
  holds(theirs, "the other side of a transfer is there");
  same(theirs.counterpart, { ...wallet.key, sequence }, "the other side's other side");
  same(theirs.amount, amount, "what the other side says");
  const gives = entries.every(({ to }) => to === "MOVED");
  holds(gives !== theirs.entries.every(({ to }) => to === "MOVED"), "one side of a transfer gives, and one gets");
}

function isWallet({ key }: Wallet, { accountId, creditTypeId }: Wallet["key"]): boolean {
  return key.accountId === accountId && key.creditTypeId === creditTypeId;
}

/** Credits issued = all grants' amounts - all MOVED: whatever moves out of a grant is in another one, once. */
function judgeIssued(histories: readonly History[]): void {
  let inGrants: Amount = 0n;
  let issued: Amount = 0n;
  for (const { wallet, transactions } of histories) {
    for (const { amount, pots } of wallet.grants) inGrants += amount - pots.MOVED;
    for (const { type, entries } of transactions) {
      if (type === "GRANT" || type === "ADJUST") issued += sum(entries, ({ from }) => from === "ISSUED");
      // A limit takes over debt that was issued under the one before.
      if (type === "GRANT") issued -= sum(entries, ({ to }) => to === "MOVED");
    }
  }
  same(inGrants, issued, "credits issued");
}

function sum(entries: readonly Entry[], isOne: (entry: Entry) => boolean): Amount {
  return entries.filter(isOne).reduce((total, { amount }) => total + amount, 0n);
}
