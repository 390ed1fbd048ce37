import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { auditDatabase } from "../support/audit";
import { createTestDatabase, type TestDatabase } from "../support/database";
import { ask, fundedWallet, SPEND, type SpendAnswer } from "./graphql-request";
import { freshFolder, removeFolder, type ServerProcess, startServerProcess } from "./server-process";

const KILLS = 10;
const CLIENTS = 32;
/** How many spends are acknowledged between one kill and the next. */
const BETWEEN = 150;

let database: TestDatabase;
let folder: string;

beforeAll(async () => {
  database = await createTestDatabase();
  folder = freshFolder();
});

afterAll(async () => {
  await database.drop();
  removeFolder(folder);
});

test("a server killed ten times in the middle of a storm loses no acknowledged spend and doubles none after retries", async () => {
  let server: ServerProcess = await start();
  let restarted: Promise<void> = Promise.resolve();
  const walletId = await fundedWallet(server.demo, "killed", "1000000");
  const acknowledged = new Map<string, string>();
  let stopping = false;

  /** Sends one spend until it is answered, always with the same key, whatever happens to the server meanwhile. */
  async function spendUntilAnswered(key: string): Promise<void> {
    for (;;) {
      const { url, serviceKey } = server.demo;
      try {
        const answer = await ask<SpendAnswer>(url, serviceKey, SPEND, { input: { walletId, amount: "1", idempotencyKey: key } });
        acknowledged.set(key, answer.spend.transaction?.id ?? "refused");
        return;
      } catch {
        await restarted;
      }
    }
  }

  async function client(name: number): Promise<void> {
    for (let count = 0; !stopping; count++) await spendUntilAnswered(`client-${name}-${count}`);
  }

  const clients = Array.from({ length: CLIENTS }, (_, name) => client(name));
  for (let kill = 1; kill <= KILLS; kill++) {
    await reached(() => acknowledged.size >= kill * BETWEEN);
    restarted = server.kill().then(async () => {
      server = await start();
    });
    await restarted;
  }
  stopping = true;
  await Promise.all(clients);

  const wallet = await ask<{ wallet: { balance: { available: string }; transactions: { totalCount: number } } }>(
    server.demo.url,
    server.demo.adminKey,
    `query($id: ID!) { wallet(id: $id) { balance { available } } }`,
    { id: walletId },
  );
  expect([...acknowledged.values()]).not.toContain("refused");
  expect(new Set(acknowledged.values()).size).toBe(acknowledged.size);
  expect(wallet.wallet.balance.available).toBe(String(1_000_000 - acknowledged.size));
  expect(await auditDatabase(database.url)).toEqual([]);
  expect(await server.stop()).toBe(0);
}, 240_000);

function start(): Promise<ServerProcess> {
  return startServerProcess({ DATABASE_URL: database.url, DEMO: "true" }, folder);
}

/** Resolves when a condition that the clients' progress brings about holds. */
async function reached(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((next) => setImmediate(next));
}
