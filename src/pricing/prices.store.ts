import type { Pool } from "pg";
import type { Json } from "../core/json";
import { formatInstant, type Instant } from "../core/time";
import { type Transaction as Database, readRows, type Statement } from "../platform/transaction";
import { bothWays, type Page, pageOf, rangeOf, type Window } from "../platform/window";
import { EVERYBODY, type NewPriceVersion, ownerText, type PriceOwner, type PriceVersion } from "./model/price-list";
import type { Price } from "./model/types";
import { restorePrices, storePrices } from "./stored-price";

/** All SQL about prices. */

const COLUMNS = `v.id, l.credit_type_id, l.account_id, l.app, l.plan_id, v.number, v.revision, v.effective_from, v.unit_amount::text, v.unit_currency,
  v.reason, v.published_at, v.published_by, v.withdrawn_at, v.withdrawn_by, v.withdrawn_revision`;
const VERSIONS = "price_versions v JOIN price_lists l ON l.id = v.list_id";

interface VersionRecord {
  readonly id: number;
  readonly credit_type_id: number;
  readonly account_id: string | null;
  readonly app: string | null;
  readonly plan_id: number | null;
  readonly number: number;
  readonly revision: number;
  readonly effective_from: Instant;
  readonly unit_amount: string | null;
  readonly unit_currency: string | null;
  readonly reason: string | null;
  readonly published_at: Instant;
  readonly published_by: string;
  readonly withdrawn_at: Instant | null;
  readonly withdrawn_by: string | null;
  readonly withdrawn_revision: number | null;
}

const LOCK: Statement = {
  name: "prices.lock",
  text: "SELECT price_revision FROM credit_types WHERE id = $1 FOR NO KEY UPDATE",
};

/** Has nobody else change prices of the credit type until the transaction ends; answers its revision, null when there is no such type. */
export async function lockPrices(database: Database, creditTypeId: number): Promise<number | null> {
  const [found] = await database.query<{ price_revision: number }>(LOCK, [creditTypeId]);
  return found?.price_revision ?? null;
}

const LATEST: Statement = {
  name: "prices.latest",
  text: `SELECT ${COLUMNS} FROM ${VERSIONS} WHERE l.credit_type_id = $1 AND l.owner = $2 ORDER BY v.number DESC LIMIT 1`,
};

/** The latest version of a list, be it withdrawn or not; null: there is none. */
export async function readLatest(database: Database, creditTypeId: number, owner: PriceOwner): Promise<PriceVersion | null> {
  const [found] = await database.query<VersionRecord>(LATEST, [creditTypeId, ownerText(owner)]);
  return found ? toVersion(found) : null;
}

// Of a list's versions that were not withdrawn, each begins no earlier than the one before: the latest number is the latest to begin.
const STANDING: Statement = {
  name: "prices.standing",
  text: `
    SELECT ${COLUMNS} FROM ${VERSIONS}
    WHERE l.credit_type_id = $1 AND l.owner = $2 AND v.withdrawn_at IS NULL AND ($3::timestamptz IS NULL OR v.effective_from <= $3)
    ORDER BY v.number DESC LIMIT 1`,
};

/** The latest version of a list that was not withdrawn; that has begun by an instant, if one is named. Null: there is none. */
export async function readStanding(
  database: Database,
  creditTypeId: number,
  owner: PriceOwner,
  by: Instant | null,
): Promise<PriceVersion | null> {
  const values = [creditTypeId, ownerText(owner), by === null ? null : formatInstant(by)];
  const [found] = await database.query<VersionRecord>(STANDING, values);
  return found ? toVersion(found) : null;
}

const LEANING: Statement = {
  name: "prices.leaning",
  text: `
    SELECT DISTINCT coalesce('plan ' || p.name, 'account ' || a.external_id, 'app ' || l.app) AS owner, s.surcharge->>'operation' AS operation
    FROM price_lists l LEFT JOIN plans p ON p.id = l.plan_id LEFT JOIN accounts a ON a.id = l.account_id
    CROSS JOIN LATERAL (
      SELECT v.prices FROM price_versions v WHERE v.list_id = l.id AND v.withdrawn_at IS NULL ORDER BY v.number DESC LIMIT 1) v
    CROSS JOIN LATERAL jsonb_array_elements(v.prices) AS one (price)
    CROSS JOIN LATERAL jsonb_array_elements(one.price->'surcharges') AS s (surcharge)
    WHERE l.credit_type_id = $1 AND l.owner <> $2
      AND NOT EXISTS (
        SELECT FROM jsonb_array_elements(v.prices) AS own (price) WHERE own.price->>'operation' = s.surcharge->>'operation')
      AND NOT (s.surcharge->>'operation' = ANY ($3))
    ORDER BY 1, 2 LIMIT 100`,
};

/** Surcharges in the lists of accounts, apps and plans that everybody's list must price, and does not with these operations; a hundred at most. `owner`: as people call it. */
export function readLeaning(
  database: Database,
  creditTypeId: number,
  operations: readonly string[],
): Promise<readonly { readonly owner: string; readonly operation: string }[]> {
  return database.query(LEANING, [creditTypeId, ownerText(EVERYBODY), operations]);
}

const LIST: Statement = {
  name: "prices.list",
  text: `
    INSERT INTO price_lists (credit_type_id, owner, account_id, app, plan_id) VALUES ($1, $2, $3, $4, $5)
    ON CONFLICT (credit_type_id, owner) DO NOTHING`,
};

const INSERT: Statement = {
  name: "prices.insert",
  text: `
    WITH v AS (
      INSERT INTO price_versions
        (list_id, number, revision, effective_from, unit_amount, unit_currency, prices, reason, published_at, published_by)
      SELECT id, $3, $4, $5, $6, $7, $8, $9, $10, $11 FROM price_lists WHERE credit_type_id = $1 AND owner = $2
      RETURNING *)
    SELECT ${COLUMNS} FROM v JOIN price_lists l ON l.id = v.list_id`,
};

const RAISE: Statement = { name: "prices.raise", text: "UPDATE credit_types SET price_revision = $2 WHERE id = $1" };

const PAGE = bothWays(
  "prices.page",
  (direction) => `
    SELECT ${COLUMNS} FROM ${VERSIONS}
    WHERE l.credit_type_id = $1 AND l.owner = $2 AND v.number > $3::bigint AND v.number < $4::bigint ORDER BY v.number ${direction} LIMIT $5`,
);

/** A part of a list's versions. */
export async function pageVersions(
  pool: Pool,
  creditTypeId: number,
  owner: PriceOwner,
  window: Window,
): Promise<Page<PriceVersion>> {
  const { descending, above, below } = rangeOf(window);
  const values = [creditTypeId, ownerText(owner), above, below, window.limit + 1];
  const records = await readRows<VersionRecord>(pool, PAGE(descending), values);
  return pageOf(records.map(toVersion), window);
}

/** What is written of a version beside what was asked. */
export interface Publication {
  readonly number: number;
  readonly revision: number;
  readonly effectiveFrom: Instant;
  readonly at: Instant;
  readonly by: string;
}

/** Adds a version to a list, which is made if need be, and raises the credit type's revision. */
export async function insertVersion(database: Database, input: NewPriceVersion, how: Publication): Promise<PriceVersion> {
  const { creditTypeId, owner, creditPrice, prices, reason } = input;
  database.send(LIST, [creditTypeId, ownerText(owner), ...ownerColumns(owner)]);
  database.send(RAISE, [creditTypeId, how.revision]);
  const [made] = await database.query<VersionRecord>(INSERT, [
    ...[creditTypeId, ownerText(owner), how.number, how.revision, formatInstant(how.effectiveFrom)],
    ...[creditPrice?.amount ?? null, creditPrice?.currency ?? null, storePrices(prices), reason, formatInstant(how.at), how.by],
  ]);
  return toVersion(made as VersionRecord);
}

/** Account, app and plan: one of them, or none. */
function ownerColumns(owner: PriceOwner): readonly [string | null, string | null, number | null] {
  if (owner.kind === "account") return [owner.accountId, null, null];
  if (owner.kind === "app") return [null, owner.app, null];
  return [null, null, owner.kind === "plan" ? owner.planId : null];
}

const WITHDRAW: Statement = {
  name: "prices.withdraw",
  text: `
    WITH v AS (
      UPDATE price_versions SET withdrawn_at = $2, withdrawn_by = $3, withdrawn_revision = $4 WHERE id = $1 RETURNING *)
    SELECT ${COLUMNS} FROM v JOIN price_lists l ON l.id = v.list_id`,
};

/** Marks a version as withdrawn, and raises the credit type's revision. */
export async function markWithdrawn(
  database: Database,
  { id, creditTypeId }: PriceVersion,
  { at, by, revision }: NonNullable<PriceVersion["withdrawn"]>,
): Promise<PriceVersion> {
  database.send(RAISE, [creditTypeId, revision]);
  const [marked] = await database.query<VersionRecord>(WITHDRAW, [id, formatInstant(at), by, revision]);
  return toVersion(marked as VersionRecord);
}

const BY_ID: Statement = { name: "prices.by_id", text: `SELECT ${COLUMNS} FROM ${VERSIONS} WHERE v.id = $1` };

/** A version by its id, as it is; null when there is none. */
export async function readVersion(pool: Pool, id: number): Promise<PriceVersion | null> {
  const [found] = await readRows<VersionRecord>(pool, BY_ID, [id]);
  return found ? toVersion(found) : null;
}

/** As `readVersion`, within a transaction. */
export async function readVersionIn(database: Database, id: number): Promise<PriceVersion | null> {
  const [found] = await database.query<VersionRecord>(BY_ID, [id]);
  return found ? toVersion(found) : null;
}

const REVISION: Statement = { name: "prices.revision", text: "SELECT price_revision FROM credit_types WHERE id = $1" };

/** The revision of a credit type's prices, as it is at this moment; null: there is no such credit type. */
export async function readRevision(pool: Pool, creditTypeId: number): Promise<number | null> {
  const [found] = await readRows<{ price_revision: number }>(pool, REVISION, [creditTypeId]);
  return found?.price_revision ?? null;
}

const SHARED: Statement = {
  name: "prices.shared",
  text: `SELECT ${COLUMNS} FROM ${VERSIONS} WHERE l.credit_type_id = $1 AND l.account_id IS NULL ORDER BY v.id`,
};
const ACCOUNTS: Statement = {
  name: "prices.accounts",
  text: "SELECT account_id FROM price_lists WHERE credit_type_id = $1 AND account_id IS NOT NULL",
};

/** The versions of all lists of a credit type but for accounts' own, and which accounts have one. */
export interface SharedPrices {
  readonly revision: number;
  readonly versions: readonly PriceVersion[];
  readonly accounts: ReadonlySet<string>;
}

/** The revision is read first: what is newer than it is told by its own revision. */
export async function readSharedPrices(pool: Pool, creditTypeId: number): Promise<SharedPrices | null> {
  const revision = await readRevision(pool, creditTypeId);
  if (revision === null) return null;
  const [versions, accounts] = await Promise.all([
    readRows<VersionRecord>(pool, SHARED, [creditTypeId]),
    readRows<{ account_id: string }>(pool, ACCOUNTS, [creditTypeId]),
  ]);
  const withOwn = new Set(accounts.map((record) => record.account_id));
  return { revision, versions: versions.map(toVersion), accounts: withOwn };
}

const OF_ACCOUNT: Statement = {
  name: "prices.of_account",
  text: `SELECT ${COLUMNS} FROM ${VERSIONS} WHERE l.credit_type_id = $1 AND l.owner = $2 ORDER BY v.id`,
};

/** All versions of an account's own list. */
export async function readAccountPrices(pool: Pool, creditTypeId: number, accountId: string): Promise<readonly PriceVersion[]> {
  const values = [creditTypeId, ownerText({ kind: "account", accountId })];
  return (await readRows<VersionRecord>(pool, OF_ACCOUNT, values)).map(toVersion);
}

const PLANS: Statement = { name: "prices.plans_of", text: "SELECT id, plan_id FROM accounts WHERE id = ANY ($1::uuid[])" };

/** The plans that accounts are on, by number, in the order of the accounts; null: none. */
export async function readPlansOf(pool: Pool, accountIds: readonly string[]): Promise<readonly (number | null)[]> {
  const records = await readRows<{ id: string; plan_id: number | null }>(pool, PLANS, [accountIds]);
  const found = new Map(records.map((record) => [record.id, record.plan_id]));
  return accountIds.map((accountId) => found.get(accountId) ?? null);
}

const PRICES: Statement = { name: "prices.prices", text: "SELECT id, prices FROM price_versions WHERE id = ANY ($1)" };

/** The prices of versions, by the version's id. */
export async function readPrices(pool: Pool, ids: readonly number[]): Promise<ReadonlyMap<number, ReadonlyMap<string, Price>>> {
  const records = await readRows<{ id: number; prices: Json }>(pool, PRICES, [ids]);
  return new Map(records.map(({ id, prices }) => [id, restorePrices(prices)]));
}

/** The prices of one version, within a transaction. */
export async function readPricesIn(database: Database, id: number): Promise<ReadonlyMap<string, Price>> {
  const [found] = await database.query<{ prices: Json }>(PRICES, [[id]]);
  return restorePrices(found?.prices ?? []);
}

function toVersion(record: VersionRecord): PriceVersion {
  const { unit_amount: amount, unit_currency: currency } = record;
  const { withdrawn_at: at, withdrawn_by: by, withdrawn_revision: revision } = record;
  return {
    id: record.id,
    creditTypeId: record.credit_type_id,
    owner: ownerOf(record),
    number: record.number,
    revision: record.revision,
    effectiveFrom: record.effective_from,
    creditPrice: amount === null || currency === null ? null : { amount, currency },
    reason: record.reason,
    publishedAt: record.published_at,
    publishedBy: record.published_by,
    withdrawn: at === null || by === null || revision === null ? null : { at, by, revision },
  };
}

function ownerOf({ account_id: accountId, app, plan_id: planId }: VersionRecord): PriceOwner {
  if (accountId !== null) return { kind: "account", accountId };
  if (planId !== null) return { kind: "plan", planId };
  return app === null ? { kind: "everybody" } : { kind: "app", app };
}
