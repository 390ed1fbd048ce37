import { connect, type Socket } from "node:net";
import type { Count, Way } from "./count";
import type { Plan } from "./plan";

/** New connections at once: fewer than the operating system keeps for a server that has not come to them yet. */
const OPENED_AT_ONCE = 100;

/** HTTP/1.1 over many connections that are kept, one request at a time on each: a request is one write, an answer one read. */
export class OverHttp implements Way {
  readonly #idle: Line[] = [];
  readonly #head: string;
  connections = 0;

  constructor(
    private readonly plan: Plan,
    private readonly bodyOf: () => string,
    /** What a closed loop does whenever an answer is there. */
    private readonly answered: () => void,
  ) {
    const { pathname, host } = new URL(plan.url);
    this.#head =
      `POST ${pathname} HTTP/1.1\r\nhost: ${host}\r\nauthorization: ${plan.authorization}\r\n` +
      "content-type: application/json\r\naccept: application/json\r\ncontent-length: ";
  }

  async open(): Promise<void> {
    while (this.connections < this.plan.connections) {
      const some = Math.min(OPENED_AT_ONCE, this.plan.connections - this.connections);
      const lines = await Promise.all(Array.from({ length: some }, () => this.#connect()));
      this.#idle.push(...lines);
    }
  }

  send(dueAt: number, count: Count): void {
    const line = this.#free();
    if (line) this.#write(line, dueAt, count);
    else if (this.connections >= this.plan.connections) count.unsent += 1;
    else
      this.#connect().then(
        (opened) => this.#write(opened, dueAt, count),
        (error: Error) => count.fail(error.message),
      );
  }

  #write(line: Line, dueAt: number, count: Count): void {
    const body = this.bodyOf();
    line.send(`${this.#head}${body.length}\r\n\r\n${body}`, dueAt, count);
  }

  /** The one that has been idle for longest: a server closes those that nobody uses. */
  #free(): Line | undefined {
    for (let line = this.#idle.shift(); line; line = this.#idle.shift()) if (line.isOpen) return line;
    return undefined;
  }

  async #connect(): Promise<Line> {
    this.connections += 1;
    const { port, hostname } = new URL(this.plan.url);
    const socket = connect(Number(port), hostname);
    await new Promise<void>((resolve, reject) => {
      socket.once("connect", resolve);
      socket.once("error", reject);
      socket.once("close", () => {
        this.connections -= 1;
      });
    });
    return new Line(socket, (line) => {
      this.#idle.push(line);
      this.answered();
    });
  }
}

/** One connection, one request at a time. */
class Line {
  #count: Count | null = null;
  #dueAt = 0;
  #received = "";
  isOpen = true;

  constructor(
    private readonly socket: Socket,
    private readonly free: (line: Line) => void,
  ) {
    socket.setNoDelay(true);
    socket.setEncoding("latin1");
    socket.on("data", (chunk: string) => this.#receive(chunk));
    socket.on("error", (error) => this.#fail(error.message));
    socket.on("close", () => this.#fail("the connection was closed"));
  }

  send(request: string, dueAt: number, count: Count): void {
    this.#count = count;
    this.#dueAt = dueAt;
    this.socket.write(request, "latin1");
  }

  #receive(chunk: string): void {
    this.#received += chunk;
    const end = this.#received.indexOf("\r\n\r\n");
    if (end < 0) return;
    const length = Number(/\r\ncontent-length: (\d+)/i.exec(this.#received)?.[1]);
    if (this.#received.length < end + 4 + length) return;
    this.#answered(this.#received);
    this.#received = "";
    this.free(this);
  }

  #answered(answer: string): void {
    const count = this.#count;
    this.#count = null;
    if (!count) return;
    if (answer.startsWith("HTTP/1.1 200") && answer.includes('"refusal":null')) count.accept(this.#dueAt);
    else if (answer.startsWith("HTTP/1.1 503") && /\r\nretry-after: \d/i.test(answer)) count.refuse(this.#dueAt);
    else count.fail(answer);
  }

  #fail(why: string): void {
    this.isOpen = false;
    this.#count?.fail(why);
    this.#count = null;
  }
}
