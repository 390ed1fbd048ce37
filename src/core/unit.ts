import { type Amount, formatAmount, MAX_AMOUNT } from "./amount";
import { type Decimal, formatDecimal } from "./decimal";
import type { Instant } from "./time";

/**
 * The units that credits are told in. What is stored is always in a credit type's first unit; a redenomination only changes the number that
 * is said of it, and both ways exactly: a factor is a product of twos and fives, so that it and its inverse are finite decimals.
 */

/**
 * An amount as it is told: as it is stored, in the first unit; else its decimal, which may have more than 6 places. No plain amount is one, so
 * that none reaches a reader by oversight.
 */
export type ShownAmount = (Amount & { readonly [SHOWN]: true }) | Decimal;
declare const SHOWN: unique symbol;

const AMOUNT_PLACES = 6;
const FINE_PLACES = 12;
/** Neither a factor nor its inverse has more places: a rate of 12 is told with 24 at most. */
const MOST_PLACES = 12;
const LIMIT = 10n ** BigInt(MOST_PLACES);
/** How much larger or smaller than the first a unit may be: past that no amount of 6 decimals could be given in it. */
const MOST = 1_000_000n;

/** How many of one unit are one of another: `times / per`, in lowest terms. Both divide a power of ten. */
export interface Factor {
  readonly times: bigint;
  readonly per: bigint;
}

export const ONE: Factor = { times: 1n, per: 1n };

/** Reads a factor, such as "100" or "0.01"; null for what is none: 0 or less, 1, and what cannot be turned round exactly, such as 3. */
export function parseFactor(text: string): Factor | null {
  const decimal = formatDecimal(text);
  if (decimal === null || decimal.startsWith("-")) return null;
  const factor = lowest(scaled(decimal, FINE_PLACES), 10n ** BigInt(FINE_PLACES));
  return factor !== null && factor.times !== factor.per ? factor : null;
}

/** One after the other; null: more than units may differ by, or not exact any more. */
export function multiplied(a: Factor, b: Factor): Factor | null {
  const product = lowest(a.times * b.times, a.per * b.per);
  return product && product.times <= MOST * product.per && product.per <= MOST * product.times ? product : null;
}

/** As a decimal: `{ times: 1n, per: 100n }` is "0.01". */
export function formatFactor(factor: Factor): Decimal {
  return formatScaled(factor.times * (LIMIT / factor.per), MOST_PLACES);
}

/** Which unit it is, and for how long. */
export interface UnitTerms {
  /** Of the redenomination that brought it; 0: the first unit. */
  readonly number: number;
  /** How many of it are one of the first. */
  readonly factor: Factor;
  /** From when on; null: from the beginning. */
  readonly since: Instant | null;
  /** Until another takes over; null: nothing is planned. */
  readonly until: Instant | null;
  /** One more with all that changes which unit applies, now or later: this is known up to there. */
  readonly revision: number;
}

/** A unit that credits are told in and given in. The first passes everything as it is. */
export class Unit implements UnitTerms {
  readonly number: number;
  readonly factor: Factor;
  readonly since: Instant | null;
  readonly until: Instant | null;
  readonly revision: number;
  readonly #isFirst: boolean;

  constructor({ number, factor, since, until, revision }: UnitTerms) {
    this.number = number;
    this.factor = factor;
    this.since = since;
    this.until = until;
    this.revision = revision;
    this.#isFirst = factor.times === factor.per;
  }

  /** Whether it is still the one, for whoever knows the credit type's revision now. */
  holds(revision: number, now: Instant): boolean {
    return this.revision === revision && (this.until === null || now < this.until);
  }

  /** An amount as it is told in this unit, exactly. */
  show(amount: Amount): ShownAmount {
    return this.#isFirst ? (amount as Amount & ShownAmount) : this.decimal(amount, AMOUNT_PLACES);
  }

  /** As `show`, for what there may be none of. */
  showMaybe(amount: Amount | null): ShownAmount | null {
    return amount === null ? null : this.show(amount);
  }

  /** As `show`, as text. */
  format(amount: Amount): Decimal {
    return this.#isFirst ? formatAmount(amount) : this.decimal(amount, AMOUNT_PLACES);
  }

  /** A number of 10⁻ⁿ credits as a decimal in this unit, exactly. `places`: n. */
  decimal(value: bigint, places: number): Decimal {
    const { times, per } = this.factor;
    return this.#isFirst ? formatScaled(value, places) : formatScaled(value * times * (LIMIT / per), places + MOST_PLACES);
  }

  /** An amount that was given in this unit, as it is stored; null: it is finer than that, or past what amounts can say. */
  read(given: Amount): Amount | null {
    const read = this.readFine(given);
    return read !== null && read <= MAX_AMOUNT && read >= -MAX_AMOUNT ? read : null;
  }

  /** As `read`, a number of any 10⁻ⁿ credits, without bounds. */
  readFine(given: bigint): bigint | null {
    if (this.#isFirst) return given;
    const { times, per } = this.factor;
    return (given * per) % times === 0n ? (given * per) / times : null;
  }

  /** What one credit of this unit sells for, of what one of the first does. */
  priceOfOne(ofFirst: Decimal): Decimal {
    if (this.#isFirst) return ofFirst;
    const { times, per } = this.factor;
    return formatScaled(scaled(ofFirst, FINE_PLACES) * per * (LIMIT / times), FINE_PLACES + MOST_PLACES);
  }

  /** The opposite of `priceOfOne`; null: it would have more digits than decimals have. */
  readPriceOfOne(given: Decimal): Decimal | null {
    if (this.#isFirst) return given;
    const { times, per } = this.factor;
    const value = scaled(given, FINE_PLACES) * times;
    return value % per === 0n ? formatDecimal(formatScaled(value / per, FINE_PLACES)) : null;
  }

  /** What an amount that is given must be a multiple of. */
  get step(): Decimal {
    return formatAmount(this.factor.times);
  }

  /** The most that can be given. */
  get most(): Decimal {
    const { times, per } = this.factor;
    return times > per ? formatAmount(MAX_AMOUNT) : this.format(MAX_AMOUNT);
  }
}

/** Of a credit type that was never redenominated. */
export const FIRST_UNIT = new Unit({ number: 0, factor: ONE, since: null, until: null, revision: 0 });

/** In lowest terms; null: a part of it does not divide 10¹². */
function lowest(times: bigint, per: bigint): Factor | null {
  if (times <= 0n) return null;
  const divisor = commonDivisor(times, per);
  const factor = { times: times / divisor, per: per / divisor };
  return LIMIT % factor.times === 0n && LIMIT % factor.per === 0n ? factor : null;
}

function commonDivisor(a: bigint, b: bigint): bigint {
  return b === 0n ? a : commonDivisor(b, a % b);
}

/** A decimal that is not negative as a number of 10⁻ⁿ; `places`: n, as many as it has at least. */
function scaled(decimal: Decimal, places: number): bigint {
  const [whole = "", fraction = ""] = decimal.split(".");
  return BigInt(whole + fraction.padEnd(places, "0"));
}

/** The shortest decimal of a number of 10⁻ⁿ. `places`: n. */
export function formatScaled(value: bigint, places: number): Decimal {
  const digits = (value < 0n ? -value : value).toString().padStart(places + 1, "0");
  const fraction = digits.slice(-places).replace(/0+$/, "");
  return `${value < 0n ? "-" : ""}${digits.slice(0, -places)}${fraction === "" ? "" : "."}${fraction}`;
}
