import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { auditPrices, createPricer } from "../../src/pricing";
import type { WalletKey } from "../../src/wallet";
import { audit } from "../../src/wallet/store/audit.reads";
import { submit } from "../../src/wallet/submit";
import { ADMIN, type Api, createApi, customer, SERVICE } from "../support/api";
import { createTestCore, done, ManualClock, spendOf } from "../support/core";
import { publishDone } from "./asking";

/** Spends and holds by operation and quantities. */

let api: Api;
let latest: number | null = null;

const CHAT = {
  operation: "chat",
  meters: [
    { dimension: "input", rate: "0.001" },
    { dimension: "output", rate: "0.002" },
  ],
  maximum: "100",
  surcharges: [{ operation: "web.search" }],
};
const SEARCH = { operation: "web.search", title: "web search", flat: "15" };
const IMAGE = { operation: "image", flat: "50" };
const AGENT = { operation: "agent", range: { minimum: "40", maximum: "400" } };
const PRICES = [CHAT, SEARCH, IMAGE, AGENT, { operation: "ping", flat: "0" }];

beforeAll(async () => {
  api = await createApi();
  latest = await publishDone(api, PRICES);
});

afterAll(() => api.stop());

/** Every wallet is still right, in every respect. */
async function expectSound(): Promise<void> {
  expect([...(await audit(api.core.pool)), ...(await auditPrices(api.core))]).toEqual([]);
}

interface Spent {
  readonly transaction: {
    readonly amount: string;
    readonly quantity: string | null;
    readonly quantities: readonly { readonly dimension: string; readonly quantity: string }[];
    readonly surcharges: readonly string[];
    readonly price: {
      readonly amount: string;
      readonly version: { readonly number: number };
      readonly lines: readonly object[];
    } | null;
  } | null;
  readonly replayed: boolean;
  readonly shortfall: string;
  readonly refusal: {
    readonly code: string;
    readonly message: string;
    readonly reason?: string;
    readonly required?: string;
  } | null;
}

const SPENT = `transaction { amount quantity quantities { dimension quantity } surcharges
    price { amount version { number } lines { operation words dimension quantity amount } } }
  replayed shortfall refusal { code message ... on NotPriced { reason name known } ... on InsufficientCredits { required } }`;

let keys = 0;

function spend(walletId: string, what: object): Promise<Spent> {
  keys += 1;
  return api.mutate<Spent>("spend", { walletId, idempotencyKey: `spend-${keys}`, ...what }, SPENT, SERVICE);
}

describe("a spend by operation", () => {
  test("costs what the price list says, and tells how that was reckoned", async () => {
    const { id } = await api.wallet("100");
    const quantities = [
      { dimension: "output", quantity: "340.5" },
      { dimension: "input", quantity: "1200" },
    ];
    const { transaction } = await spend(id, { operation: "chat", quantities, surcharges: ["web.search"] });
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
        version: { number: latest },
        lines: [
          { operation: "chat", words: "1,200 input at 0.001", dimension: "input", quantity: "1200", amount: "1.2" },
          { operation: "chat", words: "340.5 output at 0.002", dimension: "output", quantity: "340.5", amount: "0.681" },
          { operation: "web.search", words: "for each use", dimension: null, quantity: null, amount: "15" },
        ],
      },
    });
    await expectSound();
  });

  test("that costs nothing is written all the same, whatever the wallet has", async () => {
    const { id } = await api.wallet();
    expect((await spend(id, { operation: "ping" })).transaction?.amount).toBe("0");
    await expectSound();
  });

  test("is refused whole when it costs more than there is; a part is taken where that is enough", async () => {
    const { id } = await api.wallet("30");
    expect((await spend(id, { operation: "image" })).refusal).toMatchObject({ code: "INSUFFICIENT_CREDITS", required: "50" });
    const partly = await spend(id, { operation: "image", allowPartial: true, idempotencyKey: "partly" });
    expect(partly).toMatchObject({ transaction: { amount: "30", price: { amount: "50" } }, shortfall: "20" });
    // Sent again, it is told the same, whatever the operation costs by now.
    const again = await spend(id, { operation: "image", allowPartial: true, idempotencyKey: "partly" });
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
    const { id } = await api.wallet("100");
    expect((await spend(id, what)).refusal).toMatchObject({ code: "NOT_PRICED", reason });
    expect(await api.ask("query ($id: ID!) { wallet(id: $id) { sequence } }", { id })).toEqual({ wallet: { sequence: "1" } });
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
    const { id } = await api.wallet("100");
    const input = { walletId: id, idempotencyKey: "bad", ...what };
    const errors = await api.errors("mutation ($input: SpendInput!) { spend(input: $input) { replayed } }", { input }, SERVICE);
    expect(errors).toEqual([expected]);
  });

  test("is quoted first: the same price, the same grants, nothing written", async () => {
    const { id } = await api.wallet("10", "60");
    const query = `query ($input: QuoteInput!) { quote(input: $input) { amount minimum maximum affordable shortfall refusal { code }
      allocations { amount } price { version { number } lines { words amount } } } }`;
    const ask = (what: object) => api.ask<{ quote: object }>(query, { input: { walletId: id, ...what } }, SERVICE);
    expect((await ask({ operation: "image" })).quote).toEqual({
      amount: "50",
      minimum: "50",
      maximum: "50",
      affordable: true,
      shortfall: "0",
      refusal: null,
      allocations: [{ amount: "10" }, { amount: "40" }],
      price: { version: { number: latest }, lines: [{ words: "for each use", amount: "50" }] },
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
    const { id: walletId } = await api.wallet("50");
    const input = [
      { walletId, operation: "image", idempotencyKey: `${walletId} 1` },
      { walletId, amount: "50", idempotencyKey: `${walletId} 2` },
    ];
    const query = "mutation ($input: [SpendInput!]!) { spendBatch(input: $input) { transaction { amount } refusal { code } } }";
    expect(await api.ask(query, { input }, SERVICE)).toEqual({
      spendBatch: [
        { transaction: { amount: "50" }, refusal: null },
        { transaction: null, refusal: { code: "INSUFFICIENT_CREDITS" } },
      ],
    });
  });
});

describe("a hold by operation", () => {
  interface Held {
    readonly hold: { readonly id: string; readonly amount: string; readonly captured: string; readonly released: string } | null;
    readonly transaction: {
      readonly amount: string;
      readonly price: { readonly version: { readonly number: number } } | null;
    } | null;
    readonly refusal: { readonly code: string; readonly reason?: string } | null;
  }
  const HELD = `hold { id amount captured released } transaction { amount price { version { number } } }
    refusal { code ... on NotPriced { reason } }`;
  const hold = (walletId: string, what: object) => {
    keys += 1;
    return api.mutate<Held>("holdCredits", { walletId, idempotencyKey: `hold-${keys}`, ...what }, HELD, SERVICE);
  };
  const capture = (holdId: string | undefined, what: object) => {
    keys += 1;
    return api.mutate<Held>("captureHold", { holdId, idempotencyKey: `capture-${keys}`, ...what }, HELD, SERVICE);
  };

  test("sets aside the most that it may come to, and takes what it came to", async () => {
    const { id } = await api.wallet("1000");
    const held = await hold(id, { operation: "agent" });
    expect(held.hold?.amount).toBe("400");
    expect((await capture(held.hold?.id, { amount: "120" })).hold).toMatchObject({ captured: "120", released: "280" });
    await expectSound();
  });

  test("is captured by quantities at the prices of then, whatever they are now", async () => {
    const { id } = await api.wallet("1000");
    const held = await hold(id, { operation: "chat" });
    expect(held.hold?.amount).toBe("100");
    const before = latest;
    latest = await publishDone(
      api,
      [{ ...CHAT, maximum: "200", meters: [{ dimension: "input", rate: "1" }] }, ...PRICES.slice(1)],
      latest,
    );
    const quantities = [{ dimension: "input", quantity: "1000" }];
    const captured = await capture(held.hold?.id, { quantities });
    expect(captured).toMatchObject({
      hold: { captured: "1", released: "99" },
      transaction: { price: { version: { number: before } } },
    });
    expect((await spend(id, { operation: "chat", quantities })).transaction?.amount).toBe("200");
    latest = await publishDone(api, PRICES, latest);
    await expectSound();
  });

  test("is captured with its surcharges, unless others are named", async () => {
    const { id } = await api.wallet("1000");
    const quantities = [{ dimension: "input", quantity: "1000" }];
    const [one, other] = [1, 2].map(() => hold(id, { operation: "chat", surcharges: ["web.search"] }));
    expect((await capture((await one)?.hold?.id, { quantities })).hold?.captured).toBe("16");
    expect((await capture((await other)?.hold?.id, { quantities, surcharges: [] })).hold?.captured).toBe("1");
  });

  test("of what costs nothing is sound while it is open, and after", async () => {
    const { id } = await api.wallet();
    const held = await hold(id, { operation: "ping" });
    expect(held.hold?.amount).toBe("0");
    await expectSound();
    expect((await capture(held.hold?.id, {})).hold?.captured).toBe("0");
    await expectSound();
  });

  test("is refused where nothing bounds it", async () => {
    const unbounded = { operation: "page", meters: [{ dimension: "pages", rate: "8" }] };
    latest = await publishDone(api, [...PRICES, unbounded], latest);
    const { id } = await api.wallet("1000");
    expect((await hold(id, { operation: "page" })).refusal).toMatchObject({ code: "NOT_PRICED", reason: "QUANTITIES_MISSING" });
    expect((await hold(id, { operation: "page", quantities: [{ dimension: "pages", quantity: "3" }] })).hold?.amount).toBe("24");
  });

  test("that was not priced is captured by the prices of now", async () => {
    const { id } = await api.wallet("1000");
    const held = await hold(id, { amount: "60", operation: "image" });
    expect((await capture(held.hold?.id, { quantities: [] })).hold).toMatchObject({ captured: "50", released: "10" });
  });

  test("for no operation cannot be captured by quantities", async () => {
    const { id } = await api.wallet("1000");
    const held = await hold(id, { amount: "60" });
    expect((await capture(held.hold?.id, { quantities: [] })).refusal).toMatchObject({
      code: "NOT_PRICED",
      reason: "OPERATION_UNKNOWN",
    });
  });
});

describe("when prices change", () => {
  const price = async (flat: string, effectiveFrom: string | null = null): Promise<void> => {
    latest = await publishDone(
      api,
      [...PRICES.filter(({ operation }) => operation !== "image"), { operation: "image", flat }],
      latest,
      { effectiveFrom },
    );
  };

  test("a spend after the answer costs the new price, also with a server that has not heard of it", async () => {
    const other = await createTestCore(api.core.pool.options.connectionString as string, { clock: api.core.clock });
    try {
      const wallet = await api.wallet("1000");
      const command = () => {
        const use = { quantities: new Map(), surcharges: [], asOf: null, quote: null };
        return spendOf(0n, { operation: "image", pricing: { question: { operation: "image", app: null }, use, told: null } });
      };
      expect((await done(submit(other, wallet, command()))).transaction.amount).toBe(50_000_000n);
      await price("70");
      expect((await done(submit(other, wallet, command()))).transaction.amount).toBe(70_000_000n);
      // Alone in its batch, in a wallet that was left as it is.
      for (let count = 0; count < 3; count++)
        expect((await done(submit(other, wallet, command()))).transaction.amount).toBe(70_000_000n);
      await price("50");
      expect((await done(submit(other, wallet, command()))).transaction.amount).toBe(50_000_000n);
      await expectSound();
    } finally {
      await other.stop();
    }
  });

  test("at an instant that was planned, spends cost the new price from that instant on", async () => {
    const { clock } = api.core;
    const { id } = await api.wallet("1000");
    const at = clock.now() + 3_600_000_000n;
    await price("80", new Date(Number(at / 1000n)).toISOString());
    expect((await spend(id, { operation: "image" })).transaction?.amount).toBe("50");
    clock.set(at - 1n);
    expect((await spend(id, { operation: "image" })).transaction?.amount).toBe("50");
    clock.set(at);
    expect((await spend(id, { operation: "image" })).transaction?.amount).toBe("80");
    await price("50");
  });

  test("a server whose clock is behind charges what has been published all the same, also in a wallet that is ahead of it", async () => {
    const clock = new ManualClock(api.core.clock.now() - 2_000_000n);
    const late = await createTestCore(api.core.pool.options.connectionString as string, { clock });
    try {
      const wallet = await api.wallet("1000");
      const untouched = await api.wallet("1000");
      const command = () => {
        const use = { quantities: new Map(), surcharges: [], asOf: null, quote: null };
        return spendOf(0n, { operation: "image", pricing: { question: { operation: "image", app: null }, use, told: null } });
      };
      await price("65");
      await spend(wallet.id, { operation: "image" });
      for (const key of [wallet, untouched])
        expect((await done(submit(late, key, command()))).transaction.amount).toBe(65_000_000n);
      await price("50");
      await expectSound();
    } finally {
      await late.stop();
    }
  });

  test("what was done under a key is answered as it was done then", async () => {
    const { id } = await api.wallet("1000");
    const first = await spend(id, { operation: "image", idempotencyKey: "once" });
    await price("90");
    const again = await spend(id, { operation: "image", idempotencyKey: "once" });
    expect(again).toEqual({ ...first, replayed: true });
    // Also when it has no price any more.
    latest = await publishDone(api, [CHAT, SEARCH], latest);
    expect(await spend(id, { operation: "image", idempotencyKey: "once" })).toEqual({ ...first, replayed: true });
    expect((await spend(id, { operation: "image" })).refusal?.code).toBe("NOT_PRICED");
    latest = await publishDone(api, PRICES, latest);
  });

  test("the same key with other quantities is another use", async () => {
    const { id } = await api.wallet("1000");
    await spend(id, { operation: "chat", quantities: [{ dimension: "input", quantity: "1" }], idempotencyKey: "chat" });
    const other = await spend(id, {
      operation: "chat",
      quantities: [{ dimension: "input", quantity: "2" }],
      idempotencyKey: "chat",
    });
    expect(other.refusal?.code).toBe("IDEMPOTENCY_MISMATCH");
    const named = await spend(id, { operation: "chat", amount: "0.001", idempotencyKey: "chat" });
    expect(named.refusal?.code).toBe("IDEMPOTENCY_MISMATCH");
  });
});

describe("what is missing", () => {
  const COVER = "coverCost { amount currency }";

  test("is told in money, by the price of one credit, when that is published", async () => {
    const { id } = await api.wallet("30");
    const input = { walletId: id, operation: "image" };
    const quoted = async (rest: object = {}) => {
      const query = `query ($input: QuoteInput!) { quote(input: $input) { shortfall ${COVER} } }`;
      return (await api.ask<{ quote: object }>(query, { input: { ...input, ...rest } }, SERVICE)).quote;
    };
    expect(await quoted()).toEqual({ shortfall: "20", coverCost: null });
    const creditPrice = { amount: "0.08", currency: "USD" };
    latest = await publishDone(api, PRICES, latest, { creditPrice });
    expect(await quoted()).toEqual({ shortfall: "20", coverCost: { amount: "1.6", currency: "USD" } });
    expect(await quoted({ operation: undefined, amount: "7" })).toEqual({ shortfall: "0", coverCost: null });
    const fields = `refusal { code ... on InsufficientCredits { shortfall ${COVER} } }`;
    const refused = await api.mutate("spend", { ...input, idempotencyKey: "uncovered" }, fields, SERVICE);
    expect(refused).toEqual({
      refusal: { code: "INSUFFICIENT_CREDITS", shortfall: "20", coverCost: { amount: "1.6", currency: "USD" } },
    });
    latest = await publishDone(api, PRICES, latest);
  });
});

describe("a binding quote", () => {
  interface Quoted {
    readonly quote: { readonly id: string | null; readonly amount: string; readonly expiresAt: string | null };
  }
  const quote = async (walletId: string, what: object) => {
    const query = "query ($input: QuoteInput!) { quote(input: $input) { id amount expiresAt } }";
    return (await api.ask<Quoted>(query, { input: { walletId, operation: "image", validFor: "PT1H", ...what } }, SERVICE)).quote;
  };

  test("keeps the prices that it was given by, until it expires; without it they are those of now", async () => {
    const { clock } = api.core;
    const { id } = await api.wallet("1000");
    const { id: quoteId, amount, expiresAt } = await quote(id, {});
    expect([amount, expiresAt]).toEqual(["50", new Date(Number(clock.now() / 1000n) + 3_600_000).toISOString()]);
    latest = await publishDone(api, [CHAT, SEARCH, { operation: "image", flat: "75" }], latest);
    const kept = await spend(id, { operation: "image", quoteId });
    expect(kept.transaction).toMatchObject({ amount: "50", price: { amount: "50", version: { number: (latest ?? 0) - 1 } } });
    expect((await spend(id, { operation: "image" })).transaction?.amount).toBe("75");
    clock.set(clock.now() + 3_600_000_000n - 1n);
    const atLast = await spend(id, { operation: "image", quoteId, idempotencyKey: "at last" });
    expect(atLast).toMatchObject({ transaction: { amount: "50" }, shortfall: "0" });
    clock.set(clock.now() + 1n);
    expect((await spend(id, { operation: "image", quoteId })).refusal).toMatchObject({ reason: "QUOTE_EXPIRED" });
    // What was done is done, whatever has become of the quote.
    expect(await spend(id, { operation: "image", quoteId, idempotencyKey: "at last" })).toEqual({ ...atLast, replayed: true });
    latest = await publishDone(api, PRICES, latest);
    await expectSound();
  });

  test("is kept for its operation, its wallet and its app alone, and for nothing that was changed in it", async () => {
    const wallet = await api.wallet("1000");
    const other = await api.wallet("1000");
    const { id: quoteId } = await quote(wallet.id, { app: "painter" });
    const reason = async (walletId: string, what: object) =>
      (await spend(walletId, { operation: "image", app: "painter", quoteId, ...what })).refusal?.reason;
    expect(await reason(other.id, {})).toBe("QUOTE_UNKNOWN");
    expect(await reason(wallet.id, { app: "other" })).toBe("QUOTE_UNKNOWN");
    expect(await reason(wallet.id, { operation: "web.search" })).toBe("QUOTE_UNKNOWN");
    const parts = quoteId?.split("_") ?? [];
    for (const place of [1, 2, 3]) {
      const changed = parts.with(place, String(BigInt(parts[place] ?? "") + 1n)).join("_");
      expect(await reason(wallet.id, { quoteId: changed })).toBe("QUOTE_UNKNOWN");
    }
    for (const strange of ["quote_1", "quote_1_1_1_x", "acc_1"])
      expect(await reason(wallet.id, { quoteId: strange })).toBe("QUOTE_UNKNOWN");
    expect(await reason(wallet.id, {})).toBeUndefined();
  });

  test("is given to applications, for operations, for 30 days at most, and not where there is no price", async () => {
    const { id, accountId } = await api.wallet("1000");
    expect(await quote(id, { operation: "draw" })).toMatchObject({ id: null, expiresAt: null });
    const errors = (what: object) =>
      api.errors("query ($input: QuoteInput!) { quote(input: $input) { id } }", {
        input: { walletId: id, validFor: "P1D", ...what },
      });
    expect(await errors({ amount: "5" })).toEqual(["BAD_USER_INPUT input validFor"]);
    expect(await errors({ operation: "image", validFor: "P31D" })).toEqual(["BAD_USER_INPUT input validFor"]);
    const asked = { input: { walletId: id, operation: "image", validFor: "P1D" } };
    const query = "query ($input: QuoteInput!) { quote(input: $input) { id } }";
    expect(await api.errors(query, asked, customer(accountId))).toEqual(["FORBIDDEN"]);
  });
});

describe("prices of one's own", () => {
  test("of an account go before those of an app, and these before everybody's", async () => {
    const wallet = await api.wallet("10000");
    const externalId = `customer ${wallet.accountId}`;
    const cost = async (app: string | null) => (await spend(wallet.id, { operation: "image", app })).transaction?.amount;
    expect(await cost("studio")).toBe("50");
    await publishDone(api, [{ operation: "image", flat: "40" }], null, { app: "studio" });
    expect([await cost("studio"), await cost("other"), await cost(null)]).toEqual(["40", "50", "50"]);
    await publishDone(api, [{ operation: "image", flat: "30" }], null, { externalId });
    expect([await cost("studio"), await cost(null)]).toEqual(["30", "30"]);
    // What its own list does not have costs what it costs everybody.
    expect((await spend(wallet.id, { operation: "web.search" })).transaction?.amount).toBe("15");
    const other = await api.wallet("100");
    expect((await spend(other.id, { operation: "image" })).transaction?.amount).toBe("50");
    await publishDone(api, [{ operation: "chat", flat: "1" }], 1, { app: "studio" });
    await expectSound();
  });
});

test("a pricer tells what it remembers, unless it is told that there is more", async () => {
  const pricer = createPricer(api.core, () => Promise.resolve(new Uint8Array(32)));
  const other = createPricer(api.core, () => Promise.resolve(new Uint8Array(32)));
  const question = {
    accountId: "00000000-0000-7000-8000-000000000000",
    creditTypeId: api.creditTypeId,
    app: null,
    operation: "image",
  };
  const use = { quantities: new Map(), surcharges: [], asOf: null, quote: null };
  const told = await pricer.price({ ...question, ...use }, "LATEST");
  expect(told).toMatchObject({ amount: 50_000_000n, terms: { until: null } });
  expect(await other.price({ ...question, ...use }, told.terms?.revision ?? null)).toEqual(told);
  expect(await pricer.price({ ...question, ...use, creditTypeId: 99 }, "LATEST")).toMatchObject({
    amount: null,
    refusal: { reason: "OPERATION_UNKNOWN" },
  });
});

test("everybody may see what a transaction cost by which prices, who may see the transaction", async () => {
  const { id } = await api.wallet("100");
  await spend(id, { operation: "image" });
  const query =
    "query ($id: ID!) { wallet(id: $id) { transactions(last: 1) { edges { node { price { amount version { number prices { words } } } } } } } }";
  expect(await api.ask(query, { id }, ADMIN)).toMatchObject({
    wallet: { transactions: { edges: [{ node: { price: { amount: "50", version: { number: latest } } } }] } },
  });
});

test("while prices change, every spend of a stream costs what was in force when it was sent, or later; and none is turned away", async () => {
  const other = await createTestCore(api.core.pool.options.connectionString as string, { clock: api.core.clock });
  try {
    const wallets = await Promise.all(Array.from({ length: 5 }, () => api.wallet("1000000")));
    const published = [50n];
    let sending = true;
    const publishing = (async () => {
      for (let flat = 51n; flat < 71n; flat += 1n) {
        latest = await publishDone(
          api,
          [...PRICES.filter(({ operation }) => operation !== "image"), { operation: "image", flat: String(flat) }],
          latest,
        );
        published.push(flat);
      }
      sending = false;
    })();
    const stream = async (core: typeof other, index: number): Promise<void> => {
      while (sending) {
        const use = { quantities: new Map(), surcharges: [], asOf: null, quote: null };
        const pricing = { question: { operation: "image", app: null }, use, told: null };
        const [known] = published.slice(-1);
        const { transaction } = await done(
          submit(core, wallets[index % 5] as WalletKey, spendOf(0n, { operation: "image", pricing })),
        );
        expect(transaction.amount >= (known ?? 0n) * 1_000_000n).toBe(true);
      }
    };
    await Promise.all([
      publishing,
      ...Array.from({ length: 10 }, (_none, index) => stream(index % 2 === 0 ? api.core : other, index)),
    ]);
    latest = await publishDone(api, PRICES, latest);
    await expectSound();
  } finally {
    await other.stop();
  }
});
