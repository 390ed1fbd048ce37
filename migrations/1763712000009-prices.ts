import type { MigrationInterface, QueryRunner } from "typeorm";
import { forApplicationRole } from "./application-role";

/**
 * What operations cost. A catalogue, copied to every machine when the data is spread: a list for everybody, and one for each account or
 * app that has prices of its own. Versions are added, never changed; one that has not begun may be withdrawn.
 */
export class Prices1763712000009 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // One more with all that changes what somebody pays, now or later: a price is right as long as this has not moved.
    await runner.query("ALTER TABLE credit_types ADD COLUMN price_revision integer NOT NULL DEFAULT 0");
    await runner.query(`
      CREATE TABLE price_lists (
        id integer GENERATED ALWAYS AS IDENTITY,
        credit_type_id integer NOT NULL,
        owner text NOT NULL,
        account_id uuid,
        app text,
        CONSTRAINT price_lists_pkey PRIMARY KEY (id),
        CONSTRAINT price_lists_owner_unique UNIQUE (credit_type_id, owner),
        CONSTRAINT price_lists_owner_whole CHECK (owner = coalesce('account:' || account_id, 'app:' || app, 'everybody'))
      )`);
    await runner.query(`
      CREATE TABLE price_versions (
        id integer GENERATED ALWAYS AS IDENTITY,
        list_id integer NOT NULL,
        number integer NOT NULL,
        revision integer NOT NULL,
        effective_from timestamptz NOT NULL,
        unit_amount numeric,
        unit_currency text,
        prices jsonb NOT NULL,
        reason text,
        published_at timestamptz NOT NULL,
        published_by text NOT NULL,
        withdrawn_at timestamptz,
        withdrawn_by text,
        withdrawn_revision integer,
        CONSTRAINT price_versions_pkey PRIMARY KEY (id),
        CONSTRAINT price_versions_number_unique UNIQUE (list_id, number),
        CONSTRAINT price_versions_unit_whole CHECK ((unit_amount IS NULL) = (unit_currency IS NULL)),
        CONSTRAINT price_versions_withdrawn_whole CHECK (num_nulls(withdrawn_at, withdrawn_by, withdrawn_revision) IN (0, 3))
      )`);
    for (const [table, column, target] of KEYS) {
      await runner.query(
        `ALTER TABLE ${table} ADD CONSTRAINT ${table}_${column}_fkey FOREIGN KEY (${column}) REFERENCES ${target} (id)`,
      );
    }
    // A priced use names the version of the list that its operation's price stood in; and the instant and the revision by which all that it
    // was reckoned from can be found again.
    await runner.query(`
      ALTER TABLE transactions
        ADD COLUMN price_version integer,
        ADD COLUMN price_revision integer,
        ADD COLUMN price_at timestamptz,
        ADD CONSTRAINT transactions_price_whole CHECK (num_nulls(price_version, price_revision, price_at) IN (0, 3))`);
    await forApplicationRole(runner, "REVOKE UPDATE, DELETE ON price_lists, price_versions FROM tranche_app");
    await forApplicationRole(
      runner,
      "GRANT UPDATE (withdrawn_at, withdrawn_by, withdrawn_revision) ON price_versions TO tranche_app",
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query("ALTER TABLE transactions DROP COLUMN price_version, DROP COLUMN price_revision, DROP COLUMN price_at");
    await runner.query("DROP TABLE price_versions, price_lists");
    await runner.query("ALTER TABLE credit_types DROP COLUMN price_revision");
  }
}

const KEYS = [
  ["price_lists", "credit_type_id", "credit_types"],
  ["price_lists", "account_id", "accounts"],
  ["price_versions", "list_id", "price_lists"],
] as const;
