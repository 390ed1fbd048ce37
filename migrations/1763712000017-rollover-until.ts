import type { MigrationInterface, QueryRunner } from "typeorm";

/** What is kept of a plan's allotment lives until one of the plan's own periods ends, which need not be as long as another. */
export class RolloverUntil1763712000017 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE grants ADD COLUMN rollover_until timestamptz,
        ADD CONSTRAINT grants_rollover_until_later CHECK (rollover_until IS NULL OR (rollover_periods IS NOT NULL AND rollover_until > expires_at))
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query("ALTER TABLE grants DROP COLUMN rollover_until");
  }
}
