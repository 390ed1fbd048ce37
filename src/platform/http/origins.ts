import type { IncomingMessage } from "node:http";

/** Which web origins may call from browsers: a list, "*" among them for all; null: only the server's own. */
export type AllowedOrigins = readonly string[] | null;

/**
 * Whether a request's Origin may call. Those without come from no browser; the server's own page has the name by which it was asked
 * for. Credentials travel in a header that no browser sends by itself, so this guards against nothing but pages that hold a credential
 * and should not; still nobody should be able to use a server from anywhere by accident.
 */
export function isAllowedOrigin({ headers }: IncomingMessage, allowed: AllowedOrigins): boolean {
  const { origin, host } = headers;
  if (origin === undefined || isListed(origin, allowed)) return true;
  return host !== undefined && origin.replace(/^https?:\/\//, "").toLowerCase() === host.toLowerCase();
}

function isListed(origin: string, allowed: AllowedOrigins): boolean {
  return allowed?.some((one) => one === "*" || one.toLowerCase() === origin.toLowerCase()) ?? false;
}

/** The headers by which a browser lets a page of a listed origin read the answer. */
export function corsHeaders({ headers }: IncomingMessage, allowed: AllowedOrigins): Record<string, string> {
  if (allowed === null) return {};
  const { origin } = headers;
  const shared = { vary: "Origin", "access-control-expose-headers": "X-Request-Id, Retry-After" };
  return origin !== undefined && isListed(origin, allowed)
    ? { ...shared, "access-control-allow-origin": origin }
    : { vary: "Origin" };
}

/** What a browser is told that asks before it calls. */
export const PREFLIGHT_HEADERS: Readonly<Record<string, string>> = {
  "access-control-allow-methods": "POST",
  "access-control-allow-headers": "Authorization, Content-Type, X-Request-Id, X-Tranche-Cost, Apollo-Require-Preflight",
  "access-control-max-age": "600",
};
