import type { Instant } from "../../core/time";
import type { Change, Core } from "../../platform/context";
import type { Transaction, Wallet, WalletKey } from "../model/types";
import { textOf } from "../store/wallet.store";

/** A wallet as it was written; `now`: when it was read, or committed. */
export interface WalletState {
  readonly wallet: Wallet;
  readonly now: Instant;
}

/** One transaction that was committed, and the wallet that it changed. */
export interface Written {
  readonly wallet: Pick<Wallet, "key">;
  readonly transaction: Transaction;
}

/** The most transactions that are kept for all wallets together, about 1 KB each: beyond it those who follow read them. */
const MOST_KEPT = 20_000;
/** Milliseconds: what is told is kept so long, and at most twice so long. Who waits for it takes it at once. */
const KEPT_MILLISECONDS = 250;

/**
 * What this server has just committed in a wallet that somebody follows: so it need not be read again. It is a part of the wallet's log
 * without gaps, and nothing else is known of what is before or behind it: another server may have written there.
 */
export class WalletNews {
  /** Readers that follow the wallet. */
  readers = 0;
  #state: WalletState | null = null;
  #told: Transaction[] = [];
  #reach = 0;
  /** What was there when it was last looked at for its age. */
  #aged: { state: WalletState | null; count: number } = { state: null, count: 0 };

  constructor(readonly text: string) {}

  /** How many transactions are kept. */
  get size(): number {
    return this.#told.length;
  }

  get isEmpty(): boolean {
    return this.#told.length === 0 && this.#state === null;
  }

  /** The last transaction that this server wrote: whoever stands before it, and does not find it here, must read it. */
  get reach(): number {
    return this.#reach;
  }

  /** The transaction numbered one more; null: it is not kept, or not there. */
  transactionAfter(sequence: number): Transaction | null {
    const [first] = this.#told;
    return first ? (this.#told[sequence + 1 - first.sequence] ?? null) : null;
  }

  /** The wallet as the last commit left it, if that is later than the one with this sequence; null: that is not kept, or not so. */
  stateAfter(sequence: number): WalletState | null {
    return this.#state !== null && this.#state.wallet.sequence > sequence ? this.#state : null;
  }

  /** Takes in what was committed. Commits may be told of in another order than they were made in: what is older is left out. */
  tell(state: WalletState): void {
    if (state.wallet.sequence <= this.#reach) return;
    this.#reach = state.wallet.sequence;
    this.#state = state;
  }

  /** A transaction that does not follow on the last one begins anew: there is never a gap. */
  add(transaction: Transaction): void {
    const last = this.#told.at(-1);
    if (last && transaction.sequence <= last.sequence) return;
    if (last && transaction.sequence !== last.sequence + 1) this.clear();
    this.#told.push(transaction);
  }

  /** Forgets what was there already when this was last called. */
  age(): void {
    this.#told.splice(0, this.#aged.count);
    if (this.#state === this.#aged.state) this.#state = null;
    this.#aged = { state: this.#state, count: this.#told.length };
  }

  /** Forgets the transactions. */
  clear(): void {
    this.#told = [];
    this.#aged.count = 0;
  }
}

/** What this server tells its own readers of its commits: only of wallets that are followed, for a moment, and within bounds. */
export class News {
  readonly #wallets = new Map<string, WalletNews>();
  /** Those that keep something. */
  readonly #told = new Set<WalletNews>();
  #kept = 0;
  #timer: NodeJS.Timeout | null = null;

  constructor(private readonly most = MOST_KEPT) {}

  /** How many transactions are kept. */
  get size(): number {
    return this.#kept;
  }

  follow(key: WalletKey): WalletNews {
    const text = textOf(key);
    const news = this.#wallets.get(text) ?? new WalletNews(text);
    this.#wallets.set(text, news);
    news.readers += 1;
    return news;
  }

  leave(news: WalletNews): void {
    news.readers -= 1;
    if (news.readers > 0) return;
    this.#wallets.delete(news.text);
    this.#told.delete(news);
    this.#kept -= news.size;
  }

  /**
   * Called after the commit, with the wallets that it changed as they are now, and its transactions, each wallet's in order. Answers what
   * to publish. It is no matter when some are missing: they are read, then.
   */
  tell(now: Instant, changed: readonly Wallet[], written: () => readonly Written[]): readonly Change[] {
    const followed = changed.map((wallet) => this.#tellState(wallet, now));
    if (followed.includes(true)) for (const one of written()) this.#add(one);
    return changed.map(({ key, sequence, alertCount }, index) => ({
      ...key,
      sequence,
      ...(followed[index] ? { told: `${sequence}/${alertCount}` } : {}),
    }));
  }

  #tellState(wallet: Wallet, now: Instant): boolean {
    const news = this.#wallets.size === 0 ? undefined : this.#wallets.get(textOf(wallet.key));
    if (!news) return false;
    news.tell({ wallet, now });
    this.#keep(news);
    return true;
  }

  #add({ wallet: { key }, transaction }: Written): void {
    const news = this.#wallets.get(textOf(key));
    if (!news) return;
    const before = news.size;
    if (this.#kept < this.most) news.add(transaction);
    else news.clear();
    this.#kept += news.size - before;
  }

  #keep(news: WalletNews): void {
    this.#told.add(news);
    if (this.#timer !== null) return;
    this.#timer = setTimeout(() => {
      this.#timer = null;
      this.age();
    }, KEPT_MILLISECONDS);
    this.#timer.unref();
  }

  /** Forgets what was there already when this was last called. */
  age(): void {
    for (const news of this.#told) {
      const before = news.size;
      news.age();
      this.#kept += news.size - before;
      if (news.isEmpty) this.#told.delete(news);
      else this.#keep(news);
    }
  }
}

/** One for each connection pool; it goes with it. */
const NEWS = new WeakMap<Core["pool"], News>();

export function newsOf({ pool }: Pick<Core, "pool">): News {
  const news = NEWS.get(pool) ?? new News();
  NEWS.set(pool, news);
  return news;
}
