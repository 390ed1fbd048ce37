import { Unavailable } from "./unavailable";

/** What became of one item of a batch. */
export type Settled<Result> = { readonly ok: true; readonly value: Result } | { readonly ok: false; readonly error: unknown };

/** A kind of work that is done in batches. The object itself is the kind: make it once. */
export interface BatchKind<Item, Result> {
  readonly name: string;
  /** Does a batch, in order of arrival, and answers for each item in the same order. What it throws is every item's error. */
  run(items: readonly Item[]): Promise<readonly Settled<Result>[]>;
}

export interface BatcherOptions {
  /** How many batches of a kind may be at work at once. */
  readonly lanes: number;
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
 * There is no timer. What belongs together (an account) always goes to the same lane, and so stays in its order of arrival.
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

class Lane<Item, Result> implements Drainable {
  #queue: Waiting<Item, Result>[] = [];
  #work: Promise<void> | null = null;

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
      this.#work ??= this.#drain();
    });
  }

  async drained(): Promise<void> {
    while (this.#work) await this.#work;
  }

  async #drain(): Promise<void> {
    // What arrives with the same turn of the event loop (a request of many items, a burst on many sockets) goes into the first batch.
    await new Promise((resolve) => setImmediate(resolve));
    while (this.#queue.length > 0) {
      const batch = this.#queue.splice(0, this.options.batchSize);
      this.room.waiting -= batch.length;
      this.#observe(batch);
      await this.#run(batch);
    }
    this.#work = null;
  }

  #observe(batch: readonly Waiting<Item, Result>[]): void {
    const now = performance.now();
    this.options.observe?.({ kind: this.kind.name, size: batch.length, waits: batch.map(({ since }) => now - since) });
  }

  async #run(batch: readonly Waiting<Item, Result>[]): Promise<void> {
    try {
      const settled = await this.kind.run(batch.map((waiting) => waiting.item));
      batch.forEach((waiting, index) => {
        const outcome = settled[index];
        if (outcome?.ok) waiting.resolve(outcome.value);
        else
          waiting.reject(
            outcome ? outcome.error : new Error(`${this.kind.name} answered for ${settled.length} of ${batch.length}`),
          );
      });
    } catch (error) {
      for (const waiting of batch) waiting.reject(error);
    }
  }
}

/** FNV-1a: spreads accounts evenly over lanes. */
function hashOf(key: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < key.length; index++) hash = Math.imul(hash ^ key.charCodeAt(index), 0x01000193);
  return hash >>> 0;
}
