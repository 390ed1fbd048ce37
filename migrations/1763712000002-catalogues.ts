import type { MigrationInterface, QueryRunner } from "typeorm";

/** What every account shares: the orders of consumption, and the credit types. Small; copied to every machine when the data is spread. */
export class Catalogues1763712000002 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE policies (
        version integer PRIMARY KEY,
        keys text[] NOT NULL,
        CONSTRAINT policies_keys_unique UNIQUE (keys)
      )`);
    // 1 is the default; 2 is "paid last": kind goes before expiry.
    await runner.query(`
      INSERT INTO policies (version, keys) VALUES
        (1, '{PRIORITY,EXPIRY,KIND,SCOPE,EFFECTIVE}'),
        (2, '{PRIORITY,KIND,EXPIRY,SCOPE,EFFECTIVE}')`);
    // Periods are ISO 8601 text: a calendar month is no interval that PostgreSQL and the model would count alike.
    await runner.query(`
      CREATE TABLE credit_types (
        id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        name text NOT NULL,
        policy integer NOT NULL,
        refund_grace text NOT NULL,
        expiry_notice text NOT NULL,
        default_expiry text,
        created_at timestamptz NOT NULL,
        CONSTRAINT credit_types_name_unique UNIQUE (name)
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query("DROP TABLE credit_types, policies");
  }
}
