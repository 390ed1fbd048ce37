import { Client } from "pg";
import { USER } from "./cluster";
import { hasCode } from "./fault";

/** Milliseconds. */
const CONNECT_LIMIT = 2_000;
const QUERY_LIMIT = 5_000;
/** Held shared by each server that uses the database, and alone by the one that stops it. */
const LOCK = "hashtext('tranche.embedded')";
/** The database in which the lock lives; every PostgreSQL has it. */
const MAINTENANCE = "postgres";

/** What PostgreSQL says to one who may not enter now, though later: it starts or stops, or has no connection left. */
const BUSY = ["57P01", "57P02", "57P03", "53300", "ECONNRESET", "EPIPE"];

/**
 * A server's stake in a running PostgreSQL: a connection that holds a lock. It needs no bookkeeping on disk, and none that a process
 * which is killed could leave behind: its connection ends with it.
 */
export class Lease {
  /** Resolves when the connection is gone, for whatever reason. */
  readonly ended: Promise<void>;

  private constructor(private readonly client: Client) {
    this.ended = new Promise((done) => client.once("end", () => done()));
  }

  /** Joins those who use the PostgreSQL on this port. "BUSY": it lives, but lets nobody in now. "SILENT": nothing answers there. */
  static async take(port: number, password: string): Promise<Lease | "BUSY" | "SILENT"> {
    const client = new Client({
      ...{ host: "127.0.0.1", port, user: USER, password, database: MAINTENANCE, application_name: "tranche lease" },
      ...{ connectionTimeoutMillis: CONNECT_LIMIT, query_timeout: QUERY_LIMIT, keepAlive: true },
    });
    const lease = new Lease(client);
    // Told by `ended` as well.
    client.on("error", () => undefined);
    try {
      await client.connect();
      if (await lease.#lock("pg_try_advisory_lock_shared")) return lease;
      // Held alone by one who is about to stop it.
      await client.end();
      return "BUSY";
    } catch (error) {
      void client.end().catch(() => undefined);
      if (hasCode(error, ...BUSY)) return "BUSY";
      if (hasCode(error, "ECONNREFUSED") || isSilence(error)) return "SILENT";
      throw error;
    }
  }

  /** Deletes a database with all that is in it. False: somebody uses it. */
  async dropDatabase(name: string): Promise<boolean> {
    // PostgreSQL would wait for them to leave, longer than anybody likes to.
    const users = "SELECT FROM pg_stat_activity WHERE datname = $1 AND backend_type = 'client backend'";
    if ((await this.client.query(users, [name])).rowCount !== 0) return false;
    try {
      await this.client.query(`DROP DATABASE IF EXISTS ${this.client.escapeIdentifier(name)}`);
      return true;
    } catch (error) {
      // object_in_use
      if (hasCode(error, "55006")) return false;
      throw error;
    }
  }

  /** Makes a database when it is missing. */
  async ensureDatabase(name: string): Promise<void> {
    const { rowCount } = await this.client.query("SELECT FROM pg_database WHERE datname = $1", [name]);
    if (rowCount === 1) return;
    try {
      await this.client.query(`CREATE DATABASE ${this.client.escapeIdentifier(name)}`);
    } catch (error) {
      // duplicate_database, unique_violation: another server was a moment faster.
      if (!hasCode(error, "42P04", "23505")) throw error;
    }
  }

  /**
   * Gives the stake up. True: nobody else has one, and as long as this connection lives nobody gets one: the PostgreSQL may be stopped.
   * Of several who leave at once, the first to ask after all have let go is the last.
   */
  async leave(): Promise<boolean> {
    await this.#lock("pg_advisory_unlock_shared");
    return this.#lock("pg_try_advisory_lock");
  }

  async close(): Promise<void> {
    await this.client.end().catch(() => undefined);
  }

  async #lock(call: string): Promise<boolean> {
    const { rows } = await this.client.query<{ done: boolean }>(`SELECT ${call}(${LOCK}) AS done`);
    return rows[0]?.done === true;
  }
}

/** What pg throws when a connection or an answer takes too long, or the connection breaks: errors without a code. */
function isSilence(error: unknown): boolean {
  return error instanceof Error && /timeout|terminated/i.test(error.message);
}
