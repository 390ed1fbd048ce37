import { randomBytes } from "node:crypto";
import type { Pool } from "pg";
import type { Json } from "../core/json";
import { formatInstant, type Instant } from "../core/time";
import { type Act, type Operator, recordAct } from "../platform/act";
import type { PageRequest, PageRows } from "../platform/graphql/paging";
import { inTransaction, readRows, type Statement, type Transaction } from "../platform/transaction";
import { type ApiKey, apiKeyId, type KeyRole } from "./api-keys";
import { bothWays, pageOf, rangeOf } from "./newest-first";

/** All SQL about API keys, and about the secrets that the server makes for itself. */

const COLUMNS = "id, prefix, role, app, name, created_at, expires_at, revoked_at";

interface ApiKeyRecord {
  readonly id: string;
  readonly prefix: string;
  readonly role: KeyRole;
  readonly app: string | null;
  readonly name: string;
  readonly created_at: Instant;
  readonly expires_at: Instant | null;
  readonly revoked_at: Instant | null;
}

// A commit whose answer was lost is done again, with the same hash: it finds itself.
const INSERT: Statement = {
  name: "api_keys.insert",
  text: `
    INSERT INTO api_keys (hash, id, prefix, role, app, name, created_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
    ON CONFLICT (hash) DO NOTHING RETURNING id`,
};

/** Keeps a new key. */
export function insertApiKey(pool: Pool, hash: Uint8Array, key: ApiKey, by: Operator): Promise<void> {
  return inTransaction(pool, "write", async (database) => insert(database, hash, key, by));
}

async function insert(database: Transaction, hash: Uint8Array, key: ApiKey, by: Operator): Promise<void> {
  const { id, prefix, role, app, name, createdAt, expiresAt } = key;
  const ends = expiresAt === null ? null : formatInstant(expiresAt);
  const made = await database.query(INSERT, [hash, id, prefix, role, app, name, formatInstant(createdAt), ends]);
  if (made.length === 0) return;
  recordAct(database, { action: "createApiKey", at: createdAt, ...by, ...ofKey(id), before: null, after: termsOf(key) });
}

/** Of a key everything but what would let somebody in. */
function termsOf({ prefix, role, app, name, expiresAt, revokedAt }: ApiKey): Json {
  const [ends, revoked] = [expiresAt, revokedAt].map((at) => (at === null ? null : formatInstant(at)));
  return { prefix, role, app, name, expiresAt: ends ?? null, revokedAt: revoked ?? null };
}

function ofKey(id: string): Pick<Act, "subject" | "accountId"> {
  return { subject: apiKeyId(id), accountId: null };
}

// Whoever asks the same at once waits here, and then finds what was made.
const ONE_AT_A_TIME: Statement = {
  name: "api_keys.lock_first",
  text: "SELECT pg_advisory_xact_lock(hashtext('tranche.first_admin_key'))",
};

const OTHER_ADMINS: Statement = {
  name: "api_keys.other_admins",
  text: `
    SELECT 1 FROM api_keys
    WHERE role = 'ADMIN' AND hash <> $1 AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > $2) LIMIT 1`,
};

/** Keeps a new key only if no other ADMIN key can be used; answers whether it did. */
export function insertFirstAdminKey(pool: Pool, hash: Uint8Array, key: ApiKey): Promise<boolean> {
  return inTransaction(pool, "write", async (database) => {
    await database.query(ONE_AT_A_TIME);
    const others = await database.query(OTHER_ADMINS, [hash, formatInstant(key.createdAt)]);
    if (others.length > 0) return false;
    await insert(database, hash, key, { actor: "system", reason: null });
    return true;
  });
}

const BY_HASH: Statement = { name: "api_keys.by_hash", text: `SELECT ${COLUMNS} FROM api_keys WHERE hash = $1` };

/** The key with this hash; null when there is none. */
export async function readApiKey(pool: Pool, hash: Uint8Array): Promise<ApiKey | null> {
  const [found] = await readRows<ApiKeyRecord>(pool, BY_HASH, [hash]);
  return found ? toApiKey(found) : null;
}

// The first revocation stands.
const REVOKE: Statement = {
  name: "api_keys.revoke",
  text: `UPDATE api_keys SET revoked_at = coalesce(revoked_at, $2) WHERE id = $1 RETURNING ${COLUMNS}`,
};

const BY_ID_TO_CHANGE: Statement = {
  name: "api_keys.by_id_to_change",
  text: `SELECT ${COLUMNS} FROM api_keys WHERE id = $1 FOR UPDATE`,
};

/** Revokes a key by its UUID; null when there is none. */
export function markRevoked(pool: Pool, id: string, now: Instant, by: Operator): Promise<ApiKey | null> {
  return inTransaction(pool, "write", async (database) => {
    const [found] = await database.query<ApiKeyRecord>(BY_ID_TO_CHANGE, [id]);
    const [changed] = found ? await database.query<ApiKeyRecord>(REVOKE, [id, formatInstant(now)]) : [];
    if (!found || !changed) return null;
    const [before, after] = [toApiKey(found), toApiKey(changed)];
    const act = { action: "revokeApiKey", at: now, ...by, ...ofKey(id), before: termsOf(before), after: termsOf(after) };
    if (before.revokedAt === null) recordAct(database, act);
    return after;
  });
}

const BY_ID: Statement = {
  name: "api_keys.by_id",
  text: `SELECT ${COLUMNS} FROM api_keys WHERE id = ANY ($1::uuid[])`,
};

/** Keys by their UUIDs, in the order asked; null where there is none. */
export async function readApiKeys(pool: Pool, ids: readonly string[]): Promise<readonly (ApiKey | null)[]> {
  const records = await readRows<ApiKeyRecord>(pool, BY_ID, [ids]);
  const found = new Map(records.map((record) => [record.id, toApiKey(record)]));
  return ids.map((id) => found.get(id) ?? null);
}

const PAGE = bothWays(
  "api_keys.page",
  (direction) => `SELECT ${COLUMNS} FROM api_keys WHERE id < $1 AND id > $2 ORDER BY id ${direction} LIMIT $3`,
);

/** A part of the keys, newest first, the revoked ones too. */
export async function pageApiKeys(pool: Pool, request: PageRequest<string>): Promise<PageRows<ApiKey>> {
  const records = await readRows<ApiKeyRecord>(pool, PAGE(request), rangeOf(request));
  return pageOf(records.map(toApiKey), request);
}

const KEEP_SECRET: Statement = {
  name: "server_secrets.keep",
  text: "INSERT INTO server_secrets (name, value) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING",
};
const SECRET: Statement = { name: "server_secrets.read", text: "SELECT value FROM server_secrets WHERE name = $1" };

/** A secret of 32 bytes that all servers of this database share. The first to ask makes it. */
export async function serverSecret(pool: Pool, name: "api-keys" | "customer-tokens" | "quotes"): Promise<Uint8Array> {
  const [known] = await readRows<{ value: Buffer }>(pool, SECRET, [name]);
  if (known) return known.value;
  return inTransaction(pool, "write", async (database) => {
    database.send(KEEP_SECRET, [name, randomBytes(32)]);
    const [kept] = await database.query<{ value: Buffer }>(SECRET, [name]);
    if (!kept) throw new Error(`the secret ${name} was not kept`);
    return kept.value;
  });
}

function toApiKey(record: ApiKeyRecord): ApiKey {
  const { id, prefix, role, app, name, created_at: createdAt, expires_at: expiresAt, revoked_at: revokedAt } = record;
  return { id, prefix, role, app, name, createdAt, expiresAt, revokedAt };
}
