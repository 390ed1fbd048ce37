import type { Amount } from "../../core/amount";
import type { Instant } from "../../core/time";
import type { Alert, AlertState, Threshold, Wallet } from "./types";
import { spendableOf } from "./wallet";

/** The built-in threshold of every wallet: at zero it is depleted. */
const ZERO = { number: null, amount: 0n };

/**
 * Judges every threshold of a wallet after a transaction: a fall to or below it is told once (LOW; DEPLETED for the one at zero),
 * the rise above it once (RECOVERED), and then it is armed again. What was never above says nothing.
 */
export function judge(wallet: Wallet, at: Instant): { readonly wallet: Wallet; readonly alerts: readonly Alert[] } {
  const spendable = spendableOf(wallet.balance);
  const alerts: Alert[] = [];
  const judged = (threshold: { number: number | null; amount: Amount }, state: AlertState): AlertState => {
    const next = nextState(state, spendable > threshold.amount);
    if (next === state || (state === "IDLE" && next === "ARMED")) return next;
    alerts.push(crossing(wallet, at, spendable, threshold, next, alerts.length));
    return next;
  };
  const depletion = judged(ZERO, wallet.depletion);
  const thresholds = mapChanged(wallet.thresholds, (threshold) => {
    const state = judged(threshold, threshold.state);
    return state === threshold.state ? threshold : { ...threshold, state };
  });
  if (depletion === wallet.depletion && thresholds === wallet.thresholds) return { wallet, alerts };
  return { wallet: { ...wallet, depletion, thresholds, alertCount: wallet.alertCount + alerts.length }, alerts };
}

/** The alert for a grant that expires soon, when a wallet's time reaches the notice. */
export function expiringSoon(wallet: Wallet, at: Instant, grant: { number: number; available: Amount }): Alert {
  return {
    number: wallet.alertCount + 1,
    type: "EXPIRING_SOON",
    sequence: wallet.sequence,
    effectiveAt: at,
    spendable: spendableOf(wallet.balance),
    threshold: null,
    grant: grant.number,
    expiring: grant.available,
  };
}

/** A threshold set on a wallet as it is now: armed when the balance is above it, else silent until it has been. */
export function addThreshold(wallet: Wallet, amount: Amount, number: number): Wallet {
  const state = spendableOf(wallet.balance) > amount ? "ARMED" : "IDLE";
  return { ...wallet, thresholds: [...wallet.thresholds, { number, amount, state }] };
}

export function removeThreshold(wallet: Wallet, number: number): Wallet {
  return { ...wallet, thresholds: wallet.thresholds.filter((threshold) => threshold.number !== number) };
}

function nextState(state: AlertState, above: boolean): AlertState {
  if (above) return "ARMED";
  return state === "ARMED" ? "FIRED" : state;
}

function crossing(
  wallet: Wallet,
  at: Instant,
  spendable: Amount,
  threshold: { number: number | null; amount: Amount },
  next: AlertState,
  index: number,
): Alert {
  const { number, amount } = threshold;
  const fell = number === null ? "DEPLETED" : "LOW";
  return {
    number: wallet.alertCount + index + 1,
    type: next === "FIRED" ? fell : "RECOVERED",
    sequence: wallet.sequence,
    effectiveAt: at,
    spendable,
    threshold: number === null ? null : { number, amount },
    grant: null,
    expiring: null,
  };
}

/** As `map`, but the same array when nothing changed. */
function mapChanged(list: readonly Threshold[], change: (one: Threshold) => Threshold): readonly Threshold[] {
  const changed = list.map(change);
  return changed.every((one, index) => one === list[index]) ? list : changed;
}
