import type { Core, Follow, Topic } from "../../platform/context";
import { Unavailable } from "../../platform/unavailable";
import type { WalletKey } from "../model/types";
import { newsOf, type WalletNews } from "./live-news";

/** Milliseconds until a reader tries again when the database is away. It keeps its place meanwhile. */
const AWAY_MILLISECONDS = 1_000;
const OVER: IteratorReturnResult<void> = { done: true, value: undefined };

/**
 * One who follows something: an async generator for one reader, which pulls one event at a time. What this server has just committed is
 * taken from its news, and all else is read. It can be left at any time, also while it waits, which a generator function cannot; and it
 * is half of what such a one with its signal takes, in memory and in turns of the queue of promises.
 */
export abstract class Reader<Event> implements AsyncGenerator<Event, void, void> {
  #follow: Follow | null = null;
  #news: WalletNews | null = null;
  /** Whether there may be something that only the database has. */
  #due = true;
  /** Whether it was read since the last event and the last wake-up: then it waits, whatever the news say, as the database may be away. */
  #inVain = false;
  #left = false;

  constructor(
    protected readonly core: Core,
    private readonly topic: Topic,
    /** The wallet whose news it takes; null: it reads all. */
    private readonly newsFrom: WalletKey | null,
  ) {}

  /** The next event, if it needs no reading. */
  protected abstract atHand(news: WalletNews | null): Event | null;

  /** Whether the news say that there is more than the reader has, but do not have it. */
  protected abstract isBehind(news: WalletNews): boolean;

  /** Reads, so that it is at hand; answers whether there may be more. */
  protected abstract read(follow: Follow): Promise<boolean>;

  /** Gives back what was read and is not wanted any more. */
  protected dispose(): void {}

  async next(): Promise<IteratorResult<Event, void>> {
    const follow = this.#followed();
    while (!this.#left) {
      const event = this.atHand(this.#news);
      if (event !== null) {
        this.#inVain = false;
        return { done: false, value: event };
      }
      // Also before it waits: the news may have been forgotten while the reader took what they had.
      if (this.#due || this.#mustCatchUp()) await this.#read(follow);
      else if (await follow.changed()) this.#wake(follow);
      else this.#leave();
    }
    this.dispose();
    return OVER;
  }

  async return(): Promise<IteratorResult<Event, void>> {
    this.#leave();
    return OVER;
  }

  async throw(error: unknown): Promise<IteratorResult<Event, void>> {
    this.#leave();
    throw error;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#leave();
  }

  /** Begins to follow with the first that is asked for: what is read then, and told from then on, misses nothing. */
  #followed(): Follow {
    if (this.#follow !== null) return this.#follow;
    this.#follow = this.core.live.follow(this.topic);
    if (this.newsFrom !== null) this.#news = newsOf(this.core).follow(this.newsFrom);
    if (this.#left) this.#letGo();
    return this.#follow;
  }

  #wake(follow: Follow): void {
    this.#inVain = false;
    this.#due = follow.untold() || this.#news === null;
  }

  #mustCatchUp(): boolean {
    return !this.#inVain && this.#news !== null && this.isBehind(this.#news);
  }

  async #read(follow: Follow): Promise<void> {
    this.#inVain = true;
    this.#due = await this.read(follow);
  }

  #leave(): void {
    if (this.#left) return;
    this.#left = true;
    this.dispose();
    this.#letGo();
  }

  #letGo(): void {
    this.#follow?.leave();
    if (this.#news !== null) newsOf(this.core).leave(this.#news);
    this.#news = null;
  }
}

/** What is read; or null when the database is away, and then the follower is woken to try again. */
export async function orLater<T>(reading: Promise<T>, follow: Follow): Promise<T | null> {
  try {
    return await reading;
  } catch (error) {
    if (!(error instanceof Unavailable)) throw error;
    follow.again(AWAY_MILLISECONDS);
    return null;
  }
}
