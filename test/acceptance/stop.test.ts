import { once } from "node:events";
import { type ClientRequest, request as httpRequest, type IncomingMessage } from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { createClient } from "graphql-ws";
import { WebSocket } from "ws";
import { auditDatabase } from "../support/audit";
import { createTestDatabase, type TestDatabase } from "../support/database";
import { type Message, ToySocket } from "../support/toy-socket";
import { ask, fundedWallet, inParallel, SPEND, type SpendAnswer } from "./graphql-request";
import { freshFolder, removeFolder, type ServerProcess, startServerProcess } from "./server-process";

/** SIGTERM, while much is under way. */

let database: TestDatabase;
let folder: string;
/** Each test stops it, and starts the next one. */
let server: ServerProcess;

beforeAll(async () => {
  database = await createTestDatabase();
  folder = freshFolder();
  server = await start();
});

afterAll(async () => {
  expect(await server.stop()).toBe(0);
  expect(await auditDatabase(database.url)).toEqual([]);
  await database.drop();
  removeFolder(folder);
});

const start = (environment: Record<string, string> = {}) =>
  startServerProcess({ DATABASE_URL: database.url, DEMO: "true", ...environment }, folder);

interface Reply {
  readonly status: number;
  readonly data?: SpendAnswer | null;
  readonly errors?: readonly { readonly extensions: { readonly code: string; readonly retryAfter?: number } }[];
}

/** A request on a connection of its own. */
function openRequest(
  { url, serviceKey }: ServerProcess["demo"],
  input: object,
): { readonly sent: Promise<unknown>; readonly reply: Promise<Reply> } {
  const headers = {
    "content-type": "application/json",
    accept: "application/graphql-response+json",
    authorization: `Bearer ${serviceKey}`,
  };
  const request: ClientRequest = httpRequest(url, { method: "POST", headers, agent: false });
  const sent = once(request, "finish");
  const reply = once(request, "response").then(async ([response]: IncomingMessage[]) => {
    if (!response) throw new Error("there is no response");
    let text = "";
    for await (const chunk of response.setEncoding("utf8")) text += chunk;
    return { status: response.statusCode ?? 0, ...(JSON.parse(text) as Omit<Reply, "status">) };
  });
  request.end(JSON.stringify({ query: SPEND, variables: { input } }));
  return { sent, reply };
}

/** The acknowledged spends of 1 are in the wallet of 1,000, each once, and no other: nobody was told "come again" of one that was done. */
async function expectKept(walletId: string, acknowledged: ReadonlyMap<string, string>): Promise<void> {
  const { url, serviceKey } = server.demo;
  const keys = [...acknowledged.keys()];
  await inParallel(keys.length, 8, async (index) => {
    const idempotencyKey = keys[index] as string;
    const { spend } = await ask<SpendAnswer>(url, serviceKey, SPEND, { input: { walletId, amount: "1", idempotencyKey } });
    expect([spend.replayed, spend.transaction?.id]).toEqual([true, acknowledged.get(idempotencyKey)]);
  });
  const query = "query ($id: ID!) { wallet(id: $id) { balance { available } } }";
  const available = String(1_000 - acknowledged.size);
  expect(await ask(url, serviceKey, query, { id: walletId })).toEqual({ wallet: { balance: { available } } });
}

/** Sends so many spends of 1, each on a connection of its own, and asks the server to stop as soon as they are sent. */
async function stopWhileSpending(walletId: string, count: number, sent: () => void = () => undefined) {
  const keys = Array.from({ length: count }, (_, index) => `${walletId} ${index}`);
  const requests = keys.map((idempotencyKey) => openRequest(server.demo, { walletId, amount: "1", idempotencyKey }));
  await Promise.all(requests.map((request) => request.sent));
  const stopped = server.stop();
  sent();
  const replies = await Promise.all(requests.map(({ reply }) => reply));
  const acknowledged = new Map<string, string>();
  for (const [index, { status, data, errors }] of replies.entries()) {
    if (status === 200) acknowledged.set(keys[index] as string, data?.spend.transaction?.id ?? "");
    else expect([status, errors?.[0]?.extensions]).toEqual([503, { code: "UNAVAILABLE", retryAfter: 1 }]);
  }
  expect(await stopped).toBe(0);
  return acknowledged;
}

test("every request that was sent is answered: with what came of it, or that it is to be sent again", async () => {
  const walletId = await fundedWallet(server.demo, "stopped", "1000");
  const acknowledged = await stopWhileSpending(walletId, 200);
  server = await start();
  await expectKept(walletId, acknowledged);
});

test("those as well that had come no farther than the operating system", async () => {
  const walletId = await fundedWallet(server.demo, "frozen", "1000");
  server.process.kill("SIGSTOP");
  const acknowledged = await stopWhileSpending(walletId, 200, () => server.process.kill("SIGCONT"));
  server = await start();
  await expectKept(walletId, acknowledged);
});

test.each(["running", "frozen"])(
  "what was sent over WebSockets of a %s server as well, which are closed so that clients come again",
  async (state) => {
    const walletId = await fundedWallet(server.demo, `sockets of a ${state} one`, "1000");
    const socket = await ToySocket.as(server.demo, server.demo.serviceKey);
    const idle = await ToySocket.as(server.demo, server.demo.customerToken);
    socket.subscribe("followed", `subscription { walletTransactions(walletId: "${walletId}") { id } }`);
    if (state === "frozen") server.process.kill("SIGSTOP");
    const keys = Array.from({ length: 90 }, (_, index) => `${walletId} ${index}`);
    for (const idempotencyKey of keys)
      socket.subscribe(idempotencyKey, SPEND, { input: { walletId, amount: "1", idempotencyKey } });
    const stopped = server.stop();
    server.process.kill("SIGCONT");
    const told = new Map<string, Message>();
    while (told.size < keys.length) {
      const message = await socket.next();
      if (message.type !== "complete" && message.id !== "followed") told.set(message.id ?? "", message);
    }
    for (const one of [socket, idle]) expect(await one.closed).toEqual({ code: 1001, reason: "The server is stopping" });
    expect(await stopped).toBe(0);
    const acknowledged = new Map<string, string>();
    for (const [key, { type, payload }] of told) {
      if (type === "next") acknowledged.set(key, (payload as { data: SpendAnswer }).data.spend.transaction?.id ?? "");
      else expect(payload).toMatchObject([{ extensions: { code: "UNAVAILABLE", retryAfter: 1 } }]);
    }
    server = await start();
    await expectKept(walletId, acknowledged);
  },
);

test("a client of graphql-ws follows on by itself when the server is there again", async () => {
  const { url, serviceKey } = server.demo;
  const walletId = await fundedWallet(server.demo, "followed on", "1000");
  const client = createClient({
    url: url.replace(/^http/, "ws"),
    webSocketImpl: WebSocket,
    connectionParams: { authorization: `Bearer ${serviceKey}` },
    retryAttempts: 1_000,
    // While the server is away its connections are refused, which clients in Node do not take for a reason to try again.
    shouldRetry: () => true,
    retryWait: () => delay(20),
  });
  const query = `subscription { walletBalance(walletId: "${walletId}") { balance { available } } }`;
  const updates = client.iterate<{ walletBalance: { balance: { available: string } } }>({ query });
  const available = async () =>
    ((await updates.next()).value as { data: { walletBalance: { balance: { available: string } } } }).data.walletBalance.balance
      .available;
  expect(await available()).toBe("1000");
  expect(await server.stop()).toBe(0);
  server = await start({ PORT: new URL(url).port });
  expect(await available()).toBe("1000");
  await ask(url, serviceKey, SPEND, { input: { walletId, amount: "1", idempotencyKey: "followed" } });
  expect(await available()).toBe("999");
  await client.dispose();
});
