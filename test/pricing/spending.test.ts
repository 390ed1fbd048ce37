import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { ADMIN, customer, SERVICE } from "../support/api";
import { PRICES, Shop } from "./shop";

/** Spends by operation and quantities. */

let shop: Shop;

beforeAll(async () => {
  shop = await Shop.open();
});

afterAll(() => shop.api.stop());

describe("a spend by operation", () => {
  test("costs what the price list says, and tells how that was reckoned", async () => {
    const { id } = await shop.api.wallet("100");
    const quantities = [
      { dimension: "output", quantity: "340.5" },
      { dimension: "input", quantity: "1200" },
    ];
    const { transaction } = await shop.spend(id, { operation: "chat", quantities, surcharges: ["web.search"] });
    expect(transaction).toEqual({
      amount: "16.881",
      quantity: "input=1200 output=340.5 +web.search",
      quantities: [
        { dimension: "input", quantity: "1200" },
        { dimension: "output", quantity: "340.5" },
      ],
      surcharges: ["web.search"],
      price: {
        amount: "16.881",
        version: { number: shop.latest },
        lines: [
          { operation: "chat", words: "input: 1,200 at 0.001", dimension: "input", quantity: "1200", amount: "1.2" },
          { operation: "chat", words: "output: 340.5 at 0.002", dimension: "output", quantity: "340.5", amount: "0.681" },
          { operation: "web.search", words: "web search", dimension: null, quantity: null, amount: "15" },
        ],
      },
    });
    await shop.expectSound();
  });

  test("that costs nothing is written all the same, whatever the wallet has", async () => {
    const { id } = await shop.api.wallet();
    expect((await shop.spend(id, { operation: "ping" })).transaction?.amount).toBe("0");
    await shop.expectSound();
  });

  test("is refused whole when it costs more than there is; a part is taken where that is enough", async () => {
    const { id } = await shop.api.wallet("30");
    expect((await shop.spend(id, { operation: "image" })).refusal).toMatchObject({
      code: "INSUFFICIENT_CREDITS",
      required: "50",
    });
    const partly = await shop.spend(id, { operation: "image", allowPartial: true, idempotencyKey: "partly" });
    expect(partly).toMatchObject({ transaction: { amount: "30", price: { amount: "50" } }, shortfall: "20" });
    // Sent again, it is told the same, whatever the operation costs by now.
    const again = await shop.spend(id, { operation: "image", allowPartial: true, idempotencyKey: "partly" });
    expect(again).toMatchObject({ transaction: { amount: "30" }, shortfall: "20", replayed: true });
  });

  test.each([
    ["an operation without a price", { operation: "draw" }, "OPERATION_UNKNOWN"],
    [
      "a quantity of something else",
      { operation: "chat", quantities: [{ dimension: "outptu", quantity: "1" }] },
      "DIMENSION_UNKNOWN",
    ],
    ["no quantities", { operation: "chat" }, "QUANTITIES_MISSING"],
    ["another's surcharge", { operation: "image", surcharges: ["web.search"] }, "SURCHARGE_UNKNOWN"],
    ["what only the application knows", { operation: "agent" }, "AMOUNT_MISSING"],
  ])("is refused for %s, and writes nothing", async (_what, what, reason) => {
    const { id } = await shop.api.wallet("100");
    expect((await shop.spend(id, what)).refusal).toMatchObject({ code: "NOT_PRICED", reason });
    expect(await shop.api.ask("query ($id: ID!) { wallet(id: $id) { sequence } }", { id })).toEqual({
      wallet: { sequence: "1" },
    });
  });

  test.each<[string, object, string]>([
    [
      "an operation without a price",
      { operation: "draw" },
      "draw has no price: name one of chat, web.search, image, agent, ping, publish one for it, or give an amount.",
    ],
    [
      "a quantity of something else",
      { operation: "chat", quantities: [{ dimension: "inputs", quantity: "1" }] },
      "inputs is not counted here: name one of input, output.",
    ],
    [
      "a quantity where none is counted",
      { operation: "image", quantities: [{ dimension: "banana", quantity: "1" }] },
      "banana is not counted here, and nothing is: leave the quantities out.",
    ],
    [
      "no quantities",
      { operation: "chat" },
      "What chat costs depends on how much is used: give the quantities that there are of input, output.",
    ],
    [
      "a surcharge where there is none",
      { operation: "image", surcharges: ["web.search"] },
      "web.search is no surcharge of the operation, which has none: leave it out.",
    ],
    [
      "another surcharge",
      { operation: "chat", surcharges: ["search"] },
      "search is no surcharge of the operation: name web.search, or leave it out.",
    ],
  ])("says what to name instead of %s", async (_what, what, message) => {
    const { id } = await shop.api.wallet("100");
    expect((await shop.spend(id, what)).refusal?.message).toBe(message);
  });

  test("of an operation without a price is said to a customer to be impossible, and what is not", async () => {
    const { id, accountId } = await shop.api.wallet("100");
    const query = "query ($input: QuoteInput!) { quote(input: $input) { refusal { message ... on NotPriced { known } } } }";
    const known = ["chat", "web.search", "image", "agent", "ping"];
    expect(await shop.api.ask(query, { input: { walletId: id, operation: "draw" } }, customer(accountId))).toEqual({
      quote: { refusal: { message: `draw has no price: name one of ${known.join(", ")}.`, known } },
    });
  });

  test.each([
    ["neither amount nor operation", {}, "BAD_USER_INPUT input"],
    [
      "both amount and quantities",
      { operation: "chat", amount: "1", quantities: [{ dimension: "input", quantity: "1" }] },
      "BAD_USER_INPUT input",
    ],
    [
      "a quantity twice",
      {
        operation: "chat",
        quantities: [
          { dimension: "input", quantity: "1" },
          { dimension: "input", quantity: "1" },
        ],
      },
      "BAD_USER_INPUT input quantities 1 dimension",
    ],
    [
      "a quantity below zero",
      { operation: "chat", quantities: [{ dimension: "input", quantity: "-1" }] },
      "BAD_USER_INPUT input quantities 0 quantity",
    ],
    [
      "a finer quantity than is counted",
      { operation: "chat", quantities: [{ dimension: "input", quantity: "0.0000001" }] },
      "BAD_USER_INPUT input quantities 0 quantity",
    ],
    [
      "a dimension that is none",
      { operation: "chat", quantities: [{ dimension: "a b", quantity: "1" }] },
      "BAD_USER_INPUT input quantities 0 dimension",
    ],
    ["a surcharge that is none", { operation: "chat", surcharges: ["a+b"] }, "BAD_USER_INPUT input surcharges 0"],
  ])("is malformed with %s", async (_what, what, expected) => {
    const { id } = await shop.api.wallet("100");
    const input = { walletId: id, idempotencyKey: "bad", ...what };
    const errors = await shop.api.errors(
      "mutation ($input: SpendInput!) { spend(input: $input) { replayed } }",
      { input },
      SERVICE,
    );
    expect(errors).toEqual([expected]);
  });

  test("is quoted first: the same price, the same grants, nothing written", async () => {
    const { id } = await shop.api.wallet("10", "60");
    const query = `query ($input: QuoteInput!) { quote(input: $input) { amount minimum maximum affordable shortfall refusal { code }
      allocations { amount } price { version { number } lines { words amount } } } }`;
    const ask = (what: object) => shop.api.ask<{ quote: object }>(query, { input: { walletId: id, ...what } }, SERVICE);
    expect((await ask({ operation: "image" })).quote).toEqual({
      amount: "50",
      minimum: "50",
      maximum: "50",
      affordable: true,
      shortfall: "0",
      refusal: null,
      allocations: [{ amount: "10" }, { amount: "40" }],
      price: { version: { number: shop.latest }, lines: [{ words: "for each use", amount: "50" }] },
    });
    expect((await ask({ operation: "agent" })).quote).toMatchObject({
      ...{ amount: "400", minimum: "40", maximum: "400", affordable: false, shortfall: "330", refusal: null },
      price: { lines: [] },
    });
    expect((await ask({ operation: "draw" })).quote).toMatchObject({
      ...{ amount: "0", maximum: null, affordable: false, refusal: { code: "NOT_PRICED" }, price: null },
    });
  });
});

describe("a batch of spends", () => {
  test("is done in its order, however its spends come to their amounts", async () => {
    const { id: walletId } = await shop.api.wallet("50");
    const input = [
      { walletId, operation: "image", idempotencyKey: `${walletId} 1` },
      { walletId, amount: "50", idempotencyKey: `${walletId} 2` },
    ];
    const query = "mutation ($input: [SpendInput!]!) { spendBatch(input: $input) { transaction { amount } refusal { code } } }";
    expect(await shop.api.ask(query, { input }, SERVICE)).toEqual({
      spendBatch: [
        { transaction: { amount: "50" }, refusal: null },
        { transaction: null, refusal: { code: "INSUFFICIENT_CREDITS" } },
      ],
    });
  });
});

describe("what is missing", () => {
  const COVER = "coverCost { amount currency }";

  test("is told in money, by the price of one credit, when that is published", async () => {
    const { id } = await shop.api.wallet("30");
    const input = { walletId: id, operation: "image" };
    const quoted = async (rest: object = {}) => {
      const query = `query ($input: QuoteInput!) { quote(input: $input) { shortfall ${COVER} } }`;
      return (await shop.api.ask<{ quote: object }>(query, { input: { ...input, ...rest } }, SERVICE)).quote;
    };
    expect(await quoted()).toEqual({ shortfall: "20", coverCost: null });
    const creditPrice = { amount: "0.08", currency: "USD" };
    await shop.publish(PRICES, { creditPrice });
    expect(await quoted()).toEqual({ shortfall: "20", coverCost: { amount: "1.6", currency: "USD" } });
    expect(await quoted({ operation: undefined, amount: "7" })).toEqual({ shortfall: "0", coverCost: null });
    const cent = { amount: "0.01", currency: "USD" };
    expect(await quoted({ operation: undefined, amount: "30.000001" })).toEqual({ shortfall: "0.000001", coverCost: cent });
    const fields = `refusal { code ... on InsufficientCredits { shortfall ${COVER} } }`;
    const refused = await shop.api.mutate("spend", { ...input, idempotencyKey: "uncovered" }, fields, SERVICE);
    expect(refused).toEqual({
      refusal: { code: "INSUFFICIENT_CREDITS", shortfall: "20", coverCost: { amount: "1.6", currency: "USD" } },
    });
    await shop.publish(PRICES);
  });
});

test("everybody may see what a transaction cost by which prices, who may see the transaction", async () => {
  const { id } = await shop.api.wallet("100");
  await shop.spend(id, { operation: "image" });
  const query =
    "query ($id: ID!) { wallet(id: $id) { transactions(last: 1) { edges { node { price { amount version { number prices { words } } } } } } } }";
  expect(await shop.api.ask(query, { id }, ADMIN)).toMatchObject({
    wallet: { transactions: { edges: [{ node: { price: { amount: "50", version: { number: shop.latest } } } }] } },
  });
});
