import type { Pool } from "pg";
import type { Amount } from "../core/amount";
import { formatInstant, type Instant, type Period } from "../core/time";
import { type Transaction as Database, readRows, type Statement } from "../platform/transaction";
import { bothWays, type Page, pageOf, rangeOf, type Window } from "../platform/window";
import type { NewPackVersion, Pack, PackVersion } from "./pack";

/** All SQL about packs. */

const TERMS = `v.id AS version_id, v.number, v.title, v.amount, v.price_amount::text, v.price_currency, v.life, v.priority, v.for_everyone,
  v.reason, v.published_at, v.published_by`;
const PACK = "p.id AS pack_id, p.name, p.credit_type_id, p.retired_at, p.retired_by";
const LATEST = `packs p CROSS JOIN LATERAL (
  SELECT v.* FROM pack_versions v WHERE v.pack_id = p.id ORDER BY v.number DESC LIMIT 1) v`;
const OF_PACK = "v.pack_id, p.credit_type_id";
const EACH = "pack_versions v JOIN packs p ON p.id = v.pack_id";

interface VersionRecord {
  readonly pack_id: number;
  readonly credit_type_id: number;
  readonly version_id: number;
  readonly number: number;
  readonly title: string;
  readonly amount: Amount;
  readonly price_amount: string;
  readonly price_currency: string;
  readonly life: Period | null;
  readonly priority: number;
  readonly for_everyone: boolean;
  readonly reason: string | null;
  readonly published_at: Instant;
  readonly published_by: string;
}

interface PackRecord extends VersionRecord {
  readonly name: string;
  readonly retired_at: Instant | null;
  readonly retired_by: string | null;
}

const INSERT_PACK: Statement = {
  name: "packs.insert",
  text: "INSERT INTO packs (name, credit_type_id) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING",
};
const LOCK: Statement = { name: "packs.lock", text: "SELECT id FROM packs WHERE name = $1 FOR NO KEY UPDATE" };
const BY_NAME: Statement = { name: "packs.by_name", text: `SELECT ${PACK}, ${TERMS} FROM ${LATEST} WHERE p.name = $1` };

/** Has nobody else change a pack until the transaction ends; answers it as it is then. Null: there is none by that name. */
export async function lockPack(database: Database, name: string): Promise<Pack | null> {
  database.send(LOCK, [name]);
  const [found] = await database.query<PackRecord>(BY_NAME, [name]);
  return found ? toPack(found) : null;
}

/**
 * Makes a pack that has no version yet, and keeps it locked; should somebody else be making it, that is waited for. Answers the other's,
 * null: it is this transaction's own.
 */
export function makePack(database: Database, { name, creditTypeId }: NewPackVersion): Promise<Pack | null> {
  database.send(INSERT_PACK, [name, creditTypeId]);
  return lockPack(database, name);
}

const INSERT_VERSION: Statement = {
  name: "packs.insert_version",
  text: `
    INSERT INTO pack_versions
      (pack_id, number, title, amount, price_amount, price_currency, life, priority, for_everyone, reason, published_at, published_by)
    SELECT id, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12 FROM packs WHERE name = $1`,
};

/** Adds a version to a pack; answers the pack with it. */
export async function insertVersion(
  database: Database,
  input: NewPackVersion,
  { number, at, by }: { readonly number: number; readonly at: Instant; readonly by: string },
): Promise<Pack> {
  const { name, title, amount, price, life, priority, forEveryone, reason } = input;
  database.send(INSERT_VERSION, [
    ...[name, number, title, amount, price.amount, price.currency, life, priority, forEveryone, reason],
    ...[formatInstant(at), by],
  ]);
  const [made] = await database.query<PackRecord>(BY_NAME, [name]);
  return toPack(made as PackRecord);
}

const RETIRE: Statement = {
  name: "packs.retire",
  text: "UPDATE packs SET retired_at = $2, retired_by = $3 WHERE id = $1",
};

/** Takes a pack off the shelves. */
export function markRetired(database: Database, id: number, { at, by }: NonNullable<Pack["retired"]>): void {
  database.send(RETIRE, [id, formatInstant(at), by]);
}

const COUNT: Statement = {
  name: "packs.count_for_sale",
  text: "SELECT count(*)::integer AS count FROM packs WHERE credit_type_id = $1 AND retired_at IS NULL",
};

/** How many packs of a credit type are for sale. */
export async function countForSale(database: Database, creditTypeId: number): Promise<number> {
  const [found] = await database.query<{ count: number }>(COUNT, [creditTypeId]);
  return found?.count ?? 0;
}

/** A pack by its name; null: there is none. */
export async function readPackByName(pool: Pool, name: string): Promise<Pack | null> {
  const [found] = await readRows<PackRecord>(pool, BY_NAME, [name]);
  return found ? toPack(found) : null;
}

const BY_IDS: Statement = { name: "packs.by_ids", text: `SELECT ${PACK}, ${TERMS} FROM ${LATEST} WHERE p.id = ANY ($1)` };

/** Packs by their numbers in the catalogue, in the same order; null where there is none. */
export async function readPacks(pool: Pool, ids: readonly number[]): Promise<readonly (Pack | null)[]> {
  const found = new Map((await readRows<PackRecord>(pool, BY_IDS, [ids])).map((record) => [record.pack_id, toPack(record)]));
  return ids.map((id) => found.get(id) ?? null);
}

const FOR_SALE: Statement = {
  name: "packs.for_sale",
  text: `
    SELECT ${PACK}, ${TERMS} FROM ${LATEST} WHERE p.credit_type_id = ANY ($1) AND p.retired_at IS NULL
    ORDER BY p.credit_type_id, v.price_currency, v.price_amount, v.amount DESC, p.name`,
};

/** What is for sale of credit types, type by type and currency by currency, the cheapest first. */
export async function readForSale(pool: Pool, creditTypeIds: readonly number[]): Promise<readonly Pack[]> {
  return (await readRows<PackRecord>(pool, FOR_SALE, [creditTypeIds])).map(toPack);
}

const KNOWN: Statement = {
  name: "packs.known",
  text: "SELECT name, retired_at IS NOT NULL AS retired FROM packs WHERE name = ANY ($1)",
};

/** Which of these names are packs' names, and whether those are retired. */
export async function readNames(
  database: Database,
  names: readonly string[],
): Promise<ReadonlyMap<string, { readonly retired: boolean }>> {
  const found = await database.query<{ name: string; retired: boolean }>(KNOWN, [names]);
  return new Map(found.map(({ name, retired }) => [name, { retired }]));
}

const PAGE = bothWays(
  "packs.page",
  (direction) => `
    SELECT ${PACK}, ${TERMS} FROM ${LATEST}
    WHERE ($3::integer IS NULL OR p.credit_type_id = $3) AND ($4 OR p.retired_at IS NULL) AND p.id > $1::bigint AND p.id < $2::bigint
    ORDER BY p.id ${direction} LIMIT $5`,
);

/** A part of all packs. `creditTypeId` null: of any; `retired`: those that are retired, too. */
export async function pagePacks(
  pool: Pool,
  { creditTypeId, retired }: { readonly creditTypeId: number | null; readonly retired: boolean },
  window: Window,
): Promise<Page<Pack>> {
  const { descending, above, below } = rangeOf(window);
  const records = await readRows<PackRecord>(pool, PAGE(descending), [above, below, creditTypeId, retired, window.limit + 1]);
  return pageOf(records.map(toPack), window);
}

const VERSION_PAGE = bothWays(
  "packs.version_page",
  (direction) => `
    SELECT ${OF_PACK}, ${TERMS} FROM ${EACH} WHERE v.pack_id = $1 AND v.number > $2::bigint AND v.number < $3::bigint ORDER BY v.number ${direction} LIMIT $4`,
);

/** A part of a pack's versions. */
export async function pageVersions(pool: Pool, packId: number, window: Window): Promise<Page<PackVersion>> {
  const { descending, above, below } = rangeOf(window);
  const records = await readRows<VersionRecord>(pool, VERSION_PAGE(descending), [packId, above, below, window.limit + 1]);
  return pageOf(records.map(toVersion), window);
}

const VERSION: Statement = {
  name: "packs.version",
  text: `SELECT ${OF_PACK}, ${TERMS} FROM ${EACH} WHERE v.id = $1`,
};

/** A version by its number in the catalogue; null: there is none. */
export async function readVersion(pool: Pool, id: number): Promise<PackVersion | null> {
  const [found] = await readRows<VersionRecord>(pool, VERSION, [id]);
  return found ? toVersion(found) : null;
}

function toPack(record: PackRecord): Pack {
  const { pack_id: id, name, credit_type_id: creditTypeId, retired_at: at, retired_by: by } = record;
  return { id, name, creditTypeId, latest: toVersion(record), retired: at === null || by === null ? null : { at, by } };
}

function toVersion(record: VersionRecord): PackVersion {
  return {
    id: record.version_id,
    packId: record.pack_id,
    creditTypeId: record.credit_type_id,
    number: record.number,
    title: record.title,
    amount: record.amount,
    price: { amount: record.price_amount, currency: record.price_currency },
    life: record.life,
    priority: record.priority,
    forEveryone: record.for_everyone,
    reason: record.reason,
    publishedAt: record.published_at,
    publishedBy: record.published_by,
  };
}
