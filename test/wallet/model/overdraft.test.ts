import { scenarios } from "../../support/scenario";

scenarios(
  "Overdraft",
  `
  a limit is a grant                           | overdraft 50 -> GRANT 50, moves overdraft issued>available 50, available 0, debt 0, spendable 50, overdraft 50 expires never unrepaying
  it is drawn last                             | grant purchased 5 p255 / overdraft 50 / spend 8 -> pays purchased 5 then overdraft 3, debt 3, spendable 47
  it is drawn up to the limit                  | overdraft 50 / spend 50 -> debt 50, spendable 0 / spend 0.000001 -> refused INSUFFICIENT_CREDITS spendable 0
  a higher limit takes the debt over           | overdraft 50 / spend 30 / overdraft 100 -> GRANT 100, moves overdraft available>voided 20 then overdraft consumed>moved 30 then overdraft2 issued>consumed 30 then overdraft2 issued>available 70, debt 30, spendable 70
  a lower limit too                            | overdraft 50 / spend 30 / overdraft 40 -> overdraft voided 20 moved 30, overdraft2 10 consumed 30, debt 30
  a limit that the debt fills                  | overdraft 50 / spend 30 / overdraft 30 -> overdraft2 0 consumed 30, debt 30, spendable 0
  debt past the limit stays with the old one   | overdraft 50 / spend 30 / overdraft 20 -> overdraft consumed 10 moved 20 voided 20, overdraft2 0 consumed 20, debt 30, spendable 0
  the same limit again changes nothing owed    | overdraft 50 / spend 30 / overdraft 50 -> debt 30, spendable 20, overdraft moved 30 voided 20
  no limit: what is left of it is voided       | overdraft 50 / spend 30 / overdraft 0 -> VOID 20, moves overdraft available>voided 20, debt 30, spendable 0, no overdraft2
  no limit where there was none                | overdraft 0 -> GRANT 0, moves nothing, no overdraft
  no limit twice                               | overdraft 50 / overdraft 0 -> VOID 50 / overdraft 0 -> GRANT 0, moves nothing
  a limit after none                           | overdraft 50 / spend 30 / overdraft 0 / overdraft 60 -> moves overdraft consumed>moved 30 then overdraft2 issued>consumed 30 then overdraft2 issued>available 30, debt 30, spendable 30
  what is held of the old one stays there      | overdraft 50 / hold 20 lasting PT1H / overdraft 30 -> overdraft held 20 voided 30, overdraft2 30, held 20
  released, it is voided                       | overdraft 50 / hold 20 lasting PT1H / overdraft 30 / release hold -> overdraft voided 50, spendable 30
  captured, it is debt of the old one          | overdraft 50 / hold 20 lasting PT1H / overdraft 30 / capture hold -> overdraft consumed 20 voided 30, debt 20, spendable 30
  the limit can be voided as any grant         | overdraft 50 / spend 20 / void overdraft -> VOID 30, debt 20, spendable 0
  also when it is drawn in full                | overdraft 50 / spend 50 / void overdraft -> VOID 0, debt 50
  it does not expire or announce itself        | overdraft 50 -> due never
  `,
);

scenarios(
  "Repayment",
  `
  a purchase repays in its own transaction     | overdraft 50 / spend 30 / grant purchased 100 -> GRANT 100, moves purchased issued>available 100 then purchased available>consumed 30 then overdraft consumed>available 30, purchased 70 consumed 30 repaid 30, debt 0, spendable 120
  so does a plan's allotment                   | overdraft 50 / spend 30 / grant plan 100 -> debt 0, plan 70
  so does an adjustment                        | overdraft 50 / spend 30 / adjust 100 -> ADJUST 100, debt 0, adjustment 70 repaid 30
  unless told otherwise                        | overdraft 50 / spend 30 / grant purchased 100 unrepaying -> debt 30, purchased 100, spendable 120
  promotional credits never do                 | overdraft 50 / spend 30 / grant promo 100 / grant gift 100 / grant referral 100 -> debt 30, available 300
  a refund does not                            | grant promo 9 until 1d / overdraft 50 / spend 9 / spend 30 / at 1d refund spend -> refund 9, debt 30
  a rollover does not                          | grant promo 9 until 1d rolls 100% / overdraft 50 / hold 9 lasting PT1H / spend 30 / release hold / at 1d -> EXPIRE 9, rollover 9, debt 30
  less than the debt repays in part            | overdraft 50 / spend 30 / grant purchased 10 -> purchased 0 consumed 10 repaid 10, debt 20, spendable 30
  exactly the debt                             | overdraft 50 / spend 30 / grant purchased 30 -> purchased 0, debt 0, spendable 50
  without debt nothing is repaid               | overdraft 50 / grant purchased 30 -> moves purchased issued>available 30, purchased repaid 0
  pending credits repay when they are effective | overdraft 50 / spend 30 / grant plan 100 from 1d -> debt 30, pending 100 / at 1d -> ACTIVATE 100, moves plan pending>available 100 then plan available>consumed 30 then overdraft consumed>available 30, debt 0, plan 70
  the oldest debt first                        | overdraft 50 / spend 30 / overdraft 20 / grant purchased 15 -> moves purchased issued>available 15 then purchased available>consumed 10 then overdraft consumed>voided 10 then purchased available>consumed 5 then overdraft2 consumed>available 5
  what is repaid of a voided limit is voided   | overdraft 50 / spend 30 / overdraft 0 / grant purchased 40 -> overdraft voided 50 consumed 0, debt 0, spendable 10
  what is repaid can be drawn again            | overdraft 50 / spend 50 / grant purchased 20 / spend 20 -> debt 50, spendable 0
  debt that an adjustment made is repaid too   | overdraft 50 / adjust -30 / grant purchased 40 -> debt 0, purchased 10
  captured overdraft is repaid too             | overdraft 50 / hold 30 lasting PT1H / grant purchased 40 -> purchased 40 repaid 0 / capture hold -> debt 30 / grant purchased 40 -> debt 0, purchased2 10
  what comes back later repays nothing         | grant purchased 40 / hold 40 lasting PT1H / overdraft 50 / spend 30 / release hold -> purchased 40, debt 30
  `,
);

scenarios(
  "Refunds of what an overdraft paid",
  `
  the debt falls                               | overdraft 50 / spend 30 / refund spend -> REFUND 30, moves overdraft consumed>available 30, debt 0, spendable 50
  in part                                      | overdraft 50 / spend 30 / refund spend 10 -> debt 20, spendable 30
  last drawn first                             | grant plan 5 / overdraft 50 / spend 30 / refund spend 26 -> moves overdraft consumed>available 25 then plan consumed>available 1
  of a limit that was voided it is voided      | overdraft 50 / spend 30 / void overdraft / refund spend -> moves overdraft consumed>voided 30, debt 0, spendable 0
  debt that a new limit took over falls there  | overdraft 50 / spend 30 / overdraft 100 / refund spend -> moves overdraft2 consumed>available 30, debt 0, spendable 100
  first with the one that paid                 | overdraft 50 / spend 30 / overdraft 20 / refund spend 15 -> moves overdraft consumed>voided 10 then overdraft2 consumed>available 5
  then with the newest                         | overdraft 9 / spend 9 / overdraft 8 / overdraft 7 / overdraft 6 / refund spend 9 -> debt 0, REFUND 9
                                               | , moves overdraft4 consumed>available 6 then overdraft3 consumed>voided 3
  what was repaid goes to who repaid it        | overdraft 50 / spend 30 / grant purchased 100 / refund spend -> REFUND 30, moves purchased consumed>available 30, purchased 100 repaid 0, debt 0
  the debt goes before who repaid              | overdraft 50 / spend 30 / grant purchased 10 / refund spend 25 -> moves overdraft consumed>available 20 then purchased consumed>available 5, purchased 5 repaid 5, debt 0
  the newest of those who repaid first         | overdraft 50 / spend 30 / grant purchased 10 / grant purchased 20 / refund spend 25 -> moves purchased2 consumed>available 20 then purchased consumed>available 5
  who repaid may have ended meanwhile          | overdraft 50 / spend 30 / grant purchased 30 until 1d cost 3 EUR / at 2d refund spend -> moves purchased consumed>moved 30 then refund issued>available 30, refund of purchased cost 3 EUR
  or have been voided                          | overdraft 50 / spend 30 / grant purchased 40 / void purchased / refund spend -> purchased voided 10 moved 30, refund 30
  what a grant spent itself is not given back  | overdraft 50 / spend 30 / grant purchased 40 / spend 10 / refund spend -> purchased 30 consumed 10 repaid 0
  and that can be refunded beside it           | overdraft 50 / spend 30 / grant purchased 40 / spend 10 / refund spend / refund spend2 -> purchased 40 consumed 0, debt 0, spendable 90
  a debt of another spend falls as well        | overdraft 50 / spend 10 / spend 20 / grant purchased 10 / refund spend -> debt 10, purchased repaid 10 / refund spend2 -> debt 0, purchased 10 repaid 0
  a captured overdraft is refunded alike       | overdraft 50 / hold 30 lasting PT1H / capture hold / grant purchased 10 / refund capture -> debt 0, purchased 10 repaid 0, spendable 60
  `,
);
