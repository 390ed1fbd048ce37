import { type Client, createClient, type SubscribePayload } from "graphql-ws";
import { WebSocket } from "ws";
import { now, reached } from "./real-time";

/** A client's way to a server: one of several, which may all be used at once. Throws with the server's errors. */
export interface Line {
  readonly name: string;
  ask<Data>(document: string, variables: object): Promise<Data>;
  close(): void;
}

export function httpLine(name: string, url: string, key: string): Line {
  return { name, ask: (document, variables) => dataOf(() => post(url, key, document, variables)), close: () => undefined };
}

/** Read by this realm's own JSON: what `response.json()` makes is deeply equal to nothing that is made here. */
async function post(url: string, key: string, query: string, variables: object): Promise<Told> {
  const headers = { "content-type": "application/json", authorization: `Bearer ${key}` };
  const response = await fetch(url, { method: "POST", headers, body: JSON.stringify({ query, variables }) });
  return JSON.parse(await response.text()) as Told;
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
  return {
    name,
    ask: (query, variables) => dataOf(() => firstOf(client, { query, variables: { ...variables } })),
    close: () => client.terminate(),
  };
}

/** The one answer to a query or mutation. */
async function firstOf(client: Client, payload: SubscribePayload): Promise<Told> {
  try {
    for await (const told of client.iterate<Record<string, unknown>>(payload)) return told;
  } catch (error) {
    if (Array.isArray(error)) return { errors: error };
    // Else the client throws the event that its socket was closed by.
    const { code, reason } = error as { readonly code?: number; readonly reason?: string };
    throw new Error(`the socket was closed: ${code ?? "?"} ${reason ?? String(error)}`, { cause: error });
  }
  throw new Error("there was no answer");
}

interface Told {
  readonly data?: unknown;
  readonly errors?: readonly { readonly extensions?: object | undefined }[] | undefined;
}

/** Asked again, as often as the server says that it has too much to do: nothing has been done then. */
async function dataOf<Data>(attempt: () => Promise<Told>): Promise<Data> {
  for (;;) {
    const told = await attempt();
    const refused: { readonly code?: string; readonly retryAfter?: number } = told.errors?.[0]?.extensions ?? {};
    if (refused.code !== "UNAVAILABLE") return done<Data>(told);
    await reached(now() + BigInt(refused.retryAfter ?? 1) * SECOND);
  }
}

const SECOND = 1_000_000n;

function done<Data>(told: Told): Data {
  if (told.errors || !told.data) throw new Error(JSON.stringify(told));
  return told.data as Data;
}
