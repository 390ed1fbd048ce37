import type { IncomingMessage, ServerResponse } from "node:http";
import { Overloaded } from "../admission";
import { unavailable } from "../graphql/errors";
import type { Endpoint, IdentifiedContext } from "../graphql/execution";
import { HTTP_STATUS } from "../graphql/public-error";
import { EVERY_ANSWER } from "./answer";
import { discardBody } from "./body";
import { MEDIA_TYPES, preferredMediaType } from "./media-type";
import { type AllowedOrigins, corsHeaders } from "./origins";
import { requestIdOf } from "./request-id";

const { message, retryAfterSeconds } = new Overloaded();
const { extensions } = unavailable(message, retryAfterSeconds);
/** ASCII, and a text: Node writes that in one piece with the head, and bytes in a second one. */
const BODY = JSON.stringify({ errors: [{ message, extensions }] });

/**
 * Refuses a request of which nothing was looked at but its head. Without all that makes answers convenient to write: at three times what
 * can be served, two of three requests end here, and each takes its time from those that are served.
 */
export function refuseOverloaded<Context extends IdentifiedContext>(
  { metrics, limits }: Endpoint<Context>,
  allowedOrigins: AllowedOrigins,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const { accept, origin, "content-length": length } = request.headers;
  metrics.answered(HTTP_STATUS.UNAVAILABLE);
  metrics.told("UNAVAILABLE");
  const media = preferredMediaType(accept) ?? MEDIA_TYPES[0];
  const headers = ["content-type", `${media}; charset=utf-8`, ...HEADERS, "x-request-id", requestIdOf(request)];
  if (origin !== undefined) headers.push(...Object.entries(corsHeaders(request, allowedOrigins)).flat());
  response.writeHead(HTTP_STATUS.UNAVAILABLE, headers);
  response.end(BODY, "latin1");
  // Node takes in what is left of a body, so that the connection can go on; but however long it is.
  if (!(Number(length) <= limits.bodyBytes)) discardBody(request, limits.bodyBytes);
}

const HEADERS = [
  ...Object.entries(EVERY_ANSWER).flat(),
  ...["retry-after", String(retryAfterSeconds), "content-length", String(BODY.length)],
];
