import type { Core } from "../platform/context";
import { inTransaction } from "../platform/transaction";
import { type MigrationScope, scopeIn } from "./migrate-subscriptions";
import type { MigrationOrder, PlanMigration } from "./plan-migration";
import { readMigration } from "./plan-migrations.store";
import { countOn } from "./subscriptions.reads";

export type MigrationForesight =
  | ({ readonly status: "done"; readonly affected: number } & MigrationScope)
  | { readonly status: "absent"; readonly field: string };

/** The migration by its id; null when there is none. */
export function findMigration({ pool }: Pick<Core, "pool">, id: number): Promise<PlanMigration | null> {
  return readMigration(pool, id);
}

/** Whom a migration would be about. */
export async function previewMigration({ pool }: Pick<Core, "pool">, order: MigrationOrder): Promise<MigrationForesight> {
  const scope = await inTransaction(pool, "snapshot", (database) => scopeIn(database, order));
  if ("field" in scope) return { status: "absent", field: scope.field };
  const ids = scope.from.map(({ id }) => id);
  return { status: "done", affected: await countOn(pool, ids), ...scope };
}
