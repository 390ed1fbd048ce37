import type { GoodCall } from "../support/input-places";
import { goodMemberCalls } from "./good-member-calls";
import { goodPlanCalls } from "./good-plan-calls";
import { ask, fundedWallet } from "./graphql-request";
import type { Demo } from "./server-process";

/**
 * A call of each kind that is good as it is, and that together give every argument and input field there is: for tests that spoil one
 * value at a time. No idempotency key and no name is used yet.
 */

type Json = Readonly<Record<string, unknown>>;

const SOON = "2999-01-01T00:00:00Z";
const LATER = "2999-02-01T00:00:00Z";
const PAST = "2026-01-02T03:04:05Z";
/** As far as a test clock may go at once. */
const IN_A_YEAR = new Date(Date.now() + 365 * 86_400_000).toISOString();
const CLOCKED = "clocked";
/** One that there is: orders are kept once they were named, whatever comes of it. */
const POLICY = ["PRIORITY", "KIND", "EXPIRY", "SCOPE", "EFFECTIVE"];

const QUANTITIES = [{ dimension: "input", quantity: "3" }];
const PRICES = [
  {
    operation: "chat.completion",
    title: "A chat",
    flat: "1",
    meters: [
      { dimension: "input", rate: "0.5", per: 1, unit: "input token", units: "input tokens" },
      { dimension: "output", mode: "VOLUME", tiers: [{ upTo: "10", rate: "1" }, { rate: "0.5" }] },
    ],
    minimum: "1",
    maximum: "9",
    surcharges: [{ operation: "web.search", always: false }],
  },
  { operation: "web.search", flat: "1" },
  { operation: "think", range: { minimum: "1", maximum: "2" } },
];

/** What a pack is. */
const PACK = {
  title: "A small pack",
  creditType: "credits",
  amount: "100",
  price: { amount: "9", currency: "USD" },
};

/** What the calls name. The wallets of the demo have lists to page through; another has what is to be changed. */
interface Things {
  readonly demoWallet: string;
  readonly externalId: string;
  readonly accountId: string;
  readonly walletId: string;
  readonly otherWallet: string;
  readonly grantId: string;
  readonly spendId: string;
  readonly holds: readonly string[];
  readonly thresholdId: string;
  readonly apiKeyId: string;
  /** An account in which nothing was paid for. */
  readonly clockedId: string;
  /** For an operation that is priced by quantities. */
  readonly pricedHold: string;
  /** A version of the prices that has not begun. */
  readonly priceVersionId: string;
  /** One that has not begun. */
  readonly redenominationId: string;
  readonly quoteId: string;
  /** The cursors of the first and the last element of each list. */
  readonly cursors: Readonly<Record<string, readonly [string, string]>>;
}

/** Makes what the calls name, and answers the calls. */
export async function goodCalls(demo: Demo): Promise<readonly GoodCall[]> {
  const things = await makeThings(demo);
  return [
    ...queries(things),
    ...subscriptions(things),
    ...uses(things),
    ...corrections(things),
    ...keeping(things),
    ...pricing(things),
    ...(await goodPlanCalls(demo)),
    ...(await goodMemberCalls(demo)),
    ...packs(),
  ];
}

async function makeThings(demo: Demo): Promise<Things> {
  const externalId = "spoiled";
  const walletId = await fundedWallet(demo, externalId, "1000");
  const otherWallet = await fundedWallet(demo, "spoiled-too", "10");
  const mutate = async (name: string, type: string, input: Json, fields: string): Promise<string> => {
    const query = `mutation ($input: ${type}!) { ${name}(input: $input) { it: ${fields} } }`;
    const answer = await ask<Record<string, { it: { id: string } }>>(demo.url, demo.adminKey, query, { input });
    return answer[name]?.it.id ?? "";
  };
  const use = (key: string) => ({ walletId, amount: "20", idempotencyKey: key });
  const publish = (rest: Json) =>
    mutate("publishPrices", "PublishPricesInput", { creditType: "credits", prices: PRICES, ...rest }, "version { id }");
  // The demo has published the first.
  await publish({ basedOn: 1 });
  const priceVersionId = await publish({ basedOn: 2, effectiveFrom: LATER });
  await publish({ app: "painter" });
  await publish({ externalId });
  const plan = { name: "priced", title: "Priced", allotments: [{ creditType: "credits", amount: "1" }] };
  await mutate("publishPlan", "PublishPlanInput", plan, "plan { id }");
  await publish({ plan: plan.name });
  for (const name of ["small", "to-retire"]) await mutate("publishPack", "PublishPackInput", { name, ...PACK }, "pack { id }");
  const holds: string[] = [];
  for (const key of ["hold-1", "hold-2", "hold-3"])
    holds.push(await mutate("holdCredits", "HoldCreditsInput", use(key), "hold { id }"));
  return {
    demoWallet: demo.walletId,
    externalId,
    accountId: walletId.replace("wal", "acc").replace(/_\d+$/, ""),
    walletId,
    otherWallet,
    holds,
    priceVersionId,
    redenominationId: await mutate(
      "redenominate",
      "RedenominateInput",
      { creditType: "credits", factor: "100", effectiveFrom: LATER, reason: "to be withdrawn" },
      "redenomination { id }",
    ),
    quoteId: await quoteIdOf(demo, walletId),
    pricedHold: await mutate(
      "holdCredits",
      "HoldCreditsInput",
      { walletId, operation: "chat.completion", quantities: QUANTITIES, idempotencyKey: "hold-4" },
      "hold { id }",
    ),
    grantId: await mutate("grantCredits", "GrantCreditsInput", { ...use("to-void"), kind: "PROMO" }, "grant { id }"),
    spendId: await mutate("spend", "SpendInput", use("to-refund"), "transaction { id }"),
    thresholdId: await mutate("setAlertThreshold", "SetAlertThresholdInput", { walletId, amount: "5" }, "threshold { id }"),
    clockedId: await mutate("createAccount", "CreateAccountInput", { externalId: CLOCKED }, "account { id }"),
    apiKeyId: await mutate("createApiKey", "CreateApiKeyInput", { role: "SERVICE", name: "to revoke" }, "apiKey { id }"),
    cursors: await cursorsOf(demo),
  };
}

async function quoteIdOf(demo: Demo, walletId: string): Promise<string> {
  const query = "query ($input: QuoteInput!) { quote(input: $input) { id } }";
  const input = { walletId, operation: "chat.completion", app: "painter", validFor: "P30D" };
  return (await ask<{ quote: { id: string } }>(demo.url, demo.adminKey, query, { input })).quote.id;
}

async function cursorsOf(demo: Demo): Promise<Things["cursors"]> {
  const page = "pageInfo { startCursor endCursor }";
  const query = `query ($id: ID!) { accounts { ${page} } apiKeys { ${page} } priceVersions(creditType: "credits") { ${page} } auditLog { ${page} } packs { ${page} } pack(name: "small") { packVersions: versions { ${page} } } wallet(id: $id) { alerts { ${page} } holds { ${page} }
    transactions { ${page} } grants { ${page} edges { node { entries { ${page} } } } } } }`;
  type Page = { readonly pageInfo: { readonly startCursor: string; readonly endCursor: string } };
  type Grants = Page & { readonly edges: readonly { readonly node: { readonly entries: Page } }[] };
  type Nested = { readonly wallet: Record<string, Page> & { grants: Grants }; readonly pack: Record<string, Page> };
  const { wallet, pack, ...lists } = await ask<Record<string, Page> & Nested>(demo.url, demo.adminKey, query, {
    id: demo.walletId,
  });
  const entries = wallet.grants.edges[0]?.node.entries as Page;
  const pages: readonly (readonly [string, Page])[] = Object.entries({ ...lists, ...wallet, ...pack, entries } as Record<
    string,
    Page
  >);
  return Object.fromEntries(pages.map(([name, { pageInfo }]) => [name, [pageInfo.startCursor, pageInfo.endCursor]]));
}

function call(kind: GoodCall["kind"], ...steps: (readonly [field: string, args?: Json])[]): GoodCall {
  return { kind, steps: steps.map(([field, args = {}]) => ({ field, args })) };
}

function queries({ demoWallet, externalId, accountId, walletId, grantId, cursors }: Things): readonly GoodCall[] {
  const wallet = ["wallet", { id: demoWallet }] as const;
  /** A list read from both ends; `kind`: what its cursors are kept by. */
  const list = (name: string, before: readonly (readonly [string, Json?])[] = [], filters: Json = {}, kind = name) => {
    const [after, end] = cursors[kind] ?? [];
    return [
      call("query", ...before, [name, { first: 5, after, ...filters }]),
      call("query", ...before, [name, { last: 5, before: end, ...filters }]),
    ];
  };
  const filter = { app: "painter", from: PAST, minimum: "1", operation: "image.generate", to: SOON, type: ["SPEND"] };
  return [
    call("query", ["account", { id: accountId }]),
    call("query", ["account", { externalId }]),
    call("query", ["account", { externalId }], ["packs", { creditType: "credits" }]),
    ...list("accounts", [], { search: "o" }),
    ...list("apiKeys"),
    ...list("auditLog", [], { filter: { externalId, from: PAST, to: SOON } }),
    call("query", ["auditLog", { filter: { actor: "nobody", action: "createAccount", subject: accountId } }]),
    call("query", ["node", { id: grantId }]),
    call("query", ["nodes", { ids: [walletId] }]),
    call("query", ["quote", { input: { walletId, amount: "1", app: "painter", operation: "image.generate" } }]),
    call("query", ["quote", { input: { externalId, creditType: "credits", amount: "1" } }]),
    call("query", [
      "quote",
      { input: { walletId, operation: "chat.completion", quantities: QUANTITIES, surcharges: ["web.search"], validFor: "P1D" } },
    ]),
    call("query", ["priceTable", { creditType: "credits", externalId, app: "painter", at: SOON }]),
    ...list("priceVersions", [], { creditType: "credits" }),
    call("query", ["priceVersions", { creditType: "credits", externalId }]),
    call("query", ["priceVersions", { creditType: "credits", app: "painter" }]),
    call("query", ["priceVersions", { creditType: "credits", plan: "priced" }]),
    call("query", ["priceTable", { creditType: "credits", plan: "priced" }]),
    ...list("packs", [], { creditType: "credits", retired: true }),
    ...list("versions", [["pack", { name: "small" }]], {}, "packVersions"),
    call("query", ["walletOf", { externalId, creditType: "credits" }]),
    ...list("alerts", [wallet]),
    ...list("holds", [wallet], { status: ["OPEN"] }),
    ...list("transactions", [wallet], { filter }),
    ...list("grants", [wallet], { kind: ["PLAN"], order: "CREATED", status: ["ACTIVE"] }),
    ...list("entries", [wallet, ["grants"], ["edges"], ["node"]]),
    call("query", wallet, ["balanceAt", { time: PAST }]),
    call("query", wallet, ["usage", { from: PAST, to: "2080-01-01T00:00:00Z", groupBy: ["APP"], interval: "MONTH" }]),
  ];
}

function subscriptions({ demoWallet: walletId }: Things): readonly GoodCall[] {
  return [
    call("subscription", ["walletBalance", { walletId }]),
    call("subscription", ["walletTransactions", { walletId, after: "0" }]),
    call("subscription", ["walletAlerts", { walletId, after: "0" }]),
  ];
}

/** Calls of mutations, whose inputs begin with these fields. */
function mutation(name: string, ...inputs: readonly Json[]): readonly GoodCall[] {
  return inputs.map((input) => call("mutation", [name, { input }]));
}

let keys = 0;
const unused = (): Json => ({ idempotencyKey: `good-${++keys}` });
const METADATA = { why: "a good call" };
const MONEY = { amount: "9.99", currency: "EUR" };

function uses({ externalId, walletId, spendId, holds, pricedHold, quoteId }: Things): readonly GoodCall[] {
  const said = { description: "a good call", metadata: METADATA };
  const use = { amount: "3", allowPartial: true, app: "painter", operation: "image.generate", occurredAt: PAST, ...said };
  const byName = { externalId, creditType: "credits", amount: "1" };
  const priced = { operation: "chat.completion", quantities: QUANTITIES, surcharges: ["web.search"], app: "painter", quoteId };
  const [toCapture, toExtend, toRelease] = holds;
  return [
    ...mutation("spend", { walletId, ...use, ...unused() }, { ...byName, ...unused() }),
    call("mutation", ["spendBatch", { input: [{ walletId, ...use, ...unused() }] }]),
    call("mutation", ["spendBatch", { input: [{ ...byName, ...unused() }] }]),
    ...mutation("holdCredits", { walletId, ...use, expiresAt: SOON, ...unused() }, { ...byName, expiresIn: "PT5M", ...unused() }),
    ...mutation("captureHold", { holdId: toCapture, amount: "3", allowExcess: false, final: false, ...said, ...unused() }),
    ...mutation(
      "extendHold",
      { holdId: toExtend, expiresAt: "2040-01-01T00:00:00Z", ...unused() },
      { holdId: toExtend, expiresIn: "P90Y", ...unused() },
    ),
    ...mutation("captureHold", {
      holdId: pricedHold,
      quantities: QUANTITIES,
      surcharges: ["web.search"],
      allowExcess: true,
      final: false,
      ...unused(),
    }),
    ...mutation("spend", { walletId, ...priced, ...unused() }),
    call("mutation", ["spendBatch", { input: [{ walletId, ...priced, ...unused() }] }]),
    ...mutation("holdCredits", { walletId, ...priced, ...unused() }),
    ...mutation("releaseHold", { holdId: toRelease, ...unused() }),
    ...mutation("refundSpend", { transactionId: spendId, amount: "3", reason: "a good call", ...unused() }),
  ];
}

function corrections({ externalId, walletId, otherWallet, grantId }: Things): readonly GoodCall[] {
  const reason = "a good call";
  const terms = {
    kind: "PLAN",
    priority: 10,
    effectiveAt: PAST,
    expiresAt: SOON,
    scope: { operations: ["image.*"], apps: ["painter"] },
    costBasis: MONEY,
    rollover: { percent: 50, maximum: "100", period: "P1M", periods: 2 },
    repaysDebt: true,
  };
  return [
    ...mutation(
      "grantCredits",
      { walletId, amount: "3", ...terms, reason, metadata: METADATA, ...unused() },
      { externalId, creditType: "credits", amount: "3", kind: "PROMO", ...unused() },
    ),
    ...mutation("voidGrant", { grantId, amount: "1", reason, ...unused() }, { grantId, reason, ...unused() }),
    ...mutation("adjustBalance", { walletId, amount: "-3", reason, ...unused() }),
    ...mutation("setOverdraft", { walletId, limit: "3", costBasis: MONEY, reason, ...unused() }),
    ...mutation("transferCredits", {
      fromWalletId: walletId,
      toWalletId: otherWallet,
      amount: "3",
      description: reason,
      metadata: METADATA,
      ...unused(),
    }),
  ];
}

function keeping({ externalId, accountId, clockedId, walletId, thresholdId, apiKeyId }: Things): readonly GoodCall[] {
  const reason = "a good call";
  const creditType = "credits";
  const periods = { defaultExpiry: "P1Y", expiryNotice: "P1D", refundGrace: "P2D" };
  return [
    ...mutation("createAccount", { externalId: "made", name: "Made", timeZone: "Asia/Tokyo", metadata: METADATA, reason }),
    ...mutation("createCreditType", { name: "made", policy: POLICY, ...periods, reason }),
    ...mutation("openWallet", { accountId, creditType, policy: POLICY, reason }, { externalId, creditType }),
    ...mutation("setPolicy", { walletId, policy: POLICY, reason }, { creditType, policy: POLICY }),
    ...mutation("startTestClock", { accountId: clockedId, at: IN_A_YEAR, reason }, { externalId: CLOCKED }),
    ...mutation("advanceTestClock", { accountId: clockedId, to: IN_A_YEAR, reason }, { externalId: CLOCKED, by: "PT1S" }),
    ...mutation("createApiKey", { role: "SERVICE", name: "made", app: "painter", expiresAt: LATER, reason }),
    ...mutation("revokeApiKey", { apiKeyId, reason }),
    ...mutation("setAlertThreshold", { walletId, amount: "7", reason }),
    ...mutation("removeAlertThreshold", { thresholdId, reason }),
  ];
}

function pricing({ externalId, priceVersionId, redenominationId }: Things): readonly GoodCall[] {
  const version = {
    creditType: "credits",
    basedOn: 1,
    effectiveFrom: LATER,
    prices: PRICES,
    creditPrice: MONEY,
    reason: "a good call",
  };
  return [
    ...mutation("publishPrices", { ...version, externalId }, { ...version, app: "painter" }, { ...version, plan: "priced" }),
    ...mutation("withdrawPrices", { versionId: priceVersionId, reason: "a good call" }),
    ...mutation("redenominate", {
      creditType: "credits",
      factor: "0.01",
      basedOn: 1,
      effectiveFrom: "2999-03-01T00:00:00Z",
      reason: "a good call",
    }),
    ...mutation("withdrawRedenomination", { redenominationId, reason: "a good call" }),
  ];
}

function packs(): readonly GoodCall[] {
  const reason = "a good call";
  return [
    ...mutation("publishPack", { name: "small", ...PACK, life: "P1Y", priority: 90, forEveryone: false, basedOn: 1, reason }),
    ...mutation("retirePack", { name: "to-retire", reason }),
  ];
}
