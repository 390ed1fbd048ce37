import type { MigrationInterface, QueryRunner } from "typeorm";

/** The ledger is only ever added to: the application's role cannot change or delete what stands in it, whatever bug it has. */
export class AppendOnly1763712000008 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await this.withRole(runner, "REVOKE UPDATE, DELETE ON transactions, alerts FROM tranche_app");
  }

  async down(runner: QueryRunner): Promise<void> {
    await this.withRole(runner, "GRANT UPDATE, DELETE ON transactions, alerts TO tranche_app");
  }

  private async withRole(runner: QueryRunner, statement: string): Promise<void> {
    await runner.query(`
      DO $$
      BEGIN
        IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'tranche_app') THEN
          ${statement};
        END IF;
      END
      $$`);
  }
}
