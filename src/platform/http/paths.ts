import type { IncomingMessage } from "node:http";

export const GRAPHQL_PATH = "/graphql";

/** Without the query. */
export function pathOf({ url = "" }: IncomingMessage): string {
  const end = url.indexOf("?");
  return end < 0 ? url : url.slice(0, end);
}
