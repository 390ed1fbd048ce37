import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { auditDatabase } from "../support/audit";
import { createTestDatabase, type TestDatabase } from "../support/database";
import { ask, fundedWallet, inParallel, SPEND, type SpendAnswer } from "./graphql-request";
import { type ServerProcess, startServerProcess } from "./server-process";

describe("two servers on one database", () => {
  let database: TestDatabase;
  let servers: ServerProcess[];

  beforeAll(async () => {
    database = await createTestDatabase();
    servers = [];
    for (let count = 0; count < 2; count++) servers.push(await startServerProcess({ DATABASE_URL: database.url, DEMO: "true" }));
  });

  afterAll(async () => {
    await Promise.all(servers.map((server) => server.stop()));
    await database.drop();
  });

  function spendAt(index: number, input: object): Promise<SpendAnswer> {
    const { demo } = servers[index % 2] as ServerProcess;
    return ask<SpendAnswer>(demo.url, demo.serviceKey, SPEND, { input });
  }

  test("5,000 spends of 1 on a wallet of 1,000 over 64 connections: exactly 1,000 succeed, and nothing is lost", async () => {
    const walletId = await fundedWallet((servers[0] as ServerProcess).demo, "storm", "1000");
    const answers = await inParallel(5_000, 64, (index) =>
      spendAt(index, { walletId, amount: "1", idempotencyKey: `storm-${index}` }),
    );
    const spent = answers.filter((answer) => answer.spend.transaction !== null);
    const refused = answers.filter((answer) => answer.spend.refusal?.__typename === "InsufficientCredits");
    expect([spent.length, refused.length]).toEqual([1_000, 4_000]);
    expect(new Set(spent.map((answer) => answer.spend.transaction?.sequence)).size).toBe(1_000);
    expect(await auditDatabase(database.url)).toEqual([]);
  });

  test("one key sent 50 times at once over both makes one transaction and 50 equal answers", async () => {
    const walletId = await fundedWallet((servers[0] as ServerProcess).demo, "one-key", "1000");
    const answers = await inParallel(50, 50, (index) => spendAt(index, { walletId, amount: "7", idempotencyKey: "the-one" }));
    const transactions = new Set(answers.map((answer) => JSON.stringify(answer.spend.transaction)));
    expect(transactions.size).toBe(1);
    expect(answers.filter((answer) => !answer.spend.replayed)).toHaveLength(1);
    const { demo } = servers[1] as ServerProcess;
    const state = await ask<{ wallet: { balance: { available: string } } }>(
      demo.url,
      demo.adminKey,
      `query($id: ID!) { wallet(id: $id) { balance { available } } }`,
      { id: walletId },
    );
    expect(state.wallet.balance.available).toBe("993");
    expect(await auditDatabase(database.url)).toEqual([]);
  });
});
