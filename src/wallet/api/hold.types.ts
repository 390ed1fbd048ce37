import { ID, ObjectType } from "type-graphql";
import type { Instant } from "../../core/time";
import type { ShownAmount } from "../../core/unit";
import { Access, EVERYONE } from "../../platform/graphql/access";
import { Node } from "../../platform/graphql/node";
import { AmountScalar, DateTimeScalar } from "../../platform/graphql/scalars";
import { Shown } from "../../platform/graphql/shown";
import { numberedId } from "../ids";
import type { Hold, HoldStatus, Wallet } from "../model/types";
import { heldOf } from "../model/wallet";
import { holdStatus } from "../status";
import type { ShownKey } from "../units";
import { HoldStatusEnum } from "./enums.types";

/** A hold as the API shows it at an instant. `known`: a wallet value at hand. */
@Access(...EVERYONE)
@ObjectType("Hold", {
  implements: Node,
  simpleResolvers: true,
  description: "Credits set aside for work in progress. Ends by a capture, by a release, or by its own expiry.",
})
export class HoldView implements Node {
  constructor(
    readonly key: ShownKey,
    readonly hold: Hold,
    readonly now: Instant,
    readonly known: Wallet | null = null,
  ) {}

  get id(): string {
    return numberedId("hold", this.key, this.hold.sequence);
  }

  @Shown(() => AmountScalar, "Credits that were set aside. Always `held` + `captured` + `released`.")
  get amount() {
    return this.key.unit.show(this.hold.amount);
  }

  @Shown(() => AmountScalar, "Credits that are still set aside.")
  get held(): ShownAmount {
    return this.key.unit.show(heldOf(this.hold));
  }

  @Shown(() => AmountScalar, "Credits of it that were used.")
  get captured() {
    return this.key.unit.show(this.hold.captured);
  }

  @Shown(() => AmountScalar, "Credits of it that went back.")
  get released() {
    return this.key.unit.show(this.hold.released);
  }

  @Shown(() => HoldStatusEnum, "What has become of it, as of this answer.")
  get status(): HoldStatus {
    return holdStatus(this.hold, this.now);
  }

  @Shown(() => DateTimeScalar, "When what is still held goes back by itself.")
  get expiresAt() {
    return this.hold.expiresAt;
  }

  @Shown(() => String, "The operation that the credits are held for.", { nullable: true })
  get operation() {
    return this.hold.operation;
  }

  @Shown(() => ID, "The app that holds the credits.", { nullable: true })
  get app() {
    return this.hold.app;
  }
}
