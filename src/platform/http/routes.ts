import type { IncomingMessage, ServerResponse } from "node:http";
import { unavailable } from "../graphql/errors";
import type { Endpoint, IdentifiedContext } from "../graphql/execution";
import type { InFlight } from "../in-flight";
import { OperationWatch } from "../stopwatch";
import { type Answer, errorAnswer, send, textAnswer } from "./answer";
import { discardBody, readToEnd } from "./body";
import { Gate } from "./gate";
import type { GraphqlOverHttp } from "./graphql-over-http";
import { preferredMediaType } from "./media-type";
import { type AllowedOrigins, corsHeaders, PREFLIGHT_HEADERS } from "./origins";
import { overloadedAnswer, refuseOverloaded } from "./overloaded";
import { GRAPHQL_PATH, pathOf } from "./paths";
import { requestIdOf } from "./request-id";

/** Serves pages: answers whether the request was one of its own, and then takes care of the response. */
export type PageHandler = (request: IncomingMessage, response: ServerResponse) => boolean;

export interface RouteOptions<Context extends IdentifiedContext> {
  readonly endpoint: Endpoint<Context>;
  readonly graphql: GraphqlOverHttp<Context>;
  readonly allowedOrigins: AllowedOrigins;
  readonly inFlight: InFlight;
  /** Requests that come when the server is stopping. */
  readonly refused: InFlight;
  readonly page: PageHandler;
  readonly isReady: () => Promise<boolean>;
  readonly isStopping: () => boolean;
}

/** What the server answers under which path. */
export class Routes<Context extends IdentifiedContext> {
  readonly #gate: Gate;

  constructor(private readonly options: RouteOptions<Context>) {
    const { endpoint, isStopping } = options;
    this.#gate = new Gate((head) => (isStopping() ? null : overloadedAnswer(endpoint, head)));
  }

  /** Answers any request; never throws. */
  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { endpoint, page, allowedOrigins } = this.options;
    const isTooMuch = this.#isTooMuch(request);
    if (isTooMuch) this.#gate.watch(request);
    this.#gate.began(request, response);
    if (isTooMuch) return refuseOverloaded(endpoint, allowedOrigins, request, response);
    const requestId = requestIdOf(request);
    response.setHeader("x-request-id", requestId);
    response.once("finish", () => endpoint.metrics.answered(response.statusCode));
    response.once("error", () => undefined);
    try {
      const route = this.#routeOf(request);
      if (route) send(response, await route(request, requestId, response));
      else if (!page(request, response)) send(response, textAnswer(404, "Not found.\n"));
    } catch (error) {
      send(response, errorAnswer(error, null, { requestId, ...endpoint }));
    }
    discardBody(request, endpoint.limits.bodyBytes);
  }

  /** Asked before anything else is done for a request. What watches the server is never too much, nor is what costs less than to refuse it. */
  #isTooMuch(request: IncomingMessage): boolean {
    const { endpoint, isStopping } = this.options;
    return request.method === "POST" && pathOf(request) === GRAPHQL_PATH && !isStopping() && endpoint.admission.refuses();
  }

  #routeOf(request: IncomingMessage): Route | undefined {
    switch (pathOf(request)) {
      case GRAPHQL_PATH:
        return (incoming, requestId, response) => this.#graphql(incoming, requestId, response);
      case "/health":
        return async () => textAnswer(200, "ok\n");
      case "/ready":
        return () => this.#ready();
      case "/metrics":
        return () => this.#metrics();
      default:
        return undefined;
    }
  }

  async #graphql(request: IncomingMessage, requestId: string, response: ServerResponse): Promise<Answer> {
    const { endpoint, graphql, allowedOrigins, inFlight, refused, isStopping } = this.options;
    const cors = corsHeaders(request, allowedOrigins);
    if (request.method === "OPTIONS") return { status: 204, headers: { ...cors, ...PREFLIGHT_HEADERS, allow: "POST" }, body: "" };
    if (isStopping()) {
      response.once("close", refused.enter());
      // A connection that is closed while something on it was not read is reset, and the answer may be lost.
      await readToEnd(request, endpoint.limits.bodyBytes);
      const stopping = unavailable("The server is stopping.", 1);
      const answer = errorAnswer(stopping, preferredMediaType(request.headers.accept), { requestId, ...endpoint });
      return { ...answer, headers: { ...answer.headers, ...cors, connection: "close" } };
    }
    // In flight until the client has it all.
    response.once("close", inFlight.enter());
    const watch = new OperationWatch(endpoint.metrics);
    response.once("finish", () => watch.answered());
    const answer = await graphql.answer(request, requestId, watch);
    // The next request on this connection would meet nobody.
    return { ...answer, headers: { ...answer.headers, ...cors, ...(isStopping() ? { connection: "close" } : {}) } };
  }

  async #ready(): Promise<Answer> {
    const { endpoint, isReady, isStopping } = this.options;
    if (isStopping()) return textAnswer(503, "stopping\n");
    const ready = await isReady().catch((error: unknown) => {
      endpoint.log.warn({ err: error }, "the server is not ready");
      return false;
    });
    return ready ? textAnswer(200, "ready\n") : textAnswer(503, "not ready\n");
  }

  async #metrics(): Promise<Answer> {
    const { metrics } = this.options.endpoint;
    return textAnswer(200, await metrics.text(), { "content-type": metrics.contentType });
  }
}

type Route = (request: IncomingMessage, requestId: string, response: ServerResponse) => Promise<Answer>;
