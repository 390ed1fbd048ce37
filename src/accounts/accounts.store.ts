import type { Pool } from "pg";
import type { Json } from "../core/json";
import { formatInstant, type Instant } from "../core/time";
import { type Act, type Operator, recordAct } from "../platform/act";
import type { PageRequest, PageRows } from "../platform/graphql/paging";
import { inTransaction, readRows, type Statement, type Transaction } from "../platform/transaction";
import { type Account, accountId } from "./account";
import { bothWays, pageOf, rangeOf } from "./newest-first";

/** All SQL about accounts. */

const COLUMNS = "a.id, a.external_id, a.name, a.time_zone, a.metadata, a.created_at, a.test_clock";

interface AccountRecord {
  readonly id: string;
  readonly external_id: string;
  readonly name: string | null;
  readonly time_zone: string;
  readonly metadata: Json | null;
  readonly created_at: Instant;
  readonly test_clock: Instant | null;
}

// One statement: the external id is taken and the account is there, or neither. Foreign keys are judged at its end.
const INSERT: Statement = {
  name: "accounts.insert",
  text: `
    WITH taken AS (
      INSERT INTO account_external_ids (external_id, account_id) VALUES ($2, $1)
      ON CONFLICT (external_id) DO NOTHING RETURNING account_id)
    INSERT INTO accounts (id, external_id, name, time_zone, metadata, created_at)
    SELECT account_id, $2, $3, $4, $5, $6 FROM taken RETURNING id`,
};

const BY_EXTERNAL_ID_WITH_TERMS: Statement = {
  name: "accounts.compare",
  text: `
    SELECT ${COLUMNS}, (a.name, a.time_zone, a.metadata) IS NOT DISTINCT FROM ($2::text, $3::text, $4::jsonb) AS same
    FROM account_external_ids e JOIN accounts a ON a.id = e.account_id WHERE e.external_id = $1`,
};

/** The account that has the external id now; `same`: with this name, time zone and metadata. */
export interface Standing {
  readonly account: Account;
  readonly same: boolean;
}

/** Adds an account, unless its external id is taken; answers the account that has it. */
export function insertAccount(pool: Pool, account: Account, by: Operator): Promise<Standing> {
  const { id, externalId, name, timeZone, createdAt } = account;
  const metadata = account.metadata === null ? null : JSON.stringify(account.metadata);
  return inTransaction(pool, "write", async (database) => {
    const made = await database.query(INSERT, [id, externalId, name, timeZone, metadata, formatInstant(createdAt)]);
    if (made.length > 0) recordAct(database, { ...madeOf(account), at: createdAt, ...by });
    const values = [externalId, name, timeZone, metadata];
    const [found] = await database.query<AccountRecord & { same: boolean }>(BY_EXTERNAL_ID_WITH_TERMS, values);
    // Accounts are never deleted: the one that stood in the way is still there.
    if (!found) throw new Error("the account is neither new nor known");
    return { account: toAccount(found), same: found.same };
  });
}

function madeOf({ id, externalId, name, timeZone, metadata }: Account): Omit<Act, "at" | keyof Operator> {
  const after = { externalId, name, timeZone, metadata };
  return { action: "createAccount", subject: accountId(id), accountId: id, before: null, after };
}

const BY_ID: Statement = {
  name: "accounts.by_id",
  text: `SELECT ${COLUMNS} FROM unnest($1::uuid[]) AS k (id) JOIN accounts a ON a.id = k.id`,
};

/** Accounts by their UUIDs, in the order asked; null where there is none. */
export async function readAccounts(pool: Pool, ids: readonly string[]): Promise<readonly (Account | null)[]> {
  const records = await readRows<AccountRecord>(pool, BY_ID, [ids]);
  const found = new Map(records.map((record) => [record.id, toAccount(record)]));
  return ids.map((id) => found.get(id) ?? null);
}

const TEST_CLOCK: Statement = { name: "accounts.test_clock", text: "SELECT test_clock FROM accounts WHERE id = $1" };

/** The simulated time of an account, by its UUID; null when it has none. */
export async function readTestClock(database: Transaction, id: string): Promise<Instant | null> {
  const [found] = await database.query<{ test_clock: Instant | null }>(TEST_CLOCK, [id]);
  return found?.test_clock ?? null;
}

const BY_EXTERNAL_ID: Statement = {
  name: "accounts.by_external_id",
  text: `
    SELECT ${COLUMNS} FROM unnest($1::text[]) AS k (external_id)
    JOIN account_external_ids e ON e.external_id = k.external_id JOIN accounts a ON a.id = e.account_id`,
};

/** Accounts by the operator's ids for them, in the order asked; null where there is none. */
export async function readAccountsByExternalId(pool: Pool, externalIds: readonly string[]): Promise<readonly (Account | null)[]> {
  const records = await readRows<AccountRecord>(pool, BY_EXTERNAL_ID, [externalIds]);
  const found = new Map(records.map((record) => [record.external_id, toAccount(record)]));
  return externalIds.map((externalId) => found.get(externalId) ?? null);
}

// The search reads accounts one by one until enough of them match. It is for people who look for one: they are few, and patient enough.
const PAGE = bothWays(
  "accounts.page",
  (direction) => `
    SELECT ${COLUMNS} FROM accounts a
    WHERE a.id < $1 AND a.id > $2
      AND ($4::text IS NULL OR strpos(lower(a.external_id), lower($4)) > 0 OR strpos(lower(a.name), lower($4)) > 0)
    ORDER BY a.id ${direction} LIMIT $3`,
);

/** A part of the accounts, newest first; those only whose external id or name contains `search`, in either case. */
export async function pageAccounts(pool: Pool, search: string | null, request: PageRequest<string>): Promise<PageRows<Account>> {
  const records = await readRows<AccountRecord>(pool, PAGE(request), [...rangeOf(request), search]);
  return pageOf(records.map(toAccount), request);
}

function toAccount(record: AccountRecord): Account {
  const { id, external_id: externalId, name, time_zone: timeZone, metadata, created_at: createdAt } = record;
  return { id, externalId, name, timeZone, metadata, createdAt, testClock: record.test_clock };
}
