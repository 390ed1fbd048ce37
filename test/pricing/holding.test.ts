import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { SERVICE } from "../support/api";
import { CHAT, PRICES, Shop } from "./shop";

/** Holds by operation and quantities, and what is captured of them. */

let shop: Shop;

beforeAll(async () => {
  shop = await Shop.open();
});

afterAll(() => shop.api.stop());

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
    return shop.api.mutate<Held>("holdCredits", { walletId, idempotencyKey: shop.unused(), ...what }, HELD, SERVICE);
  };
  const capture = (holdId: string | undefined, what: object) => {
    return shop.api.mutate<Held>("captureHold", { holdId, idempotencyKey: shop.unused(), ...what }, HELD, SERVICE);
  };

  test("sets aside the most that it may come to, and takes what it came to", async () => {
    const { id } = await shop.api.wallet("1000");
    const held = await hold(id, { operation: "agent" });
    expect(held.hold?.amount).toBe("400");
    expect((await capture(held.hold?.id, { amount: "120" })).hold).toMatchObject({ captured: "120", released: "280" });
    await shop.expectSound();
  });

  test("is captured by quantities at the prices of then, whatever they are now", async () => {
    const { id } = await shop.api.wallet("1000");
    const held = await hold(id, { operation: "chat" });
    expect(held.hold?.amount).toBe("100");
    const before = shop.latest;
    await shop.publish([{ ...CHAT, maximum: "200", meters: [{ dimension: "input", rate: "1" }] }, ...PRICES.slice(1)]);
    const quantities = [{ dimension: "input", quantity: "1000" }];
    const captured = await capture(held.hold?.id, { quantities });
    expect(captured).toMatchObject({
      hold: { captured: "1", released: "99" },
      transaction: { price: { version: { number: before } } },
    });
    expect((await shop.spend(id, { operation: "chat", quantities })).transaction?.amount).toBe("200");
    await shop.publish(PRICES);
    await shop.expectSound();
  });

  test("is captured with its surcharges, unless others are named", async () => {
    const { id } = await shop.api.wallet("1000");
    const quantities = [{ dimension: "input", quantity: "1000" }];
    const [one, other] = [1, 2].map(() => hold(id, { operation: "chat", surcharges: ["web.search"] }));
    expect((await capture((await one)?.hold?.id, { quantities })).hold?.captured).toBe("16");
    expect((await capture((await other)?.hold?.id, { quantities, surcharges: [] })).hold?.captured).toBe("1");
  });

  test("of what costs nothing is sound while it is open, and after", async () => {
    const { id } = await shop.api.wallet();
    const held = await hold(id, { operation: "ping" });
    expect(held.hold?.amount).toBe("0");
    await shop.expectSound();
    expect((await capture(held.hold?.id, {})).hold?.captured).toBe("0");
    await shop.expectSound();
  });

  test("is refused where nothing bounds it", async () => {
    const unbounded = { operation: "page", meters: [{ dimension: "pages", rate: "8" }] };
    await shop.publish([...PRICES, unbounded]);
    const { id } = await shop.api.wallet("1000");
    expect((await hold(id, { operation: "page" })).refusal).toMatchObject({ code: "NOT_PRICED", reason: "QUANTITIES_MISSING" });
    expect((await hold(id, { operation: "page", quantities: [{ dimension: "pages", quantity: "3" }] })).hold?.amount).toBe("24");
  });

  test("that was not priced is captured by the prices of now", async () => {
    const { id } = await shop.api.wallet("1000");
    const held = await hold(id, { amount: "60", operation: "image" });
    expect((await capture(held.hold?.id, { quantities: [] })).hold).toMatchObject({ captured: "50", released: "10" });
  });

  test("for no operation cannot be captured by quantities", async () => {
    const { id } = await shop.api.wallet("1000");
    const held = await hold(id, { amount: "60" });
    expect((await capture(held.hold?.id, { quantities: [] })).refusal).toMatchObject({
      code: "NOT_PRICED",
      reason: "OPERATION_UNKNOWN",
    });
  });
});
