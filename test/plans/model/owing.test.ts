import { describe, expect, test } from "@jest/globals";
import type { Amount } from "../../../src/core/amount";
import type { Instant } from "../../../src/core/time";
import type { Act, SubscriptionCommand } from "../../../src/plans/model/commands";
import { decideSubscription } from "../../../src/plans/model/decide";
import { afterEnd, lessen, OWING_NOTHING, type Owing } from "../../../src/plans/model/owing";
import type { PlanVersion, Subscription } from "../../../src/plans/model/types";
import { allotment, at, CREDIT, change, PRO, plan, start, TEAM } from "./plans";

/** What is spent of an allotment is not given once more, whatever is done to the subscription. */

const HOUR = 3_600_000_000n;
const PAUSE = { type: "pause", alive: "PRORATE" } as const;
const RESUME = { type: "resume", reset: false } as const;
const FREE = plan("free", { allotments: [allotment({ amount: 1n })] });
const WEEKLY = plan("weekly", { allotments: [allotment({ amount: 140n * CREDIT, interval: "P1W" })] });

interface Lot {
  left: Amount;
  readonly from: Instant;
  readonly until: Instant;
}

/** A wallet of one credit type, with no more to it than what a plan does to it, and spends. */
class Played {
  readonly #lots = new Map<string, Lot>();
  #state: Subscription;
  #owing: Owing = OWING_NOTHING;
  #spent = 0n;

  constructor(
    version: PlanVersion,
    public now: Instant = at("2026-04-01"),
  ) {
    const { state, acts } = start(version, "2026-04-01");
    this.#state = state;
    for (const act of acts) this.#perform(act);
  }

  does(command: SubscriptionCommand): void {
    if (!this.may(command)) throw new Error(`${command.type} was refused`);
  }

  /** Answers whether it was not refused. */
  may(command: SubscriptionCommand): boolean {
    const { state, acts, refused } = decideSubscription(this.#state, command, this.now);
    if (refused) return false;
    this.#state = state;
    for (const act of acts) this.#perform(act);
    return true;
  }

  #perform(act: Act): void {
    if (act.act === "overdraft") return;
    if (act.act === "grant") {
      const { effectiveAt, expiresAt } = act.terms;
      const given = lessen(this.#owing, act.line ?? -1, effectiveAt, act.terms.amount);
      this.#owing = given.owing;
      this.#lots.set(act.idempotencyKey, { left: given.amount, from: effectiveAt, until: expiresAt ?? this.now });
      return;
    }
    const lot = this.#lots.get(act.grant) as Lot;
    const wanted = act.act === "keep" && act.withdraw < lot.left ? act.withdraw : lot.left;
    lot.left -= wanted;
    if (act.early) this.#owing = afterEnd(this.#owing, act.early, wanted);
  }

  /** What can be spent until an instant, this far. */
  left(until: Instant = this.now): Amount {
    const counts = ({ from, until: end }: Lot) => from <= until && end > this.now;
    return [...this.#lots.values()].reduce((sum, lot) => (counts(lot) ? sum + lot.left : sum), 0n);
  }

  get total(): Amount {
    return this.#spent + this.left();
  }

  spend(amount: Amount): void {
    let rest = amount;
    for (const lot of this.#lots.values()) {
      if (lot.from > this.now || lot.until <= this.now) continue;
      const taken = lot.left < rest ? lot.left : rest;
      lot.left -= taken;
      rest -= taken;
    }
    this.#spent += amount - rest;
  }
}

describe("what was spent too early", () => {
  test.each(["PRORATE", "VOID"] as const)("is not given again by a pause and a resumption (%s)", (alive) => {
    const played = new Played(PRO);
    played.spend(270n * CREDIT);
    for (let round = 0; round < 3; round++) {
      played.does({ type: "pause", alive });
      played.does(RESUME);
      expect(played.left()).toBe(30n * CREDIT);
    }
  });

  test("is not given again by changes to and fro, though there is a plan between that has too little to take it off", () => {
    const played = new Played(TEAM);
    played.spend(500n * CREDIT);
    played.does(change(FREE, "NOW_PRORATED"));
    expect(played.left()).toBe(0n);
    played.does(PAUSE);
    played.does(RESUME);
    played.does(change(TEAM, "NOW_PRORATED"));
    expect(played.left()).toBe(100n * CREDIT);
  });

  test("is taken off what comes until the allotment would have ended, and no longer", () => {
    const played = new Played(PRO);
    played.spend(300n * CREDIT);
    played.now = at("2026-04-16");
    played.does(change(WEEKLY, "NOW_PRORATED"));
    // 150 too many: of the rest of the present week 120, of the next 30.
    expect([played.left(), played.left(at("2026-04-22"))]).toEqual([0n, 20n * CREDIT + 90n * CREDIT]);
    played.now = at("2026-04-22");
    played.does({ type: "tick" });
    expect(played.left(at("2026-04-30"))).toBe(250n * CREDIT);
  });

  test("is not taken off a new period that is billed anew", () => {
    for (const anew of [change(TEAM, "NOW_RESET"), { type: "resume", reset: true }] as const) {
      const played = new Played(TEAM);
      played.spend(600n * CREDIT);
      if (anew.type === "resume") played.does(PAUSE);
      played.does(anew);
      expect(played.left()).toBe(600n * CREDIT);
    }
  });

  test("is not owed in the next period", () => {
    const played = new Played(PRO);
    played.spend(300n * CREDIT);
    played.does(PAUSE);
    played.now = at("2026-05-01");
    played.does(RESUME);
    expect(played.left()).toBe(300n * CREDIT);
  });
});

/** Numbers that look like chance, and are the same each time (mulberry32). */
function chance(seed: number): (most: number) => number {
  let state = seed;
  return (most) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % most;
  };
}

test("no order of pauses, resumptions, changes, of what is ahead and taken back, and spends gives more than all of the largest plan's period", () => {
  for (let seed = 0; seed < 500; seed++) {
    const random = chance(seed);
    const played = new Played([PRO, TEAM][random(2)] as PlanVersion);
    let version = 0;
    const another = () => {
      version += 1;
      return { ...([PRO, TEAM, FREE][random(3)] as PlanVersion), id: `${version}` };
    };
    for (let step = 0; step < 25; step++) {
      played.now += BigInt(random(28)) * HOUR;
      const turn = random(6);
      if (turn === 0) played.spend(BigInt(random(400)) * CREDIT);
      else if (turn === 1) played.may({ type: "pause", alive: (["KEEP", "PRORATE", "VOID"] as const)[random(3)] ?? "KEEP" });
      else if (turn === 2) played.may(RESUME);
      else if (turn === 3) played.may(change(another(), "NOW_PRORATED"));
      else if (turn === 4) played.may(random(2) === 0 ? { type: "cancelAtPeriodEnd" } : change(another(), "AT_PERIOD_END"));
      else played.may({ type: "withdraw" });
      expect({ seed, step, more: played.total > 600n * CREDIT }).toEqual({ seed, step, more: false });
    }
  }
});

test("who pauses and resumes at once neither wins nor loses by it", () => {
  for (let seed = 0; seed < 100; seed++) {
    const random = chance(seed);
    const played = new Played(PRO);
    for (let step = 0; step < 20; step++) {
      played.now += BigInt(random(35)) * HOUR;
      played.spend(BigInt(random(300)) * CREDIT);
      played.does(PAUSE);
      played.does(RESUME);
      // A micro-credit may be rounded off each time.
      expect(played.total <= 300n * CREDIT && played.total >= 300n * CREDIT - BigInt(step + 1)).toBe(true);
    }
  }
});
