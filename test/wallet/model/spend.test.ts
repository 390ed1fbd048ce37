import { scenarios } from "../../support/scenario";

scenarios(
  "Spending",
  `
  all that there is can be spent               | grant plan 5 / spend 5 -> SPEND 5, available 0, plan consumed 5
  the smallest amount can be spent             | grant plan 0.000001 / spend 0.000001 -> plan 0
  more than there is is refused whole          | grant plan 5 / spend 5.000001 -> refused INSUFFICIENT_CREDITS available 5 spendable 5 required 5.000001 shortfall 0.000001, nothing, quiet, plan 5
  an empty wallet refuses                      | spend 1 -> refused INSUFFICIENT_CREDITS available 0 spendable 0 required 1 shortfall 1, nothing
  what is held cannot be spent                 | grant plan 5 / hold 3 lasting PT1H / spend 3 -> refused INSUFFICIENT_CREDITS available 2 shortfall 1
  what is pending cannot be spent              | grant plan 5 from 1d / spend 1 -> refused INSUFFICIENT_CREDITS available 0, pending 5
  what is out of scope is available only       | grant plan 3 / grant promo 5 for text / spend 4 for image -> refused INSUFFICIENT_CREDITS available 8 spendable 3 required 4 shortfall 1
  an overdraft is spendable, not available     | grant plan 3 / overdraft 5 / spend 9 -> refused INSUFFICIENT_CREDITS available 3 spendable 8 required 9 shortfall 1
  a refused spend leaves nothing behind        | grant plan 3 / grant promo 3 / spend 7 -> refused INSUFFICIENT_CREDITS, plan 3, promo 3, held 0 / spend 6 -> available 0
  partial takes what there is                  | grant plan 3 / grant promo 4 / spend 9 partial -> SPEND 7, pays plan 3 then promo 4, amount 7, available 0
  partial takes all that is asked for if it can | grant plan 9 / spend 5 partial -> SPEND 5, plan 4
  partial takes only what the scope admits     | grant plan 3 / grant promo 4 for text / spend 9 for image partial -> pays plan 3, promo 4
  partial goes into the overdraft              | grant plan 3 / overdraft 2 / spend 9 partial -> pays plan 3 then overdraft 2, debt 2
  partial of nothing is refused                | spend 9 partial -> refused INSUFFICIENT_CREDITS spendable 0 required 9 shortfall 9, nothing
  partial refuses when the scope admits nothing | grant promo 4 for text / spend 9 partial -> refused INSUFFICIENT_CREDITS available 4 spendable 0 shortfall 9
  late usage draws credits as of now           | grant plan 5 until 2d / at 3d grant promo 5 / spend 2 used 1d -> pays promo 2
  usage in the future is refused               | grant plan 5 / at 1d spend 2 used 1d1us -> refused OCCURRED_IN_FUTURE, plan 5
  usage now is not in the future               | grant plan 5 / at 1d spend 2 used 1d -> plan 3
  an older clock does not make usage future    | grant plan 5 / at 2d spend 1 / at 1d spend 1 used 2d -> SPEND 1 at 2d, plan 3
  usage is judged before credits               | at 1d spend 2 used 2d -> refused OCCURRED_IN_FUTURE
  the largest amount can be granted and spent  | grant plan 9000000000000 / spend 9000000000000 -> available 0, plan consumed 9000000000000
  `,
);

scenarios(
  "Granting",
  `
  a grant is available at once                 | grant plan 5 -> GRANT 5 at 0, moves plan issued>available 5, available 5, kind PLAN 5, pending 0
  a later grant is pending                     | grant plan 5 from 1d -> GRANT 5 at 0, moves plan issued>pending 5, available 0, pending 5, plan effective 1d
  an effective date in the past is now         | at 3d grant plan 5 from 1d -> plan 5 effective 3d
  the default life counts from its start       | grant plan 5 from 1d life P1M -> plan expires 2026-02-02
  the default life is the calendar's           | zone Europe/Berlin / at 2026-01-31T23:30:00Z grant plan 5 life P1M -> plan expires 2026-02-28T23:30:00Z
  an expiry of its own goes before the default | grant plan 5 until 9d life P1M -> plan expires 9d
  without either it never expires              | grant plan 5 -> plan expires never, due never
  it may not expire before now                 | at 2d grant plan 5 until 1d -> refused EXPIRES_IN_PAST, no plan
  nor at once                                  | at 2d grant plan 5 until 2d -> refused EXPIRES_IN_PAST
  a microsecond of life is life                | at 2d grant plan 5 until 2d1us -> plan 5
  nor before it is effective                   | grant plan 5 from 3d until 2d -> refused EXPIRES_IN_PAST
  nor as it becomes effective                  | grant plan 5 from 3d until 3d -> refused EXPIRES_IN_PAST
  two grants of a kind are two                 | grant promo 5 / grant promo 6 -> promo 5, promo2 6, kind PROMO 11
  a wallet holds no more than amounts can say  | grant plan 9000000000000 / grant plan 0.000001 -> refused BALANCE_OUT_OF_RANGE, no plan2, available 9000000000000
  pending credits count towards that           | grant plan 9000000000000 from 1d / grant plan 1 -> refused BALANCE_OUT_OF_RANGE
  held credits count towards that              | grant plan 9000000000000 / hold 9000000000000 lasting PT1H / grant plan 1 -> refused BALANCE_OUT_OF_RANGE
  so do an overdraft and its debt              | overdraft 9000000000000 / spend 1 / grant promo 1 -> refused BALANCE_OUT_OF_RANGE
  what was spent makes room                    | grant plan 9000000000000 / spend 1 / grant plan 1 -> available 9000000000000
  `,
);

scenarios(
  "Adjusting",
  `
  up makes an ADJUSTMENT grant                 | adjust 5 -> ADJUST 5, moves adjustment issued>available 5, adjustment 5 expires never repaying
  down takes by the waterfall                  | grant plan 5 p2 / grant promo 5 p1 / adjust -7 -> ADJUST -7, pays promo 5 then plan 2, promo voided 5 consumed 0, plan voided 2, available 3
  down takes from restricted grants too        | grant promo 5 for image p1 / grant plan 5 / adjust -6 -> pays promo 5 then plan 1
  down goes into the overdraft as debt         | grant plan 5 / overdraft 5 / adjust -7 -> ADJUST -7, moves plan available>voided 5 then overdraft available>consumed 2, debt 2
  down by more than there is is refused        | grant plan 5 / adjust -6 -> refused INSUFFICIENT_CREDITS available 5 spendable 5 required 6 shortfall 1, plan 5
  down leaves what is held                     | grant plan 5 / hold 3 lasting PT1H / adjust -3 -> refused INSUFFICIENT_CREDITS shortfall 1
  down leaves what is pending                  | grant plan 5 from 1d / adjust -1 -> refused INSUFFICIENT_CREDITS available 0
  an adjustment down is no spend               | grant plan 5 / adjust -2 / refund #2 -> refused NOT_REFUNDABLE sequence 2
  what is left can be spent                    | grant plan 5 / adjust -2 / spend 3 -> plan consumed 3 voided 2
  `,
);
