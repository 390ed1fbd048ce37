import type { IncomingMessage } from "node:http";
import {
  ApolloServer,
  type ApolloServerOptions,
  type GraphQLRequest,
  type GraphQLRequestContextResponseForOperation,
  type GraphQLResponse,
  HeaderMap,
} from "@apollo/server";
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from "@apollo/server/plugin/disabled";
import { OperationTypeNode } from "graphql";
import type { Identity } from "../authentication";
import type { Logger } from "../context";
import type { Documents } from "../graphql/documents";
import { badRequest } from "../graphql/errors";
import { type Endpoint, EXECUTION_OPTIONS, type IdentifiedContext } from "../graphql/execution";
import type { Executor } from "../graphql/executor";
import { type OperationRequest, readOperation } from "../graphql/operation-request";
import { type ErrorSite, publicError } from "../graphql/public-error";
import { mayBeUnstorable } from "../graphql/text";
import type { OperationWatch } from "../stopwatch";
import { type Answer, errorAnswer, graphqlAnswer, textAnswer } from "./answer";
import { ClientGone, readJsonText } from "./body";
import { HttpError } from "./http-error";
import { type MediaType, preferredMediaType } from "./media-type";

/** A request that is admitted, on its way through Apollo. */
interface Call {
  readonly site: ErrorSite;
  readonly media: MediaType;
  readonly executor: Executor;
  /** Told with the answer; null: not asked for. */
  readonly cost: { readonly requested: number; readonly limit: number } | null;
  outcome: "done" | "errors";
}

/** Where a request is told of, and counted. */
interface Site extends ErrorSite {
  readonly watch: OperationWatch;
}

/** Clients ask for `extensions.cost` by it. */
export const COST_HEADER = "x-tranche-cost";

/**
 * GraphQL over HTTP: the draft specification's POST, with both media types. Whether a request may be executed is found out here, by the
 * rules that WebSockets share; Apollo Server executes it.
 */
export class GraphqlOverHttp<Context extends IdentifiedContext> {
  readonly #apollo: ApolloServer<Context>;
  /** By the request as Apollo hands it on, since the context belongs to the features. */
  readonly #calls = new WeakMap<NonNullable<GraphQLRequest["http"]>, Call>();

  constructor(private readonly endpoint: Endpoint<Context>) {
    this.#apollo = new ApolloServer<Context>({
      schema: endpoint.schema,
      plugins: [
        { requestDidStart: async () => ({ responseForOperation: (asked) => this.#respond(asked) }) },
        ...NOTHING_BY_ITSELF,
      ],
      logger: apolloLogger(endpoint.log),
      documentStore: judgedDocuments(endpoint.documents),
      parseOptions: { maxTokens: endpoint.limits.documentTokens },
      csrfPrevention: true,
      persistedQueries: false,
      allowBatchedHttpRequests: false,
      includeStacktraceInErrorResponses: false,
      stopOnTerminationSignals: false,
      nodeEnv: "production",
      introspection: true,
      // What fails in Apollo itself; errors of the execution are written where that is carried out.
      formatError: () => ({ message: "The server failed.", extensions: { code: "INTERNAL" } }),
    });
  }

  start(): Promise<void> {
    return this.#apollo.start();
  }

  stop(): Promise<void> {
    return this.#apollo.stop();
  }

  /** Answers a request, whatever it is. */
  async answer(request: IncomingMessage, requestId: string, watch: OperationWatch): Promise<Answer> {
    const { log, metrics } = this.endpoint;
    const site = { requestId, log, metrics, watch };
    const media = preferredMediaType(request.headers.accept);
    try {
      if (media === null)
        throw new HttpError(406, "The answer is JSON: accept application/graphql-response+json or application/json.");
      if (request.method !== "POST") throw new HttpError(405, "GraphQL requests are sent by POST.", { allow: "POST" });
      const { authenticator, limits } = this.endpoint;
      const identity = await authenticator.authenticate(request.headers.authorization);
      const text = await readJsonText(request, limits.bodyBytes);
      watch.received();
      return await this.#admitted(() => {
        const operation = readOperation(parseJson(text), mayBeUnstorable(text));
        return this.#execute(operation, identity, request, media, site);
      });
    } catch (error) {
      if (!(error instanceof ClientGone)) return errorAnswer(error, media, site);
      site.log.debug({ requestId }, "a client went away before its request was there");
      return textAnswer(400, "");
    }
  }

  /** Only what is there as a whole counts as under way: who sends slowly keeps nobody out. */
  async #admitted(work: () => Promise<Answer>): Promise<Answer> {
    const leave = this.endpoint.admission.enter();
    try {
      return await work();
    } finally {
      leave();
    }
  }

  async #execute(operation: OperationRequest, identity: Identity, request: IncomingMessage, media: MediaType, site: Site) {
    const { documents, limits, metrics, contextOf } = this.endpoint;
    const verdict = documents.judge(operation);
    site.watch.judged();
    if (!verdict.ok) {
      metrics.count("documents_refused");
      const errors = verdict.errors.map((error) => publicError(error, site));
      return graphqlAnswer(documentErrorStatus(media), media, JSON.stringify({ errors }));
    }
    if (verdict.type === OperationTypeNode.SUBSCRIPTION) throw badRequest(NO_SUBSCRIPTIONS);
    const cost = request.headers[COST_HEADER] === "1" ? { requested: verdict.cost, limit: limits.cost } : null;
    const context = contextOf(identity, site.watch);
    const call: Call = { site, media, executor: verdict.executor, cost, outcome: "done" };
    const ended = metrics.operation(verdict.type, "http");
    try {
      return await this.#run(operation, context, call);
    } finally {
      site.watch.resolved();
      ended(call.outcome);
    }
  }

  async #run({ query, operationName, variables }: OperationRequest, contextValue: Context, call: Call): Promise<Answer> {
    const http = { method: "POST", headers: new HeaderMap(), search: "", body: null };
    this.#calls.set(http, call);
    // Not as HTTP, which Apollo would read and choose media types for once more: that takes as long as all else that it does.
    const { body, http: head } = await this.#apollo.executeOperation(
      { query, ...(operationName !== null && { operationName }), variables, http },
      { contextValue },
    );
    if (body.kind !== "single") throw new Error("an answer in parts was not asked for");
    return graphqlAnswer(head.status ?? 200, call.media, `${JSON.stringify(body.singleResult)}\n`);
  }

  /** Carries an operation out, and writes errors as both transports do, and the cost. */
  async #respond(asked: GraphQLRequestContextResponseForOperation<Context>): Promise<GraphQLResponse | null> {
    const { request, document, operationName, contextValue } = asked;
    const call = request.http && this.#calls.get(request.http);
    if (!call) return null;
    const { schema } = this.endpoint;
    const { data, errors, extensions } = await call.executor.execute({
      schema,
      document,
      operationName,
      contextValue,
      variableValues: request.variables ?? {},
      options: EXECUTION_OPTIONS,
    });
    if (errors) call.outcome = "errors";
    const told = {
      ...(errors && { errors: errors.map((error) => publicError(error, call.site)) }),
      ...(data !== undefined && { data }),
      ...(call.cost && { extensions: { ...extensions, cost: call.cost } }),
    };
    // Without data nothing was carried out: the variables did not fit.
    const status = data === undefined ? documentErrorStatus(call.media) : 200;
    return { http: { status, headers: new HeaderMap() }, body: { kind: "single", singleResult: told } };
  }
}

const NO_SUBSCRIPTIONS = "Subscriptions run over a WebSocket: connect to this URL with the protocol graphql-transport-ws.";

/** Clients of the older media type take any other status for a failure of HTTP, and do not read the errors. */
function documentErrorStatus(media: MediaType): number {
  return media === "application/json" ? 200 : 400;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw badRequest("The body is not valid JSON.");
  }
}

/** Apollo asks for documents by "<schema>:<hash>", and so gets those that were judged already: it neither parses nor validates. */
function judgedDocuments(documents: Documents): KeyValueCache {
  return {
    get: async (key: string) => documents.find(key.slice(key.lastIndexOf(":") + 1)),
    set: async () => undefined,
    delete: async () => undefined,
  };
}

type KeyValueCache = NonNullable<ApolloServerOptions<IdentifiedContext>["documentStore"]>;

function apolloLogger(log: Logger) {
  return {
    debug: (message: string) => log.debug({}, message),
    info: (message: string) => log.info({}, message),
    warn: (message: string) => log.warn({}, message),
    error: (message: string) => log.error({}, message),
  };
}

/** Apollo reads environment variables, calls home and serves pages unless told not to. */
const NOTHING_BY_ITSELF = [
  ApolloServerPluginCacheControlDisabled(),
  ApolloServerPluginInlineTraceDisabled(),
  ApolloServerPluginLandingPageDisabled(),
  ApolloServerPluginSchemaReportingDisabled(),
  ApolloServerPluginUsageReportingDisabled(),
];
