import { ObjectType } from "type-graphql";
import { formatInstant } from "../../core/time";
import type { ShownAmount } from "../../core/unit";
import { are, credits } from "../../core/words";
import { Access, EVERYONE } from "../../platform/graphql/access";
import { Refusal, RefusalView } from "../../platform/graphql/refusal";
import { AmountScalar } from "../../platform/graphql/scalars";
import { Shown } from "../../platform/graphql/shown";
import type { Hold } from "../model/types";
import { heldOf } from "../model/wallet";
import { HoldView } from "./hold.types";
import type { Of, Place } from "./refusal.types";

/** A refusal that is about a hold. */
@Access(...EVERYONE)
@ObjectType({ simpleResolvers: true })
abstract class HoldRefusal extends RefusalView {
  constructor(
    protected readonly about: Hold,
    protected readonly place: Place,
  ) {
    super();
  }

  @Shown(() => HoldView, "The hold as it is.")
  get hold(): HoldView {
    return new HoldView(this.place.key, this.about, this.place.now, this.place.wallet);
  }
}

@Access(...EVERYONE)
@ObjectType({ implements: Refusal, simpleResolvers: true, description: "The hold was captured, released, or has expired." })
export class HoldEnded extends HoldRefusal {
  readonly code = "HOLD_ENDED";

  get message(): string {
    return `The hold has ended (${this.about.status}): spend, or make a new hold.`;
  }
}

@Access(...EVERYONE)
@ObjectType({ implements: Refusal, simpleResolvers: true, description: "More was to be captured than is held." })
export class CaptureExceedsHold extends HoldRefusal {
  readonly code = "CAPTURE_EXCEEDS_HOLD";

  constructor(
    private readonly refusal: Of<"CAPTURE_EXCEEDS_HOLD">,
    place: Place,
  ) {
    super(refusal.hold, place);
  }

  get message(): string {
    const held = this.place.key.unit.format(this.refusal.held);
    return `${credits(held)} ${are(held)} held: capture no more than that, or pass allowExcess to spend the difference.`;
  }

  @Shown(() => AmountScalar, "Credits that are still held.")
  get held(): ShownAmount {
    return this.place.key.unit.show(heldOf(this.about));
  }

  @Shown(() => AmountScalar, "Credits that were to be captured.")
  get requested() {
    return this.place.key.unit.show(this.refusal.requested);
  }
}

@Access(...EVERYONE)
@ObjectType({ implements: Refusal, simpleResolvers: true, description: "A hold can only be extended to a later instant." })
export class HoldExpiryNotLater extends HoldRefusal {
  readonly code = "HOLD_EXPIRY_NOT_LATER";

  get message(): string {
    return `The hold lasts until ${formatInstant(this.about.expiresAt)} already: name a later instant.`;
  }
}
