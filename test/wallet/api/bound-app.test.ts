import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { type Api, createApi, type SERVICE, serviceOf } from "../../support/api";

let api: Api;

beforeAll(async () => {
  api = await createApi();
});

afterAll(() => api.stop());

type Identity = typeof SERVICE;
const REFUSAL = "refusal { code }";
const HELD = `${REFUSAL} hold { id } transaction { id amount }`;

interface Held {
  readonly hold: { readonly id: string } | null;
}
interface Spent {
  readonly transaction: { readonly id: string } | null;
}

let keys = 0;
const unused = () => `key-${++keys}`;
const spend = (input: object, identity: Identity) =>
  api.mutate<Spent>("spend", { idempotencyKey: unused(), ...input }, "transaction { id }", identity);
const onHold = (mutation: string, input: object, identity: Identity) =>
  api.mutate<Held>(mutation, { idempotencyKey: unused(), ...input }, HELD, identity);
const hold = (input: object, identity: Identity) => onHold("holdCredits", input, identity);

describe("a key that is bound to an app", () => {
  const painter = serviceOf("painter");
  const writer = serviceOf("writer");

  test("spends for that app, named or not, and for no other", async () => {
    const { id: walletId } = await api.wallet("100");
    const fields = "transaction { app }";
    const input = { walletId, amount: "1" };
    const spending = (given: object) => api.mutate("spend", { ...input, idempotencyKey: unused(), ...given }, fields, painter);
    expect(await spending({})).toEqual({ transaction: { app: "painter" } });
    expect(await spending({ app: "painter" })).toEqual({ transaction: { app: "painter" } });
    const document = "mutation ($input: SpendInput!) { spend(input: $input) { replayed } }";
    const other = { input: { ...input, app: "writer", idempotencyKey: unused() } };
    expect(await api.errors(document, other, painter)).toEqual(["FORBIDDEN"]);
    const { errors } = await api.answer(document, other, painter);
    expect(errors?.[0]?.message).toBe("This key is bound to the app painter: leave app out, or name that one.");
    expect(
      await api.errors(document.replaceAll("SpendInput", "HoldCreditsInput").replace("spend(", "holdCredits("), other, painter),
    ).toEqual(["FORBIDDEN"]);
  });

  test("captures, extends, releases and refunds what is that app's only", async () => {
    const { id: walletId } = await api.wallet("100");
    const { hold: held } = await hold({ walletId, amount: "10" }, painter);
    const { transaction } = await spend({ walletId, amount: "10" }, painter);
    const holdId = held?.id;
    const refused = { refusal: { code: "NOT_FOUND" } };
    expect(await onHold("captureHold", { holdId }, writer)).toMatchObject(refused);
    expect(await onHold("releaseHold", { holdId }, writer)).toMatchObject(refused);
    expect(await onHold("extendHold", { holdId, expiresIn: "P1D" }, writer)).toMatchObject(refused);
    const input = { transactionId: transaction?.id, idempotencyKey: unused() };
    expect(await api.mutate("refundSpend", input, REFUSAL, writer)).toMatchObject(refused);
    expect(await onHold("captureHold", { holdId }, painter)).toMatchObject({ refusal: null, transaction: { amount: "10" } });
    expect(await api.mutate("refundSpend", input, REFUSAL, painter)).toEqual({ refusal: null });
  });

  test("is not shown another app's answer, even with that one's idempotency key", async () => {
    const { id: walletId } = await api.wallet("100");
    const { hold: held } = await hold({ walletId, amount: "10" }, painter);
    const input = { holdId: held?.id, idempotencyKey: unused() };
    await onHold("captureHold", input, painter);
    expect(await onHold("captureHold", input, writer)).toMatchObject({
      transaction: null,
      hold: null,
      refusal: { code: "NOT_FOUND" },
    });
    const mismatch = { walletId, amount: "1", idempotencyKey: input.idempotencyKey };
    const fields = "refusal { code ... on IdempotencyMismatch { transaction { id } } }";
    expect(await api.mutate("spend", mismatch, fields, writer)).toEqual({
      refusal: { code: "IDEMPOTENCY_MISMATCH", transaction: null },
    });
  });
});
