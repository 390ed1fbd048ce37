/** The latest value, and those who follow it: what a subscription of the present state is made of. */
export class Channel<Value> {
  #version = 0;
  #value: Value | undefined;
  #waiting = new Set<() => void>();
  /** How many values were taken, by all who follow. */
  taken = 0;

  set(value: Value): void {
    this.#version += 1;
    this.#value = value;
    for (const wake of [...this.#waiting]) wake();
  }

  /** How many wait for a newer value. */
  get waiting(): number {
    return this.#waiting.size;
  }

  /** The present value, and then each newer one. It can be left while it waits, as a generator function cannot. */
  follow(): AsyncIterableIterator<Value> {
    const over = { done: true, value: undefined } as const;
    let [seen, left] = [0, false];
    let wake: () => void = () => undefined;
    const woken = () =>
      new Promise<void>((resolve) => {
        wake = () => {
          this.#waiting.delete(wake);
          resolve();
        };
        this.#waiting.add(wake);
      });
    return {
      next: async () => {
        while (!left && this.#version === seen) await woken();
        if (left) return over;
        seen = this.#version;
        this.taken += 1;
        return { done: false, value: this.#value as Value };
      },
      return: async () => {
        left = true;
        wake();
        return over;
      },
      [Symbol.asyncIterator]() {
        return this;
      },
    };
  }
}
