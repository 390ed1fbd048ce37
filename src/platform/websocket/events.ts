import { randomUUID } from "node:crypto";
import type { ExecutionResult } from "graphql";
import { CommonWork } from "../common-work";
import type { Endpoint, IdentifiedContext } from "../graphql/execution";
import { type View, viewOf } from "../graphql/views";
import { OperationWatch } from "../stopwatch";
import type { Prepared } from "./operation";
import { subscribe } from "./subscription";

/** What graphql-js finds, and graphql-ws passes on. */
export type Result = { readonly [Part in "data" | "errors"]?: ExecutionResult[Part] | undefined };

/** For the contexts of events: what is shown to many does not end with one of them. */
const NEVER = new AbortController().signal;
/** Behind the payload of a message. */
const BEHIND = Buffer.from("}");

/**
 * What those who are subscribed are told of events. Each reads its own source at its own pace; but an event is executed once, and put
 * into bytes once, for all who have come to it in the same turn and to whom it looks the same.
 */
export class Events<Context extends IdentifiedContext> {
  readonly #shown = new CommonWork<Buffer>();

  constructor(
    private readonly endpoint: Endpoint<Context>,
    private readonly payloadOf: (result: Result, operation: Prepared, requestId: string) => object,
  ) {}

  /** Carries out a subscription, as `subscribe` does. */
  follow(operation: Prepared) {
    const { leaving, identity, tellsCost, connection, id } = operation;
    const before = Buffer.from(`{"id":${JSON.stringify(id)},"type":"next","payload":`);
    // Made only when there is something to show: the variables are known to fit by then.
    let view: View | null = null;
    return subscribe(operation, {
      leaving,
      show: (event) => {
        view ??= viewOf(operation, identity, tellsCost);
        return this.#show(operation, view, event);
      },
      deliver: (payload) => connection.sendParts(before, payload, BEHIND),
      ended: this.endpoint.metrics.operation(operation.type, "websocket"),
    });
  }

  /** The payload of a message, as JSON. */
  #show(operation: Prepared, { name, viewer }: View, event: unknown): Promise<Buffer> {
    const { contextOf, metrics } = this.endpoint;
    return this.#shown.ask(event, name, async () => {
      const id = randomUUID();
      const contextValue = contextOf(viewer, { id, ip: "", signal: NEVER, watch: new OperationWatch(metrics) });
      const result = await operation.executor.execute({ ...operation, rootValue: event, contextValue });
      return Buffer.from(JSON.stringify(this.payloadOf(result, operation, id)));
    });
  }
}
