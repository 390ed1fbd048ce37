import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { Identity } from "../../../src/platform/authentication";
import { ADMIN, type Api, createApi, customer, externalIdOf, SERVICE, serviceOf } from "../../support/api";

let api: Api;
let mine: Awaited<ReturnType<Api["wallet"]>>;
let theirs: Awaited<ReturnType<Api["wallet"]>>;
let me: Identity;
/** The ids of everything in the other account's wallet. */
let foreign: readonly string[];

beforeAll(async () => {
  api = await createApi();
  mine = await api.wallet("10");
  theirs = await api.wallet("10");
  me = customer(mine.accountId);
  foreign = await everythingIn(theirs.id);
});

afterAll(() => api.stop());

let keys = 0;
const unused = () => `key-${++keys}`;

async function everythingIn(walletId: string): Promise<readonly string[]> {
  await api.mutate("setAlertThreshold", { walletId, amount: "5" }, "threshold { id }");
  await api.mutate("holdCredits", { walletId, amount: "6", idempotencyKey: unused() }, "hold { id }");
  const numbered = (prefix: string, numbers: string) => `${walletId.replace("wal", prefix)}_${numbers}`;
  const account = walletId.replace("wal", "acc").replace(/_\d+$/, "");
  const inside = [numbered("gr", "1"), numbered("txn", "2"), numbered("ent", "2_1"), numbered("hold", "2")];
  return [walletId, account, ...inside, numbered("thr", "1"), numbered("alr", "1")];
}

const NODES = "query ($ids: [ID!]!) { nodes(ids: $ids) { id } }";

describe("a customer", () => {
  test("sees its own by any id", async () => {
    const own = await everythingIn(mine.id);
    const { nodes } = await api.ask<{ nodes: unknown[] }>(NODES, { ids: own }, me);
    expect(nodes).toEqual(own.map((id) => ({ id })));
  });

  test("sees nothing of another account's: by node, nodes, wallet, walletOf, account or quote", async () => {
    expect(await api.ask(NODES, { ids: foreign })).toEqual({ nodes: foreign.map((id) => ({ id })) });
    expect(await api.ask(NODES, { ids: foreign }, me)).toEqual({ nodes: foreign.map(() => null) });
    const query = `query ($id: ID!, $accountId: ID!, $externalId: String!) {
      wallet(id: $id) { id } walletOf(externalId: $externalId, creditType: "credits") { id } account(id: $accountId) { id }
      quote(input: { walletId: $id, amount: "1" }) { wallet { id } balanceAfter { available } allocations { amount } }
      byName: quote(input: { externalId: $externalId, creditType: "credits", amount: "1" }) { wallet { id } } }`;
    const [id, accountId] = foreign;
    expect(await api.ask(query, { id, accountId, externalId: externalIdOf(theirs) }, me)).toEqual({
      wallet: null,
      walletOf: null,
      account: null,
      quote: { wallet: null, balanceAfter: null, allocations: [] },
      byName: { wallet: null },
    });
  });

  test("gets the same answer for what is not there as for somebody else's", async () => {
    const query = "query ($id: ID!) { node(id: $id) { id } wallet(id: $id) { id } }";
    const absent = theirs.id.replace(/_\d+$/, "_77");
    expect(await api.answer(query, { id: absent }, me)).toEqual(await api.answer(query, { id: theirs.id }, me));
    expect(await api.answer(query, { id: "nonsense" }, me)).toEqual(await api.answer(query, { id: theirs.id }, me));
  });

  test("cannot page into another wallet with that one's cursors", async () => {
    const page =
      "query ($id: ID!, $after: String) { wallet(id: $id) { transactions(first: 5, after: $after) { edges { cursor node { id } } } } }";
    interface Edge {
      readonly cursor: string;
      readonly node: { readonly id: string };
    }
    type Answer = { readonly wallet: { readonly transactions: { readonly edges: readonly Edge[] } } };
    const other = await api.ask<Answer>(page, { id: theirs.id });
    for (const { cursor } of other.wallet.transactions.edges) {
      const own = await api.ask<Answer>(page, { id: mine.id, after: cursor }, me);
      expect(own.wallet.transactions.edges.every(({ node }) => node.id.startsWith(mine.id.replace("wal", "txn")))).toBe(true);
    }
  });

  test("sees a gift that came from elsewhere, but not where from", async () => {
    const receiver = await api.wallet();
    const input = { fromWalletId: theirs.id, toWalletId: receiver.id, amount: "1", idempotencyKey: unused() };
    await api.mutate("transferCredits", input, "replayed");
    const query = `query ($id: ID!) { wallet(id: $id) { grants { edges { node { kind origin { id } } } }
      transactions { edges { node { type counterpart { id } } } } } }`;
    expect(await api.ask(query, { id: receiver.id }, customer(receiver.accountId))).toEqual({
      wallet: {
        grants: { edges: [{ node: { kind: "GIFT", origin: null } }] },
        transactions: { edges: [{ node: { type: "TRANSFER", counterpart: null } }] },
      },
    });
    expect(await api.ask(query, { id: receiver.id })).toMatchObject({
      wallet: { grants: { edges: [{ node: { origin: { id: expect.any(String) } } }] } },
    });
  });

  test("without an account of its own sees none at all", async () => {
    const nobody: Identity = { ...me, accountId: null };
    expect(await api.ask(NODES, { ids: [mine.id, ...foreign] }, nobody)).toEqual({
      nodes: [mine.id, ...foreign].map(() => null),
    });
  });
});

/** Each mutation, and who may ask for it. */
type Rule = readonly [name: string, roles: readonly Identity["role"][]];
const MUTATIONS: readonly Rule[] = [
  ["spend", ["ADMIN", "SERVICE"]],
  ["spendBatch", ["ADMIN", "SERVICE"]],
  ["holdCredits", ["ADMIN", "SERVICE"]],
  ["captureHold", ["ADMIN", "SERVICE"]],
  ["extendHold", ["ADMIN", "SERVICE"]],
  ["releaseHold", ["ADMIN", "SERVICE"]],
  ["refundSpend", ["ADMIN", "SERVICE"]],
  ["grantCredits", ["ADMIN"]],
  ["voidGrant", ["ADMIN"]],
  ["adjustBalance", ["ADMIN"]],
  ["setOverdraft", ["ADMIN"]],
  ["transferCredits", ["ADMIN"]],
  ["createCreditType", ["ADMIN"]],
  ["openWallet", ["ADMIN"]],
  ["setPolicy", ["ADMIN"]],
  ["createAccount", ["ADMIN"]],
  ["createApiKey", ["ADMIN"]],
  ["revokeApiKey", ["ADMIN"]],
  ["setAlertThreshold", ["ADMIN", "CUSTOMER"]],
  ["removeAlertThreshold", ["ADMIN", "CUSTOMER"]],
  ["publishPrices", ["ADMIN"]],
  ["withdrawPrices", ["ADMIN"]],
  ["redenominate", ["ADMIN"]],
  ["withdrawRedenomination", ["ADMIN"]],
  ["setMember", ["ADMIN"]],
  ["removeMember", ["ADMIN"]],
  ["startTestClock", ["ADMIN"]],
  ["advanceTestClock", ["ADMIN"]],
  ["publishPlan", ["ADMIN"]],
  ["retirePlan", ["ADMIN"]],
  ["startSubscription", ["ADMIN"]],
  ["changeSubscription", ["ADMIN"]],
  ["cancelSubscription", ["ADMIN"]],
  ["pauseSubscription", ["ADMIN"]],
  ["resumeSubscription", ["ADMIN"]],
  ["markSubscriptionUnpaid", ["ADMIN"]],
  ["withdrawSubscriptionChange", ["ADMIN"]],
  ["migrateSubscriptions", ["ADMIN"]],
  ["publishPack", ["ADMIN"]],
  ["retirePack", ["ADMIN"]],
];

describe("each mutation", () => {
  test("is listed here", async () => {
    const { __schema } = await api.ask<{ __schema: { mutationType: { fields: { name: string }[] } } }>(
      "{ __schema { mutationType { fields { name } } } }",
    );
    expect(__schema.mutationType.fields.map(({ name }) => name).sort()).toEqual(MUTATIONS.map(([name]) => name).sort());
  });

  test.each(MUTATIONS)("%s is refused to all roles but %s before anything of it runs", async (name, roles) => {
    const type = name === "spendBatch" ? "[SpendInput!]!" : `${name.charAt(0).toUpperCase()}${name.slice(1)}Input!`;
    const document = `mutation ($input: ${type}) { ${name}(input: $input) { __typename } }`;
    for (const identity of [ADMIN, SERVICE, me]) {
      if (roles.includes(identity.role)) continue;
      expect(await api.errors(document, { input: INPUTS[name] }, identity)).toEqual(["FORBIDDEN"]);
    }
  });
});

const KEY = { idempotencyKey: "denied" };
const SPEND = { walletId: "wal_1", amount: "1", ...KEY };
const SUBSCRIPTION = { subscriptionId: "sub_1", ...KEY };
const INPUTS: Readonly<Record<string, object>> = {
  spend: SPEND,
  spendBatch: [SPEND],
  holdCredits: SPEND,
  captureHold: { holdId: "hold_1", ...KEY },
  extendHold: { holdId: "hold_1", expiresIn: "P1D", ...KEY },
  releaseHold: { holdId: "hold_1", ...KEY },
  refundSpend: { transactionId: "txn_1", ...KEY },
  grantCredits: { ...SPEND, kind: "PROMO" },
  voidGrant: { grantId: "gr_1", reason: "none", ...KEY },
  adjustBalance: { ...SPEND, reason: "none" },
  setOverdraft: { walletId: "wal_1", limit: "1", ...KEY },
  transferCredits: { fromWalletId: "wal_1", toWalletId: "wal_2", amount: "1", ...KEY },
  createCreditType: { name: "denied" },
  openWallet: { externalId: "none", creditType: "credits" },
  setPolicy: { creditType: "credits" },
  createAccount: { externalId: "denied" },
  createApiKey: { role: "ADMIN", name: "denied" },
  revokeApiKey: { apiKeyId: "key_1" },
  setAlertThreshold: { walletId: "wal_1", amount: "1" },
  removeAlertThreshold: { thresholdId: "thr_1" },
  publishPrices: { creditType: "credits", prices: [{ operation: "denied", flat: "1" }] },
  withdrawPrices: { versionId: "prv_1" },
  redenominate: { creditType: "credits", factor: "100", reason: "denied" },
  withdrawRedenomination: { redenominationId: "red_1_1", reason: "denied" },
  setMember: { externalId: "denied", member: "denied" },
  removeMember: { externalId: "denied", member: "denied" },
  startTestClock: { externalId: "denied" },
  advanceTestClock: { externalId: "denied" },
  publishPlan: { name: "denied", title: "Denied", allotments: [{ creditType: "credits", amount: "1" }] },
  retirePlan: { plan: "denied" },
  startSubscription: { externalId: "denied", plan: "denied", ...KEY },
  changeSubscription: { ...SUBSCRIPTION, plan: "denied", when: "AT_PERIOD_END" },
  cancelSubscription: { ...SUBSCRIPTION, when: "AT_PERIOD_END" },
  pauseSubscription: SUBSCRIPTION,
  resumeSubscription: SUBSCRIPTION,
  markSubscriptionUnpaid: SUBSCRIPTION,
  withdrawSubscriptionChange: SUBSCRIPTION,
  migrateSubscriptions: { plan: "denied", when: "AT_PERIOD_END" },
  publishPack: { name: "denied", title: "Denied", creditType: "credits", amount: "1", price: { amount: "1", currency: "USD" } },
  retirePack: { name: "denied" },
};

describe("a key that is bound to an app", () => {
  const painter = serviceOf("painter");

  test("sees that app's transactions, holds and usage, and no other's", async () => {
    const { id } = await api.wallet("100");
    const spend = (app: string) =>
      api.mutate<{ transaction: { id: string } }>(
        "spend",
        { walletId: id, amount: "1", app, idempotencyKey: unused() },
        "transaction { id }",
      );
    const hold = (app: string) =>
      api.mutate<{ hold: { id: string } }>(
        "holdCredits",
        { walletId: id, amount: "1", app, idempotencyKey: unused() },
        "hold { id }",
      );
    const [ownSpend, otherSpend] = [await spend("painter"), await spend("writer")];
    const [ownHold, otherHold] = [await hold("painter"), await hold("writer")];
    const query = `query ($id: ID!) { wallet(id: $id) { balance { available } transactions { edges { node { id } } }
      all: transactions(filter: { app: "writer" }) { edges { node { app } } } holds { edges { node { id } } }
      usage(from: "2026-01-01T00:00:00Z", to: "2026-02-01T00:00:00Z", groupBy: []) { amount }
      grants { edges { node { createdBy { id } entries { edges { node { amount transaction { id } } } } } } } } }`;
    const own = { node: { id: ownSpend.transaction.id } };
    const ownHeld = { node: { id: ownHold.hold.id.replace("hold", "txn") } };
    const { wallet } = await api.ask<{ wallet: Record<string, unknown> }>(query, { id }, painter);
    expect(wallet).toMatchObject({
      balance: { available: "96" },
      transactions: { edges: [own, ownHeld] },
      holds: { edges: [{ node: { id: ownHold.hold.id } }] },
      usage: [{ amount: "1" }],
    });
    expect(JSON.stringify(wallet)).not.toContain(otherSpend.transaction.id);
    expect(JSON.stringify(wallet)).not.toContain("writer");
    const ids = [ownSpend.transaction.id, otherSpend.transaction.id, ownHold.hold.id, otherHold.hold.id];
    expect(await api.ask(NODES, { ids }, painter)).toEqual({ nodes: [{ id: ids[0] }, null, { id: ids[2] }, null] });
  });

  test("is told of its own app's holds only when credits are missing", async () => {
    const { id } = await api.wallet("10");
    for (const app of ["painter", "writer"]) {
      await api.mutate("holdCredits", { walletId: id, amount: "4", app, idempotencyKey: unused() }, "hold { id }");
    }
    const fields = "refusal { ... on InsufficientCredits { expiringHolds { app } } }";
    expect(await api.mutate("spend", { walletId: id, amount: "5", idempotencyKey: unused() }, fields, painter)).toEqual({
      refusal: { expiringHolds: [{ app: "painter" }] },
    });
  });
});
