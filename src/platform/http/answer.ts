import type { ServerResponse } from "node:http";
import type { ErrorCode } from "../graphql/errors";
import type { ErrorSite } from "../graphql/public-error";
import { HTTP_STATUS, publicError } from "../graphql/public-error";
import { HttpError } from "./http-error";
import { MEDIA_TYPES, type MediaType } from "./media-type";

/** What is sent back. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** The headers that all answers have. */
export const EVERY_ANSWER = { "cache-control": "no-store", "x-content-type-options": "nosniff" };

export function textAnswer(status: number, body: string, headers: Readonly<Record<string, string>> = {}): Answer {
  return { status, headers: { "content-type": "text/plain; charset=utf-8", ...headers }, body };
}

/** Writes an answer with the headers that all have. A peer that is gone is not written to. */
export function send(response: ServerResponse, { status, headers, body }: Answer): void {
  if (response.destroyed || response.headersSent) return;
  response.writeHead(status, { ...EVERY_ANSWER, ...headers, "content-length": Buffer.byteLength(body) });
  response.end(body);
}

export function graphqlAnswer(
  status: number,
  media: MediaType,
  body: string,
  headers: Readonly<Record<string, string>> = {},
): Answer {
  return { status, headers: { "content-type": `${media}; charset=utf-8`, ...headers }, body };
}

/** The answer to a request that failed as a whole, before its document was looked at. */
export function errorAnswer(error: unknown, media: MediaType | null, site: ErrorSite): Answer {
  const told = publicError(error, site);
  const { code, retryAfter } = told.extensions as { readonly code: ErrorCode; readonly retryAfter?: number };
  const http = error instanceof HttpError ? error : null;
  const headers: Record<string, string> = { ...http?.headers };
  if (code === "UNAUTHENTICATED") headers["www-authenticate"] = "Bearer";
  if (retryAfter !== undefined) headers["retry-after"] = String(Math.ceil(retryAfter));
  return graphqlAnswer(http?.status ?? HTTP_STATUS[code], media ?? MEDIA_TYPES[0], JSON.stringify({ errors: [told] }), headers);
}
