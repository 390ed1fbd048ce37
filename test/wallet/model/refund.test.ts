import { scenarios } from "../../support/scenario";

scenarios(
  "Refunds",
  `
  whole, unless told otherwise                 | grant plan 9 / spend 5 / refund spend -> REFUND 5, moves plan consumed>available 5, plan 9
  in part                                      | grant plan 9 / spend 5 / refund spend 2 -> REFUND 2, plan 6 consumed 3
  again, up to what was spent                  | grant plan 9 / spend 5 / refund spend 2 / refund spend 3 -> plan 9 / refund spend 0.000001 -> refused REFUND_EXCEEDS_SPEND refundable 0 requested 0.000001
  without an amount it is the rest             | grant plan 9 / spend 5 / refund spend 2 / refund spend -> REFUND 3
  nothing is left to refund                    | grant plan 9 / spend 5 / refund spend / refund spend -> refused REFUND_EXCEEDS_SPEND refundable 0
  never more than was spent                    | grant plan 9 / spend 5 / refund spend 6 -> refused REFUND_EXCEEDS_SPEND refundable 5 requested 6, plan 4, nothing
  nor more than is left of it                  | grant plan 9 / spend 5 / refund spend 2 / refund spend 4 -> refused REFUND_EXCEEDS_SPEND refundable 3 requested 4
  last drawn first                             | grant plan 3 / grant promo 3 / spend 5 / refund spend -> moves promo consumed>available 2 then plan consumed>available 3
  a part comes from the end                    | grant plan 3 / grant promo 3 / spend 5 / refund spend 1 -> plan 0, promo 2
  the next part goes on from there             | grant plan 3 / grant promo 3 / spend 5 / refund spend 1 / refund spend 2 -> moves promo consumed>available 1 then plan consumed>available 1
  of a partial spend what was taken            | grant plan 3 / spend 5 partial / refund spend 4 -> refused REFUND_EXCEEDS_SPEND refundable 3 / refund spend -> REFUND 3
  each spend has its own                       | grant plan 9 / spend 4 / spend 5 / refund spend 4 -> plan 4 / refund spend 1 -> refused REFUND_EXCEEDS_SPEND / refund spend2 -> plan 9
  what came back can be spent and refunded     | grant plan 5 / spend 5 / refund spend / spend 5 / refund spend2 -> plan 5
  a capture can be refunded                    | grant plan 9 / hold 5 lasting PT1H / capture hold 3 / refund capture -> REFUND 3, plan 9, hold CAPTURED captured 3
  the excess of a capture first                | grant plan 3 / grant promo 9 / hold 3 lasting PT1H / capture hold 5 excess / refund capture 3 -> moves promo consumed>available 2 then plan consumed>available 1
  each capture of a hold on its own            | grant plan 9 / hold 5 lasting PT1H / capture hold 2 more / capture hold 3 / refund capture2 4 -> refused REFUND_EXCEEDS_SPEND refundable 3 / refund capture -> REFUND 2
  a grant is no spend                          | grant plan 9 / refund #1 -> refused NOT_REFUNDABLE sequence 1
  nor is a hold                                | grant plan 9 / hold 5 lasting PT1H / refund #2 -> refused NOT_REFUNDABLE sequence 2
  nor is a refund                              | grant plan 9 / spend 5 / refund spend / refund #3 -> refused NOT_REFUNDABLE sequence 3
  nor is what time did                         | grant plan 9 until 1d / at 1d / refund #2 -> refused NOT_REFUNDABLE sequence 2
  what is not there is not found               | grant plan 9 / refund #7 -> refused NOT_FOUND what transaction
  a key bound to the app may refund            | grant plan 9 / spend 5 app photos / refund spend by photos -> REFUND 5
  to another app's key it is not there         | grant plan 9 / spend 5 app photos / refund spend by docs -> refused NOT_FOUND what transaction
  nor to an app's key what is no app's         | grant plan 9 / spend 5 / refund spend by docs -> refused NOT_FOUND what transaction
  nor the grant, to an app's key               | grant plan 9 / refund #1 by docs -> refused NOT_FOUND what transaction
  a wallet that is full takes none back        | grant plan 9000000000000 / spend 1 / grant plan 1 / refund spend -> refused BALANCE_OUT_OF_RANGE
  `,
);

scenarios(
  "Refunds when the grant that paid has ended",
  `
  a new REFUND grant takes its place           | grant promo 5 until 3d / spend 4 / at 3d refund spend -> EXPIRE 1 at 3d, REFUND 4 at 3d, moves promo consumed>moved 4 then refund issued>available 4
  with the same terms, for the grace           | grant promo 5 until 3d p7 for image+text apps photos cost 9.99 USD source summer / spend 4 for image app photos / at 5d refund spend
                                               | -> refund 4 amount 4 of promo priority 7 for image+text apps photos cost 7.992 USD effective 5d expires 12d source summer unrepaying unrolling
  for another grace                            | grace P1M / grant promo 5 until 3d / spend 4 / at 2026-01-31 refund spend -> refund expires 2026-02-28
  a microsecond before its end it goes back    | grant promo 5 until 3d / spend 4 / at just before 3d refund spend -> promo 5, no refund
  where such a grant was voided too            | grant promo 5 / spend 4 / void promo / refund spend -> promo voided 1 moved 4 consumed 0, refund 4
  only for what the ended one paid             | grant promo 3 until 3d / grant plan 9 / spend 5 / at 3d refund spend -> moves plan consumed>available 2 then promo consumed>moved 3 then refund issued>available 3
  the living one first, if it is last drawn    | grant promo 3 until 3d / grant plan 9 / spend 5 / at 3d refund spend 1 -> plan 8, no refund
  for each such grant one                      | grant promo 3 until 3d / grant promo 3 until 4d / spend 6 / at 5d refund spend -> refund 3 of promo2, refund2 3 of promo
  for each refund one                          | grant promo 5 until 3d / spend 4 / at 3d refund spend 1 / refund spend 2 -> refund 1, refund2 2
  it expires as any grant                      | grant promo 5 until 3d / spend 4 / at 3d refund spend / at 10d -> EXPIRE 4 at 10d, refund expired 4
  what it paid can be refunded in its turn     | grant promo 5 until 3d / spend 5 / at 3d refund spend / spend 5 / at 10d refund spend2 -> refund moved 5, refund2 5 of refund expires 17d
  and while it lives goes back to it           | grant promo 5 until 3d / spend 5 / at 3d refund spend / spend 5 / refund spend2 -> refund 5, no refund2
  also for what was captured                   | grant promo 5 until 3d / hold 4 until 9d / at 4d capture hold / refund capture -> refund 4 of promo, promo expired 1 moved 4
  rolled over or not, it is a refund           | grant plan 5 until 3d rolls 100% / spend 4 / at 3d refund spend -> rollover 1, refund 4 of plan, plan moved 5
  credits issued do not grow by it             | grant promo 5 until 3d / spend 5 / at 3d refund spend -> available 5, kind REFUND 5, kind PROMO 0
  `,
);

scenarios(
  "Voiding",
  `
  what is available is voided                  | grant promo 5 / spend 2 / void promo -> VOID 3, moves promo available>voided 3, promo consumed 2 voided 3, available 0
  what is pending is voided                    | grant plan 5 from 3d / void plan -> VOID 5, moves plan pending>voided 5, pending 0
  what is held stays until its hold ends       | grant promo 5 / hold 2 lasting PT1H / void promo -> VOID 3, promo held 2 voided 3, held 2
  a grant of which all is held can be voided   | grant promo 5 / hold 5 lasting PT1H / void promo -> VOID 0, moves nothing / release hold -> promo voided 5
  it pays no more                              | grant promo 5 / grant plan 5 / void promo / spend 6 -> refused INSUFFICIENT_CREDITS available 5
  it does not expire                           | grant promo 5 until 3d / void promo / at 9d -> nothing, promo voided 5 expired 0
  it is voided once                            | grant promo 5 / void promo / void promo -> refused GRANT_NOT_ELIGIBLE reason VOIDED, nothing
  an expired one is not voided                 | grant promo 5 until 3d / at 3d void promo -> refused GRANT_NOT_ELIGIBLE reason EXPIRED, EXPIRE 5 at 3d, promo expired 5
  a moment before, it still is                 | grant promo 5 until 3d / at just before 3d void promo -> VOID 5
  an expired one of which something is held is | grant promo 5 until 3d / hold 2 until 9d / at 3d void promo -> EXPIRE 3, VOID 0 / release hold -> promo expired 3 voided 2
  one that is spent has nothing left           | grant promo 5 / spend 5 / void promo -> refused GRANT_NOT_ELIGIBLE reason NOTHING_LEFT grant 1
  one that is not there is not found           | void #1 -> refused NOT_FOUND what grant
  other grants are left alone                  | grant promo 5 / grant promo 6 / void promo -> promo2 6, available 6
  `,
);
