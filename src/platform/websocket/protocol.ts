import { randomUUID } from "node:crypto";
import { type ExecutionResult, type GraphQLError, OperationTypeNode } from "graphql";
import { makeServer, type Server, type SubscribePayload } from "graphql-ws";
import { unavailable } from "../graphql/errors";
import type { Endpoint, IdentifiedContext } from "../graphql/execution";
import { publicError } from "../graphql/public-error";
import type { InFlight } from "../in-flight";
import type { Connection } from "./connection";
import { Events, type Result } from "./events";
import { errorsOf, Operation, type Params, type Peer, prepare } from "./operation";

/** As the header of HTTP, in connectionParams. */
const COST_PARAM = "x-tranche-cost";

/** What may happen on a socket beside operations. */
export interface Doorkeeper {
  /** Whether nothing more is taken in. */
  readonly isStopping: () => boolean;
  /** Counts what a subscription keeps; answers how to say that it is over. Throws when its credential keeps too much. */
  readonly keep: (operation: Operation) => () => void;
  /** Takes in a socket that has said who it is; it is closed when it may not stay. Answers whether it may. */
  readonly admit: (connection: Connection, authorization: string | undefined) => Promise<boolean>;
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

  /** Errors as they are told: all of one answer with the same id to find them by in the log. */
  function tell(errors: readonly unknown[]) {
    const site = { requestId: randomUUID(), log, metrics };
    return errors.map((error) => publicError(error, site));
  }

  /** A query or mutation counts from here until it is done; a subscription only until it is known to be one. */
  function admitted(peer: Peer, id: string, payload: SubscribePayload): Operation | readonly GraphQLError[] {
    const left = endpoint.admission.enter();
    let stays = false;
    try {
      const operation = prepare(endpoint, peer, id, payload);
      if (!(operation instanceof Operation)) return operation;
      stays = operation.type !== OperationTypeNode.SUBSCRIPTION;
      operation.left = stays ? left : doorkeeper.keep(operation);
      return operation;
    } finally {
      if (!stays) left();
    }
  }

  async function run(operation: Operation): Promise<ExecutionResult> {
    const ended = metrics.operation(operation.type, "websocket");
    const leave = inFlight.enter();
    let outcome: "done" | "errors" = "errors";
    try {
      const result = await operation.executor.execute(operation);
      if (!result.errors) outcome = "done";
      return result;
    } finally {
      operation.watch.resolved();
      ended(outcome);
      operation.left();
      leave();
    }
  }

  /** What is told of a result. */
  function payloadOf({ data, errors }: Result, { cost, connection }: Operation): object {
    return {
      ...(data === undefined ? {} : { data }),
      ...(errors ? { errors: tell(errors) } : {}),
      ...(connection.wantsCost ? { extensions: { cost: { requested: cost, limit: limits.cost } } } : {}),
    };
  }

  const events = new Events(endpoint, payloadOf);

  return makeServer<Params, Connection>({
    connectionInitWaitTimeout: limits.connectionInitMilliseconds,
    onConnect: (peer) => {
      const { authorization, [COST_PARAM]: cost } = peer.connectionParams ?? {};
      peer.extra.wantsCost = cost === "1";
      // What a client says when it introduces itself is not kept any longer, a token least of all.
      Object.assign(peer, { connectionParams: undefined });
      return doorkeeper.admit(peer.extra, typeof authorization === "string" ? authorization : undefined);
    },
    onSubscribe: (peer, id, payload) => {
      try {
        if (doorkeeper.isStopping()) throw unavailable("The server is stopping.", 1);
        return admitted(peer, id, payload);
      } catch (error) {
        return errorsOf(error);
      }
    },
    execute: (args) => run(args as Operation),
    subscribe: (args) => events.follow(args as Operation),
    onNext: (_peer, _id, _payload, args, result) => {
      const operation = args as Operation;
      operation.watch.answered();
      return payloadOf(result, operation);
    },
    onError: (_peer, _id, _payload, errors) => tell(errors),
  });
}
