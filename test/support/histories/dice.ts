/** Chance that a seed repeats: the same seed gives the same throws (mulberry32). */
export class Dice {
  #state: number;

  constructor(seed: number) {
    this.#state = seed | 0;
  }

  /** A whole number from 0 to `count` - 1. */
  below(count: number): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % count;
  }

  chance(percent: number): boolean {
    return this.below(100) < percent;
  }

  /** One of them; undefined only of none. */
  one<Value>(values: readonly Value[]): Value | undefined {
    return values[this.below(Math.max(values.length, 1))];
  }

  /** One of at least one. */
  of<Value>(...values: readonly [Value, ...Value[]]): Value {
    return this.one(values) as Value;
  }

  between(lowest: bigint, highest: bigint): bigint {
    return lowest + BigInt(this.below(Number(highest - lowest) + 1));
  }
}
