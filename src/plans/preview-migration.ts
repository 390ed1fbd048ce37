import type { Core } from "../platform/context";
import { inTransaction } from "../platform/transaction";
import type { Page, Window } from "../platform/window";
import { type MigrationScope, type NoScope, scopeIn } from "./migrate-subscriptions";
import type { MigrationOrder, PassedOver, PlanMigration } from "./plan-migration";
import { pageMigrations, pagePassedOver } from "./store/plan-migration-lists.store";
import { readMigration } from "./store/plan-migrations.store";
import { countAbout } from "./store/subscriptions.reads";

export type MigrationForesight =
  | ({ readonly status: "done"; readonly affected: number } & MigrationScope)
  | { readonly status: "absent"; readonly scope: NoScope };

/** The migration by its id; null when there is none. */
export function findMigration({ pool }: Pick<Core, "pool">, id: number): Promise<PlanMigration | null> {
  return readMigration(pool, id);
}

/** A part of a plan's migrations. Positions are their ids. */
export function listMigrations({ pool }: Pick<Core, "pool">, planId: number, window: Window): Promise<Page<PlanMigration>> {
  return pageMigrations(pool, planId, window);
}

/** A part of those whom a migration passed over, by account. */
export function listPassedOver(
  { pool }: Pick<Core, "pool">,
  id: number,
  request: Parameters<typeof pagePassedOver>[2],
): Promise<Page<PassedOver>> {
  return pagePassedOver(pool, id, request);
}

/** Whom a migration would be about. */
export async function previewMigration({ pool }: Pick<Core, "pool">, order: MigrationOrder): Promise<MigrationForesight> {
  const scope = await inTransaction(pool, "snapshot", (database) => scopeIn(database, order));
  if ("field" in scope) return { status: "absent", scope };
  const ids = scope.from.map(({ id }) => id);
  return { status: "done", affected: await countAbout(pool, ids), ...scope };
}
