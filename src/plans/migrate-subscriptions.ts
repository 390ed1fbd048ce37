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
import { type FirstOrder, insertMigration, markCame, readOrdered, readUnderWayTo } from "./store/plan-migrations.store";
import { readLatestIn, readPlanIn, readVersionsOfIn } from "./store/plans.store";
import type { SubscriptionAnswer } from "./subscription";

/** What a migration is about. */
export interface MigrationScope {
  readonly plan: Plan;
  readonly to: PublishedVersion;
  /** The versions that are left. */
  readonly from: readonly PublishedVersion[];
}

/** What of an order keeps it from being one: the plan, or these numbers of its versions. */
export type NoScope =
  | { readonly field: "plan" }
  | { readonly field: "versions"; readonly latest: number; readonly wrong: readonly number[] }
  /** Who is yet to come to one of the versions by this migration would be missed. */
  | { readonly field: "versions"; readonly underWay: PlanMigration };

export type MigrateAnswer =
  /** `replayed`: this key had ordered the same before. */
  | { readonly status: "done"; readonly replayed: boolean; readonly migration: PlanMigration }
  | { readonly status: "mismatch"; readonly field: string }
  | { readonly status: "absent"; readonly scope: NoScope };

/**
 * Orders that all who are on some versions of a plan go over to its latest. Nobody goes over unless it is ordered; it is then carried out
 * bit by bit in the background, by whichever servers there are, and each subscription has it among what was done about it. Sent again under
 * its `key`, an order is answered by the migration that it made, whatever was published since.
 */
export function migrateSubscriptions(
  { pool, clock }: Pick<Core, "pool" | "clock">,
  order: MigrationOrder,
  by: Operator,
  key: string | null = null,
): Promise<MigrateAnswer> {
  const first = key === null ? null : { key, input: inputOf(order, by) };
  return inTransaction(pool, "write", async (database): Promise<MigrateAnswer> => {
    const replayed = first && (await replay(database, first));
    if (replayed) return replayed;
    const scope = await scopeIn(database, order);
    if ("field" in scope) return { status: "absent", scope };
    const { plan, to, from } = scope;
    const at = clock.now();
    const numbers = from.map(({ terms }) => terms.version);
    const given = { planId: plan.id, toVersionId: to.id, from: numbers, when: order.when, ...by };
    const ids = from.map(({ id }) => id);
    const migration = await insertMigration(database, { ...given, startedAt: at, startedBy: by.actor }, ids, first);
    if (!migration) {
      const other = first && (await replay(database, first));
      assert(other, "only a key that was used keeps a migration from being made");
      return other;
    }
    const subject = migrationId(migration.id);
    const after = { plan: plan.name, from: numbers, to: to.terms.version, when: order.when };
    recordAct(database, { at, ...by, action: "migrateSubscriptions", subject, accountId: null, before: null, after });
    return { status: "done", replayed: false, migration };
  });
}

function inputOf({ plan, versions, when }: MigrationOrder, { reason }: Operator): FirstOrder["input"] {
  return { plan, versions: versions && [...new Set(versions)].sort((a, b) => a - b), when, reason };
}

/** What the key did before; null: nothing. */
async function replay(database: Database, { key, input }: FirstOrder): Promise<MigrateAnswer | null> {
  const found = await readOrdered(database, key);
  if (!found) return null;
  const field = Object.keys(input).find((name) => JSON.stringify(input[name]) !== JSON.stringify(found.input[name]));
  return field === undefined ? { status: "done", replayed: true, migration: found.migration } : { status: "mismatch", field };
}

/** What an order is about; or what keeps it from being one. */
export async function scopeIn(
  database: Database,
  { plan: name, versions }: Pick<MigrationOrder, "plan" | "versions">,
): Promise<MigrationScope | NoScope> {
  const plan = await readPlanIn(database, name);
  const to = plan && (await readLatestIn(database, plan.id));
  if (!plan || !to) return { field: "plan" };
  const all = await readVersionsOfIn(database, plan.id);
  const wanted = versions && new Set(versions);
  const from = all.filter(({ id, terms }) => id !== to.id && (wanted === null || wanted.has(terms.version)));
  const wrong = [...(wanted ?? [])].filter((number) => from.every(({ terms }) => terms.version !== number));
  if (wrong.length > 0) return { field: "versions", latest: to.terms.version, wrong };
  const underWay = await readUnderWayTo(database, plan.id, from);
  return underWay ? { field: "versions", underWay } : { plan, to, from };
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
