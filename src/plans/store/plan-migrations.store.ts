import type { Pool } from "pg";
import type { Json } from "../../core/json";
import { formatInstant, type Instant } from "../../core/time";
import { type Transaction as Database, readRows, type Statement } from "../../platform/transaction";
import type { ChangeTime } from "../model/commands";
import type { PublishedVersion, SubscriptionKey } from "../plan";
import type { PlanMigration, Progress } from "../plan-migration";
import { isAbout } from "./subscriptions.reads";

/** All SQL about migrations of subscriptions to other versions of their plan. */

export const MIGRATION_COLUMNS =
  "id, plan_id, to_version_id, from_numbers, change_time, reason, started_at, started_by, ended_at";

export interface MigrationRecord {
  readonly id: number;
  readonly plan_id: number;
  readonly to_version_id: number;
  readonly from_numbers: readonly number[];
  readonly change_time: ChangeTime;
  readonly reason: string | null;
  readonly started_at: Instant;
  readonly started_by: string;
  readonly ended_at: Instant | null;
}

const INSERT: Statement = {
  name: "plan_migrations.insert",
  text: `
    INSERT INTO plan_migrations (plan_id, to_version_id, from_numbers, change_time, reason, started_at, started_by, idempotency_key, input)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
    ON CONFLICT (idempotency_key) WHERE idempotency_key IS NOT NULL DO NOTHING RETURNING ${MIGRATION_COLUMNS}`,
};

// Whom it is about is settled here. Whoever was given a version before the latest was published has committed by then, as publishing waits
// for them; and who starts on the plan or is to come to it later gets the latest anyway.
const SETTLE: Statement = {
  name: "plan_migrations.settle",
  text: `
    INSERT INTO plan_migration_subscriptions (account_id, migration, subscription)
    SELECT account_id, $1, number FROM subscriptions WHERE ${isAbout("$2")}`,
};

/** By which key an order is known when it is sent again, and all that it said then. */
export interface FirstOrder {
  readonly key: string;
  readonly input: Readonly<Record<string, Json>>;
}

/** Null: there is one by the order's key already, be it that somebody else has just made it. */
export async function insertMigration(
  database: Database,
  given: Omit<PlanMigration, "id" | "endedAt">,
  fromIds: readonly number[],
  order: FirstOrder | null,
): Promise<PlanMigration | null> {
  const { planId, toVersionId, from, when, reason, startedAt, startedBy } = given;
  const values = [planId, toVersionId, from, when, reason, formatInstant(startedAt), startedBy];
  const known = order && JSON.stringify(order.input);
  const [made] = await database.query<MigrationRecord>(INSERT, [...values, order?.key ?? null, known]);
  if (!made) return null;
  const migration = toMigration(made);
  database.send(SETTLE, [migration.id, fromIds]);
  return migration;
}

const BY_KEY: Statement = {
  name: "plan_migrations.by_key",
  text: `SELECT ${MIGRATION_COLUMNS}, input FROM plan_migrations WHERE idempotency_key = $1`,
};

/** The migration that was ordered by a key, with what was said then; null: none was. */
export async function readOrdered(
  database: Database,
  key: string,
): Promise<{ readonly migration: PlanMigration; readonly input: FirstOrder["input"] } | null> {
  const [found] = await database.query<MigrationRecord & { readonly input: FirstOrder["input"] }>(BY_KEY, [key]);
  return found ? { migration: toMigration(found), input: found.input } : null;
}

const BY_IDS: Statement = {
  name: "plan_migrations.by_ids",
  text: `SELECT ${MIGRATION_COLUMNS} FROM plan_migrations WHERE id = ANY ($1)`,
};

/** The migration by its id; null: there is none. */
export async function readMigration(pool: Pool, id: number): Promise<PlanMigration | null> {
  const [found] = await readRows<MigrationRecord>(pool, BY_IDS, [[id]]);
  return found ? toMigration(found) : null;
}

const UNDER_WAY: Statement = {
  name: "plan_migrations.under_way",
  text: `SELECT ${MIGRATION_COLUMNS} FROM plan_migrations WHERE ended_at IS NULL ORDER BY id`,
};

/** The migrations that have not come to everybody yet, the oldest first. */
export async function readUnderWay(pool: Pool): Promise<readonly PlanMigration[]> {
  return (await readRows<MigrationRecord>(pool, UNDER_WAY)).map(toMigration);
}

const UNDER_WAY_TO: Statement = {
  name: "plan_migrations.under_way_to",
  text: `
    SELECT ${MIGRATION_COLUMNS} FROM plan_migrations
    WHERE plan_id = $1 AND ended_at IS NULL AND to_version_id = ANY ($2) AND NOT from_numbers <@ $3::integer[] ORDER BY id LIMIT 1`,
};

/** A migration that has yet to bring somebody from none of these versions of a plan to one of them; null: there is none. */
export async function readUnderWayTo(
  database: Database,
  planId: number,
  versions: readonly PublishedVersion[],
): Promise<PlanMigration | null> {
  const [ids, numbers] = [versions.map(({ id }) => id), versions.map(({ terms }) => terms.version)];
  const [found] = await database.query<MigrationRecord>(UNDER_WAY_TO, [planId, ids, numbers]);
  return found ? toMigration(found) : null;
}

const LEFT: Statement = {
  name: "plan_migrations.left",
  text: `
    SELECT account_id, subscription AS number FROM plan_migration_subscriptions
    WHERE migration = $1 AND outcome IS NULL ORDER BY account_id LIMIT $2`,
};

/** Those whom it has not come to yet. */
export async function readLeft(pool: Pool, id: number, limit: number): Promise<readonly SubscriptionKey[]> {
  const found = await readRows<{ account_id: string; number: number }>(pool, LEFT, [id, limit]);
  return found.map(({ account_id: accountId, number }) => ({ accountId, number }));
}

const CAME_TO: Statement = {
  name: "plan_migrations.came_to",
  text: `
    UPDATE plan_migration_subscriptions SET outcome = $3 WHERE account_id = $1 AND migration = $2 AND outcome IS NULL`,
};

/** Keeps what it came to: DONE, or the code of what forbade it. */
export async function markCame(pool: Pool, id: number, { accountId }: SubscriptionKey, outcome: string): Promise<void> {
  await readRows(pool, CAME_TO, [accountId, id, outcome]);
}

const END: Statement = {
  name: "plan_migrations.end",
  text: `
    UPDATE plan_migrations SET ended_at = $2 WHERE id = $1 AND ended_at IS NULL
      AND NOT EXISTS (SELECT FROM plan_migration_subscriptions WHERE migration = $1 AND outcome IS NULL)`,
};

/** Ends a migration that has come to everybody; others go on. */
export async function endMigration(pool: Pool, id: number, at: Instant): Promise<void> {
  await readRows(pool, END, [id, formatInstant(at)]);
}

const PROGRESS: Statement = {
  name: "plan_migrations.progress",
  text: `
    SELECT migration, count(*)::integer AS total, count(*) FILTER (WHERE outcome = 'DONE')::integer AS done,
      count(*) FILTER (WHERE outcome <> 'DONE')::integer AS refused
    FROM plan_migration_subscriptions WHERE migration = ANY ($1) GROUP BY migration`,
};

/** How far migrations are, in the order asked. */
export async function readProgress(pool: Pool, ids: readonly number[]): Promise<readonly Progress[]> {
  const found = await readRows<Progress & { readonly migration: number }>(pool, PROGRESS, [ids]);
  const byId = new Map(found.map(({ migration, total, done, refused }) => [migration, { total, done, refused }]));
  return ids.map((id) => byId.get(id) ?? { total: 0, done: 0, refused: 0 });
}

export function toMigration(record: MigrationRecord): PlanMigration {
  const { id, plan_id: planId, to_version_id: toVersionId, from_numbers: from, change_time: when, reason } = record;
  return {
    id,
    planId,
    toVersionId,
    from,
    when,
    reason,
    startedAt: record.started_at,
    startedBy: record.started_by,
    endedAt: record.ended_at,
  };
}
