import { connect, type Socket } from "node:net";

/** What a follower asks for, and as whom. */
export interface Following {
  readonly authorization: string;
  readonly query: string;
  readonly variables: object;
}

const SEQUENCE = Buffer.from('"sequence":"');
const ACKNOWLEDGED = Buffer.from('"connection_ack"');
const NEXT = Buffer.from('"next"');
const HEAD_END = Buffer.from("\r\n\r\n");
const ZERO = 0x30;
/** Of frames, as RFC 6455 numbers them. */
const OPCODE = { text: 1, ping: 9, pong: 10 } as const;
/** One for all: what a read brings is looked at before the next one. */
const READING = Buffer.allocUnsafe(65_536);

/**
 * One graphql-ws client with one subscription, which looks at nothing but the sequence of what it is told: thousands of them, and
 * tens of thousands of messages a second, leave most of the processors to the server.
 */
export class Follower {
  /** The sequence told last. */
  last = 0;
  readonly #socket: Socket;
  #rest: Buffer = Buffer.alloc(0);
  #upgraded = false;
  #opened: () => void = () => undefined;
  #failed: (error: Error) => void = () => undefined;
  /** Resolves with the first that it is told. */
  readonly opened: Promise<void>;

  constructor(
    url: URL,
    private readonly following: Following,
    private readonly told: (sequence: number, before: number) => void,
  ) {
    this.opened = new Promise((resolve, reject) => {
      this.#opened = resolve;
      this.#failed = reject;
    });
    const onread = { buffer: READING, callback: (length: number) => this.#receive(READING.subarray(0, length)) };
    this.#socket = connect({ port: Number(url.port), host: url.hostname, onread });
    this.#socket.setNoDelay(true);
    this.#socket.on("error", (error) => this.#failed(error));
    this.#socket.on("close", () => this.#failed(new Error("the server closed the socket")));
    this.#socket.write(
      `GET ${url.pathname} HTTP/1.1\r\nHost: ${url.host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n` +
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n",
    );
  }

  close(): void {
    this.#socket.destroy();
  }

  /** Answers whether to read on. */
  #receive(chunk: Buffer): boolean {
    const data = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    let at = this.#upgraded ? 0 : this.#upgrade(data);
    for (let end = endOfFrame(data, at); end !== null; end = endOfFrame(data, at)) {
      this.#take(data.subarray(at, end));
      at = end;
    }
    // The buffer is about to be written to again: what is left of it is kept apart.
    this.#rest = Buffer.from(data.subarray(at));
    return true;
  }

  /** Where frames begin. */
  #upgrade(data: Buffer): number {
    const end = data.indexOf(HEAD_END);
    if (end < 0) return 0;
    if (!data.toString("latin1", 0, end).startsWith("HTTP/1.1 101")) this.#failed(new Error(data.toString("latin1", 0, end)));
    this.#upgraded = true;
    this.#send(OPCODE.text, { type: "connection_init", payload: { authorization: this.following.authorization } });
    return end + HEAD_END.length;
  }

  #take(frame: Buffer): void {
    const place = frame.indexOf(SEQUENCE);
    if (((frame[0] ?? 0) & 0x0f) === OPCODE.ping) this.#send(OPCODE.pong, null);
    else if (place >= 0 && frame.includes(NEXT)) this.#note(numberAt(frame, place + SEQUENCE.length));
    else if (frame.includes(ACKNOWLEDGED)) this.#subscribe();
    else this.#failed(new Error(frame.toString()));
  }

  #subscribe(): void {
    const { query, variables } = this.following;
    this.#send(OPCODE.text, { id: "1", type: "subscribe", payload: { query, variables } });
  }

  #note(sequence: number): void {
    const before = this.last;
    this.last = sequence;
    this.told(sequence, before);
    if (before === 0) this.#opened();
  }

  /** Clients must mask what they send; a mask of zeros changes nothing. */
  #send(opcode: number, message: object | null): void {
    const body = message === null ? Buffer.alloc(0) : Buffer.from(JSON.stringify(message));
    const head = Buffer.alloc(body.length < 126 ? 6 : 8);
    head[0] = 0x80 | opcode;
    head[1] = 0x80 | (body.length < 126 ? body.length : 126);
    if (body.length >= 126) head.writeUInt16BE(body.length, 2);
    this.#socket.write(Buffer.concat([head, body]));
  }
}

/** Where a whole frame ends; null: there is none yet. Those of a server are not masked, and all are shorter than 65,536 bytes here. */
function endOfFrame(data: Buffer, at: number): number | null {
  if (data.length < at + 4) return data.length === at + 2 && data[at + 1] === 0 ? at + 2 : null;
  const short = (data[at + 1] ?? 0) & 0x7f;
  const end = short < 126 ? at + 2 + short : at + 4 + data.readUInt16BE(at + 2);
  return end <= data.length ? end : null;
}

function numberAt(data: Buffer, start: number): number {
  let value = 0;
  for (let at = start; ; at++) {
    const digit = (data[at] ?? 0) - ZERO;
    if (digit < 0 || digit > 9) return value;
    value = value * 10 + digit;
  }
}
