import { type Amount, formatAmount, MAX_AMOUNT } from "../core/amount";
import { type Money, unpayable } from "../core/currency";
import { type Decimal, shareOf } from "../core/decimal";
import type { Problem } from "../core/problem";
import type { Instant, Period } from "../core/time";
import type { Unit } from "../core/unit";
import { thousands } from "../core/words";

/** Packs as plain values, and what is wrong with one that is to be published. */

/** What a pack is: said anew, as a whole, by each of its versions. */
export interface PackTerms {
  /** What people read. */
  readonly title: string;
  readonly amount: Amount;
  readonly price: Money;
  /** How long its credits live; null: as long as the credit type says. */
  readonly life: Period | null;
  /** Of its grants, 0-255: the smaller is spent first. */
  readonly priority: number;
  /** Whether any account may buy it; otherwise only those whose plan names it. */
  readonly forEveryone: boolean;
}

/** What an operator published once: never changed. */
export interface PackVersion extends PackTerms {
  /** In the catalogue of all versions. */
  readonly id: number;
  readonly packId: number;
  readonly creditTypeId: number;
  /** 1, 2, 3, ... of its pack. */
  readonly number: number;
  readonly reason: string | null;
  readonly publishedAt: Instant;
  readonly publishedBy: string;
}

/** A bundle of credits for sale. */
export interface Pack {
  readonly id: number;
  /** Unique, for ever: what plans name it by. */
  readonly name: string;
  readonly creditTypeId: number;
  /** What it is now; what it was last, once it is retired. */
  readonly latest: PackVersion;
  /** Null: it is for sale. */
  readonly retired: { readonly at: Instant; readonly by: string } | null;
}

/** What an operator publishes. */
export interface NewPackVersion extends PackTerms {
  readonly name: string;
  readonly creditTypeId: number;
  /** The number of the latest version that the author knows of; null: none. */
  readonly basedOn: number | null;
  readonly reason: string | null;
  /** What its amount was given in; the first when not named. */
  readonly unit?: Unit;
}

const MICRO_PER_CREDIT = 1_000_000n;
const NAME = /^[a-z][a-z0-9._-]{0,63}$/;
const MOST_TITLE_CHARACTERS = 255;
const MOST_PRIORITY = 255;

/** What one of its credits comes to, as credits are told in a unit; rounded half up to 12 digits after the point. */
export function creditPriceOf({ price, amount }: PackTerms, { factor }: Unit): Money {
  return { amount: shareOf(price.amount, MICRO_PER_CREDIT * factor.per, amount * factor.times), currency: price.currency };
}

/** All that is wrong with a version by itself; empty: it may be published. */
export function problemsOf({ name, title, amount, price, priority }: NewPackVersion): readonly Problem[] {
  const unpaid = unpayable(price);
  return [
    ...unless(NAME.test(name), ["name"], 'A pack is named by 1-64 of a-z, 0-9, ".", "_" and "-", beginning with a letter.'),
    ...unless(
      title.trim() !== "" && title.length <= MOST_TITLE_CHARACTERS,
      ["title"],
      "A title has 1-255 characters, not only white space.",
    ),
    ...unless(amount > 0n, ["amount"], `A pack has more than 0 credits, and at most ${thousands(formatAmount(MAX_AMOUNT))}.`),
    ...unless(isPositive(price.amount), ["price", "amount"], "A price is above zero: what costs nothing is granted, not sold."),
    ...unless(unpaid === null, ["price", "amount"], unpaid ?? ""),
    ...unless(
      priority >= 0 && priority <= MOST_PRIORITY,
      ["priority"],
      `A priority is a whole number from 0 to ${MOST_PRIORITY}.`,
    ),
  ];
}

function unless(right: boolean, path: Problem["path"], message: string): readonly Problem[] {
  return right ? [] : [{ path, message }];
}

function isPositive(decimal: Decimal): boolean {
  return decimal !== "0" && !decimal.startsWith("-");
}
