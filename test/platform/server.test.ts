import { once } from "node:events";
import { Agent, request as httpRequest, type IncomingMessage } from "node:http";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { ask, began, codes, startToyServer, type ToyServer } from "../support/toy-server";
import { ToySocket } from "../support/toy-socket";

const RING = "mutation ($n: Int!) { ring(number: $n) }";
let server: ToyServer;
let open: () => void;

beforeEach(async () => {
  server = await startToyServer();
  server.toy.gate = new Promise((resolve) => {
    open = resolve;
  });
});

afterEach(async () => {
  open();
  await server.stop();
});

describe("a server that is asked to stop", () => {
  test("finishes what is in flight over HTTP, refuses what comes, and then is gone", async () => {
    const answer = ask(server, RING, { variables: { n: 1 } });
    await began(server, 1);
    const stopped = server.stop();
    const refused = await ask(server, "{ hello }");
    expect(refused.status).toBe(503);
    expect(refused.headers.get("retry-after")).toBe("1");
    expect(refused.headers.get("connection")).toBe("close");
    expect(codes(refused)).toEqual(["UNAVAILABLE"]);
    expect((await fetch(`${server.base}/ready`)).status).toBe(503);
    expect((await fetch(`${server.base}/health`)).status).toBe(200);
    open();
    const { data, headers } = await answer;
    expect([data, headers.get("connection")]).toEqual([{ ring: 1 }, "close"]);
    await stopped;
    await expect(ask(server, "{ hello }")).rejects.toThrow("fetch failed");
  });

  test("finishes what is in flight over WebSockets, refuses what comes, and then closes them", async () => {
    const socket = await ToySocket.as(server, "admin");
    const idle = await ToySocket.as(server, "customer");
    idle.subscribe("1", "subscription { rings { number } }");
    socket.subscribe("1", RING, { n: 2 });
    await began(server, 2);
    const stopped = server.stop();
    socket.subscribe("2", "{ hello }");
    expect(await socket.expect("error")).toMatchObject({
      id: "2",
      payload: [{ extensions: { code: "UNAVAILABLE", retryAfter: 1 } }],
    });
    await expect(ToySocket.open(server)).rejects.toThrow("refused: 503");
    open();
    expect(await socket.expect("next")).toMatchObject({ id: "1", payload: { data: { ring: 2 } } });
    for (const one of [socket, idle]) expect(await one.closed).toEqual({ code: 1001, reason: "The server is stopping" });
    await stopped;
  });

  test("tells a request whose body is still on its way to come again, once it is there", async () => {
    const working = ask(server, RING, { variables: { n: 4 } });
    await began(server, 4);
    const stopped = server.stop();
    const headers = { "content-type": "application/json", authorization: "Bearer admin", expect: "100-continue" };
    const request = httpRequest(server.url, { method: "POST", headers, agent: false });
    const answered = once(request, "response");
    request.flushHeaders();
    // The server has taken the request in.
    await once(request, "continue");
    request.end('{"query":"{ hello }"}');
    const [{ statusCode }] = (await answered) as [IncomingMessage];
    expect(statusCode).toBe(503);
    open();
    await Promise.all([working, stopped]);
  });

  test("waits no longer than it is told to", async () => {
    await server.stop();
    server = await startToyServer({ config: { stopMilliseconds: 50 } });
    server.toy.gate = new Promise(() => undefined);
    const answer = ask(server, RING, { variables: { n: 3 } });
    const cut = expect(answer).rejects.toThrow("fetch failed");
    await began(server, 3);
    await server.stop();
    await cut;
  });

  test("can be asked twice, and stops idle connections at once", async () => {
    await ask(server, "{ hello }");
    const socket = await ToySocket.as(server, "admin");
    // A peer that never says goodbye.
    socket.socket.pause();
    await Promise.all([server.stop(), server.stop()]);
    await server.stop();
    await socket.close();
  });
});

describe("a server that starts", () => {
  test("says where it is", () => {
    expect(server.url).toBe(`http://127.0.0.1:${server.port}/graphql`);
  });

  test("fails when it cannot listen, and leaves nothing behind", async () => {
    await expect(startToyServer({ config: { port: server.port } })).rejects.toThrow("EADDRINUSE");
  });

  test("serves clients that would rather speak HTTP/2, again and again on one connection", async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const sockets = new Set<unknown>();
    for (let round = 0; round < 20; round++) {
      const body = await new Promise<string>((resolve, reject) => {
        const headers = {
          authorization: "Bearer admin",
          "content-type": "application/json",
          connection: "Upgrade, HTTP2-Settings",
          upgrade: "h2c",
          "http2-settings": "AAEAAEAAAAIAAAABAAMAAABkAAQBAAAAAAUAAEAA",
        };
        const outgoing = httpRequest(server.url, { agent, method: "POST", headers });
        outgoing.once("response", (response) => {
          sockets.add(response.socket);
          response.setEncoding("utf8").once("data", resolve);
        });
        outgoing.once("error", reject);
        outgoing.end(JSON.stringify({ query: `{ hello } #${"x".repeat(100_000)}` }));
      });
      expect(body).toBe('{"data":{"hello":"world"}}\n');
    }
    expect(sockets.size).toBe(1);
    agent.destroy();
  });

  test("answers what is no HTTP", async () => {
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const outgoing = httpRequest(server.base, { headers: { "x-large": "x".repeat(20_000) } });
      outgoing.once("response", (response) => resolve(response.resume().statusCode));
      outgoing.once("error", reject);
      outgoing.end();
    });
    expect(status).toBe(431);
  });
});
