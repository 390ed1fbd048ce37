import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { CALENDAR_UNITS } from "../../../src/core/time";
import type { Outcome, WalletCommand } from "../../../src/wallet/model/commands";
import { LimitCount } from "../../../src/wallet/model/limit-count";
import { captureOf, extendOf, holdOf, refundOf, releaseOf, spendOf } from "../../support/commands";
import { Takings } from "../../support/takings";
import { START, Team } from "../../support/team";

const MINUTE = 60_000_000n;
const DAY = 1_440n * MINUTE;
const MEMBERS = [1, 2] as const;

const operation = fc.constantFrom(null, "chat", "image.small", "image.large");
const limit = fc.record({
  amount: fc.bigInt({ min: 0n, max: 60n }),
  interval: fc.constantFrom(...CALENDAR_UNITS),
  operations: fc.constantFrom<readonly string[]>([], [], ["image.*"], ["chat"], ["chat", "image.large"]),
});
const use = fc.record({ member: fc.constantFrom(1, 1, 2, null), operation, allowPartial: fc.boolean() });
const amount = fc.bigInt({ min: 0n, max: 30n });
/** Which of the holds or spends that there are by then. */
const which = fc.nat(20);

/** What is done next; what it refers to is chosen when it is known what there is. */
type Step = (team: Team, now: bigint) => WalletCommand | null;

function sequenceOf(team: Team, types: readonly string[], index: number): number | null {
  const all = team.transactions.filter(({ type, relatesTo }) => types.includes(type) && (type !== "HOLD" || relatesTo === null));
  return all[index % Math.max(1, all.length)]?.sequence ?? null;
}

function on(types: readonly string[], command: (sequence: number, now: bigint) => WalletCommand, index: number): Step {
  return (team, now) => {
    const sequence = sequenceOf(team, types, index);
    return sequence === null ? null : command(sequence, now);
  };
}

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.tuple(amount, use).map(
      ([credits, given]) =>
        () =>
          spendOf(credits, given),
    ),
  },
  {
    weight: 3,
    arbitrary: fc.tuple(amount, use, fc.bigInt({ min: 1n, max: 20n * DAY })).map(
      ([credits, given, life]) =>
        (_: Team, now: bigint) =>
          holdOf(credits, now + life, given),
    ),
  },
  {
    weight: 3,
    arbitrary: fc
      .tuple(which, fc.option(amount), fc.boolean(), fc.boolean())
      .map(([index, part, allowExcess, final]) => on(["HOLD"], (hold) => captureOf(hold, part, { allowExcess, final }), index)),
  },
  { weight: 1, arbitrary: which.map((index) => on(["HOLD"], releaseOf, index)) },
  { weight: 1, arbitrary: which.map((index) => on(["HOLD"], (hold, now) => extendOf(hold, { at: now + 15n * DAY }), index)) },
  {
    weight: 3,
    arbitrary: fc
      .tuple(which, fc.option(amount))
      .map(([index, part]) => on(["SPEND", "CAPTURE"], (spend) => refundOf(spend, part), index)),
  },
);

/** From seconds to weeks: windows end in between, and holds do. */
const pause = fc.oneof(fc.constant(0n), fc.bigInt({ min: 0n, max: DAY }), fc.bigInt({ min: 0n, max: 25n * DAY }));

function judge(team: Team, outcome: Outcome | null, now: bigint): void {
  const takings = new Takings(team.transactions);
  for (const member of MEMBERS) {
    const limits = team.limits(member, now);
    for (const one of limits) {
      expect(takings.within(member, one)).toBe(one.used);
      expect(one.used).toBeGreaterThanOrEqual(0n);
      expect(one.used).toBeLessThanOrEqual(one.amount);
    }
    const count = new LimitCount(limits.map((one) => ({ ...one, member })));
    for (const transaction of team.transactions) count.next(transaction);
    expect(count.used).toEqual(limits.map(({ used }) => used));
  }
  if (!outcome?.refused || outcome.refusal.code !== "BUDGET_EXCEEDED") return;
  const { member, limit: named, required } = outcome.refusal;
  expect(takings.within(member, named) + required).toBeGreaterThan(named.amount);
}

test("no history takes a member past a limit, and what is used is what the log says, over the edges of all windows", () => {
  const limits = fc.array(limit, { maxLength: 3 });
  const steps = fc.array(fc.tuple(step, pause), { minLength: 5, maxLength: 30 });
  fc.assert(
    fc.property(fc.tuple(limits, limits), steps, (given, history) => {
      const team = new Team(400n, given);
      let now = START;
      for (const [next, wait] of history) {
        now += wait;
        team.limits(1, now);
        const command = next(team, now);
        judge(team, command && team.act(command, now), now);
      }
    }),
    { numRuns: 200 },
  );
});
