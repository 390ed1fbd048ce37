import { Overloaded } from "../admission";
import { unavailable } from "../graphql/errors";
import type { Endpoint, IdentifiedContext } from "../graphql/execution";
import type { Connection } from "./connection";

/** How clients of graphql-ws write that they want an operation. Another way of writing it is refused as well, in more time. */
const SUBSCRIBE = /^\{"id":"([\w-]{1,64})","type":"subscribe",/;

const { message, retryAfterSeconds } = new Overloaded();
const ERRORS = JSON.stringify([{ message, extensions: unavailable(message, retryAfterSeconds).extensions }]);

/**
 * Refuses an operation when there is too much to do, before its message is even parsed; answers whether it did. What comes over a socket
 * cannot be kept from coming, so at three times what can be served two of three messages end here: through the protocol each would take
 * a fifth of the time of one that is served.
 */
export function refusedAtOnce<Context extends IdentifiedContext>(
  { admission, metrics }: Endpoint<Context>,
  connection: Connection,
  text: string,
): boolean {
  if (!admission.isFull || connection.identity === null) return false;
  const [, id] = SUBSCRIBE.exec(text) ?? [];
  if (id === undefined || !admission.refuses()) return false;
  metrics.told("UNAVAILABLE");
  void connection.send(`{"id":"${id}","type":"error","payload":${ERRORS}}`);
  return true;
}
