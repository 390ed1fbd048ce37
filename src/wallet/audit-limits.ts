import { calendarSpan } from "../core/time";
import { type Counted, LimitCount } from "./model/limit-count";
import type { Limit, Transaction, Wallet } from "./model/types";

/** Reckons from the log what is used of every limit of a wallet, and says where what is stored differs. */
export class LimitAuditor {
  readonly #count: LimitCount;

  constructor(
    private readonly limits: readonly (Limit & Counted)[],
    private readonly wallet: Pick<Wallet, "timeZone">,
  ) {
    this.#count = new LimitCount(limits);
  }

  next(transaction: Transaction): void {
    this.#count.next(transaction);
  }

  /** What is wrong, when the log is at its end. */
  end(): readonly string[] {
    return this.limits.flatMap(({ number, member, used, interval, window }, index) => {
      const limit = `limit ${number} of member ${member}`;
      const counted = this.#count.used[index];
      const span = calendarSpan(interval, window.from, this.wallet.timeZone);
      const fits = span.from === window.from && span.until === window.until;
      return [
        ...(used === counted ? [] : [`of ${limit}, ${used} are used, by the log ${counted}`]),
        ...(fits ? [] : [`${limit} counts in a window that is no ${interval.toLowerCase()}`]),
      ];
    });
  }
}
