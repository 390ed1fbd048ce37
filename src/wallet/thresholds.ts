import type { Amount } from "../core/amount";
import type { Operator } from "../platform/act";
import type { Core } from "../platform/context";
import type { Job } from "./batch";
import type { Threshold, Wallet } from "./model/types";
import { perform } from "./submit";

/** `tooMany`: a wallet has as many thresholds as it may; `absent`: no such wallet, or no such threshold in it. */
export type ThresholdAnswer =
  | { readonly status: "done"; readonly wallet: Wallet; readonly threshold: Threshold }
  | { readonly status: "tooMany"; readonly limit: number }
  | { readonly status: "absent" };

/**
 * Has a wallet tell when its spendable balance falls to `amount` or below, and when it is above again. Armed at once when it is above
 * now. The same amount again answers the threshold that stands already. `operator`: who does it, if not the customer.
 */
export function setThreshold(
  core: Core,
  key: Job["key"],
  amount: Amount,
  operator: Operator | null = null,
): Promise<ThresholdAnswer> {
  return keep(core, key, { type: "setThreshold", amount }, operator);
}

/** Ends a threshold; answers it as it was. */
export function removeThreshold(
  core: Core,
  key: Job["key"],
  number: number,
  operator: Operator | null = null,
): Promise<ThresholdAnswer> {
  return keep(core, key, { type: "removeThreshold", number }, operator);
}

async function keep(
  core: Core,
  key: Job["key"],
  task: Parameters<typeof perform>[2],
  operator: Operator | null,
): Promise<ThresholdAnswer> {
  const result = await perform(core, key, task, operator);
  if (result.status === "tooMany") return result;
  if (result.status !== "kept" || result.threshold === null) return { status: "absent" };
  return { status: "done", wallet: result.wallet, threshold: result.threshold };
}
