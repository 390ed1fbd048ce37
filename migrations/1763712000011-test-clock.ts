import type { MigrationInterface, QueryRunner } from "typeorm";

/** Accounts that live by a clock of their own, which stands still until it is advanced. */
export class TestClock1763712000011 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // In the account's row, and nowhere else: whoever loads a wallet reads the account for its time zone anyway.
    await runner.query("ALTER TABLE accounts ADD COLUMN test_clock timestamptz");
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query("ALTER TABLE accounts DROP COLUMN test_clock");
  }
}
