import type { Amount } from "../core/amount";
import type { Instant } from "../core/time";
import { permit } from "./model/budget";
import { catchUp } from "./model/catch-up";
import type { SpendCommand, WalletRefusal } from "./model/commands";
import { decide } from "./model/decide";
import { Draft } from "./model/draft";
import type { Balance, Entry, Wallet } from "./model/types";
import { timeOf } from "./model/wallet";

/** What a spend would come to. */
export interface Quote {
  /** The wallet at the instant, before it. */
  readonly wallet: Wallet;
  /** The draws, in order; as far as the grants go. */
  readonly draws: readonly Entry[];
  readonly shortfall: Amount;
  readonly balanceAfter: Balance;
  /** Why the member may not, however much there is; null: it may, or it is the team's own. */
  readonly barred: WalletRefusal | null;
}

/**
 * Runs a spend on a copy of a wallet, caught up to the time that it is for it: by the same rule as a real one, and nothing is written.
 * The command allows a part, so that a quote past what there is tells how far the grants go; and a member's limits are told beside that.
 */
export function quote(written: Wallet, command: SpendCommand, now: Instant): Quote {
  const { wallet } = catchUp(written, timeOf(written, now));
  const permitted = permit(new Draft(wallet, wallet.clockAt), command, command.amount, false);
  const barred = permitted.refused ? permitted.refusal : null;
  const outcome = decide(wallet, { ...command, member: null }, now);
  if (outcome.refused) return { wallet, draws: [], shortfall: command.amount, balanceAfter: wallet.balance, barred };
  const { transaction } = outcome;
  return {
    wallet,
    draws: transaction.entries,
    shortfall: command.amount - transaction.amount,
    balanceAfter: transaction.balance,
    barred,
  };
}
