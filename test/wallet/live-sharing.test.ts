import { afterAll, afterEach, beforeAll, expect, test } from "@jest/globals";
import { type Authenticator, type Identity, Unauthenticated } from "../../src/platform/authentication";
import type { RequestContext } from "../../src/platform/graphql/request";
import { type RunningServer, startServer } from "../../src/platform/server";
import { buildTrancheSchema } from "../../src/schema";
import { walletId } from "../../src/wallet/ids";
import type { WalletKey } from "../../src/wallet/model/types";
import { submit } from "../../src/wallet/submit";
import { addCreditType, addWallet, done, grantOf, spendOf } from "../support/core";
import { createTestDatabase, type TestDatabase } from "../support/database";
import { createLiveCore, type LiveCore } from "../support/live";
import { silentLog } from "../support/log";
import { SERVER_CONFIG } from "../support/server-config";
import { ToySocket } from "../support/toy-socket";

/** Many who follow one wallet over WebSockets: what they are told is made for them together, and is what each of them may know. */

const BALANCE = "subscription ($id: ID!) { walletBalance(walletId: $id) { sequence wallet { id balance { available } } } }";
const TRANSACTIONS =
  "subscription ($id: ID!, $after: String) { walletTransactions(walletId: $id, after: $after) { id sequence app amount } }";

let database: TestDatabase;
let core: LiveCore;
let server: RunningServer;
let creditType: number;
/** Contexts that were made for events. */
let shown = 0;
const known = new Map<string, Identity>();
const sockets: ToySocket[] = [];

const authenticator: Authenticator = {
  authenticate: async (authorization = "") => {
    const identity = known.get(authorization.replace("Bearer ", ""));
    if (!identity) throw new Unauthenticated("Say who you are.");
    return identity;
  },
  stillValid: async () => true,
};

beforeAll(async () => {
  database = await createTestDatabase();
  core = await createLiveCore(database.url);
  creditType = await addCreditType(core.pool, "credits");
  server = await startServer<RequestContext>({
    schema: buildTrancheSchema(),
    authenticator,
    contextOf: (identity, watch) => {
      // What is shown to many is shown to nobody by name.
      if (identity.keyId === "") shown += 1;
      return { core, identity, watch };
    },
    config: SERVER_CONFIG,
    log: silentLog,
    metrics: core.metrics,
    clock: core.clock,
  });
  know("service", { role: "SERVICE" });
});

afterEach(() => Promise.all(sockets.splice(0).map((socket) => socket.close())));

afterAll(async () => {
  await server.stop();
  await core.stop();
  await database.drop();
});

function know(key: string, identity: Pick<Identity, "role"> & Partial<Identity>): void {
  known.set(key, { actor: key, accountId: null, app: null, keyId: key, expiresAt: null, ...identity });
}

async function follow(key: string, query: string, variables: object): Promise<ToySocket> {
  const socket = await ToySocket.as(server, key);
  sockets.push(socket);
  socket.subscribe("1", query, variables);
  return socket;
}

async function next(socket: ToySocket): Promise<Readonly<Record<string, unknown>>> {
  const { payload } = await socket.expect("next");
  return Object.values((payload as { data: Readonly<Record<string, Readonly<Record<string, unknown>>>> }).data)[0] ?? {};
}

async function sequencesOf(socket: ToySocket, count: number): Promise<number[]> {
  const seen: number[] = [];
  while (seen.length < count) seen.push(Number((await next(socket))["sequence"]));
  return seen;
}

async function walletWith(spends: number): Promise<WalletKey> {
  const key = await addWallet(core, creditType);
  await done(submit(core, key, grantOf(1_000_000_000n)));
  for (let count = 0; count < spends; count++) await done(submit(core, key, spendOf(1_000_000n)));
  return key;
}

function upTo(last: number, first: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}

test("those who resume have their own past to catch up on, and are then told together with the others", async () => {
  const [followers, last] = [20, 21];
  const key = await walletWith(last - 1);
  const id = walletId(key);
  const all = await Promise.all(upTo(followers, 1).map((after) => follow("service", TRANSACTIONS, { id, after: String(after) })));
  const pasts = await Promise.all(all.map((socket, index) => sequencesOf(socket, last - index - 1)));
  for (const [index, past] of pasts.entries()) expect(past).toEqual(upTo(last, index + 2));
  await Promise.all(all.map((socket) => socket.settled()));
  shown = 0;
  await done(submit(core, key, spendOf(1_000_000n)));
  expect(await Promise.all(all.map((socket) => sequencesOf(socket, 1)))).toEqual(all.map(() => [last + 1]));
  // Once, and once more for whoever was not back from the message before.
  expect(shown).toBeLessThan(followers / 4);
});

test("a balance is told to all who follow it, by keys and customers alike, and each time as it is then", async () => {
  const key = await walletWith(0);
  know("customer", { role: "CUSTOMER", accountId: key.accountId });
  know("another key", { role: "SERVICE" });
  const keys = ["service", "another key", "customer", "service"];
  const all = await Promise.all(keys.map((name) => follow(name, BALANCE, { id: walletId(key) })));
  for (const [sequence, available] of [
    ["1", "1000"],
    ["2", "999"],
    ["3", "998"],
  ]) {
    const told = { sequence, wallet: { id: walletId(key), balance: { available } } };
    expect(await Promise.all(all.map(next))).toEqual(all.map(() => told));
    await done(submit(core, key, spendOf(1_000_000n)));
  }
});

test("a key that is bound to an app is told of that app's transactions, whoever follows the same beside it", async () => {
  const key = await walletWith(0);
  for (const app of ["one", "two"]) know(app, { role: "SERVICE", app });
  const keys = ["service", "one", "two"];
  const variables = { id: walletId(key), after: "1" };
  const [every, one, two] = await Promise.all(keys.map((name) => follow(name, TRANSACTIONS, variables)));
  for (const app of ["one", "two", "one"]) await done(submit(core, key, spendOf(1_000_000n, { app })));
  expect(await sequencesOf(every as ToySocket, 3)).toEqual([2, 3, 4]);
  expect(await sequencesOf(one as ToySocket, 2)).toEqual([2, 4]);
  expect(await next(two as ToySocket)).toMatchObject({ sequence: "3", app: "two" });
});

test("a customer who asks for somebody else's wallet is refused, while others are told of it", async () => {
  const [key, stranger] = [await walletWith(0), await walletWith(0)];
  know("stranger", { role: "CUSTOMER", accountId: stranger.accountId });
  const own = await follow("service", BALANCE, { id: walletId(key) });
  await next(own);
  const refused = await follow("stranger", BALANCE, { id: walletId(key) });
  expect((await refused.next()).payload).toMatchObject({ errors: [{ extensions: { code: "BAD_USER_INPUT" } }] });
  await refused.expect("complete");
  await done(submit(core, key, spendOf(1_000_000n)));
  expect(await next(own)).toMatchObject({ sequence: "2" });
  await refused.settled();
});
