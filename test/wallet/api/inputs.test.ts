import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { type Api, createApi } from "../../support/api";

let api: Api;
let walletId: string;

beforeAll(async () => {
  api = await createApi();
  walletId = (await api.wallet("10")).id;
});

afterAll(async () => {
  // Nothing of all this has left a trace.
  const { wallet } = await api.ask<{ wallet: object }>("query ($id: ID!) { wallet(id: $id) { sequence } }", { id: walletId });
  expect(wallet).toEqual({ sequence: "1" });
  await api.stop();
});

function document(mutation: string): string {
  const type = `${mutation.charAt(0).toUpperCase()}${mutation.slice(1)}Input!`;
  return `mutation ($input: ${type}) { ${mutation}(input: $input) { refusal { code } } }`;
}

const spend = (given: object) =>
  api.errors(document("spend"), { input: { walletId, amount: "1", idempotencyKey: "hostile", ...given } });
const grant = (given: object) =>
  api.errors(document("grantCredits"), { input: { walletId, kind: "PROMO", amount: "1", idempotencyKey: "hostile", ...given } });

const LONE = "\ud800";

describe("an amount", () => {
  test.each(["0", "-1", 0, -1, "0.000000"])("of %p is not more than 0", async (amount) => {
    expect(await spend({ amount })).toEqual(["BAD_USER_INPUT input amount"]);
  });

  test.each([
    "1e3",
    "-0",
    "NaN",
    "Infinity",
    "1".repeat(19),
    "0.1234567",
    "٣",
    "1,5",
    "",
    " 1",
    "+1",
    "01",
    ".5",
    "5.",
    "0x1",
    1.5,
    -0,
    1e21,
    true,
    null,
    [1],
    {},
  ])("written as %p is no amount at all", async (amount) => {
    const { errors = [] } = await api.answer(document("spend"), { input: { walletId, amount, idempotencyKey: "hostile" } });
    expect(errors).toHaveLength(1);
    expect(errors[0]?.message).toContain("amount");
  });
});

describe("a text", () => {
  test("has a length, and only characters that can be stored", async () => {
    expect(await spend({ idempotencyKey: "" })).toEqual(["BAD_USER_INPUT input idempotencyKey"]);
    expect(await spend({ idempotencyKey: "k".repeat(256) })).toEqual(["BAD_USER_INPUT input idempotencyKey"]);
    expect(await spend({ idempotencyKey: "a\0b" })).toEqual(["BAD_USER_INPUT input idempotencyKey"]);
    expect(await spend({ idempotencyKey: LONE })).toEqual(["BAD_USER_INPUT input idempotencyKey"]);
    expect(await spend({ operation: "" })).toEqual(["BAD_USER_INPUT input operation"]);
    expect(await spend({ operation: "o".repeat(256) })).toEqual(["BAD_USER_INPUT input operation"]);
    expect(await spend({ operation: "image.*" })).toEqual(["BAD_USER_INPUT input operation"]);
    expect(await spend({ app: `x${LONE}` })).toEqual(["BAD_USER_INPUT input app"]);
    expect(await spend({ description: "d".repeat(1001) })).toEqual(["BAD_USER_INPUT input description"]);
    expect(await spend({ description: "\0" })).toEqual(["BAD_USER_INPUT input description"]);
    expect(await grant({ reason: "r".repeat(1001) })).toEqual(["BAD_USER_INPUT input reason"]);
    const required = { grantId: "gr_1", reason: "", idempotencyKey: "hostile" };
    expect(await api.errors(document("voidGrant"), { input: required })).toEqual(["BAD_USER_INPUT input reason"]);
  });

  test("is counted in characters, not in code units", async () => {
    const { id } = await api.wallet("1");
    const input = { walletId: id, amount: "1", idempotencyKey: "😀".repeat(255) };
    expect(await api.mutate("spend", input, "refusal { code } transaction { idempotencyKey }")).toEqual({
      refusal: null,
      transaction: { idempotencyKey: input.idempotencyKey },
    });
  });
});

describe("metadata", () => {
  test.each([
    ["more than 4 KB", { a: "x".repeat(4100) }],
    ["NUL", { a: "\0" }],
    ["half of a surrogate pair", { a: { b: [LONE] } }],
    ["a key that cannot be stored", { [LONE]: 1 }],
    ["a list", [1]],
    ["a text", "text"],
  ])("with %s is refused", async (_what, value) => {
    const { errors = [] } = await api.answer(document("spend"), {
      input: { walletId, amount: "1", idempotencyKey: "hostile", metadata: value },
    });
    expect(errors).toHaveLength(1);
    expect(errors[0]?.message).toContain("metadata");
  });
});

describe("the name of a wallet", () => {
  test("is an id, or an external id with a credit type: neither both nor a part", async () => {
    expect(await spend({ externalId: "a", creditType: "credits" })).toEqual(["BAD_USER_INPUT input"]);
    expect(await spend({ creditType: "credits" })).toEqual(["BAD_USER_INPUT input"]);
    expect(await spend({ walletId: null })).toEqual(["BAD_USER_INPUT input"]);
    expect(await spend({ walletId: null, externalId: "a" })).toEqual(["BAD_USER_INPUT input"]);
    expect(await spend({ walletId: null, creditType: "credits" })).toEqual(["BAD_USER_INPUT input"]);
  });

  test("may be hostile: then it is refused, or names nothing", async () => {
    const choice = (externalId: string) => ({ walletId: null, externalId, creditType: "credits" });
    for (const externalId of ["\0", LONE, "x".repeat(100_000), ""]) {
      expect(await spend(choice(externalId))).toEqual(["BAD_USER_INPUT input externalId"]);
    }
    expect(
      await api.ask(document("spend"), { input: { ...choice("' OR 1=1 --"), amount: "1", idempotencyKey: "hostile" } }),
    ).toEqual({
      spend: { refusal: { code: "NOT_FOUND" } },
    });
  });

  test("and the filters of a list are as strict", async () => {
    const query = `query ($id: ID!, $filter: TransactionFilter) { wallet(id: $id) { transactions(filter: $filter) { edges { cursor } } } }`;
    const errors = (filter: object) => api.errors(query, { id: walletId, filter });
    expect(await errors({ operation: "\0" })).toEqual(["BAD_USER_INPUT filter operation"]);
    expect(await errors({ app: LONE })).toEqual(["BAD_USER_INPUT filter app"]);
    // No name is empty: that it is taken for none at all would show everything.
    expect(await errors({ operation: "" })).toEqual(["BAD_USER_INPUT filter operation"]);
    expect(await errors({ app: "" })).toEqual(["BAD_USER_INPUT filter app"]);
    expect(await errors({ operation: "image.*" })).toEqual(["BAD_USER_INPUT filter operation"]);
    expect(await errors({ minimum: "-5", from: "1970-01-01T00:00:00Z", to: "9999-12-31T23:59:59Z" })).toEqual([]);
  });
});

describe("a grant", () => {
  test("has sane terms", async () => {
    expect(await grant({ priority: 256 })).toEqual(["BAD_USER_INPUT input priority"]);
    expect(await grant({ priority: -1 })).toEqual(["BAD_USER_INPUT input priority"]);
    expect(await grant({ expiresAt: "9500-01-01T00:00:00Z" })).toEqual(["BAD_USER_INPUT input expiresAt"]);
    expect(await grant({ effectiveAt: "9500-01-01T00:00:00Z" })).toEqual(["BAD_USER_INPUT input effectiveAt"]);
    expect(await grant({ costBasis: { amount: "-1", currency: "EUR" } })).toEqual(["BAD_USER_INPUT input costBasis amount"]);
    expect(await grant({ rollover: { percent: 0, period: "P1M" } })).toEqual(["BAD_USER_INPUT input rollover percent"]);
    expect(await grant({ rollover: { percent: 101, period: "P1M" } })).toEqual(["BAD_USER_INPUT input rollover percent"]);
    expect(await grant({ rollover: { maximum: "0", period: "P1M" } })).toEqual(["BAD_USER_INPUT input rollover maximum"]);
    expect(await grant({ rollover: { period: "P1M", periods: 0 } })).toEqual(["BAD_USER_INPUT input rollover periods"]);
    expect(await grant({ rollover: { period: "P50Y", periods: 3 } })).toEqual(["BAD_USER_INPUT input rollover periods"]);
  });

  test("has sane scopes: names, or prefixes with a trailing star", async () => {
    expect(await grant({ scope: { operations: ["a*b"] } })).toEqual(["BAD_USER_INPUT input scope operations 0"]);
    expect(await grant({ scope: { operations: ["ok", ""] } })).toEqual(["BAD_USER_INPUT input scope operations 1"]);
    expect(await grant({ scope: { apps: ["**"] } })).toEqual(["BAD_USER_INPUT input scope apps 0"]);
    expect(await grant({ scope: { apps: ["x".repeat(256)] } })).toEqual(["BAD_USER_INPUT input scope apps 0"]);
    expect(await grant({ scope: { apps: Array.from({ length: 101 }, (_, index) => `app${index}`) } })).toEqual([
      "BAD_USER_INPUT input scope apps",
    ]);
  });
});

test("null stands for the default wherever there is one", async () => {
  const { id } = await api.wallet("10");
  const grants = {
    walletId: id,
    kind: "PROMO",
    amount: "1",
    priority: null,
    rollover: { percent: null, period: "P1M", periods: null },
  };
  const fields = "grant { priority rollover { percent maximum periods } }";
  expect(await api.mutate("grantCredits", { ...grants, idempotencyKey: "null-1" }, fields)).toEqual({
    grant: { priority: 100, rollover: { percent: 100, maximum: null, periods: 1 } },
  });
  const spent = { walletId: id, amount: "12", allowPartial: null, idempotencyKey: "null-2" };
  expect(await api.mutate("spend", spent, "refusal { code }")).toEqual({ refusal: { code: "INSUFFICIENT_CREDITS" } });
  const held = { walletId: id, amount: "2", allowPartial: null, expiresIn: null, idempotencyKey: "null-3" };
  const { hold } = await api.mutate<{ hold: { id: string } }>("holdCredits", held, "hold { id }");
  const captured = { holdId: hold.id, amount: "1", final: null, allowExcess: null, idempotencyKey: "null-4" };
  expect(await api.mutate("captureHold", captured, "hold { status }")).toEqual({ hold: { status: "CAPTURED" } });
});

describe("other inputs", () => {
  const errors = (mutation: string, input: object) => api.errors(document(mutation), { input });
  const key = { idempotencyKey: "hostile" };

  test("are checked alike, whether or not what they name is there", async () => {
    expect(await errors("captureHold", { holdId: "hold_none", amount: "0", ...key })).toEqual(["BAD_USER_INPUT input amount"]);
    expect(await errors("refundSpend", { transactionId: "txn_none", amount: "-1", ...key })).toEqual([
      "BAD_USER_INPUT input amount",
    ]);
    expect(await errors("extendHold", { holdId: "hold_none", ...key })).toEqual(["BAD_USER_INPUT input"]);
    const both = { holdId: "hold_none", expiresAt: "2027-01-01T00:00:00Z", expiresIn: "P1D", ...key };
    expect(await errors("extendHold", both)).toEqual(["BAD_USER_INPUT input"]);
    expect(await errors("adjustBalance", { walletId: "wal_none", amount: "0", reason: "none", ...key })).toEqual([
      "BAD_USER_INPUT input amount",
    ]);
    expect(await errors("setOverdraft", { walletId: "wal_none", limit: "-1", ...key })).toEqual(["BAD_USER_INPUT input limit"]);
    expect(await errors("setAlertThreshold", { walletId: "wal_none", amount: "0" })).toEqual(["BAD_USER_INPUT input amount"]);
    expect(await errors("createCreditType", { name: "Has Spaces" })).toEqual(["BAD_USER_INPUT input name"]);
    expect(await errors("transferCredits", { fromWalletId: "wal_1", toWalletId: "wal_2", amount: "0", ...key })).toEqual([
      "BAD_USER_INPUT input amount",
    ]);
    expect(await errors("openWallet", { creditType: "credits" })).toEqual(["BAD_USER_INPUT input"]);
  });
});
