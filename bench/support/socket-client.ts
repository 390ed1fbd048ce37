import { WebSocket } from "ws";

/** Operations over one graphql-ws socket, many at a time. */
export class SocketClient {
  readonly #waiting = new Map<string, { readonly resolve: (payload: string) => void; readonly reject: (error: Error) => void }>();
  #last = 0;

  private constructor(private readonly socket: WebSocket) {
    socket.on("message", (data: Buffer) => this.#receive(data.toString("utf8")));
    socket.on("close", (code) => {
      for (const { reject } of this.#waiting.values()) reject(new Error(`the socket was closed: ${code}`));
    });
  }

  static async open(url: URL, authorization: string): Promise<SocketClient> {
    const socket = new WebSocket(url.href.replace(/^http/, "ws"), "graphql-transport-ws", { perMessageDeflate: false });
    await new Promise((resolve, reject) => {
      socket.once("open", resolve);
      socket.once("error", reject);
    });
    const acknowledged = new Promise((resolve) => socket.once("message", resolve));
    socket.send(JSON.stringify({ type: "connection_init", payload: { authorization } }));
    await acknowledged;
    return new SocketClient(socket);
  }

  /** Answers the message with the result, as text. */
  send(payload: object): Promise<string> {
    const id = String(++this.#last);
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.socket.send(JSON.stringify({ id, type: "subscribe", payload }));
    });
  }

  close(): void {
    this.#waiting.clear();
    this.socket.terminate();
  }

  #receive(text: string): void {
    const { id, type } = JSON.parse(text) as { id: string; type: string };
    const waiting = this.#waiting.get(id);
    if (!waiting) return;
    this.#waiting.delete(id);
    if (type === "next") waiting.resolve(text);
    else waiting.reject(new Error(text));
  }
}
