import { type Amount, formatAmount } from "../../../src/core/amount";
import { formatInstant, type Instant } from "../../../src/core/time";
import { same } from "../auditor/expect";
import { START, type Words } from "./words";

/** How found and expected are held against each other: as text that a person can read. */

export function sameAmount(found: Amount, expected: Amount, what: string): void {
  same(formatAmount(found), formatAmount(expected), what);
}

export function sameInstant(found: Instant | null, expected: Instant | null, what: string): void {
  same(instantText(found), instantText(expected), what);
}

export function sameLines(found: readonly string[], expected: readonly string[], what: string): void {
  same(found.join("; "), expected.join("; "), what);
}

export function json(value: unknown): string {
  return JSON.stringify(value, (_key, one) => (typeof one === "bigint" ? formatAmount(one) : one));
}

export function instantOrNever(words: Words): Instant | null {
  return words.takes("never") ? null : words.instant();
}

function instantText(instant: Instant | null): string {
  return instant === null ? "never" : `${formatInstant(instant)} (${instant - START} us)`;
}
