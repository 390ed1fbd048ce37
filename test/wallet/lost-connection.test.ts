import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { Client } from "pg";
import { Unavailable } from "../../src/platform/unavailable";
import type { WalletKey } from "../../src/wallet/model/types";
import { audit } from "../../src/wallet/store/audit.reads";
import { readWallets } from "../../src/wallet/store/wallet.reads";
import { submit } from "../../src/wallet/submit";
import { addCreditType, addWallet, createTestCore, done, grantOf, spendOf, type TestCore } from "../support/core";
import { createTestDatabase, type TestDatabase } from "../support/database";
import { type Road, startProxy } from "../support/proxy";

let database: TestDatabase;
let proxy: Road;
/** Works through the proxy. */
let core: TestCore;
let direct: TestCore;
let creditType: number;

beforeAll(async () => {
  database = await createTestDatabase();
  proxy = await startProxy(database.url);
  core = await createTestCore(proxy.url);
  direct = await createTestCore(database.url, { clock: core.clock });
  creditType = await addCreditType(direct.pool, "credits");
});

afterAll(async () => {
  await core.stop();
  await direct.stop();
  await proxy.close();
  await database.drop();
});

async function walletWith(amount: bigint): Promise<WalletKey> {
  const key = await addWallet(direct, creditType);
  await done(submit(direct, key, grantOf(amount)));
  return key;
}

async function stored(key: WalletKey) {
  const [wallet] = await readWallets(direct.pool, [key], core.clock.now());
  return wallet;
}

describe("a connection that is lost", () => {
  test("with the answer to the commit: the spend counts once, and is no replay", async () => {
    const key = await walletWith(100n);
    proxy.cutAfter("COMMIT");
    const answer = await done(submit(core, key, spendOf(10n)));
    expect(proxy.cuts).toBe(1);
    expect(answer).toMatchObject({ replayed: false, transaction: { sequence: 2, amount: 10n } });
    expect(await stored(key)).toMatchObject({ sequence: 2, balance: { available: 90n } });
  });

  test("before anything was written: the spend is done on another one", async () => {
    const key = await walletWith(100n);
    proxy.cutAfter("wallets.lock");
    await done(submit(core, key, spendOf(10n)));
    expect(await stored(key)).toMatchObject({ sequence: 2, balance: { available: 90n } });
  });

  test("over and over under load: no spend is lost, none counts twice", async () => {
    const key = await walletWith(10_000n);
    const killer = new Client({ connectionString: database.url });
    await killer.connect();
    let answered = 0;
    const spenders = Array.from({ length: 40 }, async () => {
      for (let count = 0; count < 25; count++) {
        await done(submit(core, key, spendOf(1n)));
        answered += 1;
        if (answered % 100 === 0) {
          await killer.query(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()",
          );
        }
      }
    });
    await Promise.all(spenders);
    await killer.end();
    expect(await stored(key)).toMatchObject({ sequence: 1_001, balance: { available: 9_000n } });
    expect(await audit(direct.pool, key)).toEqual([]);
  });
});

describe("a wallet that somebody else keeps locked", () => {
  test("is answered as unavailable in the end, and its neighbours are done", async () => {
    const [key, neighbour] = [await walletWith(100n), await walletWith(100n)] as const;
    const holder = new Client({ connectionString: database.url });
    await holder.connect();
    await holder.query("BEGIN");
    await holder.query("SELECT 1 FROM wallets WHERE account_id = $1 FOR UPDATE", [key.accountId]);
    const one = await createTestCore(database.url, { clock: core.clock, lanes: 1 });
    const [stuck, free] = await Promise.allSettled([submit(one, key, spendOf(1n)), submit(one, neighbour, spendOf(1n))]);
    await holder.query("ROLLBACK");
    await holder.end();
    await one.stop();
    expect(stuck).toMatchObject({ status: "rejected", reason: expect.any(Unavailable) });
    expect(free).toMatchObject({ status: "fulfilled", value: { status: "done" } });
  });
});
