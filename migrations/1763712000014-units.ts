import type { MigrationInterface, QueryRunner } from "typeorm";
import { forApplicationRole } from "./application-role";

/**
 * In which unit the credits of a type are told and given, from when on. Nothing that is stored is ever told anew: amounts stay in the
 * first unit, and a factor only says how many new credits one old one is. Acts are added; one that has not begun may be withdrawn.
 */
export class Units1763712000014 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // One more with all that changes which unit applies, now or later: an amount was read right as long as this has not moved.
    await runner.query("ALTER TABLE credit_types ADD COLUMN unit_revision integer NOT NULL DEFAULT 0");
    await runner.query(`
      CREATE TABLE redenominations (
        credit_type_id integer NOT NULL,
        number integer NOT NULL,
        factor numeric NOT NULL,
        effective_from timestamptz NOT NULL,
        reason text,
        published_at timestamptz NOT NULL,
        published_by text NOT NULL,
        withdrawn_at timestamptz,
        withdrawn_by text,
        CONSTRAINT redenominations_pkey PRIMARY KEY (credit_type_id, number),
        CONSTRAINT redenominations_factor_positive CHECK (factor > 0),
        CONSTRAINT redenominations_withdrawn_whole CHECK ((withdrawn_at IS NULL) = (withdrawn_by IS NULL))
      )`);
    await runner.query(`
      ALTER TABLE redenominations ADD CONSTRAINT redenominations_credit_type_id_fkey
      FOREIGN KEY (credit_type_id) REFERENCES credit_types (id)`);
    await forApplicationRole(runner, "REVOKE UPDATE, DELETE ON redenominations FROM tranche_app");
    await forApplicationRole(runner, "GRANT UPDATE (withdrawn_at, withdrawn_by) ON redenominations TO tranche_app");
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query("DROP TABLE redenominations");
    await runner.query("ALTER TABLE credit_types DROP COLUMN unit_revision");
  }
}
