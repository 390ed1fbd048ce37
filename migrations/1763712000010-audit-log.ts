import type { MigrationInterface, QueryRunner } from "typeorm";
import { forApplicationRole } from "./application-role";

/** What operators did: written in the transaction that did it, never changed. */
export class AuditLog1763712000010 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE audit_log (
        id bigint GENERATED ALWAYS AS IDENTITY,
        at timestamptz NOT NULL,
        actor text NOT NULL,
        action text NOT NULL,
        subject text NOT NULL,
        account_id uuid,
        before jsonb,
        after jsonb,
        reason text,
        CONSTRAINT audit_log_pkey PRIMARY KEY (id)
      )`);
    await runner.query("CREATE INDEX audit_log_actor ON audit_log (actor, id)");
    await runner.query("CREATE INDEX audit_log_subject ON audit_log (subject, id)");
    await runner.query("CREATE INDEX audit_log_account ON audit_log (account_id, id) WHERE account_id IS NOT NULL");
    await forApplicationRole(runner, "REVOKE UPDATE, DELETE ON audit_log FROM tranche_app");
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query("DROP TABLE audit_log");
  }
}
