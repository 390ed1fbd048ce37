import type { ExecutionResult } from "graphql";
import { CommonWork } from "../common-work";
import type { Endpoint, IdentifiedContext } from "../graphql/execution";
import { type View, viewOf } from "../graphql/views";
import { OperationWatch } from "../stopwatch";
import type { Operation } from "./operation";
import { type Listener, subscribe } from "./subscription";

/** What graphql-js finds, and graphql-ws passes on. */
export type Result = { readonly [Part in "data" | "errors"]?: ExecutionResult[Part] | undefined };

/** Behind the payload of a message. */
const BEHIND = Buffer.from("}");

/**
 * What those who are subscribed are told of events. Each reads its own source at its own pace; but an event is executed once, and put
 * into bytes once, for all who have come to it in the same turn and to whom it looks the same.
 */
export class Events<Context extends IdentifiedContext> implements Showing {
  readonly #shown = new CommonWork<Buffer>();

  constructor(
    private readonly endpoint: Endpoint<Context>,
    private readonly payloadOf: (result: Result, operation: Operation) => object,
  ) {}

  /** Carries out a subscription, as `subscribe` does. */
  follow(operation: Operation) {
    const counted = this.endpoint.metrics.operation(operation.type, "websocket");
    return subscribe(operation, new Subscriber(operation, this, counted));
  }

  /** The payload of a message, as JSON. */
  show(operation: Operation, { name, viewer }: View, event: unknown): Promise<Buffer> {
    const { contextOf, metrics } = this.endpoint;
    return this.#shown.ask(event, name, async () => {
      const { schema, document, operationName, variableValues, options } = operation;
      const contextValue = contextOf(viewer, new OperationWatch(metrics));
      const result = await operation.executor.execute({
        schema,
        document,
        operationName,
        variableValues,
        options,
        rootValue: event,
        contextValue,
      });
      return Buffer.from(JSON.stringify(this.payloadOf(result, operation)));
    });
  }
}

interface Showing {
  show(operation: Operation, view: View, event: unknown): Promise<Buffer>;
}

/** What is kept of one who is subscribed, beside the operation: there are thousands. */
class Subscriber implements Listener {
  /** What each message begins with. */
  readonly #before: Buffer;
  /** Made only when there is something to show: the variables are known to fit by then. */
  #view: View | null = null;

  constructor(
    private readonly operation: Operation,
    private readonly events: Showing,
    private readonly counted: (outcome: "done" | "errors") => void,
  ) {
    this.#before = ofItsOwn(`{"id":${JSON.stringify(operation.id)},"type":"next","payload":`);
  }

  show(event: unknown): Promise<Buffer> {
    this.#view ??= viewOf(this.operation, this.operation.identity, this.operation.connection.wantsCost);
    return this.events.show(this.operation, this.#view, event);
  }

  deliver(shown: Buffer): Promise<void> | null {
    return this.operation.connection.sendParts(this.#before, shown, BEHIND);
  }

  ended(outcome: "done" | "errors"): void {
    this.operation.left();
    this.counted(outcome);
  }
}

/** Not of the memory that Node shares out: a few bytes that stay would keep eight kilobytes of it. */
function ofItsOwn(text: string): Buffer {
  const bytes = Buffer.allocUnsafeSlow(Buffer.byteLength(text));
  bytes.write(text);
  return bytes;
}
