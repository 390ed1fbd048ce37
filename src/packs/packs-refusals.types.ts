import { ObjectType } from "type-graphql";
import { formatInstant } from "../core/time";
import { Access, EVERYONE } from "../platform/graphql/access";
import { NotValidView } from "../platform/graphql/problems";
import { Refusal, RefusalView } from "../platform/graphql/refusal";
import { Shown } from "../platform/graphql/shown";
import type { Pack } from "./pack";
import { PackView } from "./packs.types";

/** What the rules forbid whoever publishes packs. */

@Access(...EVERYONE)
@ObjectType({
  implements: Refusal,
  simpleResolvers: true,
  description: "Somebody else has published a version of the pack since the one that this is based on.",
})
export class PackChanged extends RefusalView {
  readonly code = "PACK_CHANGED";

  constructor(private readonly other: Pack | null) {
    super();
  }

  get message(): string {
    if (this.other === null) return "This pack has no version yet: leave basedOn out.";
    const { number, publishedBy, publishedAt } = this.other.latest;
    return `Version ${number} was published by ${publishedBy} at ${formatInstant(publishedAt)}: look at it, and base yours on it.`;
  }

  @Shown(() => PackView, "The pack as it is now; null: there is none.", { nullable: true })
  get pack(): PackView | null {
    return this.other && new PackView(this.other);
  }
}

@Access(...EVERYONE)
@ObjectType({
  implements: Refusal,
  simpleResolvers: true,
  description: "The pack cannot be sold like that; nothing was published.",
})
export class PackNotValid extends NotValidView {
  readonly code = "PACK_NOT_VALID";
}

@Access(...EVERYONE)
@ObjectType({ implements: Refusal, simpleResolvers: true, description: "The pack is retired, for good." })
export class PackRetired extends RefusalView {
  readonly code = "PACK_RETIRED";

  constructor(private readonly retired: Pack) {
    super();
  }

  get message(): string {
    return `The pack ${this.retired.name} is retired, for good: publish another one by another name.`;
  }

  @Shown(() => PackView, "The pack.")
  get pack(): PackView {
    return new PackView(this.retired);
  }
}
