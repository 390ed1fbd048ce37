import { Unavailable } from "./unavailable";

/** What became of one item of a batch. */
export type Settled<Result> = { readonly ok: true; readonly value: Result } | { readonly ok: false; readonly error: unknown };

/** A kind of work that is done in batches. The object itself is the kind: make it once. */
export interface BatchKind<Item, Result> {
  readonly name: string;
  /**
   * Does a batch, in order of arrival, and answers for each item in the same order. What it throws is `recover`'s, or without that
   * every item's error.
   */
  run(items: readonly Item[], turn: Turn<Item>): Promise<readonly Settled<Result>[]>;
  /** Does a batch again that `run` threw for, with none of its lane before it, and none after it that minded what is `ahead`. */
  recover?(items: readonly Item[], error: unknown): Promise<readonly Settled<Result>[]>;
}

/** A batch's place in its lane. */
export interface Turn<Item> {
  /** Lets the next batch of the lane begin, while this one is still at work. */
  next(): void;
  /** The batches before that are still at work. */
  readonly ahead: readonly Ahead<Item>[];
}

export interface Ahead<Item> {
  readonly items: readonly Item[];
  /** Whether it went well at its first attempt. Who minds its outcome must wait for this, and throw unless it did. */
  readonly succeeded: Promise<boolean>;
}

export interface BatcherOptions {
  readonly lanes: number;
  /** How many batches of a lane may be at work at once: the next begins when the one before has called `next`, or has ended. */
  readonly depth: number;
  /** The most items that one batch takes. */
  readonly batchSize: number;
  /** The most items that may wait, over all lanes; more are turned away as Unavailable. */
  readonly queueSize: number;
  readonly observe?: (batch: BegunBatch) => void;
}

/** A batch that begins. */
export interface BegunBatch {
  readonly kind: string;
  readonly size: number;
  /** Milliseconds that each of its items has waited for it. */
  readonly waits: readonly number[];
}

/** How many items of a kind wait in one of its lanes. */
export interface LaneDepth {
  readonly kind: string;
  readonly lane: number;
  readonly waiting: number;
}

/**
 * Group commit by lanes. While a lane does one batch, the next forms: an idle lane starts at once, a busy one does more in each batch.
 * There is no timer. What belongs together (an account) always goes to the same lane, whose batches begin in order of arrival.
 */
export class Batcher {
  readonly #kinds = new Map<object, readonly Drainable[]>();
  readonly #room: Room;
  #stopping = false;

  constructor(private readonly options: BatcherOptions) {
    this.#room = { waiting: 0 };
  }

  /** How many items wait for their batch. */
  get waiting(): number {
    return this.#room.waiting;
  }

  /** How many items wait in each lane. */
  depths(): readonly LaneDepth[] {
    return [...this.#kinds.values()].flatMap((lanes) =>
      lanes.map(({ kindName, waiting }, lane) => ({ kind: kindName, lane, waiting })),
    );
  }

  /** Has an item done with the next batch of the lane that `key` belongs to. Throws Unavailable when too much waits or the batcher stops. */
  async submit<Item, Result>(kind: BatchKind<Item, Result>, key: string, item: Item): Promise<Result> {
    if (this.#stopping) throw new Unavailable("the server is stopping", 1);
    if (this.#room.waiting >= this.options.queueSize) throw new Unavailable("too much is waiting", 1);
    const lanes = this.#lanesOf(kind);
    const lane = lanes[hashOf(key) % lanes.length] as Lane<Item, Result>;
    return lane.add(item);
  }

  /** Takes nothing more in, and waits until all that is in has been done. */
  async stop(): Promise<void> {
    this.#stopping = true;
    await Promise.all([...this.#kinds.values()].flat().map((lane) => lane.drained()));
  }

  #lanesOf<Item, Result>(kind: BatchKind<Item, Result>): readonly Lane<Item, Result>[] {
    // The map's type cannot say that a kind's lanes carry that kind's items; here is the only place that puts any in.
    const known = this.#kinds.get(kind) as readonly Lane<Item, Result>[] | undefined;
    if (known) return known;
    const lanes = Array.from({ length: this.options.lanes }, () => new Lane(kind, this.options, this.#room));
    this.#kinds.set(kind, lanes);
    return lanes;
  }
}

interface Room {
  waiting: number;
}

interface Drainable {
  readonly kindName: string;
  readonly waiting: number;
  drained(): Promise<void>;
}

interface Waiting<Item, Result> {
  readonly item: Item;
  /** By performance.now(). */
  readonly since: number;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: unknown) => void;
}

/** A batch at work. */
interface Flight<Item> extends Ahead<Item> {
  /** The next one may begin. */
  passed: boolean;
  readonly ended: Promise<void>;
}

class Lane<Item, Result> implements Drainable {
  #queue: Waiting<Item, Result>[] = [];
  /** Those at work, in the order in which they began. */
  readonly #flights: Flight<Item>[] = [];
  #gathering = false;

  constructor(
    private readonly kind: BatchKind<Item, Result>,
    private readonly options: BatcherOptions,
    private readonly room: Room,
  ) {}

  get kindName(): string {
    return this.kind.name;
  }

  get waiting(): number {
    return this.#queue.length;
  }

  add(item: Item): Promise<Result> {
    return new Promise((resolve, reject) => {
      this.#queue.push({ item, since: performance.now(), resolve, reject });
      this.room.waiting += 1;
      if (this.#gathering || !this.#mayBegin()) return;
      // What arrives with the same turn of the event loop (a request of many items, a burst on many sockets) goes into one batch.
      this.#gathering = true;
      setImmediate(() => {
        this.#gathering = false;
        this.#begin();
      });
    });
  }

  async drained(): Promise<void> {
    while (this.#queue.length > 0 || this.#flights.length > 0) await (this.#flights[0]?.ended ?? immediate());
  }

  #mayBegin(): boolean {
    return this.#flights.length < this.options.depth && (this.#flights.at(-1)?.passed ?? true);
  }

  #begin(): void {
    if (this.#queue.length === 0 || !this.#mayBegin()) return;
    const batch = this.#queue.splice(0, this.options.batchSize);
    this.room.waiting -= batch.length;
    this.#observe(batch);
    this.#fly(batch);
  }

  #fly(batch: readonly Waiting<Item, Result>[]): void {
    const items = batch.map((waiting) => waiting.item);
    const ahead = this.#flights.slice();
    let attempted: (well: boolean) => void = () => undefined;
    const succeeded = new Promise<boolean>((resolve) => {
      attempted = resolve;
    });
    // It begins when it stands in the list: what it calls at once is about it.
    const ended = Promise.resolve().then(() => this.#work(batch, flight, ahead, attempted));
    const flight: Flight<Item> = { items, passed: false, succeeded, ended };
    this.#flights.push(flight);
  }

  async #work(
    batch: readonly Waiting<Item, Result>[],
    flight: Flight<Item>,
    ahead: readonly Flight<Item>[],
    attempted: (well: boolean) => void,
  ): Promise<void> {
    const next = (): void => {
      flight.passed = true;
      this.#begin();
    };
    try {
      const settled = await this.kind.run(flight.items, { next, ahead });
      attempted(true);
      this.#answer(batch, settled);
    } catch (error) {
      attempted(false);
      for (const { ended } of ahead) await ended;
      await this.#recover(batch, flight.items, error);
    }
    this.#flights.splice(this.#flights.indexOf(flight), 1);
    this.#begin();
  }

  async #recover(batch: readonly Waiting<Item, Result>[], items: readonly Item[], error: unknown): Promise<void> {
    try {
      if (!this.kind.recover) throw error;
      this.#answer(batch, await this.kind.recover(items, error));
    } catch (cause) {
      for (const waiting of batch) waiting.reject(cause);
    }
  }

  #answer(batch: readonly Waiting<Item, Result>[], settled: readonly Settled<Result>[]): void {
    batch.forEach((waiting, index) => {
      const outcome = settled[index];
      if (outcome?.ok) waiting.resolve(outcome.value);
      else
        waiting.reject(
          outcome ? outcome.error : new Error(`${this.kind.name} answered for ${settled.length} of ${batch.length}`),
        );
    });
  }

  #observe(batch: readonly Waiting<Item, Result>[]): void {
    const now = performance.now();
    this.options.observe?.({ kind: this.kind.name, size: batch.length, waits: batch.map(({ since }) => now - since) });
  }
}

function immediate(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

/** FNV-1a: spreads accounts evenly over lanes. */
function hashOf(key: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < key.length; index++) hash = Math.imul(hash ^ key.charCodeAt(index), 0x01000193);
  return hash >>> 0;
}
