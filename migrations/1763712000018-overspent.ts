import type { MigrationInterface, QueryRunner } from "typeorm";
import { forApplicationRole } from "./application-role";

/** What a plan really gave and withdrew, and what its next grants are lessened by, for more was spent than the shares of the time. */
export class Overspent1763712000018 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query("ALTER TABLE subscription_acts ADD COLUMN amount bigint, ADD COLUMN owing jsonb");
    await runner.query(`
      CREATE INDEX subscription_acts_owing ON subscription_acts (account_id, subscription, credit_type_id, number)
        WHERE owing IS NOT NULL
    `);
    await forApplicationRole(runner, "GRANT UPDATE (amount, owing) ON subscription_acts TO tranche_app");
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query("DROP INDEX subscription_acts_owing");
    await runner.query("ALTER TABLE subscription_acts DROP COLUMN amount, DROP COLUMN owing");
  }
}
