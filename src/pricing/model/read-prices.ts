import type { Amount } from "../../core/amount";
import type { Problem } from "../../core/problem";
import { FIRST_UNIT, type Unit } from "../../core/unit";
import { isDimension } from "../../core/use-text";
import { thousands } from "../../core/words";
import { exactOfFine, parseFine, parseQuantity, rounded } from "./fine";
import type { GivenMeter, GivenPrice, GivenTier } from "./given";
import type { Bounds, Fine, Meter, Price, Quantity, Surcharge, Tier } from "./types";

/**
 * From what an operator writes to prices: all that is wrong is told at once, each with its place, so that a list of a hundred prices is
 * mended in one go.
 */

export const MOST_PRICES = 1_000;
const MOST_METERS = 20;
const MOST_TIERS = 50;
/** Over all of a list: some 500 KB of prices, which each server remembers. */
const MOST_TIERS_IN_ALL = 5_000;
const MOST_SURCHARGES = 20;
const MOST_CHARACTERS = 255;
/** What a rate may be for: thousand and million keep it exact. */
const PERS = new Set([1, 1_000, 1_000_000]);
const OPERATION = /^[^\s*+=]{1,255}$/;

type Path = Problem["path"];

/**
 * The prices, in the first unit, when nothing is wrong with any of them in itself. Whether they fit together is `misfits`' to say. `unit`: what
 * they are given in.
 */
export function readPrices(
  given: readonly GivenPrice[],
  unit: Unit = FIRST_UNIT,
): {
  readonly prices: readonly Price[];
  readonly problems: readonly Problem[];
} {
  const reader = new Reader(unit);
  if (given.length > MOST_PRICES) reader.mind([], `A price list has at most ${MOST_PRICES} prices: this has ${given.length}.`);
  const prices = given.slice(0, MOST_PRICES).map((price, index) => reader.price(price, [index]));
  const tiers = prices.flatMap(({ meters }) => meters).reduce((sum, meter) => sum + meter.tiers.length, 0);
  if (tiers > MOST_TIERS_IN_ALL)
    reader.mind([], `A price list has at most ${MOST_TIERS_IN_ALL} rates and tiers: this has ${tiers}.`);
  reader.once(
    prices,
    ({ operation }) => operation,
    (operation, index) => [[index, "operation"], `${operation} has a price already: name each operation once.`],
  );
  return { prices, problems: reader.problems };
}

class Reader {
  readonly problems: Problem[] = [];

  constructor(private readonly unit: Unit) {}

  mind(path: Path, message: string): void {
    this.problems.push({ path, message });
  }

  once<T>(
    list: readonly T[],
    nameOf: (one: T) => string,
    problem: (name: string, index: number) => readonly [Path, string],
  ): void {
    const seen = new Set<string>();
    list.forEach((one, index) => {
      const name = nameOf(one);
      if (seen.has(name)) this.mind(...problem(name, index));
      seen.add(name);
    });
  }

  price(given: GivenPrice, path: Path): Price {
    const { operation, title } = given;
    if (!OPERATION.test(operation))
      this.mind([...path, "operation"], "An operation is named by 1-255 characters without spaces, `*`, `+` and `=`.");
    const flat = given.flat == null ? null : this.#flat(given, given.flat, [...path, "flat"]);
    const meters = this.#meters(given.meters ?? [], [...path, "meters"]);
    const [minimum, maximum] = this.#bounds(given, path);
    const range = given.range == null ? null : this.#range(given.range, [...path, "range"]);
    if (range !== null) {
      if (flat !== null || meters.length > 0 || minimum !== null || maximum !== null)
        this.mind([...path, "range"], "A range stands for itself: leave out flat, meters, minimum and maximum, or the range.");
    } else if (flat === null && meters.length === 0) {
      this.mind(path, `${operation} has no price: give flat, meters or range. One that costs nothing has flat "0".`);
    }
    return {
      operation,
      title: this.#text(title, [...path, "title"]),
      flat: flat ?? 0n,
      meters,
      minimum,
      maximum,
      range,
      surcharges: this.#surcharges(given, path),
    };
  }

  #range(given: Bounds, path: Path): Bounds {
    const [minimum, maximum] = this.#bounds(given, path);
    return { minimum: minimum ?? 0n, maximum: maximum ?? 0n };
  }

  #bounds(given: Pick<GivenPrice, "minimum" | "maximum">, path: Path): readonly [Amount | null, Amount | null] {
    const minimum = this.#amount(given.minimum, [...path, "minimum"]);
    const maximum = this.#amount(given.maximum, [...path, "maximum"]);
    if (minimum !== null && maximum !== null && minimum > maximum)
      this.mind([...path, "maximum"], "The maximum is below the minimum: exchange them.");
    return [minimum, maximum];
  }

  #amount(given: Amount | null | undefined, path: Path): Amount | null {
    if (given == null) return null;
    if (given < 0n) this.mind(path, "A price cannot be below zero.");
    const amount = this.unit.read(given);
    if (amount === null) this.mind(path, `It must be a multiple of ${this.unit.step}, and at most ${thousands(this.unit.most)}.`);
    return amount;
  }

  #meters(given: readonly GivenMeter[], path: Path): readonly Meter[] {
    if (given.length > MOST_METERS) this.mind(path, `A price has at most ${MOST_METERS} meters.`);
    const meters = given.slice(0, MOST_METERS).map((one, index) => this.#meter(one, [...path, index]));
    this.once(
      meters,
      ({ dimension }) => dimension,
      (name, index) => [[...path, index, "dimension"], `${name} is counted already: name each dimension once.`],
    );
    return meters;
  }

  #meter(given: GivenMeter, path: Path): Meter {
    const { dimension, rate, tiers, mode } = given;
    if (!isDimension(dimension))
      this.mind([...path, "dimension"], "A dimension is named by 1-64 letters, digits, or any of _ . : / -");
    const per = this.#per(given.per ?? 1, [...path, "per"]);
    if ((rate == null) === (tiers == null)) this.mind(path, "A meter has either a rate or tiers.");
    if (mode != null && tiers == null) this.mind([...path, "mode"], "Only tiers have a mode.");
    const unit = this.#text(given.unit, [...path, "unit"]);
    return {
      dimension,
      mode: mode ?? "GRADUATED",
      tiers:
        tiers == null
          ? [{ upTo: null, rate: this.#rate(rate ?? "0", per, [...path, "rate"]) }]
          : this.#tiers(tiers, per, [...path, "tiers"]),
      per,
      unit: unit ?? dimension,
      units: this.#text(given.units, [...path, "units"]) ?? (unit === null ? dimension : `${unit}s`),
    };
  }

  #per(per: number, path: Path): bigint {
    if (PERS.has(per)) return BigInt(per);
    this.mind(path, "A rate is for 1, 1000 or 1000000 units.");
    return 1n;
  }

  #tiers(given: readonly GivenTier[], per: bigint, path: Path): readonly Tier[] {
    if (given.length === 0) this.mind(path, "There must be a tier.");
    if (given.length > MOST_TIERS) this.mind(path, `A meter has at most ${MOST_TIERS} tiers.`);
    const tiers = given.slice(0, MOST_TIERS).map(({ upTo, rate }, index) => ({
      upTo: upTo == null ? null : this.#quantity(upTo, [...path, index, "upTo"]),
      rate: this.#rate(rate, per, [...path, index, "rate"]),
    }));
    tiers.forEach(({ upTo }, index) => {
      const before = index === 0 ? 0n : (tiers[index - 1]?.upTo ?? null);
      const isLast = index === tiers.length - 1;
      if (isLast && upTo !== null) this.mind([...path, index, "upTo"], "The last tier goes on without end: leave out its upTo.");
      if (!isLast && upTo === null)
        this.mind([...path, index, "upTo"], "Only the last tier goes on without end: say where this one ends.");
      if (upTo !== null && before !== null && upTo <= before)
        this.mind(
          [...path, index, "upTo"],
          index === 0 ? "The first tier must end above 0." : "This tier overlaps the one before: it must end later.",
        );
    });
    return tiers;
  }

  #surcharges({ operation: own, surcharges }: GivenPrice, path: Path): readonly Surcharge[] {
    const given = surcharges ?? [];
    const place: Path = [...path, "surcharges"];
    if (given.length > MOST_SURCHARGES) this.mind(place, `A price has at most ${MOST_SURCHARGES} surcharges.`);
    const read = given.slice(0, MOST_SURCHARGES).map(({ operation, always }) => ({ operation, always: always ?? false }));
    this.once(
      read,
      ({ operation }) => operation,
      (name, index) => [[...place, index, "operation"], `${name} is a surcharge of ${own} already.`],
    );
    return read;
  }

  /** What is bound by a maximum may be as much as it likes. */
  #flat({ maximum }: Pick<GivenPrice, "maximum">, text: string, path: Path): Fine {
    const flat = this.#fine(text, path);
    if (maximum == null && rounded(exactOfFine(flat)) === null)
      this.mind(path, `That is more than can ever be charged: give ${thousands(this.unit.most)} at most.`);
    return flat;
  }

  #fine(text: string, path: Path): Fine {
    const fine = parseFine(text);
    if (fine === null) this.mind(path, "A rate is a decimal with up to 12 digits after the point.");
    if (fine !== null && fine < 0n) this.mind(path, "A price cannot be below zero.");
    const read = this.unit.readFine(fine ?? 0n);
    if (read === null) this.mind(path, "That is finer than 10⁻¹² credits of the first unit: give fewer decimals.");
    return read ?? 0n;
  }

  #rate(text: string, per: bigint, path: Path): Fine {
    const whole = this.#fine(text, path);
    if (whole % per !== 0n)
      this.mind(path, `For one unit that is finer than 10⁻¹² credits: give fewer decimals, or a smaller per.`);
    return whole / per;
  }

  #quantity(text: string, path: Path): Quantity {
    const quantity = parseQuantity(text);
    if (quantity === null) this.mind(path, "A quantity is a decimal that is not negative, with up to 6 digits after the point.");
    return quantity ?? 0n;
  }

  #text(text: string | null | undefined, path: Path): string | null {
    if (text == null || text === "") return null;
    if (text.trim() === "") this.mind(path, "It is only white space: leave it out, or say something.");
    if (text.length > MOST_CHARACTERS) this.mind(path, `It has more than ${MOST_CHARACTERS} characters.`);
    return text;
  }
}
