import { Client, Pool } from "pg";
import { DataSource } from "typeorm";
import { MIGRATIONS } from "../../migrations";
import type { Logger } from "./context";
import { POSTGRES_TYPES } from "./postgres-types";

/** The role that the server works as: see the first migration. */
export const APPLICATION_ROLE = "tranche_app";
/** PostgreSQL 15: the oldest that the migrations and the tests know. */
const OLDEST_SERVER = 150_000;

/** Milliseconds. Nothing waits for ever: each limit is longer than the one inside it. */
const TIMEOUTS = {
  connect: 5_000,
  lock: 2_000,
  statement: 10_000,
  idleInTransaction: 10_000,
  query: 15_000,
} as const;

const SESSION = [
  "SET timezone = 'UTC'",
  // Statements are look-ups by key, whatever their values: planning each anew would cost more than running it, and compiling it far more.
  "SET plan_cache_mode = force_generic_plan",
  "SET jit = off",
  // Such look-ups are cheap on any disk of today; without the hint, tables too young for statistics would be scanned.
  "SET random_page_cost = 1.1",
];

export interface DatabaseOptions {
  readonly url: string;
  /** The most connections that are open at once. */
  readonly connections: number;
  readonly log: Logger;
  /** Shown by pg_stat_activity. */
  readonly applicationName?: string;
}

/**
 * Opens the pool that the server works with: as the application's role, in UTC, every wait limited. Throws when the database cannot
 * be reached or is older than PostgreSQL 15. Migrate first.
 */
export async function openDatabase(options: DatabaseOptions): Promise<Pool> {
  const role = await applicationRole(options.url);
  if (role === null) {
    options.log.warn(
      { role: APPLICATION_ROLE },
      "the database user may not take on the application's role: the ledger is not protected from updates by it",
    );
  }
  return createPool(options, role);
}

function createPool({ url, connections, log, applicationName = "tranche" }: DatabaseOptions, role: string | null): Pool {
  const session = [...SESSION, ...(role === null ? [] : [`SET ROLE ${role}`])].join("; ");
  const pool = new Pool({
    connectionString: url,
    application_name: applicationName,
    max: connections,
    pipeline: true,
    types: POSTGRES_TYPES,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    idleTimeoutMillis: 60_000,
    connectionTimeoutMillis: TIMEOUTS.connect,
    query_timeout: TIMEOUTS.query,
    statement_timeout: TIMEOUTS.statement,
    lock_timeout: TIMEOUTS.lock,
    idle_in_transaction_session_timeout: TIMEOUTS.idleInTransaction,
    // pg waits for what this answers before it hands the connection out.
    onConnect: async (client) => {
      await client.query(session);
    },
  });
  // A connection that breaks tells it twice: to whoever uses it (a rejected query), and as an event, which must not end the process.
  pool.on("connect", (client) => client.on("error", (error) => log.warn({ err: error }, "a database connection broke")));
  pool.on("error", () => undefined);
  return pool;
}

/**
 * Brings the tables up to date. Several servers may start at once: an advisory lock lets one migrate while the others wait, and find
 * nothing left to do.
 */
export async function migrate(url: string): Promise<void> {
  await withClient(url, async (guard) => {
    await guard.query("SELECT pg_advisory_lock(hashtext('tranche.migrate'))");
    const source = new DataSource({ type: "postgres", url, migrations: MIGRATIONS, migrationsTableName: "migrations" });
    await source.initialize();
    try {
      await source.runMigrations({ transaction: "each" });
    } finally {
      await source.destroy();
    }
  });
}

/** The role to work as; null when the user may not take it on. */
async function applicationRole(url: string): Promise<string | null> {
  return withClient(url, async (client) => {
    const { rows } = await client.query<{ version: string; version_number: number; may: boolean | null }>(
      `SELECT current_setting('server_version') AS version, current_setting('server_version_num')::int AS version_number,
              (SELECT pg_has_role(current_user, oid, 'MEMBER') FROM pg_roles WHERE rolname = $1) AS may`,
      [APPLICATION_ROLE],
    );
    const [found] = rows;
    if (!found || found.version_number < OLDEST_SERVER)
      throw new Error(`PostgreSQL 15 or newer is needed; this is ${found?.version}`);
    return found.may ? APPLICATION_ROLE : null;
  });
}

async function withClient<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: TIMEOUTS.connect, keepAlive: true });
  // Told by the rejected query as well.
  client.on("error", () => undefined);
  try {
    await client.connect();
    return await work(client);
  } finally {
    await client.end();
  }
}
