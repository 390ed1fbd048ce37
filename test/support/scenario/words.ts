import { type Amount, parseAmount } from "../../../src/core/amount";
import { type Instant, isPeriod, type Period, parseInstant } from "../../../src/core/time";

/** The instant 0 of every scenario: 2026-01-01T00:00:00Z. */
export const START: Instant = 1_767_225_600_000_000n;

const SECOND = 1_000_000n;
const UNITS: Readonly<Record<string, Instant>> = {
  w: 604_800n * SECOND,
  d: 86_400n * SECOND,
  h: 3_600n * SECOND,
  m: 60n * SECOND,
  s: SECOND,
  us: 1n,
};
const SPAN = /^(?:\d+(?:us|[wdhms]))+$/;

/** The words of a step or an expectation, taken from the front. Whatever is not understood is an error that says where. */
export class Words {
  readonly #words: string[];
  readonly #whole: string;

  constructor(text: string) {
    this.#whole = text.trim();
    this.#words = this.#whole.split(/\s+/).filter((word) => word !== "");
  }

  get done(): boolean {
    return this.#words.length === 0;
  }

  peek(): string {
    return this.#words[0] ?? "";
  }

  /** Takes the next word, which is there to say `what`. */
  next(what: string): string {
    const word = this.#words.shift();
    if (word === undefined) throw this.error(`${what} is missing`);
    return word;
  }

  /** Takes the next word if it is this one. */
  takes(word: string): boolean {
    if (this.#words[0] !== word) return false;
    this.#words.shift();
    return true;
  }

  end(): void {
    if (!this.done) throw this.error(`"${this.#words.join(" ")}" means nothing here`);
  }

  error(problem: string): Error {
    return new Error(`${problem}, in "${this.#whole}"`);
  }

  /** True when the next word can only be an amount. */
  hasAmount(): boolean {
    return /^-?\d+(\.\d+)?$/.test(this.peek());
  }

  amount(what = "an amount"): Amount {
    const text = this.next(what);
    const parsed = parseAmount(text);
    if (!parsed.ok) throw this.error(`"${text}" is no amount: ${parsed.reason}`);
    return parsed.amount;
  }

  whole(what: string): number {
    const text = this.next(what);
    if (!/^\d+$/.test(text)) throw this.error(`"${text}" is no whole number`);
    return Number(text);
  }

  /** A length of time such as 3d, 2h30m or 1us. */
  span(): Instant {
    const text = this.next("a length of time");
    if (!SPAN.test(text)) throw this.error(`"${text}" is no length of time`);
    let total = 0n;
    for (const [, count, unit] of text.matchAll(/(\d+)(us|[wdhms])/g))
      total += BigInt(count as string) * (UNITS[unit as string] as Instant);
    return total;
  }

  /** An instant, counted from the scenario's start ("3d", "just before 3d") or by the calendar ("2026-02-28T10:00:00Z"). */
  instant(): Instant {
    if (this.takes("just")) {
      if (!this.takes("before")) throw this.error('"just" stands before "before"');
      return this.instant() - 1n;
    }
    if (this.peek() === "0") return START + BigInt(this.whole("0"));
    if (SPAN.test(this.peek())) return START + this.span();
    const text = this.next("an instant");
    const instant = parseInstant(text.length === 10 ? `${text}T00:00:00Z` : text);
    if (instant === null) throw this.error(`"${text}" is no instant`);
    return instant;
  }

  period(): Period {
    const text = this.next("a period");
    if (!isPeriod(text)) throw this.error(`"${text}" is no period`);
    return text;
  }

  /** Names joined by "+"; "-" is none. */
  names(what: string): readonly string[] {
    const text = this.next(what);
    return text === "-" ? [] : text.split("+");
  }
}

/** What a table says of a word; nothing of the words that every object knows. */
export function lookUp<Value>(table: Readonly<Record<string, Value>>, word: string): Value | undefined {
  return Object.hasOwn(table, word) ? table[word] : undefined;
}
