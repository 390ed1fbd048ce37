import { describe, expect, test } from "@jest/globals";
import type { WalletCommand, WalletRefusal } from "../../../src/wallet/model/commands";
import { at } from "../../support/clock";
import { captureOf, holdOf, refundOf, releaseOf, spendOf } from "../../support/commands";
import { type GivenLimit, START, Team } from "../../support/team";

const HOUR = 3_600_000_000n;
const FEBRUARY = at("2026-01-31T23:00:00Z");
const [MONTH, DAY, WEEK, YEAR] = (["MONTH", "DAY", "WEEK", "YEAR"] as const).map((interval) => ({ amount: 10n, interval })) as [
  GivenLimit,
  GivenLimit,
  GivenLimit,
  GivenLimit,
];
const BY = { member: 1 };

/** What is done, and when: in Berlin it is noon of a Thursday in January before anything else is said. */
type Step = readonly [command: WalletCommand, now?: bigint];

/** What is used of the first limit when all was done; or by what the last step was refused. */
function outcomeOf(limits: readonly GivenLimit[], steps: readonly Step[], until?: bigint): unknown {
  const team = new Team(1_000n, [limits]);
  let now = START;
  let refusal: WalletRefusal | null = null;
  for (const [command, then = now] of steps) {
    now = then;
    const outcome = team.act(command, now);
    refusal = outcome.refused ? outcome.refusal : null;
  }
  if (refusal?.code === "BUDGET_EXCEEDED") return `${refusal.code} ${refusal.limit.used} of ${refusal.limit.amount}`;
  return refusal?.code ?? team.limits(1, until ?? now)[0]?.used;
}

const take = (amount: bigint, given = {}) => spendOf(amount, { ...BY, ...given });
const hold = (amount: bigint, given = {}) => holdOf(amount, { in: "P60D" }, { ...BY, ...given });

describe("what a member takes", () => {
  test.each<[string, readonly GivenLimit[], readonly Step[], unknown]>([
    ["is counted", [MONTH], [[take(4n)], [take(3n)]], 7n],
    ["may be all that the limit says", [MONTH], [[take(4n)], [take(6n)]], 10n],
    ["is no more than that", [MONTH], [[take(4n)], [take(7n)]], "BUDGET_EXCEEDED 4 of 10"],
    ["is nothing where the limit is 0", [{ amount: 0n }], [[take(1n)]], "BUDGET_EXCEEDED 0 of 0"],
    ["may be what costs nothing, whatever the limit", [{ amount: 0n }], [[take(0n)]], 0n],
    ["is what there is room for, where a part is enough", [MONTH], [[take(4n)], [take(7n, { allowPartial: true })]], 10n],
    [
      "is not even a part of it, where there is no room",
      [MONTH],
      [[take(10n)], [take(1n, { allowPartial: true })]],
      "BUDGET_EXCEEDED 10 of 10",
    ],
    ["is what the wallet has, where that is less", [{ amount: 5_000n }], [[take(4_000n, { allowPartial: true })]], 1_000n],
    ["is not counted when the wallet refuses it", [{ amount: 5_000n }], [[take(4_000n)]], "INSUFFICIENT_CREDITS"],
    ["is not limited by what the team takes", [MONTH], [[spendOf(500n)], [take(10n)]], 10n],
    ["is counted when it is held", [MONTH], [[hold(8n)]], 8n],
    ["is held within the limit", [MONTH], [[take(4n)], [hold(7n)]], "BUDGET_EXCEEDED 4 of 10"],
    ["is not counted again when it is captured", [MONTH], [[hold(8n)], [captureOf(2, 8n)]], 8n],
    ["is given back with what is not captured", [MONTH], [[hold(8n)], [captureOf(2, 5n)]], 5n],
    ["stays counted while more captures are to come", [MONTH], [[hold(8n)], [captureOf(2, 5n, { final: false })]], 8n],
    ["is given back by a release", [MONTH], [[hold(8n)], [releaseOf(2)]], 0n],
    ["is given back when the hold expires", [MONTH], [[holdOf(8n, START + HOUR, BY)], [take(1n), START + HOUR]], 1n],
    ["has the excess of a capture in it", [MONTH], [[hold(6n)], [captureOf(2, 9n, { allowExcess: true })]], 9n],
    [
      "has no excess past the limit",
      [MONTH],
      [[hold(6n)], [captureOf(2, 11n, { allowExcess: true })]],
      "BUDGET_EXCEEDED 6 of 10",
    ],
    ["is given back by a refund", [MONTH], [[take(8n)], [refundOf(2, 3n)]], 5n],
    ["is given back by a refund of a capture", [MONTH], [[hold(8n)], [captureOf(2, 5n)], [refundOf(3)]], 0n],
  ])("%s", (_, limits, steps, expected) => {
    expect(outcomeOf(limits, steps)).toEqual(expected);
  });
});

describe("the window", () => {
  test.each<[string, GivenLimit, bigint, bigint]>([
    ["of a day begins at midnight in the account's time zone", DAY, 10n, at("2026-01-15T23:00:00Z")],
    ["of a week begins on Monday", WEEK, 10n, at("2026-01-18T23:00:00Z")],
    ["of a month begins on the first", MONTH, 10n, FEBRUARY],
    ["of a year begins in January", YEAR, 10n, at("2026-12-31T23:00:00Z")],
  ])("%s", (_, limit, amount, next) => {
    expect(outcomeOf([limit], [[take(amount)], [take(1n), next - 1n]])).toBe("BUDGET_EXCEEDED 10 of 10");
    expect(outcomeOf([limit], [[take(amount)], [take(1n), next]])).toBe(1n);
    expect(outcomeOf([limit], [[take(amount)]], next)).toBe(0n);
  });

  test.each<[string, readonly Step[], unknown]>([
    ["has no room from a refund of what was taken before it", [[take(8n)], [take(10n), FEBRUARY], [refundOf(2)]], 10n],
    ["has room from a refund of what was taken in it", [[take(8n)], [take(10n), FEBRUARY], [refundOf(3, 4n)]], 6n],
    ["has no room from a release of what was held before it", [[hold(8n)], [take(10n), FEBRUARY], [releaseOf(2)]], 10n],
    ["does not count a capture of what was held before it", [[hold(8n)], [captureOf(2, 8n), FEBRUARY]], 0n],
    ["counts the excess of such a capture", [[hold(8n)], [captureOf(2, 11n, { allowExcess: true }), FEBRUARY]], 3n],
    [
      "has room from a refund of such a capture for the excess only, which is refunded first",
      [[hold(8n)], [captureOf(2, 11n, { allowExcess: true }), FEBRUARY], [refundOf(3, 5n)]],
      0n,
    ],
  ])("%s", (_, steps, expected) => {
    expect(outcomeOf([MONTH], steps)).toEqual(expected);
  });
});

describe("several limits", () => {
  const IMAGES = { amount: 4n, operations: ["image.*"] };

  test.each<[string, readonly GivenLimit[], readonly Step[], unknown]>([
    [
      "count the operations that they name",
      [IMAGES],
      [[take(3n, { operation: "image.large" })], [take(9n, { operation: "chat" })]],
      3n,
    ],
    ["do not count what has no operation, where they name some", [IMAGES], [[take(9n)]], 0n],
    ["count what has no operation, where they name none", [MONTH], [[take(9n)]], 9n],
    ["each refuse", [MONTH, IMAGES], [[take(5n, { operation: "image.large" })]], "BUDGET_EXCEEDED 0 of 4"],
    [
      "refuse by the one that leaves the least room",
      [IMAGES, MONTH],
      [[take(8n)], [take(3n, { operation: "image.a" })]],
      "BUDGET_EXCEEDED 8 of 10",
    ],
    ["each count", [MONTH, IMAGES], [[take(4n, { operation: "image.a" })], [take(6n)]], 10n],
    ["leave a part of the least room", [MONTH, IMAGES], [[take(9n, { operation: "image.a", allowPartial: true })]], 4n],
  ])("%s", (_, limits, steps, expected) => {
    expect(outcomeOf(limits, steps)).toEqual(expected);
  });
});

test("each member has its own room", () => {
  const team = new Team(100n, [[MONTH], [MONTH]]);
  team.act(take(10n), START);
  expect(team.act(spendOf(10n, { member: 2 }), START).refused).toBeUndefined();
  expect([1, 2].map((member) => team.limits(member, START)[0]?.used)).toEqual([10n, 10n]);
});

test("who was removed takes nothing any more, but what is held ends as holds do", () => {
  const team = new Team(100n, [[MONTH]]);
  team.act(hold(5n), START);
  team.remove(1);
  expect(team.act(take(1n), START)).toMatchObject({ refusal: { code: "NOT_FOUND", what: "member" } });
  expect(team.act(captureOf(2, 3n), START)).toMatchObject({ transaction: { type: "CAPTURE", member: 1, amount: 3n } });
});

test("every transaction of a member names it", () => {
  const team = new Team(100n, [[]]);
  team.act(take(5n), START);
  team.act(refundOf(2), START);
  team.act(holdOf(5n, START + HOUR, BY), START);
  team.limits(1, START + HOUR);
  expect(team.transactions.map(({ type, member }) => `${type} ${member}`)).toEqual([
    "GRANT null",
    "SPEND 1",
    "REFUND 1",
    "HOLD 1",
    "RELEASE 1",
  ]);
});
