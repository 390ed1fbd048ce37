import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { type ExecutionResult, type GraphQLSchema, graphql, parse, subscribe } from "graphql";
import { formatInstant, type Instant } from "../../src/core/time";
import type { RequestContext } from "../../src/platform/graphql/request";
import { OperationWatch } from "../../src/platform/stopwatch";
import { buildTrancheSchema } from "../../src/schema";
import { walletId } from "../../src/wallet/ids";
import type { WalletKey } from "../../src/wallet/model/types";
import { submit } from "../../src/wallet/submit";
import { ADMIN } from "../support/api";
import { addCreditType, done, grantOf, holdOf } from "../support/core";
import { createTestDatabase, type TestDatabase } from "../support/database";
import { createLiveCore, type LiveCore } from "../support/live";
import { addClockedWallet, pass } from "./clocks";

/** What is shown, and told at once, of wallets whose time is simulated. */

const DAY = 86_400_000_000n;

let database: TestDatabase;
let core: LiveCore;
/** A second server on the same database. */
let other: LiveCore;
let schema: GraphQLSchema;
let creditType: number;
let start: Instant;
const open: AsyncGenerator<ExecutionResult, void, void>[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
  core = await createLiveCore(database.url);
  other = await createLiveCore(database.url, { clock: core.clock });
  creditType = await addCreditType(core.pool, "credits", { expiryNotice: "P3D" });
  schema = buildTrancheSchema();
});

beforeEach(() => {
  start = core.clock.now();
});

afterEach(() => Promise.all(open.splice(0).map((events) => events.return())));

afterAll(async () => {
  await core.stop();
  await other.stop();
  await database.drop();
});

function contextOf(server: LiveCore): RequestContext {
  return { core: server, identity: ADMIN, watch: new OperationWatch(server.metrics) };
}

async function ask<Data>(source: string, variableValues: Readonly<Record<string, unknown>>): Promise<Data> {
  const { data, errors } = await graphql({ schema, source, variableValues, contextValue: contextOf(core) });
  if (errors) throw new Error(JSON.stringify(errors));
  return data as Data;
}

async function follow(server: LiveCore, document: string, variableValues: Readonly<Record<string, unknown>>) {
  const events = await subscribe({ schema, document: parse(document), variableValues, contextValue: contextOf(server) });
  if (!(Symbol.asyncIterator in events)) throw new Error(JSON.stringify(events.errors));
  open.push(events);
  return async (): Promise<unknown> => {
    const { value } = await events.next();
    if (!value?.data) throw new Error(JSON.stringify(value?.errors));
    return Object.values(value.data)[0];
  };
}

/** Ten credits for five days, and one for good; two of them are held for one day. */
async function addFunds(key: WalletKey): Promise<void> {
  await done(submit(core, key, grantOf(10_000_000n, { expiresAt: start + 5n * DAY })));
  await done(submit(core, key, grantOf(1_000_000n, { effectiveAt: start + 2n * DAY })));
  await done(submit(core, key, holdOf(2_000_000n, start + DAY)));
}

const SHOWN = `query ($id: ID!, $at: DateTime!) { wallet(id: $id) { balance { available held pending } balanceAt(time: $at) { available }
  grants(first: 9, order: CREATED) { edges { node { id status } } } holds(first: 9) { edges { node { status } } }
  expired: grants(first: 9, status: [EXPIRED]) { edges { node { id } } } } }`;

interface Shown {
  readonly wallet: {
    readonly balance: object;
    readonly balanceAt: { readonly available: string };
    readonly grants: { readonly edges: readonly { readonly node: { readonly id: string; readonly status: string } }[] };
    readonly holds: { readonly edges: readonly { readonly node: { readonly status: string } }[] };
    readonly expired: { readonly edges: readonly object[] };
  };
}

async function shownOf(key: WalletKey, at: Instant) {
  const { wallet } = await ask<Shown>(SHOWN, { id: walletId(key), at: formatInstant(at) });
  const [first, second] = wallet.grants.edges;
  const node = await ask<{ node: { status: string } }>("query ($id: ID!) { node(id: $id) { ... on Grant { status } } }", {
    id: first?.node.id,
  });
  expect(node.node.status).toBe(first?.node.status);
  return {
    balance: wallet.balance,
    later: wallet.balanceAt.available,
    grants: [first?.node.status, second?.node.status],
    hold: wallet.holds.edges[0]?.node.status,
    expired: wallet.expired.edges.length,
  };
}

describe("a wallet on a test clock", () => {
  test("is shown as of its time, whatever time it really is", async () => {
    const key = await addClockedWallet(core, creditType);
    await addFunds(key);
    core.clock.set(start + 1_000n * DAY);
    const before = {
      balance: { available: "8", held: "2", pending: "1" },
      grants: ["ACTIVE", "PENDING"],
      hold: "OPEN",
      expired: 0,
    };
    expect(await shownOf(key, start + 6n * DAY)).toEqual({ ...before, later: "1" });
    expect(await shownOf(key, start + 3n * DAY)).toEqual({ ...before, later: "11" });
    await pass(core, key, start + 3n * DAY);
    const between = {
      balance: { available: "11", held: "0", pending: "0" },
      grants: ["ACTIVE", "ACTIVE"],
      hold: "EXPIRED",
      expired: 0,
    };
    expect(await shownOf(key, start + 6n * DAY)).toEqual({ ...between, later: "1" });
    await pass(core, key, start + 6n * DAY);
    const after = {
      balance: { available: "1", held: "0", pending: "0" },
      grants: ["EXPIRED", "ACTIVE"],
      hold: "EXPIRED",
      expired: 1,
    };
    expect(await shownOf(key, start + 6n * DAY)).toEqual({ ...after, later: "1" });
  });

  test("tells those who follow it, on every server, at once", async () => {
    const key = await addClockedWallet(core, creditType);
    await addFunds(key);
    const variables = { id: walletId(key) };
    const balance =
      "subscription ($id: ID!) { walletBalance(walletId: $id) { balance { available } wallet { account { testClock { now } } } } }";
    const alerts =
      "subscription ($id: ID!) { walletAlerts(walletId: $id) { type effectiveAt wallet { account { testClock { now } } } } }";
    const told = await Promise.all([core, other].map((server) => follow(server, balance, variables)));
    const warned = await Promise.all([core, other].map((server) => follow(server, alerts, variables)));
    const clockAt = (instant: Instant) => ({ account: { testClock: { now: formatInstant(instant) } } });
    for (const next of told) expect(await next()).toEqual({ balance: { available: "8" }, wallet: clockAt(start) });
    await pass(core, key, start + DAY);
    for (const next of told) expect(await next()).toEqual({ balance: { available: "10" }, wallet: clockAt(start + DAY) });
    await pass(core, key, start + 2n * DAY);
    for (const next of warned)
      expect(await next()).toEqual({
        type: "EXPIRING_SOON",
        effectiveAt: formatInstant(start + 2n * DAY),
        wallet: clockAt(start + 2n * DAY),
      });
    for (const next of told) expect(await next()).toEqual({ balance: { available: "11" }, wallet: clockAt(start + 2n * DAY) });
  });
});
