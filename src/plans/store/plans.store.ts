import type { Pool } from "pg";
import type { Json } from "../../core/json";
import { formatInstant, type Instant } from "../../core/time";
import { type Transaction as Database, readRows, type Statement } from "../../platform/transaction";
import { bothWays, type Page, pageOf, rangeOf, type Window } from "../../platform/window";
import type { NewPlanVersion, Plan, PublishedVersion } from "../plan";
import { restoreContent, storeContent } from "./stored-plan";

/** All SQL about plans and their versions. */

const PLAN = "id, name, created_at, retired_at, retired_by";
const VERSION = "v.id, v.plan_id, p.name, v.number, v.content, v.reason, v.published_at, v.published_by";
const VERSIONS = "plan_versions v JOIN plans p ON p.id = v.plan_id";

interface PlanRecord {
  readonly id: number;
  readonly name: string;
  readonly created_at: Instant;
  readonly retired_at: Instant | null;
  readonly retired_by: string | null;
}

interface VersionRecord {
  readonly id: number;
  readonly plan_id: number;
  readonly name: string;
  readonly number: number;
  readonly content: Json;
  readonly reason: string | null;
  readonly published_at: Instant;
  readonly published_by: string;
}

const MAKE: Statement = {
  name: "plans.make",
  text: "INSERT INTO plans (name, created_at) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING",
};

/** Makes a plan, unless there is one by this name. */
export function makePlan(database: Database, name: string, at: Instant): void {
  database.send(MAKE, [name, formatInstant(at)]);
}

const LOCK: Statement = { name: "plans.lock", text: `SELECT ${PLAN} FROM plans WHERE name = $1 FOR NO KEY UPDATE` };

/** Has nobody else publish or retire the plan until the transaction ends; null: there is none by this name. */
export async function lockPlan(database: Database, name: string): Promise<Plan | null> {
  const [found] = await database.query<PlanRecord>(LOCK, [name]);
  return found ? toPlan(found) : null;
}

const HOLD: Statement = { name: "plans.hold", text: `SELECT ${PLAN} FROM plans WHERE name = $1 FOR SHARE` };

/** The plan, with nobody publishing or retiring it until the transaction ends, so to be held for a moment; null: no such plan. */
export async function holdPlan(database: Database, name: string): Promise<Plan | null> {
  const [found] = await database.query<PlanRecord>(HOLD, [name]);
  return found ? toPlan(found) : null;
}

const RETIRE: Statement = {
  name: "plans.retire",
  text: `UPDATE plans SET retired_at = $2, retired_by = $3 WHERE id = $1 RETURNING ${PLAN}`,
};

export async function markRetired(database: Database, { id }: Plan, at: Instant, by: string): Promise<Plan> {
  const [marked] = await database.query<PlanRecord>(RETIRE, [id, formatInstant(at), by]);
  return toPlan(marked as PlanRecord);
}

const INSERT: Statement = {
  name: "plans.publish",
  text: `
    WITH v AS (
      INSERT INTO plan_versions (plan_id, number, content, reason, published_at, published_by)
      VALUES ($1, $2, $3, $4, $5, $6) RETURNING *)
    SELECT ${VERSION} FROM v JOIN plans p ON p.id = v.plan_id`,
};

/** What is written of a version beside what was asked. */
export interface Publication {
  readonly planId: number;
  readonly number: number;
  readonly at: Instant;
  readonly by: string;
}

export async function insertVersion(
  database: Database,
  input: NewPlanVersion,
  { planId, number, at, by }: Publication,
): Promise<PublishedVersion> {
  const values = [planId, number, storeContent(input), input.reason, formatInstant(at), by];
  const [made] = await database.query<VersionRecord>(INSERT, values);
  return toVersion(made as VersionRecord);
}

const LATEST: Statement = {
  name: "plans.latest",
  text: `SELECT ${VERSION} FROM ${VERSIONS} WHERE v.plan_id = $1 ORDER BY v.number DESC LIMIT 1`,
};

/** The latest version of a plan; null: it has none yet. */
export async function readLatestIn(database: Database, planId: number): Promise<PublishedVersion | null> {
  const [found] = await database.query<VersionRecord>(LATEST, [planId]);
  return found ? toVersion(found) : null;
}

const BY_NAME: Statement = { name: "plans.by_name", text: `SELECT ${PLAN} FROM plans WHERE name = $1` };

export async function readPlanIn(database: Database, name: string): Promise<Plan | null> {
  const [found] = await database.query<PlanRecord>(BY_NAME, [name]);
  return found ? toPlan(found) : null;
}

export async function readPlanByName(pool: Pool, name: string): Promise<Plan | null> {
  const [found] = await readRows<PlanRecord>(pool, BY_NAME, [name]);
  return found ? toPlan(found) : null;
}

const BY_IDS: Statement = { name: "plans.by_ids", text: `SELECT ${PLAN} FROM plans WHERE id = ANY ($1)` };

/** Plans by their ids, in the order asked; null where there is none. */
export async function readPlans(pool: Pool, ids: readonly number[]): Promise<readonly (Plan | null)[]> {
  const found = new Map((await readRows<PlanRecord>(pool, BY_IDS, [ids])).map((record) => [record.id, toPlan(record)]));
  return ids.map((id) => found.get(id) ?? null);
}

const VERSIONS_BY_IDS: Statement = {
  name: "plans.versions_by_ids",
  text: `SELECT ${VERSION} FROM ${VERSIONS} WHERE v.id = ANY ($1)`,
};

/** Versions by their ids, those that there are. */
export async function readVersions(pool: Pool, ids: readonly number[]): Promise<readonly PublishedVersion[]> {
  return (await readRows<VersionRecord>(pool, VERSIONS_BY_IDS, [ids])).map(toVersion);
}

/** As `readVersions`, within a transaction. */
export async function readVersionsIn(database: Database, ids: readonly number[]): Promise<readonly PublishedVersion[]> {
  return (await database.query<VersionRecord>(VERSIONS_BY_IDS, [ids])).map(toVersion);
}

const LATEST_OF: Statement = {
  name: "plans.latest_of",
  text: `
    SELECT v.* FROM unnest($1::integer[]) AS k (id)
    CROSS JOIN LATERAL (SELECT ${VERSION} FROM ${VERSIONS} WHERE v.plan_id = k.id ORDER BY v.number DESC LIMIT 1) v`,
};

/** The latest versions of plans, in the order asked. */
export async function readLatest(pool: Pool, planIds: readonly number[]): Promise<readonly (PublishedVersion | null)[]> {
  const records = await readRows<VersionRecord>(pool, LATEST_OF, [planIds]);
  const found = new Map(records.map((record) => [record.plan_id, toVersion(record)]));
  return planIds.map((id) => found.get(id) ?? null);
}

const NUMBERS: Statement = {
  name: "plans.versions_by_number",
  text: `SELECT ${VERSION} FROM ${VERSIONS} WHERE v.plan_id = $1 AND ($2::integer[] IS NULL OR v.number = ANY ($2)) ORDER BY v.number`,
};

/** A plan's versions by their numbers, those that there are; null: all. */
export async function readVersionsOf(
  pool: Pool,
  planId: number,
  numbers: readonly number[] | null,
): Promise<readonly PublishedVersion[]> {
  return (await readRows<VersionRecord>(pool, NUMBERS, [planId, numbers])).map(toVersion);
}

/** All versions of a plan, within a transaction; the first first. */
export async function readVersionsOfIn(database: Database, planId: number): Promise<readonly PublishedVersion[]> {
  return (await database.query<VersionRecord>(NUMBERS, [planId, null])).map(toVersion);
}

const PAGE = bothWays(
  "plans.page",
  (direction) => `
    SELECT ${PLAN} FROM plans
    WHERE id > $1::bigint AND id < $2::bigint AND ($3 OR retired_at IS NULL) ORDER BY id ${direction} LIMIT $4`,
);

/** A part of the plans, in the order in which they were made; the retired ones too, or not. */
export async function pagePlans(pool: Pool, withRetired: boolean, window: Window): Promise<Page<Plan>> {
  const { descending, above, below } = rangeOf(window);
  const records = await readRows<PlanRecord>(pool, PAGE(descending), [above, below, withRetired, window.limit + 1]);
  return pageOf(records.map(toPlan), window);
}

const VERSION_PAGE = bothWays(
  "plans.version_page",
  (direction) => `
    SELECT ${VERSION} FROM ${VERSIONS}
    WHERE v.plan_id = $1 AND v.number > $2::bigint AND v.number < $3::bigint ORDER BY v.number ${direction} LIMIT $4`,
);

/** A part of a plan's versions. */
export async function pageVersions(pool: Pool, planId: number, window: Window): Promise<Page<PublishedVersion>> {
  const { descending, above, below } = rangeOf(window);
  const records = await readRows<VersionRecord>(pool, VERSION_PAGE(descending), [planId, above, below, window.limit + 1]);
  return pageOf(records.map(toVersion), window);
}

function toPlan({ id, name, created_at: createdAt, retired_at: at, retired_by: by }: PlanRecord): Plan {
  return { id, name, createdAt, retired: at === null || by === null ? null : { at, by } };
}

function toVersion(record: VersionRecord): PublishedVersion {
  const { id, plan_id: planId, name: plan, number, reason, published_at: publishedAt, published_by: publishedBy } = record;
  const { title, description, terms } = restoreContent(record.content);
  return {
    ...{ id, planId, title, description, reason, publishedAt, publishedBy },
    terms: { ...terms, id: String(id), plan, version: number },
  };
}
