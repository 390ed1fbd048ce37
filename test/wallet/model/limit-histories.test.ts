import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { CALENDAR_UNITS, calendarSpan } from "../../../src/core/time";
import type { Outcome, WalletCommand } from "../../../src/wallet/model/commands";
import { LimitCount } from "../../../src/wallet/model/limit-count";
import type { Limit } from "../../../src/wallet/model/types";
import { captureOf, extendOf, holdOf, refundOf, releaseOf, spendOf } from "../../support/commands";
import { Takings } from "../../support/takings";
import { BERLIN, START, Team } from "../../support/team";

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
/** Which of the holds or spends that there are by then, from the latest back. */
const which = fc.nat(4);

/** What is done next; what it refers to is chosen when it is known what there is. */
type Step = (team: Team, now: bigint) => WalletCommand | null;

function sequenceOf(team: Team, types: readonly string[], index: number): number | null {
  const all = team.transactions.filter(({ type, relatesTo }) => types.includes(type) && (type !== "HOLD" || relatesTo === null));
  return all.at(-1 - (index % Math.max(1, all.length)))?.sequence ?? null;
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

/** How time goes on: by seconds to weeks, in which windows end, and holds; or to the very edge of a window. */
const next = fc.oneof(
  fc.constant((now: bigint) => now),
  fc.bigInt({ min: 0n, max: 25n * DAY }).map((pause) => (now: bigint) => now + pause),
  fc.tuple(fc.constantFrom(...CALENDAR_UNITS), fc.constantFrom(-1n, 0n)).map(
    ([unit, beside]) =>
      (now: bigint) =>
        calendarSpan(unit, now, BERLIN).until + beside,
  ),
);

/** As they are written, be their windows over or not, and as they are by now. */
function limitsOf(team: Team, now: bigint): readonly (Limit & { readonly member: number })[] {
  return MEMBERS.flatMap((member) => {
    const written = team.wallet.members.find(({ number }) => number === member)?.limits ?? [];
    return [...written, ...team.limits(member, now)].map((one) => ({ ...one, member }));
  });
}

function judge(team: Team, outcome: Outcome | null, now: bigint): void {
  const takings = new Takings(team.transactions);
  const limits = limitsOf(team, now);
  const count = new LimitCount(limits);
  for (const transaction of team.transactions) count.next(transaction);
  expect(count.used).toEqual(limits.map(({ used }) => used));
  for (const one of limits) {
    expect(takings.within(one.member, one)).toBe(one.used);
    expect(one.used).toBeGreaterThanOrEqual(0n);
    expect(one.used).toBeLessThanOrEqual(one.amount);
  }
  if (!outcome?.refused || outcome.refusal.code !== "BUDGET_EXCEEDED") return;
  const { member, limit: named, required } = outcome.refusal;
  expect(takings.within(member, named) + required).toBeGreaterThan(named.amount);
}

test("no history takes a member past a limit, and what is used is what the log says, over the edges of all windows", () => {
  const limits = fc.array(limit, { maxLength: 3 });
  const steps = fc.array(fc.tuple(step, next), { minLength: 5, maxLength: 30 });
  fc.assert(
    fc.property(fc.tuple(limits, limits), steps, (given, history) => {
      const team = new Team(400n, given);
      let now = START;
      for (const [act, later] of history) {
        now = later(now);
        team.limits(1, now);
        const command = act(team, now);
        judge(team, command && team.act(command, now), now);
      }
    }),
    { numRuns: 150 },
  );
});
