import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { Client } from "pg";
import { INVARIANTS, type Invariant } from "../../src/wallet/audit";
import type { WalletKey } from "../../src/wallet/model/types";
import { audit } from "../../src/wallet/store/audit.reads";
import { catchUpNow, submit } from "../../src/wallet/submit";
import { setThreshold } from "../../src/wallet/thresholds";
import {
  addCreditType,
  addWallet,
  captureOf,
  createTestCore,
  done,
  grantOf,
  holdOf,
  overdraftOf,
  refundOf,
  spendOf,
  type TestCore,
  transferOf,
} from "../support/core";
import { createTestDatabase, type TestDatabase } from "../support/database";

const SECOND = 1_000_000n;
const DAY = 86_400n * SECOND;

let database: TestDatabase;
let core: TestCore;
/** The owner of the tables, who may do what the application may not. */
let owner: Client;
let creditType: number;
let key: WalletKey;

beforeAll(async () => {
  database = await createTestDatabase();
  core = await createTestCore(database.url);
  creditType = await addCreditType(core.pool, "credits", { expiryNotice: "P1D" });
  owner = new Client({ connectionString: database.url });
  await owner.connect();
  // The tables guard themselves; the auditor is to find what gets past the guards.
  await owner.query(`
    ALTER TABLE grants DROP CONSTRAINT grants_pots_natural, DROP CONSTRAINT grants_pots_whole;
    ALTER TABLE holds DROP CONSTRAINT holds_ended_empty, DROP CONSTRAINT holds_parts_natural;
    ALTER TABLE holds DROP CONSTRAINT holds_sequence_fkey`);
});

afterAll(async () => {
  await owner.end();
  await core.stop();
  await database.drop();
});

/** A wallet with some of everything: 1 grant, 2 grant, 3 limit, 4 spend, 5 hold, 6 capture, 7 refund, 8 transfer, 9 spend, and 10 what expired. */
beforeEach(async () => {
  key = await addWallet(core, creditType);
  const now = core.clock.now();
  await done(submit(core, key, grantOf(100n, { expiresAt: now + 2n * DAY })));
  await done(submit(core, key, grantOf(100n, { kind: "PURCHASED", repaysDebt: true })));
  await done(submit(core, key, overdraftOf(10n)));
  await setThreshold(core, key, 150n);
  await done(submit(core, key, spendOf(120n)));
  await done(submit(core, key, holdOf(20n, now + DAY)));
  await done(submit(core, key, captureOf(5, 15n)));
  await done(submit(core, key, refundOf(4, 30n)));
  await done(submit(core, key, transferOf(await addWallet(core, creditType), 1n)));
  await done(submit(core, key, spendOf(1n)));
  core.clock.set(now + 3n * DAY);
  await catchUpNow(core, key);
});

/** Changes the wallet's rows of a table, as the owner. */
async function tamper(table: string, change: string, where = "true"): Promise<void> {
  const { rowCount } = await owner.query(`UPDATE ${table} SET ${change} WHERE account_id = $1 AND (${where})`, [key.accountId]);
  expect(rowCount).toBeGreaterThan(0);
}

async function remove(table: string, where: string): Promise<void> {
  const { rowCount } = await owner.query(`DELETE FROM ${table} WHERE account_id = $1 AND (${where})`, [key.accountId]);
  expect(rowCount).toBeGreaterThan(0);
}

async function invariants(): Promise<readonly Invariant[]> {
  const findings = await audit(core.pool, key);
  return [...new Set(findings.map((finding) => finding.invariant))].toSorted((a, b) => a - b);
}

const NO_ENTRIES = "entry_grants = '{}', entry_befores = '{}', entry_amounts = '{}', entry_sources = '{}', entry_pots = '{}'";

describe("the auditor", () => {
  test("finds nothing wrong with a wallet of all sorts of transactions", async () => {
    expect(await audit(core.pool, key)).toEqual([]);
  });

  test.each<[string, Invariant, () => Promise<void>]>([
    ["a grant that is more than its pots", 1, () => tamper("grants", "amount = amount + 1", "number = 2")],
    ["a pot below zero", 1, () => tamper("grants", "held = held - 1, consumed = consumed + 1", "number = 2")],
    [
      "a pot that its entries do not make",
      2,
      () => tamper("grants", "available = available + 1, consumed = consumed - 1", "number = 2"),
    ],
    ["an entry changed", 2, () => tamper("transactions", "entry_amounts[1] = entry_amounts[1] + 1", "sequence = 4")],
    ["the entries removed", 2, () => tamper("transactions", NO_ENTRIES, "sequence = 9")],
    ["an entry of a grant that there is not", 2, () => tamper("transactions", "entry_grants[1] = 4711", "sequence = 9")],
    ["a transaction removed", 3, () => remove("transactions", "sequence = 9")],
    ["another balance recorded", 3, () => tamper("transactions", "available = available + 1", "sequence = 6")],
    ["a wallet with another balance than its log", 3, () => tamper("wallets", "available = available + 1")],
    ["time that goes back", 3, () => tamper("transactions", "effective_at = effective_at + interval '30 days'", "sequence = 4")],
    ["credits that expired although they never do", 3, () => tamper("grants", "expires_at = NULL", "expired > 0")],
    ["an expiry that is missing", 3, () => tamper("grants", "expires_at = effective_at + interval '1 day'", "number = 2")],
    [
      "a transfer paid by the wrong grant",
      4,
      () => tamper("transactions", "entry_befores[array_position(entry_sources, 'AVAILABLE')] = 1", "sequence = 8"),
    ],
    ["an amount that its entries are not", 4, () => tamper("transactions", "amount = amount + 1", "sequence = 7")],
    ["a spend paid by the wrong grant", 4, () => tamper("transactions", "entry_grants[1] = 2", "sequence = 9")],
    ["a reason that the waterfall does not have", 4, () => tamper("transactions", "entry_befores[1] = 3", "sequence = 4")],
    ["a policy that the spend did not use", 4, () => tamper("transactions", "policy = 4711", "sequence = 4")],
    ["a hold that its log does not say", 5, () => tamper("holds", "captured = captured - 1, released = released + 1")],
    ["a hold that is open with nothing held", 5, () => tamper("holds", "status = 'OPEN'")],
    ["a hold that is gone", 5, () => remove("holds", "true")],
    ["a refund of more than was spent", 5, () => tamper("transactions", "amount = 121", "sequence = 7")],
    ["an alert removed", 6, () => remove("alerts", "number = 1")],
    ["an alert of another crossing", 6, () => tamper("alerts", "sequence = sequence + 1", "type = 'LOW'")],
    ["a notice removed", 6, () => remove("alerts", "type = 'EXPIRING_SOON'")],
    ["a threshold in the wrong state", 6, () => tamper("thresholds", "state = 'IDLE'")],
    ["a description changed", 7, () => tamper("transactions", "description = 'another'", "sequence = 4")],
    ["terms of a grant changed", 7, () => tamper("grants", "cost_amount = 1, cost_currency = 'EUR'", "number = 2")],
    ["a hash changed", 7, () => tamper("transactions", "hash = previous_hash", "sequence = 4")],
    ["another last hash", 7, () => tamper("wallets", "hash = '\\x00'")],
  ])("finds %s", async (_what, invariant, change) => {
    await change();
    expect(await invariants()).toContain(invariant);
  });

  test("finds credits that moved out of a grant and arrived nowhere", async () => {
    expect(await audit(core.pool)).not.toContainEqual(expect.objectContaining({ key: null }));
    await tamper("grants", "moved = moved + 1, consumed = consumed - 1", "number = 2");
    expect(await audit(core.pool)).toContainEqual(expect.objectContaining({ invariant: 1, key: null }));
  });

  test("says every invariant in words", () => {
    expect(Object.keys(INVARIANTS)).toEqual(["1", "2", "3", "4", "5", "6", "7", "9"]);
  });
});

test("the application itself may not change or delete what stands in the ledger", async () => {
  for (const table of ["transactions", "alerts"]) {
    await expect(core.pool.query(`DELETE FROM ${table}`)).rejects.toMatchObject({ code: "42501" });
    await expect(core.pool.query(`UPDATE ${table} SET sequence = 1`)).rejects.toMatchObject({ code: "42501" });
  }
});
