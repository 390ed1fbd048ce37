import { IncomingMessage } from "node:http";
import type { Writable } from "node:stream";
import { queryObjects } from "node:v8";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { Unavailable } from "../../../src/platform/unavailable";
import { startToyServer, type ToyOptions, type ToyServer } from "../../support/toy-server";
import { ToySocket } from "../../support/toy-socket";

let server: ToyServer;

beforeEach(async () => {
  server = await startToyServer();
});

afterEach(() => server.stop());

async function restart(options: ToyOptions): Promise<void> {
  await server.stop();
  server = await startToyServer(options);
}

const SECOND = 1_000_000n;

describe("who comes in", () => {
  test("says who it is, and is then known", async () => {
    const socket = await ToySocket.as(server, "service");
    expect(await socket.ask("{ hello role }")).toEqual({ data: { hello: "world", role: "SERVICE" } });
  });

  test.each([[{ authorization: "Bearer unknown" }], [{ authorization: 7 }], [{}]])(
    "with %j is shown the door",
    async (payload) => {
      const socket = await ToySocket.open(server);
      socket.send({ type: "connection_init", payload });
      expect(await socket.closed).toEqual({
        code: 4401,
        reason: 'Unauthorized: connectionParams.authorization must be "Bearer " and a key or token that counts',
      });
    },
  );

  test("without a word has to leave", async () => {
    await restart({ limits: { connectionInitMilliseconds: 50 } });
    const socket = await ToySocket.open(server);
    expect((await socket.closed).code).toBe(4408);
  });

  test("with many words has to leave before they are all said, and one who is known may say them", async () => {
    const socket = await ToySocket.open(server);
    const raw = socket.socket as unknown as { readonly _socket: Writable };
    // The beginning of a message of 900,000 bytes, which is never finished.
    const beginning = Buffer.alloc(40_000);
    beginning.set([0x81, 0xff, 0, 0, 0, 0, 0, 0x0d, 0xbb, 0xa0]);
    raw._socket.write(beginning);
    expect((await socket.closed).code).toBe(1006);
    const known = await ToySocket.as(server, "admin");
    expect(await known.ask(`{ hello } #${"x".repeat(40_000)}`)).toEqual({ data: { hello: "world" } });
  });

  test("and asks at once has to leave, even with a credential on its way", async () => {
    const socket = await ToySocket.open(server);
    socket.send({ type: "connection_init", payload: { authorization: "Bearer admin" } });
    socket.subscribe("1", "{ hello }");
    expect((await socket.closed).code).toBe(4401);
  });

  test("and says it twice has to leave", async () => {
    const socket = await ToySocket.as(server, "admin");
    socket.send({ type: "connection_init" });
    expect((await socket.closed).code).toBe(4429);
  });

  test("comes again later when it cannot be told who it is", async () => {
    server.authenticator.failure = new Unavailable("The keys cannot be read.", 1);
    const socket = await ToySocket.open(server);
    socket.send({ type: "connection_init" });
    expect(await socket.closed).toEqual({ code: 1013, reason: "Try again later" });
  });

  test("learns nothing of our faults", async () => {
    server.authenticator.failure = new Error("password=hunter2");
    const socket = await ToySocket.open(server);
    socket.send({ type: "connection_init" });
    expect(await socket.closed).toEqual({ code: 4500, reason: "Internal error" });
    expect(server.logged.map(({ level }) => level)).toEqual(["error"]);
  });

  test("speaks the protocol, or is not listened to", async () => {
    await expect(ToySocket.open(server, {}, "graphql-ws")).rejects.toThrow("subprotocol");
  });

  test("finds sockets at one path only", async () => {
    await expect(ToySocket.open({ ...server, url: `${server.base}/elsewhere` })).rejects.toThrow("refused: 404");
  });
});

describe("pages of other origins", () => {
  const open = (origin: string) => ToySocket.open(server, { origin });

  test("are turned away unless they are listed", async () => {
    await restart({ config: { allowedOrigins: ["https://app.example"] } });
    await expect(open("https://evil.example")).rejects.toThrow("refused: 403");
    await expect(open("https://app.example.evil.example")).rejects.toThrow("refused: 403");
    await expect(open("null")).rejects.toThrow("refused: 403");
    await expect(open("https://app.example")).resolves.toBeInstanceOf(ToySocket);
  });

  test("the server's own, and clients that are no browsers, come in", async () => {
    await expect(open(server.base)).resolves.toBeInstanceOf(ToySocket);
    await expect(ToySocket.open(server)).resolves.toBeInstanceOf(ToySocket);
    await expect(open("https://app.example")).rejects.toThrow("refused: 403");
  });
});

describe("so many", () => {
  test("sockets, and no more, are open at once", async () => {
    await restart({ config: { socketsMax: 2 } });
    const first = await ToySocket.open(server);
    await ToySocket.open(server);
    await expect(ToySocket.open(server)).rejects.toThrow("refused: 503");
    await first.close();
    await expect(ToySocket.open(server)).resolves.toBeInstanceOf(ToySocket);
  });

  test("sockets one credential has, and others are not concerned", async () => {
    await restart({ config: { socketsPerCredentialMax: 1 } });
    const first = await ToySocket.as(server, "service");
    await expect(ToySocket.as(server, "service")).rejects.toThrow("closed: 4429 Too many WebSockets with this credential");
    await ToySocket.as(server, "admin");
    await first.close();
    await ToySocket.as(server, "service");
  });

  test("operations run at once on a socket; what is over is not counted", async () => {
    await restart({ config: { socketOperationsMax: 2 } });
    const socket = await ToySocket.as(server, "admin");
    for (const id of ["1", "2", "3"]) socket.subscribe(id, "subscription { rings { number } }");
    const message = await socket.expect("error");
    expect(message).toMatchObject({
      id: "3",
      payload: [
        { message: "At most 2 operations may run at once on a WebSocket.", extensions: { code: "RATE_LIMITED", retryAfter: 1 } },
      ],
    });
    socket.together(() => {
      socket.send({ type: "complete", id: "1" });
      socket.subscribe("4", "{ hello }");
    });
    expect(await socket.next()).toEqual({ id: "4", type: "next", payload: { data: { hello: "world" } } });
    await socket.expect("complete");
    expect(await socket.ask("{ hello }")).toEqual({ data: { hello: "world" } });
  });

  test("bytes has a message", async () => {
    const socket = await ToySocket.as(server, "admin");
    socket.sendText(" ".repeat(1_000_001));
    expect((await socket.closed).code).toBe(1009);
  });
});

describe("who may stay", () => {
  function expiring(seconds: bigint): void {
    const admin = server.authenticator.known.get("admin");
    if (admin)
      server.authenticator.known.set("brief", { ...admin, keyId: "brief", expiresAt: server.clock.now() + seconds * SECOND });
  }

  test("leaves at the very instant at which its token expires", async () => {
    expiring(60n);
    const socket = await ToySocket.as(server, "brief");
    server.clock.set(server.clock.now() + 60n * SECOND - 1n);
    await socket.settled();
    server.clock.set(server.clock.now() + 1n);
    expect(await socket.closed).toEqual({ code: 4403, reason: "Forbidden: the credential has expired" });
  });

  test("leaves within five seconds after its key was revoked, and others stay", async () => {
    const revoked = await Promise.all([ToySocket.as(server, "service"), ToySocket.as(server, "service")]);
    const other = await ToySocket.as(server, "admin");
    server.authenticator.revoked.add("service");
    server.clock.set(server.clock.now() + 5n * SECOND);
    for (const socket of revoked)
      expect(await socket.closed).toEqual({ code: 4403, reason: "Forbidden: the credential is no longer valid" });
    await other.settled();
    // Once a credential, however many sockets it has.
    expect(server.authenticator.asked).toBe(2);
  });

  test("is asked again and again", async () => {
    const socket = await ToySocket.as(server, "admin");
    for (let round = 1; round <= 3; round++) {
      server.clock.set(server.clock.now() + 5n * SECOND);
      await socket.settled();
      expect(server.authenticator.asked).toBe(round);
    }
  });

  test("stays while nobody can tell", async () => {
    const socket = await ToySocket.as(server, "admin");
    const warned = server.logs("the credential of an open WebSocket cannot be checked; it is tried again");
    server.authenticator.failure = new Unavailable("The keys cannot be read.", 1);
    server.clock.set(server.clock.now() + 5n * SECOND);
    await warned;
    await socket.settled();
  });

  test("leaves when it gives no sign of life", async () => {
    await restart({ limits: { pingMilliseconds: 50 } });
    const socket = await ToySocket.open(server, { autoPong: false });
    expect((await socket.closed).code).toBe(1006);
  });

  test("and answers pings, stays", async () => {
    await restart({ limits: { pingMilliseconds: 20 } });
    const socket = await ToySocket.as(server, "admin");
    for (let pings = 0; pings < 5; pings++) await new Promise((resolve) => socket.socket.once("ping", resolve));
    await socket.settled();
  });
});

test("a socket keeps nothing of the request that it came with", async () => {
  const sockets = await Promise.all(Array.from({ length: 20 }, () => ToySocket.as(server, "admin")));
  // Collects what is garbage before it counts; those of the sockets' clients, in this process as well, are not kept either.
  expect([sockets.length, queryObjects(IncomingMessage)]).toEqual([20, 0]);
});
