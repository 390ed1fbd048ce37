import { ask } from "./graphql-request";
import type { Demo } from "./server-process";

/** Something that belongs to an account. */
export interface Thing {
  /** Of the account. */
  readonly externalId: string;
  readonly id: string;
  /** Its places in the lists that it is in. */
  readonly cursors: readonly string[];
}

interface Page {
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string };
  readonly edges: readonly { readonly node: { readonly externalId: string } }[];
}

const list = (name: string, fields = "") => `${name}(first: 30) { edges { cursor node { id ${fields} } } }`;
const ACCOUNTS = `query ($after: String) { accounts(first: 1, after: $after) { pageInfo { hasNextPage endCursor } edges { node {
  id externalId wallets { id thresholds { id } ${list("grants", list("entries"))} ${list("transactions", "entries { id }")}
  ${list("holds")} ${list("alerts", "place: cursor")} } } } } }`;

/** All accounts, and all that is in their wallets. It is a costly question. */
export async function allThings({ url, adminKey }: Demo): Promise<readonly Thing[]> {
  const found: Thing[] = [];
  for (let after: string | null = null, more = true; more; ) {
    const { accounts }: { accounts: Page } = await ask(url, adminKey, ACCOUNTS, { after });
    for (const { node } of accounts.edges) found.push(...thingsIn(node, node.externalId));
    after = accounts.pageInfo.endCursor;
    more = accounts.pageInfo.hasNextPage;
  }
  return found;
}

function thingsIn(value: unknown, externalId: string, around?: unknown): readonly Thing[] {
  if (Array.isArray(value)) return value.flatMap((element) => thingsIn(element, externalId));
  if (typeof value !== "object" || value === null) return [];
  const { id, place, cursor, ...rest } = value as Readonly<Record<string, unknown>>;
  const inside = Object.values(rest).flatMap((inner) => thingsIn(inner, externalId, cursor));
  const cursors = [around, place].filter((text) => typeof text === "string");
  return typeof id === "string" ? [{ externalId, id, cursors }, ...inside] : inside;
}

/** One of each kind of each account: enough where each is tried in every place. */
export function samplesOf(things: readonly Thing[]): readonly Thing[] {
  return [...new Map(things.map((thing) => [thing.externalId + thing.id.split("_")[0], thing])).values()];
}
