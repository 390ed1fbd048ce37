import { createSourceEventStream, type ExecutionArgs, type ExecutionResult } from "graphql";

export interface SubscriptionOptions {
  /** What is told of an event. */
  readonly show: (event: unknown) => Promise<Buffer>;
  /** Tells it; resolves when the reader may be told more. Null: at once. */
  readonly deliver: (shown: Buffer) => Promise<void> | null;
  /** Aborted when the reader leaves or there is nothing more. */
  readonly leaving: AbortController;
  /** Called once when the subscription is over. */
  readonly ended: (outcome: "done" | "errors") => void;
}

/**
 * Executes a subscription: each event is taken from its source, and shown, only when the reader has taken the one before. So a reader
 * who is slow, or does not read at all, costs one event, and holds up nobody else. A reader can leave while it waits, at once and
 * whatever the source does. Answers a generator that yields nothing: its first `next()` delivers all there is, and then ends.
 */
export async function subscribe(
  args: ExecutionArgs,
  options: SubscriptionOptions,
): Promise<AsyncGenerator<never, void, void> | ExecutionResult> {
  const source = await openSource(args, options);
  return Symbol.asyncIterator in source ? new Delivery(source[Symbol.asyncIterator](), options) : source;
}

async function openSource(
  args: ExecutionArgs,
  { ended }: SubscriptionOptions,
): Promise<AsyncIterable<unknown> | ExecutionResult> {
  try {
    const source = await createSourceEventStream(args);
    if (!(Symbol.asyncIterator in source)) ended("errors");
    return source;
  } catch (error) {
    ended("errors");
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
    private readonly options: SubscriptionOptions,
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
    const { show, deliver } = this.options;
    while (!this.#over) {
      const { done, value } = await this.source.next();
      if (done || this.#over) return;
      const shown = await show(value);
      const taken = this.#over ? null : deliver(shown);
      if (taken !== null) await taken;
    }
  }

  #finish(outcome: "done" | "errors"): void {
    if (this.#over) return;
    this.#over = true;
    this.options.leaving.abort();
    // Not waited for: a source that waits for something else answers when it has come.
    this.source.return?.().catch(() => undefined);
    this.options.ended(outcome);
    this.#interrupt?.();
  }
}
