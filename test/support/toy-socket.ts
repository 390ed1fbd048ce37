import { once } from "node:events";
import type { Writable } from "node:stream";
import { type ClientOptions, WebSocket } from "ws";

export interface Message {
  readonly type: string;
  readonly id?: string;
  readonly payload?: unknown;
}

/** Where a server is. */
interface Served {
  readonly url: string;
}

export interface Closing {
  readonly code: number;
  readonly reason: string;
}

/** One WebSocket of a client, message by message: for what well-behaved clients never do. */
export class ToySocket {
  readonly #messages: Message[] = [];
  readonly #readers: ((message: Message) => void)[] = [];
  readonly closed: Promise<Closing>;

  private constructor(readonly socket: WebSocket) {
    socket.on("message", (data: Buffer) => {
      const message = JSON.parse(data.toString()) as Message;
      const reader = this.#readers.shift();
      if (reader) reader(message);
      else this.#messages.push(message);
    });
    this.closed = new Promise((resolve) => socket.once("close", (code, reason) => resolve({ code, reason: String(reason) })));
    socket.on("error", () => undefined);
  }

  /** A socket that is open, and has not said who it is. Throws with the status when it is not let in. */
  static async open(server: Served, options: ClientOptions = {}, protocol = "graphql-transport-ws"): Promise<ToySocket> {
    const socket = new WebSocket(server.url.replace(/^http/, "ws"), protocol, options);
    const opened = new ToySocket(socket);
    await new Promise<void>((resolve, reject) => {
      socket.once("open", () => resolve());
      socket.once("unexpected-response", (request, response) => {
        request.destroy();
        reject(new Error(`refused: ${response.statusCode}`));
      });
      socket.once("error", reject);
    });
    return opened;
  }

  /** A socket of someone who is known by this key. */
  static async as(server: Served, key: string, params: object = {}): Promise<ToySocket> {
    const socket = await ToySocket.open(server);
    socket.send({ type: "connection_init", payload: { authorization: `Bearer ${key}`, ...params } });
    await socket.expect("connection_ack");
    return socket;
  }

  send(message: Message): void {
    this.socket.send(JSON.stringify(message));
  }

  sendText(text: string): void {
    this.socket.send(text);
  }

  /** What is sent here leaves in one piece. */
  together(send: () => void): void {
    const { _socket: stream } = this.socket as unknown as { readonly _socket: Writable };
    stream.cork();
    send();
    stream.uncork();
  }

  subscribe(id: string, query: string, variables: object = {}): void {
    this.send({ id, type: "subscribe", payload: { query, variables } });
  }

  /** The next message; throws when the socket closes instead. */
  async next(): Promise<Message> {
    const ready = this.#messages.shift();
    if (ready) return ready;
    const closed = this.closed.then(({ code, reason }) => {
      throw new Error(`closed: ${code} ${reason}`);
    });
    return Promise.race([new Promise<Message>((resolve) => this.#readers.push(resolve)), closed]);
  }

  async expect(type: string): Promise<Message> {
    const message = await this.next();
    if (message.type !== type) throw new Error(`expected ${type}, got ${JSON.stringify(message)}`);
    return message;
  }

  /** The result of a query or mutation. */
  async ask(query: string, variables: object = {}): Promise<unknown> {
    this.subscribe("ask", query, variables);
    const message = await this.next();
    if (message.type === "next") await this.expect("complete");
    return message.payload;
  }

  /** Resolves when the server has taken in all that was sent before. Nothing else may be on its way. */
  async settled(): Promise<void> {
    this.send({ type: "ping" });
    await this.expect("pong");
  }

  async close(): Promise<void> {
    const { socket } = this;
    if (socket.readyState === WebSocket.CLOSED) return;
    const closed = once(socket, "close");
    socket.terminate();
    await closed;
  }
}
