/** Counts work that is under way, for an orderly stop. */
export class InFlight {
  #count = 0;
  #waiting: (() => void)[] = [];

  /** Work begins; to be called once when it has ended. */
  enter(): () => void {
    this.#count += 1;
    return () => {
      this.#count -= 1;
      if (this.#count > 0) return;
      for (const resolve of this.#waiting.splice(0)) resolve();
    };
  }

  /** Resolves when nothing is under way. */
  async idle(): Promise<void> {
    if (this.#count > 0) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }
}
