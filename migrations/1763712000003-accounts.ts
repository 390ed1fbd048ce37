import type { MigrationInterface, QueryRunner } from "typeorm";

/** Customers, and the look-up from the operator's own id to them. */
export class Accounts1763712000003 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE accounts (
        id uuid PRIMARY KEY,
        external_id text NOT NULL,
        name text,
        time_zone text NOT NULL,
        metadata jsonb,
        created_at timestamptz NOT NULL
      )`);
    // A table of its own, keyed by what is looked up: unique over all accounts wherever these are stored.
    await runner.query(`
      CREATE TABLE account_external_ids (
        external_id text PRIMARY KEY,
        account_id uuid NOT NULL
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query("DROP TABLE account_external_ids, accounts");
  }
}
