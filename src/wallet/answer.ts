import type { Amount } from "../core/amount";
import type { WalletRefusal } from "./model/commands";
import type { Grant, Hold, Transaction, Wallet, WalletKey } from "./model/types";

/** What a command came to. */
export type Answer =
  | {
      readonly status: "done";
      /** True when the same command had been done before under this key: this is the first transaction, with the wallet as it is now. */
      readonly replayed: boolean;
      readonly wallet: Wallet;
      readonly transaction: Transaction;
      /** What a spend or a hold asked for: its amount, or its price. Null for all else. */
      readonly asked: Amount | null;
      /** The grants that the transaction touched, as they are now. */
      readonly grants: readonly Grant[];
      /** The hold that it made, changed or ended. */
      readonly hold: Hold | null;
      /** For a transfer: the receiver's side. */
      readonly counterpart?: { readonly wallet: Wallet; readonly transaction: Transaction; readonly grants: readonly Grant[] };
    }
  | { readonly status: "refused"; readonly refusal: WalletRefusal; readonly wallet: Wallet }
  /** The idempotency key was used in this account before, with other input: `field` is the first that differs. */
  | { readonly status: "mismatch"; readonly key: WalletKey; readonly sequence: number; readonly field: string }
  /** There is no such wallet (for a transfer: or no such receiver). */
  | { readonly status: "absent" };
