import { Int, ObjectType } from "type-graphql";
import { formatId } from "../../core/ids";
import type { Instant } from "../../core/time";
import { formatFactor, type Unit } from "../../core/unit";
import { Access, EVERYONE } from "../../platform/graphql/access";
import { Node } from "../../platform/graphql/node";
import { DateTimeScalar, DecimalScalar } from "../../platform/graphql/scalars";
import { Shown } from "../../platform/graphql/shown";
import type { Redenomination } from "../model/redenomination";

@Access(...EVERYONE)
@ObjectType("CreditUnit", {
  simpleResolvers: true,
  description: "The unit that all amounts of a credit type are told and given in, those of long ago too.",
})
export class CreditUnitView {
  constructor(private readonly unit: Unit) {}

  @Shown(() => Int, "Of the redenomination that brought it; 0: the first unit.")
  get number(): number {
    return this.unit.number;
  }

  @Shown(() => DecimalScalar, "How many credits of it are one of the first unit.")
  get factor(): string {
    return formatFactor(this.unit.factor);
  }

  @Shown(() => DateTimeScalar, "From when on; null: from the beginning.", { nullable: true })
  get since(): Instant | null {
    return this.unit.since;
  }

  @Shown(() => DateTimeScalar, "Until another takes over; null: nothing is planned.", { nullable: true })
  get until(): Instant | null {
    return this.unit.until;
  }

  @Shown(() => DecimalScalar, "What an amount that is given must be a multiple of.")
  get step(): string {
    return this.unit.step;
  }
}

@Access(...EVERYONE)
@ObjectType("Redenomination", {
  implements: Node,
  simpleResolvers: true,
  description: "A change of the unit of a credit type. Never changed; one that has not begun may be withdrawn.",
})
export class RedenominationView implements Node {
  constructor(readonly act: Redenomination) {}

  get id(): string {
    return formatId("redenomination", null, this.act.creditTypeId, this.act.number);
  }

  @Shown(() => Int, "1, 2, 3, ... within its credit type.")
  get number(): number {
    return this.act.number;
  }

  @Shown(() => DecimalScalar, "How many new credits one of before is.")
  get factor(): string {
    return this.act.factor;
  }

  @Shown(() => DateTimeScalar, "From when on all amounts are told and given in the new unit.")
  get effectiveFrom(): Instant {
    return this.act.effectiveFrom;
  }

  @Access("ADMIN")
  @Shown(() => String, "Why.", { nullable: true })
  get reason(): string | null {
    return this.act.reason;
  }

  @Shown(() => DateTimeScalar, "When it was published.")
  get publishedAt(): Instant {
    return this.act.publishedAt;
  }

  @Access("ADMIN")
  @Shown(() => String, "Who published it.")
  get publishedBy(): string {
    return this.act.publishedBy;
  }

  @Shown(() => DateTimeScalar, "When it was withdrawn; null: it was not.", { nullable: true })
  get withdrawnAt(): Instant | null {
    return this.act.withdrawn?.at ?? null;
  }
}
