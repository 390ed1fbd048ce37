import { expect, test } from "@jest/globals";
import { catchUp, nextDueAt } from "../../../src/wallet/model/catch-up";
import { decide } from "../../../src/wallet/model/decide";
import { DEFAULT_POLICY } from "../../../src/wallet/model/policy";
import { emptyWallet } from "../../../src/wallet/model/wallet";
import { grantOf, holdOf } from "../../support/commands";
import { scenarios } from "../../support/scenario";

scenarios(
  "Expiry",
  `
  just before it expires a grant still pays    | grant plan 5 until 3d / at just before 3d spend 2 -> SPEND 2, plan 3
  at its expiry exactly it pays no more        | grant plan 5 until 3d / at 3d spend 2 -> refused INSUFFICIENT_CREDITS available 0, EXPIRE 5 at 3d, plan expired 5
  the expiry is written with its own time      | grant plan 5 until 3d / at 9d -> EXPIRE 5 at 3d, moves plan available>expired 5, available 0
  it is written once                           | grant plan 5 until 3d / at 3d -> EXPIRE / at 3d -> nothing / at 9d -> nothing
  before the command that comes late           | grant plan 5 until 3d / grant promo 5 / at 9d spend 2 -> EXPIRE 5 at 3d, SPEND 2 at 9d, pays promo 2
  also before a command that is refused        | grant plan 5 until 3d / at 9d spend 9 -> refused INSUFFICIENT_CREDITS, EXPIRE 5 at 3d, plan expired 5
  what was spent does not expire               | grant plan 5 until 3d / spend 4 / at 3d -> EXPIRE 1, plan consumed 4 expired 1
  nothing left is nothing to expire            | grant plan 5 until 3d / spend 5 / at 9d -> nothing, plan consumed 5 expired 0
  each grant expires in its own transaction    | grant plan 5 until 3d / grant promo 6 until 3d / at 3d -> EXPIRE 5, EXPIRE 6
  in the order of time                         | grant plan 5 until 4d / grant promo 6 until 3d / at 9d -> EXPIRE 6 at 3d, EXPIRE 5 at 4d
  what falls due next is known                 | notice P1D / grant plan 5 until 9d / grant promo 5 until 8d -> due 7d / at 7d -> due 8d / at 8d -> due 9d / at 9d -> due never
  without expiries nothing falls due           | grant plan 5 -> due never
  a clock that steps back is not believed      | grant plan 5 until 3d / at 4d spend 1 -> refused INSUFFICIENT_CREDITS / at 2d spend 1 -> refused INSUFFICIENT_CREDITS / grant promo 1 -> GRANT 1 at 4d
  and makes no second expiry                   | grant plan 5 until 3d / at 4d -> EXPIRE 5 at 3d / at 1d -> nothing / at 5d -> nothing
  a month ends where its months do             | grant plan 5 from 2026-01-31 life P1M / at 2026-02-28 -> ACTIVATE 5 at 2026-01-31, EXPIRE 5 at 2026-02-28
  by the calendar of the account               | zone America/New_York / at 2026-03-07T12:00:00Z grant plan 5 life P1D -> plan expires 2026-03-08T11:00:00Z
  `,
);

scenarios(
  "Activation",
  `
  just before it is effective a grant pays not | grant plan 5 from 3d / at just before 3d spend 2 -> refused INSUFFICIENT_CREDITS, nothing, pending 5
  at that instant exactly it pays              | grant plan 5 from 3d / at 3d spend 2 -> ACTIVATE 5 at 3d, SPEND 2 at 3d, plan 3, pending 0
  the activation is written with its own time  | grant plan 5 from 3d / at 9d -> ACTIVATE 5 at 3d, moves plan pending>available 5, available 5
  it is written once                           | grant plan 5 from 3d / at 3d -> ACTIVATE / at 4d -> nothing
  a life that passed unseen is told in full    | grant plan 5 from 3d until 5d / at 9d -> ACTIVATE 5 at 3d, EXPIRE 5 at 5d, plan expired 5
  a spend after midnight meets the renewal     | grant plan 5 until 3d / grant plan 5 from 3d until 6d / at 3d spend 4 -> EXPIRE 5 at 3d, ACTIVATE 5 at 3d, SPEND 4 at 3d, plan2 1
  a renewal touches its own plan's grants only | grant plan 5 until 3d / grant plan 5 from 3d / grant purchased 7 / grant promo 8 until 9d / grant gift 9 / at 3d -> EXPIRE 5, ACTIVATE 5, purchased 7, promo 8 expires 9d, gift 9
  two at one instant go by number              | grant plan 5 from 3d / grant promo 6 from 3d / at 3d -> ACTIVATE 5, ACTIVATE 6
  a voided allotment is never activated        | grant plan 5 from 3d / void plan -> pending 0 / at 9d -> nothing, plan voided 5
  what falls due next is the activation        | grant plan 5 from 3d -> due 3d
  `,
);

scenarios(
  "What happens at one instant",
  `
  hold expiry, grant expiry, activation, command | grant promo 5 until 3d / grant plan 7 from 3d / grant gift 9 / hold 2 until 3d / at 3d spend 1 -> RELEASE 2 at 3d, EXPIRE 3 at 3d, ACTIVATE 7 at 3d, SPEND 1 at 3d, pays plan 1
  what is released as its grant expires, expires | grant promo 5 until 3d / hold 2 until 3d / at 3d -> RELEASE 2, EXPIRE 3, promo expired 5 / look -> held 0
  released a moment before, it expires with it | grant promo 5 until 3d / hold 2 until 2d / at 3d -> RELEASE 2 at 2d, EXPIRE 5 at 3d
  released a moment after, it expires at once  | grant promo 5 until 3d / hold 2 until 4d / at 9d -> EXPIRE 3 at 3d, RELEASE 2 at 4d, moves promo held>expired 2
  activations and expiries in the order of time | grant promo 5 from 2d until 4d / grant plan 6 from 3d until 5d / at 9d -> ACTIVATE 5 at 2d, ACTIVATE 6 at 3d, EXPIRE 5 at 4d, EXPIRE 6 at 5d
  holds at one instant go by sequence          | grant plan 9 / hold 1 until 3d / hold 2 until 3d / at 3d -> RELEASE 1, RELEASE 2
  the log is in order whenever it is written   | grant promo 5 until 3d / grant plan 7 from 3d / hold 2 until 3d / at 1d spend 1 / at 2d spend 1 / at 9d spend 1 -> RELEASE 2 at 3d, EXPIRE at 3d, ACTIVATE 7 at 3d, SPEND 1 at 9d
  `,
);

scenarios(
  "Rollover",
  `
  a share is kept, the rest expires            | grant plan 10 until 3d rolls 40% / at 3d -> EXPIRE 10, moves plan available>moved 4 then plan available>expired 6 then rollover issued>available 4
  it is a grant that names its origin          | grant plan 10 until 3d p7 for image+text apps photos cost 9.99 USD source basic rolls 50% / at 3d -> rollover of plan amount 5 priority 7 for image+text apps photos cost 4.995 USD effective 3d expires 33d unrolling unrepaying
  only what is left is counted                 | grant plan 10 until 3d rolls 50% / spend 4 / at 3d -> plan moved 3 expired 3 consumed 4, rollover 3
  at most so much is kept                      | grant plan 10 until 3d rolls 100% max 4 / at 3d -> plan moved 4 expired 6, rollover 4
  less than the most is kept as it is          | grant plan 10 until 3d rolls 20% max 4 / at 3d -> rollover 2
  all is kept                                  | grant plan 10 until 3d rolls 100% / at 3d -> EXPIRE 10, plan moved 10 expired 0, rollover 10, available 10
  the share is rounded down                    | grant plan 0.000003 until 3d rolls 50% / at 3d -> plan moved 0.000001 expired 0.000002
  a share of less than a millionth is nothing  | grant plan 0.000001 until 3d rolls 99% / at 3d -> no rollover, plan expired 0.000001
  nothing left is nothing kept                 | grant plan 10 until 3d rolls 100% / spend 10 / at 3d -> nothing, no rollover
  what is held is not kept                     | grant plan 10 until 3d rolls 100% / hold 4 until 9d / at 3d -> EXPIRE 6, rollover 6, plan held 4 moved 6 / release hold -> plan expired 4
  without a rule nothing is kept               | grant plan 10 until 3d / at 3d -> no rollover
  what was kept is kept once                   | grant plan 10 until 3d rolls 100% over 1 P2D / at 5d -> EXPIRE 10 at 3d, EXPIRE 10 at 5d, rollover expired 10 moved 0, available 0
  it lives for as many periods as told         | grant plan 10 until 2026-01-31 rolls 100% over 3 P1M / at 2026-01-31 -> rollover expires 2026-04-30
  periods are the account's calendar's         | zone Europe/Berlin / grant plan 10 until 2026-02-28T23:00:00Z rolls 100% over 1 P1M / at 2026-03-01 -> rollover expires 2026-03-31T22:00:00Z
  it may live until a calendar's period ends   | grant plan 10 until 2026-02-28 rolls 100% over 1 P1M to 2026-03-31 / at 2026-02-28 -> rollover expires 2026-03-31 unrolling
  it is effective when the old one ended       | grant plan 10 until 3d rolls 100% over 1 P10D / at 9d -> EXPIRE 10 at 3d, rollover effective 3d expires 13d
  it pays before the new allotment             | grant plan 10 until 3d rolls 100% over 1 P30D / grant plan 10 from 3d until 33d / at 3d spend 12 -> pays rollover 10 then plan2 2
  a voided grant rolls nothing over            | grant plan 10 until 3d rolls 100% / void plan / at 3d -> nothing, no rollover
  credits issued do not grow by it             | grant plan 10 until 3d rolls 50% / at 3d -> available 5, kind ROLLOVER 5, kind PLAN 0
  `,
);

test("thousands of grants and holds that end together are dealt with in the time of putting them in order", () => {
  const now = 1_800_000_000_000_000n;
  const day = 86_400_000_000n;
  const key = { accountId: "01a12f8e-0900-7194-9f41-d34de0427b87", creditTypeId: 1 };
  const terms = { refundGrace: "P7D", expiryNotice: "P3D" };
  const empty = emptyWallet({ key, now, policy: DEFAULT_POLICY, timeZone: "Europe/Berlin", ...terms });
  const commands = [
    ...Array.from({ length: 1_500 }, () => grantOf(2n, { expiresAt: now + 30n * day })),
    ...Array.from({ length: 1_500 }, () => holdOf(1n, now + 20n * day)),
  ];
  const wallet = commands.reduce((before, command) => decide(before, command, now).wallet, empty);
  const began = performance.now();
  const { transactions, alerts } = catchUp(wallet, now + 40n * day);
  expect(performance.now() - began).toBeLessThan(5_000);
  const told = alerts.filter(({ type }) => type === "EXPIRING_SOON");
  expect([transactions.length, told.length, nextDueAt(wallet)]).toEqual([3_000, 1_500, now + 20n * day]);
});
