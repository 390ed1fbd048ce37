import { randomUUID } from "node:crypto";
import { type ExecutionArgs, GraphQLError, type OperationTypeNode } from "graphql";
import type { Context as Client, SubscribePayload } from "graphql-ws";
import { type Identity, Unauthenticated } from "../authentication";
import { rateLimited } from "../graphql/errors";
import { type Endpoint, EXECUTION_OPTIONS, type IdentifiedContext } from "../graphql/execution";
import type { Executor } from "../graphql/executor";
import { readOperation } from "../graphql/operation-request";
import { OperationWatch } from "../stopwatch";
import { CLOSE, type Connection } from "./connection";

export type Params = Record<string, unknown>;
export type Peer = Client<Params, Connection>;

/** As the header of HTTP, in connectionParams. */
const COST_PARAM = "x-tranche-cost";

/** An operation that may be carried out: what graphql-js needs, and what we do. */
export interface Prepared extends ExecutionArgs {
  readonly requestId: string;
  readonly type: OperationTypeNode;
  readonly executor: Executor;
  readonly cost: number;
  /** Whether its cost is told with its results. */
  readonly tellsCost: boolean;
  readonly leaving: AbortController;
  readonly watch: OperationWatch;
  readonly identity: Identity;
  readonly connection: Connection;
  /** The client's name for it on this connection. */
  readonly id: string;
}

/** Decides about an operation. Throws what is wrong with it. */
export function prepare<Context extends IdentifiedContext>(
  { schema, documents, contextOf, limits, clock, metrics }: Endpoint<Context>,
  { extra: connection, subscriptions, connectionParams }: Peer,
  id: string,
  payload: SubscribePayload,
): Prepared | readonly GraphQLError[] {
  const { identity } = connection;
  const watch = new OperationWatch(metrics);
  if (identity === null || isExpired(identity, clock.now())) {
    connection.close(CLOSE.forbidden, "Forbidden: the credential has expired");
    throw new Unauthenticated("The credential has expired.");
  }
  // This one is counted already.
  if (Object.keys(subscriptions).length > limits.socketOperations)
    throw rateLimited(`At most ${limits.socketOperations} operations may run at once on a WebSocket.`, 1);
  const verdict = documents.judge(readOperation(payload, connection.suspicious));
  watch.judged();
  if (!verdict.ok) {
    metrics.count("documents_refused");
    return verdict.errors.flatMap(errorsOf);
  }
  const leaving = new AbortController();
  const requestId = randomUUID();
  return {
    schema,
    document: verdict.document,
    operationName: verdict.operationName,
    variableValues: verdict.variables,
    contextValue: contextOf(identity, { id: requestId, ip: connection.ip, signal: leaving.signal, watch }),
    options: EXECUTION_OPTIONS,
    requestId,
    type: verdict.type,
    executor: verdict.executor,
    cost: verdict.cost,
    leaving,
    watch,
    identity,
    tellsCost: connectionParams?.[COST_PARAM] === "1",
    connection,
    id,
  };
}

function isExpired({ expiresAt }: Identity, now: bigint): boolean {
  return expiresAt !== null && expiresAt <= now;
}

/** The library takes errors of graphql-js only. */
export function errorsOf(error: unknown): readonly GraphQLError[] {
  if (error instanceof GraphQLError) return [error];
  const message = error instanceof Error ? error.message : String(error);
  return [new GraphQLError(message, error instanceof Error ? { originalError: error } : {})];
}
