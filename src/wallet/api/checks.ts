import type { Amount } from "../../core/amount";
import { RESERVED_KEYS } from "../../core/reserved-keys";
import { addPeriods, type Instant, type Period } from "../../core/time";
import type { Unit } from "../../core/unit";
import { thousands } from "../../core/words";
import { badInput, type InputPath } from "../../platform/graphql/errors";
import { checkText } from "../../platform/graphql/text";
import type { Scope } from "../model/types";

/**
 * The edge: what the scalars let through and a wallet still cannot take. Each check answers the value as the model wants it, or throws
 * BAD_USER_INPUT with the path of the input and what to send instead.
 */

export type Path = InputPath;

export const MOST_KEY_CHARACTERS = 255;
export const MOST_NAME_CHARACTERS = 255;
export const MOST_TEXT_CHARACTERS = 1_000;
export const MOST_SCOPE_PATTERNS = 100;

/** An amount that was given in a unit, as it is stored. */
export function credits(given: Amount, unit: Unit, path: Path): Amount {
  const amount = unit.read(given);
  if (amount !== null) return amount;
  throw badInput(`must be a multiple of ${unit.step}, and at most ${thousands(unit.most)}`, path);
}

/** As `credits`, and more than 0. */
export function positive(given: Amount, unit: Unit, path: Path): Amount {
  if (given > 0n) return credits(given, unit, path);
  throw badInput("must be more than 0", path);
}

export function notNegative(given: Amount, unit: Unit, path: Path): Amount {
  if (given >= 0n) return credits(given, unit, path);
  throw badInput("must not be negative", path);
}

export function notZero(given: Amount, unit: Unit, path: Path): Amount {
  if (given !== 0n) return credits(given, unit, path);
  throw badInput("must not be 0", path);
}

export function wholeWithin(value: number, lowest: number, highest: number, path: Path): number {
  if (Number.isInteger(value) && value >= lowest && value <= highest) return value;
  throw badInput(`must be a whole number from ${lowest} to ${highest}`, path);
}

/** 9000-01-01T00:00:00Z: leaves room for the periods that are added to an instant. */
const END_OF_TIME: Instant = 221_845_392_000_000_000n;
const CENTURY: Instant = 3_155_760_000_000_000n;

/** Before the year 9000; null when not given. */
export function optionalInstant(value: Instant | null | undefined, path: Path): Instant | null {
  if (value == null) return null;
  if (value < END_OF_TIME) return value;
  throw badInput("must be before the year 9000", path);
}

/** So many periods that together are no longer than a hundred years. */
export function periods(period: Period, times: number, path: Path): void {
  if (addPeriods(0n, period, times, "UTC") <= CENTURY) return;
  throw badInput("must be no longer than 100 years altogether", path);
}

/** Text of 1 to `most` characters. */
export function text(value: string, most: number, path: Path): string {
  return checkText(value, { least: 1, most }, path);
}

/** As `text`, for what need not be given; an empty text is nothing. */
export function optionalText(value: string | null | undefined, most: number, path: Path): string | null {
  return value == null || value === "" ? null : text(value, most, path);
}

export function idempotencyKey(value: string, path: Path): string {
  const key = text(value, MOST_KEY_CHARACTERS, path);
  if (key.startsWith(RESERVED_KEYS)) throw badInput(`must not begin with \`${RESERVED_KEYS}\`: such are the server's own`, path);
  return key;
}

/** A name that is compared and grouped by: an operation, an app. `*` is for scopes. */
export function optionalName(value: string | null | undefined, path: Path): string | null {
  if (value == null) return null;
  const name = text(value, MOST_NAME_CHARACTERS, path);
  if (name.includes("*")) throw badInput("must not contain `*`: that stands for prefixes in scopes", path);
  return name;
}

/** The name of an operation that is added to another. */
export function operationName(value: string, path: Path): string {
  const name = text(value, MOST_NAME_CHARACTERS, path);
  if (/[\s*+=]/.test(name)) throw badInput("must not contain spaces, `*`, `+` or `=`", path);
  return name;
}

interface GivenScope {
  readonly operations?: readonly string[] | null | undefined;
  readonly apps?: readonly string[] | null | undefined;
}

/** Patterns without repetition, each a name or a prefix with a trailing `*`. */
export function scope(value: GivenScope | null | undefined, path: Path): Scope {
  return {
    operations: patterns(value?.operations, [...path, "operations"]),
    apps: patterns(value?.apps, [...path, "apps"]),
  };
}

/** Each a name, or a prefix with a trailing `*`; without repetition. */
export function patterns(values: readonly string[] | null | undefined, path: Path): readonly string[] {
  if (values == null) return [];
  if (values.length > MOST_SCOPE_PATTERNS) throw badInput(`must have at most ${MOST_SCOPE_PATTERNS} patterns`, path);
  const checked = values.map((value, index) => {
    const pattern = text(value, MOST_NAME_CHARACTERS, [...path, index]);
    if (pattern.slice(0, -1).includes("*")) throw badInput("may have `*` only at its end", [...path, index]);
    return pattern;
  });
  return [...new Set(checked)];
}
