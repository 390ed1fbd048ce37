import { Arg, Args, Ctx, FieldResolver, Mutation, Query, Resolver, Root } from "type-graphql";
import { assert } from "../../core/assert";
import { Access } from "../../platform/graphql/access";
import { badInput } from "../../platform/graphql/errors";
import { type Connection, connectionOf, type List, numberedList, PageArguments, readPage } from "../../platform/graphql/paging";
import { operatorOf } from "../../platform/graphql/reasoned";
import { NotFound, type Refusal } from "../../platform/graphql/refusal";
import type { RequestContext } from "../../platform/graphql/request";
import { IdempotencyMismatch, idempotencyKey } from "../../wallet";
import { versionOf } from "../catalogue";
import { listAffected } from "../list-subscriptions";
import { migrateSubscriptions, type NoScope } from "../migrate-subscriptions";
import { parseSubscriptionId, type SubscriptionKey, subscriptionId } from "../plan";
import type { MigrationOrder } from "../plan-migration";
import { listMigrations, listPassedOver, previewMigration } from "../preview-migration";
import { foresee } from "../preview-subscription";
import { nowFor } from "../standing";
import {
  AffectedConnection,
  type AffectedSubscription,
  MigrateSubscriptionsInput,
  MigrateSubscriptionsPayload,
  MigrationPreviewView,
  MigrationProgress,
  MigrationUnderWay,
  PlanMigrationConnection,
  PlanMigrationView,
  PreviewMigrationInput,
  type RefusedMigration,
  RefusedMigrationConnection,
} from "./plan-migrations.types";
import { planLoadersOf } from "./plans.loaders";
import { showPlanOf } from "./plans.resolver";
import { PlanVersionView, PlanView } from "./plans.types";
import { showForesight } from "./show-preview.types";
import { showStanding, showSubscription } from "./show-subscription.types";
import { chosenPlan } from "./subscription-orders";

/** Those whom a migration is about, or was. */
const AFFECTED: List<SubscriptionKey> = { name: "affectedSubscriptions", write: subscriptionId, read: parseSubscriptionId };
const MIGRATIONS = numberedList("planMigrations");
const MOST_VERSIONS = 100;

/** All who are on a version, at once. */
@Resolver(() => PlanMigrationView)
export class PlanMigrationsResolver {
  @Access("ADMIN")
  @Query(() => MigrationPreviewView, { description: "What a migration would do, and to whom. Nothing is written." })
  async previewMigration(
    @Arg("input", () => PreviewMigrationInput, { description: "Whom it would be about." }) input: PreviewMigrationInput,
    @Ctx() { core }: RequestContext,
  ): Promise<MigrationPreviewView> {
    const answer = await previewMigration(core, orderOf(input));
    const { when } = input;
    if (answer.status === "absent") return { to: null, affected: 0, refusal: noScope(answer.scope), from: [], when };
    const { to, from, affected } = answer;
    return { to: new PlanVersionView(to), affected, refusal: null, from, when };
  }

  @Access("ADMIN")
  @Mutation(() => MigrateSubscriptionsPayload, {
    description:
      "Has all who are on some versions of a plan, or are to come to one at their period's end, go over to its latest. It is carried out in the background; `previewMigration` tells beforehand what it does.",
  })
  async migrateSubscriptions(
    @Arg("input", () => MigrateSubscriptionsInput, { description: "Who, and when." }) input: MigrateSubscriptionsInput,
    @Ctx() context: RequestContext,
  ): Promise<MigrateSubscriptionsPayload> {
    const key = input.idempotencyKey == null ? null : idempotencyKey(input.idempotencyKey, ["input", "idempotencyKey"]);
    const by = operatorOf(context, input, ["input"]);
    const answer = await migrateSubscriptions(context.core, orderOf(input), by, key);
    if (answer.status === "absent") return { migration: null, replayed: false, refusal: noScope(answer.scope) };
    if (answer.status === "mismatch")
      return { migration: null, replayed: false, refusal: new IdempotencyMismatch(null, 0, answer.field) };
    return { migration: new PlanMigrationView(answer.migration), replayed: answer.replayed, refusal: null };
  }

  @Access("ADMIN")
  @FieldResolver(() => PlanView, { description: "The plan." })
  plan(@Root() { migration }: PlanMigrationView, @Ctx() context: RequestContext): Promise<PlanView> {
    return showPlanOf(context, migration.toVersionId);
  }

  @Access("ADMIN")
  @FieldResolver(() => PlanVersionView, { description: "What they go over to." })
  async to(@Root() { migration }: PlanMigrationView, @Ctx() { core }: RequestContext): Promise<PlanVersionView> {
    return new PlanVersionView(await versionOf(core, migration.toVersionId));
  }

  @Access("ADMIN")
  @FieldResolver(() => MigrationProgress, { description: "How far it is." })
  progress(@Root() { migration }: PlanMigrationView, @Ctx() context: RequestContext): Promise<MigrationProgress> {
    return planLoadersOf(context).progress.load(migration.id);
  }

  @Access("ADMIN")
  @FieldResolver(() => RefusedMigrationConnection, {
    description: "Those whom it passed over, by account in the order in which these were made, and what forbade it.",
  })
  async refused(
    @Root() { migration }: PlanMigrationView,
    @Args(() => PageArguments) page: PageArguments,
    @Ctx() context: RequestContext,
  ): Promise<Connection<RefusedMigration>> {
    const request = readPage(AFFECTED, page);
    const { rows, hasMore } = await listPassedOver(context.core, migration.id, request);
    const nodes = await Promise.all(
      rows.map(async ({ key, code }) => {
        const subscription = await showSubscription(context, key);
        assert(subscription, "what a migration was about is there");
        return { key, subscription, code };
      }),
    );
    const show = { position: ({ key }: (typeof nodes)[number]) => key, node: (node: RefusedMigration) => node };
    return connectionOf(AFFECTED, request, { rows: nodes, hasMore }, show);
  }
}

@Resolver(() => PlanView)
export class MigrationsOfPlanResolver {
  @Access("ADMIN")
  @FieldResolver(() => PlanMigrationConnection, { description: "Its migrations, the newest first." })
  async migrations(
    @Root() { plan }: PlanView,
    @Args(() => PageArguments) page: PageArguments,
    @Ctx() { core }: RequestContext,
  ): Promise<Connection<PlanMigrationView>> {
    const request = readPage(MIGRATIONS, page);
    const rows = await listMigrations(core, plan.id, { ...request, newestFirst: true });
    return connectionOf(MIGRATIONS, request, rows, {
      position: ({ id }) => id,
      node: (migration) => new PlanMigrationView(migration),
    });
  }
}

@Resolver(() => MigrationPreviewView)
export class MigrationPreviewResolver {
  @Access("ADMIN")
  @FieldResolver(() => AffectedConnection, {
    description: "Whom it would be about, by account in the order in which these were made, and what would become of each.",
  })
  async subscriptions(
    @Root() { to, from, when }: MigrationPreviewView,
    @Args(() => PageArguments) page: PageArguments,
    @Ctx() context: RequestContext,
  ): Promise<Connection<AffectedSubscription>> {
    const request = readPage(AFFECTED, page);
    const { rows, hasMore } = await listAffected(
      context.core,
      from.map(({ id }) => id),
      request,
    );
    const numbers = from.map(({ terms }) => terms.version);
    const nodes = await Promise.all(
      rows.map(async (standing) => {
        assert(to, "there is nobody who would go over to nothing");
        const command = { type: "migrate", to: to.version.terms, from: numbers, when } as const;
        const foresight = foresee(standing, command, nowFor(context.core, standing));
        const change = await showForesight(context, foresight, "plan");
        return { key: standing.key, subscription: showStanding(context, standing), change };
      }),
    );
    const show = { position: ({ key }: (typeof nodes)[number]) => key, node: (node: AffectedSubscription) => node };
    return connectionOf(AFFECTED, request, { rows: nodes, hasMore }, show);
  }
}

/** What to name instead. */
function noScope(scope: NoScope): Refusal {
  if (scope.field === "plan") return new NotFound("plan");
  if ("underWay" in scope) return new MigrationUnderWay(scope.underWay);
  const { latest, wrong } = scope;
  const absent = wrong.filter((number) => number !== latest);
  const said = [
    ...(absent.length > 0 ? [`The plan has no version ${absent.join(", ")}: check it.`] : []),
    ...(wrong.includes(latest) ? [`Version ${latest} is the latest, which the others go over to: leave it out.`] : []),
  ];
  return new NotFound("versions", said.join(" "));
}

function orderOf({ plan, versions, when }: PreviewMigrationInput): MigrationOrder {
  if (versions && versions.length > MOST_VERSIONS) throw badInput(`must have at most ${MOST_VERSIONS}`, ["input", "versions"]);
  return { plan: chosenPlan(plan), versions: versions ?? null, when };
}
