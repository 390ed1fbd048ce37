import type { GraphiQLProps } from "graphiql";
import { type ExecutionResult, getOperationAST } from "graphql";
import { createClient } from "graphql-ws";

type Fetcher = GraphiQLProps["fetcher"];
type Headers = Readonly<Record<string, string>>;
/** What both transports send. */
interface Request {
  readonly query: string;
  readonly variables?: Record<string, unknown>;
  readonly operationName?: string | null;
}
/** What came over the wire: the editor prints it as it is. */
type Result = ExecutionResult<Record<string, unknown>, Record<string, unknown>>;

/**
 * Sends queries and mutations over HTTP and subscriptions over WebSocket, both at `path` of the page's own server. The
 * headers editor's `authorization` goes along: as a header, or in `connectionParams`. GraphiQL asks for the schema before that
 * editor is there: `initialHeaders` (JSON) then stands in.
 */
export function fetcherFor(path: string, initialHeaders: string): Fetcher {
  return (request, options) => {
    const headers = lowerCased(options?.headers ?? JSON.parse(initialHeaders));
    const operation = options?.documentAST && getOperationAST(options.documentAST, request.operationName);
    return operation?.operation === "subscription" ? subscribe(path, request, headers) : post(path, request, headers);
  };
}

async function post(path: string, request: Request, headers: Headers): Promise<Result> {
  const response = await fetch(path, {
    method: "POST",
    headers: {
      accept: "application/graphql-response+json, application/json;q=0.9",
      ...headers,
      "content-type": "application/json",
    },
    body: JSON.stringify(request),
  });
  return (await response.json()) as Result;
}

/** A socket for each subscription: it carries the authorization of the tab that started it, and ends with it. */
function subscribe(path: string, request: Request, headers: Headers): AsyncIterable<Result> {
  const url = new URL(path, window.location.href);
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  const client = createClient({
    url: url.href,
    connectionParams: headers.authorization ? { authorization: headers.authorization } : {},
  });
  const results = client.iterate({
    query: request.query,
    variables: request.variables ?? null,
    operationName: request.operationName ?? null,
  }) as AsyncIterableIterator<Result>;
  // Not an async generator: its `return` would wait for the next result, and the stop button with it.
  const iterator: AsyncIterableIterator<Result> = {
    [Symbol.asyncIterator]: () => iterator,
    next: () => results.next(),
    async return() {
      await results.return?.();
      await client.dispose();
      return { done: true, value: undefined };
    },
  };
  return iterator;
}

/** Header names are case-insensitive; `connectionParams` are not. */
function lowerCased(headers: Record<string, unknown>): Headers {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)]));
}
