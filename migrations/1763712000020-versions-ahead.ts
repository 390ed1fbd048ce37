import type { MigrationInterface, QueryRunner } from "typeorm";

/** Which plan version a subscription is to go over to, so that those who are to come to a version are found as those who are on it. */
export class VersionsAhead1763712000020 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      "ALTER TABLE subscriptions ADD COLUMN ahead_version_id integer CONSTRAINT subscriptions_ahead_version_id_fkey REFERENCES plan_versions",
    );
    await runner.query(`
      UPDATE subscriptions SET ahead_version_id = (state->'ahead'->>'to')::integer WHERE state->'ahead'->>'what' = 'CHANGE'`);
    await runner.query("CREATE INDEX subscriptions_ahead ON subscriptions (ahead_version_id) WHERE ahead_version_id IS NOT NULL");
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query("ALTER TABLE subscriptions DROP COLUMN ahead_version_id");
  }
}
