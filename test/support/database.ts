import { randomBytes } from "node:crypto";
import { Client } from "pg";

/** The URL of the migrated database to copy, from the setup to the tests' processes. */
export const TEMPLATE_VARIABLE = "TRANCHE_TEST_TEMPLATE";

/** A database of one's own, with all migrations applied and nothing else in it. */
export interface TestDatabase {
  /** As the administrator. */
  readonly url: string;
  /** Removes it, whoever is still connected. */
  drop(): Promise<void>;
}

/** Makes a database for a test file: a copy of the migrated template, which takes a fraction of migrating again. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const template = process.env[TEMPLATE_VARIABLE];
  if (template === undefined) throw new Error("no database: test/support/global-setup.ts was not run");
  const name = `tranche_test_${process.pid}_${randomBytes(4).toString("hex")}`;
  await administer(template, `CREATE DATABASE ${name} TEMPLATE ${new URL(template).pathname.slice(1)}`);
  return {
    url: onDatabase(template, name),
    drop: () => administer(template, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`),
  };
}

/** The same server's URL with another database. */
export function onDatabase(url: string, name: string): string {
  const other = new URL(url);
  other.pathname = `/${name}`;
  return other.href;
}

/** From a database that nobody copies: a template may have no connections. */
async function administer(url: string, statement: string): Promise<void> {
  const client = new Client({ connectionString: onDatabase(url, "postgres") });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
