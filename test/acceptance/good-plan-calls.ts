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
const VERSION = {
  title: "Good",
  description: "A good plan.",
  price: { amount: "49", currency: "EUR" },
  billing: "P1M",
  trial: "P14D",
  allotments: [ALLOTMENT],
  overdrafts: [{ creditType: "credits", limit: "5" }],
  packs: ["small"],
  reason: "a good call",
};

/** Makes what the calls name, and answers the calls. */
export async function goodPlanCalls(demo: Demo): Promise<readonly GoodCall[]> {
  const mutate = (name: string, type: string, input: Json, fields: string): Promise<Json> =>
    ask(demo.url, demo.adminKey, `mutation ($input: ${type}!) { ${name}(input: $input) { ${fields} } }`, { input });
  const publish = (name: string, given: Json = {}) =>
    mutate("publishPlan", "PublishPlanInput", { ...VERSION, name, ...given }, "refusal { code }");
  for (const name of ["good", "better", "to-retire"]) await publish(name);
  await publish("good", { basedOn: 1 });
  const page = "pageInfo { startCursor endCursor }";
  const { plans, plan } = await ask<{ plans: Page; plan: { versions: Page } }>(
    demo.url,
    demo.adminKey,
    `{ plans { ${page} } plan(name: "good") { versions { ${page} } } }`,
  );
  return [
    call("query", ["plan", { name: "good" }]),
    ...list(plans, "plans"),
    ...list(plan.versions, "versions", ["plan", { name: "good" }]),
    ...mutation("publishPlan", { ...VERSION, name: "good", basedOn: 2 }),
    ...mutation("retirePlan", { plan: "to-retire", reason: "a good call" }),
  ];
}

interface Page {
  readonly pageInfo: { readonly startCursor: string; readonly endCursor: string };
}

function call(kind: GoodCall["kind"], ...steps: (readonly [field: string, args?: Json])[]): GoodCall {
  return { kind, steps: steps.map(([field, args = {}]) => ({ field, args })) };
}

/** Calls of mutations, whose inputs begin with these fields. */
function mutation(name: string, ...inputs: readonly Json[]): readonly GoodCall[] {
  return inputs.map((input) => call("mutation", [name, { input }]));
}

/** A list read from both ends. */
function list({ pageInfo }: Page, name: string, ...before: (readonly [string, Json?])[]): readonly GoodCall[] {
  return [
    call("query", ...before, [name, { first: 5, after: pageInfo.startCursor }]),
    call("query", ...before, [name, { last: 5, before: pageInfo.endCursor }]),
  ];
}
