import { WebSocket } from "ws";
import type { Count, Way } from "./count";
import type { Plan } from "./plan";

interface Sent {
  readonly dueAt: number;
  readonly count: Count;
}

/** graphql-ws over many sockets, the next request on the next of them. */
export class OverSockets implements Way {
  readonly #sockets: WebSocket[] = [];
  readonly #sent = new Map<string, Sent>();
  #last = 0;

  constructor(
    private readonly plan: Plan,
    private readonly bodyOf: () => string,
    private readonly answered: () => void,
  ) {}

  get connections(): number {
    return this.#sockets.filter(({ readyState }) => readyState === WebSocket.OPEN).length;
  }

  async open(): Promise<void> {
    while (this.#sockets.length < this.plan.connections) this.#sockets.push(await this.#connect());
  }

  send(dueAt: number, count: Count): void {
    const id = String(++this.#last);
    this.#sent.set(id, { dueAt, count });
    this.#sockets[this.#last % this.#sockets.length]?.send(`{"id":"${id}","type":"subscribe","payload":${this.bodyOf()}}`);
  }

  async #connect(): Promise<WebSocket> {
    const socket = new WebSocket(this.plan.url.replace(/^http/, "ws"), "graphql-transport-ws", { perMessageDeflate: false });
    await new Promise((resolve, reject) => {
      socket.once("open", resolve);
      socket.once("error", reject);
    });
    const acknowledged = new Promise((resolve) => socket.once("message", resolve));
    socket.send(JSON.stringify({ type: "connection_init", payload: { authorization: this.plan.authorization } }));
    await acknowledged;
    socket.on("message", (data: Buffer) => this.#receive(data.toString("latin1")));
    socket.on("error", () => undefined);
    return socket;
  }

  #receive(text: string): void {
    const [, id = ""] = /"id":"(\d+)"/.exec(text) ?? [];
    const sent = this.#sent.get(id);
    // The end of an operation is told after its result.
    if (!sent) return;
    this.#sent.delete(id);
    if (text.includes('"refusal":null')) sent.count.accept(sent.dueAt);
    else if (text.includes('"code":"UNAVAILABLE","retryAfter":')) sent.count.refuse(sent.dueAt);
    else sent.count.fail(text);
    this.answered();
  }
}
