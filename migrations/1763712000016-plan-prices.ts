import type { MigrationInterface, QueryRunner } from "typeorm";

/** Prices for all who are on a plan: a list more that may apply, between an app's and everybody's. */
export class PlanPrices1763712000016 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE price_lists
        ADD COLUMN plan_id integer,
        DROP CONSTRAINT price_lists_owner_whole,
        ADD CONSTRAINT price_lists_owner_whole
          CHECK (owner = coalesce('account:' || account_id, 'app:' || app, 'plan:' || plan_id, 'everybody')),
        ADD CONSTRAINT price_lists_plan_id_fkey FOREIGN KEY (plan_id) REFERENCES plans (id)`);
    // Accounts change plans, and a price must be found again for ever: a priced use names the plan whose list was among those that applied.
    await runner.query(`
      ALTER TABLE transactions
        ADD COLUMN price_plan integer,
        ADD CONSTRAINT transactions_price_plan_priced CHECK (price_plan IS NULL OR price_version IS NOT NULL)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query("ALTER TABLE transactions DROP COLUMN price_plan");
    await runner.query(`
      ALTER TABLE price_lists
        DROP COLUMN plan_id,
        ADD CONSTRAINT price_lists_owner_whole CHECK (owner = coalesce('account:' || account_id, 'app:' || app, 'everybody'))`);
  }
}
