import type { Amount } from "../core/amount";
import { type Instant, subtractPeriod } from "../core/time";
import { addThreshold, judge, removeThreshold } from "./model/alerts";
import type { Alert, Balance, Grant, Threshold, Transaction, Wallet } from "./model/types";
import { EMPTY_BALANCE, spendableOf } from "./model/wallet";

/** A threshold with the part of the log that it was judged over: after the sequence `since`, up to `removed` (null: it stands). */
export interface ThresholdSpan extends Threshold {
  readonly since: number;
  readonly removed: number | null;
}

type Notice = Pick<Alert, "sequence" | "effectiveAt" | "spendable" | "grant" | "expiring">;

/** Judges every crossing and every notice of a wallet again, from its log, and compares with the alerts that were written. */
export class AlertAuditor {
  readonly #crossings: Alert[] = [];
  readonly #told: Notice[] = [];
  readonly #notices: { readonly at: Instant; readonly grant: number }[];
  /** The wallet as far as alerts judge it: balance, sequence, thresholds. */
  #wallet: Wallet;

  constructor(
    private readonly stored: Wallet,
    private readonly thresholds: readonly ThresholdSpan[],
    grants: readonly Grant[],
    /** What is AVAILABLE of a grant at this point of the log. */
    private readonly available: (grant: number) => Amount,
  ) {
    this.#notices = grants
      .flatMap((grant) => noticeOf(grant, stored))
      .toSorted((a, b) => (a.at === b.at ? a.grant - b.grant : a.at < b.at ? -1 : 1));
    this.#wallet = { ...stored, sequence: 0, balance: EMPTY_BALANCE, depletion: "IDLE", thresholds: [] };
    this.#setThresholds();
  }

  /** Tells the notices that come before a transaction: earlier ones; and of the same instant, those before a command. */
  before(transaction: Transaction): void {
    const { effectiveAt } = transaction;
    this.#tellUntil(isDue(transaction) ? effectiveAt - 1n : effectiveAt);
  }

  /** Judges the thresholds on what a transaction left. */
  after({ sequence, effectiveAt }: Transaction, balance: Balance): void {
    const { wallet, alerts } = judge({ ...this.#wallet, sequence, balance }, effectiveAt);
    this.#wallet = wallet;
    this.#crossings.push(...alerts);
    this.#setThresholds();
  }

  /** What differs from the alerts and states that are stored, in words. */
  end(alerts: readonly Alert[]): readonly string[] {
    this.#tellUntil(this.stored.clockAt);
    const crossed = alerts.filter((alert) => alert.type !== "EXPIRING_SOON");
    const noticed = alerts.filter((alert) => alert.type === "EXPIRING_SOON");
    return [
      ...differences("crossing", this.#crossings.map(describeCrossing), crossed.map(describeCrossing)),
      ...differences("notice", this.#told.map(describeNotice), noticed.map(describeNotice)),
      ...alerts.flatMap(({ number }, index) => (number === index + 1 ? [] : [`alert ${number} is the ${index + 1}th`])),
      ...(alerts.length === this.stored.alertCount
        ? []
        : [`${alerts.length} alerts are stored, ${this.stored.alertCount} counted`]),
      ...this.#states(),
    ];
  }

  #states(): readonly string[] {
    const expected = [`depletion ${this.#wallet.depletion}`, ...this.#wallet.thresholds.map(describeThreshold)];
    const found = [`depletion ${this.stored.depletion}`, ...this.stored.thresholds.map(describeThreshold)];
    return differences("state", expected, found);
  }

  #setThresholds(): void {
    for (const { number, amount, since, removed } of this.thresholds) {
      if (since === this.#wallet.sequence) this.#wallet = addThreshold(this.#wallet, amount, number);
      if (removed === this.#wallet.sequence) this.#wallet = removeThreshold(this.#wallet, number);
    }
  }

  #tellUntil(at: Instant): void {
    for (let next = this.#notices[0]; next !== undefined && next.at <= at; next = this.#notices[0]) {
      this.#notices.shift();
      const expiring = this.available(next.grant);
      if (expiring === 0n) continue;
      const { sequence, balance } = this.#wallet;
      this.#told.push({ sequence, effectiveAt: next.at, spendable: spendableOf(balance), grant: next.grant, expiring });
    }
  }
}

/** When a grant is announced as expiring soon: see the rule in the model's catch-up. */
function noticeOf(grant: Grant, { expiryNotice, timeZone }: Wallet): readonly { at: Instant; grant: number }[] {
  if (grant.kind === "OVERDRAFT" || grant.expiresAt === null) return [];
  const at = subtractPeriod(grant.expiresAt, expiryNotice, timeZone);
  return at > grant.effectiveAt && at > grant.createdAt ? [{ at, grant: grant.number }] : [];
}

/** Transactions that time causes; at one instant they come before the notices, and these before commands. */
function isDue({ type, actor, idempotencyKey }: Transaction): boolean {
  return idempotencyKey === null && actor === "system" && (type === "RELEASE" || type === "EXPIRE" || type === "ACTIVATE");
}

function differences(what: string, expected: readonly string[], found: readonly string[]): readonly string[] {
  const missing = without(expected, found).map((text) => `${what} missing: ${text}`);
  return [...missing, ...without(found, expected).map((text) => `${what} without a cause: ${text}`)];
}

/** What is in the first list oftener than in the second. */
function without(first: readonly string[], second: readonly string[]): readonly string[] {
  const left = new Map<string, number>();
  for (const text of second) left.set(text, (left.get(text) ?? 0) + 1);
  return first.filter((text) => {
    const count = left.get(text) ?? 0;
    left.set(text, count - 1);
    return count <= 0;
  });
}

function describeCrossing({ type, sequence, effectiveAt, spendable, threshold }: Alert): string {
  const crossed = threshold === null ? "zero" : `threshold ${threshold.number} at ${threshold.amount}`;
  return `${type} of ${crossed} by transaction ${sequence} at ${effectiveAt}, ${spendable} left`;
}

function describeNotice({ sequence, effectiveAt, spendable, grant, expiring }: Notice): string {
  return `grant ${grant} at ${effectiveAt} after transaction ${sequence}, ${expiring} of ${spendable}`;
}

function describeThreshold({ number, amount, state }: Threshold): string {
  return `threshold ${number} at ${amount} ${state}`;
}
