import type { Instant } from "../../core/time";
import type { Wallet } from "../model/types";

/** A wallet with what its row says beside the model. */
export interface LoadedWallet {
  readonly wallet: Wallet;
  readonly nextDueAt: Instant | null;
  /** How many thresholds the wallet has ever had: the next is numbered one more. */
  readonly thresholdCount: number;
  /** One more with each time that the wallet's row, or a threshold of it, was written. */
  readonly revision: bigint;
  /** Of the credit type's prices: a price that was told holds as long as it is the same. */
  readonly priceRevision: number;
  /** The plan that its account is on, by its number in the catalogue; null: none. Prices may depend on it. */
  readonly plan: number | null;
  /** Of the credit type's unit: an amount was read right as long as it is the same. */
  readonly unitRevision: number;
}
