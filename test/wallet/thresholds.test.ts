import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { MOST_THRESHOLDS } from "../../src/wallet/batch";
import type { WalletKey } from "../../src/wallet/model/types";
import { audit } from "../../src/wallet/store/audit.reads";
import { pageAlerts } from "../../src/wallet/store/wallet.pages";
import { readWallets } from "../../src/wallet/store/wallet.reads";
import { submit } from "../../src/wallet/submit";
import { removeThreshold, setThreshold } from "../../src/wallet/thresholds";
import { addCreditType, addWallet, createTestCore, done, grantOf, spendOf, type TestCore } from "../support/core";
import { createTestDatabase, type TestDatabase } from "../support/database";

let database: TestDatabase;
let core: TestCore;
let key: WalletKey;
let creditType: number;

beforeAll(async () => {
  database = await createTestDatabase();
  core = await createTestCore(database.url);
  creditType = await addCreditType(core.pool, "credits");
  key = await addWallet(core, creditType);
  await done(submit(core, key, grantOf(100n)));
});

afterAll(async () => {
  await core.stop();
  await database.drop();
});

async function alerts() {
  const { rows } = await pageAlerts(core.pool, key, { newestFirst: false, after: null, before: null, limit: 50, fromEnd: false });
  return rows.map(({ number, type, sequence, threshold }) => [number, type, sequence, threshold?.number ?? null]);
}

describe("a threshold", () => {
  test("tells of each fall and each rise once, in the transaction that caused it", async () => {
    expect(await setThreshold(core, key, 50n)).toMatchObject({
      status: "done",
      threshold: { number: 1, amount: 50n, state: "ARMED" },
    });
    expect(await setThreshold(core, key, 200n)).toMatchObject({ threshold: { number: 2, state: "IDLE" } });
    await done(submit(core, key, spendOf(49n)));
    await done(submit(core, key, spendOf(1n)));
    await done(submit(core, key, spendOf(50n)));
    await done(submit(core, key, grantOf(60n)));
    expect(await alerts()).toEqual([
      [1, "LOW", 3, 1],
      [2, "DEPLETED", 4, null],
      [3, "RECOVERED", 5, null],
      [4, "RECOVERED", 5, 1],
    ]);
  });

  test("of the same amount is the one that stands already", async () => {
    expect(await setThreshold(core, key, 50n)).toMatchObject({ threshold: { number: 1 } });
  });

  test("that was removed tells nothing more, and its number is not used again", async () => {
    expect(await removeThreshold(core, key, 1)).toMatchObject({ status: "done", threshold: { number: 1 } });
    expect(await removeThreshold(core, key, 1)).toEqual({ status: "absent" });
    await done(submit(core, key, spendOf(20n)));
    expect(await alerts()).toHaveLength(4);
    expect(await setThreshold(core, key, 50n)).toMatchObject({ threshold: { number: 3, state: "IDLE" } });
    const [wallet] = await readWallets(core.pool, [key], core.clock.now());
    expect(wallet?.thresholds.map((threshold) => threshold.number)).toEqual([2, 3]);
  });

  test("is judged in the same batch in which it is set", async () => {
    const other = await addWallet(core, creditType);
    await done(submit(core, other, grantOf(100n)));
    const [, , answer] = await Promise.all([
      setThreshold(core, other, 50n),
      setThreshold(core, other, 60n),
      submit(core, other, spendOf(60n)),
      removeThreshold(core, other, 2),
    ]);
    expect(answer).toMatchObject({ wallet: { alertCount: 2 } });
    const [wallet] = await readWallets(core.pool, [other], core.clock.now());
    expect(wallet?.thresholds).toEqual([{ number: 1, amount: 50n, state: "FIRED" }]);
    expect(await audit(core.pool)).toEqual([]);
  });

  test("is one of a few", async () => {
    const other = await addWallet(core, creditType);
    const answers = await Promise.all(
      Array.from({ length: MOST_THRESHOLDS + 1 }, (_, index) => setThreshold(core, other, BigInt(index))),
    );
    expect(answers.at(-1)).toEqual({ status: "tooMany", limit: MOST_THRESHOLDS });
    expect(await setThreshold(core, { ...other, creditTypeId: 4711 }, 1n)).toEqual({ status: "absent" });
  });
});
