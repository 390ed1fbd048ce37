import type { GoodCall } from "../support/input-places";
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
/** One that there is: orders are kept once they were named, whatever comes of it. */
const POLICY = ["PRIORITY", "KIND", "EXPIRY", "SCOPE", "EFFECTIVE"];

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
  /** The cursors of the first and the last element of each list. */
  readonly cursors: Readonly<Record<string, readonly [string, string]>>;
}

/** Makes what the calls name, and answers the calls. */
export async function goodCalls(demo: Demo): Promise<readonly GoodCall[]> {
  const things = await makeThings(demo);
  return [...queries(things), ...subscriptions(things), ...uses(things), ...corrections(things), ...keeping(things)];
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
    grantId: await mutate("grantCredits", "GrantCreditsInput", { ...use("to-void"), kind: "PROMO" }, "grant { id }"),
    spendId: await mutate("spend", "SpendInput", use("to-refund"), "transaction { id }"),
    thresholdId: await mutate("setAlertThreshold", "SetAlertThresholdInput", { walletId, amount: "5" }, "threshold { id }"),
    apiKeyId: await mutate("createApiKey", "CreateApiKeyInput", { role: "SERVICE", name: "to revoke" }, "apiKey { id }"),
    cursors: await cursorsOf(demo),
  };
}

async function cursorsOf(demo: Demo): Promise<Things["cursors"]> {
  const page = "pageInfo { startCursor endCursor }";
  const query = `query ($id: ID!) { accounts { ${page} } apiKeys { ${page} } wallet(id: $id) { alerts { ${page} } holds { ${page} }
    transactions { ${page} } grants { ${page} edges { node { entries { ${page} } } } } } }`;
  type Page = { readonly pageInfo: { readonly startCursor: string; readonly endCursor: string } };
  type Grants = Page & { readonly edges: readonly { readonly node: { readonly entries: Page } }[] };
  const { wallet, ...lists } = await ask<Record<string, Page> & { wallet: Record<string, Page> & { grants: Grants } }>(
    demo.url,
    demo.adminKey,
    query,
    { id: demo.walletId },
  );
  const entries = wallet.grants.edges[0]?.node.entries as Page;
  const pages: readonly (readonly [string, Page])[] = Object.entries({ ...lists, ...wallet, entries } as Record<string, Page>);
  return Object.fromEntries(pages.map(([name, { pageInfo }]) => [name, [pageInfo.startCursor, pageInfo.endCursor]]));
}

function call(kind: GoodCall["kind"], ...steps: (readonly [field: string, args?: Json])[]): GoodCall {
  return { kind, steps: steps.map(([field, args = {}]) => ({ field, args })) };
}

function queries({ demoWallet, externalId, accountId, walletId, grantId, cursors }: Things): readonly GoodCall[] {
  const wallet = ["wallet", { id: demoWallet }] as const;
  /** A list read from both ends. */
  const list = (name: string, before: readonly (readonly [string, Json?])[] = [], filters: Json = {}) => {
    const [after, end] = cursors[name] ?? [];
    return [
      call("query", ...before, [name, { first: 5, after, ...filters }]),
      call("query", ...before, [name, { last: 5, before: end, ...filters }]),
    ];
  };
  const filter = { app: "painter", from: PAST, minimum: "1", operation: "image.generate", to: SOON, type: ["SPEND"] };
  return [
    call("query", ["account", { id: accountId }]),
    call("query", ["account", { externalId }]),
    ...list("accounts", [], { search: "o" }),
    ...list("apiKeys"),
    call("query", ["node", { id: grantId }]),
    call("query", ["nodes", { ids: [walletId] }]),
    call("query", ["quote", { input: { walletId, amount: "1", app: "painter", operation: "image.generate" } }]),
    call("query", ["quote", { input: { externalId, creditType: "credits", amount: "1" } }]),
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

function uses({ externalId, walletId, spendId, holds }: Things): readonly GoodCall[] {
  const said = { description: "a good call", metadata: METADATA };
  const use = { amount: "3", allowPartial: true, app: "painter", operation: "image.generate", occurredAt: PAST, ...said };
  const byName = { externalId, creditType: "credits", amount: "1" };
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
    ...mutation("voidGrant", { grantId, reason, ...unused() }),
    ...mutation("adjustBalance", { walletId, amount: "-3", reason, ...unused() }),
    ...mutation("setOverdraft", { walletId, limit: "3", costBasis: MONEY, ...unused() }),
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

function keeping({ externalId, accountId, walletId, thresholdId, apiKeyId }: Things): readonly GoodCall[] {
  const creditType = "credits";
  const periods = { defaultExpiry: "P1Y", expiryNotice: "P1D", refundGrace: "P2D" };
  return [
    ...mutation("createAccount", { externalId: "made", name: "Made", timeZone: "Asia/Tokyo", metadata: METADATA }),
    ...mutation("createCreditType", { name: "made", policy: POLICY, ...periods }),
    ...mutation("openWallet", { accountId, creditType, policy: POLICY }, { externalId, creditType }),
    ...mutation("setPolicy", { walletId, policy: POLICY }, { creditType, policy: POLICY }),
    ...mutation("createApiKey", { role: "SERVICE", name: "made", app: "painter", expiresAt: LATER }),
    ...mutation("revokeApiKey", { apiKeyId }),
    ...mutation("setAlertThreshold", { walletId, amount: "7" }),
    ...mutation("removeAlertThreshold", { thresholdId }),
  ];
}
