import { type Client, createClient, type SubscribePayload } from "graphql-ws";
import { WebSocket } from "ws";

/** A client's way to a server: one of several, which may all be used at once. Throws with the server's errors. */
export interface Line {
  readonly name: string;
  ask<Data>(document: string, variables: object): Promise<Data>;
  close(): void;
}

export function httpLine(name: string, url: string, key: string): Line {
  return { name, ask: (document, variables) => post(url, key, document, variables), close: () => undefined };
}

/** Read by this realm's own JSON: what `response.json()` makes is deeply equal to nothing that is made here. */
async function post<Data>(url: string, key: string, query: string, variables: object): Promise<Data> {
  const headers = { "content-type": "application/json", authorization: `Bearer ${key}` };
  const response = await fetch(url, { method: "POST", headers, body: JSON.stringify({ query, variables }) });
  return dataOf<Data>(JSON.parse(await response.text()) as Told);
}

export function socketLine(name: string, url: string, key: string): Line {
  const client = createClient({
    url: url.replace(/^http/, "ws"),
    webSocketImpl: WebSocket,
    connectionParams: { authorization: `Bearer ${key}` },
    lazy: false,
    retryAttempts: 0,
    onNonLazyError: () => undefined,
  });
  return { name, ask: (document, variables) => answerOf(client, document, variables), close: () => client.terminate() };
}

/** The one answer to a query or mutation. */
async function answerOf<Data>(client: Client, query: string, variables: object): Promise<Data> {
  return dataOf<Data>(await firstOf(client, { query, variables: { ...variables } }));
}

async function firstOf(client: Client, payload: SubscribePayload): Promise<Told> {
  try {
    for await (const told of client.iterate<Record<string, unknown>>(payload)) return told;
  } catch (error) {
    // The client throws the event that it was closed by.
    if (typeof error === "object" && error && "code" in error && "reason" in error)
      throw new Error(`the socket was closed: ${String(error.code)} ${String(error.reason)}`, { cause: error });
    throw error;
  }
  throw new Error("there was no answer");
}

interface Told {
  readonly data?: unknown;
  readonly errors?: unknown;
}

function dataOf<Data>(told: Told): Data {
  if (told.errors || !told.data) throw new Error(JSON.stringify(told));
  return told.data as Data;
}
