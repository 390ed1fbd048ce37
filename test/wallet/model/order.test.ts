import { scenarios } from "../../support/scenario";

scenarios(
  "The order of consumption, by the default policy",
  `
  the smaller priority pays first              | grant plan 100 p2 / grant promo 100 p1 / spend 120 -> pays promo 100 then plan 20, plan 80
  priority 0 is before 255                     | grant promo 5 p255 / grant promo 5 p0 / spend 6 -> pays promo2 5 then promo 1
  priority goes before expiry                  | grant promo 5 p2 until 1d / grant promo 5 p1 / spend 6 -> pays promo2 5 then promo 1
  the sooner expiry pays first                 | grant promo 5 until 2d / grant promo 5 until 1d / spend 6 -> pays promo2 5 then promo 1
  a microsecond sooner is sooner               | grant promo 5 until 1d1us / grant promo 5 until 1d / spend 6 -> pays promo2 5 then promo 1
  what never expires pays after what does      | grant promo 5 / grant promo 5 until 3650d / spend 6 -> pays promo2 5 then promo 1
  expiry goes before kind                      | grant plan 5 until 2d / grant purchased 5 until 1d / spend 6 -> pays purchased 5 then plan 1
  kind: ROLLOVER before PLAN                   | grant plan 5 until 2d rolls 100% over 1 P30D / at 2d grant plan 5 until 32d / spend 6 -> pays rollover 5 then plan2 1
  kind: PLAN before REFERRAL                   | grant referral 5 / grant plan 5 / spend 6 -> pays plan 5 then referral 1
  kind: REFERRAL before PROMO                  | grant promo 5 / grant referral 5 / spend 6 -> pays referral 5 then promo 1
  kind: PROMO before GIFT                      | grant gift 5 / grant promo 5 / spend 6 -> pays promo 5 then gift 1
  kind: GIFT before REFUND                     | grace P30D / grant promo 5 until 1d / spend 5 / at 1d refund spend / grant gift 5 until 31d / spend 6 -> pays gift 5 then refund 1
  kind: REFUND before ADJUSTMENT               | grace P30D / grant promo 5 until 1d / spend 5 / at 1d refund spend / grant adjustment 5 until 31d / spend 6 -> pays refund 5 then adjustment 1
  kind: ADJUSTMENT before PURCHASED            | grant purchased 5 / adjust 5 / spend 6 -> pays adjustment 5 then purchased 1
  kind: PURCHASED before OVERDRAFT             | overdraft 5 / grant purchased 5 / spend 6 -> pays purchased 5 then overdraft 1
  all kinds together, in their order           | overdraft 1 / grant purchased 1 / grant adjustment 1 / grant gift 1 / grant promo 1 / grant referral 1 / grant plan 1
                                               | / spend 7 -> pays plan 1 then referral 1 then promo 1 then gift 1 then adjustment 1 then purchased 1 then overdraft 1
  kind goes before scope                       | grant promo 5 for image / grant plan 5 / spend 6 for image -> pays plan 5 then promo 1
  restricted to an operation before unrestricted | grant promo 5 / grant promo 5 for image / spend 6 for image -> pays promo2 5 then promo 1
  restricted to an app before unrestricted     | grant promo 5 / grant promo 5 apps photos / spend 6 app photos -> pays promo2 5 then promo 1
  more or fewer restrictions are the same      | grant promo 5 for image+text apps photos / grant promo 5 for image / spend 6 for image app photos -> pays promo 5 then promo2 1
  scope goes before age                        | grant promo 5 / after 1d grant promo 5 for image / spend 6 for image -> pays promo2 5 then promo 1
  the earlier effective pays first             | grant promo 5 from 1d / grant promo 5 / at 2d spend 6 -> pays promo2 5 then promo 1
  effective goes before creation               | grant promo 5 from 2d / at 1d grant promo 5 / at 3d spend 6 -> pays promo2 5 then promo 1
  created earlier pays first                   | grant promo 5 from 2d / at 1d grant promo 5 from 2d / at 3d spend 6 -> pays promo 5 then promo2 1
  of grants alike the first pays first         | grant promo 5 / grant promo 5 / grant promo 5 / spend 11 -> pays promo 5 then promo2 5 then promo3 1
  overdraft is last, even against priority     | overdraft 5 / grant purchased 5 p255 / spend 6 -> pays purchased 5 then overdraft 1
  a grant is exhausted before the next pays    | grant plan 100 p1 / grant promo 100 / spend 100 -> pays plan 100, plan 0, promo 100
  a spend in two parts pays as one             | grant plan 3 / grant promo 3 / spend 2 -> pays plan 2 / spend 3 -> pays plan 1 then promo 2
  one millionth is enough to be drawn          | grant plan 0.000001 p1 / grant promo 1 / spend 0.000002 -> pays plan 0.000001 then promo 0.000001
  holds are drawn in the same order            | grant plan 3 p2 / grant promo 3 p1 / hold 4 lasting PT1H -> pays promo 3 then plan 1, plan held 1, promo held 3
  what was not eligible makes no difference    | grant plan 5 p0 for text / grant promo 5 p0 from 1d / grant gift 5 / grant purchased 5 / spend 6 -> pays gift 5 then purchased 1
  `,
);

scenarios(
  "The order of consumption, by other policies",
  `
  paid last: kind goes before expiry           | policy paid-last / grant purchased 5 until 1d / grant plan 5 / spend 6 -> pays plan 5 then purchased 1, policy 2
  paid last: priority still goes first         | policy paid-last / grant purchased 5 p1 / grant plan 5 p2 / spend 6 -> pays purchased 5 then plan 1
  paid last: expiry decides within a kind      | policy paid-last / grant promo 5 / grant promo 5 until 1d / spend 6 -> pays promo2 5 then promo 1
  scope first: before priority                 | policy scope-first / grant promo 5 p1 / grant promo 5 p2 for image / spend 6 for image -> pays promo2 5 then promo 1
  oldest first: before priority and expiry     | policy oldest-first / grant promo 5 p9 / after 1d grant promo 5 p1 until 2d / spend 6 -> pays promo 5 then promo2 1
  overdraft is last under every policy         | policy oldest-first / overdraft 5 / after 1d grant purchased 5 / spend 6 -> pays purchased 5 then overdraft 1
  overdraft is last when kinds come first      | policy paid-last / overdraft 5 / grant purchased 5 p255 until 1d / spend 6 -> pays purchased 5 then overdraft 1
  a changed policy applies to what comes after | grant purchased 5 until 1d / grant plan 5 / spend 2 -> pays purchased 2, policy 1
                                               | / policy paid-last / spend 2 -> pays plan 2, policy 2
  each transaction records its policy          | policy paid-last / grant plan 5 -> policy 2
  `,
);

scenarios(
  "Scopes",
  `
  a restricted grant pays for its operation    | grant promo 5 for image / spend 5 for image -> promo 0
  and for no other                             | grant promo 5 for image / spend 5 for text -> refused INSUFFICIENT_CREDITS spendable 0 available 5 shortfall 5
  nor for a use that names none                | grant promo 5 for image / spend 5 -> refused INSUFFICIENT_CREDITS spendable 0 available 5
  an unrestricted grant pays for anything      | grant promo 5 / spend 2 / spend 2 for image -> promo 1
  one of several operations                    | grant promo 5 for image+text / spend 5 for text -> promo 0
  a trailing star matches what begins so       | grant promo 5 for image.* / spend 5 for image.make -> promo 0
  also when nothing follows                    | grant promo 5 for image.* / spend 5 for image. -> promo 0
  but not what begins otherwise                | grant promo 5 for image.* / spend 5 for imagery -> refused INSUFFICIENT_CREDITS
  nor its own stem without the point           | grant promo 5 for image.* / spend 5 for image -> refused INSUFFICIENT_CREDITS
  without a star nothing is a prefix           | grant promo 5 for image / spend 5 for image.make -> refused INSUFFICIENT_CREDITS
  a star alone matches any operation           | grant promo 5 for * / spend 5 for text -> promo 0
  but no use without an operation              | grant promo 5 for * / spend 5 -> refused INSUFFICIENT_CREDITS
  upper case is another name                   | grant promo 5 for image / spend 5 for Image -> refused INSUFFICIENT_CREDITS
  an app's grant pays in that app              | grant promo 5 apps photos / spend 5 app photos -> promo 0
  and in no other                              | grant promo 5 apps photos / spend 5 app docs -> refused INSUFFICIENT_CREDITS
  nor outside of apps                          | grant promo 5 apps photos / spend 5 -> refused INSUFFICIENT_CREDITS
  apps match by prefix as operations do        | grant promo 5 apps acme-* / spend 5 app acme-docs -> promo 0
  operation and app must both be admitted      | grant promo 5 for image apps photos / spend 5 for image app docs -> refused INSUFFICIENT_CREDITS
  both are                                     | grant promo 5 for image apps photos / spend 5 for image app photos -> promo 0
  what the scope rules out goes to the next    | grant promo 5 p1 for text / grant plan 5 p2 / spend 5 for image -> pays plan 5, promo 5
  an excess is drawn for the hold's operation  | grant promo 5 for text p1 / grant plan 9 / hold 5 for image lasting PT1H / capture hold 7 excess -> plan 2, promo 5
  and for its app                              | grant promo 5 apps docs p1 / grant plan 9 / hold 5 app photos lasting PT1H / capture hold 7 excess -> plan 2, promo 5
  `,
);
