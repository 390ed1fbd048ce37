import { ObjectType } from "type-graphql";
import { formatInstant } from "../../core/time";
import { Access, EVERYONE } from "../../platform/graphql/access";
import { Refusal, RefusalView } from "../../platform/graphql/refusal";
import { Shown } from "../../platform/graphql/shown";
import type { Redenomination } from "../model/redenomination";
import { RedenominationView } from "./unit.types";

/** What the rules forbid whoever redenominates. */

@Access(...EVERYONE)
@ObjectType({
  implements: Refusal,
  simpleResolvers: true,
  description: "Somebody else has redenominated the credit type since the one that this is based on.",
})
export class UnitChanged extends RefusalView {
  readonly code = "UNIT_CHANGED";

  constructor(private readonly other: Redenomination | null) {
    super();
  }

  get message(): string {
    if (this.other === null) return "This credit type was never redenominated: leave basedOn out.";
    const { number, factor, publishedBy, publishedAt } = this.other;
    return `Redenomination ${number}, by ${factor}, was published by ${publishedBy} at ${formatInstant(publishedAt)}: base yours on it, if it is still wanted.`;
  }

  @Shown(() => RedenominationView, "The latest one; null: there is none.", { nullable: true })
  get latest(): RedenominationView | null {
    return this.other && new RedenominationView(this.other);
  }
}

@Access(...EVERYONE)
@ObjectType({ implements: Refusal, simpleResolvers: true, description: "A redenomination that begins later is planned already." })
export class LaterUnitPlanned extends RefusalView {
  readonly code = "LATER_UNIT_PLANNED";

  constructor(private readonly other: Redenomination) {
    super();
  }

  get message(): string {
    const { number, effectiveFrom } = this.other;
    return `Redenomination ${number} is planned for ${formatInstant(effectiveFrom)}: withdraw it first, or begin later than that.`;
  }

  @Shown(() => RedenominationView, "The one that is planned.")
  get planned(): RedenominationView {
    return new RedenominationView(this.other);
  }
}

@Access(...EVERYONE)
@ObjectType({
  implements: Refusal,
  simpleResolvers: true,
  description: "The unit would be more than 1000000 times as large or as small as the first one, or not exact any more.",
})
export class UnitOutOfRange extends RefusalView {
  readonly code = "UNIT_OUT_OF_RANGE";
  readonly message =
    "That is too far from the first unit: see the credit type's unit.factor, and name a factor that leads less far.";
}

@Access(...EVERYONE)
@ObjectType({ implements: Refusal, simpleResolvers: true, description: "A redenomination that has begun cannot be withdrawn." })
export class UnitInForce extends RefusalView {
  readonly code = "ALREADY_EFFECTIVE";

  constructor(private readonly begun: Redenomination) {
    super();
  }

  get message(): string {
    return `Redenomination ${this.begun.number} applies since ${formatInstant(this.begun.effectiveFrom)}: redenominate by its inverse to go back.`;
  }

  @Shown(() => RedenominationView, "The one that has begun.")
  get redenomination(): RedenominationView {
    return new RedenominationView(this.begun);
  }
}
