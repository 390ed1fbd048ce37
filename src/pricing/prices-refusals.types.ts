import { ObjectType } from "type-graphql";
import type { Problem } from "../core/problem";
import { formatInstant } from "../core/time";
import { Access, EVERYONE } from "../platform/graphql/access";
import { NotValidView } from "../platform/graphql/problems";
import { Refusal, RefusalView } from "../platform/graphql/refusal";
import { Shown } from "../platform/graphql/shown";
import type { PriceVersion } from "./model/price-list";
import { PriceVersionView } from "./prices.types";

/** What the rules forbid whoever publishes prices. */

@Access(...EVERYONE)
@ObjectType({
  implements: Refusal,
  simpleResolvers: true,
  description: "Somebody else has published a version of the price list since the one that this is based on.",
})
export class PricesChanged extends RefusalView {
  readonly code = "PRICES_CHANGED";

  constructor(private readonly other: PriceVersion | null) {
    super();
  }

  get message(): string {
    if (this.other === null) return "This price list has no version yet: leave basedOn out.";
    const { number, publishedBy, publishedAt } = this.other;
    return `Version ${number} was published by ${publishedBy} at ${formatInstant(publishedAt)}: look at it, and base yours on it.`;
  }

  @Shown(() => PriceVersionView, "The latest version, with its prices; null: there is none.", { nullable: true })
  get latest(): PriceVersionView | null {
    return this.other && new PriceVersionView(this.other);
  }
}

@Access(...EVERYONE)
@ObjectType({
  implements: Refusal,
  simpleResolvers: true,
  description: "The prices contradict themselves or each other; nothing was published.",
})
export class PricesNotValid extends NotValidView {
  readonly code = "PRICES_NOT_VALID";

  /** Their paths lead from the list of prices on. */
  constructor(found: readonly Problem[]) {
    super(found.map(({ path, message }) => ({ path: ["prices", ...path], message })));
  }
}

@Access(...EVERYONE)
@ObjectType({ implements: Refusal, simpleResolvers: true, description: "A version that begins later is planned already." })
export class LaterVersionPlanned extends RefusalView {
  readonly code = "LATER_VERSION_PLANNED";

  constructor(private readonly other: PriceVersion) {
    super();
  }

  get message(): string {
    const { number, effectiveFrom } = this.other;
    return `Version ${number} is planned for ${formatInstant(effectiveFrom)}: withdraw it first, or begin later than that.`;
  }

  @Shown(() => PriceVersionView, "The version that is planned.")
  get planned(): PriceVersionView {
    return new PriceVersionView(this.other);
  }
}

@Access(...EVERYONE)
@ObjectType({
  implements: Refusal,
  simpleResolvers: true,
  description: "What has begun cannot be withdrawn any more: publish another version.",
})
export class AlreadyEffective extends RefusalView {
  readonly code = "ALREADY_EFFECTIVE";

  constructor(private readonly begun: PriceVersion) {
    super();
  }

  get message(): string {
    return `Version ${this.begun.number} applies since ${formatInstant(this.begun.effectiveFrom)}: publish another to take its place.`;
  }

  @Shown(() => PriceVersionView, "The version.")
  get version(): PriceVersionView {
    return new PriceVersionView(this.begun);
  }
}
