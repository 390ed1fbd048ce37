import { ArgsType, ID, Int, ObjectType } from "type-graphql";
import { formatId } from "../core/ids";
import type { Instant } from "../core/time";
import type { ShownAmount, Unit } from "../core/unit";
import { Access, EVERYONE } from "../platform/graphql/access";
import { MoneyView } from "../platform/graphql/money";
import { Node } from "../platform/graphql/node";
import { connectionType, PageArguments } from "../platform/graphql/paging";
import { AmountScalar, DateTimeScalar, DecimalScalar } from "../platform/graphql/scalars";
import { describedEnum, Shown } from "../platform/graphql/shown";
import type { PriceExplanation } from "./explain-price";
import { type ChargeLineKind, estimateOf } from "./model/charge";
import { formatExact, formatFine, formatQuantity } from "./model/fine";
import type { PriceVersion } from "./model/price-list";
import type { Meter, Price, PriceBook, Surcharge, Tier } from "./model/types";
import { lineWords, toldLines, wordsOf } from "./model/words";
import { TierModeEnum } from "./prices-inputs.types";

/** A version of a price list as the API shows it; its prices are read when they are asked for. */
@Access(...EVERYONE)
@ObjectType("PriceVersion", {
  implements: Node,
  simpleResolvers: true,
  description: "A version of a price list. Never changed; one that has not begun may be withdrawn.",
})
export class PriceVersionView implements Node {
  constructor(readonly version: PriceVersion) {}

  get id(): string {
    return formatId("priceVersion", null, this.version.id);
  }

  @Shown(() => Int, "1, 2, 3, ... within its list.")
  get number(): number {
    return this.version.number;
  }

  @Shown(() => ID, "The account that the list is for; null: for any.", { nullable: true })
  get accountId(): string | null {
    const { owner } = this.version;
    return owner.kind === "account" ? formatId("account", owner.accountId) : null;
  }

  @Shown(() => ID, "The app that the list is for; null: for any.", { nullable: true })
  get app(): string | null {
    const { owner } = this.version;
    return owner.kind === "app" ? owner.app : null;
  }

  @Shown(() => DateTimeScalar, "From when on it applies, until another takes its place.")
  get effectiveFrom(): Instant {
    return this.version.effectiveFrom;
  }

  @Access("ADMIN")
  @Shown(() => String, "Why it was published.", { nullable: true })
  get reason(): string | null {
    return this.version.reason;
  }

  @Shown(() => DateTimeScalar, "When it was published.")
  get publishedAt(): Instant {
    return this.version.publishedAt;
  }

  @Access("ADMIN")
  @Shown(() => String, "Who published it.")
  get publishedBy(): string {
    return this.version.publishedBy;
  }

  @Shown(() => DateTimeScalar, "When it was withdrawn; null: it was not.", { nullable: true })
  get withdrawnAt(): Instant | null {
    return this.version.withdrawn?.at ?? null;
  }
}

@Access(...EVERYONE)
@ObjectType("PriceTier", { simpleResolvers: true, description: "A part of a scale of prices." })
export class TierView {
  constructor(
    private readonly tier: Tier,
    private readonly per: bigint,
    private readonly credits: Unit,
  ) {}

  @Shown(() => DecimalScalar, "Up to how many units it reaches; null: without end.", { nullable: true })
  get upTo(): string | null {
    return this.tier.upTo === null ? null : formatQuantity(this.tier.upTo);
  }

  @Shown(() => DecimalScalar, "Credits for `per` units within it.")
  get rate(): string {
    return formatFine(this.tier.rate * this.per, this.credits);
  }
}

@Access(...EVERYONE)
@ObjectType("PriceMeter", { simpleResolvers: true, description: "What the quantity of one dimension costs." })
export class MeterView {
  constructor(
    private readonly meter: Meter,
    private readonly credits: Unit,
  ) {}

  @Shown(() => String, "What is counted.")
  get dimension(): string {
    return this.meter.dimension;
  }

  @Shown(() => TierModeEnum, "How the tiers add up.")
  get mode() {
    return this.meter.mode;
  }

  @Shown(() => [TierView], "The scale; a plain rate is one tier without end.")
  get tiers(): readonly TierView[] {
    return this.meter.tiers.map((tier) => new TierView(tier, this.meter.per, this.credits));
  }

  @Shown(() => Int, "For how many units the rates are given.")
  get per(): number {
    return Number(this.meter.per);
  }

  @Shown(() => String, "What people call one unit.")
  get unit(): string {
    return this.meter.unit;
  }

  @Shown(() => String, "What people call several units.")
  get units(): string {
    return this.meter.units;
  }
}

@Access(...EVERYONE)
@ObjectType("AmountRange", { simpleResolvers: true, description: "Two bounds of an amount." })
export class AmountRangeView {
  @Shown(() => AmountScalar, "The least, in credits.")
  readonly minimum!: ShownAmount;

  @Shown(() => AmountScalar, "The most, in credits.")
  readonly maximum!: ShownAmount;
}

@Access(...EVERYONE)
@ObjectType("PriceSurcharge", { simpleResolvers: true, description: "Another operation whose price is added." })
export class SurchargeView implements Surcharge {
  @Shown(() => String, "The operation.")
  readonly operation!: string;

  @Shown(() => Boolean, "True: to every use. False: to those that ask for it.")
  readonly always!: boolean;
}

const NO_QUANTITIES: ReadonlyMap<string, bigint> = new Map();

/** A price, shown in a unit; `book`: what else applies beside it, to put its surcharges into words. */
@Access(...EVERYONE)
@ObjectType("Price", { simpleResolvers: true, description: "What an operation costs." })
export class PriceView {
  readonly #estimate: ReturnType<typeof estimateOf>;

  constructor(
    private readonly price: Price,
    private readonly book: PriceBook,
    private readonly unit: Unit,
  ) {
    this.#estimate = estimateOf(book, { operation: price.operation, quantities: NO_QUANTITIES, surcharges: [] });
  }

  @Shown(() => String, "The operation.")
  get operation(): string {
    return this.price.operation;
  }

  @Shown(() => String, "What people call it.", { nullable: true })
  get title(): string | null {
    return this.price.title;
  }

  @Shown(() => String, "The price as people read it, such as `about 40-400 credits`, `8 credits per page`.")
  get words(): string {
    return wordsOf(this.price, this.book, this.unit);
  }

  @Shown(() => DecimalScalar, "Credits for each use, whatever its quantities; null for a range.", { nullable: true })
  get flat(): string | null {
    return this.price.range === null ? formatFine(this.price.flat, this.unit) : null;
  }

  @Shown(() => [MeterView], "What quantities cost.")
  get meters(): readonly MeterView[] {
    return this.price.meters.map((meter) => new MeterView(meter, this.unit));
  }

  @Shown(() => AmountScalar, "Credits that a use costs at least; null: nothing said.", { nullable: true })
  get minimum(): ShownAmount | null {
    return this.unit.showMaybe(this.price.minimum);
  }

  @Shown(() => AmountScalar, "Credits that a use costs at most; null: nothing said.", { nullable: true })
  get maximum(): ShownAmount | null {
    return this.unit.showMaybe(this.price.maximum);
  }

  @Shown(() => AmountRangeView, "Bounds of what the application says that it came to; null: it is reckoned.", { nullable: true })
  get range(): AmountRangeView | null {
    const { range } = this.price;
    return range && { minimum: this.unit.show(range.minimum), maximum: this.unit.show(range.maximum) };
  }

  @Shown(() => AmountScalar, "Credits that a use comes to at least, with what is always added: to print `from`.", {
    nullable: true,
  })
  get least(): ShownAmount | null {
    return this.#estimate.refused ? null : this.unit.show(this.#estimate.minimum);
  }

  @Shown(() => AmountScalar, "Credits that a use comes to at most, with what is always added; null: there is no bound.", {
    nullable: true,
  })
  get most(): ShownAmount | null {
    return this.#estimate.refused ? null : this.unit.showMaybe(this.#estimate.maximum);
  }

  @Shown(() => [SurchargeView], "Operations whose prices may be added.")
  get surcharges(): readonly SurchargeView[] {
    return this.price.surcharges;
  }
}

@Access(...EVERYONE)
@ObjectType("PriceTable", { simpleResolvers: true, description: "What everything costs somebody at an instant: to be printed." })
export class PriceTableView {
  @Shown(() => DateTimeScalar, "The instant.")
  readonly at!: Instant;

  @Shown(() => DateTimeScalar, "Until when it stays so, as far as anything is planned; null: nothing is.", { nullable: true })
  readonly until!: Instant | null;

  @Shown(() => [PriceView], "A row for each operation, in the order of the lists.")
  readonly prices!: readonly PriceView[];

  @Shown(() => MoneyView, "What one credit sells for; null: not said.", { nullable: true })
  readonly creditPrice!: MoneyView | null;

  @Shown(() => String, "That as people read it: `1 credit = $0.08`.", { nullable: true })
  readonly creditWords!: string | null;

  @Shown(() => [PriceVersionView], "The versions that it is made of, the most particular first.")
  readonly versions!: readonly PriceVersionView[];
}

const PriceLineKindEnum = describedEnum<ChargeLineKind>("PriceLineKind", "A sort of step in reckoning a price.", {
  FLAT: "For each use, whatever its quantities.",
  METER: "For a quantity, at the rate of its tier.",
  FLOOR: "What is missing for no less than a smaller quantity costs, where all units take the rate of the last one's tier.",
  MINIMUM: "What is missing for the operation's minimum.",
  MAXIMUM: "What is too much for the operation's maximum: below zero.",
});

@Access(...EVERYONE)
@ObjectType("PriceLine", { simpleResolvers: true, description: "A step of how a price was reckoned; all of them add up." })
export class PriceLineView {
  @Shown(() => PriceLineKindEnum, "What sort of step it is.")
  readonly kind!: ChargeLineKind;

  @Shown(() => String, "The operation, or the surcharge of it.")
  readonly operation!: string;

  @Shown(
    () => String,
    "What it is for, as people read it: `1,200 input tokens at 0.000001`; of a surcharge with its name, such as `web search`.",
  )
  readonly words!: string;

  @Shown(() => String, "What is counted; null for what does not depend on it.", { nullable: true })
  readonly dimension!: string | null;

  @Shown(() => DecimalScalar, "How much of it; null for what does not depend on it.", { nullable: true })
  readonly quantity!: string | null;

  @Shown(() => DecimalScalar, "Credits for `per` units; null for what does not depend on it.", { nullable: true })
  readonly rate!: string | null;

  @Shown(() => Int, "For how many units the rate is given; null for what does not depend on it.", { nullable: true })
  readonly per!: number | null;

  @Shown(() => String, "Credits, exactly: a decimal string with up to 18 decimals. Only the sum is rounded.")
  readonly amount!: string;
}

@Access(...EVERYONE)
@ObjectType("PriceBreakdown", { simpleResolvers: true, description: "How a use came to its price." })
export class PriceBreakdownView {
  @Shown(() => PriceVersionView, "The version of the price list that the operation stands in.")
  readonly version!: PriceVersionView;

  @Shown(() => AmountScalar, "Credits: the sum of the lines, rounded once, half away from zero; null while it is not known.", {
    nullable: true,
  })
  readonly amount!: ShownAmount | null;

  @Shown(() => [PriceLineView], "Line by line, without what nothing was used of; none while it is not known how much is used.")
  readonly lines!: readonly PriceLineView[];
}

@ArgsType()
export class PriceVersionsArguments extends PageArguments {
  @Shown(() => String, "The credit type, by name.")
  readonly creditType!: string;

  @Shown(
    () => String,
    "One account's own list, by your id for it; everybody's when neither this nor `app` nor `plan` is given.",
    {
      nullable: true,
    },
  )
  readonly externalId?: string | null;

  @Shown(() => ID, "One app's own list.", { nullable: true })
  readonly app?: string | null;

  @Shown(() => String, "One plan's own list, by the plan's name.", { nullable: true })
  readonly plan?: string | null;
}

export const PriceVersionConnection = connectionType("PriceVersion", () => PriceVersionView);

export function breakdownOf({ version, charge }: PriceExplanation, unit: Unit): PriceBreakdownView {
  // What it is charged for comes first; its surcharges after it.
  const operation = charge?.lines[0]?.operation ?? "";
  const lines = toldLines(charge?.lines ?? []).map((line) => ({
    kind: line.kind,
    operation: line.operation,
    words: lineWords(line, operation, unit),
    dimension: line.meter?.dimension ?? null,
    quantity: line.quantity === null ? null : formatQuantity(line.quantity),
    rate: line.meter && line.tier ? formatFine(line.tier.rate * line.meter.per, unit) : null,
    per: line.meter && Number(line.meter.per),
    amount: formatExact(line.exact, unit),
  }));
  return { version: new PriceVersionView(version), amount: unit.showMaybe(charge?.amount ?? null), lines };
}
