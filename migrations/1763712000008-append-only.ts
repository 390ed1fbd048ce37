import type { MigrationInterface, QueryRunner } from "typeorm";
import { forApplicationRole } from "./application-role";

/** The ledger is only ever added to: the application's role cannot change or delete what stands in it, whatever bug it has. */
export class AppendOnly1763712000008 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await forApplicationRole(runner, "REVOKE UPDATE, DELETE ON transactions, alerts FROM tranche_app");
  }

  async down(runner: QueryRunner): Promise<void> {
    await forApplicationRole(runner, "GRANT UPDATE, DELETE ON transactions, alerts TO tranche_app");
  }
}
