import { type IncomingMessage, STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import { handleProtocols, type Server } from "graphql-ws";
import { type WebSocket, WebSocketServer } from "ws";
import { Unauthenticated } from "../authentication";
import type { Endpoint, IdentifiedContext } from "../graphql/execution";
import { type AllowedOrigins, isAllowedOrigin } from "../http/origins";
import type { InFlight } from "../in-flight";
import { Unavailable } from "../unavailable";
import { CLOSE, Connection } from "./connection";
import { type ClientMessage, readMessage } from "./messages";
import { refusedAtOnce } from "./overloaded";
import { graphqlOverWebSocket } from "./protocol";
import { Roster } from "./roster";

const UNAUTHORIZED = 'Unauthorized: connectionParams.authorization must be "Bearer " and a key or token that counts';

/** Microseconds. A key that is revoked closes its sockets within 5 s: this, and the time that it takes to ask. */
const RECHECK_EVERY = 2_500_000n;

/** All WebSockets of this server: who may come in, who may stay, and how they leave. */
export class Sockets<Context extends IdentifiedContext> {
  readonly #server: WebSocketServer;
  readonly #protocol: Server<Connection>;
  readonly #connections = new Set<Connection>();
  readonly #roster = new Roster();
  readonly #pings: NodeJS.Timeout;
  #cancelRecheck: () => void = () => undefined;
  #stopping = false;
  #closed: (() => void) | null = null;

  constructor(
    private readonly endpoint: Endpoint<Context>,
    private readonly allowedOrigins: AllowedOrigins,
    inFlight: InFlight,
  ) {
    const { limits } = endpoint;
    this.#server = new WebSocketServer({ noServer: true, maxPayload: limits.bodyBytes, clientTracking: false, handleProtocols });
    this.#protocol = graphqlOverWebSocket(endpoint, inFlight, {
      isStopping: () => this.#stopping,
      keep: ({ identity, document, tokens }) => this.#roster.keep(identity, document, tokens, limits.keptTokens),
      admit: (connection, authorization) => this.#admit(connection, authorization),
    });
    this.#pings = setInterval(() => this.#ping(), limits.pingMilliseconds);
    this.#pings.unref();
    this.#armRecheck();
  }

  /** How many are open. */
  get size(): number {
    return this.#connections.size;
  }

  /** Answers a request to become a WebSocket. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on("error", destroyIt);
    const isFull = this.#connections.size >= this.endpoint.limits.sockets;
    if (this.#stopping || isFull) refuse(socket, 503, "Retry-After: 1\r\n");
    else if (!isAllowedOrigin(request, this.allowedOrigins)) refuse(socket, 403);
    else this.#server.handleUpgrade(request, socket, head, (webSocket) => this.#open(webSocket, request));
  }

  /** From now on no operation and no socket is taken in; what runs goes on. */
  stopTaking(): void {
    this.#stopping = true;
  }

  /** Closes all sockets, orderly; those that do not answer within `milliseconds` are cut off. */
  async close(milliseconds: number): Promise<void> {
    this.#stopping = true;
    this.#cancelRecheck();
    clearInterval(this.#pings);
    for (const connection of this.#connections) connection.close(CLOSE.goingAway, "The server is stopping");
    const limit = setTimeout(() => this.#terminateAll(), milliseconds);
    if (this.#connections.size > 0)
      await new Promise<void>((resolve) => {
        this.#closed = resolve;
      });
    clearTimeout(limit);
  }

  #terminateAll(): void {
    for (const connection of this.#connections) connection.terminate();
  }

  #open(webSocket: WebSocket, request: IncomingMessage): void {
    const { limits, log, metrics } = this.endpoint;
    const connection = new Connection(webSocket, request, limits.socketBacklogBytes);
    this.#connections.add(connection);
    metrics.sockets(1);
    const left = this.#protocol.opened(
      {
        protocol: connection.protocol,
        send: (text) => connection.send(text),
        close: (code = CLOSE.internalError, reason = "") => connection.close(code, reason),
        onMessage: (handle) =>
          connection.onMessage((text) => {
            if (!refusedAtOnce(this.endpoint, connection, text)) this.#receive(connection, text, handle);
          }),
      },
      connection,
    );
    // ws closes the socket itself after what the peer did wrong.
    webSocket.on("error", (error) => log.debug({ err: error, connection: connection.id }, "a WebSocket broke"));
    webSocket.once("close", (code, reason) => {
      this.#connections.delete(connection);
      metrics.sockets(-1);
      connection.forget();
      if (connection.identity) this.#roster.remove(connection, connection.identity);
      left(code, String(reason)).catch((error) => log.error({ err: error }, "a WebSocket was not cleaned up"));
      if (this.#connections.size === 0) this.#closed?.();
    });
  }

  /** The library takes messages that are parsed, though its types name only their text. */
  #receive(connection: Connection, text: string, handle: (data: string) => Promise<void>): void {
    const message = readMessage(text);
    if (message === null) {
      connection.close(CLOSE.badMessage, "Invalid message received");
      return;
    }
    const handled = (one: ClientMessage) => handle(one as unknown as string).catch((error) => this.#failed(connection, error));
    if (!connection.operations.pass(message, handled))
      connection.close(CLOSE.nameTaken, "An operation with this id is under way");
  }

  #failed(connection: Connection, error: unknown): void {
    this.endpoint.log.error({ err: error, connection: connection.id }, "a WebSocket message could not be handled");
    connection.close(CLOSE.internalError, "Internal error");
  }

  async #admit(connection: Connection, authorization: string | undefined): Promise<boolean> {
    const { authenticator, clock, limits } = this.endpoint;
    try {
      const identity = await authenticator.authenticate(authorization);
      // One that has closed meanwhile would never be forgotten.
      if (!connection.isOpen) return false;
      if (this.#roster.count(identity) >= limits.socketsPerCredential) {
        connection.close(CLOSE.tooMany, "Too many WebSockets with this credential");
        return false;
      }
      connection.identify(identity, clock);
      this.#roster.add(connection, identity);
      return true;
    } catch (error) {
      this.#turnAway(connection, error);
      return false;
    }
  }

  #turnAway(connection: Connection, error: unknown): void {
    if (error instanceof Unauthenticated) connection.close(CLOSE.unauthorized, UNAUTHORIZED);
    else if (error instanceof Unavailable) connection.close(CLOSE.tryAgainLater, "Try again later");
    else this.#failed(connection, error);
  }

  #ping(): void {
    for (const connection of this.#connections) connection.ping();
  }

  #armRecheck(): void {
    const { clock } = this.endpoint;
    this.#cancelRecheck = clock.at(clock.now() + RECHECK_EVERY, () => {
      this.#armRecheck();
      void this.#recheck();
    });
  }

  async #recheck(): Promise<void> {
    const { authenticator, log } = this.endpoint;
    const invalid = await this.#roster.invalid(
      (identity) => authenticator.stillValid(identity),
      (error) => log.warn({ err: error }, "the credential of an open WebSocket cannot be checked; it is tried again"),
    );
    for (const connection of invalid) connection.close(CLOSE.forbidden, "Forbidden: the credential is no longer valid");
  }
}

/** Answers a request that does not become a WebSocket. */
export function refuse(socket: Duplex, status: number, headers = ""): void {
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${headers}Connection: close\r\nContent-Length: 0\r\n\r\n`);
}

/** Listens as long as the socket lives, and so keeps nothing of the request that it came with. */
function destroyIt(this: Duplex): void {
  this.destroy();
}
