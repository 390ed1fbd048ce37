import { formatAmount } from "../../../src/core/amount";
import { formatInstant, type Instant, parseInstant } from "../../../src/core/time";
import { numberedId } from "../../../src/wallet/ids";
import { catchUp } from "../../../src/wallet/model/catch-up";
import type { Balance, Grant, Transaction, Wallet } from "../../../src/wallet/model/types";
import { EMPTY_BALANCE, isOpen } from "../../../src/wallet/model/wallet";
import { compareGrants } from "../../../src/wallet/model/waterfall";
import { holds, same } from "../../support/auditor/expect";
import type { ShownAlert } from "./answers";
import { sameGrants } from "./compare";
import type { Ledger } from "./ledger";
import type { ReadBack } from "./read-back";
import { SKEW } from "./real-time";
import { type Shown, showAlert, showBalance, showHold, showThreshold } from "./shown";

/** Holds all that the API shows of a wallet in the end against what the pure core came to. */
export function judgeWhole(ledger: Ledger, read: ReadBack): void {
  const { wallet } = read;
  const view = catchUp(ledger.wallet, read.since).wallet;
  same(wallet.sequence, String(ledger.wallet.sequence), "how far the wallet is");
  same(wallet.balance, showBalance(view.balance), "the balance in the end");
  same(
    wallet.thresholds,
    view.thresholds.map((threshold) => showThreshold(threshold, view)),
    "the thresholds in the end",
  );
  sameGrants(
    read.grants,
    view.grants.map(({ number }) => number),
    [view],
    read.since,
    read.until,
  );
  same(
    read.inOrder.map(({ id }) => id),
    inOrder(view).map(({ number }) => numberedId("grant", view.key, number)),
    "the order of consumption",
  );
  same(
    read.holds,
    view.holds.map((hold) => showHold(hold, view, read.since)),
    "the holds in the end",
  );
  judgeAlerts(ledger, read);
  for (const name of ["before", "within", "now", "later"] as const) {
    same(wallet[name], showBalance(balanceAt(ledger, read.instants[name])), `the balance ${name}`);
  }
  same(sorted(wallet.usage), sorted(usageOf(ledger.transactions)), "the usage");
}

/** Those that hold something or owe, by the waterfall; then the others, newest first. */
function inOrder({ grants, policy }: Wallet): readonly Grant[] {
  const open = grants.filter(isOpen).sort(compareGrants(policy));
  return [...open, ...grants.filter((grant) => !isOpen(grant)).toReversed()];
}

function judgeAlerts({ alerts, wallet, transactions }: Ledger, read: ReadBack): void {
  same(
    read.alerts.map(({ recordedAt: _recordedAt, ...alert }) => alert),
    alerts.map((alert) => showAlert(alert, wallet)),
    "the alerts",
  );
  for (const alert of read.alerts) judgeTime(alert, transactions[Number(alert.sequence) - 1], read.until);
}

/**
 * A crossing is written with the command that caused it. No more is held against what time does: a transfer catches both wallets up to
 * the later of their times, which may lie past the instant that it is recorded at.
 */
function judgeTime({ type, recordedAt }: ShownAlert, transaction: Transaction | undefined, until: Instant): void {
  holds(transaction, "an alert stands in the log");
  if (type !== "EXPIRING_SOON" && transaction.idempotencyKey !== null) {
    same(recordedAt, formatInstant(transaction.recordedAt), "when a crossing is written");
  }
  holds((parseInstant(recordedAt) as Instant) <= until + SKEW, "an alert is written before it is read");
}

/** By the log as far as it goes; from there on as it will be if nothing is done. */
function balanceAt({ wallet, transactions }: Ledger, instant: Instant): Balance {
  if (instant >= wallet.clockAt) return catchUp(wallet, instant).wallet.balance;
  return transactions.findLast(({ effectiveAt }) => effectiveAt <= instant)?.balance ?? EMPTY_BALANCE;
}

function usageOf(transactions: readonly Transaction[]): readonly Shown[] {
  const rows = new Map<string, { operation: string | null; app: string | null; actor: string; count: number; amount: bigint }>();
  for (const { type, operation, app, actor, amount } of transactions) {
    if (type !== "SPEND" && type !== "CAPTURE") continue;
    const name = JSON.stringify([operation, app, actor]);
    const row = rows.get(name) ?? { operation, app, actor, count: 0, amount: 0n };
    rows.set(name, { ...row, count: row.count + 1, amount: row.amount + amount });
  }
  return [...rows.values()].map((row) => ({ ...row, amount: formatAmount(row.amount) }));
}

function sorted(rows: readonly Shown[]): readonly Shown[] {
  const textOf = ({ operation, app, actor }: Shown) => JSON.stringify([operation, app, actor]);
  return rows.toSorted((a, b) => (textOf(a) < textOf(b) ? -1 : 1));
}
