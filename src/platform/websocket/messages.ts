import {
  type CompleteMessage,
  type ConnectionInitMessage,
  type Message,
  MessageType,
  type PingMessage,
  type PongMessage,
  parseMessage,
  type SubscribeMessage,
} from "graphql-ws";

/** What a client may send, by graphql-transport-ws. */
export type ClientMessage = ConnectionInitMessage | PingMessage | PongMessage | SubscribeMessage | CompleteMessage;

/** Characters of the name that a client gives an operation; a UUID has 36. */
const LONGEST_ID = 255;

/**
 * Reads a message; null: it is none that a client may send. It has no more than is needed, and nothing of its text: graphql-ws keeps it
 * as long as a subscription lasts, and would repeat what a ping carries.
 */
export function readMessage(text: string): ClientMessage | null {
  const message = parsed(text);
  if (message === null) return null;
  switch (message.type) {
    case MessageType.ConnectionInit:
      return message;
    case MessageType.Ping:
    case MessageType.Pong:
      return { type: message.type };
    case MessageType.Complete:
      return message.id.length > LONGEST_ID ? null : { type: message.type, id: message.id };
    case MessageType.Subscribe: {
      const { id, type, payload } = message;
      const { query, operationName, variables } = payload;
      return id.length > LONGEST_ID ? null : { id, type, payload: { query, operationName, variables } };
    }
    case MessageType.ConnectionAck:
    case MessageType.Next:
    case MessageType.Error:
      return null;
  }
}

function parsed(text: string): Message | null {
  try {
    return parseMessage(text);
  } catch {
    return null;
  }
}

interface UnderWay {
  /** The client has ended it. */
  completed: boolean;
  /** What it has begun since under the same name. */
  next: SubscribeMessage | null;
}

/**
 * The operations of one connection that are under way, by the names that the client gave them. graphql-ws knows them by these alone, and
 * loses sight of one whose name is used again before it is over: so each name has one at a time. What a client begins under the name of
 * one that it has ended waits until that is over.
 */
export class OperationNames {
  readonly #underWay = new Map<string, UnderWay>();
  #ended = 0;

  constructor(private readonly isOpen: () => boolean) {}

  get size(): number {
    return this.#underWay.size;
  }

  /** How many of them the client has ended. */
  get ended(): number {
    return this.#ended;
  }

  /** Has a message handled, which must not throw. Answers false when the name of the operation that it begins is taken. */
  pass(message: ClientMessage, handle: (message: ClientMessage) => Promise<void>): boolean {
    if (message.type === MessageType.Subscribe) return this.#begin(message, handle);
    const underWay = message.type === MessageType.Complete ? this.#underWay.get(message.id) : undefined;
    if (underWay && !underWay.completed) {
      underWay.completed = true;
      this.#ended += 1;
    }
    if (underWay?.next) underWay.next = null;
    else void handle(message);
    return true;
  }

  #begin(message: SubscribeMessage, handle: (message: ClientMessage) => Promise<void>): boolean {
    const before = this.#underWay.get(message.id);
    if (before === undefined) void this.#run(message, handle);
    else if (!before.completed || before.next !== null) return false;
    else before.next = message;
    return true;
  }

  async #run(first: SubscribeMessage, handle: (message: ClientMessage) => Promise<void>): Promise<void> {
    for (let message: SubscribeMessage | null = first; message !== null; ) {
      const underWay: UnderWay = { completed: false, next: null };
      this.#underWay.set(message.id, underWay);
      await handle(message);
      this.#underWay.delete(message.id);
      if (underWay.completed) this.#ended -= 1;
      message = this.isOpen() ? underWay.next : null;
    }
  }
}
