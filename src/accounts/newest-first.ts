import type { PageRequest, PageRows } from "../platform/graphql/paging";
import type { Statement } from "../platform/transaction";

/** Lists in the order of their UUIDs of version 7, the latest first: read by key, from either end. */

const FIRST_UUID = "00000000-0000-0000-0000-000000000000";
const LAST_UUID = "ffffffff-ffff-ffff-ffff-ffffffffffff";

/** The same statement in both directions; answers the one that a part of the list is read with. */
export function bothWays(name: string, text: (direction: "ASC" | "DESC") => string): (request: PageRequest<string>) => Statement {
  const ascending = { name: `${name}_asc`, text: text("ASC") };
  const descending = { name: `${name}_desc`, text: text("DESC") };
  return ({ fromEnd }) => (fromEnd ? ascending : descending);
}

/** The statement's first values: UUIDs below the first and above the second, and so many, one more than is shown. */
export function rangeOf({ after, before, limit }: PageRequest<string>): readonly [string, string, number] {
  return [after ?? LAST_UUID, before ?? FIRST_UUID, limit + 1];
}

/** The rows that are shown, in the list's order; one more than was asked for tells that there are more. */
export function pageOf<Row>(rows: readonly Row[], { limit, fromEnd }: PageRequest<string>): PageRows<Row> {
  const shown = rows.slice(0, limit);
  return { rows: fromEnd ? shown.reverse() : shown, hasMore: rows.length > limit };
}
