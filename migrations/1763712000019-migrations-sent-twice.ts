import type { MigrationInterface, QueryRunner } from "typeorm";

/** That a migration of subscriptions is ordered once, however often the order is sent; and lists of a plan's migrations, and of whom they passed over. */
export class MigrationsSentTwice1763712000019 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query("ALTER TABLE plan_migrations ADD COLUMN idempotency_key text, ADD COLUMN input jsonb");
    await runner.query(`
      ALTER TABLE plan_migrations ADD CONSTRAINT plan_migrations_key_whole CHECK ((input IS NULL) = (idempotency_key IS NULL))`);
    await runner.query(`
      CREATE UNIQUE INDEX plan_migrations_idempotency ON plan_migrations (idempotency_key) WHERE idempotency_key IS NOT NULL`);
    await runner.query("CREATE INDEX plan_migrations_plan ON plan_migrations (plan_id, id)");
    await runner.query(`
      CREATE INDEX plan_migration_subscriptions_refused ON plan_migration_subscriptions (migration, account_id) WHERE outcome <> 'DONE'`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query("DROP INDEX plan_migration_subscriptions_refused");
    await runner.query("DROP INDEX plan_migrations_plan");
    await runner.query("ALTER TABLE plan_migrations DROP COLUMN idempotency_key, DROP COLUMN input");
  }
}
