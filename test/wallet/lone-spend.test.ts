import { afterAll, beforeAll, beforeEach, describe, expect, jest, test } from "@jest/globals";
import { Client } from "pg";
import type { WalletKey } from "../../src/wallet/model/types";
import { setPolicyOfCreditType, setPolicyOfWallet } from "../../src/wallet/policies";
import { audit } from "../../src/wallet/store/audit.reads";
import { pageAlerts } from "../../src/wallet/store/wallet.pages";
import { readWallets } from "../../src/wallet/store/wallet.reads";
import { submit } from "../../src/wallet/submit";
import { removeThreshold, setThreshold } from "../../src/wallet/thresholds";
import {
  addCreditType,
  addWallet,
  captureOf,
  createTestCore,
  done,
  grantOf,
  holdOf,
  spendOf,
  type TestCore,
  voidOf,
} from "../support/core";
import { createTestDatabase, type TestDatabase } from "../support/database";
import { OPERATOR } from "../support/operator";
import { type Road, startProxy } from "../support/proxy";
import { untilWaiting } from "../support/waiting";

/** Spends that have their batch to themselves, and are decided by what is remembered of their wallet. */

let database: TestDatabase;
let proxy: Road;
/** Works through the proxy. */
let core: TestCore;
/** A second server on the same database. */
let other: TestCore;
let creditType: number;

beforeAll(async () => {
  database = await createTestDatabase();
  proxy = await startProxy(database.url);
  core = await createTestCore(proxy.url);
  other = await createTestCore(database.url, { clock: core.clock });
  creditType = await addCreditType(core.pool, "credits");
});

afterAll(async () => {
  await core.stop();
  await other.stop();
  await proxy.close();
  await database.drop();
});

let query: ReturnType<typeof spyOnPool>;

function spyOnPool() {
  return jest.spyOn(core.pool, "query");
}

beforeEach(() => {
  jest.restoreAllMocks();
  query = spyOnPool();
});

/** Whether a spend went by one statement since this was last asked. */
function wentAlone(): boolean {
  const calls = query.mock.calls as unknown as readonly (readonly [{ readonly name?: string }])[];
  const went = calls.some(([{ name }]) => name === "ledger.spend");
  query.mockClear();
  return went;
}

/** A wallet that the server knows well, with grants that are drawn in this order. */
async function knownWallet(...amounts: readonly bigint[]): Promise<WalletKey> {
  const key = await addWallet(core, creditType);
  for (const amount of amounts) await done(submit(core, key, grantOf(amount)));
  await done(submit(core, key, spendOf(1n)));
  query.mockClear();
  return key;
}

async function stored(key: WalletKey) {
  const [wallet] = await readWallets(other.pool, [key], core.clock.now());
  return wallet;
}

test("a spend in a wallet that was left as it is goes by one statement, and is like any other", async () => {
  const key = await knownWallet(100n, 50n);
  const told = await done(submit(core, key, spendOf(9n, { operation: "chat", metadata: { text: '"quoted\\"', none: null } })));
  expect(wentAlone()).toBe(true);
  expect(told).toMatchObject({ replayed: false, transaction: { sequence: 4, amount: 9n }, grants: [{ number: 1 }] });
  expect(await stored(key)).toMatchObject({ sequence: 4, balance: { available: 140n } });
  expect(await audit(other.pool, key)).toEqual([]);
});

test("what one grant does not cover, is refused, or is more than a spend is done like everything else", async () => {
  const key = await knownWallet(10n, 10n);
  const across = await done(submit(core, key, spendOf(12n)));
  expect(across.grants).toHaveLength(2);
  expect(await submit(core, key, spendOf(8n))).toMatchObject({ status: "refused", refusal: { code: "INSUFFICIENT_CREDITS" } });
  const { hold } = await done(submit(core, key, holdOf(3n, core.clock.now() + 1_000n)));
  expect(wentAlone()).toBe(false);
  await done(submit(core, key, captureOf(hold?.sequence as number, 2n)));
  await done(submit(core, key, spendOf(1n)));
  expect(wentAlone()).toBe(true);
  expect(await stored(key)).toMatchObject({ balance: { available: 4n, held: 0n } });
  expect(await audit(other.pool, key)).toEqual([]);
});

test("the same key answers the first spend, and tells another input or wallet from it", async () => {
  const key = await knownWallet(10n);
  const spend = spendOf(2n);
  const first = await done(submit(core, key, spend));
  expect(wentAlone()).toBe(true);
  const again = await done(submit(core, key, spend));
  expect(again).toMatchObject({ replayed: true, transaction: { sequence: first.transaction.sequence } });
  expect(await submit(core, key, { ...spend, amount: 3n })).toMatchObject({ status: "mismatch", field: "amount" });
  expect(await stored(key)).toMatchObject({ balance: { available: 7n } });
  expect(await audit(other.pool, key)).toEqual([]);
});

test("a connection that is lost with the answer: the spend counts once, and is no replay", async () => {
  const key = await knownWallet(10n);
  const cuts = proxy.cuts;
  proxy.cutAfter("ledger.spend");
  expect(await done(submit(core, key, spendOf(2n)))).toMatchObject({ replayed: false, transaction: { sequence: 3 } });
  expect(proxy.cuts).toBe(cuts + 1);
  expect(await stored(key)).toMatchObject({ sequence: 3, balance: { available: 7n } });
});

test("a wallet that somebody has locked is waited for", async () => {
  const key = await knownWallet(10n);
  const holder = new Client({ connectionString: database.url });
  await holder.connect();
  await holder.query("BEGIN");
  await holder.query("SELECT 1 FROM wallets WHERE account_id = $1 FOR UPDATE", [key.accountId]);
  const spend = submit(core, key, spendOf(2n));
  await untilWaiting(holder, 1);
  await holder.query("COMMIT");
  await holder.end();
  expect(await done(spend)).toMatchObject({ transaction: { sequence: 3 } });
  expect(await stored(key)).toMatchObject({ balance: { available: 7n } });
});

describe("what another server did to the wallet in between is seen", () => {
  const PAID_LAST = ["PRIORITY", "KIND", "EXPIRY", "SCOPE", "EFFECTIVE"] as const;

  async function spendsOf(key: WalletKey): Promise<readonly (readonly [number, bigint])[]> {
    const { transaction } = await done(submit(core, key, spendOf(2n)));
    expect(await audit(other.pool, key)).toEqual([]);
    return transaction.entries.map(({ grant, amount }) => [grant, amount]);
  }

  /** Two grants whose order is another by a policy that looks at kinds before expiries. */
  async function walletOfTwoKinds(type = creditType): Promise<WalletKey> {
    const key = await addWallet(core, type);
    const soon = core.clock.now() + 30n * 86_400_000_000n;
    await done(submit(core, key, grantOf(10n, { kind: "PURCHASED", expiresAt: soon })));
    await done(submit(core, key, grantOf(10n, { kind: "PROMO", expiresAt: soon + 1n })));
    await done(submit(core, key, spendOf(1n)));
    expect(await spendsOf(key)).toEqual([[1, 2n]]);
    expect(wentAlone()).toBe(true);
    return key;
  }

  test("a spend", async () => {
    const key = await knownWallet(3n, 10n);
    await done(submit(other, key, spendOf(1n)));
    expect(await spendsOf(key)).toEqual([
      [1, 1n],
      [2, 1n],
    ]);
  });

  test("a grant that goes first, and one that is voided", async () => {
    const key = await knownWallet(10n, 10n);
    await done(submit(other, key, grantOf(5n, { priority: 1 })));
    expect(await spendsOf(key)).toEqual([[3, 2n]]);
    expect(await spendsOf(key)).toEqual([[3, 2n]]);
    await done(submit(other, key, voidOf(3)));
    expect(await spendsOf(key)).toEqual([[1, 2n]]);
  });

  test("a threshold: the spend that crosses it tells of it; and that it is gone", async () => {
    const key = await knownWallet(10n);
    await setThreshold(other, key, 8n);
    await spendsOf(key);
    const { rows } = await pageAlerts(other.pool, key, {
      after: null,
      before: null,
      limit: 9,
      fromEnd: false,
      newestFirst: false,
    });
    expect(rows).toMatchObject([{ type: "LOW", threshold: { amount: 8n }, sequence: 3 }]);
    await removeThreshold(other, key, 1);
    await spendsOf(key);
    expect(await stored(key)).toMatchObject({ thresholds: [], balance: { available: 5n } });
  });

  test("the wallet's own policy, and the credit type's", async () => {
    const own = await walletOfTwoKinds();
    await setPolicyOfWallet(other, own, PAID_LAST, OPERATOR);
    expect(await spendsOf(own)).toEqual([[2, 2n]]);
    const type = await addCreditType(core.pool, "tokens");
    const key = await walletOfTwoKinds(type);
    await setPolicyOfCreditType(other, type, PAID_LAST, OPERATOR);
    expect(await spendsOf(key)).toEqual([[2, 2n]]);
  });

  test("a hold that expires: what it held is there again", async () => {
    const key = await knownWallet(10n);
    const at = core.clock.now() + 1_000_000n;
    await done(submit(other, key, holdOf(8n, at)));
    expect(await submit(core, key, spendOf(2n))).toMatchObject({ status: "refused" });
    core.clock.set(at);
    expect(await spendsOf(key)).toEqual([[1, 2n]]);
    expect(await stored(key)).toMatchObject({ balance: { available: 7n, held: 0n } });
  });
});

test("a hold that expires meanwhile is released first", async () => {
  const key = await knownWallet(10n);
  const at = core.clock.now() + 1_000_000n;
  await done(submit(core, key, holdOf(4n, at)));
  await done(submit(core, key, spendOf(1n)));
  expect(wentAlone()).toBe(true);
  core.clock.set(at);
  expect(await done(submit(core, key, spendOf(1n)))).toMatchObject({
    transaction: { sequence: 6 },
    wallet: { balance: { held: 0n } },
  });
  expect(await stored(key)).toMatchObject({ balance: { available: 7n, held: 0n } });
  expect(await audit(other.pool, key)).toEqual([]);
});

test("a grant that ends meanwhile pays no more, and its end is written first", async () => {
  const key = await addWallet(core, creditType);
  const end = core.clock.now() + 40n * 86_400_000_000n;
  await done(submit(core, key, grantOf(10n, { expiresAt: end })));
  await done(submit(core, key, grantOf(10n)));
  for (let count = 0; count < 2; count++) await done(submit(core, key, spendOf(1n)));
  expect(wentAlone()).toBe(true);
  core.clock.set(end);
  const { transaction } = await done(submit(core, key, spendOf(1n)));
  expect(transaction.entries).toMatchObject([{ grant: 2, amount: 1n }]);
  expect(await stored(key)).toMatchObject({ balance: { available: 9n } });
  expect(await audit(other.pool, key)).toEqual([]);
});
