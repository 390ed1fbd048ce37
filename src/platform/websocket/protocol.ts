import { randomUUID } from "node:crypto";
import { type ExecutionArgs, type ExecutionResult, execute, GraphQLError, OperationTypeNode } from "graphql";
import { type Context as Client, makeServer, type Server, type SubscribePayload } from "graphql-ws";
import { type Identity, Unauthenticated } from "../authentication";
import { rateLimited, unavailable } from "../graphql/errors";
import { type Endpoint, EXECUTION_OPTIONS, type IdentifiedContext } from "../graphql/execution";
import { readOperation } from "../graphql/operation-request";
import { publicError } from "../graphql/public-error";
import type { InFlight } from "../in-flight";
import { OperationWatch } from "../stopwatch";
import { CLOSE, type Connection } from "./connection";
import { subscribe } from "./subscription";

type Params = Record<string, unknown>;
type Peer = Client<Params, Connection>;

/** As the header of HTTP, in connectionParams. */
const COST_PARAM = "x-tranche-cost";

/** What may happen on a socket beside operations. */
export interface Doorkeeper {
  /** Whether nothing more is taken in. */
  readonly isStopping: () => boolean;
  /** Takes in a socket that has said who it is; it is closed when it may not stay. Answers whether it may. */
  readonly admit: (connection: Connection, authorization: string | undefined) => Promise<boolean>;
}

/** An operation that may be carried out: what graphql-js needs, and what we do. */
interface Prepared extends ExecutionArgs {
  readonly requestId: string;
  readonly type: OperationTypeNode;
  readonly cost: number;
  readonly leaving: AbortController;
  readonly contextForEvent: () => object;
  readonly watch: OperationWatch;
}

/** One that is let in. */
interface Operation extends Prepared {
  /** It is over. */
  readonly left: () => void;
}

/**
 * GraphQL over a WebSocket, by the protocol graphql-transport-ws: queries and mutations as well as subscriptions, judged as those over
 * HTTP are, and executed in the same contexts. The library keeps the protocol; every decision is made here.
 */
export function graphqlOverWebSocket<Context extends IdentifiedContext>(
  endpoint: Endpoint<Context>,
  inFlight: InFlight,
  doorkeeper: Doorkeeper,
): Server<Connection> {
  const { limits, log, metrics } = endpoint;

  function tell(error: unknown, requestId: string = randomUUID()) {
    return publicError(error, { requestId, log, metrics });
  }

  /** A query or mutation counts from here until it is done; a subscription only until it is known to be one. */
  function admitted(peer: Peer, payload: SubscribePayload): Operation | readonly GraphQLError[] {
    const left = endpoint.admission.enter();
    let stays = false;
    try {
      const prepared = prepare(endpoint, peer, payload);
      if (!("type" in prepared)) return prepared;
      stays = prepared.type !== OperationTypeNode.SUBSCRIPTION;
      return { ...prepared, left };
    } finally {
      if (!stays) left();
    }
  }

  async function run(operation: Operation): Promise<ExecutionResult> {
    const ended = metrics.operation(operation.type, "websocket");
    const leave = inFlight.enter();
    let outcome: "done" | "errors" = "errors";
    try {
      const result = await execute(operation);
      if (!result.errors) outcome = "done";
      return result;
    } finally {
      operation.watch.resolved();
      ended(outcome);
      operation.left();
      leave();
    }
  }

  return makeServer<Params, Connection>({
    connectionInitWaitTimeout: limits.connectionInitMilliseconds,
    onConnect: (peer) => {
      const { authorization } = peer.connectionParams ?? {};
      return doorkeeper.admit(peer.extra, typeof authorization === "string" ? authorization : undefined);
    },
    onSubscribe: (peer, _id, payload) => {
      try {
        if (doorkeeper.isStopping()) throw unavailable("The server is stopping.", 1);
        return admitted(peer, payload);
      } catch (error) {
        return errorsOf(error);
      }
    },
    execute: (args) => run(args as Operation),
    subscribe: (args) => {
      const operation = args as Operation;
      const { leaving, contextForEvent } = operation;
      return subscribe(operation, { leaving, contextForEvent, ended: metrics.operation(operation.type, "websocket") });
    },
    onNext: ({ connectionParams }, _id, _payload, args, { data, errors }) => {
      const { requestId, cost, watch } = args as Operation;
      watch.answered();
      return {
        ...(data === undefined ? {} : { data }),
        ...(errors ? { errors: errors.map((error) => tell(error, requestId)) } : {}),
        ...(connectionParams?.[COST_PARAM] === "1" ? { extensions: { cost: { requested: cost, limit: limits.cost } } } : {}),
      };
    },
    onError: (_peer, _id, _payload, errors) => errors.map((error) => tell(error)),
  });
}

/** Decides about an operation. Throws what is wrong with it. */
function prepare<Context extends IdentifiedContext>(
  { schema, documents, contextOf, limits, clock, metrics }: Endpoint<Context>,
  { extra: connection, subscriptions }: Peer,
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
  const contextForEvent = () => contextOf(identity, { id: requestId, ip: connection.ip, signal: leaving.signal, watch });
  return {
    schema,
    document: verdict.document,
    operationName: verdict.operationName,
    variableValues: verdict.variables,
    contextValue: contextForEvent(),
    options: EXECUTION_OPTIONS,
    requestId,
    type: verdict.type,
    cost: verdict.cost,
    leaving,
    contextForEvent,
    watch,
  };
}

function isExpired({ expiresAt }: Identity, now: bigint): boolean {
  return expiresAt !== null && expiresAt <= now;
}

/** The library takes errors of graphql-js only. */
function errorsOf(error: unknown): readonly GraphQLError[] {
  if (error instanceof GraphQLError) return [error];
  const message = error instanceof Error ? error.message : String(error);
  return [new GraphQLError(message, error instanceof Error ? { originalError: error } : {})];
}
