import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { type GraphQLNamedType, type GraphQLSchema, getNamedType, isObjectType } from "graphql";
import { parseFactor, Unit } from "../../src/core/unit";
import { buildTrancheSchema } from "../../src/schema";
import { allFields } from "../support/all-fields";
import { ADMIN, type Api, externalIdOf } from "../support/api";
import { type Leaf, leavesOf } from "../support/leaves";
import { publish, publishDone } from "./asking";
import { busyWallet, CHAT_QUANTITIES, mutate, type Unfinished, unfinished, type Wallet } from "./busy-wallet";
import { Shop } from "./shop";

/** A busy wallet through a hundred for one and back: all that the API tells of it, found by walking the schema. */

let schema: GraphQLSchema;
let shop: Shop;
let api: Api;
let wallet: Wallet;
/** How many credits one of the first unit is. */
let factor = 1;
let latest: number | null = null;
/** What was begun before the change in another wallet, of 1000 credits. */
let open: Unfinished;

beforeAll(async () => {
  schema = buildTrancheSchema();
  shop = await Shop.open();
  api = shop.api;
  wallet = await busyWallet(shop);
});

afterAll(() => api.stop());

/** Of the first unit, as it is to be given now. */
function credits(amount: number): string {
  return String(amount * factor);
}

async function balanceOf(id: string): Promise<string> {
  const query = "query ($id: ID!) { wallet(id: $id) { balance { available } } }";
  const { wallet: found } = await api.ask<{ wallet: { balance: { available: string } } }>(query, { id });
  return found.balance.available;
}

/** How deep each answer goes: what a wallet has, and of all of that what belongs to it. */
const LEVELS = 3;

/** All that can be asked about the wallet and what its credits cost, and refusals that are about amounts. */
async function everything(): Promise<readonly Leaf[]> {
  const externalId = externalIdOf(wallet);
  const quote = (input: object) => ["quote", "QuoteInput", { walletId: wallet.id, ...input }] as const;
  const found = [
    await query("wallet", { id: wallet.id }),
    await alerts(),
    await query("account", { externalId }),
    await query("priceTable", { creditType: "credits", externalId }),
    await query("priceVersions", { creditType: "credits", first: 5 }),
    await query("packs", { first: 5 }),
    await query("plans", { first: 5 }),
    await query("creditTypes", {}),
    await inputQuery(...quote({ amount: credits(30) })),
    await inputQuery(...quote({ amount: credits(30_000) })),
    await inputQuery(...quote({ operation: "chat", quantities: CHAT_QUANTITIES })),
    await inputQuery(...quote({ operation: "chat" })),
    await inputQuery(...quote({ operation: "agent" })),
    await inputQuery("previewSubscription", "PreviewSubscriptionInput", { externalId, plan: "max", when: "NOW_PRORATED" }),
    await refused("spend", "InsufficientCredits", { walletId: wallet.id, amount: credits(30_000) }),
    await refused("spend", "BudgetExceeded", { walletId: wallet.id, amount: credits(80), member: "ann" }),
    await refused("captureHold", "CaptureExceedsHold", { holdId: await openHold(), amount: credits(300_000) }),
    await refused("refundSpend", "RefundExceedsSpend", { transactionId: await firstSpend(), amount: credits(300_000) }),
  ];
  return found.flat();
}

/** All of them: a list that is read on the way to other things is short. */
function alerts(): Promise<readonly Leaf[]> {
  const alert = schema.getType("Alert");
  if (!alert) throw new Error("no alerts");
  const list = `alerts(first: 50) { __typename edges { __typename node { ${allFields(schema, alert, 0)} } } }`;
  return told(`{ wallet(id: "${wallet.id}") { __typename ${list} } }`, {}, "query");
}

async function openHold(): Promise<string> {
  return idIn("holds(last: 1, status: [OPEN]) { edges { node { id } } }", "holds");
}

async function firstSpend(): Promise<string> {
  return idIn("transactions(last: 1, filter: { type: [SPEND] }) { edges { node { id } } }", "transactions");
}

async function idIn(selection: string, list: string): Promise<string> {
  type Found = {
    readonly wallet: Readonly<Record<string, { readonly edges: readonly { readonly node: { readonly id: string } }[] }>>;
  };
  const found = await api.ask<Found>(`query ($id: ID!) { wallet(id: $id) { ${selection} } }`, { id: wallet.id });
  const [edge] = found.wallet[list]?.edges ?? [];
  if (!edge) throw new Error(`no ${list}`);
  return edge.node.id;
}

async function query(field: string, given: Readonly<Record<string, string | number>>): Promise<readonly Leaf[]> {
  const values = Object.entries(given).map(([name, value]) => `${name}: ${JSON.stringify(value)}`);
  const call = values.length > 0 ? `${field}(${values.join(", ")})` : field;
  return told(`{ ${call} { ${allFields(schema, viewOf(field), LEVELS)} } }`, {}, "query");
}

function viewOf(field: string): GraphQLNamedType {
  const type = schema.getQueryType()?.getFields()[field]?.type;
  if (!type) throw new Error(`no query ${field}`);
  return getNamedType(type);
}

function inputQuery(field: string, type: string, input: object): Promise<readonly Leaf[]> {
  const view = viewOf(field);
  return told(`query ($input: ${type}!) { ${field}(input: $input) { ${allFields(schema, view, LEVELS)} } }`, { input }, "query");
}

/** What a mutation is refused with. */
function refused(name: string, type: string, given: object): Promise<readonly Leaf[]> {
  const refusal = schema.getType(type);
  if (!refusal) throw new Error(`no ${type}`);
  const input = { idempotencyKey: "never used up", ...given };
  const inputType = `${name.charAt(0).toUpperCase()}${name.slice(1)}Input`;
  const selection = `refusal { __typename ... on ${type} { ${allFields(schema, refusal, 2)} } }`;
  return told(`mutation ($input: ${inputType}!) { ${name}(input: $input) { ${selection} } }`, { input }, "mutation");
}

async function told(document: string, variables: object, kind: "query" | "mutation"): Promise<readonly Leaf[]> {
  return leavesOf(schema, await api.ask(document, variables, ADMIN), kind);
}

async function redenominate(text: string): Promise<void> {
  const input = { creditType: "credits", factor: text, basedOn: latest, reason: "a test" };
  const { redenomination } = await mutate<{ redenomination: { number: number } }>(
    api,
    "redenominate",
    input,
    "redenomination { number }",
  );
  latest = redenomination.number;
  factor *= Number(text);
}

/** All fields that tell amounts. */
function amountFields(): readonly string[] {
  const types = Object.values(schema.getTypeMap()).filter(isObjectType);
  return types.flatMap((type) =>
    Object.values(type.getFields()).flatMap(({ name, type: told }) =>
      getNamedType(told).name === "Amount" ? [`${type.name}.${name}`] : [],
    ),
  );
}

/** What only a use that is done tells. */
const ASKED_APART = new Set(["SpendPayload.shortfall", "HoldCreditsPayload.shortfall"]);

/** What tells of the unit itself. */
function isAboutUnit({ way }: Leaf): boolean {
  return way.some((name) => name === "unit" || name === "redenominations");
}

/** What people read: it has amounts in it, and is looked at apart. */
const TEXTS = new Set(["PlanEffect.words", "Price.words", "PriceLine.words", "PlanAllotment.words", "PriceTable.creditWords"]);
/** In the first unit, and with a hundred for one. */
const TOLD: readonly (readonly [string, string])[] = [
  ["about 40-400 credits", "about 4,000-40,000 credits"],
  ["1 credit = $0.08", "1 credit = $0.0008"],
];
/** Credits that are finer than amounts are. */
const FINE = new Set(["Price.flat", "PriceTier.rate", "PriceLine.rate", "PriceLine.amount"]);

function expectedOf(leaf: Leaf, unit: Unit): unknown {
  const { field, way, type, value } = leaf;
  if (value === null || typeof value !== "string") return value;
  if (type === "Amount" || FINE.has(field)) return unit.decimal(places(value), 24);
  if (field === "Money.amount" && way.at(-2) === "creditPrice") return unit.priceOfOne(value);
  return value;
}

function places(decimal: string): bigint {
  const [whole = "", fraction = ""] = decimal.replace("-", "").split(".");
  const magnitude = BigInt(whole + fraction.padEnd(24, "0"));
  return decimal.startsWith("-") ? -magnitude : magnitude;
}

function isText({ field, value }: Leaf): boolean {
  return TEXTS.has(field) || (field.endsWith(".message") && typeof value === "string" && /\bcredits?\b/.test(value));
}

function unitOf(text: string): Unit {
  return new Unit({ number: 1, factor: parseFactor(text) ?? { times: 1n, per: 1n }, since: 0n, until: null, revision: 1 });
}

describe("a hundred for one", () => {
  let before: readonly Leaf[];
  let during: readonly Leaf[];

  beforeAll(async () => {
    before = await everything();
    open = await unfinished(shop);
    await redenominate("100");
    during = await everything();
  });

  test("multiplies every amount that the API tells, by exactly that, and leaves all else as it was", () => {
    const shownOf = (leaves: readonly Leaf[]) => leaves.filter((leaf) => !isAboutUnit(leaf) && !isText(leaf));
    const expected = shownOf(before).map(
      (leaf) => `${leaf.path} (${leaf.field}): ${JSON.stringify(expectedOf(leaf, unitOf("100")))}`,
    );
    const found = shownOf(during).map(({ path, field, value }) => `${path} (${field}): ${JSON.stringify(value)}`);
    expect(found).toEqual(expected);
    const reached = new Set(before.filter(({ value }) => value !== null).map(({ field }) => field));
    expect(amountFields().filter((field) => !reached.has(field) && !ASKED_APART.has(field))).toEqual([]);
  });

  test("is told in what people read, too", () => {
    const texts = (leaves: readonly Leaf[]) => [...new Set(leaves.filter(isText).map(({ value }) => value))];
    expect(texts(before)).toEqual(expect.arrayContaining(TOLD.map(([first]) => first)));
    expect(texts(during)).toEqual(expect.arrayContaining(TOLD.map(([, second]) => second)));
    expect(texts(during)).toHaveLength(texts(before).length);
  });

  test("leaves nothing of a quote, a hold or a key that were given before it to be had for less, or for more", async () => {
    const spend = (rest: object) => shop.spend(open.walletId, rest);
    expect((await spend({ quoteId: open.quoteId, operation: "chat", quantities: CHAT_QUANTITIES })).transaction).toMatchObject({
      amount: "215.0375",
      price: { amount: "215.0375" },
    });
    const capture = { holdId: open.holdId, amount: "250", idempotencyKey: shop.unused() };
    expect(await mutate(api, "captureHold", capture, "hold { captured released }")).toMatchObject({
      hold: { captured: "250", released: "50" },
    });
    expect(await spend({ amount: "1", idempotencyKey: open.key })).toMatchObject({ refusal: { code: "IDEMPOTENCY_MISMATCH" } });
    expect(await spend({ amount: "100", idempotencyKey: open.key })).toMatchObject({
      transaction: { amount: "100" },
      replayed: true,
    });
  });

  test("is what amounts are given in from then on: a use, a part of one, a hold, a grant, a threshold and a filter", async () => {
    const { id: walletId } = await api.wallet("500");
    const use = () => ({ walletId, idempotencyKey: shop.unused() });
    expect(await balanceOf(walletId)).toBe("500");
    expect(await shop.spend(walletId, { amount: "0.0001" })).toMatchObject({ transaction: { amount: "0.0001" } });
    expect(await shop.spend(walletId, { amount: "600", allowPartial: true })).toMatchObject({
      transaction: { amount: "499.9999" },
      shortfall: "100.0001",
    });
    await mutate(api, "grantCredits", { ...use(), kind: "PROMO", amount: "300" });
    const held = await mutate(api, "holdCredits", { ...use(), amount: "310", allowPartial: true }, "hold { amount } shortfall");
    expect(held).toMatchObject({ hold: { amount: "300" }, shortfall: "10" });
    const set = await mutate(api, "setAlertThreshold", { walletId, amount: "70" }, "threshold { amount }");
    expect(set).toMatchObject({ threshold: { amount: "70" } });
    const query =
      "query ($id: ID!) { wallet(id: $id) { transactions(first: 9, filter: { minimum: 300 }) { edges { node { amount } } } } }";
    expect(await api.ask(query, { id: walletId })).toEqual({
      wallet: { transactions: { edges: ["500", "499.9999", "300", "300"].map((amount) => ({ node: { amount } })) } },
    });
  });

  test("is what prices are published in from then on, and uses cost what they say", async () => {
    const prices = [
      {
        operation: "chat",
        flat: "50",
        meters: [{ dimension: "input", per: 1_000, tiers: [{ upTo: "1000", rate: "150" }, { rate: "75" }] }],
        minimum: "100",
        maximum: "4000",
      },
      { operation: "fine", meters: [{ dimension: "bytes", rate: "0.0000000001" }] },
    ];
    const creditPrice = { amount: "0.0008", currency: "USD" };
    expect(await publishDone(api, prices, null, { app: "painter", creditPrice })).toBe(1);
    const { id } = await api.wallet("100000");
    const cost = async (use: object) =>
      (await shop.spend(id, { quantities: CHAT_QUANTITIES, operation: "chat", ...use })).transaction;
    expect([await cost({}), await cost({ app: "painter" })]).toMatchObject([{ amount: "215.0375" }, { amount: "215.0375" }]);
    const quantities = [{ dimension: "bytes", quantity: "5000000" }];
    expect(await cost({ operation: "fine", app: "painter", quantities })).toMatchObject({
      amount: "0.0005",
      price: { lines: [{ words: "bytes: 5,000,000 at 0.0000000001", amount: "0.0005" }] },
    });
    const tooFine = [{ operation: "fine", flat: "0.00000000001" }];
    expect(await publish(api, tooFine, 1, { app: "painter" })).toMatchObject({ refusal: { code: "PRICES_NOT_VALID" } });
    await shop.expectSound();
  });

  test("and one for a hundred is as if nothing had been: all is told as at first, of what was not touched", async () => {
    const busy = Array.from({ length: 20 }, () => shop.spend(open.walletId, { amount: "100" }));
    await busy[0];
    await redenominate("0.01");
    // Those that were not decided by then are sent again.
    const spent = await Promise.allSettled(busy);
    const after = await everything();
    expect(after.filter((leaf) => !isAboutUnit(leaf))).toEqual(before.filter((leaf) => !isAboutUnit(leaf)));
    const done = spent.filter((one) => one.status === "fulfilled" && one.value.transaction !== null).length;
    for (let again = done; again < busy.length; again++) await shop.spend(open.walletId, { amount: "1" });
    // And 1 that was spent, 2.5 captured, and 2.150375 for the chat.
    expect(await balanceOf(open.walletId)).toBe("974.349625");
    await shop.expectSound();
  });
});
