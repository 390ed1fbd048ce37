import type { QueryRunner } from "typeorm";

/** Runs a statement about the role that the server works as, where there is one: see the first migration. */
export async function forApplicationRole(runner: QueryRunner, statement: string): Promise<void> {
  await runner.query(`
    DO $$
    BEGIN
      IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'tranche_app') THEN
        ${statement};
      END IF;
    END
    $$`);
}
