import { afterAll, afterEach, beforeAll, describe, expect, test } from "@jest/globals";
import { type ExecutionResult, type GraphQLSchema, parse, subscribe } from "graphql";
import type { Identity } from "../../src/platform/authentication";
import { enforceAccess } from "../../src/platform/graphql/access";
import { ApiError } from "../../src/platform/graphql/errors";
import type { RequestContext } from "../../src/platform/graphql/request";
import { OperationWatch } from "../../src/platform/stopwatch";
import { buildTrancheSchema } from "../../src/schema";
import { walletId } from "../../src/wallet/ids";
import type { WalletKey } from "../../src/wallet/model/types";
import { redenominate } from "../../src/wallet/redenominate";
import { submit } from "../../src/wallet/submit";
import { addCreditType, addWallet, grantOf, spendOf } from "../support/core";
import { createTestDatabase, type TestDatabase } from "../support/database";
import { createLiveCore, type LiveCore } from "../support/live";

let database: TestDatabase;
let core: LiveCore;
let schema: GraphQLSchema;
let creditType: number;
const open: AsyncGenerator<ExecutionResult, void, void>[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
  core = await createLiveCore(database.url);
  creditType = await addCreditType(core.pool, "credits");
  schema = buildTrancheSchema();
  enforceAccess(schema);
});

afterEach(async () => {
  await Promise.all(open.splice(0).map((events) => events.return()));
  expect(core.followed.followed).toBe(0);
});

afterAll(async () => {
  await core.stop();
  await database.drop();
});

const ADMIN: Identity = { role: "ADMIN", actor: "admin", accountId: null, app: null, keyId: "a", expiresAt: null };
const SERVICE: Identity = { ...ADMIN, role: "SERVICE", actor: "service" };

function customerOf({ accountId }: WalletKey): Identity {
  return { ...ADMIN, role: "CUSTOMER", actor: "customer", accountId };
}

const BALANCE =
  "subscription ($id: ID!) { walletBalance(walletId: $id) { __typename id sequence balance { available } wallet { id sequence balance { available } } } }";
const TRANSACTIONS =
  "subscription ($id: ID!, $after: String) { walletTransactions(walletId: $id, after: $after) { id sequence type wallet { id } entries { grant { available } } } }";
const ALERTS =
  "subscription ($id: ID, $after: String) { walletAlerts(walletId: $id, after: $after) { id cursor type sequence wallet { id } recordedAt } }";

async function begin(document: string, variables: Readonly<Record<string, unknown>>, identity: Identity = ADMIN) {
  const contextValue: RequestContext = { core, identity, watch: new OperationWatch(core.metrics) };
  return subscribe({ schema, document: parse(document), variableValues: variables, contextValue });
}

async function follow(document: string, variables: Readonly<Record<string, unknown>>, identity?: Identity) {
  const begun = await begin(document, variables, identity);
  if (!(Symbol.asyncIterator in begun)) throw new Error(JSON.stringify(begun.errors));
  open.push(begun);
  return {
    next: async (): Promise<Readonly<Record<string, unknown>>> => {
      const { value } = await begun.next();
      if (!value?.data) throw new Error(JSON.stringify(value?.errors));
      return Object.values(value.data)[0] as Readonly<Record<string, unknown>>;
    },
  };
}

/** The codes of the errors that a subscription is refused with. */
async function codesOf(document: string, variables: Readonly<Record<string, unknown>>, identity?: Identity) {
  const begun = await begin(document, variables, identity);
  if (Symbol.asyncIterator in begun) throw new Error("it was not refused");
  return (begun.errors ?? []).map(({ originalError }) =>
    originalError instanceof ApiError ? [originalError.code, originalError.extras["inputPath"]] : originalError,
  );
}

type Followed = Awaited<ReturnType<typeof follow>>;

/** The next alert of this wallet. Before it there may be some of other tests, which were written but not settled when it began. */
async function nextOf(key: WalletKey, events: Followed) {
  for (;;) {
    const alert = await events.next();
    if ((alert["wallet"] as { id: string }).id === walletId(key)) return alert;
  }
}

async function walletWith(amount: bigint): Promise<WalletKey> {
  const key = await addWallet(core, creditType);
  await submit(core, key, grantOf(amount));
  return key;
}

describe("walletBalance", () => {
  test("tells the present state at once, and each newer one with the wallet as it is then", async () => {
    const key = await walletWith(10_000_000n);
    const balance = await follow(BALANCE, { id: walletId(key) }, customerOf(key));
    const id = walletId(key);
    const state = (sequence: string, available: string) => ({
      __typename: "WalletBalanceUpdate",
      id,
      sequence,
      balance: { available },
      wallet: { id, sequence, balance: { available } },
    });
    expect(await balance.next()).toEqual(state("1", "10"));
    await submit(core, key, spendOf(500_000n));
    expect(await balance.next()).toEqual(state("2", "9.5"));
  });
});

describe("a new unit of the credit type", () => {
  test("is what every event from then on is told in, to those who followed before it, too", async () => {
    const creditTypeId = await addCreditType(core.pool, "renamed");
    const key = await addWallet(core, creditTypeId);
    await submit(core, key, grantOf(10_000_000n));
    const [balance, transactions, alerts] = await Promise.all([
      follow(BALANCE, { id: walletId(key) }),
      follow("subscription ($id: ID!) { walletTransactions(walletId: $id) { amount } }", { id: walletId(key) }),
      follow("subscription ($id: ID) { walletAlerts(walletId: $id) { spendable } }", { id: walletId(key) }, customerOf(key)),
    ]);
    expect(await balance.next()).toMatchObject({ balance: { available: "10" } });
    const change = { creditTypeId, factor: { times: 100n, per: 1n }, basedOn: null, effectiveFrom: null };
    await redenominate(core, change, { actor: "admin", reason: null });
    await submit(core, key, spendOf(10_000_000n));
    expect(await balance.next()).toMatchObject({ balance: { available: "0" }, wallet: { balance: { available: "0" } } });
    expect(await transactions.next()).toEqual({ amount: "1000" });
    expect(await alerts.next()).toEqual({ spendable: "0" });
    await submit(core, key, grantOf(1n));
    expect(await balance.next()).toMatchObject({ balance: { available: "0.0001" } });
    expect(await transactions.next()).toEqual({ amount: "0.0001" });
    expect(await alerts.next()).toEqual({ spendable: "0.0001" });
  });
});

describe("walletTransactions", () => {
  test("goes on behind the sequence last seen, and shows grants as they are now", async () => {
    const key = await walletWith(3n);
    for (let count = 0; count < 3; count++) await submit(core, key, spendOf(1n));
    const transactions = await follow(TRANSACTIONS, { id: walletId(key), after: "2" }, SERVICE);
    expect(await transactions.next()).toMatchObject({
      sequence: "3",
      type: "SPEND",
      wallet: { id: walletId(key) },
      entries: [{ grant: { available: "0" } }],
    });
    expect(await transactions.next()).toMatchObject({ sequence: "4" });
    await submit(core, key, grantOf(5n));
    expect(await transactions.next()).toMatchObject({ sequence: "5", entries: [{ grant: { available: "0.000005" } }] });
    await submit(core, key, spendOf(5n));
    // What the event before had read is not remembered.
    expect(await transactions.next()).toMatchObject({ sequence: "6", entries: [{ grant: { available: "0" } }] });
  });

  test("gives a key that is bound to an app that app's transactions only", async () => {
    const key = await walletWith(10n);
    await submit(core, key, spendOf(1n, { app: "one" }));
    await submit(core, key, spendOf(1n, { app: "two" }));
    await submit(core, key, spendOf(1n, { app: "one" }));
    const transactions = await follow(TRANSACTIONS, { id: walletId(key), after: "0" }, { ...SERVICE, app: "one" });
    expect([(await transactions.next())["sequence"], (await transactions.next())["sequence"]]).toEqual(["2", "4"]);
  });
});

describe("walletAlerts", () => {
  test("tells an admin of all wallets, a customer of the own ones; and goes on behind a cursor, whichever way it was read", async () => {
    const [key, stranger] = [await walletWith(1n), await walletWith(1n)];
    const [all, own] = [await follow(ALERTS, {}), await follow(ALERTS, {}, customerOf(key))];
    await submit(core, stranger, spendOf(1n));
    await submit(core, key, spendOf(1n));
    expect(await nextOf(stranger, all)).toMatchObject({ type: "DEPLETED" });
    const alert = await own.next();
    expect(alert).toMatchObject({ type: "DEPLETED", sequence: "2", wallet: { id: walletId(key) } });
    expect(await nextOf(key, all)).toEqual(alert);
    await submit(core, key, grantOf(1n));
    const resumed = [
      await follow(ALERTS, { after: alert["cursor"] }),
      await follow(ALERTS, { after: alert["cursor"] }, customerOf(key)),
      await follow(ALERTS, { id: walletId(key), after: alert["cursor"] }),
    ];
    const recovered = await Promise.all(resumed.map((events) => events.next()));
    expect(recovered.map(({ type }) => type)).toEqual(["RECOVERED", "RECOVERED", "RECOVERED"]);
    const first = await follow(ALERTS, { id: walletId(key), after: "0" });
    expect(await first.next()).toEqual(alert);
  });

  test("of all wallets is not for applications, nor for a customer without an account", async () => {
    expect(await codesOf(ALERTS, {}, SERVICE)).toEqual([["FORBIDDEN", undefined]]);
    expect(await codesOf(ALERTS, {}, { ...customerOf(await walletWith(1n)), accountId: null })).toEqual([
      ["FORBIDDEN", undefined],
    ]);
  });
});

describe("a subscription", () => {
  test.each([
    ["walletBalance", BALANCE],
    ["walletTransactions", TRANSACTIONS],
    ["walletAlerts", ALERTS],
  ])("%s answers alike for a wallet that is malformed, absent, and somebody else's", async (_, document) => {
    const [key, stranger] = [await walletWith(1n), await walletWith(1n)];
    const ids = ["", "x", "acc_019371a0b2c47d3e8f0a1b2c3d4e5f60", walletId({ ...key, creditTypeId: 99 }), walletId(stranger)];
    for (const id of ids) expect(await codesOf(document, { id }, customerOf(key))).toEqual([["BAD_USER_INPUT", ["walletId"]]]);
  });

  test.each(["", "x", "-1", "01", "1.0", "1e3", "٣", "2", "9007199254740993", "99999999999999999999"])(
    "cannot go on behind the sequence %p of a wallet that has one transaction",
    async (after) => {
      const id = walletId(await walletWith(1n));
      expect(await codesOf(TRANSACTIONS, { id, after })).toEqual([["BAD_USER_INPUT", ["after"]]]);
    },
  );

  test("cannot go on behind a cursor that was not given out, or not to this caller", async () => {
    const [key, stranger] = [await walletWith(1n), await walletWith(1n)];
    const events = await follow(ALERTS, {});
    await submit(core, stranger, spendOf(1n));
    const { cursor } = await nextOf(stranger, events);
    for (const after of ["", "x", "1", `${String(cursor)}0`]) {
      expect(await codesOf(ALERTS, { after })).toEqual([["BAD_USER_INPUT", ["after"]]]);
      expect(await codesOf(ALERTS, { id: walletId(stranger), after })).toEqual([["BAD_USER_INPUT", ["after"]]]);
    }
    expect(await codesOf(ALERTS, { after: cursor }, customerOf(key))).toEqual([["BAD_USER_INPUT", ["after"]]]);
    expect(await codesOf(ALERTS, { id: walletId(key), after: cursor })).toEqual([["BAD_USER_INPUT", ["after"]]]);
  });
});
