import { randomUUID } from "node:crypto";
import type { IncomingMessage } from "node:http";

/** The id that the client, or a proxy, gave the request, so that it can be followed from log to log; else a new one. */
export function requestIdOf({ headers }: IncomingMessage): string {
  const given = headers["x-request-id"];
  return validRequestId(typeof given === "string" ? given : undefined);
}

/** The one that was given, if it is fit for a log; else a new one. */
export function validRequestId(given: string | undefined): string {
  return given !== undefined && /^[\w.:-]{1,128}$/.test(given) ? given : randomUUID();
}
