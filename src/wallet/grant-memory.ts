import { sameBytes } from "../core/bytes";
import type { Grant } from "./model/types";
import { isOpen } from "./model/wallet";

interface Known {
  readonly hash: Uint8Array;
  readonly grants: readonly Grant[];
}

/**
 * The open grants of wallets that were at work lately, each under the hash of its wallet's last transaction. That hash stands for all
 * that ever happened in the wallet, so whoever has locked the wallet and finds the same hash in it need not read its grants again: they
 * cannot be others. Whatever else happened, here, in another server or by a failed commit, shows as another hash. Reading three grants
 * costs a spend a fifth of its time; ten thousand cost a tenth of a second.
 */
export class GrantMemory {
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
    const known = this.#known.get(text);
    return known && sameBytes(known.hash, hash) ? known.grants : null;
  }

  /** Of all these grants, the open ones are all that are open when the wallet has this hash. */
  keep(text: string, hash: Uint8Array, grants: readonly Grant[]): void {
    this.#forget(text);
    const open = grants.every(isOpen) ? grants : grants.filter(isOpen);
    this.#known.set(text, { hash, grants: open });
    this.#size += costOf(open);
    for (const idle of this.#known.keys()) {
      if (this.#size <= this.most) break;
      this.#forget(idle);
    }
  }

  #forget(text: string): void {
    const known = this.#known.get(text);
    if (!known) return;
    this.#known.delete(text);
    this.#size -= costOf(known.grants);
  }
}

/** A wallet without grants takes its place, too. */
function costOf(grants: readonly Grant[]): number {
  return grants.length + 1;
}
