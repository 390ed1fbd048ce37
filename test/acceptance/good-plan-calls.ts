import type { GoodCall } from "../support/input-places";
import { ask } from "./graphql-request";
import type { Demo } from "./server-process";

/** Good calls about plans: see good-calls.ts. */

type Json = Readonly<Record<string, unknown>>;

const ALLOTMENT = {
  creditType: "credits",
  amount: "500",
  interval: "P1M",
  rollover: { percent: 50, maximum: "100", period: "P1M", periods: 2 },
  priority: 10,
  scope: { operations: ["image.*"], apps: ["painter"] },
  repaysDebt: true,
};
const LASTING = { creditType: "credits", amount: "20", interval: "P1W", life: "P3M" };
const VERSION = {
  title: "Good",
  description: "A good plan.",
  price: { amount: "49", currency: "EUR" },
  billing: "P1M",
  trial: "P14D",
  allotments: [ALLOTMENT, LASTING],
  overdrafts: [{ creditType: "credits", limit: "5" }],
  packs: ["small"],
  reason: "a good call",
};

/** Makes what the calls name, and answers the calls. */
export async function goodPlanCalls(demo: Demo): Promise<readonly GoodCall[]> {
  const mutate = <Data>(name: string, type: string, input: Json, fields: string): Promise<Data> =>
    ask(demo.url, demo.adminKey, `mutation ($input: ${type}!) { ${name}(input: $input) { ${fields} } }`, { input });
  const publish = (name: string, given: Json = {}) =>
    mutate("publishPlan", "PublishPlanInput", { ...VERSION, name, ...given }, "refusal { code }");
  const accountIds = new Map<string, string>();
  const account = async (externalId: string) => {
    const { createAccount } = await mutate<{ createAccount: { account: { id: string } } }>(
      "createAccount",
      "CreateAccountInput",
      { externalId },
      "account { id }",
    );
    accountIds.set(externalId, createAccount.account.id);
    return externalId;
  };
  const start = async (input: Json) => {
    const fields = "subscription { id } refusal { code }";
    type Started = { startSubscription: { subscription: { id: string } } };
    const { startSubscription } = await mutate<Started>("startSubscription", "StartSubscriptionInput", input, fields);
    return startSubscription.subscription.id;
  };
  for (const name of ["good", "better", "to-retire", "moved"]) await publish(name);
  await publish("moved", { basedOn: 1 });
  await mutate("migrateSubscriptions", "MigrateSubscriptionsInput", { plan: "moved", when: "NOW_RESET" }, "refusal { code }");
  const accounts = await Promise.all(["one", "two", "three", "four", "five", "six"].map((name) => account(`subscriber-${name}`)));
  const subscriptionIds: string[] = [];
  for (const [index, externalId] of accounts.slice(1, 5).entries())
    subscriptionIds.push(await start({ externalId, plan: "good", idempotencyKey: `started-${index}` }));
  await publish("good", { basedOn: 1 });
  const [changed, cancelled, paused, withdrawn] = subscriptionIds.map((subscriptionId) => ({ subscriptionId }));
  const leaving = { ...withdrawn, when: "AT_PERIOD_END", idempotencyKey: "plans-leaving" };
  await mutate("cancelSubscription", "CancelSubscriptionInput", leaving, "refusal { code }");
  const migrating = { plan: "good", versions: [1], when: "AT_PERIOD_END" };
  await migrated(demo);
  const page = "pageInfo { startCursor endCursor }";
  const lists = `plans { ${page} } plan(name: "good") { versions { ${page} } } moved: plan(name: "moved") { migrations { ${page} } } subscriptions { ${page} }
    previewMigration(input: { plan: "good", versions: [1], when: NOW_RESET }) { subscriptions { ${page} } }
    account(externalId: "subscriber-two") { subscriptions { ${page} } subscription { history { ${page} } } }`;
  const {
    plans,
    plan,
    moved,
    subscriptions,
    previewMigration,
    account: two,
  } = await ask<Lists>(demo.url, demo.adminKey, `{ ${lists} }`);
  const ofTwo: Step = ["account", { externalId: "subscriber-two" }];
  const keyed = (key: string, reason = "a good call") => ({ idempotencyKey: `plans-${key}`, reason });
  return [
    call("query", ["plan", { name: "good" }]),
    ...list(plans, "plans"),
    ...list(plan.versions, "versions", ["plan", { name: "good" }]),
    ...mutation("publishPlan", { ...VERSION, name: "good", basedOn: 2 }),
    ...mutation("retirePlan", { plan: "to-retire", reason: "a good call" }),
    ...list(subscriptions, "subscriptions"),
    call("query", ["subscriptions", { plan: "good", version: 1, status: "ACTIVE" }]),
    ...list(two.subscriptions, "subscriptions", ofTwo),
    ...list(two.subscription.history, "history", ofTwo, ["subscription"]),
    ...mutation(
      "startSubscription",
      { externalId: accounts[0], plan: "good", trial: true, ...keyed("start") },
      { accountId: accountIds.get("subscriber-six"), plan: "good", ...keyed("start-again") },
    ),
    call("query", [
      "previewSubscription",
      { input: { externalId: "subscriber-two", plan: "better", trial: true, when: "NOW_PRORATED" } },
    ]),
    call("query", ["previewSubscription", { input: { accountId: accountIds.get("subscriber-six"), plan: "better" } }]),
    call("query", ["previewMigration", { input: migrating }]),
    ...list(previewMigration.subscriptions, "subscriptions", [
      "previewMigration",
      { input: { plan: "good", versions: [1], when: "NOW_RESET" } },
    ]),
    ...mutation("migrateSubscriptions", { ...migrating, ...keyed("migrate") }),
    ...list(moved.migrations, "migrations", ["plan", { name: "moved" }]),
    ...list(previewMigration.subscriptions, "refused", ["plan", { name: "moved" }], ["migrations"], ["edges"], ["node"]),
    ...mutation("changeSubscription", { ...changed, plan: "better", when: "AT_PERIOD_END", ...keyed("change") }),
    ...mutation("cancelSubscription", { ...cancelled, when: "NOW", alive: "PRORATE", ...keyed("cancel") }),
    ...mutation("pauseSubscription", { ...paused, alive: "VOID", ...keyed("pause") }),
    ...mutation("markSubscriptionUnpaid", { ...paused, alive: "KEEP", ...keyed("unpaid") }),
    ...mutation("resumeSubscription", { ...paused, reset: true, ...keyed("resume") }),
    ...mutation("withdrawSubscriptionChange", { ...withdrawn, ...keyed("withdraw") }),
  ];
}

/** Comes back when the sweeper has carried the migration out: whoever compares what there is before and after is not to see it end. */
async function migrated({ url, adminKey }: Demo): Promise<void> {
  type Moved = { moved: { migrations: { edges: { node: { endedAt: string | null } }[] } } };
  const document = `{ moved: plan(name: "moved") { migrations { edges { node { endedAt } } } } }`;
  for (;;) {
    const { moved } = await ask<Moved>(url, adminKey, document);
    if (moved.migrations.edges.every(({ node }) => node.endedAt !== null)) return;
  }
}

interface Lists {
  readonly plans: Page;
  readonly plan: { readonly versions: Page };
  readonly moved: { readonly migrations: Page };
  readonly subscriptions: Page;
  readonly previewMigration: { readonly subscriptions: Page };
  readonly account: { readonly subscriptions: Page; readonly subscription: { readonly history: Page } };
}

type Step = readonly [field: string, args?: Json];

interface Page {
  readonly pageInfo: { readonly startCursor: string; readonly endCursor: string };
}

function call(kind: GoodCall["kind"], ...steps: Step[]): GoodCall {
  return { kind, steps: steps.map(([field, args = {}]) => ({ field, args })) };
}

/** Calls of mutations, whose inputs begin with these fields. */
function mutation(name: string, ...inputs: readonly Json[]): readonly GoodCall[] {
  return inputs.map((input) => call("mutation", [name, { input }]));
}

/** A list read from both ends. */
function list({ pageInfo }: Page, name: string, ...before: Step[]): readonly GoodCall[] {
  return [
    call("query", ...before, [name, { first: 5, after: pageInfo.startCursor }]),
    call("query", ...before, [name, { last: 5, before: pageInfo.endCursor }]),
  ];
}
