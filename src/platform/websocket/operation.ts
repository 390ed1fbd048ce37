import { type DocumentNode, type ExecutionArgs, GraphQLError, type GraphQLSchema, OperationTypeNode } from "graphql";
import type { Context as Client, SubscribePayload } from "graphql-ws";
import { type Identity, Unauthenticated } from "../authentication";
import type { Admitted } from "../graphql/documents";
import { badInput, rateLimited } from "../graphql/errors";
import { type Endpoint, EXECUTION_OPTIONS, type IdentifiedContext } from "../graphql/execution";
import type { Executor } from "../graphql/executor";
import { readOperation, type Variables } from "../graphql/operation-request";
import type { Limits } from "../limits";
import { OperationWatch } from "../stopwatch";
import { CLOSE, type Connection } from "./connection";

export type Params = Record<string, unknown>;
export type Peer = Client<Params, Connection>;

/**
 * An operation that is let in: what graphql-js needs, and what we do. A class, and with all that graphql-ws would add, so that each has
 * the same shape: spread copies got a hidden class of their own each, of twice their size, for as long as a subscription lasts.
 */
export class Operation implements ExecutionArgs {
  readonly document: DocumentNode;
  readonly operationName: string | null;
  readonly variableValues: Variables;
  readonly rootValue = undefined;
  readonly options = EXECUTION_OPTIONS;
  readonly type: OperationTypeNode;
  readonly executor: Executor;
  readonly cost: number;
  /** Of its document. */
  readonly tokens: number;
  /** Says that it is over, to whoever counts those that are under way. */
  left: () => void = () => undefined;

  constructor(
    verdict: Admitted,
    readonly schema: GraphQLSchema,
    readonly contextValue: unknown,
    readonly watch: OperationWatch,
    readonly identity: Identity,
    readonly connection: Connection,
    /** The client's name for it on this connection. */
    readonly id: string,
  ) {
    this.document = verdict.document;
    this.operationName = verdict.operationName;
    this.variableValues = verdict.variables;
    this.type = verdict.type;
    this.executor = verdict.executor;
    this.cost = verdict.cost;
    this.tokens = verdict.tokens;
  }
}

/** Decides about an operation. Throws what is wrong with it. */
export function prepare<Context extends IdentifiedContext>(
  { schema, documents, contextOf, limits, clock, metrics }: Endpoint<Context>,
  { extra: connection }: Peer,
  id: string,
  payload: SubscribePayload,
): Operation | readonly GraphQLError[] {
  const { identity } = connection;
  const watch = new OperationWatch(metrics);
  if (identity === null || isExpired(identity, clock.now())) {
    connection.close(CLOSE.forbidden, "Forbidden: the credential has expired");
    throw new Unauthenticated("The credential has expired.");
  }
  // This one is counted already. Those that the client has ended are as good as over; but there is an end to them, too.
  const { size, ended } = connection.operations;
  if (size - ended > limits.socketOperations || size > 2 * limits.socketOperations)
    throw rateLimited(`At most ${limits.socketOperations} operations may run at once on a WebSocket.`, 1);
  const verdict = documents.judge(readOperation(payload, connection.suspicious));
  watch.judged();
  if (!verdict.ok) {
    metrics.count("documents_refused");
    return verdict.errors.flatMap(errorsOf);
  }
  if (verdict.type === OperationTypeNode.SUBSCRIPTION) {
    limitVariables(verdict, limits);
    keepOneQuery(payload, verdict.document);
  }
  return new Operation(verdict, schema, contextOf(identity, watch), watch, identity, connection, id);
}

/** They are kept as long as the subscription lasts. Throws when they are too long, and names the longest. */
function limitVariables({ variables }: Admitted, { subscriptionVariables: most }: Limits): void {
  const lengths = Object.entries(variables).map(([name, value]) => ({ name, length: lengthOf(value) }));
  if (lengths.reduce((sum, { name, length }) => sum + name.length + length, 0) <= most) return;
  const longest = lengths.reduce((one, other) => (other.length > one.length ? other : one));
  throw badInput(`is too long: the variables of a subscription may have ${most} characters together`, [
    longest.name.slice(0, 100),
  ]);
}

/** As JSON. What is nested so deeply that it cannot be written is longer than anything. */
function lengthOf(value: unknown): number {
  try {
    return JSON.stringify(value)?.length ?? 0;
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}

/** The library keeps the message as long as a subscription lasts: it is left with the text that the document has, and not with one more. */
function keepOneQuery(payload: SubscribePayload, { loc }: DocumentNode): void {
  if (loc) Object.assign(payload, { query: loc.source.body });
}

function isExpired({ expiresAt }: Identity, now: bigint): boolean {
  return expiresAt !== null && expiresAt <= now;
}

/** The library takes errors of graphql-js only. */
export function errorsOf(error: unknown): readonly GraphQLError[] {
  if (error instanceof GraphQLError) return [error];
  const message = error instanceof Error ? error.message : String(error);
  return [new GraphQLError(message, error instanceof Error ? { originalError: error } : {})];
}
