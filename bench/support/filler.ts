import { Client } from "pg";
import { formatInstant, type Instant } from "../../src/core/time";
import type { WalletKey } from "../../src/wallet";
import type { Stage } from "./stage";

/**
 * A past for wallets, made inside the database: spending millions one after the other would take hours. The rows are those that the
 * product writes, in its tables and with all its indexes, in the order of time over all wallets as they would have come; and
 * wallets, grants and sequences agree with them, so that the product goes on from there. Hashes are linked but cover nothing: an
 * audit would say so.
 */

/** How many spends a wallet gets. */
export interface Past {
  readonly key: WalletKey;
  readonly spends: number;
}

const CHUNK = 100_000;
/** Of each filling spend, in micro-credits. */
const AMOUNT = 1_000;

/** Gives each wallet so many spends more, spread evenly from one instant to another; neither before what is there, nor to come. */
export async function addPast(stage: Stage, pasts: readonly Past[], from: Instant, to: Instant): Promise<void> {
  const wallets = [
    pasts.map(({ key }) => key.accountId),
    pasts.map(({ key }) => key.creditTypeId),
    pasts.map(({ spends }) => spends),
  ];
  const total = pasts.reduce((sum, { spends }) => sum + spends, 0);
  const chunks = Math.max(1, Math.ceil(total / CHUNK));
  const span = [formatInstant(from), formatInstant(to)];
  await asFiller(stage, async (client) => {
    for (let chunk = 0; chunk < chunks; chunk++) await client.query(SPENDS, [...wallets, ...span, chunk, chunks]);
    await client.query(GRANTS, wallets);
    await client.query(WALLETS, [...wallets, span[1]]);
  });
  await settle(stage);
}

/** Moves all that wallets have lived through back to an instant, so that a past can follow. */
export async function moveBack(stage: Stage, keys: readonly WalletKey[], to: Instant): Promise<void> {
  const values = [keys.map((key) => key.accountId), formatInstant(to)];
  const move = (table: string, changes: string) => `UPDATE ${table} SET ${changes} WHERE account_id = ANY ($1::uuid[])`;
  await asFiller(stage, async (client) => {
    await client.query(move("wallets", "clock_at = $2, created_at = $2"), values);
    await client.query(move("grants", "effective_at = $2, created_at = $2"), values);
    await client.query(move("transactions", "effective_at = $2, recorded_at = $2"), values);
  });
}

/**
 * Adds grants that were given, have expired, and were closed as the sweeper closes them: by an update of rows that were open. The
 * transactions of all that are left out: no spend looks at them.
 */
export async function addDeadGrants(stage: Stage, keys: readonly WalletKey[], count: number): Promise<void> {
  await asFiller(stage, async (client) => {
    for (const { accountId, creditTypeId } of keys) {
      await client.query(GIVE, [accountId, creditTypeId, count]);
      await client.query(CLOSE, [accountId, creditTypeId]);
      await client.query("UPDATE wallets SET grant_count = grant_count + $3 WHERE account_id = $1 AND credit_type_id = $2", [
        accountId,
        creditTypeId,
        count,
      ]);
    }
  });
  await settle(stage);
}

/** What autovacuum would have done in time, and a checkpoint, so that none falls due because of the filling. */
export async function settle(stage: Stage): Promise<void> {
  await asFiller(stage, async (client) => {
    await client.query("VACUUM (ANALYZE) wallets, grants, transactions");
    await client.query("CHECKPOINT");
  });
}

/** As the database's owner. What is filled in points where it should: so the foreign keys are not asked (a third of the time). */
async function asFiller(stage: Stage, work: (client: Client) => Promise<void>): Promise<void> {
  const client = new Client({ connectionString: stage.url });
  await client.connect();
  try {
    await client.query("SET session_replication_role = replica; SET synchronous_commit = off; SET work_mem = '64MB'");
    await work(client);
  } finally {
    await client.end();
  }
}

const PASTS = "unnest($1::uuid[], $2::integer[], $3::integer[]) AS p (account_id, credit_type_id, spends)";
const MATCH = "w.account_id = p.account_id AND w.credit_type_id = p.credit_type_id";
/** PROMO stands fourth among the kinds. */
const kindsAfter = (spent: string) => `w.by_kind[1:3] || (w.by_kind[4] - ${spent}) || w.by_kind[5:8]`;
const hashOf = (number: string) => `sha256(convert_to(w.account_id || ' ' || (w.sequence + ${number}), 'UTF8'))`;
/** The numbers of one of the chunks: each wallet's share of it. */
const numbersOf = (chunk: string, chunks: string) =>
  `generate_series(p.spends::bigint * ${chunk} / ${chunks} + 1, p.spends::bigint * (${chunk} + 1) / ${chunks}) AS n`;

const SPENDS = `
  INSERT INTO transactions (account_id, credit_type_id, type, sequence, amount, available, held, pending, debt, overdraft, by_kind,
    operation, actor, idempotency_key, fingerprint, policy, effective_at, recorded_at, previous_hash, hash,
    entry_grants, entry_befores, entry_amounts, entry_sources, entry_pots)
  SELECT w.account_id, w.credit_type_id, 'SPEND', w.sequence + n, ${AMOUNT}, w.available - n * ${AMOUNT}, w.held, w.pending, w.debt,
    w.overdraft, ${kindsAfter(`n * ${AMOUNT}`)}, (ARRAY['chat.completion', 'image.generate', 'speech.transcribe', 'embed'])[1 + n % 4],
    'bench', gen_random_uuid()::text, substr(w.hash, 1, 25), 1, moment.at, moment.at,
    CASE n WHEN 1 THEN w.hash ELSE ${hashOf("n - 1")} END, ${hashOf("n")},
    '{1}', '{2}', ARRAY[${AMOUNT}], '{AVAILABLE}', '{CONSUMED}'
  FROM ${PASTS} JOIN wallets w ON ${MATCH}
  CROSS JOIN ${numbersOf("$6::integer", "$7::integer")}
  CROSS JOIN LATERAL (SELECT $4::timestamptz + ($5::timestamptz - $4::timestamptz) * (n::float8 / p.spends) AS at) moment
  ORDER BY n::float8 / p.spends`;

const GRANTS = `
  UPDATE grants g SET available = g.available - p.spends::bigint * ${AMOUNT}, consumed = g.consumed + p.spends::bigint * ${AMOUNT},
    changed_by = w.sequence + p.spends
  FROM ${PASTS} JOIN wallets w ON ${MATCH}
  WHERE g.account_id = p.account_id AND g.credit_type_id = p.credit_type_id AND g.number = 1`;

const WALLETS = `
  UPDATE wallets w SET sequence = w.sequence + p.spends, clock_at = $4, available = w.available - p.spends::bigint * ${AMOUNT},
    by_kind = ${kindsAfter(`p.spends::bigint * ${AMOUNT}`)}, hash = CASE p.spends WHEN 0 THEN w.hash ELSE ${hashOf("p.spends")} END
  FROM ${PASTS} WHERE ${MATCH}`;

const GIVE = `
  INSERT INTO grants (account_id, credit_type_id, number, kind, amount, pending, available, held, consumed, expired, voided, moved, repaid,
    priority, effective_at, expires_at, scope_operations, scope_apps, repays_debt, created_by, changed_by, created_at)
  SELECT w.account_id, w.credit_type_id, w.grant_count + n, 'PLAN', ${AMOUNT}, 0, ${AMOUNT}, 0, 0, 0, 0, 0, 0,
    100, w.created_at - interval '2 days', w.created_at - interval '1 day', '{}', '{}', false, 1, 1, w.created_at - interval '2 days'
  FROM wallets w CROSS JOIN generate_series(1, $3::integer) AS n WHERE w.account_id = $1 AND w.credit_type_id = $2`;

const CLOSE = `
  UPDATE grants SET available = 0, expired = amount, closed_at = expires_at
  WHERE account_id = $1 AND credit_type_id = $2 AND closed_at IS NULL AND expires_at < now()`;
