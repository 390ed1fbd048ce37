import { afterAll, afterEach, beforeAll, describe, expect, test } from "@jest/globals";
import { type Client, createClient } from "graphql-ws";
import { WebSocket } from "ws";
import { type Authenticator, type Identity, Unauthenticated } from "../../src/platform/authentication";
import type { RequestContext } from "../../src/platform/graphql/request";
import { createMetrics } from "../../src/platform/metrics";
import { type RunningServer, startServer } from "../../src/platform/server";
import { buildTrancheSchema } from "../../src/schema";
import { walletId } from "../../src/wallet/ids";
import { heldRows } from "../../src/wallet/live/live-logs";
import type { Json, WalletKey } from "../../src/wallet/model/types";
import { submit } from "../../src/wallet/submit";
import { addCreditType, addWallet, grantOf, spendOf } from "../support/core";
import { createTestDatabase, type TestDatabase } from "../support/database";
import { createLiveCore, type LiveCore } from "../support/live";
import { silentLog } from "../support/log";
import { SERVER_CONFIG } from "../support/server-config";

/** Two servers on one database, followed over real WebSockets. Neither polls: what one did the other learns by a hint. */

const BALANCE = "subscription ($id: ID!) { walletBalance(walletId: $id) { sequence wallet { id balance { available } } } }";
const TRANSACTIONS =
  "subscription ($id: ID!, $after: String) { walletTransactions(walletId: $id, after: $after) { id sequence amount balanceAfter { available } } }";

interface Server extends RunningServer {
  readonly core: LiveCore;
}

let database: TestDatabase;
let here: Server;
let there: Server;
let creditType: number;
const clients: Client[] = [];
const sockets: WebSocket[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
  [here, there] = await Promise.all([start(), start()]);
  creditType = await addCreditType(here.core.pool, "credits");
});

afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.terminate();
  for (const client of clients.splice(0)) await client.dispose();
});

afterAll(async () => {
  for (const server of [here, there]) {
    await server.stop();
    await server.core.stop();
  }
  await database.drop();
});

const ADMIN: Identity = { role: "ADMIN", actor: "admin", accountId: null, app: null, keyId: "key", expiresAt: null };
/** Whoever has the password is the operator. */
const authenticator: Authenticator = {
  authenticate: async (authorization) => {
    if (authorization !== "Bearer password") throw new Unauthenticated("Send the password.");
    return ADMIN;
  },
  stillValid: async () => true,
};

async function start(): Promise<Server> {
  const core = await createLiveCore(database.url);
  const running = await startServer<RequestContext>({
    schema: buildTrancheSchema(),
    authenticator,
    contextOf: (identity, watch) => ({ core, identity, watch }),
    config: SERVER_CONFIG,
    log: silentLog,
    metrics: createMetrics(),
    clock: core.clock,
  });
  return { ...running, core };
}

function urlOf({ url }: Server): string {
  return url.replace("http", "ws");
}

function connect(server: Server): Client {
  const client = createClient({
    url: urlOf(server),
    webSocketImpl: WebSocket,
    connectionParams: { authorization: "Bearer password" },
    lazy: true,
    retryAttempts: 0,
  });
  clients.push(client);
  return client;
}

/** The events of a subscription with one field. */
function follow(server: Server, query: string, variables: Record<string, unknown>) {
  return connect(server).iterate<Record<string, Readonly<Record<string, unknown>>>>({ query, variables });
}

type Events = ReturnType<typeof follow>;

async function nextOf(events: Events): Promise<Readonly<Record<string, unknown>>> {
  const { value } = await events.next();
  if (!value?.data) throw new Error(JSON.stringify(value?.errors ?? "it has ended"));
  return Object.values(value.data)[0] as Readonly<Record<string, unknown>>;
}

async function walletWith(amount: bigint): Promise<WalletKey> {
  const key = await addWallet(here.core, creditType);
  await submit(here.core, key, grantOf(amount));
  return key;
}

async function spend({ core }: Server, key: WalletKey, count = 1, metadata: Json = null): Promise<void> {
  const answers = await Promise.all(Array.from({ length: count }, () => submit(core, key, spendOf(1_000_000n, { metadata }))));
  expect(answers.every(({ status }) => status === "done")).toBe(true);
}

function upTo(last: number): number[] {
  return Array.from({ length: last }, (_, index) => index + 1);
}

describe("over WebSockets, with two servers", () => {
  test("a spend on one is told to those who follow the wallet on the other", async () => {
    const key = await walletWith(100_000_000n);
    const id = walletId(key);
    const [balance, log] = [follow(there, BALANCE, { id }), follow(there, TRANSACTIONS, { id, after: "1" })];
    expect(await nextOf(balance)).toEqual({ sequence: "1", wallet: { id, balance: { available: "100" } } });
    await spend(here, key);
    expect(await nextOf(balance)).toEqual({ sequence: "2", wallet: { id, balance: { available: "99" } } });
    expect(await nextOf(log)).toMatchObject({ sequence: "2", amount: "1", balanceAfter: { available: "99" } });
  });

  test("nothing is missed and nothing seen twice in a storm, however often sockets break and resume on either", async () => {
    const spends = 400;
    const key = await walletWith(BigInt(spends) * 1_000_000n);
    const readers = Array.from({ length: 10 }, (_, seed) => readWithBreaks(walletId(key), spends + 1, seed));
    const writers = upTo(8).map(async (number) => {
      for (let count = 0; count < spends / 8; count++) await spend(number % 2 === 0 ? here : there, key);
    });
    await Promise.all(writers);
    for (const seen of await Promise.all(readers)) expect(seen).toEqual(upTo(spends + 1));
  });

  test("a client that leaves is forgotten, whether it says so or its socket breaks", async () => {
    const key = await walletWith(1n);
    const [polite, rude] = [connect(here), connect(here)];
    for (const client of [polite, rude]) {
      const events = client.iterate({ query: BALANCE, variables: { id: walletId(key) } });
      await events.next();
      if (client === polite) await events.return?.();
      else client.terminate();
    }
    await until(here, () => here.core.followed.followed === 0);
  });
});

/** Lets the server take in what was sent to it, until something is so: another request is answered after what came before it. */
async function until(server: Server, done: () => boolean): Promise<void> {
  while (!done()) await fetch(server.url.replace("/graphql", "/health"));
}

/** Reads all transactions of a wallet over a socket that breaks after some of them, and another one, until it has all. */
async function readWithBreaks(id: string, last: number, seed: number): Promise<number[]> {
  const seen: number[] = [];
  for (let round = seed; seen.length < last; round++) {
    const client = connect(round % 2 === 0 ? here : there);
    const events = client.iterate<{ walletTransactions: { sequence: string } }>({
      query: TRANSACTIONS,
      variables: { id, after: String(seen.at(-1) ?? 0) },
    });
    let patience = 1 + ((round * 37) % 71);
    for await (const { data } of events) {
      seen.push(Number(data?.walletTransactions.sequence));
      patience -= 1;
      if (patience === 0 || seen.length === last) break;
    }
    client.terminate();
  }
  return seen;
}

describe("a thousand subscriptions whose clients do not read", () => {
  test("hinder neither the spends nor those who read, and what is kept for them has a bound", async () => {
    const key = await walletWith(1_000_000_000n);
    const id = walletId(key);
    for (let number = 0; number < 10; number++) await stall(id);
    const reader = follow(here, TRANSACTIONS, { id, after: "0" });
    expect(await nextOf(reader)).toMatchObject({ sequence: "1" });
    const memory = process.memoryUsage().rss;
    for (let round = 0; round < 15; round++) {
      await spend(here, key, 50, { text: "x".repeat(3_000) });
      for (let count = 0; count < 50; count++)
        expect(await nextOf(reader)).toMatchObject({ sequence: String(2 + round * 50 + count) });
    }
    expect(heldRows()).toBeLessThanOrEqual(21_000);
    // The backlogs of 500 followers of 750 transactions would take more than a gigabyte.
    expect(process.memoryUsage().rss - memory).toBeLessThan(400_000_000);
  });
});

/** A socket with a hundred subscriptions, which is read from until the first event of each, and then no more. */
async function stall(id: string): Promise<void> {
  const socket = new WebSocket(urlOf(here), "graphql-transport-ws");
  sockets.push(socket);
  const waiting = new Set(upTo(100).map(String));
  await new Promise<void>((resolve, reject) => {
    socket.on("error", reject);
    socket.on("open", () =>
      socket.send(JSON.stringify({ type: "connection_init", payload: { authorization: "Bearer password" } })),
    );
    socket.on("message", (data: Buffer) => {
      const message = JSON.parse(data.toString()) as { readonly type: string; readonly id?: string };
      if (message.type === "connection_ack")
        for (const number of waiting)
          socket.send(JSON.stringify({ id: number, type: "subscribe", payload: payloadOf(number, id) }));
      if (message.type === "next") waiting.delete(message.id ?? "");
      if (message.type === "error") reject(new Error(data.toString()));
      if (waiting.size > 0) return;
      socket.pause();
      resolve();
    });
  });
}

/** Half of them follow the balance; half every transaction from the first on, with what soon fills the network's buffers. */
function payloadOf(number: string, id: string) {
  return Number(number) % 2 === 0
    ? { query: BALANCE, variables: { id } }
    : { query: TRANSACTIONS.replace("amount", "metadata"), variables: { id, after: "0" } };
}
