import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { type Api, createApi, customer, externalIdOf, SERVICE } from "../../support/api";

let api: Api;

beforeAll(async () => {
  api = await createApi();
});

afterAll(() => api.stop());

let keys = 0;
const unused = () => `key-${++keys}`;
const REFUSAL = "refusal { __typename code message }";
const MOVED = `replayed ${REFUSAL} transaction { id type amount } wallet { balance { available held pending debt overdraft spendable } } grants { id }`;

interface Moved {
  readonly refusal: { readonly code: string; readonly message: string } | null;
  readonly transaction: { readonly id: string; readonly type: string; readonly amount: string } | null;
  readonly wallet: { readonly balance: Record<string, string> } | null;
  readonly grants: readonly { readonly id: string }[];
  readonly grant?: { readonly id: string } | null;
}

const move = (mutation: string, input: object, more = "") =>
  api.mutate<Moved>(mutation, { idempotencyKey: unused(), ...input }, `${MOVED} ${more}`);
const grant = (walletId: string, given: object = {}, more = "grant { id }") =>
  move("grantCredits", { walletId, kind: "PROMO", amount: "10", ...given }, more);

describe("grantCredits", () => {
  test("gives a grant on exactly the terms that were asked for", async () => {
    const { id: walletId } = await api.wallet();
    const terms = {
      kind: "PLAN",
      amount: "12.5",
      priority: 7,
      effectiveAt: "2026-02-01T00:00:00Z",
      expiresAt: "2026-03-01T00:00:00Z",
      scope: { operations: ["image.*", "image.*"], apps: ["painter"] },
      costBasis: { amount: "9.99", currency: "EUR" },
      rollover: { percent: 50, maximum: "3", period: "P1M", periods: 2 },
      repaysDebt: false,
      reason: "February",
      metadata: { plan: "pro", tags: [1, true, null] },
    };
    const fields = `grant { kind amount priority effectiveAt expiresAt scope { operations apps } costBasis { amount currency }
      rollover { percent maximum period periods } repaysDebt source metadata pending available status createdBy { description metadata } }`;
    const { grant: made } = await grant(walletId, terms, fields);
    const { reason, ...same } = terms;
    expect(made).toEqual({
      ...same,
      effectiveAt: "2026-02-01T00:00:00.000Z",
      expiresAt: "2026-03-01T00:00:00.000Z",
      scope: { operations: ["image.*"], apps: ["painter"] },
      source: reason,
      pending: "12.5",
      available: "0",
      status: "PENDING",
      createdBy: { description: reason, metadata: terms.metadata },
    });
  });

  test("takes the credit type's default life when no expiry is given", async () => {
    await api.mutate("createCreditType", { name: "fleeting", defaultExpiry: "P30D" }, "creditType { id }");
    const key = await api.wallet();
    await api.mutate("openWallet", { externalId: externalIdOf(key), creditType: "fleeting" }, "wallet { id }");
    const input = { externalId: externalIdOf(key), creditType: "fleeting", kind: "PROMO", amount: "1", idempotencyKey: unused() };
    expect(await api.mutate("grantCredits", input, "grant { expiresAt }")).toEqual({
      grant: { expiresAt: "2026-01-31T00:00:00.000Z" },
    });
  });

  test("is not for kinds that come about otherwise, nor for promotions that would repay debt", async () => {
    const { id: walletId } = await api.wallet();
    const document = "mutation ($input: GrantCreditsInput!) { grantCredits(input: $input) { replayed } }";
    const given = { walletId, amount: "1", idempotencyKey: unused() };
    for (const kind of ["OVERDRAFT", "ROLLOVER", "REFUND"]) {
      expect(await api.errors(document, { input: { ...given, kind } })).toEqual(["BAD_USER_INPUT input kind"]);
    }
    for (const kind of ["PROMO", "GIFT", "REFERRAL"]) {
      expect(await api.errors(document, { input: { ...given, kind, repaysDebt: true } })).toEqual([
        "BAD_USER_INPUT input repaysDebt",
      ]);
    }
  });

  test("that would expire before it begins is refused", async () => {
    const { id: walletId } = await api.wallet();
    const refused = await grant(walletId, { effectiveAt: "2027-01-01T00:00:00Z", expiresAt: "2026-12-01T00:00:00Z" });
    expect(refused).toMatchObject({ grant: null, transaction: null, refusal: { code: "EXPIRES_IN_PAST" } });
  });

  test("past what amounts can say is refused", async () => {
    const { id: walletId } = await api.wallet("9000000000000");
    expect((await grant(walletId)).refusal).toMatchObject({ __typename: "BalanceOutOfRange" });
  });

  test("repeated answers the first grant", async () => {
    const { id: walletId } = await api.wallet();
    const idempotencyKey = unused();
    const first = await grant(walletId, { idempotencyKey });
    expect(await grant(walletId, { idempotencyKey })).toMatchObject({ replayed: true, grant: first.grant });
    const other = await grant(
      walletId,
      { idempotencyKey, reason: "another" },
      "refusal { ... on IdempotencyMismatch { field } }",
    );
    expect(other.refusal).toMatchObject({ field: "reason" });
  });
});

describe("voidGrant", () => {
  test("withdraws what was not spent, once", async () => {
    const { id: walletId } = await api.wallet();
    const { grant: made } = await grant(walletId);
    const voided = await move("voidGrant", { grantId: made?.id, reason: "fraud" }, "grant { id status voided }");
    expect(voided).toMatchObject({
      transaction: { type: "VOID", amount: "10" },
      grant: { id: made?.id, status: "VOIDED", voided: "10" },
    });
    const fields = "refusal { code ... on GrantNotEligible { reason grant { id } } }";
    const again = { grantId: made?.id, reason: "fraud", idempotencyKey: unused() };
    expect(await api.mutate("voidGrant", again, fields)).toEqual({
      refusal: { code: "GRANT_NOT_ELIGIBLE", reason: "VOIDED", grant: { id: made?.id } },
    });
  });

  test("shows the grant also when all of it is held, and so nothing moves yet", async () => {
    const { id: walletId } = await api.wallet();
    const { grant: made } = await grant(walletId);
    const hold = { walletId, amount: "10", idempotencyKey: unused() };
    await api.mutate("holdCredits", hold, "refusal { code }", SERVICE);
    const input = { grantId: made?.id, reason: "fraud", idempotencyKey: unused() };
    const shown = { grant: { id: made?.id, status: "VOIDED", held: "10", voided: "0" } };
    expect(await api.mutate("voidGrant", input, "grant { id status held voided }")).toEqual(shown);
    expect(await api.mutate("voidGrant", input, "replayed grant { id status held voided }")).toEqual({
      replayed: true,
      ...shown,
    });
  });

  test("of a grant that is not there is refused", async () => {
    const refused = await move("voidGrant", { grantId: "gr_none", reason: "none" });
    expect(refused).toMatchObject({ wallet: null, refusal: { __typename: "NotFound", code: "NOT_FOUND" } });
  });
});

describe("adjustBalance", () => {
  test("adds and takes away, down to nothing", async () => {
    const { id: walletId } = await api.wallet("10");
    expect(await move("adjustBalance", { walletId, amount: "5", reason: "sorry" })).toMatchObject({
      transaction: { type: "ADJUST", amount: "5" },
      wallet: { balance: { available: "15" } },
    });
    expect(await move("adjustBalance", { walletId, amount: "-12", reason: "mistake" })).toMatchObject({
      transaction: { type: "ADJUST", amount: "-12" },
      wallet: { balance: { available: "3" } },
    });
    expect((await move("adjustBalance", { walletId, amount: "-4", reason: "mistake" })).refusal).toMatchObject({
      code: "INSUFFICIENT_CREDITS",
    });
  });
});

describe("setOverdraft", () => {
  test("lets a wallet go below zero, and what is bought next pays it back", async () => {
    const { id: walletId } = await api.wallet("10");
    expect(await move("setOverdraft", { walletId, limit: "50" })).toMatchObject({
      wallet: { balance: { available: "10", overdraft: "50", debt: "0", spendable: "60" } },
    });
    const spent = { walletId, amount: "30", idempotencyKey: unused() };
    expect(await api.mutate("spend", spent, "wallet { balance { available overdraft debt } }", SERVICE)).toEqual({
      wallet: { balance: { available: "0", overdraft: "30", debt: "20" } },
    });
    const bought = await grant(
      walletId,
      { kind: "PURCHASED", amount: "25" },
      "transaction { entries { from to amount reason } }",
    );
    expect(bought.wallet?.balance).toMatchObject({ available: "5", overdraft: "50", debt: "0" });
    expect(bought.transaction).toMatchObject({
      entries: [
        { from: "ISSUED", to: "AVAILABLE", amount: "25", reason: "granted" },
        { from: "AVAILABLE", to: "CONSUMED", amount: "20", reason: "repaid debt" },
        { from: "CONSUMED", to: "AVAILABLE", amount: "20", reason: "debt repaid" },
      ],
    });
    expect(await move("setOverdraft", { walletId, limit: "0" })).toMatchObject({
      transaction: { type: "VOID" },
      wallet: { balance: { overdraft: "0", spendable: "5" } },
    });
  });
});

describe("transferCredits", () => {
  test("gives credits to another account's wallet, and answers both sides", async () => {
    const giver = await api.wallet("10");
    const receiver = await api.wallet();
    const input = { fromWalletId: giver.id, toWalletId: receiver.id, amount: "4", idempotencyKey: unused() };
    const fields = `replayed transaction { type amount counterpart { wallet { id } } } wallet { id balance { available } }
      receiver { id balance { available } } receiverTransaction { amount idempotencyKey } receiverGrants { kind amount origin { id } }`;
    const given = {
      replayed: false,
      transaction: { type: "TRANSFER", amount: "4", counterpart: { wallet: { id: receiver.id } } },
      wallet: { id: giver.id, balance: { available: "6" } },
      receiver: { id: receiver.id, balance: { available: "4" } },
      receiverTransaction: { amount: "4", idempotencyKey: null },
      receiverGrants: [{ kind: "GIFT", amount: "4", origin: { id: `${giver.id.replace("wal", "gr")}_1` } }],
    };
    expect(await api.mutate("transferCredits", input, fields)).toEqual(given);
    expect(await api.mutate("transferCredits", input, fields)).toEqual({ ...given, replayed: true });
  });

  test("to itself, to another credit type, of more than there is, or to nowhere is refused", async () => {
    await api.mutate("createCreditType", { name: "images" }, "creditType { id }");
    const giver = await api.wallet("10");
    const receiver = await api.wallet();
    const opened = await api.mutate<{ wallet: { id: string } }>(
      "openWallet",
      { externalId: externalIdOf(receiver), creditType: "images" },
      "wallet { id }",
    );
    const fields = "receiver { id } refusal { code ... on TransferNotPossible { reason } ... on NotFound { field } }";
    const transfer = (fromWalletId: string, toWalletId: string, amount = "1") =>
      api.mutate("transferCredits", { fromWalletId, toWalletId, amount, idempotencyKey: unused() }, fields);
    const refused = (refusal: object) => ({ receiver: null, refusal });
    const impossible = { code: "TRANSFER_NOT_POSSIBLE" };
    expect(await transfer(giver.id, giver.id)).toEqual(refused({ ...impossible, reason: "SAME_WALLET" }));
    expect(await transfer(giver.id, opened.wallet.id)).toEqual(refused({ ...impossible, reason: "OTHER_CREDIT_TYPE" }));
    expect(await transfer(giver.id, receiver.id, "11")).toEqual(refused({ code: "INSUFFICIENT_CREDITS" }));
    const absent = giver.id.replace(/_\d+$/, "_99");
    expect(await transfer(giver.id, absent)).toEqual(refused({ code: "NOT_FOUND", field: "toWalletId" }));
    expect(await transfer(absent, receiver.id)).toEqual(refused({ code: "NOT_FOUND", field: "fromWalletId" }));
    expect(await transfer("wal_none", receiver.id)).toEqual(refused({ code: "NOT_FOUND", field: "fromWalletId" }));
  });
});

describe("alert thresholds", () => {
  const FIELDS = `${REFUSAL} threshold { id amount state } wallet { thresholds { id amount } }`;

  test("are set and removed, and tell of each crossing once", async () => {
    const { id: walletId } = await api.wallet("10");
    const set = await api.mutate<{ threshold: { id: string } }>("setAlertThreshold", { walletId, amount: "5" }, FIELDS);
    expect(set).toMatchObject({
      refusal: null,
      threshold: { amount: "5", state: "ARMED" },
      wallet: { thresholds: [{ amount: "5" }] },
    });
    const spent = { walletId, amount: "6", idempotencyKey: unused() };
    await api.mutate("spend", spent, "replayed", SERVICE);
    const alerts = `query ($id: ID!) { wallet(id: $id) { alerts(last: 5) { edges { node { type number sequence spendable thresholdAmount } } } } }`;
    expect(await api.ask(alerts, { id: walletId })).toEqual({
      wallet: { alerts: { edges: [{ node: { type: "LOW", number: 1, sequence: "2", spendable: "4", thresholdAmount: "5" } }] } },
    });
    const removed = await api.mutate("removeAlertThreshold", { thresholdId: set.threshold.id }, FIELDS);
    expect(removed).toMatchObject({ threshold: { id: set.threshold.id }, wallet: { thresholds: [] } });
    const again = await api.mutate("removeAlertThreshold", { thresholdId: set.threshold.id }, FIELDS);
    expect(again).toMatchObject({ threshold: null, refusal: { code: "NOT_FOUND" } });
  });

  test("are at most twenty in a wallet", async () => {
    const { id: walletId } = await api.wallet();
    for (let amount = 1; amount <= 20; amount++) await api.mutate("setAlertThreshold", { walletId, amount }, "threshold { id }");
    const fields = "refusal { code ... on TooManyThresholds { limit } }";
    expect(await api.mutate("setAlertThreshold", { walletId, amount: 21 }, fields)).toEqual({
      refusal: { code: "TOO_MANY_THRESHOLDS", limit: 20 },
    });
  });

  test("are a customer's own to set, and nobody else's", async () => {
    const mine = await api.wallet();
    const other = await api.wallet();
    const me = customer(mine.accountId);
    expect(await api.mutate("setAlertThreshold", { walletId: mine.id, amount: "5" }, REFUSAL, me)).toEqual({ refusal: null });
    expect(await api.mutate("setAlertThreshold", { walletId: other.id, amount: "5" }, REFUSAL, me)).toMatchObject({
      refusal: { code: "NOT_FOUND" },
    });
    const set = await api.mutate<{ threshold: { id: string } }>(
      "setAlertThreshold",
      { walletId: other.id, amount: "5" },
      "threshold { id }",
    );
    expect(await api.mutate("removeAlertThreshold", { thresholdId: set.threshold.id }, REFUSAL, me)).toMatchObject({
      refusal: { code: "NOT_FOUND" },
    });
  });
});

describe("createCreditType and openWallet", () => {
  test("answer what there is when sent again, and refuse other terms under the same name", async () => {
    const fields =
      "creditType { id name refundGrace expiryNotice defaultExpiry } refusal { code ... on AlreadyExists { field } }";
    const made = await api.mutate("createCreditType", { name: "text", refundGrace: "P14D" }, fields);
    expect(made).toMatchObject({ creditType: { name: "text", refundGrace: "P14D", expiryNotice: "P3D", defaultExpiry: null } });
    expect(await api.mutate("createCreditType", { name: "text", refundGrace: "P14D" }, fields)).toEqual(made);
    expect(await api.mutate("createCreditType", { name: "text" }, fields)).toEqual({
      creditType: null,
      refusal: { code: "ALREADY_EXISTS", field: "name" },
    });
  });

  test("open an account's wallet once", async () => {
    await api.mutate("createCreditType", { name: "voice" }, "creditType { id }");
    const key = await api.wallet();
    const accountId = key.id.replace("wal", "acc").replace(/_\d+$/, "");
    const opened = await api.mutate<{ wallet: { id: string } }>(
      "openWallet",
      { accountId, creditType: "voice" },
      "opened wallet { id }",
    );
    expect(opened).toMatchObject({ opened: true });
    const again = { externalId: externalIdOf(key), creditType: "voice" };
    expect(await api.mutate("openWallet", again, "opened wallet { id }")).toEqual({ opened: false, wallet: opened.wallet });
  });

  test("refuse accounts and credit types that are not there", async () => {
    const { accountId } = await api.wallet();
    const fields = "wallet { id } opened refusal { code ... on NotFound { field } }";
    const refused = (field: string) => ({ wallet: null, opened: false, refusal: { code: "NOT_FOUND", field } });
    const open = (input: object) => api.mutate("openWallet", { creditType: "credits", ...input }, fields);
    expect(await open({ externalId: "nobody" })).toEqual(refused("externalId"));
    expect(await open({ accountId: "acc_none" })).toEqual(refused("accountId"));
    expect(await open({ accountId: "acc_00000000000070008000000000000000" })).toEqual(refused("accountId"));
    expect(await open({ externalId: externalIdOf({ accountId }), creditType: "nothing" })).toEqual(refused("creditType"));
  });
});

describe("setPolicy", () => {
  const PAID_LAST = ["KIND", "EXPIRY", "PRIORITY", "SCOPE", "EFFECTIVE"];
  const FIELDS = "refusal { code } wallet { id policy { version keys } } creditType { name policy { version keys } }";

  test("changes which grants pay first from then on, and an earlier transaction keeps its version", async () => {
    const { id: walletId } = await api.wallet("10");
    await grant(walletId, { priority: 200 });
    const spend = async () => {
      const input = { walletId, amount: "1", idempotencyKey: unused() };
      const spent = await api.mutate<{ transaction: { policyVersion: number; entries: { grant: { kind: string } }[] } }>(
        "spend",
        input,
        "transaction { policyVersion entries { grant { kind } } }",
        SERVICE,
      );
      return [spent.transaction.policyVersion, spent.transaction.entries[0]?.grant.kind];
    };
    expect(await spend()).toEqual([1, "PURCHASED"]);
    const set = await api.mutate<{ wallet: { policy: { version: number } } }>(
      "setPolicy",
      { walletId, policy: PAID_LAST },
      FIELDS,
    );
    const { version } = set.wallet.policy;
    expect(set).toMatchObject({ refusal: null, wallet: { policy: { keys: PAID_LAST } }, creditType: null });
    expect(await spend()).toEqual([version, "PROMO"]);
    await api.mutate("setPolicy", { walletId, policy: null }, FIELDS);
    expect(await spend()).toEqual([1, "PURCHASED"]);
  });

  test("for a credit type holds for its wallets that have none of their own", async () => {
    await api.mutate("createCreditType", { name: "points" }, "creditType { id }");
    const set = await api.mutate("setPolicy", { creditType: "points", policy: PAID_LAST }, FIELDS);
    expect(set).toMatchObject({ creditType: { name: "points", policy: { keys: PAID_LAST } } });
    const key = await api.wallet();
    const opened = await api.mutate(
      "openWallet",
      { externalId: externalIdOf(key), creditType: "points" },
      "wallet { policy { keys } }",
    );
    expect(opened).toEqual({ wallet: { policy: { keys: PAID_LAST } } });
  });

  test("wants each key once, and one thing to set it for", async () => {
    const { id: walletId } = await api.wallet();
    const document = "mutation ($input: SetPolicyInput!) { setPolicy(input: $input) { refusal { code } } }";
    const errors = (input: object) => api.errors(document, { input });
    expect(await errors({ walletId, policy: ["KIND"] })).toEqual(["BAD_USER_INPUT input policy"]);
    expect(await errors({ walletId, policy: [...PAID_LAST, "KIND"] })).toEqual(["BAD_USER_INPUT input policy"]);
    expect(await errors({ walletId, creditType: "credits", policy: PAID_LAST })).toEqual(["BAD_USER_INPUT input"]);
    expect(await errors({ policy: PAID_LAST })).toEqual(["BAD_USER_INPUT input"]);
    expect(await errors({ creditType: "credits" })).toEqual(["BAD_USER_INPUT input policy"]);
    expect(await api.mutate("setPolicy", { walletId: "wal_none", policy: PAID_LAST }, "refusal { code }")).toEqual({
      refusal: { code: "NOT_FOUND" },
    });
  });
});
