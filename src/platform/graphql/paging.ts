import { ArgsType, type ClassType, Int, ObjectType } from "type-graphql";
import { Access, EVERYONE } from "./access";
import { badInput, type InputPath } from "./errors";
import { Shown } from "./shown";

/** Lists as Relay connections, read by key. A cursor names the position of an element in one kind of list, and means nothing elsewhere. */

export const DEFAULT_PAGE_SIZE = 25;
export const LARGEST_PAGE_SIZE = 100;
const LONGEST_CURSOR = 512;

/** The arguments of every list; lists with filters extend it. */
@ArgsType()
export class PageArguments {
  @Shown(
    () => Int,
    `How many, from the beginning: 1-${LARGEST_PAGE_SIZE}. Without \`first\` and \`last\`: the first ${DEFAULT_PAGE_SIZE}.`,
    {
      nullable: true,
    },
  )
  readonly first?: number | null;

  @Shown(() => String, "Only what comes after the element with this cursor.", { nullable: true })
  readonly after?: string | null;

  @Shown(() => Int, `How many, from the end: 1-${LARGEST_PAGE_SIZE}. Not together with \`first\`.`, { nullable: true })
  readonly last?: number | null;

  @Shown(() => String, "Only what comes before the element with this cursor.", { nullable: true })
  readonly before?: string | null;
}

/** Which part of a list is asked for. */
export interface PageRequest<Position> {
  readonly after: Position | null;
  readonly before: Position | null;
  readonly limit: number;
  /** `limit` counts from the end of the list. */
  readonly fromEnd: boolean;
}

/** A part of a list, in the list's order; `hasMore` beyond it, in the direction in which it was counted. */
export interface PageRows<Row> {
  readonly rows: readonly Row[];
  readonly hasMore: boolean;
}

/** A kind of list, and how the position of its elements is written in cursors. */
export interface List<Position> {
  readonly name: string;
  readonly write: (position: Position) => string;
  /** Null for what `write` never wrote. */
  readonly read: (text: string) => Position | null;
}

/** A list whose elements are numbered from 1. */
export function numberedList(name: string): List<number> {
  return { name, write: String, read: (text) => (/^[1-9][0-9]{0,14}$/.test(text) ? Number(text) : null) };
}

/** Checks the arguments of a list. Throws BAD_USER_INPUT. */
export function readPage<Position>(list: List<Position>, { first, after, last, before }: PageArguments): PageRequest<Position> {
  if (first != null && last != null) throw badInput("must not be given together with first", ["last"]);
  const fromEnd = last != null;
  return {
    after: readCursor(list, after, ["after"]),
    before: readCursor(list, before, ["before"]),
    limit: fromEnd ? checkSize(last, ["last"]) : checkSize(first ?? DEFAULT_PAGE_SIZE, ["first"]),
    fromEnd,
  };
}

function checkSize(size: number, path: InputPath): number {
  if (size >= 1 && size <= LARGEST_PAGE_SIZE) return size;
  throw badInput(`must be from 1 to ${LARGEST_PAGE_SIZE}`, path);
}

export function writeCursor<Position>(list: List<Position>, position: Position): string {
  return Buffer.from(`${list.name}:${list.write(position)}`).toString("base64url");
}

function readCursor<Position>(list: List<Position>, cursor: string | null | undefined, path: InputPath): Position | null {
  if (cursor == null) return null;
  const text = cursor.length <= LONGEST_CURSOR ? Buffer.from(cursor, "base64url").toString() : "";
  const position = text.startsWith(`${list.name}:`) ? list.read(text.slice(list.name.length + 1)) : null;
  // What is not written just so did not come from us.
  if (position === null || writeCursor(list, position) !== cursor)
    throw badInput("must be a cursor that this very list has given out", path);
  return position;
}

@Access(...EVERYONE)
@ObjectType({ simpleResolvers: true, description: "Where a part of a list stands in it." })
export class PageInfo {
  @Shown(() => Boolean, "Whether there is more after it.")
  readonly hasNextPage!: boolean;

  @Shown(() => Boolean, "Whether there is more before it.")
  readonly hasPreviousPage!: boolean;

  @Shown(() => String, "The cursor of its first element; null when it is empty.", { nullable: true })
  readonly startCursor!: string | null;

  @Shown(() => String, "The cursor of its last element: `after` this the list goes on.", { nullable: true })
  readonly endCursor!: string | null;
}

export interface Edge<Node> {
  readonly cursor: string;
  readonly node: Node;
}

export interface Connection<Node> {
  readonly edges: readonly Edge<Node>[];
  readonly pageInfo: PageInfo;
}

/** The object types of a list of nodes: `<name>Connection`, which is answered, and `<name>Edge`. */
export function connectionType<Node extends object>(
  name: string,
  node: Parameters<typeof Shown>[0],
): ClassType<Connection<Node>> {
  @Access(...EVERYONE)
  @ObjectType(`${name}Edge`, { simpleResolvers: true, description: "An element of a list, in its place." })
  class EdgeView implements Edge<Node> {
    @Shown(() => String, "Its place, to go on from with `after` or `before`.")
    readonly cursor!: string;

    @Shown(node, "The element.")
    readonly node!: Node;
  }

  @Access(...EVERYONE)
  @ObjectType(`${name}Connection`, { simpleResolvers: true, description: "A part of a list." })
  class ConnectionView implements Connection<Node> {
    @Shown(() => [EdgeView], "The elements, in the list's order.")
    readonly edges!: readonly Edge<Node>[];

    @Shown(() => PageInfo, "Where this part stands in the list.")
    readonly pageInfo!: PageInfo;
  }

  return ConnectionView;
}

/** What was read of a list, as the API shows it. */
export function connectionOf<Row, Position, Node>(
  list: List<Position>,
  request: PageRequest<Position>,
  { rows, hasMore }: PageRows<Row>,
  show: { readonly position: (row: Row) => Position; readonly node: (row: Row) => Node },
): Connection<Node> {
  const edges = rows.map((row) => ({ cursor: writeCursor(list, show.position(row)), node: show.node(row) }));
  const pageInfo = {
    // In the other direction there is at least the element that the cursor was of.
    hasNextPage: request.fromEnd ? request.before !== null : hasMore,
    hasPreviousPage: request.fromEnd ? hasMore : request.after !== null,
    startCursor: edges.at(0)?.cursor ?? null,
    endCursor: edges.at(-1)?.cursor ?? null,
  };
  return { edges, pageInfo };
}
