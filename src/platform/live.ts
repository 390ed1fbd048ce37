import type { Change, Follow, Live, Logger, Metrics, Topic } from "./context";
import { type ChangedWallet, Hints } from "./live-hints";

export interface LiveOptions {
  /**
   * For each topic how far it has come: a text that differs after every change; null when there is nothing. Asked for all topics that
   * are followed at once, as rarely as the poll.
   */
  readonly versions: (topics: readonly Topic[]) => Promise<readonly (string | null)[]>;
  /** How often the database is asked whether anything that is followed has changed. Null: never, and only hints count. */
  readonly pollMilliseconds: number | null;
  /** The other servers on this database are told of changes, and tell of theirs. Null: by the poll alone. */
  readonly hints: { readonly url: string; readonly windowMilliseconds: number } | null;
  readonly log: Logger;
  readonly metrics: Pick<Metrics, "count">;
}

/** The most topics that one poll asks for in one go. */
const STRIDE = 10_000;

/**
 * Wakes those who follow wallets, after each commit of this server, and of the others on the same database. Within this server at once;
 * between servers by a hint, which may get lost; and what is lost the poll finds, also where LISTEN and NOTIFY do not work at all. A
 * wake-up says only that there may be something new, and is a flag: any number of them, unread, takes no more room than one.
 */
export class LiveServer implements Live {
  readonly #topics = new Map<string, Followed>();
  readonly #hints: Hints | null;
  #timer: NodeJS.Timeout | null = null;
  #looking: Promise<void> | null = null;
  #blind = false;
  #stopped = false;

  constructor(private readonly options: LiveOptions) {
    const { hints, log, metrics } = options;
    const received = (wallets: readonly ChangedWallet[] | null) => (wallets === null ? this.#wakeAll() : this.#wake(wallets));
    this.#hints = hints === null ? null : new Hints({ ...hints, log, metrics, received });
  }

  /** Begins to poll and to listen. What is followed is woken as soon as the first hint can arrive. */
  start(): void {
    this.#hints?.start();
    this.#arm();
  }

  /** Resolves when hints of other servers arrive from now on; at once without hints. */
  async listening(): Promise<void> {
    await this.#hints?.listening();
  }

  /** Sends the last hint, and ends whatever still follows. Close the sockets first: a subscription that ends does not come back. */
  async stop(): Promise<void> {
    this.#stopped = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    await this.#hints?.stop();
    for (const { flags } of [...this.#topics.values()]) for (const flag of [...flags]) flag.leave();
    await this.#looking;
  }

  publish(changes: readonly Change[]): void {
    this.#wake(changes);
    this.#hints?.announce(changes);
  }

  follow(topic: Topic): Follow {
    const name = nameOf(topic);
    const followed = this.#topics.get(name) ?? { topic, version: undefined, told: undefined, flags: new Set() };
    this.#topics.set(name, followed);
    const flag = new Flag((ended) => this.#forget(name, followed, ended));
    followed.flags.add(flag);
    if (this.#stopped) flag.leave();
    return flag;
  }

  #forget(name: string, followed: Followed, flag: Flag): void {
    followed.flags.delete(flag);
    // Another may stand under this name by now, when this one was left and followed again.
    if (followed.flags.size === 0 && this.#topics.get(name) === followed) this.#topics.delete(name);
  }

  /** How many topics are followed. */
  get followed(): number {
    return this.#topics.size;
  }

  /** Asks the database what has changed, and wakes those who follow it. */
  look(): Promise<void> {
    this.#looking ??= this.#look().finally(() => {
      this.#looking = null;
    });
    return this.#looking;
  }

  async #look(): Promise<void> {
    const followed = [...this.#topics.values()];
    try {
      for (let start = 0; start < followed.length; start += STRIDE) await this.#compare(followed.slice(start, start + STRIDE));
      this.#blind = false;
    } catch (error) {
      if (!this.#blind) this.options.log.warn({ err: error }, "subscribed wallets cannot be looked at; it is tried again");
      this.#blind = true;
    }
  }

  async #compare(followed: readonly Followed[]): Promise<void> {
    const versions = await this.options.versions(followed.map(({ topic }) => topic));
    followed.forEach((one, index) => {
      const version = versions[index] ?? null;
      const isKnown = version === one.version || (version !== null && version === one.told);
      one.version = version;
      if (isKnown) return;
      // The first look cannot tell whether something changed since it is followed, and so wakes as well.
      for (const flag of one.flags) flag.wake();
    });
  }

  #arm(): void {
    const { pollMilliseconds } = this.options;
    if (this.#stopped || pollMilliseconds === null) return;
    this.#timer = setTimeout(() => void this.look().then(() => this.#arm()), pollMilliseconds);
    this.#timer.unref();
  }

  /** `told`: only of changes by this server. */
  #wake(wallets: readonly (ChangedWallet & Pick<Change, "told">)[]): void {
    if (this.#topics.size === 0) return;
    for (const { accountId, creditTypeId, told } of wallets) {
      this.#wakeTopic({ accountId, creditTypeId }, told);
      this.#wakeTopic({ accountId });
    }
    this.#wakeTopic("everything");
  }

  #wakeTopic(topic: Topic, told?: string): void {
    const followed = this.#topics.get(nameOf(topic));
    if (!followed) return;
    if (told !== undefined) followed.told = told;
    for (const flag of followed.flags) flag.wake(told !== undefined);
  }

  #wakeAll(): void {
    for (const { flags } of this.#topics.values()) for (const flag of flags) flag.wake();
  }
}

/**
 * A topic with those who follow it. `version`: as of the last look; undefined before the first. `told`: as of the last change that they
 * were told of; a look that finds that one has found nothing new.
 */
interface Followed {
  readonly topic: Topic;
  version: string | null | undefined;
  told: string | undefined;
  readonly flags: Set<Flag>;
}

class Flag implements Follow {
  #changed = false;
  #untold = false;
  #ended = false;
  #answer: ((changed: boolean) => void) | null = null;
  #timer: NodeJS.Timeout | null = null;

  constructor(private readonly forget: (flag: Flag) => void) {}

  changed(): Promise<boolean> {
    if (this.#ended) return Promise.resolve(false);
    if (!this.#changed)
      return new Promise((resolve) => {
        this.#answer = resolve;
      });
    this.#changed = false;
    return Promise.resolve(true);
  }

  again(milliseconds: number): void {
    if (this.#ended || this.#timer !== null) return;
    this.#timer = setTimeout(() => {
      this.#timer = null;
      this.wake();
    }, milliseconds);
    this.#timer.unref();
  }

  untold(): boolean {
    const untold = this.#untold;
    this.#untold = false;
    return untold;
  }

  /** `told`: of a change that was handed over. */
  wake(told = false): void {
    if (!told) this.#untold = true;
    if (this.#answer === null) {
      this.#changed = true;
      return;
    }
    const answer = this.#answer;
    this.#answer = null;
    answer(true);
  }

  leave(): void {
    if (this.#ended) return;
    this.#ended = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.forget(this);
    this.#answer?.(false);
    this.#answer = null;
  }
}

function nameOf(topic: Topic): string {
  if (topic === "everything") return topic;
  return topic.creditTypeId === undefined ? topic.accountId : `${topic.accountId}/${topic.creditTypeId}`;
}
