import { createSourceEventStream, type ExecutionArgs, type ExecutionResult, execute } from "graphql";

export interface SubscriptionOptions {
  /** A context for each event: what was loaded for one event must not be shown with the next. */
  readonly contextForEvent: () => unknown;
  /** Aborted when the reader leaves or there is nothing more; it is the signal in the contexts. */
  readonly leaving: AbortController;
  /** Called once when the subscription is over. */
  readonly ended: (outcome: "done" | "errors") => void;
}

/**
 * Executes a subscription: each event is taken from its source, and executed, only when the reader asks for the next one. So a reader
 * who is slow, or does not read at all, costs one event. A reader can leave while it waits, at once and whatever the source does.
 */
export async function subscribe(
  args: ExecutionArgs,
  options: SubscriptionOptions,
): Promise<AsyncGenerator<ExecutionResult, void, void> | ExecutionResult> {
  const source = await openSource(args, options);
  return Symbol.asyncIterator in source ? new Events(source[Symbol.asyncIterator](), args, options) : source;
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

type Next = IteratorResult<ExecutionResult, void>;
const OVER: Next = { done: true, value: undefined };

class Events implements AsyncGenerator<ExecutionResult, void, void> {
  #over = false;
  /** Ends the `next()` that is under way. */
  #interrupt: (() => void) | null = null;

  constructor(
    private readonly source: AsyncIterator<unknown>,
    private readonly args: ExecutionArgs,
    private readonly options: SubscriptionOptions,
  ) {}

  next(): Promise<Next> {
    if (this.#over) return Promise.resolve(OVER);
    // Not a race with a promise that lives as long as the subscription: that would keep something of every event.
    return new Promise((resolve, reject) => {
      this.#interrupt = () => resolve(OVER);
      this.#advance().then(resolve, (error) => {
        reject(error);
        this.#finish("errors");
      });
    });
  }

  async return(): Promise<Next> {
    this.#finish("done");
    // Not waited for: a source that waits for something else answers when it has come.
    this.source.return?.().catch(() => undefined);
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

  async #advance(): Promise<Next> {
    const { done, value } = await this.source.next();
    if (done || this.#over) {
      this.#finish("done");
      return OVER;
    }
    const result = await execute({ ...this.args, rootValue: value, contextValue: this.options.contextForEvent() });
    return { done: false, value: result };
  }

  #finish(outcome: "done" | "errors"): void {
    if (this.#over) return;
    this.#over = true;
    this.options.leaving.abort();
    this.options.ended(outcome);
    this.#interrupt?.();
  }
}
