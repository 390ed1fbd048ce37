import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { startToyServer, type ToyServer } from "../../support/toy-server";
import { type Message, ToySocket } from "../../support/toy-socket";

/** What is told of an event is made once for all to whom it looks the same. The number of its context tells how often it was made. */

const RINGS = "subscription { rings { number context } }";

let server: ToyServer;

beforeEach(async () => {
  server = await startToyServer();
});

afterEach(() => server.stop());

/** Someone of this role, with a credential of its own. */
function know(key: string, like: "admin" | "service" | "customer", differing: object = {}): void {
  const identity = server.authenticator.known.get(like);
  if (identity) server.authenticator.known.set(key, { ...identity, actor: key, keyId: key, ...differing });
}

async function follow(key: string, query = RINGS, variables: object = {}, id = "1", params: object = {}): Promise<ToySocket> {
  const socket = await ToySocket.as(server, key, params);
  socket.subscribe(id, query, variables);
  await socket.settled();
  return socket;
}

type Ring = Readonly<Record<string, unknown>>;

function ringOf({ payload }: Message): Ring {
  return Object.values((payload as { readonly data: Readonly<Record<string, Ring>> }).data)[0] as Ring;
}

async function ring(number: number, ...sockets: ToySocket[]): Promise<Ring[]> {
  server.toy.bell.set(number);
  return (await Promise.all(sockets.map((socket) => socket.expect("next")))).map(ringOf);
}

/** How many different contexts the same event was shown with. */
async function timesShown(...sockets: ToySocket[]): Promise<number> {
  return new Set((await ring(7, ...sockets)).map(({ context }) => context)).size;
}

describe("an event is shown once", () => {
  test("to all who follow the same, each by the id it gave", async () => {
    const ids = ["1", 'a "quoted" id', "ü€😀"];
    const sockets = await Promise.all(ids.map((id) => follow("admin", RINGS, {}, id)));
    server.toy.bell.set(1);
    const told = await Promise.all(sockets.map((socket) => socket.expect("next")));
    expect(told.map(({ id }) => id)).toEqual(ids);
    expect(new Set(told.map((message) => ringOf(message)["context"])).size).toBe(1);
  });

  test("to those with different credentials who may see the same, and nothing of any of them is in it", async () => {
    for (const key of ["one", "two"]) know(key, "service");
    const query = "subscription { rings { context seenBy } }";
    const told = await ring(1, await follow("one", query), await follow("two", query));
    expect(told[0]).toEqual(told[1]);
    expect(told[0]?.["seenBy"]).toBe(JSON.stringify(["SERVICE", null, null, "", ""]));
  });

  test("to those who resumed behind different places, and not where the place is used for anything else", async () => {
    const query = "subscription ($after: Int!, $pitch: Int) { ringsBehind(after: $after, pitch: $pitch) { context } }";
    expect(await timesShown(await follow("admin", query, { after: 1 }), await follow("admin", query, { after: 2 }))).toBe(1);
    const twice = "subscription ($after: Int!) { ringsBehind(after: $after, pitch: $after) { context } }";
    expect(await timesShown(await follow("admin", twice, { after: 1 }), await follow("admin", twice, { after: 2 }))).toBe(2);
  });
});

describe("an event is shown anew", () => {
  test("for another document, another operation of it, other variables, and to those who want to know the cost", async () => {
    const query = "subscription a($pitch: Int) { ringsBehind(after: 0, pitch: $pitch) { context } }";
    const two = `${query} subscription b($pitch: Int) { ringsBehind(after: 0, pitch: $pitch) { context } }`;
    const operationOf = async (operationName: string) => {
      const socket = await ToySocket.as(server, "admin");
      socket.send({ id: "1", type: "subscribe", payload: { query: two, operationName } });
      await socket.settled();
      return socket;
    };
    const sockets = [
      await follow("admin", query),
      await follow("admin", query, { pitch: null }),
      await follow("admin", query, { pitch: 1 }),
      await follow("admin", query, {}, "1", { "x-tranche-cost": "1" }),
      await operationOf("a"),
      await operationOf("b"),
    ];
    expect(await timesShown(...sockets)).toBe(sockets.length);
  });

  test("to each role, each account and each app", async () => {
    know("account 1", "customer", { accountId: "1" });
    know("account 2", "customer", { accountId: "2" });
    know("app 1", "service", { app: "1" });
    know("app 2", "service", { app: "2" });
    const keys = ["admin", "service", "customer", "account 1", "account 2", "app 1", "app 2"];
    const sockets = await Promise.all(keys.map((key) => follow(key, "subscription { rings { context seenBy } }")));
    const seen = (await ring(1, ...sockets)).map(({ seenBy }) => JSON.parse(String(seenBy)) as unknown[]);
    expect(seen.map((identity) => identity.slice(0, 3))).toEqual([
      ["ADMIN", null, null],
      ["SERVICE", null, null],
      ["CUSTOMER", null, null],
      ["CUSTOMER", "1", null],
      ["CUSTOMER", "2", null],
      ["SERVICE", null, "1"],
      ["SERVICE", null, "2"],
    ]);
  });

  test("to those who may see less of it, whoever comes first", async () => {
    const query = "subscription { rings { number ringer } }";
    for (const order of [
      ["admin", "customer"],
      ["customer", "admin"],
    ]) {
      const sockets = new Map<string, ToySocket>();
      for (const key of order) sockets.set(key, await follow(key, query));
      server.toy.bell.set(1);
      expect((await sockets.get("admin")?.expect("next"))?.payload).toEqual({
        data: { rings: { number: 1, ringer: "of the operator" } },
      });
      expect((await sockets.get("customer")?.expect("next"))?.payload).toMatchObject({
        data: { rings: { number: 1, ringer: null } },
        errors: [{ extensions: { code: "FORBIDDEN" } }],
      });
    }
  });
});

describe("of those who follow the same", () => {
  test("one leaves, in either way, and the others stay", async () => {
    const [polite, rude, one, other] = [
      await follow("admin"),
      await follow("admin"),
      await follow("admin"),
      await follow("admin"),
    ];
    await ring(1, polite, rude, one, other);
    polite.send({ type: "complete", id: "1" });
    await polite.settled();
    await rude.close();
    await one.settled();
    const told = await ring(2, one, other);
    expect(told.map(({ number }) => number)).toEqual([2, 2]);
    expect(told[0]?.["context"]).toBe(told[1]?.["context"]);
    await polite.settled();
  });

  test("one who is slow does not hold up the others, and gets the latest", async () => {
    const query = "subscription { rings { number padding } }";
    const [slow, quick] = [await follow("admin", query), await follow("admin", query)];
    slow.socket.pause();
    const rounds = 200;
    for (let number = 1; number <= rounds; number++) {
      expect((await ring(number, quick))[0]?.["number"]).toBe(number);
    }
    slow.socket.resume();
    const seen: number[] = [];
    while (seen.at(-1) !== rounds) seen.push(Number(ringOf(await slow.expect("next"))["number"]));
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
    expect(seen.length).toBeLessThan(rounds);
  });

  test("all are told of what failed, which is logged once", async () => {
    const sockets = [await follow("admin", CRACKED), await follow("admin", CRACKED)];
    server.toy.bell.set(-1);
    const told = await Promise.all(sockets.map((socket) => socket.expect("next")));
    expect(told[0]?.payload).toEqual(told[1]?.payload);
    expect(told[0]?.payload).toMatchObject({
      data: { rings: { number: -1, crack: null } },
      errors: [{ path: ["rings", "crack"], extensions: { code: "INTERNAL", requestId: expect.any(String) } }],
    });
    expect(server.logged.filter(({ level }) => level === "error")).toHaveLength(1);
    expect((await ring(2, ...sockets)).map(({ number }) => number)).toEqual([2, 2]);
  });

  test("one whose credential expires leaves, and the other stays", async () => {
    know("brief", "admin", { expiresAt: server.clock.now() + 60_000_000n });
    const [brief, other] = [await follow("brief"), await follow("admin")];
    server.clock.set(server.clock.now() + 60_000_000n);
    expect((await brief.closed).code).toBe(4403);
    expect((await ring(1, other))[0]?.["number"]).toBe(1);
  });
});

const CRACKED = "subscription { rings { number crack } }";
