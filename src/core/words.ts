import type { Decimal } from "./decimal";

/** Numbers as people read them, in messages and in prices put into words. */

/** 1000000 as 1,000,000. */
export function thousands(number: Decimal): string {
  const [whole = "", fraction] = number.split(".");
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ",");
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}

/** "1 credit", "1,000 credits". */
export function credits(number: Decimal): string {
  return counted(number, "credit", "credits");
}

/** "1 page", "1,200 pages". */
export function counted(number: Decimal, one: string, many: string): string {
  return `${thousands(number)} ${number === "1" ? one : many}`;
}

/** What goes with so many: "1 is", "2 are". */
export function are(number: Decimal): string {
  return number === "1" ? "is" : "are";
}

/** "a", "a, or b", "a, b, or c". */
export function either(choices: readonly string[]): string {
  const [last = "", ...others] = choices.toReversed();
  return others.length === 0 ? last : `${others.toReversed().join(", ")}, or ${last}`;
}
