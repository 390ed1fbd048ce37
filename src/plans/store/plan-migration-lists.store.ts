import type { Pool } from "pg";
import { readRows, type Statement } from "../../platform/transaction";
import { bothWays, type Page, pageOf, rangeOf, type Window } from "../../platform/window";
import type { SubscriptionKey } from "../plan";
import type { PassedOver, PlanMigration } from "../plan-migration";
import { MIGRATION_COLUMNS, type MigrationRecord, toMigration } from "./plan-migrations.store";

/** All SQL that lists migrations, and whom they passed over. */

const PAGE: (descending: boolean) => Statement = bothWays(
  "plan_migrations.page",
  (direction) => `
    SELECT ${MIGRATION_COLUMNS} FROM plan_migrations
    WHERE plan_id = $1 AND id > $2::bigint AND id < $3::bigint ORDER BY id ${direction} LIMIT $4`,
);

/** A part of a plan's migrations. Positions are their ids. */
export async function pageMigrations(pool: Pool, planId: number, window: Window): Promise<Page<PlanMigration>> {
  const { descending, above, below } = rangeOf(window);
  const records = await readRows<MigrationRecord>(pool, PAGE(descending), [planId, above, below, window.limit + 1]);
  return pageOf(records.map(toMigration), window);
}

// A migration is about one subscription of an account at most.
const PASSED_OVER = bothWays(
  "plan_migrations.passed_over",
  (direction) => `
    SELECT account_id, subscription, outcome FROM plan_migration_subscriptions
    WHERE migration = $1 AND outcome <> 'DONE' AND ($2::uuid IS NULL OR account_id > $2) AND ($3::uuid IS NULL OR account_id < $3)
    ORDER BY account_id ${direction} LIMIT $4`,
);

/** A part of those whom a migration passed over, by account. */
export async function pagePassedOver(
  pool: Pool,
  id: number,
  { after, before, limit, fromEnd }: Pick<Window<SubscriptionKey>, "after" | "before" | "limit" | "fromEnd">,
): Promise<Page<PassedOver>> {
  const values = [id, after?.accountId ?? null, before?.accountId ?? null, limit + 1];
  const records = await readRows<{ account_id: string; subscription: number; outcome: PassedOver["code"] }>(
    pool,
    PASSED_OVER(fromEnd),
    values,
  );
  const rows = records.map((record) => ({
    key: { accountId: record.account_id, number: record.subscription },
    code: record.outcome,
  }));
  return pageOf(rows, { limit, fromEnd });
}
