import { once } from "node:events";
import { request as httpRequest, type IncomingMessage } from "node:http";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { ask, began, codes, occupy, startToyServer, type ToyServer } from "../support/toy-server";
import { ToySocket } from "../support/toy-socket";

const RING = "mutation ($n: Int!) { ring(number: $n) }";
let server: ToyServer;
let open: () => void;

beforeEach(async () => {
  server = await startToyServer({ config: { operationsMax: 2, allowedOrigins: ["https://app.example"] } });
  server.toy.gate = new Promise((resolve) => {
    open = resolve;
  });
});

afterEach(async () => {
  open();
  await server.stop();
});

async function metric(line: string): Promise<number> {
  const text = await (await fetch(`${server.base}/metrics`)).text();
  return Number(
    text
      .split("\n")
      .find((one) => one.startsWith(line))
      ?.slice(line.length),
  );
}

describe("a server with as much under way as it may have", () => {
  test("refuses what comes over HTTP, says when to try again, and answers what it has taken", async () => {
    const taken = await occupy(server, 1, 2);
    const refused = await ask(server, "{ hello }");
    expect(refused.status).toBe(503);
    expect(refused.headers.get("retry-after")).toBe("1");
    expect(refused.headers.get("x-request-id")).toMatch(/^[\w-]{36}$/);
    expect(refused.headers.get("content-type")).toBe("application/graphql-response+json; charset=utf-8");
    expect(refused.errors).toEqual([
      { message: "The server has more to do than it can: try again.", extensions: { code: "UNAVAILABLE", retryAfter: 1 } },
    ]);
    open();
    for (const [index, answer] of taken.entries()) expect((await answer).data).toEqual({ ring: index + 1 });
    expect((await ask(server, "{ hello }")).data).toEqual({ hello: "world" });
    expect(server.toy.seen).toEqual(["ring 1", "ring 2"]);
  });

  test("refuses operations on sockets, which stay open", async () => {
    const socket = await ToySocket.as(server, "admin");
    socket.subscribe("1", RING, { n: 1 });
    await began(server, 1);
    socket.subscribe("2", RING, { n: 2 });
    await began(server, 2);
    socket.subscribe("3", "{ hello }");
    expect(await socket.expect("error")).toMatchObject({
      id: "3",
      payload: [{ extensions: { code: "UNAVAILABLE", retryAfter: 1 } }],
    });
    // The same in another order, as no client that is known writes it.
    socket.socket.send('{"payload":{"query":"{ hello }"},"type":"subscribe","id":"other"}');
    expect(await socket.expect("error")).toMatchObject({ id: "other", payload: [{ extensions: { code: "UNAVAILABLE" } }] });
    expect((await ask(server, "{ hello }")).status).toBe(503);
    open();
    const told = [];
    for (let messages = 0; messages < 4; messages++) told.push(await socket.next());
    const results = told.filter(({ type }) => type === "next").map(({ payload }) => payload);
    expect(results).toEqual([{ data: { ring: 1 } }, { data: { ring: 2 } }]);
    socket.subscribe("4", "{ hello }");
    expect(await socket.expect("next")).toMatchObject({ id: "4", payload: { data: { hello: "world" } } });
    await socket.close();
  });

  test("goes on telling subscribers, and counts none of them", async () => {
    const socket = await ToySocket.as(server, "admin");
    for (const id of ["1", "2", "3"]) socket.subscribe(id, "subscription { rings { number } }");
    const taken = await occupy(server, 1, 2);
    open();
    await Promise.all(taken);
    expect(await socket.expect("next")).toMatchObject({ payload: { data: { rings: { number: expect.any(Number) } } } });
    expect(await metric("tranche_operations_admitted ")).toBe(0);
    await socket.close();
  });

  test("is watched as ever", async () => {
    const taken = await occupy(server, 1, 2);
    expect((await ask(server, "{ hello }")).status).toBe(503);
    for (const path of ["/health", "/ready"]) expect((await fetch(`${server.base}${path}`)).status).toBe(200);
    expect(await metric("tranche_operations_admitted ")).toBe(2);
    expect(await metric("tranche_operations_limit ")).toBe(2);
    expect(await metric('tranche_errors_total{code="UNAVAILABLE"} ')).toBe(1);
    expect(await metric('tranche_http_answers_total{status="503"} ')).toBe(1);
    open();
    await Promise.all(taken);
  });

  test("writes one line to the log, however much it refuses", async () => {
    const taken = await occupy(server, 1, 2);
    for (let tries = 0; tries < 20; tries++) expect(codes(await ask(server, "{ hello }"))).toEqual(["UNAVAILABLE"]);
    expect(server.logged.filter(({ level }) => level === "warn").map(({ message }) => message)).toEqual([
      "more comes in than can be served: what is too much is refused",
    ]);
    open();
    await Promise.all(taken);
  });

  test("lets pages of other origins read that they were refused, and ask whether they may call", async () => {
    const taken = await occupy(server, 1, 2);
    const origin = "https://app.example";
    const refused = await ask(server, "{ hello }", { headers: { origin } });
    expect([refused.status, refused.headers.get("access-control-allow-origin")]).toEqual([503, origin]);
    expect((await fetch(server.url, { method: "OPTIONS", headers: { origin } })).status).toBe(204);
    open();
    await Promise.all(taken);
  });

  test("refuses before it has read the body, and whoever sends it", async () => {
    const taken = await occupy(server, 1, 2);
    const headers = { "content-type": "application/json", authorization: "Bearer nobody", "content-length": "1000" };
    const request = httpRequest(server.url, { method: "POST", headers, agent: false });
    request.flushHeaders();
    const [answer] = (await once(request, "response")) as [IncomingMessage];
    expect([answer.statusCode, answer.headers.connection]).toEqual([503, "close"]);
    request.end("x".repeat(1000));
    answer.resume();
    await once(answer, "end");
    open();
    await Promise.all(taken);
  });

  test("is not kept from others by one that has not sent its request yet", async () => {
    const headers = { "content-type": "application/json", authorization: "Bearer admin", expect: "100-continue" };
    const slow = [1, 2, 3].map(() => httpRequest(server.url, { method: "POST", headers, agent: false }));
    for (const request of slow) {
      const taken = once(request, "continue");
      request.flushHeaders();
      await taken;
    }
    expect((await ask(server, "{ hello }")).status).toBe(200);
    for (const request of slow) {
      const answered = once(request, "response");
      request.end('{"query":"{ hello }"}');
      const [{ statusCode }] = (await answered) as [IncomingMessage];
      expect(statusCode).toBe(200);
    }
  });

  test("refuses a request that was still being sent when there came to be too much", async () => {
    const headers = { "content-type": "application/json", authorization: "Bearer admin", expect: "100-continue" };
    const slow = httpRequest(server.url, { method: "POST", headers, agent: false });
    const begun = once(slow, "continue");
    slow.flushHeaders();
    await begun;
    const taken = await occupy(server, 1, 2);
    const answered = once(slow, "response");
    slow.end('{"query":"{ hello }"}');
    const [answer] = (await answered) as [IncomingMessage];
    expect([answer.statusCode, answer.headers["retry-after"]]).toEqual([503, "1"]);
    open();
    await Promise.all(taken);
  });

  test("has room again after operations that failed, were malformed, or left their socket", async () => {
    const socket = await ToySocket.as(server, "admin");
    for (const id of ["1", "2", "3"]) {
      socket.subscribe(id, "{ nothing }");
      expect(await socket.expect("error")).toMatchObject({ id });
      await ask(server, "{ nothing }");
      await ask(server, '{ fault(kind: "input") }');
    }
    socket.subscribe("4", RING, { n: 4 });
    await began(server, 4);
    await socket.close();
    open();
    await began(server, 4);
    for (let asked = 0; asked < 3; asked++) expect((await ask(server, "{ hello }")).status).toBe(200);
    expect(await metric("tranche_operations_admitted ")).toBe(0);
  });
});
