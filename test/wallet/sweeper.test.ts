import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { WalletKey } from "../../src/wallet/model/types";
import { audit } from "../../src/wallet/store/audit.reads";
import { pageAlerts, pageTransactions } from "../../src/wallet/store/wallet.pages";
import { readHeads } from "../../src/wallet/store/wallet.reads";
import { submit } from "../../src/wallet/submit";
import { Sweeper } from "../../src/wallet/sweeper";
import { addCreditType, addWallet, createTestCore, done, grantOf, holdOf, spendOf, type TestCore } from "../support/core";
import { createTestDatabase, type TestDatabase } from "../support/database";

const SECOND = 1_000_000n;
const DAY = 86_400n * SECOND;
const ALL = { newestFirst: false, after: null, before: null, limit: 100, fromEnd: false };
const ANY = { types: null, operation: null, app: null, member: null, from: null, to: null, minimum: null };

let database: TestDatabase;
let core: TestCore;
let other: TestCore;
let creditType: number;
let sweepers: Sweeper[];

beforeAll(async () => {
  database = await createTestDatabase();
  core = await createTestCore(database.url);
  other = await createTestCore(database.url, { clock: core.clock });
  creditType = await addCreditType(core.pool, "credits", { expiryNotice: "P3D" });
  sweepers = [new Sweeper(core), new Sweeper(other)];
  for (const sweeper of sweepers) sweeper.start();
});

afterAll(async () => {
  for (const sweeper of sweepers) await sweeper.stop();
  await core.stop();
  await other.stop();
  await database.drop();
});

async function passTo(instant: bigint): Promise<void> {
  for (const sweeper of sweepers) await sweeper.settled();
  core.clock.set(instant);
  for (const sweeper of sweepers) await sweeper.settled();
}

async function history(key: WalletKey) {
  const { rows } = await pageTransactions(core.pool, key, ANY, ALL);
  return rows.map(({ type, effectiveAt, recordedAt }) => ({ type, effectiveAt, recordedAt }));
}

describe("an idle wallet", () => {
  test("has its hold released at the instant at which it expires, by one of two servers, once", async () => {
    const key = await addWallet(core, creditType);
    await done(submit(core, key, grantOf(10n)));
    const expiresAt = core.clock.now() + 30n * SECOND;
    await done(submit(core, key, holdOf(4n, expiresAt)));
    await passTo(expiresAt - 1n);
    expect(await readHeads(core.pool, [key])).toMatchObject([{ sequence: 2 }]);
    core.published.length = 0;
    await passTo(expiresAt);
    expect((await history(key)).at(-1)).toEqual({ type: "RELEASE", effectiveAt: expiresAt, recordedAt: expiresAt });
    expect([...core.published, ...other.published].filter((change) => change.sequence === 3)).toHaveLength(1);
    await passTo(expiresAt + DAY);
    expect(await readHeads(core.pool, [key])).toMatchObject([{ sequence: 3 }]);
  });

  test("is told of what nears and what ends: a notice, an activation, an expiry", async () => {
    const key = await addWallet(core, creditType);
    const start = core.clock.now();
    await done(submit(core, key, grantOf(10n, { expiresAt: start + 5n * DAY })));
    await done(submit(core, key, grantOf(5n, { effectiveAt: start + 4n * DAY })));
    await passTo(start + 2n * DAY);
    expect((await pageAlerts(core.pool, key, ALL)).rows).toMatchObject([
      { type: "EXPIRING_SOON", effectiveAt: start + 2n * DAY, expiring: 10n },
    ]);
    await passTo(start + 6n * DAY);
    expect((await history(key)).map(({ type, effectiveAt }) => [type, effectiveAt])).toEqual([
      ["GRANT", start],
      ["GRANT", start],
      ["ACTIVATE", start + 4n * DAY],
      ["EXPIRE", start + 5n * DAY],
    ]);
    expect(await audit(core.pool, key)).toEqual([]);
  });

  test("whose catch-up fails holds up no others", async () => {
    const [broken, sound] = [await addWallet(core, creditType), await addWallet(core, creditType)] as const;
    const due = core.clock.now() + SECOND;
    for (const key of [broken, sound]) await done(submit(core, key, grantOf(10n, { expiresAt: due })));
    // A balance that does not fit its grants makes the catch-up stop at the database's own guard.
    await core.pool.query(
      "UPDATE wallets SET available = 0, by_kind[4] = 0, next_due_at = next_due_at - interval '1 ms' WHERE account_id = $1",
      [broken.accountId],
    );
    await passTo(due);
    expect(await readHeads(core.pool, [broken, sound])).toMatchObject([{ sequence: 1 }, { sequence: 2 }]);
    expect(core.logged.some(({ message }) => message === "a wallet could not be caught up")).toBe(true);
    await core.pool.query("UPDATE wallets SET available = 10, by_kind[4] = 10 WHERE account_id = $1", [broken.accountId]);
    await passTo(due + 3n * SECOND);
    expect(await readHeads(core.pool, [broken])).toMatchObject([{ sequence: 2 }]);
  });

  test("is caught up in great numbers", async () => {
    const due = core.clock.now() + SECOND;
    const keys = await Promise.all(Array.from({ length: 700 }, () => addWallet(core, creditType)));
    await Promise.all(keys.map((key) => done(submit(core, key, grantOf(10n, { expiresAt: due })))));
    await passTo(due);
    const heads = await readHeads(core.pool, keys);
    expect(heads.filter((head) => head?.sequence === 2)).toHaveLength(700);
  });
});

test("a sweeper starts with what fell due while no server ran", async () => {
  const key = await addWallet(core, creditType);
  await done(submit(core, key, grantOf(10n, { expiresAt: core.clock.now() + SECOND })));
  await done(submit(core, key, spendOf(1n)));
  for (const sweeper of sweepers) await sweeper.stop();
  core.clock.set(core.clock.now() + DAY);
  const fresh = new Sweeper(core);
  sweepers = [fresh];
  fresh.start();
  await fresh.settled();
  expect((await history(key)).at(-1)).toMatchObject({ type: "EXPIRE" });
});
