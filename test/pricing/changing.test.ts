import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { createPricer } from "../../src/pricing";
import type { WalletKey } from "../../src/wallet";
import { submit } from "../../src/wallet/submit";
import { customer, SERVICE } from "../support/api";
import { createTestCore, done, ManualClock, spendOf } from "../support/core";
import { publishDone } from "./asking";
import { CHAT, PRICES, SEARCH, Shop } from "./shop";

/** Prices that change, that were promised, and that somebody has alone. */

let shop: Shop;

beforeAll(async () => {
  shop = await Shop.open();
});

afterAll(() => shop.api.stop());

describe("when prices change", () => {
  const price = async (flat: string, effectiveFrom: string | null = null): Promise<void> => {
    await shop.publish([...PRICES.filter(({ operation }) => operation !== "image"), { operation: "image", flat }], {
      effectiveFrom,
    });
  };

  test("a spend after the answer costs the new price, also with a server that has not heard of it", async () => {
    const other = await createTestCore(shop.api.core.pool.options.connectionString as string, { clock: shop.api.core.clock });
    try {
      const wallet = await shop.api.wallet("1000");
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
      await shop.expectSound();
    } finally {
      await other.stop();
    }
  });

  test("at an instant that was planned, spends cost the new price from that instant on", async () => {
    const { clock } = shop.api.core;
    const { id } = await shop.api.wallet("1000");
    const at = clock.now() + 3_600_000_000n;
    await price("80", new Date(Number(at / 1000n)).toISOString());
    expect((await shop.spend(id, { operation: "image" })).transaction?.amount).toBe("50");
    clock.set(at - 1n);
    expect((await shop.spend(id, { operation: "image" })).transaction?.amount).toBe("50");
    clock.set(at);
    expect((await shop.spend(id, { operation: "image" })).transaction?.amount).toBe("80");
    await price("50");
  });

  test("a server whose clock is behind charges what has been published all the same, also in a wallet that is ahead of it", async () => {
    const clock = new ManualClock(shop.api.core.clock.now() - 2_000_000n);
    const late = await createTestCore(shop.api.core.pool.options.connectionString as string, { clock });
    try {
      const wallet = await shop.api.wallet("1000");
      const untouched = await shop.api.wallet("1000");
      const command = () => {
        const use = { quantities: new Map(), surcharges: [], asOf: null, quote: null };
        return spendOf(0n, { operation: "image", pricing: { question: { operation: "image", app: null }, use, told: null } });
      };
      await price("65");
      await shop.spend(wallet.id, { operation: "image" });
      for (const key of [wallet, untouched])
        expect((await done(submit(late, key, command()))).transaction.amount).toBe(65_000_000n);
      await price("50");
      await shop.expectSound();
    } finally {
      await late.stop();
    }
  });

  test("what was done under a key is answered as it was done then", async () => {
    const { id } = await shop.api.wallet("1000");
    const first = await shop.spend(id, { operation: "image", idempotencyKey: "once" });
    await price("90");
    const again = await shop.spend(id, { operation: "image", idempotencyKey: "once" });
    expect(again).toEqual({ ...first, replayed: true });
    // Also when it has no price any more.
    await shop.publish([CHAT, SEARCH]);
    expect(await shop.spend(id, { operation: "image", idempotencyKey: "once" })).toEqual({ ...first, replayed: true });
    expect((await shop.spend(id, { operation: "image" })).refusal?.code).toBe("NOT_PRICED");
    await shop.publish(PRICES);
  });

  test("the same key with other quantities is another use", async () => {
    const { id } = await shop.api.wallet("1000");
    await shop.spend(id, { operation: "chat", quantities: [{ dimension: "input", quantity: "1" }], idempotencyKey: "chat" });
    const other = await shop.spend(id, {
      operation: "chat",
      quantities: [{ dimension: "input", quantity: "2" }],
      idempotencyKey: "chat",
    });
    expect(other.refusal?.code).toBe("IDEMPOTENCY_MISMATCH");
    const named = await shop.spend(id, { operation: "chat", amount: "0.001", idempotencyKey: "chat" });
    expect(named.refusal?.code).toBe("IDEMPOTENCY_MISMATCH");
  });
});

describe("a binding quote", () => {
  interface Quoted {
    readonly quote: { readonly id: string | null; readonly amount: string; readonly expiresAt: string | null };
  }
  const quote = async (walletId: string, what: object) => {
    const query = "query ($input: QuoteInput!) { quote(input: $input) { id amount expiresAt } }";
    return (await shop.api.ask<Quoted>(query, { input: { walletId, operation: "image", validFor: "PT1H", ...what } }, SERVICE))
      .quote;
  };

  test("keeps the prices that it was given by, until it expires; without it they are those of now", async () => {
    const { clock } = shop.api.core;
    const { id } = await shop.api.wallet("1000");
    const { id: quoteId, amount, expiresAt } = await quote(id, {});
    expect([amount, expiresAt]).toEqual(["50", new Date(Number(clock.now() / 1000n) + 3_600_000).toISOString()]);
    await shop.publish([CHAT, SEARCH, { operation: "image", flat: "75" }]);
    const kept = await shop.spend(id, { operation: "image", quoteId });
    expect(kept.transaction).toMatchObject({
      amount: "50",
      price: { amount: "50", version: { number: (shop.latest ?? 0) - 1 } },
    });
    expect((await shop.spend(id, { operation: "image" })).transaction?.amount).toBe("75");
    clock.set(clock.now() + 3_600_000_000n - 1n);
    const atLast = await shop.spend(id, { operation: "image", quoteId, idempotencyKey: "at last" });
    expect(atLast).toMatchObject({ transaction: { amount: "50" }, shortfall: "0" });
    clock.set(clock.now() + 1n);
    expect((await shop.spend(id, { operation: "image", quoteId })).refusal).toMatchObject({ reason: "QUOTE_EXPIRED" });
    // What was done is done, whatever has become of the quote.
    expect(await shop.spend(id, { operation: "image", quoteId, idempotencyKey: "at last" })).toEqual({
      ...atLast,
      replayed: true,
    });
    await shop.publish(PRICES);
    await shop.expectSound();
  });

  test("is kept for its operation, its wallet and its app alone, and for nothing that was changed in it", async () => {
    const wallet = await shop.api.wallet("1000");
    const other = await shop.api.wallet("1000");
    const { id: quoteId } = await quote(wallet.id, { app: "painter" });
    const reason = async (walletId: string, what: object) =>
      (await shop.spend(walletId, { operation: "image", app: "painter", quoteId, ...what })).refusal?.reason;
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
    const { id, accountId } = await shop.api.wallet("1000");
    expect(await quote(id, { operation: "draw" })).toMatchObject({ id: null, expiresAt: null });
    const errors = (what: object) =>
      shop.api.errors("query ($input: QuoteInput!) { quote(input: $input) { id } }", {
        input: { walletId: id, validFor: "P1D", ...what },
      });
    expect(await errors({ amount: "5" })).toEqual(["BAD_USER_INPUT input validFor"]);
    expect(await errors({ operation: "image", validFor: "P31D" })).toEqual(["BAD_USER_INPUT input validFor"]);
    const asked = { input: { walletId: id, operation: "image", validFor: "P1D" } };
    const query = "query ($input: QuoteInput!) { quote(input: $input) { id } }";
    expect(await shop.api.errors(query, asked, customer(accountId))).toEqual(["FORBIDDEN"]);
  });
});

describe("prices of one's own", () => {
  test("of an account go before those of an app, and these before everybody's", async () => {
    const wallet = await shop.api.wallet("10000");
    const externalId = `customer ${wallet.accountId}`;
    const cost = async (app: string | null) => (await shop.spend(wallet.id, { operation: "image", app })).transaction?.amount;
    expect(await cost("studio")).toBe("50");
    await publishDone(shop.api, [{ operation: "image", flat: "40" }], null, { app: "studio" });
    expect([await cost("studio"), await cost("other"), await cost(null)]).toEqual(["40", "50", "50"]);
    await publishDone(shop.api, [{ operation: "image", flat: "30" }], null, { externalId });
    expect([await cost("studio"), await cost(null)]).toEqual(["30", "30"]);
    // What its own list does not have costs what it costs everybody.
    expect((await shop.spend(wallet.id, { operation: "web.search" })).transaction?.amount).toBe("15");
    const other = await shop.api.wallet("100");
    expect((await shop.spend(other.id, { operation: "image" })).transaction?.amount).toBe("50");
    await publishDone(shop.api, [{ operation: "chat", flat: "1" }], 1, { app: "studio" });
    await shop.expectSound();
  });
});

test("a pricer tells what it remembers, unless it is told that there is more", async () => {
  const pricer = createPricer(shop.api.core, () => Promise.resolve(new Uint8Array(32)));
  const other = createPricer(shop.api.core, () => Promise.resolve(new Uint8Array(32)));
  const question = {
    accountId: "00000000-0000-7000-8000-000000000000",
    creditTypeId: shop.api.creditTypeId,
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

test("while prices change, every spend of a stream costs what was in force when it was sent, or later; and none is turned away", async () => {
  const other = await createTestCore(shop.api.core.pool.options.connectionString as string, { clock: shop.api.core.clock });
  try {
    const wallets = await Promise.all(Array.from({ length: 5 }, () => shop.api.wallet("1000000")));
    const published = [50n];
    let sending = true;
    const publishing = (async () => {
      for (let flat = 51n; flat < 71n; flat += 1n) {
        await shop.publish([
          ...PRICES.filter(({ operation }) => operation !== "image"),
          { operation: "image", flat: String(flat) },
        ]);
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
      ...Array.from({ length: 10 }, (_none, index) => stream(index % 2 === 0 ? shop.api.core : other, index)),
    ]);
    await shop.publish(PRICES);
    await shop.expectSound();
  } finally {
    await other.stop();
  }
});
