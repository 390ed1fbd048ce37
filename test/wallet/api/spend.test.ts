import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { type Api, createApi, externalIdOf, SERVICE } from "../../support/api";
import { at } from "../../support/core";

let api: Api;

beforeAll(async () => {
  api = await createApi();
});

afterAll(() => api.stop());

const REFUSAL = "refusal { __typename code message }";
const SPENT = `replayed shortfall ${REFUSAL} transaction { id sequence amount } wallet { id balance { available held } } grants { id available }`;
const HELD = `replayed ${REFUSAL} hold { id amount held captured released status expiresAt } transaction { id type amount } wallet { balance { available held } }`;

interface Refused {
  readonly refusal: { readonly __typename: string; readonly code: string; readonly message: string } | null;
}
interface Spent extends Refused {
  readonly replayed: boolean;
  readonly shortfall: string;
  readonly transaction: { readonly id: string; readonly sequence: string; readonly amount: string } | null;
  readonly wallet: { readonly balance: { readonly available: string } } | null;
}
interface Held extends Refused {
  readonly replayed: boolean;
  readonly hold: { readonly id: string; readonly held: string; readonly status: string; readonly expiresAt: string } | null;
  readonly transaction: { readonly id: string; readonly type: string; readonly amount: string } | null;
  readonly wallet: { readonly balance: { readonly available: string; readonly held: string } };
}

let keys = 0;
const unused = () => `key-${++keys}`;
const spend = (input: object, identity = SERVICE) =>
  api.mutate<Spent>("spend", { idempotencyKey: unused(), ...input }, SPENT, identity);
const hold = (input: object, identity = SERVICE) =>
  api.mutate<Held>("holdCredits", { idempotencyKey: unused(), ...input }, HELD, identity);
const onHold = (mutation: string, input: object, identity = SERVICE) =>
  api.mutate<Held>(mutation, { idempotencyKey: unused(), ...input }, HELD, identity);

async function heldOf(amount: string, given: object = {}): Promise<{ walletId: string; holdId: string }> {
  const { id: walletId } = await api.wallet("100");
  const held = await hold({ walletId, amount, ...given });
  return { walletId, holdId: held.hold?.id ?? "none" };
}

describe("spend", () => {
  test("answers the transaction with its entries and reasons, the wallet and the grants as they are then", async () => {
    const { id: walletId } = await api.wallet("60", "60");
    const [first, second] = [1, 2].map((number) => `${walletId.replace("wal", "gr")}_${number}`);
    const fields = `replayed shortfall refusal { code } transaction { id sequence type amount operation actor
      entries { from to amount reason grant { id available } } } wallet { id sequence balance { available } } grants { id available }`;
    const input = { walletId, amount: "100", operation: "image.generate", idempotencyKey: unused() };
    expect(await api.mutate("spend", input, fields, SERVICE)).toEqual({
      replayed: false,
      shortfall: "0",
      refusal: null,
      transaction: {
        id: `${walletId.replace("wal", "txn")}_3`,
        sequence: "3",
        type: "SPEND",
        amount: "100",
        operation: "image.generate",
        actor: "service",
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

  test("finds the wallet by the account's external id and the credit type as well", async () => {
    const key = await api.wallet("10");
    const spent = await spend({ externalId: externalIdOf(key), creditType: "credits", amount: 3 });
    expect(spent.wallet).toEqual({ id: key.id, balance: { available: "7", held: "0" } });
  });

  test("for more than there is does nothing, and says what is missing and what may come back", async () => {
    const { walletId, holdId } = await heldOf("40");
    const fields = `transaction { id } grants { id } shortfall wallet { balance { available } } refusal { __typename code message
      ... on InsufficientCredits { available required shortfall spendable expiringHolds { id held status } } }`;
    const input = { walletId, amount: "75.5", idempotencyKey: unused() };
    expect(await api.mutate("spend", input, fields, SERVICE)).toEqual({
      transaction: null,
      grants: [],
      shortfall: "0",
      wallet: { balance: { available: "60" } },
      refusal: {
        __typename: "InsufficientCredits",
        code: "INSUFFICIENT_CREDITS",
        message: expect.stringContaining("75.5 credits are needed and 60 can be spent on this"),
        available: "60",
        required: "75.5",
        shortfall: "15.5",
        spendable: "60",
        expiringHolds: [{ id: holdId, held: "40", status: "OPEN" }],
      },
    });
  });

  test.each<[string, readonly string[] | null, string, string]>([
    ["nothing", null, "15", "15 credits are needed and none can be spent on this: add 15."],
    ["one credit short", null, "1", "1 credit is needed and none can be spent on this: add 1."],
    [
      "only what is for others",
      ["image.*"],
      "15",
      "15 credits are needed and none can be spent on this (1,300 are for other operations or apps): add 15.",
    ],
    [
      "too little for it",
      ["text"],
      "1500",
      "1,500 credits are needed and 1,300 can be spent on this: add 200, ask for less, or pass allowPartial.",
    ],
  ])("tells people what the wallet has for other uses, where there is %s", async (_, operations, amount, message) => {
    const { id: walletId } = await api.wallet();
    const given = { walletId, kind: "PROMO", amount: "1300", scope: { operations }, idempotencyKey: unused() };
    if (operations) await api.mutate("grantCredits", given, "refusal { code }");
    const input = { walletId, amount, operation: "text", idempotencyKey: unused() };
    const fields = "refusal { message ... on InsufficientCredits { outOfScope } }";
    const outOfScope = message.includes("other operations") ? "1300" : "0";
    expect(await api.mutate("spend", input, fields, SERVICE)).toEqual({ refusal: { message, outOfScope } });
  });

  test("with allowPartial takes what there is, and says what it could not", async () => {
    const { id: walletId } = await api.wallet("30");
    const idempotencyKey = unused();
    const partial = await spend({ walletId, amount: "50", allowPartial: true, idempotencyKey });
    expect(partial).toMatchObject({ shortfall: "20", transaction: { amount: "30" }, refusal: null });
    const again = await spend({ walletId, amount: "50", allowPartial: true, idempotencyKey });
    expect(again).toMatchObject({ replayed: true, shortfall: "20", transaction: { amount: "30" } });
  });

  test("under a key that was used before answers the first transaction, with the wallet as it is now", async () => {
    const { id: walletId } = await api.wallet("30");
    const idempotencyKey = unused();
    const first = await spend({ walletId, amount: "10", idempotencyKey });
    await spend({ walletId, amount: "5" });
    const again = await spend({ walletId, amount: "10", idempotencyKey });
    expect(again).toMatchObject({ replayed: true, transaction: first.transaction, wallet: { balance: { available: "15" } } });
  });

  test("under a key that was used with other input is refused, and names the field and the transaction", async () => {
    const { id: walletId } = await api.wallet("30");
    const input = { walletId, amount: "10", operation: "a", idempotencyKey: unused() };
    const first = await spend(input);
    const fields = "transaction { id } refusal { code ... on IdempotencyMismatch { field transaction { id } } }";
    const mismatch = (change: object) => api.mutate<{ refusal: object }>("spend", { ...input, ...change }, fields, SERVICE);
    const refusal = { code: "IDEMPOTENCY_MISMATCH", transaction: { id: first.transaction?.id } };
    expect(await mismatch({ amount: "11" })).toEqual({ transaction: null, refusal: { ...refusal, field: "amount" } });
    expect((await mismatch({ operation: "b" })).refusal).toMatchObject({ field: "operation" });
    expect((await mismatch({ metadata: { a: 1 } })).refusal).toMatchObject({ field: "metadata" });
    expect((await mismatch({ allowPartial: true })).refusal).toMatchObject({ field: "allowPartial" });
    const other = await api.mutate<{ refusal: object }>(
      "holdCredits",
      { walletId, amount: "10", idempotencyKey: input.idempotencyKey },
      fields,
      SERVICE,
    );
    expect(other.refusal).toMatchObject({ field: "mutation" });
  });

  test("said to have happened later than now is refused", async () => {
    const { id: walletId } = await api.wallet("30");
    const spent = await spend({ walletId, amount: "1", occurredAt: "2030-01-01T00:00:00Z" });
    expect(spent.refusal).toMatchObject({ __typename: "OccurredInFuture", code: "OCCURRED_IN_FUTURE" });
  });

  test("of a wallet that is not there is refused, whatever is wrong with its name", async () => {
    const key = await api.wallet();
    const { id } = key;
    const absent = [
      [{ walletId: "wal_nonsense" }, "walletId"],
      [{ walletId: id.replace(/_\d+$/, "_99") }, "walletId"],
      [{ walletId: id.replace("wal", "acc").replace(/_\d+$/, "") }, "walletId"],
      [{ walletId: `${id.replace(/_\d+$/, "")}_99999999999999` }, "walletId"],
      [{ externalId: "nobody", creditType: "credits" }, "externalId"],
      [{ externalId: externalIdOf(key), creditType: "nothing" }, "creditType"],
    ] as const;
    for (const [choice, field] of absent) {
      const input = { ...choice, amount: "1", idempotencyKey: unused() };
      const payload = await api.mutate("spend", input, "wallet { id } refusal { code ... on NotFound { field } }", SERVICE);
      expect(payload).toEqual({ wallet: null, refusal: { code: "NOT_FOUND", field } });
    }
  });
});

test("a credit type that there is, of which the account has no wallet, is not said to be missing", async () => {
  await api.mutate("createCreditType", { name: "unopened" }, "created");
  const choice = { externalId: externalIdOf(await api.wallet()), creditType: "unopened" };
  const input = { ...choice, amount: "1", idempotencyKey: unused() };
  const message = "The account has no wallet of this creditType: open one with openWallet, or name another.";
  expect(await api.mutate("spend", input, "refusal { code message }", SERVICE)).toEqual({
    refusal: { code: "NOT_FOUND", message },
  });
});

describe("spendBatch", () => {
  const BATCH = `mutation ($input: [SpendInput!]!) { spendBatch(input: $input) { ${SPENT} } }`;
  const batch = async (input: readonly object[]) =>
    (await api.ask<{ spendBatch: Spent[] }>(BATCH, { input }, SERVICE)).spendBatch;

  test("answers each spend for itself, in order: done, refused and replayed ones side by side", async () => {
    const { id: walletId } = await api.wallet("10");
    const one = { walletId, amount: "4", idempotencyKey: unused() };
    const answers = await batch([
      one,
      { walletId, amount: "7", idempotencyKey: unused() },
      one,
      { walletId: "wal_none", amount: "1", idempotencyKey: unused() },
      { walletId, amount: "6", idempotencyKey: unused() },
    ]);
    expect(
      answers.map(({ refusal, replayed, transaction }) => refusal?.code ?? `${transaction?.amount}${replayed ? " again" : ""}`),
    ).toEqual(["4", "INSUFFICIENT_CREDITS", "4 again", "NOT_FOUND", "6"]);
    expect(answers.at(-1)?.wallet?.balance.available).toBe("0");
  });

  test("does its spends in order, however each names its wallet", async () => {
    const wallet = await api.wallet("10");
    const by = [{ externalId: externalIdOf(wallet), creditType: "credits" }, { walletId: wallet.id }];
    const spends = await batch(by.map((named) => ({ ...named, amount: "10", idempotencyKey: unused() })));
    expect(spends.map((spend) => spend.refusal?.code ?? "done")).toEqual(["done", "INSUFFICIENT_CREDITS"]);
  });

  test("of a thousand goes through at once", async () => {
    const { id: walletId } = await api.wallet("1000");
    const input = Array.from({ length: 1000 }, (_, index) => ({ walletId, amount: "1", idempotencyKey: `many-${index}` }));
    const answers = await batch(input);
    expect(answers.map((answer) => answer.transaction?.sequence)).toEqual(input.map((_, index) => String(index + 2)));
  });

  test("does nothing when one of them is malformed, and says which", async () => {
    const { id: walletId } = await api.wallet("10");
    const good = { walletId, amount: "1", idempotencyKey: unused() };
    expect(await api.errors(BATCH, { input: [good, { ...good, amount: "0" }] }, SERVICE)).toEqual([
      "BAD_USER_INPUT input 1 amount",
    ]);
    expect(await api.errors(BATCH, { input: [good, { amount: "1", idempotencyKey: "x" }] }, SERVICE)).toEqual([
      "BAD_USER_INPUT input 1",
    ]);
    expect(await api.errors(BATCH, { input: [] }, SERVICE)).toEqual(["BAD_USER_INPUT input"]);
    expect(await api.errors(BATCH, { input: Array.from({ length: 1001 }, () => good) }, SERVICE)).toEqual([
      "BAD_USER_INPUT input",
    ]);
    const wallet = await api.ask<{ wallet: object }>("query ($id: ID!) { wallet(id: $id) { balance { available } } }", {
      id: walletId,
    });
    expect(wallet).toEqual({ wallet: { balance: { available: "10" } } });
  });
});

describe("a hold", () => {
  test("sets credits aside, for a quarter of an hour when nothing else is said", async () => {
    const { id: walletId } = await api.wallet("100");
    const held = await hold({ walletId, amount: "40" });
    const minutes = (at(held.hold?.expiresAt ?? "") - api.core.clock.now()) / 60_000_000n;
    expect(held).toMatchObject({ hold: { held: "40", status: "OPEN" }, wallet: { balance: { available: "60", held: "40" } } });
    expect(minutes).toBe(15n);
  });

  test("is captured in parts, and the last releases the rest", async () => {
    const { holdId } = await heldOf("40");
    const first = await onHold("captureHold", { holdId, amount: "10", final: false });
    expect(first).toMatchObject({
      hold: { captured: "10", held: "30", status: "OPEN" },
      transaction: { type: "CAPTURE", amount: "10" },
    });
    const last = await onHold("captureHold", { holdId, amount: "5" });
    expect(last).toMatchObject({
      hold: { captured: "15", released: "25", held: "0", status: "CAPTURED" },
      wallet: { balance: { available: "85", held: "0" } },
    });
  });

  test("refuses a capture of more than is held, unless the excess may be spent", async () => {
    const { holdId } = await heldOf("40");
    const fields = "refusal { code ... on CaptureExceedsHold { held requested hold { id } } }";
    const input = { holdId, amount: "50", idempotencyKey: unused() };
    expect(await api.mutate("captureHold", input, fields, SERVICE)).toEqual({
      refusal: { code: "CAPTURE_EXCEEDS_HOLD", held: "40", requested: "50", hold: { id: holdId } },
    });
    const captured = await onHold("captureHold", { holdId, amount: "50", allowExcess: true });
    expect(captured).toMatchObject({ transaction: { amount: "50" }, wallet: { balance: { available: "50", held: "0" } } });
  });

  test("is released as a whole", async () => {
    const { holdId } = await heldOf("40");
    const released = await onHold("releaseHold", { holdId });
    expect(released).toMatchObject({
      hold: { status: "RELEASED", released: "40" },
      wallet: { balance: { available: "100", held: "0" } },
    });
  });

  test("that has ended refuses everything, and says how it ended", async () => {
    const { holdId } = await heldOf("40");
    await onHold("releaseHold", { holdId });
    for (const mutation of ["captureHold", "releaseHold", "extendHold"]) {
      const input = { holdId, idempotencyKey: unused(), ...(mutation === "extendHold" ? { expiresIn: "P1D" } : {}) };
      const fields = "hold { id } refusal { code message ... on HoldEnded { hold { id status } } }";
      expect(await api.mutate(mutation, input, fields, SERVICE)).toEqual({
        hold: null,
        refusal: { code: "HOLD_ENDED", message: expect.stringContaining("RELEASED"), hold: { id: holdId, status: "RELEASED" } },
      });
    }
  });

  test("is extended to a later instant only", async () => {
    const { holdId } = await heldOf("40", { expiresAt: "2026-01-02T00:00:00Z" });
    const extended = await onHold("extendHold", { holdId, expiresAt: "2026-01-03T00:00:00Z" });
    expect(extended).toMatchObject({
      hold: { expiresAt: "2026-01-03T00:00:00.000Z" },
      transaction: { type: "HOLD", amount: "0" },
    });
    const refused = await onHold("extendHold", { holdId, expiresAt: "2026-01-02T12:00:00Z" });
    expect(refused.refusal).toMatchObject({ __typename: "HoldExpiryNotLater", message: expect.stringContaining("2026-01-03") });
  });

  test("that would have expired already is refused", async () => {
    const { id: walletId } = await api.wallet("10");
    const refused = await hold({ walletId, amount: "1", expiresAt: "2025-01-01T00:00:00Z" });
    expect(refused.refusal).toMatchObject({ __typename: "ExpiresInPast", code: "EXPIRES_IN_PAST" });
  });

  test("that is not there is refused", async () => {
    const { holdId } = await heldOf("40");
    for (const id of ["hold_none", holdId.replace(/_\d+$/, "_77"), holdId.replace("hold", "gr")]) {
      const refused = await onHold("captureHold", { holdId: id });
      expect(refused.refusal).toMatchObject({ __typename: "NotFound", code: "NOT_FOUND" });
    }
  });
});

describe("refundSpend", () => {
  const refund = (input: object, identity = SERVICE) =>
    api.mutate<Spent>("refundSpend", { idempotencyKey: unused(), ...input }, SPENT.replace("shortfall ", ""), identity);

  test("gives back in parts, never more than was spent", async () => {
    const { id: walletId } = await api.wallet("60", "60");
    const { transaction } = await spend({ walletId, amount: "100" });
    const transactionId = transaction?.id;
    expect(await refund({ transactionId, amount: "30" })).toMatchObject({
      transaction: { amount: "30" },
      wallet: { balance: { available: "50" } },
    });
    const input = { transactionId, amount: "71", idempotencyKey: unused() };
    const fields = "refusal { code message ... on RefundExceedsSpend { refundable requested } }";
    expect(await api.mutate("refundSpend", input, fields, SERVICE)).toEqual({
      refusal: {
        code: "REFUND_EXCEEDS_SPEND",
        message: expect.stringContaining("70 credits"),
        refundable: "70",
        requested: "71",
      },
    });
    expect(await refund({ transactionId })).toMatchObject({
      transaction: { amount: "70" },
      wallet: { balance: { available: "120" } },
    });
    expect((await refund({ transactionId })).refusal).toMatchObject({ message: "All of it was given back already." });
  });

  test("refuses what is no spend", async () => {
    const { holdId } = await heldOf("40");
    const transactionId = holdId.replace("hold", "txn");
    const fields = "refusal { code ... on NotRefundable { transaction { id type } } }";
    expect(await api.mutate("refundSpend", { transactionId, idempotencyKey: unused() }, fields, SERVICE)).toEqual({
      refusal: { code: "NOT_REFUNDABLE", transaction: { id: transactionId, type: "HOLD" } },
    });
    expect((await refund({ transactionId: "txn_none" })).refusal).toMatchObject({ code: "NOT_FOUND" });
  });
});
