import type { GraphQLSchema } from "graphql";
import type { Admission } from "../admission";
import type { Authenticator, Identity } from "../authentication";
import type { Clock, Logger } from "../context";
import type { Limits } from "../limits";
import type { ServerMetrics } from "../metrics";
import type { OperationWatch } from "../stopwatch";
import type { Documents } from "./documents";

/** For graphql-js: variables that do not fit their types are told of up to so many; the rest is not even looked at. */
export const EXECUTION_OPTIONS = { maxCoercionErrors: 10 } as const;

/** What every resolver can have; features have more in theirs. */
export interface IdentifiedContext {
  readonly identity: Identity;
}

/** Makes the context of one request; for a subscription of each event, so that what was loaded for one is loaded anew for the next. */
export type ContextOf<Context extends IdentifiedContext> = (identity: Identity, watch: OperationWatch) => Context;

/** What both transports work with. */
export interface Endpoint<Context extends IdentifiedContext> {
  readonly schema: GraphQLSchema;
  readonly documents: Documents;
  readonly authenticator: Authenticator;
  readonly contextOf: ContextOf<Context>;
  readonly limits: Limits;
  readonly admission: Admission;
  readonly clock: Clock;
  readonly log: Logger;
  readonly metrics: ServerMetrics;
}
