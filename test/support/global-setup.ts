import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { Client } from "pg";
import { migrate } from "../../src/platform/database";
import { type EmbeddedPostgres, startEmbeddedPostgres } from "../../src/platform/postgres";
import { onDatabase, TEMPLATE_VARIABLE } from "./database";
import { silentLog } from "./log";

declare global {
  /** From the setup to the teardown: Jest runs both in one process. */
  var postgresOfTests: EmbeddedPostgres | undefined;
}

/** Data that is made anew for each run may be lost in a power cut. */
const FAST = { fsync: "off", full_page_writes: "off", synchronous_commit: "off", max_connections: "300" };
const MIGRATIONS = resolve(__dirname, "../../migrations");

/**
 * Before all tests: one PostgreSQL for the whole run, which stays on disk between runs and is shared by those at the same time; in it a
 * database with the migrations applied, of which each test file gets a copy. TEST_DATABASE_URL names another PostgreSQL to test with.
 */
export default async function setUp(): Promise<void> {
  const url = process.env["TEST_DATABASE_URL"] || (await startPostgres());
  process.env[TEMPLATE_VARIABLE] = await prepareTemplate(url);
}

async function startPostgres(): Promise<string> {
  const dataFolder = join(tmpdir(), `tranche-tests-${process.getuid?.()}`);
  globalThis.postgresOfTests = await startEmbeddedPostgres({ dataFolder, log: silentLog, settings: FAST });
  return globalThis.postgresOfTests.url;
}

/** The URL of a migrated database, made unless an earlier run has left one with the same migrations. */
async function prepareTemplate(url: string): Promise<string> {
  const admin = new Client({ connectionString: url });
  await admin.connect();
  try {
    const name = `tranche_template_${hashOfMigrations()}`;
    // Runs that begin at the same time make it once.
    await admin.query("SELECT pg_advisory_lock(hashtext('tranche.test.template'))");
    await dropLeftovers(admin, name);
    const { rowCount } = await admin.query("SELECT FROM pg_database WHERE datname = $1", [name]);
    if (rowCount === 0) await createTemplate(admin, url, name);
    await admin.query(`COMMENT ON DATABASE ${name} IS '${USED}${Math.floor(Date.now() / 1_000)}'`);
    return onDatabase(url, name);
  } finally {
    await admin.end();
  }
}

/** Under another name until it is whole. */
async function createTemplate(admin: Client, url: string, name: string): Promise<void> {
  await admin.query(`DROP DATABASE IF EXISTS ${name}_unfinished WITH (FORCE)`);
  await admin.query(`CREATE DATABASE ${name}_unfinished`);
  await migrate(onDatabase(url, `${name}_unfinished`));
  await admin.query(`ALTER DATABASE ${name}_unfinished RENAME TO ${name}`);
}

/** What a template says of itself: when a run last began with it, in seconds since 1970. */
const USED = "used at ";

/** Drops what runs that were killed have left behind, and templates of other migrations: none of a run of this hour. */
async function dropLeftovers(admin: Client, template: string): Promise<void> {
  const { rows } = await admin.query<{ name: string }>(
    `SELECT datname AS name FROM pg_database
     WHERE datname ~ '^tranche_(test|template)_' AND datname <> $1
       AND coalesce(
         to_timestamp(substr(shobj_description(oid, 'pg_database'), length($2) + 1)::bigint),
         (pg_stat_file('base/' || oid || '/PG_VERSION', true)).modification) < now() - interval '1 hour'`,
    [template, USED],
  );
  for (const { name } of rows) await admin.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
}

function hashOfMigrations(): string {
  const hash = createHash("sha256");
  for (const file of readdirSync(MIGRATIONS).sort()) hash.update(file).update(readFileSync(join(MIGRATIONS, file)));
  return hash.digest("hex").slice(0, 16);
}
