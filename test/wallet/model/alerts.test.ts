import { scenarios } from "../../support/scenario";

scenarios(
  "Depletion",
  `
  a wallet that was always empty is silent     | spend 1 -> refused INSUFFICIENT_CREDITS, quiet
  the first credits are told of to nobody      | grant plan 5 -> quiet
  at zero it is told                           | grant plan 5 / spend 5 -> depleted at 0
  a millionth above zero it is not             | grant plan 5 / spend 4.999999 -> quiet / spend 0.000001 -> depleted
  once                                         | grant plan 5 / spend 5 -> depleted / spend 1 -> refused INSUFFICIENT_CREDITS, quiet
  above zero again it has recovered            | grant plan 5 / spend 5 / grant plan 1 -> recovered 0
  once too                                     | grant plan 5 / spend 5 / grant plan 1 -> recovered / grant plan 1 -> quiet
  and then is told again                       | grant plan 5 / spend 5 -> depleted / grant plan 1 -> recovered / spend 1 -> depleted / refund spend -> recovered / spend 5 -> depleted
  a refused spend crosses nothing              | grant plan 5 / spend 6 -> refused INSUFFICIENT_CREDITS, quiet
  what is held is not spendable                | grant plan 5 / hold 5 lasting PT1H -> depleted / capture hold 3 -> recovered
  a hold released gives it back                | grant plan 5 / hold 5 lasting PT1H / release hold -> recovered
  captured whole it stays depleted             | grant plan 5 / hold 5 lasting PT1H / capture hold -> quiet
  an overdraft that is left is spendable       | grant plan 5 / overdraft 3 / spend 5 -> quiet / spend 3 -> depleted
  a new limit recovers                         | grant plan 5 / spend 5 / overdraft 3 -> recovered
  a withdrawn one depletes                     | overdraft 3 -> quiet / overdraft 0 -> depleted
  what an expiry takes depletes                | grant plan 5 until 9d / spend 3 / at 9d -> EXPIRE 2, expiring plan 2 at 6d, depleted at 9d
  what a void takes depletes                   | grant plan 5 / void plan -> depleted
  what an adjustment takes depletes            | grant plan 5 / adjust -5 -> depleted / adjust 1 -> recovered
  what a gift takes depletes                   | grant plan 5 / transfer 5 to friend -> depleted
  pending credits are not spendable            | grant plan 5 from 1d -> quiet / at 1d -> quiet / spend 5 -> depleted
  their activation recovers                    | grant plan 5 / spend 5 / grant plan 5 from 1d -> quiet / at 2d -> recovered at 1d
  a debt swallows what repays it               | overdraft 5 / spend 5 -> depleted / grant purchased 3 -> recovered, spendable 3
  repaid into a voided limit nothing is gained | overdraft 5 / spend 5 / overdraft 0 -> quiet / grant purchased 5 -> quiet, spendable 0
  expiry and activation at once are two crossings | notice PT1H / grant plan 5 until 9d / grant plan 5 from 9d / at 9d -> expiring plan 5, depleted at 9d, recovered at 9d
  a rollover in the same transaction is none   | notice PT1H / grant plan 5 until 9d rolls 100% / at 9d -> expiring plan 5, EXPIRE
  out of scope or not, it counts               | grant promo 5 for image / spend 1 for text -> refused INSUFFICIENT_CREDITS, quiet
  `,
);

scenarios(
  "Thresholds",
  `
  a fall to it is told                         | grant plan 9 / threshold 5 / spend 3 -> quiet / spend 1 -> low 5 at 0
  a fall below it too                          | grant plan 9 / threshold 5 / spend 6 -> low 5
  a millionth above it is not                  | grant plan 9 / threshold 5 / spend 3.999999 -> quiet
  once                                         | grant plan 9 / threshold 5 / spend 6 -> low 5 / spend 1 -> quiet
  a rise to it is none                         | grant plan 9 / threshold 5 / spend 6 -> low 5 / grant plan 2 -> quiet, spendable 5
  a rise above it is told                      | grant plan 9 / threshold 5 / spend 6 -> low 5 / grant plan 2.000001 -> recovered 5
  once too                                     | grant plan 9 / threshold 5 / spend 6 / grant plan 3 -> recovered 5 / grant plan 1 -> quiet
  after which it is armed again                | grant plan 9 / threshold 5 / spend 6 -> low 5 / grant plan 6 -> recovered 5 / spend 4 -> low 5
  set when the balance is below, it is silent  | grant plan 3 / threshold 5 / spend 1 -> quiet
  set at the balance itself as well            | grant plan 5 / threshold 5 / spend 1 -> quiet
  and is armed without a word                  | grant plan 3 / threshold 5 / grant plan 6 -> quiet / spend 6 -> low 5
  setting it tells nothing                     | grant plan 9 / threshold 5 -> quiet, nothing / threshold 20 -> quiet
  depletion goes before the others             | grant plan 9 / threshold 5 / spend 9 -> depleted, low 5
  then they go by number                       | grant plan 9 / threshold 2 / threshold 5 / threshold 3 / spend 8 -> low 2, low 5, low 3
  each only as it is crossed                   | grant plan 9 / threshold 2 / threshold 5 / spend 5 -> low 5 / spend 3 -> low 2 / grant plan 3 -> recovered 2 / grant plan 5 -> recovered 5
  two of one amount are two                    | grant plan 9 / threshold 5 / threshold 5 / spend 5 -> low 5, low 5
  one at zero is beside the built-in one       | grant plan 9 / threshold 0 / spend 9 -> depleted, low 0
  a removed one is silent                      | grant plan 9 / threshold 5 / forget 1 / spend 6 -> quiet
  also one that was told                       | grant plan 9 / threshold 5 / spend 6 -> low 5 / forget 1 / grant plan 9 -> quiet
  the others stay as they are                  | grant plan 9 / threshold 5 / threshold 4 / forget 1 / spend 6 -> low 4
  set again it begins anew                     | grant plan 9 / threshold 5 / spend 6 -> low 5 / forget 1 / threshold 5 / grant plan 9 -> quiet / spend 9 -> low 5
  the overdraft counts                         | grant plan 9 / overdraft 5 / threshold 5 / spend 8 -> quiet / spend 1 -> low 5
  every transaction is judged, time's too      | notice PT1H / grant plan 5 until 3d / grant plan 9 / threshold 9 / at 9d -> expiring plan 5, low 9 at 3d
  one that is crossed back and forth is told of both | notice PT1H / grant promo 5 until 3d / grant plan 9 from 3d / threshold 2 / at 9d -> expiring promo 5, depleted at 3d, low 2 at 3d, recovered 0 at 3d, recovered 2 at 3d
  before a command that is refused             | notice PT1H / grant plan 5 until 3d / grant plan 9 / threshold 9 / at 3d spend 10 -> refused INSUFFICIENT_CREDITS, expiring plan 5, low 9
  it is set on a wallet that has caught up     | notice PT1H / grant plan 5 until 3d / grant plan 9 / at 4d threshold 9 -> EXPIRE 5, expiring plan 5 / spend 1 -> quiet
  a hold falls below it, its release recovers  | grant plan 9 / threshold 5 / hold 6 lasting PT1H -> low 5 / at 1h -> RELEASE 6, recovered 5 at 1h
  a gift crosses it                            | grant plan 9 / threshold 5 / transfer 6 to friend -> low 5
  `,
);

scenarios(
  "Notices of expiry",
  `
  so long before its expiry a grant is told of | grant plan 5 until 9d / at just before 6d -> quiet / at 6d -> nothing, expiring plan 5 at 6d
  as long before as the credit type says       | notice P1D / grant plan 5 until 9d / at 7d -> quiet / at 8d -> expiring plan 5 at 8d
  by the calendar of the account               | zone America/New_York / notice P1D / at 2026-03-01 grant plan 5 until 2026-03-08T12:00:00Z / at 2026-03-09 -> EXPIRE 5, expiring plan 5 at 2026-03-07T13:00:00Z, depleted
  with its own time, however late              | grant plan 5 until 9d / at 8d -> expiring plan 5 at 6d
  once                                         | grant plan 5 until 9d / at 6d -> expiring plan 5 / at 6d -> quiet / at 8d -> quiet
  also when it expired unseen                  | grant plan 5 until 9d / at 10d -> expiring plan 5 at 6d, depleted at 9d, EXPIRE 5
  of what is left then                         | grant plan 5 until 9d / spend 2 / at 6d -> expiring plan 3
  not when nothing is left                     | grant plan 5 until 9d / spend 5 / at 6d -> quiet
  nor when what is left is held                | grant plan 5 until 9d / hold 5 until 8d / at 7d -> quiet / release hold -> recovered / at 9d -> EXPIRE 5, depleted
  nor when it comes back later, told at once   | grant plan 5 until 9d / hold 5 until 8d / at 9d -> RELEASE 5 at 8d, recovered at 8d, EXPIRE 5 at 9d, depleted at 9d
  not when it was voided                       | grant plan 5 until 9d / void plan / at 6d -> quiet
  what was refunded after it is not told of    | grant plan 5 until 9d / spend 5 / at 7d refund spend -> recovered / at 8d -> quiet
  not for what never expires                   | grant plan 5 / at 900d -> quiet
  not for what is born within the period       | grant plan 5 until 2d / at 2d -> EXPIRE 5, depleted
  nor for what is born as it begins            | grant plan 5 until 3d / at 3d -> EXPIRE 5, depleted
  a microsecond before is before               | grant plan 5 until 3d1us / at 3d -> expiring plan 5 at 1us
  not for what becomes effective within it     | grant plan 5 from 5d until 7d / at 7d -> ACTIVATE 5, EXPIRE 5, depleted
  for what becomes effective before it         | grant plan 5 from 3d until 7d / at 7d -> ACTIVATE 5, expiring plan 5 at 4d, EXPIRE 5, depleted
  each grant on its own, in the order of time  | grant plan 5 until 9d / grant promo 6 until 8d / at 7d -> expiring promo 6 at 5d, expiring plan 5 at 6d
  at one instant by number                     | grant plan 5 until 9d / grant promo 6 until 9d / at 6d -> expiring plan 5, expiring promo 6
  after what time does at that instant         | grant plan 5 until 9d / grant promo 3 until 6d / hold 2 until 6d / at 6d -> expiring promo 1 at 3d, RELEASE 2, EXPIRE 1, expiring plan 5 at 6d
  and before the command                       | grant plan 5 until 9d / at 6d spend 5 -> expiring plan 5, depleted
  a rollover is told of as any grant           | grant plan 5 until 9d rolls 100% over 1 P9D / at 15d -> expiring plan 5 at 6d, EXPIRE 5, expiring rollover 5 at 15d
  a refund within its grace as well            | grant plan 5 until 9d / spend 5 / at 10d refund spend -> recovered / at 14d -> expiring refund 5 at 14d
  a gift as well                               | grant plan 5 until 9d / transfer 5 to friend / friend's at 6d -> expiring gift 5 at 6d / at 6d -> quiet
  an expiry far behind is told with the rest   | notice P30D / grant plan 5 until 40d / grant promo 1 until 41d / at 60d -> expiring plan 5 at 10d, expiring promo 1 at 11d, depleted at 41d
  what falls due next is the notice            | grant plan 5 until 9d -> due 6d / at 6d -> due 9d
  `,
);
