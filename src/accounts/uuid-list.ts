import type { List } from "../platform/graphql/paging";

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** A list whose elements have UUIDs, in the order of these. */
export function uuidList(name: string): List<string> {
  return { name, write: (uuid) => uuid, read: (text) => (UUID.test(text) ? text : null) };
}
