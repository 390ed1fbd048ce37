import { assert } from "../core/assert";
import { formatId } from "../core/ids";
import { RESERVED_KEYS } from "../core/reserved-keys";
import { type Operator, recordAct } from "../platform/act";
import type { Core } from "../platform/context";
import { type Transaction as Database, inTransaction } from "../platform/transaction";
import { versionOf } from "./catalogue";
import { changeSubscription } from "./change-subscription";
import type { Plan, PublishedVersion, SubscriptionKey } from "./plan";
import type { MigrationOrder, PlanMigration } from "./plan-migration";
import { insertMigration, markCame } from "./plan-migrations.store";
import { readLatestIn, readPlanIn, readVersionsOfIn } from "./plans.store";
import type { SubscriptionAnswer } from "./subscription";

/** What a migration is about. */
export interface MigrationScope {
  readonly plan: Plan;
  readonly to: PublishedVersion;
  /** The versions that are left. */
  readonly from: readonly PublishedVersion[];
}

export type MigrateAnswer =
  | { readonly status: "done"; readonly migration: PlanMigration }
  /** What this field of the input names is not there. */
  | { readonly status: "absent"; readonly field: "plan" | "versions" };

/**
 * Orders that all who are on some versions of a plan go over to its latest. Nobody goes over unless it is ordered; it is then carried out
 * bit by bit in the background, by whichever servers there are, and each subscription has it among what was done about it.
 */
export function migrateSubscriptions(
  { pool, clock }: Pick<Core, "pool" | "clock">,
  order: MigrationOrder,
  by: Operator,
): Promise<MigrateAnswer> {
  return inTransaction(pool, "write", async (database): Promise<MigrateAnswer> => {
    const scope = await scopeIn(database, order);
    if ("field" in scope) return { status: "absent", field: scope.field };
    const { plan, to, from } = scope;
    const at = clock.now();
    const numbers = from.map(({ terms }) => terms.version);
    const given = { planId: plan.id, toVersionId: to.id, from: numbers, when: order.when, ...by };
    const migration = await insertMigration(
      database,
      { ...given, startedAt: at, startedBy: by.actor },
      from.map(({ id }) => id),
    );
    const subject = migrationId(migration.id);
    const after = { plan: plan.name, from: numbers, to: to.terms.version, when: order.when };
    recordAct(database, { at, ...by, action: "migrateSubscriptions", subject, accountId: null, before: null, after });
    return { status: "done", migration };
  });
}

/** What an order is about; or the field of it that names what there is not. */
export async function scopeIn(
  database: Database,
  { plan: name, versions }: Pick<MigrationOrder, "plan" | "versions">,
): Promise<MigrationScope | { readonly field: "plan" | "versions" }> {
  const plan = await readPlanIn(database, name);
  const to = plan && (await readLatestIn(database, plan.id));
  if (!plan || !to) return { field: "plan" };
  const all = await readVersionsOfIn(database, plan.id);
  const wanted = versions && new Set(versions);
  const from = all.filter(({ id, terms }) => id !== to.id && (wanted === null || wanted.has(terms.version)));
  const isKnown = wanted === null || from.length === wanted.size;
  return isKnown ? { plan, to, from } : { field: "versions" };
}

export function migrationId(id: number): string {
  return formatId("planMigration", null, id);
}

/** Brings a migration to one of those whom it is about. Once more, or by two servers at once, it is done once. */
export async function migrateOne(core: Core, migration: PlanMigration, key: SubscriptionKey): Promise<void> {
  const { terms } = await versionOf(core, migration.toVersionId);
  const wanted = { type: "migrate", to: terms, from: migration.from, when: migration.when } as const;
  const id = migrationId(migration.id);
  const answer = await changeSubscription(core, key, wanted, {
    actor: migration.startedBy,
    reason: migration.reason,
    idempotencyKey: `${RESERVED_KEYS}${id}`,
    action: "migrateSubscriptions",
    input: { migration: id },
  });
  await markCame(core.pool, migration.id, key, outcomeOf(answer));
  core.metrics.count("subscriptions_migrated");
}

function outcomeOf(answer: SubscriptionAnswer): string {
  assert(
    answer.status === "done" || answer.status === "refused",
    "a migration is about subscriptions and versions that there are",
  );
  return answer.status === "done" ? "DONE" : answer.refusal.code;
}
