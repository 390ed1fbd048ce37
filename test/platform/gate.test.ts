import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import { setImmediate as nextTurn } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { Gate } from "../../src/platform/http/gate";
import { overloadedAnswer } from "../../src/platform/http/overloaded";
import { occupy, startToyServer, type ToyServer } from "../support/toy-server";

/** Connections on which something was refused: what comes next is refused before node:http reads it, or else is read as ever. */

interface Answer {
  readonly status: number;
  readonly head: string;
  readonly body: string;
}

/** A connection that writes what it is told to, and reads answers that have a Content-Length. */
class Line {
  #text = "";
  #arrived: () => void = () => undefined;
  closed = false;

  private constructor(readonly socket: Socket) {
    socket.setEncoding("latin1");
    socket.on("data", (text: string) => {
      this.#text += text;
      this.#arrived();
    });
    socket.on("close", () => {
      this.closed = true;
      this.#arrived();
    });
  }

  static async to(port: number): Promise<Line> {
    const socket = connect(port, "127.0.0.1");
    socket.setNoDelay(true);
    await once(socket, "connect");
    return new Line(socket);
  }

  async answer(): Promise<Answer> {
    for (;;) {
      this.#text = this.#text.replace(/^HTTP\/1\.1 100 [^\r]*\r\n\r\n/, "");
      const end = this.#text.indexOf("\r\n\r\n");
      const [, length] = /\r\ncontent-length: (\d+)/i.exec(this.#text.slice(0, end + 2)) ?? [];
      const whole = end + 4 + Number(length);
      if (end >= 0 && this.#text.length >= whole) {
        const [head, body] = [this.#text.slice(0, end), this.#text.slice(end + 4, whole)];
        this.#text = this.#text.slice(whole);
        return { status: Number(head.slice(9, 12)), head, body };
      }
      if (this.closed) throw new Error(`closed after ${this.#text}`);
      await this.#more();
    }
  }

  async ask(request: string): Promise<Answer> {
    this.socket.write(request);
    return this.answer();
  }

  async end(): Promise<void> {
    while (!this.closed) await this.#more();
  }

  #more(): Promise<void> {
    return new Promise((resolve) => {
      this.#arrived = resolve;
    });
  }
}

function post(body: string, headers: readonly string[] = []): string {
  const lines = [
    "POST /graphql HTTP/1.1",
    "Host: a",
    "Content-Type: application/json",
    `Content-Length: ${body.length}`,
    ...headers,
  ];
  return `${lines.join("\r\n")}\r\n\r\n${body}`;
}

describe("a gate before node:http", () => {
  let server: Server;
  let port: number;
  let gate: Gate;
  /** What node:http has read. */
  let read: string[];
  let isFull: boolean;
  const sockets: Socket[] = [];
  const refused = "HTTP/1.1 503 Service Unavailable\r\ncontent-length: 4\r\n\r\ngate";

  beforeEach(async () => {
    read = [];
    isFull = true;
    gate = new Gate(() => (isFull ? refused : null));
    const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
      gate.watch(request);
      gate.began(request, response);
      let body = "";
      for await (const part of request) body += part;
      read.push(body);
      response.end("node");
    };
    server = createServer((request, response) => void answer(request, response));
    server.on("connection", (socket) => sockets.push(socket));
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    port = (server.address() as AddressInfo).port;
  });

  afterEach(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, "close");
    sockets.length = 0;
  });

  /** A connection whose requests the gate answers by now. */
  async function gated(): Promise<Line> {
    const line = await Line.to(port);
    const bodies = [];
    for (const body of ["one", "two", "three"]) bodies.push((await line.ask(post(body))).body);
    expect(bodies).toEqual(["node", "node", "gate"]);
    expect(read.splice(0)).toEqual(["one", "two"]);
    return line;
  }

  test("answers by itself once a request has shown where the next one begins, and lets in again what is not refused", async () => {
    const line = await gated();
    isFull = false;
    expect((await line.ask(post("in"))).body).toBe("node");
    isFull = true;
    expect((await line.ask(post("out"))).body).toBe("gate");
    expect((await line.ask(post("", ["Connection: keep-alive"]))).body).toBe("gate");
    expect(read).toEqual(["in"]);
    expect(server.listenerCount("request")).toBe(1);
  });

  test.each([
    ["in two pieces", [post("part").slice(0, 30), post("part").slice(30)], ["part"]],
    ["with its body apart", [post("body").slice(0, -4), "body"], ["body"]],
    ["and another one with it", [post("first") + post("second")], ["first", "second"]],
    ["in chunks", ["POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"], ["abc"]],
    ["without a body", ["GET / HTTP/1.1\r\nHost: a\r\n\r\n"], [""]],
    ["that waits to be told to go on", [post("later", ["Expect: 100-continue"])], ["later"]],
    ["for the last time", [post("last", ["Connection: close"])], ["last"]],
  ])("leaves a connection to node:http that brings a request %s", async (_, pieces, bodies) => {
    const line = await gated();
    for (const piece of pieces) {
      line.socket.write(piece);
      // So that pieces come apart.
      await once(sockets[0] as Socket, "data");
    }
    for (const _body of bodies) expect((await line.answer()).body).toBe("node");
    expect(read.splice(0)).toEqual(bodies);
    if (pieces[0]?.includes("close")) return line.end();
    expect((await line.ask(post("more"))).body).toBe("node");
  });

  test("answers nothing in the middle of a body, whatever that looks like", async () => {
    const line = await gated();
    const inner = post("hidden");
    line.socket.write(`POST / HTTP/1.1\r\nHost: a\r\nContent-Length: ${inner.length}\r\n\r\n`);
    await once(sockets[0] as Socket, "data");
    expect((await line.ask(inner)).body).toBe("node");
    expect(read).toEqual([inner]);
  });

  test.each(["Content-Length: 5", "content-length:4", "Content-Length: +4"])(
    "leaves a request that also says %s to node:http",
    async (more) => {
      const line = await gated();
      expect((await line.ask(post("four", [more])).catch(() => null))?.body ?? "").not.toBe("gate");
      await line.end();
      expect(read).toEqual([]);
    },
  );

  test("writes nothing behind an answer that has not left yet: node:http has its own way with who does not read", async () => {
    const line = await gated();
    const [own] = sockets as [Socket];
    own.cork();
    line.socket.write(post("gate"));
    while (own.writableLength === 0) await nextTurn();
    expect(own.writableLength).toBe(refused.length);
    line.socket.write(post("node"));
    await once(own, "data");
    own.uncork();
    expect([(await line.answer()).body, (await line.answer()).body]).toEqual(["gate", "node"]);
    expect(read).toEqual(["node"]);
  });
});

describe("a server with as much under way as it may have", () => {
  const HELLO = JSON.stringify({ query: "{ hello }" });
  let server: ToyServer;
  let open: () => void;

  beforeEach(async () => {
    server = await startToyServer({ config: { operationsMax: 1, allowedOrigins: ["https://app.example"] } });
    server.toy.gate = new Promise((resolve) => {
      open = resolve;
    });
  });

  afterEach(async () => {
    open();
    await server.stop();
  });

  test("says the same to who asks over and over, and answers when there is room", async () => {
    const taken = await occupy(server, 1);
    const line = await Line.to(server.port);
    const token = ["Authorization: Bearer admin"];
    const told = [];
    for (let times = 0; times < 4; times++) told.push(await line.ask(post(HELLO, [...token, `X-Request-Id: r-${times}`])));
    const linesOf = ({ head }: Answer) => head.split("\r\n").filter((text) => !/^(date|connection|keep-alive):/i.test(text));
    expect(told.map(({ body }) => body)).toEqual(Array(4).fill(told[0]?.body));
    for (const [times, answer] of told.entries()) {
      expect(answer.status).toBe(503);
      expect(
        linesOf(answer)
          .map((text) => text.replace(/r-\d$/, "r-0"))
          .sort(),
      ).toEqual(linesOf(told[0] as Answer).sort());
      expect(answer.head).toContain(`x-request-id: r-${times}`);
    }
    // Only node:http dates its answers.
    expect(told.map(({ head }) => /\r\ndate:/i.test(head))).toEqual([true, true, false, false]);
    const page = await line.ask(post(HELLO, [...token, "Origin: https://app.example"]));
    expect([page.status, /access-control-allow-origin: https:\/\/app\.example/.test(page.head)]).toEqual([503, true]);
    expect((await line.ask(post(HELLO, ["Accept: application/graphql-response+json"]))).head).toContain("graphql-response+json");
    open();
    await Promise.all(taken);
    expect(await line.ask(post(HELLO, token))).toMatchObject({ status: 200, body: '{"data":{"hello":"world"}}\n' });
    line.socket.destroy();
  });

  test("counts what it refuses so, and leaves all else alone", async () => {
    const taken = await occupy(server, 1);
    const line = await Line.to(server.port);
    for (let times = 0; times < 5; times++) expect((await line.ask(post(HELLO))).status).toBe(503);
    expect((await line.ask(post(HELLO).replace("/graphql", "/nowhere"))).status).toBe(404);
    const text = await (await fetch(`${server.base}/metrics`)).text();
    expect(text).toContain('tranche_http_answers_total{status="503"} 5\n');
    expect(text).toContain('tranche_errors_total{code="UNAVAILABLE"} 5\n');
    open();
    await Promise.all(taken);
    line.socket.destroy();
  });
});

test("an answer without node:http says which media type and id it has", async () => {
  const server = await startToyServer({});
  const endpoint = { admission: { refuses: () => true }, metrics: { answered: () => undefined, told: () => undefined } };
  const answerTo = (head: string) => overloadedAnswer(endpoint as never, head);
  const start = "POST /graphql HTTP/1.1\r\n";
  expect(answerTo(`${start}Host: a\r\n`)).toMatch(/^HTTP\/1\.1 503 .*\r\ncontent-type: application\/json; charset=utf-8\r\n/);
  expect(answerTo(`${start}X-Request-ID:  bad id \r\n`)).toMatch(/\r\nx-request-id: [0-9a-f-]{36}\r\n/);
  expect(answerTo(`${start}ORIGIN: https://a\r\n`)).toBeNull();
  expect(answerTo("GET /graphql HTTP/1.1\r\n")).toBeNull();
  await server.stop();
});
