import { sameBytes } from "../../core/bytes";
import type { Instant } from "../../core/time";
import { copyOfWallet } from "../model/copies";
import type { Grant, Wallet } from "../model/types";
import { isOpen } from "../model/wallet";
import type { LoadedWallet } from "./loaded-wallet";

interface Known {
  readonly loaded: LoadedWallet;
  readonly steady: boolean;
}

/**
 * Wallets that were at work lately, with their open grants, each as the database had it then or was to have it. None of it is believed
 * without asking: the hash stands for all that ever happened in a wallet, so whoever has locked the wallet and finds the same hash in it
 * need not read its grants again: they cannot be others. Whatever else happened, here, in another server or by a failed commit, shows as
 * another hash. Reading three grants costs a spend a fifth of its time; ten thousand cost a tenth of a second.
 */
export class WalletMemory {
  readonly #known = new Map<string, Known>();
  #size = 0;

  constructor(
    /** How many grants are kept; beyond it, those of the wallets that were longest idle go. A grant takes about 1 KB. */
    private readonly most: number,
  ) {}

  /** Whether there is anything to compare with; by `textOf` the wallet's key. */
  knows(text: string): boolean {
    return this.#known.has(text);
  }

  /** The open grants of a wallet that has this hash; null: not known. */
  grantsAt(text: string, hash: Uint8Array): readonly Grant[] | null {
    const wallet = this.#known.get(text)?.loaded.wallet;
    return wallet && sameBytes(wallet.hash, hash) ? wallet.grants : null;
  }

  /**
   * The wallet as it was left, with its open grants and none of its holds; null when it is not known, or when somebody else was at work
   * in it between the last two times: then it may well be another by now.
   */
  asLeft(text: string): LoadedWallet | null {
    const known = this.#known.get(text);
    return known?.steady ? known.loaded : null;
  }

  /** Remembers a wallet as the database has it, or will. `found`: the revision that it was found with. */
  keep(text: string, loaded: LoadedWallet, found: bigint): void {
    const steady = this.#known.get(text)?.loaded.revision === found;
    this.#forget(text);
    const own = { ...loaded, wallet: bare(loaded.wallet) };
    this.#known.set(text, { loaded: own, steady });
    this.#size += costOf(own.wallet);
    for (const idle of this.#known.keys()) {
      if (this.#size <= this.most) break;
      this.#forget(idle);
    }
  }

  #forget(text: string): void {
    const known = this.#known.get(text);
    if (!known) return;
    this.#known.delete(text);
    this.#size -= costOf(known.loaded.wallet);
  }
}

/** A wallet as it is loaded for a command that names nothing in it. */
function bare(wallet: Wallet): Wallet {
  const copy = copyOfWallet(wallet);
  copy.grants = wallet.grants.every(isOpen) ? wallet.grants : wallet.grants.filter(isOpen);
  copy.holds = [];
  copy.spents = [];
  copy.members = [];
  copy.unloadedDueAt = firstExpiry(wallet);
  return copy;
}

/** When the first of the open holds expires. */
function firstExpiry({ holds, unloadedDueAt }: Wallet): Instant | null {
  let first = unloadedDueAt;
  for (const { status, expiresAt } of holds) if (status === "OPEN" && (first === null || expiresAt < first)) first = expiresAt;
  return first;
}

/** A wallet without grants takes its place, too. */
function costOf({ grants }: Wallet): number {
  return grants.length + 1;
}
