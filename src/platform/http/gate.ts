import type { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";

/** Answers a request of which only the head was looked at, its first line and headers; null: it is let in. */
export type Doorkeeper = (head: string) => string | null;

/**
 * Stands before node:http on connections on which something was refused, and refuses what comes next without waking it. To read a request
 * and write an answer takes node:http some 100 µs, and the operating system 30 of them: a server that is asked for three times what
 * it can do would spend most of its time on saying so.
 *
 * It must know where requests begin. So it looks only at connections that bring one request at a time, each in one piece with a
 * Content-Length, and begins to refuse when it and node:http have agreed once on where such a request ended. With anything else it
 * leaves a connection to node:http, for good.
 */
export class Gate {
  readonly #watched = new WeakMap<Socket, Watched>();

  constructor(private readonly doorkeeper: Doorkeeper) {}

  /** Watches the connection of a request that node:http has read, from its end on. */
  watch({ socket }: IncomingMessage): void {
    if (!this.#watched.has(socket)) this.#watched.set(socket, new Watched(socket, this.doorkeeper));
  }

  /** To be told of every request that node:http has read. */
  began(request: IncomingMessage, response: ServerResponse): void {
    this.#watched.get(request.socket)?.began(request, response);
  }
}

/** One connection. */
class Watched {
  /** Whether node:http waits for the beginning of a request there, unless one is under way. */
  #knowsBoundary = false;
  #underWay = 0;
  #begun = 0;
  #latest: IncomingMessage | null = null;
  readonly #emit: Socket["emit"];

  constructor(
    private readonly socket: Socket,
    private readonly doorkeeper: Doorkeeper,
  ) {
    this.#emit = socket.emit;
    // The parser takes bytes by a way of its own until somebody else listens for them; then they come by this event, to it as well.
    socket.on("data", ignore);
    socket.emit = ((event: string, ...values: unknown[]) =>
      event === "data" ? this.#came(values[0] as Buffer) : this.#pass([event, ...values])) as Socket["emit"];
  }

  began(request: IncomingMessage, response: ServerResponse): void {
    this.#begun += 1;
    this.#underWay += 1;
    this.#latest = request;
    response.once("close", () => {
      this.#underWay -= 1;
    });
  }

  #came(chunk: Buffer): boolean {
    const head = this.#underWay === 0 ? headOfWhole(chunk) : null;
    // Who does not read the answers is not written to: node:http reads no more from such.
    if (head === null || this.socket.writableLength > 0) {
      this.#leave();
      return this.#pass(["data", chunk]);
    }
    const answer = this.#knowsBoundary ? this.doorkeeper(head) : null;
    return answer === null ? this.#letIn(chunk) : this.socket.write(answer, "latin1");
  }

  #letIn(chunk: Buffer): boolean {
    const { socket } = this;
    const before = this.#begun;
    const passed = this.#pass(["data", chunk]);
    this.#knowsBoundary = this.#begun === before + 1 && this.#latest?.complete === true;
    if (!this.#knowsBoundary || socket.destroyed) this.#leave();
    return passed;
  }

  #pass(values: readonly unknown[]): boolean {
    return Reflect.apply(this.#emit, this.socket, values) as boolean;
  }

  #leave(): void {
    this.socket.emit = this.#emit;
  }
}

function ignore(): void {}

const END_OF_HEAD = Buffer.from("\r\n\r\n");
/** What says where a request ends, or asks for more than an answer: only a length, and once, is simple enough. */
const NOT_SIMPLE = /\r\n(?:transfer-encoding|expect|upgrade):|\r\nconnection:(?![ \t]*keep-alive[ \t]*\r\n)/i;
const LENGTH = /\r\ncontent-length:([^\r]*)/gi;
const DIGITS = /^[ \t]*\d{1,12}[ \t]*$/;

/** The head of the one simple request that is all of a chunk; null for anything else. */
function headOfWhole(chunk: Buffer): string | null {
  const end = chunk.indexOf(END_OF_HEAD);
  if (end < 0) return null;
  const head = chunk.toString("latin1", 0, end + 2);
  const [length, ...others] = head.matchAll(LENGTH);
  if (!length || others.length > 0 || !DIGITS.test(length[1] as string)) return null;
  const isWhole = chunk.length === end + END_OF_HEAD.length + Number(length[1]);
  return isWhole && !NOT_SIMPLE.test(head) ? head : null;
}
