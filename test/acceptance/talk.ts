import { ToySocket } from "../support/toy-socket";
import type { Demo } from "./server-process";

export interface ToldError {
  readonly message: string;
  readonly extensions: { readonly code: string; readonly inputPath?: unknown; readonly cost?: unknown };
}

/** What is answered to an operation. */
export interface Told {
  readonly data?: Readonly<Record<string, unknown>> | null;
  readonly errors?: readonly ToldError[];
}

/** A client of both transports, which sends variables as the text that they are given in: JSON.stringify() would not write all of it. */
export class Talk {
  #operations = 0;

  private constructor(
    private readonly url: string,
    private readonly key: string,
    private readonly socket: ToySocket,
  ) {}

  static async with({ url, adminKey }: Demo, key = adminKey): Promise<Talk> {
    return new Talk(url, key, await ToySocket.as({ url }, key));
  }

  async overHttp(query: string, variables = "{}"): Promise<Told> {
    const headers = { "content-type": "application/json", authorization: `Bearer ${this.key}` };
    const response = await fetch(this.url, { method: "POST", headers, body: payloadOf(query, variables) });
    return (await response.json()) as Told;
  }

  /** The one answer to a query or a mutation, or the first of a subscription, which is left then. */
  async overSocket(query: string, variables = "{}"): Promise<Told> {
    const id = String(++this.#operations);
    const isSubscription = query.startsWith("subscription");
    this.socket.sendText(`{"type":"subscribe","id":"${id}","payload":${payloadOf(query, variables)}}`);
    // What a subscription that was left had sent already.
    let message = await this.socket.next();
    while (message.id !== id) message = await this.socket.next();
    if (message.type === "error") return { errors: message.payload as NonNullable<Told["errors"]> };
    if (isSubscription) this.socket.send({ type: "complete", id });
    else await this.socket.expect("complete");
    return message.payload as Told;
  }

  close(): void {
    this.socket.socket.terminate();
  }
}

function payloadOf(query: string, variables: string): string {
  return `{"query":${JSON.stringify(query)},"variables":${variables}}`;
}
