import { Int, ObjectType } from "type-graphql";
import { Access, EVERYONE } from "../../platform/graphql/access";
import { Node } from "../../platform/graphql/node";
import { AmountScalar, DateTimeScalar } from "../../platform/graphql/scalars";
import { Shown } from "../../platform/graphql/shown";
import { numberedId } from "../ids";
import { formatAlertCursor, type PlacedAlert, placeOf } from "../live/alert-cursor";
import type { Threshold } from "../model/types";
import type { ShownKey } from "../units";
import { AlertTypeEnum, ThresholdStateEnum } from "./enums.types";

@Access(...EVERYONE)
@ObjectType("AlertThreshold", {
  implements: Node,
  simpleResolvers: true,
  description: "A level of the spendable balance; crossing it either way is told by an alert, once per crossing.",
})
export class ThresholdView implements Node {
  constructor(
    readonly key: ShownKey,
    readonly threshold: Threshold,
  ) {}

  get id(): string {
    return numberedId("threshold", this.key, this.threshold.number);
  }

  @Shown(
    () => AmountScalar,
    "The level, in credits: at or below it what can be spent (`Balance.spendable`, an overdraft included) is low.",
  )
  get amount() {
    return this.key.unit.show(this.threshold.amount);
  }

  @Shown(() => ThresholdStateEnum, "What it is waiting for.")
  get state() {
    return this.threshold.state;
  }
}

@Access(...EVERYONE)
@ObjectType("Alert", {
  implements: Node,
  simpleResolvers: true,
  description: "Tells that a wallet's spendable balance crossed a threshold, or that a grant will expire soon.",
})
export class AlertView implements Node {
  constructor(
    readonly key: ShownKey,
    readonly alert: PlacedAlert,
  ) {}

  get id(): string {
    return numberedId("alert", this.key, this.alert.number);
  }

  @Shown(() => String, "Its place among all alerts: `walletAlerts` goes on behind it when given this as `after`. Opaque.")
  get cursor(): string {
    return formatAlertCursor(placeOf(this.alert));
  }

  @Shown(() => Int, "Its number within the wallet: 1, 2, 3, ... without gaps.")
  get number() {
    return this.alert.number;
  }

  @Shown(() => AlertTypeEnum, "What it tells.")
  get type() {
    return this.alert.type;
  }

  @Shown(
    () => String,
    "The wallet's sequence when it was written: for a crossing, the transaction that caused it. A decimal string.",
  )
  get sequence(): string {
    return String(this.alert.sequence);
  }

  @Shown(() => DateTimeScalar, "When it happened.")
  get effectiveAt() {
    return this.alert.effectiveAt;
  }

  @Shown(() => DateTimeScalar, "When it was written.")
  get recordedAt() {
    return this.alert.recordedAt;
  }

  @Shown(() => AmountScalar, "The spendable balance then, in credits: available and overdraft together.")
  get spendable() {
    return this.key.unit.show(this.alert.spendable);
  }

  @Shown(() => AmountScalar, "The level that was crossed, in credits: 0 for the built-in threshold; null for EXPIRING_SOON.", {
    nullable: true,
  })
  get thresholdAmount() {
    if (this.alert.type === "EXPIRING_SOON") return null;
    return this.key.unit.show(this.alert.threshold?.amount ?? 0n);
  }

  @Shown(() => AmountScalar, "For EXPIRING_SOON: the credits that were available in the grant.", { nullable: true })
  get expiring() {
    return this.key.unit.showMaybe(this.alert.expiring);
  }
}
