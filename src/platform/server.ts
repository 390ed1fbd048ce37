import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as delay, setImmediate as nextTurn } from "node:timers/promises";
import type { GraphQLSchema } from "graphql";
import { Admission } from "./admission";
import type { Authenticator } from "./authentication";
import type { Clock, Logger } from "./context";
import { enforceAccess, fieldsWithoutRule } from "./graphql/access";
import { Documents } from "./graphql/documents";
import type { ContextOf, Endpoint, IdentifiedContext } from "./graphql/execution";
import { GraphqlOverHttp } from "./http/graphql-over-http";
import { GRAPHQL_PATH, pathOf } from "./http/paths";
import { type PageHandler, Routes } from "./http/routes";
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
  readonly operationsMax: number;
  readonly socketsMax: number;
  readonly socketsPerCredentialMax: number;
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
/** Connections that the operating system keeps for a server that has not come to them yet. */
const MOST_WAITING = 511;
/** Turns of the event loop that bring no connection. */
const QUIET_TURNS = 3;
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
  /** Requests that are told to come again: what is under way with them is not work, and keeps nobody listening. */
  const refused = new InFlight();
  const sockets = new Sockets(endpoint, config.allowedOrigins, inFlight);
  let stopped: Promise<void> | null = null;
  const isStopping = () => stopped !== null;
  const { allowedOrigins } = config;
  const routes = new Routes({ endpoint, graphql, allowedOrigins, inFlight, refused, page, isReady, isStopping });

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
    const limit = timeUp(config.stopMilliseconds);
    await Promise.race([inFlight.idle(), limit]);
    await takeInWhatIsThere(server);
    // It listens no more, and leaves alone the connections on which something is under way.
    const closed = once(server, "close");
    server.close();
    await Promise.race([Promise.all([inFlight.idle(), refused.idle()]), limit]);
    await sockets.close(GOODBYE_TIME);
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
    operations: config.operationsMax,
    sockets: config.socketsMax,
    socketsPerCredential: config.socketsPerCredentialMax,
    socketOperations: config.socketOperationsMax,
    ...options.limits,
  };
  const documents = new Documents(schema, limits, metrics);
  const admission = new Admission({ most: limits.operations, log });
  metrics.watchAdmission(admission);
  return { schema, documents, authenticator, contextOf, limits, admission, clock, log, metrics };
}

async function listen(server: Server, { port, host }: ServerConfig): Promise<number> {
  server.listen({ port, host, backlog: MOST_WAITING });
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
}

/** How a client on this machine calls the host that is listened to. */
function hostOf(host: string): string {
  if (host === "0.0.0.0" || host === "::") return "localhost";
  return host.includes(":") ? `[${host}]` : host;
}

/**
 * Lets the operating system hand over the connections that were made already, and what was sent on them and on others; and what has just
 * ended, be sent. Closing would answer these with a reset. A turn brings one connection, the next one what was sent on it.
 */
async function takeInWhatIsThere(server: Server): Promise<void> {
  let quiet = 0;
  const came = () => {
    quiet = 0;
  };
  server.on("connection", came);
  // Clients who come again and again do not keep it up: there were no more than could wait.
  for (let turn = 0; turn < MOST_WAITING + QUIET_TURNS && quiet < QUIET_TURNS; turn++, quiet++) await nextTurn();
  server.off("connection", came);
}

/** Resolves after so many milliseconds, and keeps no process alive for it. */
function timeUp(milliseconds: number): Promise<void> {
  return delay(milliseconds, undefined, { ref: false });
}
