import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { type Api, createApi, customer, SERVICE } from "../support/api";
import { aName, aPlan, publish } from "./asking";

/** What operators publish of plans, and what everybody sees of it. */

let api: Api;

beforeAll(async () => {
  api = await createApi();
});

afterAll(() => api.stop());

const PLAN = `query ($name: String!) { plan(name: $name) { name retiredAt latest { number title price { amount currency } billing trial packs
  allotments { creditType { name } amount interval life words priority repaysDebt rollover { percent maximum period periods } scope { operations } }
  overdrafts { creditType { name } limit } plan { name } } versions { edges { node { number title } } } } }`;

describe("publishing a plan", () => {
  test("makes a version that everybody can read", async () => {
    const name = aName();
    const given = {
      name,
      description: "For those who build.",
      trial: "P14D",
      allotments: [
        { creditType: "credits", amount: "1500", rollover: { percent: 50, maximum: "1000", periods: 3 } },
        {
          creditType: "credits",
          amount: "10",
          interval: "P1D",
          priority: 5,
          scope: { operations: ["chat.*"] },
          repaysDebt: false,
        },
        { creditType: "credits", amount: "1", life: "P3M" },
      ],
      overdrafts: [{ creditType: "credits", limit: "50" }],
      reason: "opening",
    };
    expect(await publish(api, given)).toMatchObject({ plan: { name }, version: { number: 1 }, refusal: null });
    const wallet = await api.wallet();
    const shown = await api.ask(PLAN, { name }, customer(wallet.accountId));
    expect(shown).toEqual({
      plan: {
        name,
        retiredAt: null,
        latest: {
          number: 1,
          title: "Pro",
          price: { amount: "49", currency: "USD" },
          billing: "P1M",
          trial: "P14D",
          packs: [],
          allotments: [
            {
              creditType: { name: "credits" },
              amount: "1500",
              interval: "P1M",
              life: null,
              words: "1,500 credits every month, 50 % of what is left is kept for 3 months, at most 1,000 credits",
              priority: 100,
              repaysDebt: true,
              rollover: { percent: 50, maximum: "1000", period: "P1M", periods: 3 },
              scope: { operations: [] },
            },
            {
              creditType: { name: "credits" },
              amount: "10",
              interval: "P1D",
              life: null,
              words: "10 credits every day, only for chat.*",
              priority: 5,
              repaysDebt: false,
              rollover: null,
              scope: { operations: ["chat.*"] },
            },
            {
              creditType: { name: "credits" },
              amount: "1",
              interval: "P1M",
              life: "P3M",
              words: "1 credit every month, good for 3 months",
              priority: 100,
              repaysDebt: true,
              rollover: null,
              scope: { operations: [] },
            },
          ],
          overdrafts: [{ creditType: { name: "credits" }, limit: "50" }],
          plan: { name },
        },
        versions: { edges: [{ node: { number: 1, title: "Pro" } }] },
      },
    });
  });

  test("of two who base theirs on the same version, the second is told what the first did", async () => {
    const name = await aPlan(api);
    const both = await Promise.all(["One", "Two"].map((title) => publish(api, { name, title, basedOn: 1 })));
    expect(new Set(both.map(({ version }) => version?.number ?? null))).toEqual(new Set([2, null]));
    expect(both.find(({ refusal }) => refusal)?.refusal).toMatchObject({
      code: "PLAN_CHANGED",
      latest: { number: 2, publishedBy: "admin" },
    });
  });

  test("of two who make the same plan at once, the second is told, too; and so is who bases his on what there is not", async () => {
    const name = aName();
    const both = await Promise.all(["One", "Two"].map((title) => publish(api, { name, title })));
    expect(new Set(both.map(({ refusal }) => refusal?.code ?? null))).toEqual(new Set(["PLAN_CHANGED", null]));
    const none = await publish(api, { name: aName(), basedOn: 3 });
    expect(none.refusal).toMatchObject({ code: "PLAN_CHANGED", latest: null });
  });

  test("tells all that is wrong at once, and where", async () => {
    const name = aName();
    const given = {
      name,
      billing: "PT5M",
      price: { amount: "-1", currency: "USD" },
      allotments: [
        { creditType: "nothing", amount: "0" },
        { creditType: "credits", amount: "5", priority: 300, rollover: { percent: 0 } },
        { creditType: "credits", amount: "5", interval: "P1D", life: "P10Y" },
      ],
      overdrafts: [
        { creditType: "credits", limit: "1" },
        { creditType: "credits", limit: "2" },
      ],
    };
    const { refusal } = await publish(api, given);
    expect(refusal?.code).toBe("PLAN_NOT_VALID");
    expect(refusal?.problems?.map(({ path }) => path.join("."))).toEqual([
      "allotments.0.creditType",
      "price.amount",
      "billing",
      "allotments.0.amount",
      "allotments.0.interval",
      "allotments.1.interval",
      "allotments.1.priority",
      "allotments.1.rollover.percent",
      "allotments.2.life",
      "overdrafts.1.creditType",
    ]);
    expect(await publish(api, { name, allotments: [] })).toMatchObject({
      refusal: { problems: [{ path: ["allotments"], message: "A plan gives credits: name an allotment." }] },
    });
    expect(await api.ask("query ($name: String!) { plan(name: $name) { id } }", { name })).toEqual({ plan: null });
  });

  test("lets credits live for a time of their own or roll over, and says to choose", async () => {
    const allotment = { creditType: "credits", amount: "5", life: "P3M" };
    const { refusal } = await publish(api, { name: aName(), allotments: [{ ...allotment, rollover: { percent: 50 } }] });
    expect(refusal?.problems).toEqual([
      {
        path: ["allotments", "0", "rollover"],
        message: "Credits with a life of their own cannot roll over, too: leave out either.",
      },
    ]);
  });

  test("names packs that are for sale, and no others", async () => {
    const pack = { title: "Some", creditType: "credits", amount: "5", price: { amount: "1", currency: "USD" } };
    const [small, gone] = [aName(), aName()];
    for (const name of [small, gone]) await api.mutate("publishPack", { ...pack, name }, "pack { id }");
    await api.mutate("retirePack", { name: gone }, "pack { id }");
    const name = await aPlan(api, { packs: [small] });
    expect(await api.ask("query ($name: String!) { plan(name: $name) { latest { packs } } }", { name })).toEqual({
      plan: { latest: { packs: [small] } },
    });
    const { refusal } = await publish(api, { name, basedOn: 1, packs: [small, gone, "nothing"] });
    expect(refusal).toMatchObject({
      code: "PLAN_NOT_VALID",
      problems: [
        { path: ["packs", "1"], message: expect.stringContaining(`${gone} is retired`) },
        { path: ["packs", "2"], message: expect.stringContaining("no pack nothing") },
      ],
    });
  });

  test("takes no currency that there is not, and no name that is none", async () => {
    const query = "mutation ($input: PublishPlanInput!) { publishPlan(input: $input) { refusal { code } } }";
    const input = { name: "good", title: "Good", allotments: [{ creditType: "credits", amount: "1" }] };
    const money = { price: { amount: "1", currency: "ABC" } };
    const { errors } = await api.answer(query, { input: { ...input, ...money } });
    expect(errors?.[0]?.message).toContain("there is no currency ABC");
    expect(await api.errors(query, { input: { ...input, name: "No Name" } })).toEqual(["BAD_USER_INPUT input name"]);
    expect(await api.errors(query, { input: { ...input, title: "" } })).toEqual(["BAD_USER_INPUT input title"]);
    expect(await api.errors(query, { input: { ...input, title: " \t" } })).toEqual(["BAD_USER_INPUT input title"]);
    expect(await api.errors(query, { input }, SERVICE)).toEqual(["FORBIDDEN"]);
  });

  test("has a price that can be paid, or none", async () => {
    const price = async (amount: string, currency = "USD") =>
      (await publish(api, { name: "never", price: { amount, currency } })).refusal?.problems;
    expect(await price("0")).toEqual([
      { path: ["price"], message: "A price must be above 0: leave it out of a plan that is free." },
    ]);
    const fine = (message: string) => [{ path: ["price", "amount"], message }];
    expect(await price("1.005")).toEqual(fine("Nobody can pay that: USD has 2 digits after the point."));
    expect(await price("1.5", "JPY")).toEqual(fine("Nobody can pay that: JPY has 0 digits after the point."));
  });

  test("stands in the audit log", async () => {
    const name = await aPlan(api, { reason: "why not" });
    const { auditLog } = await api.ask<{ auditLog: { edges: readonly { node: { subject: string; after: { id: string } } }[] } }>(
      `{ auditLog(first: 1, filter: { action: "publishPlan" }) { edges { node { actor subject before after reason } } } }`,
    );
    expect(auditLog.edges[0]?.node).toMatchObject({
      actor: "admin",
      before: null,
      after: { plan: name, number: 1 },
      reason: "why not",
    });
    const { node } = await api.ask<{ node: object }>(
      "query ($id: ID!) { node(id: $id) { ... on PlanVersion { number plan { id } } } }",
      { id: auditLog.edges[0]?.node.after.id },
    );
    expect(node).toEqual({ number: 1, plan: { id: auditLog.edges[0]?.node.subject } });
  });
});

describe("a plan that is retired", () => {
  const RETIRED = "plan { name retiredAt } refusal { code }";
  const LIST = "{ plans(last: 100) { edges { node { name } } } }";

  test("is there for the operator, not for customers, and cannot be published again", async () => {
    const name = await aPlan(api);
    const { accountId } = await api.wallet();
    const first = await api.mutate<{ plan: object }>("retirePlan", { plan: name, reason: "too cheap" }, RETIRED);
    expect(first).toMatchObject({ plan: { name }, refusal: null });
    expect(await api.mutate("retirePlan", { plan: name }, RETIRED)).toEqual(first);
    const seen = async (identity?: Parameters<Api["ask"]>[2]) => {
      const { plans } = await api.ask<{ plans: { edges: readonly { node: { name: string } }[] } }>(LIST, {}, identity);
      return plans.edges.some(({ node }) => node.name === name);
    };
    expect([await seen(), await seen(customer(accountId))]).toEqual([true, false]);
    expect(await api.ask("query ($name: String!) { plan(name: $name) { id } }", { name }, customer(accountId))).toEqual({
      plan: null,
    });
    expect(await publish(api, { name, basedOn: 1 })).toMatchObject({
      refusal: { code: "PLAN_RETIRED", message: expect.stringContaining("publish under another name") },
    });
    expect(await api.mutate("retirePlan", { plan: "nothing" }, RETIRED)).toEqual({ plan: null, refusal: { code: "NOT_FOUND" } });
  });

  test.each([
    ["name", 'query { plan(name: "a\\u0000b") { id } }'],
    ["plan", 'query { subscriptions(plan: "a\\u0000b") { edges { cursor } } }'],
    ["input plan", 'mutation { retirePlan(input: { plan: "a\\u0000b" }) { refusal { code } } }'],
  ])("a name that no database can hold is told to whoever gives it as %s", async (path, query) => {
    expect(await api.errors(query, {})).toEqual([`BAD_USER_INPUT ${path}`]);
  });
});
