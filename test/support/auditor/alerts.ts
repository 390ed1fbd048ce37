import { type Instant, subtractPeriod } from "../../../src/core/time";
import type { Alert, Transaction } from "../../../src/wallet/model/types";
import type { History } from "../history";
import type { Book } from "./book";
import { same } from "./expect";

type Told = Omit<Alert, "number">;
/** What a threshold last said: nothing yet, that the balance is above, that it fell. */
type Said = "nothing" | "above" | "fell";

/** Every crossing and every notice, reckoned from the balances along the log, and then held against what was told. */
export class AlertReckoning {
  readonly #told: Told[] = [];
  readonly #said = new Map<number, Said>();
  #notices: { readonly at: Instant; readonly grant: number }[];
  #sequence = 0;

  constructor(
    private readonly book: Book,
    private readonly history: History,
  ) {
    const { grants, expiryNotice, timeZone } = history.wallet;
    this.#notices = grants
      .flatMap(({ number, kind, createdAt, effectiveAt, expiresAt }) => {
        if (expiresAt === null || kind === "OVERDRAFT") return [];
        const at = subtractPeriod(expiresAt, expiryNotice, timeZone);
        return at > createdAt && at > effectiveAt ? [{ at, grant: number }] : [];
      })
      .sort((a, b) => Number(a.at - b.at) || a.grant - b.grant);
    this.#set();
  }

  /** The notices that come before a transaction: of earlier instants, and of its own if it is a command's. */
  before({ effectiveAt, actor, idempotencyKey }: Transaction): void {
    this.#noticeUntil(actor === "system" && idempotencyKey === null ? effectiveAt - 1n : effectiveAt);
  }

  after({ sequence, effectiveAt }: Transaction): void {
    this.#sequence = sequence;
    this.#judge(0, null, effectiveAt);
    for (const { number, amount, since, until } of this.history.thresholds) {
      if (since < sequence && (until === null || until >= sequence)) this.#judge(number, { number, amount }, effectiveAt);
    }
    this.#set();
  }

  judge(): void {
    this.#noticeUntil(this.history.wallet.clockAt);
    same(
      this.history.alerts,
      this.#told.map((told, index) => ({ number: index + 1, ...told })),
      "the alerts",
    );
    same(this.history.wallet.alertCount, this.#told.length, "the number of alerts");
  }

  #judge(number: number, threshold: Told["threshold"], effectiveAt: Instant): void {
    const above = this.#spendable() > (threshold?.amount ?? 0n);
    const said = this.#said.get(number) ?? "nothing";
    if (above && said !== "above") this.#said.set(number, "above");
    if (!above && said === "above") this.#said.set(number, "fell");
    if (above && said === "fell") this.#tell("RECOVERED", effectiveAt, { threshold });
    if (!above && said === "above") this.#tell(threshold === null ? "DEPLETED" : "LOW", effectiveAt, { threshold });
  }

  /** A threshold that is set when the balance is above it need not be told so. */
  #set(): void {
    for (const { number, amount, since } of this.history.thresholds) {
      if (since === this.#sequence) this.#said.set(number, this.#spendable() > amount ? "above" : "nothing");
    }
  }

  #noticeUntil(until: Instant): void {
    const due = this.#notices.filter((notice) => notice.at <= until);
    this.#notices = this.#notices.slice(due.length);
    for (const { at, grant } of due) {
      const expiring = this.book.lots.get(grant)?.pots.AVAILABLE ?? 0n;
      if (expiring > 0n) this.#tell("EXPIRING_SOON", at, { grant, expiring });
    }
  }

  #tell(type: Alert["type"], effectiveAt: Instant, about: Partial<Told>): void {
    const told = { type, sequence: this.#sequence, effectiveAt, spendable: this.#spendable() };
    this.#told.push({ ...told, threshold: null, grant: null, expiring: null, ...about });
  }

  #spendable(): bigint {
    const { available, overdraft } = this.book.balance();
    return available + overdraft;
  }
}
