import { scenarios } from "../../support/scenario";

scenarios(
  "Holding",
  `
  credits are set aside                        | grant plan 5 / hold 3 lasting PT1H -> HOLD 3, moves plan available>held 3, available 2, held 3, hold OPEN held 3 captured 0 released 0 expires 1h
  by the waterfall                             | grant plan 3 / grant promo 3 / hold 4 lasting PT1H -> pays plan 3 then promo 1
  not more than there is                       | grant plan 5 / hold 6 lasting PT1H -> refused INSUFFICIENT_CREDITS available 5 required 6 shortfall 1, held 0, nothing
  partial holds what there is                  | grant plan 5 / hold 6 lasting PT1H partial -> HOLD 5, hold held 5, available 0
  partial of nothing is refused                | hold 6 lasting PT1H partial -> refused INSUFFICIENT_CREDITS shortfall 6
  an overdraft can be held                     | overdraft 5 / hold 3 lasting PT1H -> spendable 2, held 3, debt 0
  it ends at an instant, or after a while      | grant plan 5 / at 1h hold 1 until 3h / hold 1 lasting PT2H -> hold expires 3h, hold2 expires 3h
  a while is counted by the account's calendar | zone America/New_York / at 2026-03-07T12:00:00Z grant plan 5 / hold 1 lasting P1D -> hold expires 2026-03-08T11:00:00Z
  it must end later than now                   | grant plan 5 / at 2h hold 1 until 2h -> refused EXPIRES_IN_PAST, held 0
  not in the past                              | grant plan 5 / at 2h hold 1 until 1h -> refused EXPIRES_IN_PAST
  a while counts from the wallet's time        | grant plan 5 / at 2h spend 1 / at 1h hold 1 lasting PT2H -> HOLD at 2h, hold expires 4h
  usage in the future is refused               | grant plan 5 / hold 1 lasting PT1H used 1us -> refused OCCURRED_IN_FUTURE
  two holds are two                            | grant plan 5 / hold 1 lasting PT1H / hold 2 lasting PT1H -> held 3, hold held 1, hold2 held 2
  `,
);

scenarios(
  "Capturing",
  `
  all of it, unless told otherwise             | grant plan 5 / hold 3 lasting PT1H / capture hold -> CAPTURE 3, moves plan held>consumed 3, hold CAPTURED captured 3 released 0, held 0, available 2
  less: the rest is released                   | grant plan 5 / hold 3 lasting PT1H / capture hold 1 -> CAPTURE 1, moves plan held>consumed 1 then plan held>available 2, hold CAPTURED captured 1 released 2, available 4
  in the order of allocation                   | grant plan 3 / grant promo 3 / hold 5 lasting PT1H / capture hold 4 -> moves plan held>consumed 3 then promo held>consumed 1 then promo held>available 1
  released in the order of allocation too      | grant plan 3 / grant promo 3 / hold 5 lasting PT1H / capture hold 1 -> moves plan held>consumed 1 then plan held>available 2 then promo held>available 2
  more than held is refused                    | grant plan 9 / hold 3 lasting PT1H / capture hold 4 -> refused CAPTURE_EXCEEDS_HOLD held 3 requested 4, hold OPEN held 3, nothing
  unless excess is allowed                     | grant plan 9 / hold 3 lasting PT1H / capture hold 5 excess -> CAPTURE 5, moves plan held>consumed 3 then plan available>consumed 2, hold CAPTURED captured 3, available 4
  the excess is drawn by the waterfall         | grant plan 3 / grant promo 3 / hold 2 lasting PT1H / capture hold 5 excess -> moves plan held>consumed 2 then plan available>consumed 1 then promo available>consumed 2
  allowed excess need not be used              | grant plan 9 / hold 3 lasting PT1H / capture hold 2 excess -> CAPTURE 2, available 7
  an excess that is not there refuses all      | grant plan 5 / hold 3 lasting PT1H / capture hold 9 excess -> refused INSUFFICIENT_CREDITS spendable 2 shortfall 4, hold OPEN held 3, plan 2, nothing
  the excess may go into the overdraft         | grant plan 3 / overdraft 5 / hold 3 lasting PT1H / capture hold 5 excess -> debt 2, CAPTURE 5
  captured overdraft is debt                   | overdraft 5 / hold 3 lasting PT1H / capture hold 2 -> debt 2, spendable 3
  more captures may follow                     | grant plan 9 / hold 5 lasting PT1H / capture hold 2 more -> CAPTURE 2, hold OPEN held 3 captured 2 released 0, held 3 / capture hold 2 more -> hold OPEN held 1 captured 4
                                               | / capture hold -> CAPTURE 1, hold CAPTURED captured 5 released 0
  the next goes on where the last one stopped  | grant plan 3 / grant promo 3 / hold 6 lasting PT1H / capture hold 2 more / capture hold 2 more -> moves plan held>consumed 1 then promo held>consumed 1 / release hold -> moves promo held>available 2
  the last one releases the rest               | grant plan 9 / hold 5 lasting PT1H / capture hold 2 more / capture hold 1 -> CAPTURE 1, hold CAPTURED captured 3 released 2, available 6
  all by parts is the end, told or not         | grant plan 9 / hold 5 lasting PT1H / capture hold 5 more -> hold CAPTURED / capture hold -> refused HOLD_ENDED
  more than is still held is refused           | grant plan 9 / hold 5 lasting PT1H / capture hold 2 more / capture hold 4 -> refused CAPTURE_EXCEEDS_HOLD held 3 requested 4
  excess with more to come ends it too         | grant plan 9 / hold 5 lasting PT1H / capture hold 6 excess more -> CAPTURE 6, hold CAPTURED captured 5, available 3
  a captured hold has ended                    | grant plan 9 / hold 5 lasting PT1H / capture hold / capture hold 1 -> refused HOLD_ENDED / release hold -> refused HOLD_ENDED / extend hold lasting PT9H -> refused HOLD_ENDED
  a hold that is not there                     | grant plan 9 / capture #7 -> refused NOT_FOUND what hold / capture #1 -> refused NOT_FOUND what hold
  a key bound to the app may capture           | grant plan 9 / hold 5 app photos lasting PT1H / capture hold by photos -> CAPTURE 5
  to another app's key it is not there         | grant plan 9 / hold 5 app photos lasting PT1H / capture hold by docs -> refused NOT_FOUND what hold, hold OPEN
  nor to an app's key what is no app's         | grant plan 9 / hold 5 lasting PT1H / capture hold by photos -> refused NOT_FOUND what hold
  `,
);

scenarios(
  "Releasing and expiring of holds",
  `
  all goes back                                | grant plan 3 / grant promo 3 / hold 5 lasting PT1H / release hold -> RELEASE 5, moves plan held>available 3 then promo held>available 2, hold RELEASED released 5, available 6
  once                                         | grant plan 9 / hold 5 lasting PT1H / release hold / release hold -> refused HOLD_ENDED, available 9
  a hold that is not there                     | release #1 -> refused NOT_FOUND what hold
  to another app's key it is not there         | grant plan 9 / hold 5 app photos lasting PT1H / release hold by docs -> refused NOT_FOUND what hold / release hold by photos -> RELEASE 5
  just before it expires it can be captured    | grant plan 9 / hold 5 until 1h / at just before 1h capture hold -> CAPTURE 5
  at its expiry it is released                 | grant plan 9 / hold 5 until 1h / at 1h capture hold -> refused HOLD_ENDED, RELEASE 5 at 1h, hold EXPIRED released 5, available 9
  with its own time, however late              | grant plan 9 / hold 5 until 1h / at 9d spend 8 -> RELEASE 5 at 1h, SPEND 8 at 9d
  after part was captured the rest goes back   | grant plan 9 / hold 5 until 1h / capture hold 2 more / at 1h -> RELEASE 3, hold EXPIRED captured 2 released 3, available 7
  in the order of time                         | grant plan 9 / hold 5 until 2h / hold 2 until 1h / at 9h -> RELEASE 2 at 1h, RELEASE 5 at 2h
  what falls due next is its expiry            | grant plan 9 / hold 5 until 2h / hold 2 until 1h -> due 1h / release hold2 -> due 2h
  an ended hold does not expire                | grant plan 9 / hold 5 until 1h / capture hold / at 9h -> nothing
  a grant that expires meanwhile can be captured | grant promo 5 until 1d / hold 3 until 2d / at 1d -> EXPIRE 2, held 3 / capture hold -> CAPTURE 3, promo consumed 3 expired 2
  what is released to it expires at once       | grant promo 5 until 1d / hold 3 until 2d / at 1d release hold -> EXPIRE 2, RELEASE 3, moves promo held>expired 3, promo expired 5
  also what a capture leaves                   | grant promo 5 until 1d / hold 3 until 2d / at 1d capture hold 1 -> EXPIRE 2, CAPTURE 1, promo consumed 1 expired 4
  also when the hold expires                   | grant promo 5 until 1d / hold 3 until 2d / at 2d -> EXPIRE 2 at 1d, RELEASE 3 at 2d, promo expired 5
  a grant voided meanwhile can be captured     | grant promo 5 / hold 3 lasting P1D / void promo -> VOID 2, promo held 3 voided 2 / capture hold -> promo consumed 3 voided 2
  what is released to it is voided             | grant promo 5 / hold 3 lasting P1D / void promo / release hold -> moves promo held>voided 3, promo voided 5, available 0
  voided goes before expired                   | grant promo 5 until 1d / hold 3 lasting P2D / void promo / at 1d release hold -> RELEASE 3, promo voided 5 expired 0
  each part goes where it belongs              | grant promo 1 until 1d / grant plan 1 as own / grant gift 1 p101 / hold 3 until 3d / void gift / at 2d release hold -> RELEASE 3, moves promo held>expired 1 then own held>available 1 then gift held>voided 1
  `,
);

scenarios(
  "Extending",
  `
  to a later instant                           | grant plan 9 / hold 5 until 1h / extend hold until 3h -> HOLD 0, moves nothing, hold OPEN held 5 expires 3h, held 5
  it is not released at the first one          | grant plan 9 / hold 5 until 1h / extend hold until 3h / at 2h -> nothing / at 3h -> RELEASE 5 at 3h
  a while counts from now                      | grant plan 9 / hold 5 until 1h / at just before 1h extend hold lasting PT1H -> hold expires 1h59m59s999999us
  not to an earlier one                        | grant plan 9 / hold 5 until 3h / extend hold until 2h -> refused HOLD_EXPIRY_NOT_LATER, nothing, hold expires 3h
  nor to the same                              | grant plan 9 / hold 5 until 3h / extend hold until 3h -> refused HOLD_EXPIRY_NOT_LATER
  again and again                              | grant plan 9 / hold 5 until 1h / extend hold until 3h / extend hold until 5h / at 4h capture hold -> CAPTURE 5
  at its expiry it is too late                 | grant plan 9 / hold 5 until 1h / at 1h extend hold until 3h -> refused HOLD_ENDED, RELEASE 5
  what was captured stays captured             | grant plan 9 / hold 5 until 1h / capture hold 2 more / extend hold until 3h -> hold captured 2 held 3 expires 3h
  a released hold is not extended              | grant plan 9 / hold 5 until 1h / release hold / extend hold until 3h -> refused HOLD_ENDED
  a hold that is not there                     | extend #1 until 3h -> refused NOT_FOUND what hold
  a longer hold keeps no grant alive           | grant promo 5 until 2h / hold 3 until 1h / extend hold until 9h / at 9h -> EXPIRE 2 at 2h, RELEASE 3 at 9h, promo expired 5
  `,
);
