/** The latest value, and a way to wait for a newer one: what a subscription of the present state follows. */
export class Channel<Value> {
  #version = 0;
  #value: Value | null = null;
  #waiting = new Set<() => void>();

  set(value: Value): void {
    this.#version += 1;
    this.#value = value;
    for (const wake of [...this.#waiting]) wake();
  }

  /** How many wait for a newer value. */
  get waiting(): number {
    return this.#waiting.size;
  }

  /** The latest value that is newer than a version, as soon as there is one; null when the signal is aborted. */
  async after(version: number, signal: AbortSignal): Promise<{ readonly version: number; readonly value: Value } | null> {
    while (this.#version <= version || this.#value === null) {
      if (signal.aborted) return null;
      await new Promise<void>((resolve) => {
        const wake = () => {
          this.#waiting.delete(wake);
          signal.removeEventListener("abort", wake);
          resolve();
        };
        this.#waiting.add(wake);
        signal.addEventListener("abort", wake);
      });
    }
    return signal.aborted ? null : { version: this.#version, value: this.#value };
  }
}
