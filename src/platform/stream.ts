/**
 * An async generator that its reader can leave at any time. A plain one cannot be left while it waits: `return()` is queued behind the
 * `next()` that is under way. Here it aborts the signal first, and what `generate` waits for must heed that.
 */
export function stream<T>(generate: (signal: AbortSignal) => AsyncGenerator<T, void, void>): AsyncGenerator<T, void, void> {
  const leaving = new AbortController();
  const source = generate(leaving.signal);
  return {
    next: () => source.next(),
    return: () => {
      leaving.abort();
      return source.return();
    },
    throw: (error: unknown) => {
      leaving.abort();
      return source.throw(error);
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  } as AsyncGenerator<T, void, void>;
}
