import { createSourceEventStream, type ExecutionArgs, type ExecutionResult } from "graphql";

/** One who is told of events. */
export interface Listener {
  /** What is told of an event. */
  show(event: unknown): Promise<Buffer>;
  /** Tells it; resolves when more may be told. Null: at once. */
  deliver(shown: Buffer): Promise<void> | null;
  /** Called once when the subscription is over. */
  ended(outcome: "done" | "errors"): void;
}

/**
 * Executes a subscription: each event is taken from its source, and shown, only when the reader has taken the one before. So a reader
 * who is slow, or does not read at all, costs one event, and holds up nobody else. A reader can leave while it waits, at once and
 * whatever the source does. Answers a generator that yields nothing: its first `next()` delivers all there is, and then ends.
 */
export async function subscribe(
  args: ExecutionArgs,
  listener: Listener,
): Promise<AsyncGenerator<never, void, void> | ExecutionResult> {
  const source = await openSource(args, listener);
  return Symbol.asyncIterator in source ? new Delivery(source[Symbol.asyncIterator](), listener) : source;
}

async function openSource(args: ExecutionArgs, listener: Listener): Promise<AsyncIterable<unknown> | ExecutionResult> {
  try {
    const source = await createSourceEventStream(args);
    if (!(Symbol.asyncIterator in source)) listener.ended("errors");
    return source;
  } catch (error) {
    listener.ended("errors");
    throw error;
  }
}

type Next = IteratorResult<never, void>;
const OVER: Next = { done: true, value: undefined };

class Delivery implements AsyncGenerator<never, void, void> {
  #over = false;
  /** Ends the `next()` that is under way. */
  #interrupt: (() => void) | null = null;

  constructor(
    private readonly source: AsyncIterator<unknown>,
    private readonly listener: Listener,
  ) {}

  next(): Promise<Next> {
    if (this.#over) return Promise.resolve(OVER);
    return new Promise((resolve, reject) => {
      this.#interrupt = () => resolve(OVER);
      this.#deliverAll().then(
        () => this.#finish("done"),
        (error) => {
          reject(error);
          this.#finish("errors");
        },
      );
    });
  }

  async return(): Promise<Next> {
    this.#finish("done");
    return OVER;
  }

  async throw(error: unknown): Promise<Next> {
    await this.return();
    throw error;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.return();
  }

  async #deliverAll(): Promise<void> {
    while (!this.#over) {
      const { done, value } = await this.source.next();
      if (done || this.#over) return;
      const shown = await this.listener.show(value);
      const taken = this.#over ? null : this.listener.deliver(shown);
      if (taken !== null) await taken;
    }
  }

  #finish(outcome: "done" | "errors"): void {
    if (this.#over) return;
    this.#over = true;
    // Not waited for: a source that waits for something else answers when it has come.
    this.source.return?.().catch(() => undefined);
    this.listener.ended(outcome);
    this.#interrupt?.();
  }
}
