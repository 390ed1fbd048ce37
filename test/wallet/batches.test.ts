import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { Client } from "pg";
import type { Command } from "../../src/wallet/model/commands";
import type { WalletKey } from "../../src/wallet/model/types";
import { openWallet } from "../../src/wallet/open";
import { audit } from "../../src/wallet/store/audit.reads";
import { pageAlerts } from "../../src/wallet/store/wallet.pages";
import { readWallets } from "../../src/wallet/store/wallet.reads";
import { submit } from "../../src/wallet/submit";
import { removeThreshold, setThreshold } from "../../src/wallet/thresholds";
import {
  addCreditType,
  addWallet,
  adjustOf,
  createTestCore,
  done,
  grantOf,
  holdOf,
  overdraftOf,
  releaseOf,
  spendOf,
  type TestCore,
  transferOf,
  voidOf,
} from "../support/core";
import { createTestDatabase, type TestDatabase } from "../support/database";
import { OPERATOR } from "../support/operator";
import { untilWaiting } from "../support/waiting";

/** Batches that begin while the one before is at work, on wallets whose grants are remembered from batch to batch. */

let database: TestDatabase;
let core: TestCore;
/** A second server on the same database. */
let other: TestCore;
let creditType: number;
let twinType: number;
let owner: Client;

beforeAll(async () => {
  database = await createTestDatabase();
  core = await createTestCore(database.url, { lanes: 1 });
  other = await createTestCore(database.url, { clock: core.clock });
  creditType = await addCreditType(core.pool, "credits");
  twinType = await addCreditType(core.pool, "tokens");
  owner = new Client({ connectionString: database.url });
  await owner.connect();
});

afterAll(async () => {
  await owner.end();
  await core.stop();
  await other.stop();
  await database.drop();
});

async function walletWith(amount: bigint): Promise<WalletKey> {
  const key = await addWallet(core, creditType);
  await done(submit(core, key, grantOf(amount)));
  return key;
}

describe("a batch that begins while the one before it on the same wallet is at work", () => {
  /** Somebody who has used a key of the account in another wallet, and has not yet committed that: whoever uses it as well must wait. */
  async function racer({ accountId }: WalletKey, idempotencyKey: string): Promise<Client> {
    await openWallet(core, accountId, twinType, OPERATOR);
    const client = new Client({ connectionString: database.url });
    await client.connect();
    await client.query("BEGIN");
    await client.query(
      `INSERT INTO transactions (account_id, credit_type_id, type, sequence, amount, available, held, pending, debt, overdraft, by_kind,
         actor, idempotency_key, fingerprint, policy, effective_at, recorded_at, previous_hash, hash, entry_grants, entry_befores,
         entry_amounts, entry_sources, entry_pots)
       VALUES ($1, $2, 'SPEND', 1, 0, 0, 0, 0, 0, 0, '{}', 'racer', $3, '', 1, now(), now(), '', '', '{}', '{}', '{}', '{}', '{}')`,
      [accountId, twinType, idempotencyKey],
    );
    return client;
  }

  async function race(end: "COMMIT" | "ROLLBACK") {
    const key = await walletWith(10n);
    const raced = `raced to ${end}`;
    const client = await racer(key, raced);
    const ahead = [spendOf(1n), spendOf(1n, { idempotencyKey: raced }), spendOf(1n)].map((spend) => submit(core, key, spend));
    await untilWaiting(owner, 1);
    const behind = [spendOf(1n), spendOf(1n)].map((spend) => submit(core, key, spend));
    await untilWaiting(owner, 2);
    await client.query(end);
    await client.end();
    const answers = await Promise.all([...ahead, ...behind]);
    return { key, told: answers.map((answer) => (answer.status === "done" ? answer.transaction.sequence : answer.status)) };
  }

  test("takes the wallet as that leaves it", async () => {
    const { key, told } = await race("ROLLBACK");
    expect(told).toEqual([2, 3, 4, 5, 6]);
    expect(await audit(core.pool, key)).toEqual([]);
  });

  test("comes after it also when that fails and is done again", async () => {
    const { told } = await race("COMMIT");
    expect(told).toEqual([2, "mismatch", 3, 4, 5]);
    expect(core.logged).toContainEqual(expect.objectContaining({ message: "a batch failed and is done in halves" }));
  });
});

test("what another server did to a wallet in between is seen, whatever is remembered of it", async () => {
  const [key, friend] = [await walletWith(100n), await walletWith(100n)] as const;
  const servers = [core, other, other, core, core, other, core];
  const expires = core.clock.now() + 3_600_000_000n;
  const commands: readonly ((round: number) => Command)[] = [
    () => spendOf(3n),
    () => grantOf(5n),
    () => adjustOf(-1n),
    (round) => overdraftOf(BigInt(10 + round)),
    () => holdOf(2n, expires),
    () => transferOf(friend, 2n),
    (round) => voidOf(2 + round),
    () => spendOf(4n),
  ];
  for (let step = 0; step < 56; step++) {
    const server = servers[step % servers.length] as TestCore;
    const command = (commands[step % commands.length] as (round: number) => Command)(Math.floor(step / commands.length));
    const answer = await submit(server, key, command);
    if (answer.status === "done" && answer.hold) await done(submit(core, key, releaseOf(answer.hold.sequence)));
    const [stored] = await readWallets(core.pool, [key], core.clock.now());
    expect({ sequence: stored?.sequence, answered: answer.status }).not.toMatchObject({ answered: "mismatch" });
  }
  expect(await audit(core.pool, key)).toEqual([]);
  expect(await audit(core.pool, friend)).toEqual([]);
});

test("a batch that is written in parts sees in each what the ones before have changed", async () => {
  const key = await walletWith(200n);
  const spends = (count: number) => Array.from({ length: count }, () => done(submit(core, key, spendOf(1n))));
  const answers = await Promise.all([
    ...spends(60),
    setThreshold(core, key, 100n),
    ...spends(60),
    setThreshold(core, key, 50n),
    done(submit(core, key, grantOf(9n))),
    ...spends(70),
    removeThreshold(core, key, 1),
    ...spends(5),
  ]);
  expect(answers.every(({ status }) => status === "done")).toBe(true);
  const [stored] = await readWallets(core.pool, [key], core.clock.now());
  expect(stored).toMatchObject({ balance: { available: 14n }, thresholds: [{ number: 2, amount: 50n, state: "FIRED" }] });
  const { rows } = await pageAlerts(core.pool, key, { after: null, before: null, limit: 9, fromEnd: false, newestFirst: false });
  expect(rows).toMatchObject([
    { type: "LOW", threshold: { number: 1 }, sequence: 101 },
    { type: "LOW", threshold: { number: 2 }, sequence: 161 },
  ]);
  expect(await audit(core.pool, key)).toEqual([]);
});

test("grants that a failed batch would have left are not taken for the wallet's", async () => {
  const key = await walletWith(10n);
  const poisoned = spendOf(4n, { metadata: { text: "\u0000" } });
  await expect(submit(core, key, poisoned)).rejects.toThrow();
  const { wallet } = await done(submit(core, key, spendOf(1n)));
  expect(wallet).toMatchObject({ sequence: 2, balance: { available: 9n }, grants: [{ pots: { AVAILABLE: 9n, CONSUMED: 1n } }] });
  expect(await audit(core.pool, key)).toEqual([]);
});
