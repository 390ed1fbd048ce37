import type { MigrationInterface, QueryRunner } from "typeorm";
import { forApplicationRole } from "./application-role";

/**
 * Bundles of credits for sale. A catalogue, copied to every machine when the data is spread. What a pack is stands in its versions, which
 * are added and never changed; a pack is retired once, for good.
 */
export class Packs1763712000015 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // A name is never used again, so that a plan that names a pack means the same one for ever.
    await runner.query(`
      CREATE TABLE packs (
        id integer GENERATED ALWAYS AS IDENTITY,
        name text NOT NULL,
        credit_type_id integer NOT NULL,
        retired_at timestamptz,
        retired_by text,
        CONSTRAINT packs_pkey PRIMARY KEY (id),
        CONSTRAINT packs_name_unique UNIQUE (name),
        CONSTRAINT packs_retired_whole CHECK ((retired_at IS NULL) = (retired_by IS NULL))
      )`);
    await runner.query(`
      CREATE TABLE pack_versions (
        id integer GENERATED ALWAYS AS IDENTITY,
        pack_id integer NOT NULL,
        number integer NOT NULL,
        title text NOT NULL,
        amount bigint NOT NULL,
        price_amount numeric NOT NULL,
        price_currency text NOT NULL,
        life text,
        priority smallint NOT NULL,
        for_everyone boolean NOT NULL,
        reason text,
        published_at timestamptz NOT NULL,
        published_by text NOT NULL,
        CONSTRAINT pack_versions_pkey PRIMARY KEY (id),
        CONSTRAINT pack_versions_number_unique UNIQUE (pack_id, number),
        CONSTRAINT pack_versions_positive CHECK (amount > 0 AND price_amount > 0),
        CONSTRAINT pack_versions_priority_range CHECK (priority BETWEEN 0 AND 255)
      )`);
    for (const [table, column, target] of KEYS) {
      await runner.query(
        `ALTER TABLE ${table} ADD CONSTRAINT ${table}_${column}_fkey FOREIGN KEY (${column}) REFERENCES ${target} (id)`,
      );
    }
    await forApplicationRole(runner, "REVOKE UPDATE, DELETE ON packs, pack_versions FROM tranche_app");
    await forApplicationRole(runner, "GRANT UPDATE (retired_at, retired_by) ON packs TO tranche_app");
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query("DROP TABLE pack_versions, packs");
  }
}

const KEYS = [
  ["packs", "credit_type_id", "credit_types"],
  ["pack_versions", "pack_id", "packs"],
] as const;
