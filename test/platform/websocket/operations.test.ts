import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { createClient } from "graphql-ws";
import { WebSocket } from "ws";
import { startToyServer, type ToyServer } from "../../support/toy-server";
import { type Message, ToySocket } from "../../support/toy-socket";

let server: ToyServer;

beforeEach(async () => {
  server = await startToyServer();
});

afterEach(() => server.stop());

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
/** What the metrics say of subscriptions under way. */
async function running(): Promise<number> {
  const text = await (await fetch(`${server.base}/metrics`)).text();
  const [, count = "0"] = /^tranche_operations_running{(?=.*subscription).*} (\d+)$/m.exec(text) ?? [];
  return Number(count);
}

describe("operations over a WebSocket", () => {
  test("are queries and mutations, too", async () => {
    const socket = await ToySocket.as(server, "admin");
    expect(await socket.ask("mutation ($n: Int!) { ring(number: $n) }", { n: 7 })).toEqual({ data: { ring: 7 } });
    expect(server.toy.seen).toEqual(["ring 7"]);
  });

  test("obey the rules of access", async () => {
    const socket = await ToySocket.as(server, "customer");
    expect(await socket.ask("{ hello secret }")).toMatchObject({
      data: { hello: "world", secret: null },
      errors: [{ path: ["secret"], extensions: { code: "FORBIDDEN" } }],
    });
    expect(await socket.ask("subscription { privateRings { number } }")).toMatchObject({
      errors: [
        { message: "Subscription.privateRings is for ADMIN, not for the role CUSTOMER.", extensions: { code: "FORBIDDEN" } },
      ],
    });
  });

  test("are told errors as over HTTP", async () => {
    const socket = await ToySocket.as(server, "admin");
    expect(await socket.ask('{ fault(kind: "input") }')).toMatchObject({
      errors: [{ extensions: { code: "BAD_USER_INPUT", inputPath: ["kind"] } }],
    });
    expect(await socket.ask('{ fault(kind: "away") }')).toMatchObject({
      errors: [{ extensions: { code: "UNAVAILABLE", retryAfter: 2 } }],
    });
    const internal = (await socket.ask('{ fault(kind: "bug") }')) as {
      errors: { message: string; extensions: Record<string, unknown> }[];
    };
    expect(internal.errors[0]?.message).not.toContain("hunter2");
    expect(internal.errors[0]?.extensions).toEqual({ code: "INTERNAL", requestId: expect.any(String) });
    expect(server.logged.find(({ level }) => level === "error")?.fields).toMatchObject({
      requestId: internal.errors[0]?.extensions["requestId"],
    });
    expect(await socket.ask("{ unknown }")).toMatchObject([{ extensions: { code: "BAD_USER_INPUT" } }]);
  });

  test("tell their cost to those who ask for it", async () => {
    const socket = await ToySocket.as(server, "admin", { "x-tranche-cost": "1" });
    expect(await socket.ask("{ hello }")).toEqual({
      data: { hello: "world" },
      extensions: { cost: { requested: 1, limit: 20_000 } },
    });
  });

  test("work with the clients that people use", async () => {
    const client = createClient({
      url: server.url.replace("http", "ws"),
      webSocketImpl: WebSocket,
      connectionParams: { authorization: "Bearer admin" },
    });
    server.toy.bell.set(1);
    const seen: unknown[] = [];
    for await (const { data } of client.iterate({ query: "subscription { rings { number } }" })) {
      seen.push(data);
      if (seen.length === 2) break;
      server.toy.bell.set(2);
    }
    expect(seen).toEqual([{ rings: { number: 1 } }, { rings: { number: 2 } }]);
    await client.dispose();
  });
});

describe("a subscription", () => {
  const RINGS = "subscription { rings { number context } }";
  const numberOf = (message: Message) => (message.payload as { data: { rings: { number: number } } }).data.rings.number;

  test("tells the present state at once and then each newer one, each in a context of its own", async () => {
    const socket = await ToySocket.as(server, "customer");
    server.toy.bell.set(1);
    socket.subscribe("1", RINGS);
    const first = await socket.expect("next");
    server.toy.bell.set(2);
    const second = await socket.expect("next");
    expect([first, second].map(numberOf)).toEqual([1, 2]);
    const contexts = [first, second].map(
      ({ payload }) => (payload as { data: { rings: { context: number } } }).data.rings.context,
    );
    expect(new Set(contexts).size).toBe(2);
  });

  test("ends at once when its reader leaves, and nothing of it is left", async () => {
    const socket = await ToySocket.as(server, "customer");
    socket.subscribe("1", RINGS);
    await socket.settled();
    expect([server.toy.bell.waiting, await running()]).toEqual([1, 1]);
    socket.send({ type: "complete", id: "1" });
    await socket.settled();
    expect([server.toy.bell.waiting, await running()]).toEqual([0, 0]);
    // The id is free again.
    server.toy.bell.set(1);
    socket.subscribe("1", RINGS);
    expect(numberOf(await socket.expect("next"))).toBe(1);
  });

  test("whose id is used again in the same breath gives way to the last one, and to no more", async () => {
    const socket = await ToySocket.as(server, "customer");
    server.toy.bell.set(1);
    socket.together(() => {
      for (let time = 0; time < 20; time++) {
        socket.subscribe("1", RINGS);
        socket.send({ type: "complete", id: "1" });
      }
      socket.subscribe("1", RINGS);
    });
    expect(numberOf(await socket.expect("next"))).toBe(1);
    server.toy.bell.set(2);
    expect(numberOf(await socket.expect("next"))).toBe(2);
    expect([server.toy.bell.waiting, await running()]).toEqual([1, 1]);
    await socket.close();
    await (await ToySocket.as(server, "admin")).settled();
    expect([server.toy.bell.waiting, await running()]).toEqual([0, 0]);
  });

  test("keeps no long variables, and no end of different documents", async () => {
    await server.stop();
    server = await startToyServer({ limits: { subscriptionVariables: 100, keptTokens: 20 } });
    const [socket, other] = await Promise.all([ToySocket.as(server, "customer"), ToySocket.as(server, "admin")]);
    socket.subscribe("1", RINGS, { junk: "x".repeat(100) });
    expect((await socket.expect("error")).payload).toMatchObject([
      { extensions: { code: "BAD_USER_INPUT", inputPath: ["junk"] } },
    ]);
    server.toy.bell.set(1);
    // Of 8 tokens each; the same one counts once.
    for (const id of ["1", "2"]) socket.subscribe(id, RINGS);
    socket.subscribe("3", "subscription { rings { number, number } }");
    for (let told = 0; told < 3; told++) await socket.expect("next");
    const third = "subscription { rings { context number } }";
    socket.subscribe("4", third);
    expect((await socket.expect("error")).payload).toMatchObject([{ extensions: { code: "RATE_LIMITED" } }]);
    other.subscribe("1", third);
    await other.expect("next");
    socket.send({ type: "complete", id: "1" });
    await socket.settled();
    socket.subscribe("4", third);
    expect((await socket.expect("error")).payload).toMatchObject([{ extensions: { code: "RATE_LIMITED" } }]);
    socket.send({ type: "complete", id: "2" });
    await socket.settled();
    socket.subscribe("4", third);
    expect(numberOf(await socket.expect("next"))).toBe(1);
  });

  test("ends when its socket breaks", async () => {
    const [socket, other] = await Promise.all([ToySocket.as(server, "customer"), ToySocket.as(server, "admin")]);
    socket.subscribe("1", RINGS);
    await socket.settled();
    await socket.close();
    await other.settled();
    expect([server.toy.bell.waiting, await running()]).toEqual([0, 0]);
  });

  test("ends even when its source does not heed that", async () => {
    const socket = await ToySocket.as(server, "customer");
    socket.subscribe("1", "subscription { deafRings { number } }");
    await socket.expect("next");
    socket.send({ type: "complete", id: "1" });
    await socket.settled();
    expect(await running()).toBe(0);
    socket.subscribe("1", "subscription { deafRings { number } }");
    await socket.expect("next");
  });

  test("that fails in the middle is told as a fault of ours", async () => {
    const socket = await ToySocket.as(server, "customer");
    socket.subscribe("1", "subscription { brokenRings { number } }");
    await socket.expect("next");
    const { payload } = await socket.expect("error");
    expect(payload).toEqual([
      {
        message: "Something went wrong in the server. Tell the operator the request id.",
        extensions: { code: "INTERNAL", requestId: expect.any(String) },
      },
    ]);
    expect(await running()).toBe(0);
    expect(await socket.ask("{ hello }")).toEqual({ data: { hello: "world" } });
  });

  test("costs nothing for a reader who is slow, who then gets the latest, and no other reader is held up", async () => {
    const [slow, quick] = await Promise.all([ToySocket.as(server, "customer"), ToySocket.as(server, "admin")]);
    const rounds = 1_000;
    slow.subscribe("1", "subscription { rings { number padding } }");
    await slow.settled();
    slow.socket.pause();
    for (let round = 1; round <= rounds; round++) {
      server.toy.bell.set(round);
      await turn();
    }
    // 100 KB each: a few megabytes are in the buffers of the operating system, and nothing behind them.
    expect(server.toy.bell.taken).toBeLessThan(rounds / 2);
    quick.subscribe("1", RINGS);
    expect(numberOf(await quick.expect("next"))).toBe(rounds);
    slow.socket.resume();
    const seen: number[] = [];
    while (seen.at(-1) !== rounds) seen.push(numberOf(await slow.expect("next")));
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
    expect(seen.length).toBeLessThan(rounds / 2);
  });
});
