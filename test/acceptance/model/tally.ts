import type { Conversation } from "./conversation";
import type { Replay } from "./replay";

/** Counts what histories came to, so that a run that meets nothing does not pass for one that finds nothing. */
export class Tally {
  readonly #counts = new Map<string, number>();

  see({ sent }: Conversation, { ledgers }: Replay): void {
    for (const { transactions, alerts } of ledgers) {
      for (const { type } of transactions) this.#count(type);
      for (const { type } of alerts) this.#count(type);
    }
    for (const { misnamed, answer } of sent) {
      this.#count("commands");
      if (misnamed) this.#count("misnamed");
      else if (answer.replayed) this.#count("replayed");
      else if (answer.refusal) this.#count(answer.refusal.code);
    }
    for (const { sentAt, place } of sent) {
      const isOpen = (other: (typeof sent)[0]) => other.place === place && other.sentAt < sentAt && other.answeredAt > sentAt;
      if (sent.some(isOpen)) this.#count("at once");
    }
  }

  /** Those that were met less often than so many times `least`. Of a few histories nothing is expected. */
  tooRare(least: Readonly<Record<string, number>>, times: number): readonly string[] {
    if (times < 1) return [];
    return Object.entries(least).flatMap(([name, count]) => {
      const met = this.#counts.get(name) ?? 0;
      return met < count * times ? [`${name}: ${met}, not ${count * times}`] : [];
    });
  }

  #count(name: string): void {
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + 1);
  }
}
