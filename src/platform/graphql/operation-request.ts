import { badInput, badRequest } from "./errors";
import { checkStorable } from "./text";

export type Variables = Readonly<Record<string, unknown>>;

/** What a client asks for, of the right shape, and with nothing in it that cannot be stored. */
export interface OperationRequest {
  readonly query: string;
  readonly operationName: string | null;
  readonly variables: Variables;
}

/**
 * Reads the parameters of a GraphQL request, which HTTP and WebSockets share. `mayBeUnstorable`: whether texts in it must be looked at.
 * Throws BAD_USER_INPUT.
 */
export function readOperation(body: unknown, mayBeUnstorable: boolean): OperationRequest {
  if (Array.isArray(body)) throw badRequest("Batches are not accepted: send one operation a request.");
  if (!isRecord(body)) throw badRequest('The body must be a JSON object with "query".');
  const { query, operationName = null, variables = null, extensions = null } = body;
  if (extensions !== null && !isRecord(extensions)) throw badInput("must be an object", ["extensions"]);
  // By this text clients know to send the document itself.
  if (query === undefined && extensions?.["persistedQuery"] !== undefined) throw badRequest("PersistedQueryNotSupported");
  if (typeof query !== "string" || query === "") throw badInput("must be a GraphQL document", ["query"]);
  if (operationName !== null && typeof operationName !== "string") throw badInput("must be a string", ["operationName"]);
  if (variables !== null && !isRecord(variables)) throw badInput("must be an object", ["variables"]);
  if (mayBeUnstorable) checkStorable(variables ?? {}, []);
  return { query, operationName: operationName || null, variables: variables ?? {} };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
