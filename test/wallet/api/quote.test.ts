import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { type Api, createApi, SERVICE } from "../../support/api";

let api: Api;

beforeAll(async () => {
  api = await createApi();
});

afterAll(() => api.stop());

describe("quote", () => {
  const QUOTE = `query ($input: QuoteInput!) { quote(input: $input) { amount affordable shortfall wallet { sequence }
    allocations { amount reason grant { id } } balanceAfter { available } explanation { rejected { reason } } } }`;

  test("tells which grants would pay and what would be left, and writes nothing", async () => {
    const { id } = await api.wallet("10", "10");
    const [first, second] = [1, 2].map((number) => `${id.replace("wal", "gr")}_${number}`);
    expect(await api.ask(QUOTE, { input: { walletId: id, amount: "12" } }, SERVICE)).toEqual({
      quote: {
        amount: "12",
        affordable: true,
        shortfall: "0",
        wallet: { sequence: "2" },
        allocations: [
          { amount: "10", reason: `granted before ${second}`, grant: { id: first } },
          { amount: "2", reason: "the only eligible grant left", grant: { id: second } },
        ],
        balanceAfter: { available: "8" },
        explanation: { rejected: [] },
      },
    });
    const after = await api.ask("query ($id: ID!) { wallet(id: $id) { sequence balance { available } } }", { id });
    expect(after).toEqual({ wallet: { sequence: "2", balance: { available: "20" } } });
  });

  test("past what there is tells how far the grants go, and what is missing", async () => {
    const { id } = await api.wallet("10");
    expect(await api.ask(QUOTE, { input: { walletId: id, amount: "12" } })).toMatchObject({
      quote: { affordable: false, shortfall: "2", allocations: [{ amount: "10" }], balanceAfter: { available: "0" } },
    });
  });

  test("of an empty wallet, and of none", async () => {
    const { id } = await api.wallet();
    expect(await api.ask(QUOTE, { input: { walletId: id, amount: "12" } })).toMatchObject({
      quote: { affordable: false, shortfall: "12", allocations: [], balanceAfter: { available: "0" } },
    });
    expect(await api.ask(QUOTE, { input: { walletId: "wal_none", amount: "12" } })).toMatchObject({
      quote: { affordable: false, shortfall: "12", wallet: null, balanceAfter: null },
    });
  });

  test("is what a spend then does", async () => {
    const { id } = await api.wallet("10");
    const grant = { walletId: id, kind: "PROMO", amount: "10", scope: { apps: ["painter"] }, idempotencyKey: "grant" };
    await api.mutate("grantCredits", grant, "replayed");
    const use = { walletId: id, amount: "15", app: "painter", operation: "image" };
    const quoted = await api.ask<{ quote: { allocations: object } }>(QUOTE, { input: use });
    const fields = "transaction { entries { amount reason grant { id } } }";
    const done = await api.mutate<{ transaction: { entries: object } }>("spend", { ...use, idempotencyKey: "spend" }, fields);
    expect(done.transaction.entries).toEqual(quoted.quote.allocations);
  });
});
