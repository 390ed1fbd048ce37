import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as delay, setImmediate as nextTurn } from "node:timers/promises";
import type { GraphQLSchema } from "graphql";
import type { Authenticator } from "./authentication";
import type { Clock, Logger } from "./context";
import { enforceAccess, fieldsWithoutRule } from "./graphql/access";
import { Documents } from "./graphql/documents";
import type { ContextOf, Endpoint, IdentifiedContext } from "./graphql/execution";
import { GraphqlOverHttp } from "./http/graphql-over-http";
import { GRAPHQL_PATH, type PageHandler, pathOf, Routes } from "./http/routes";
import { ignoreUpgrade, wantsWebSocket } from "./http/upgrade";
import { InFlight } from "./in-flight";
import { DEFAULT_LIMITS, type Limits } from "./limits";
import type { ServerMetrics } from "./metrics";
import { refuse, Sockets } from "./websocket/sockets";

export interface ServerOptions<Context extends IdentifiedContext> {
  /** Every field of it has a rule of access. */
  readonly schema: GraphQLSchema;
  readonly authenticator: Authenticator;
  readonly contextOf: ContextOf<Context>;
  readonly config: ServerConfig;
  readonly log: Logger;
  readonly metrics: ServerMetrics;
  readonly clock: Clock;
  readonly page?: PageHandler;
  /** Whether what the server needs is there: for `/ready`. */
  readonly isReady?: () => Promise<boolean>;
  /** Instead of the usual limits. */
  readonly limits?: Partial<Limits>;
}

export interface ServerConfig {
  readonly host: string;
  /** 0: a free one. */
  readonly port: number;
  /** Which web origins may call; "*" for all; null: only the server's own. */
  readonly allowedOrigins: readonly string[] | null;
  readonly queryMaxDepth: number;
  readonly queryMaxCost: number;
  readonly bodyMaxBytes: number;
  readonly socketsMax: number;
  readonly socketOperationsMax: number;
  readonly stopMilliseconds: number;
}

export interface RunningServer {
  /** Of the GraphQL endpoint. */
  readonly url: string;
  readonly port: number;
  /** Finishes what is in flight, closes the sockets, and stops listening. */
  stop(): Promise<void>;
}

/** Milliseconds that clients have to send their headers, and their whole request; and that sockets have to say goodbye. */
const HEADERS_TIME = 10_000;
const REQUEST_TIME = 60_000;
const GOODBYE_TIME = 1_000;
/** Longer than proxies usually keep idle connections, so that it is they who close them. */
const KEEP_ALIVE_TIME = 65_000;

/**
 * Serves a schema over HTTP and WebSockets at `/graphql`, with `/health`, `/ready`, `/metrics`, and pages. Throws when a field has no
 * rule of access, and when it cannot listen.
 */
export async function startServer<Context extends IdentifiedContext>(options: ServerOptions<Context>): Promise<RunningServer> {
  const { config, page = () => false, isReady = async () => true } = options;
  const endpoint = endpointOf(options);
  const graphql = new GraphqlOverHttp(endpoint);
  await graphql.start();
  const inFlight = new InFlight();
  const sockets = new Sockets(endpoint, config.allowedOrigins, inFlight);
  let stopped: Promise<void> | null = null;
  const isStopping = () => stopped !== null;
  const { allowedOrigins } = config;
  const routes = new Routes({ endpoint, graphql, allowedOrigins, inFlight, page, isReady, isStopping });

  const server = createServer(
    { headersTimeout: HEADERS_TIME, requestTimeout: REQUEST_TIME, keepAliveTimeout: KEEP_ALIVE_TIME },
    (request, response) => void routes.handle(request, response),
  );
  server.on("upgrade", (request, socket, head) => {
    if (!wantsWebSocket(request)) ignoreUpgrade(server, request, socket, head);
    else if (pathOf(request) === GRAPHQL_PATH) sockets.upgrade(request, socket, head);
    else refuse(socket, 404);
  });
  const port = await listen(server, config).catch(async (error: unknown) => {
    await Promise.all([sockets.close(0), graphql.stop()]);
    throw error;
  });

  async function stop(): Promise<void> {
    sockets.stopTaking();
    await Promise.race([inFlight.idle(), timeUp(config.stopMilliseconds)]);
    // What has just ended is on its way to its socket.
    await nextTurn();
    await sockets.close(GOODBYE_TIME);
    const closed = once(server, "close");
    server.close();
    server.closeAllConnections();
    await closed;
    await graphql.stop();
  }

  return {
    port,
    url: `http://${hostOf(config.host)}:${port}${GRAPHQL_PATH}`,
    stop: () => {
      stopped ??= stop();
      return stopped;
    },
  };
}

function endpointOf<Context extends IdentifiedContext>(options: ServerOptions<Context>): Endpoint<Context> {
  const { schema, authenticator, contextOf, config, clock, log, metrics } = options;
  const undecided = fieldsWithoutRule(schema);
  if (undecided.length > 0) throw new Error(`nobody decided who may have these fields: ${undecided.join(", ")}`);
  enforceAccess(schema);
  const limits: Limits = {
    ...DEFAULT_LIMITS,
    depth: config.queryMaxDepth,
    cost: config.queryMaxCost,
    bodyBytes: config.bodyMaxBytes,
    sockets: config.socketsMax,
    socketOperations: config.socketOperationsMax,
    ...options.limits,
  };
  return { schema, documents: new Documents(schema, limits, metrics), authenticator, contextOf, limits, clock, log, metrics };
}

async function listen(server: Server, { port, host }: ServerConfig): Promise<number> {
  server.listen(port, host);
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
}

/** How a client on this machine calls the host that is listened to. */
function hostOf(host: string): string {
  if (host === "0.0.0.0" || host === "::") return "localhost";
  return host.includes(":") ? `[${host}]` : host;
}

/** Resolves after so many milliseconds, and keeps no process alive for it. */
function timeUp(milliseconds: number): Promise<void> {
  return delay(milliseconds, undefined, { ref: false });
}
