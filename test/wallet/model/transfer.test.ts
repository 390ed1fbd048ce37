import { scenarios } from "../../support/scenario";

scenarios(
  "Transfers",
  `
  what one gives the other gets                | grant plan 5 / transfer 2 to friend -> TRANSFER 2, moves plan available>moved 2, plan 3 moved 2, available 3 / friend's look -> available 2, kind GIFT 2, gift 2 of own's plan
  all that there is can be given               | grant plan 5 / transfer 5 to friend -> available 0, depleted / friend's look -> gift 5
  by the waterfall, a gift for each that pays  | grant promo 3 p2 / grant plan 3 p1 / transfer 5 to friend -> pays plan 3 then promo 2 / friend's look -> gift 3 of own's plan priority 1, gift2 2 of own's promo priority 2
  a gift ends when what it came from would     | grant promo 5 until 3d / at 1d transfer 2 to friend / friend's look -> gift 2 effective 1d expires 3d / friend's at 3d -> EXPIRE 2 at 3d
  what never expires makes a gift that does not | grant promo 5 / transfer 2 to friend / friend's look -> gift expires never
  it keeps its scope                           | grant promo 5 for image+text apps photos p7 / transfer 2 to friend / friend's look -> gift for image+text apps photos priority 7
  scopes do not hinder a gift                  | grant promo 5 for image / transfer 5 to friend -> pays promo 5, promo 0
  but its use                                  | grant promo 5 for image / transfer 5 to friend / friend's spend 1 for text -> refused INSUFFICIENT_CREDITS spendable 0 available 5 / friend's spend 1 for image -> gift 4
  a whole grant goes with what it cost         | grant purchased 5 cost 9.99 USD / transfer 5 to friend / friend's look -> gift 5 cost 9.99 USD source gift
  a part of it with its share                  | grant purchased 5 cost 9.99 USD / transfer 4 to friend / friend's look -> gift 4 cost 7.992 USD
  a gift rolls nothing over                    | grant plan 5 until 3d rolls 100% / transfer 2 to friend / friend's look -> gift unrolling / friend's at 3d -> EXPIRE 2, no rollover / at 3d -> rollover 3
  a gift repays no debt                        | friend's overdraft 9 / friend's spend 4 / grant purchased 5 / transfer 5 to friend / friend's look -> debt 4, gift 5 unrepaying
  an overdraft is not given away               | grant plan 2 / overdraft 9 / transfer 3 to friend -> refused INSUFFICIENT_CREDITS available 2 spendable 2 required 3 shortfall 1, plan 2, overdraft 9, nothing / friend's look -> available 0
  what is held is not given                    | grant plan 5 / hold 3 lasting PT1H / transfer 3 to friend -> refused INSUFFICIENT_CREDITS spendable 2 shortfall 1
  what is pending is not given                 | grant plan 5 from 1d / transfer 1 to friend -> refused INSUFFICIENT_CREDITS spendable 0
  more than there is is refused whole          | grant plan 5 / grant promo 5 / transfer 11 to friend -> refused INSUFFICIENT_CREDITS shortfall 1, plan 5, promo 5, nothing / friend's look -> available 0
  a gift can be given on                       | grant plan 5 / transfer 4 to friend / friend's transfer 3 to other -> TRANSFER 3, gift 1 moved 3 / other's look -> gift 3 of friend's gift
  and back                                     | grant plan 5 / transfer 4 to friend / friend's transfer 4 to own / look -> plan 1 moved 4, gift 4 of friend's gift, available 5
  a gift is no spend of the giver              | grant plan 5 / transfer 2 to friend / refund #2 -> refused NOT_REFUNDABLE sequence 2
  nor of the receiver                          | grant plan 5 / transfer 2 to friend / friend's refund #1 -> refused NOT_REFUNDABLE sequence 1
  what is spent of a gift is refunded to it    | grant plan 5 / transfer 4 to friend / friend's spend 3 / friend's refund spend -> gift 4
  not to oneself                               | grant plan 5 / transfer 2 to own -> refused TRANSFER_NOT_POSSIBLE reason SAME_WALLET, plan 5, nothing
  not to another credit type                   | friend's type 2 / grant plan 5 / transfer 2 to friend -> refused TRANSFER_NOT_POSSIBLE reason OTHER_CREDIT_TYPE, plan 5, nothing / friend's look -> available 0
  the giver catches up first                   | grant promo 5 until 1d / grant plan 5 / at 2d transfer 6 to friend -> refused INSUFFICIENT_CREDITS available 5, EXPIRE 5 at 1d
  the receiver too                             | friend's grant promo 5 until 1d / grant plan 5 / at 2d transfer 2 to friend / friend's look -> promo expired 5, gift 2, available 2
  the receiver also when it is refused         | friend's grant promo 5 until 1d / at 2d transfer 2 to friend -> refused INSUFFICIENT_CREDITS / friend's look -> promo expired 5, available 0
  or when it is not possible                   | friend's type 2 / friend's grant promo 5 until 1d / at 2d transfer 2 to friend -> refused TRANSFER_NOT_POSSIBLE / friend's look -> promo expired 5
  the giver also when it is to oneself         | grant promo 5 until 1d / at 2d transfer 2 to own -> refused TRANSFER_NOT_POSSIBLE, EXPIRE 5 at 1d
  both stand at one moment, the later one's    | grant plan 5 / friend's at 3d grant plan 1 / at 2d transfer 2 to friend -> TRANSFER 2 at 3d / friend's look -> gift 2 effective 3d
  to the later one's moment both catch up      | grant plan 5 until 3d / friend's at 4d grant plan 1 / at 2d transfer 2 to friend -> refused INSUFFICIENT_CREDITS, EXPIRE 5 at 3d
  who can hold no more gets nothing            | friend's grant plan 9000000000000 / grant plan 5 / transfer 2 to friend -> refused BALANCE_OUT_OF_RANGE, plan 5, available 5, nothing / friend's look -> no gift
  that leaves the giver's time where it was    | friend's grant plan 9000000000000 / grant promo 3 until 1d / grant plan 5 / at 2d transfer 2 to friend -> refused BALANCE_OUT_OF_RANGE, EXPIRE 3 at 1d, plan 5 / spend 1 -> SPEND 1 at 2d, plan 4
  the giver's policy says who pays             | policy paid-last / grant purchased 5 until 1d / grant plan 5 / transfer 2 to friend -> pays plan 2, policy 2
  the smallest amount can be given             | grant plan 1 / transfer 0.000001 to friend / friend's look -> available 0.000001
  `,
);
