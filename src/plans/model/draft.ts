import type { Amount } from "../../core/amount";
import type { Instant } from "../../core/time";
import type { GrantTerms } from "../../wallet/model/types";
import type { Portion } from "./allot";
import type { Act, Settlement } from "./commands";
import type { Early } from "./owing";
import { elapsedShare } from "./proration";
import type { Course, GrantKey, OverdraftLimit, PlanGrant, Subscription } from "./types";

/** A subscription on its way to what it becomes, and what is done to the wallets on the way. */
export class Draft {
  readonly #before: Subscription;
  readonly #acts: Act[] = [];
  #state: Subscription;

  /** `now`: the instant that the subscription acts at. */
  constructor(
    state: Subscription,
    readonly now: Instant,
  ) {
    this.#before = state;
    this.#state = state;
  }

  get state(): Subscription {
    return this.#state;
  }

  get acts(): readonly Act[] {
    return this.#acts;
  }

  become(changes: Partial<Subscription>): void {
    this.#state = { ...this.#state, ...changes };
  }

  /** Counts a command: what is granted from here on is told apart from the same that was granted, and taken back, before. */
  begin(): void {
    this.become({ commands: this.#state.commands + 1 });
  }

  /** The subscription as it has become: of the next revision, if it is another. */
  finish(): Subscription {
    if (this.#state === this.#before) return this.#before;
    return { ...this.#state, revision: this.#before.revision + 1, clockAt: this.now };
  }

  grant(course: Course, allotment: number, { period, end, terms }: Portion): void {
    const { creditTypeId, key } = this.#name(course, allotment, period);
    const { amount, effectiveAt, expiresAt } = terms;
    const made: PlanGrant = { key, creditTypeId, course: course.number, allotment, period, amount, effectiveAt, end, expiresAt };
    this.#acts.push({ act: "grant", creditTypeId, idempotencyKey: key, terms, line: course.line });
    this.become({ grants: [...this.#state.grants, made] });
  }

  /** Gives what an allotment that was never granted would have left behind. It is the customer's from then on, and no longer the plan's. */
  giveRemains(course: Course, allotment: number, period: number, terms: GrantTerms): void {
    const { creditTypeId, key } = this.#name(course, allotment, period);
    this.#acts.push({ act: "grant", creditTypeId, idempotencyKey: `${key}/remains`, terms, line: null });
  }

  /** Withdraws the grants that are meant, and forgets them. */
  takeBack(meant: (grant: PlanGrant) => boolean, at: Instant = this.now): void {
    const taken = this.#state.grants.filter(meant);
    if (taken.length === 0) return;
    for (const grant of taken) {
      const { creditTypeId, key } = grant;
      const early = this.#earlyOf(grant, at);
      this.#acts.push({ act: "void", creditTypeId, idempotencyKey: `${key}/void`, grant: key, early });
    }
    this.#forget(meant);
  }

  /**
   * What becomes of a course's grants that are alive at the instant at which it stops, in the middle of their periods. Those to come are
   * not touched; nor are those of periods that were over by then, which were earned.
   */
  settle(how: Settlement, at: Instant): void {
    const { number } = this.#state.course;
    const alive = ({ course, effectiveAt, end, expiresAt }: PlanGrant) =>
      course <= number && effectiveAt <= at && end > at && expiresAt > at && expiresAt > this.now;
    if (how === "PRORATE") this.#prorate(alive, at);
    if (how === "VOID") this.takeBack(alive, at);
  }

  /** Forgets the grants whose periods are over. */
  prune(): void {
    const over = (grant: PlanGrant) => grant.end <= this.now;
    if (this.#state.grants.some(over)) this.#forget(over);
  }

  /** Sets the overdrafts that are to be, where they are not so yet. */
  setOverdrafts(limits: readonly OverdraftLimit[]): void {
    const { overdrafts, course, commands } = this.#state;
    const types = new Set([...overdrafts, ...limits].map(({ creditTypeId }) => creditTypeId));
    for (const creditTypeId of types) {
      const limit = limitOf(limits, creditTypeId);
      if (limit === limitOf(overdrafts, creditTypeId)) continue;
      const idempotencyKey = `${this.#stem(course)}/overdraft:${creditTypeId}/limit:${limit}/command:${commands}`;
      this.#acts.push({ act: "overdraft", creditTypeId, idempotencyKey, limit });
      this.become({ overdrafts: limits });
    }
  }

  #prorate(alive: (grant: PlanGrant) => boolean, at: Instant): void {
    this.takeBack((grant) => alive(grant) && keptOf(grant, at) === 0n, at);
    const shared = this.#state.grants.filter(alive);
    for (const grant of shared) {
      const { key, creditTypeId, amount } = grant;
      const keep = keptOf(grant, at);
      const on = { creditTypeId, idempotencyKey: `${key}/keep`, grant: key };
      this.#acts.push({ ...on, act: "keep", keep, withdraw: amount - keep, early: this.#earlyOf(grant, at) });
    }
    if (shared.length > 0) this.#forget(alive);
  }

  /** Null: its course has not begun, so that nothing of it was spent. */
  #earlyOf(grant: PlanGrant, at: Instant): Early | null {
    const { course } = this.#state;
    if (grant.course > course.number) return null;
    return { line: course.line, at, until: grant.end, unearned: grant.amount - keptOf(grant, at) };
  }

  #forget(which: (grant: PlanGrant) => boolean): void {
    this.become({ grants: this.#state.grants.filter((grant) => !which(grant)) });
  }

  #name(course: Course, allotment: number, period: number): { readonly creditTypeId: number; readonly key: GrantKey } {
    const { creditTypeId } = course.version.allotments[allotment] as Course["version"]["allotments"][number];
    const key = `${this.#stem(course)}/allotment:${allotment}/period:${period}/command:${this.#state.commands}`;
    return { creditTypeId, key };
  }

  #stem({ number }: Course): string {
    return `subscription:${this.#state.number}/course:${number}`;
  }
}

function keptOf({ amount, effectiveAt, end }: PlanGrant, at: Instant): Amount {
  return elapsedShare(amount, effectiveAt, end, at);
}

function limitOf(limits: readonly OverdraftLimit[], creditTypeId: number): Amount {
  return limits.find((one) => one.creditTypeId === creditTypeId)?.limit ?? 0n;
}
