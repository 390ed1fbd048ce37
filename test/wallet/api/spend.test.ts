import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { formatInstant } from "../../../src/core/time";
import { type Api, createApi, SERVICE } from "../../support/api";

let api: Api;

beforeAll(async () => {
  api = await createApi();
});

afterAll(() => api.stop());

const REFUSAL = "refusal { __typename code message }";
const SPENT = `replayed shortfall ${REFUSAL} transaction { id sequence type amount entries { from to amount reason grant { id available } } }
  wallet { id sequence balance { available } } grants { id available }`;

interface Spent {
  readonly replayed: boolean;
  readonly shortfall: string;
  readonly refusal: { readonly __typename: string; readonly code: string } | null;
  readonly transaction: { readonly id: string; readonly sequence: string; readonly amount: string } | null;
}

describe("spend", () => {
  test("answers the transaction with its entries and reasons, the wallet and the grants as they are then", async () => {
    const { id: walletId } = await api.wallet("60", "60");
    const [first, second] = [1, 2].map((number) => `${walletId.replace("wal", "gr")}_${number}`);
    const input = { walletId, amount: "100", operation: "image.generate", idempotencyKey: "a" };
    expect(await api.mutate("spend", input, SPENT, SERVICE)).toEqual({
      replayed: false,
      shortfall: "0",
      refusal: null,
      transaction: {
        id: `${walletId.replace("wal", "txn")}_3`,
        sequence: "3",
        type: "SPEND",
        amount: "100",
        entries: [
          {
            from: "AVAILABLE",
            to: "CONSUMED",
            amount: "60",
            reason: `granted before ${second}`,
            grant: { id: first, available: "0" },
          },
          {
            from: "AVAILABLE",
            to: "CONSUMED",
            amount: "40",
            reason: "the only eligible grant left",
            grant: { id: second, available: "20" },
          },
        ],
      },
      wallet: { id: walletId, sequence: "3", balance: { available: "20" } },
      grants: [
        { id: first, available: "0" },
        { id: second, available: "20" },
      ],
    });
  });
});
