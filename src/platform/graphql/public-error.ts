import { GraphQLError, type GraphQLFormattedError, Kind } from "graphql";
import { Overloaded } from "../admission";
import { Unauthenticated } from "../authentication";
import type { Logger } from "../context";
import type { ServerMetrics } from "../metrics";
import { isBusy } from "../transaction";
import { Unavailable } from "../unavailable";
import { ApiError, type ErrorCode, type InputPath, unauthenticated, unavailable } from "./errors";

/** graphql-js repeats the value that it refuses, which may be megabytes long. */
const LONGEST_MESSAGE = 1_000;

export interface ErrorSite {
  readonly requestId: string;
  readonly log: Logger;
  readonly metrics: Pick<ServerMetrics, "told">;
}

/**
 * What a client is told of an error, over either transport: a code of the frozen list with what it carries. A fault of ours is logged in
 * full, and told as nothing but the id of the request.
 */
export function publicError(error: unknown, { requestId, log, metrics }: ErrorSite): GraphQLFormattedError {
  const told = translate(error);
  metrics.told(told.code);
  if (told.code === "INTERNAL") log.error({ err: rootOf(error), requestId, path: placeOf(error).path }, "a request failed");
  else if (told.code === "UNAVAILABLE" && !(rootOf(error) instanceof Overloaded))
    log.warn({ err: rootOf(error), requestId }, "a request could not be served");
  else log.debug({ code: told.code, told: shorten(told.message), requestId, path: placeOf(error).path }, "a request was refused");
  const extras = told.code === "INTERNAL" ? { requestId } : told.extras;
  return { message: shorten(told.message), ...placeOf(error), extensions: { code: told.code, ...extras } };
}

/** The HTTP status of an answer that consists of nothing but errors with this code. */
export const HTTP_STATUS: Readonly<Record<ErrorCode, number>> = {
  BAD_USER_INPUT: 400,
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  RATE_LIMITED: 429,
  QUERY_TOO_COMPLEX: 400,
  UNAVAILABLE: 503,
  INTERNAL: 500,
};

function translate(error: unknown): ApiError {
  const root = rootOf(error);
  if (root instanceof ApiError) return root;
  if (root instanceof Unavailable) return unavailable(root.message, root.retryAfterSeconds);
  // Many who change the same account, plan or list at once wait for each other: no fault of the server's, nor is anything written.
  if (isBusy(root)) return unavailable("others are changing the same at this moment", 1);
  if (root instanceof Unauthenticated) return unauthenticated(root.message);
  if (error instanceof GraphQLError && root instanceof GraphQLError && isClients(error, root)) return badInputOf(error);
  return new ApiError("INTERNAL", "Something went wrong in the server. Tell the operator the request id.");
}

/**
 * Whether an error of graphql-js itself is the client's: all are that come before the execution (they have no path in the answer), and
 * of the later ones those about arguments. The others say that the server answered what its schema forbids.
 */
function isClients(error: GraphQLError, root: GraphQLError): boolean {
  return error.path === undefined || root.message.startsWith('Argument "');
}

function badInputOf(error: GraphQLError): ApiError {
  const inputPath = inputPathOf(error);
  return new ApiError("BAD_USER_INPUT", error.message, inputPath === null ? {} : { inputPath });
}

/**
 * The path of a variable's value that does not fit its type. graphql-js tells it only within the message, between the value and the
 * reason, which is the message of the error below: `Variable "$input" got invalid value 1.5 at "input.amount"; <reason>`.
 */
function inputPathOf({ message, originalError, nodes }: GraphQLError): InputPath | null {
  const definition = nodes?.[0];
  if (definition?.kind !== Kind.VARIABLE_DEFINITION) return null;
  const beforeReason = message.slice(0, message.length - (originalError?.message.length ?? 0));
  const [, path] = / at "([^"]*)"; $/.exec(beforeReason) ?? [];
  return path === undefined ? [definition.variable.name.value] : segmentsOf(path);
}

/** "input.items[3].amount" as ["input", "items", 3, "amount"]. */
function segmentsOf(path: string): InputPath {
  return [...path.matchAll(/\[(\d+)\]|\w+/g)].map(([name, index]) => (index === undefined ? name : Number(index)));
}

/** What was thrown in the first place, under the errors that graphql-js and Apollo wrap around it. */
function rootOf(error: unknown): unknown {
  let root = error;
  while (root instanceof GraphQLError && root.originalError) root = root.originalError;
  return root;
}

/** Where in the document, and where in the answer. */
function placeOf(error: unknown): Pick<GraphQLFormattedError, "locations" | "path"> {
  if (!(error instanceof GraphQLError)) return {};
  const { locations, path } = error.toJSON();
  return { ...(locations === undefined ? {} : { locations }), ...(path === undefined ? {} : { path }) };
}

function shorten(message: string): string {
  return message.length <= LONGEST_MESSAGE ? message : `${message.slice(0, LONGEST_MESSAGE)}…`;
}
