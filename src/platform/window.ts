import type { Statement } from "./transaction";

/** Parts of lists: which one is asked for, and how it is read by key from either end. */

/** Which part of a list is wanted. A cursor is the number of an element: its sequence, or its number within the wallet. */
export interface Window<Cursor = number> {
  readonly newestFirst: boolean;
  readonly after: Cursor | null;
  readonly before: Cursor | null;
  /** How many; `fromEnd` counts them from the end of the list (GraphQL's `last`). */
  readonly limit: number;
  readonly fromEnd: boolean;
}

/** A part of a list, in the list's order; `hasMore` beyond it, in the direction in which it was counted. */
export interface Page<Row> {
  readonly rows: readonly Row[];
  readonly hasMore: boolean;
}

/** Wider than any number that is given out. */
export const PAST_ALL = 2 ** 52;
/** The direction to read in, and the open interval of numbers to read. */
export interface Range {
  readonly descending: boolean;
  readonly above: number;
  readonly below: number;
}

export function rangeOf(window: Window): Range {
  const { newestFirst, after, before, fromEnd } = window;
  const [above, below] = newestFirst ? [before, after] : [after, before];
  return { descending: newestFirst !== fromEnd, above: above ?? -1, below: below ?? PAST_ALL };
}

export function pageOf<Row>(
  rows: readonly Row[],
  { limit, fromEnd }: { readonly limit: number; readonly fromEnd: boolean },
): Page<Row> {
  const page = rows.slice(0, limit);
  return { rows: fromEnd ? page.reverse() : page, hasMore: rows.length > limit };
}

/** The same statement in both directions. */
export function bothWays(name: string, text: (direction: "ASC" | "DESC") => string): (descending: boolean) => Statement {
  const ascending = { name: `${name}_asc`, text: text("ASC") };
  const descending = { name: `${name}_desc`, text: text("DESC") };
  return (backwards) => (backwards ? descending : ascending);
}

/** Reads on until enough rows are accepted (one more than asked for, which tells that there are more), or there are no more. */
export async function collect<Row>(
  window: Window,
  read: (range: Range, size: number) => Promise<readonly Row[]>,
  cursorOf: (row: Row) => number,
  accept: (row: Row) => boolean,
): Promise<readonly Row[]> {
  const wanted = window.limit + 1;
  const accepted: Row[] = [];
  // Filters that accept little read in larger steps.
  for (let range = rangeOf(window), size = wanted; accepted.length < wanted; size = Math.min(size * 2, 1000)) {
    const rows = await read(range, size);
    accepted.push(...rows.filter(accept));
    const last = rows.at(-1);
    if (last === undefined || rows.length < size) break;
    range = range.descending ? { ...range, below: cursorOf(last) } : { ...range, above: cursorOf(last) };
  }
  return accepted.slice(0, wanted);
}
