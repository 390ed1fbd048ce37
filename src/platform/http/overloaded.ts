import type { IncomingMessage, ServerResponse } from "node:http";
import { Overloaded } from "../admission";
import { unavailable } from "../graphql/errors";
import type { Endpoint, IdentifiedContext } from "../graphql/execution";
import { HTTP_STATUS } from "../graphql/public-error";
import { EVERY_ANSWER } from "./answer";
import { discardBody } from "./body";
import { MEDIA_TYPES, preferredMediaType } from "./media-type";
import { type AllowedOrigins, corsHeaders } from "./origins";
import { GRAPHQL_PATH } from "./paths";
import { requestIdOf, validRequestId } from "./request-id";

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

/**
 * The same for a request of which there is only the text of its head. Null: it is not refused, or not so simply, as those that are no
 * operations are not, and those of web pages.
 */
export function overloadedAnswer<Context extends IdentifiedContext>(
  { metrics, admission }: Endpoint<Context>,
  head: string,
): string | null {
  if (!head.startsWith(OPERATION) || HAS_ORIGIN.test(head) || !admission.refuses()) return null;
  metrics.answered(HTTP_STATUS.UNAVAILABLE);
  metrics.told("UNAVAILABLE");
  const media = preferredMediaType(ACCEPT.exec(head)?.[1]) ?? MEDIA_TYPES[0];
  const id = validRequestId(REQUEST_ID.exec(head)?.[1]);
  return `${STATUS_LINE}content-type: ${media}; charset=utf-8\r\n${LINES}x-request-id: ${id}\r\n\r\n${BODY}`;
}

const OPERATION = `POST ${GRAPHQL_PATH} HTTP/1.1\r\n`;
const HAS_ORIGIN = /\r\norigin:/i;
const ACCEPT = /\r\naccept:[ \t]*([^\r]*?)[ \t]*\r\n/i;
const REQUEST_ID = /\r\nx-request-id:[ \t]*([^\r]*?)[ \t]*\r\n/i;
const STATUS_LINE = `HTTP/1.1 ${HTTP_STATUS.UNAVAILABLE} Service Unavailable\r\n`;

const HEADERS = [
  ...Object.entries(EVERY_ANSWER).flat(),
  ...["retry-after", String(retryAfterSeconds), "content-length", String(BODY.length)],
];
const LINES = HEADERS.map((text, index) => (index % 2 === 0 ? `${text}: ` : `${text}\r\n`)).join("");
