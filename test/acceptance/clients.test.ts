import { ApolloClient, ApolloLink, gql, HttpLink, InMemoryCache } from "@apollo/client";
import { GraphQLWsLink } from "@apollo/client/link/subscriptions";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { OperationTypeNode } from "graphql";
import { createClient, type Client as SocketClient } from "graphql-ws";
import { filter, lastValueFrom, map, type Observable, take, tap, toArray } from "rxjs";
import { cacheExchange, type ExecutionResult, fetchExchange, subscriptionExchange, Client as UrqlClient } from "urql";
import { WebSocket } from "ws";
import { createTestDatabase, type TestDatabase } from "../support/database";
import { ask, fundedWallet, SPEND } from "./graphql-request";
import { type Demo, type ServerProcess, startServerProcess } from "./server-process";

const BALANCE = "query Balance($id: ID!) { wallet(id: $id) { id balance { available } } }";
const SPEND_AND_SHOW = `mutation Spend($input: SpendInput!) {
  spend(input: $input) { transaction { id sequence } wallet { id balance { available } } refusal { __typename code message } }
}`;
const LIVE_BALANCE = "subscription Live($id: ID!) { walletBalance(walletId: $id) { wallet { id balance { available } } } }";
const LIVE_TRANSACTIONS =
  "subscription Log($id: ID!, $after: String) { walletTransactions(walletId: $id, after: $after) { id sequence } }";

let database: TestDatabase;
let server: ServerProcess;
let demo: Demo;

beforeAll(async () => {
  database = await createTestDatabase();
  server = await startServerProcess({ DATABASE_URL: database.url, DEMO: "true" });
  demo = server.demo;
});

afterAll(async () => {
  await server.stop();
  await database.drop();
});

function socketTo(url: string, key: string): SocketClient {
  return createClient({
    url: url.replace(/^http/, "ws"),
    webSocketImpl: WebSocket,
    connectionParams: { authorization: `Bearer ${key}` },
    retryAttempts: 10,
    shouldRetry: () => true,
  });
}

async function spendOne(walletId: string, key: string): Promise<void> {
  await ask(demo.url, demo.serviceKey, SPEND, { input: { walletId, amount: "1", idempotencyKey: key } });
}

/** The first so many values; `act` is done as soon as there is one. */
async function firstOf<T, R>(
  told: Observable<T>,
  count: number,
  read: (value: T) => R,
  act: () => Promise<unknown>,
): Promise<R[]> {
  const acting: Promise<unknown>[] = [];
  const values = told.pipe(
    map(read),
    tap(() => {
      if (acting.length === 0) acting.push(act());
    }),
    take(count),
    toArray(),
  );
  const seen = await lastValueFrom(values);
  await Promise.all(acting);
  return seen;
}

describe("Apollo Client 4", () => {
  let socket: SocketClient;
  let client: ApolloClient;

  beforeAll(() => {
    socket = socketTo(demo.url, demo.serviceKey);
    const http = new HttpLink({ uri: demo.url, headers: { authorization: `Bearer ${demo.serviceKey}` } });
    const link = ApolloLink.split(
      (operation) => operation.operationType === OperationTypeNode.SUBSCRIPTION,
      new GraphQLWsLink(socket),
      http,
    );
    client = new ApolloClient({ link, cache: new InMemoryCache() });
  });

  afterAll(async () => {
    client.stop();
    await socket.dispose();
  });

  test("a mutation's payload updates the watched query by itself, through the normalized cache", async () => {
    const id = await fundedWallet(demo, "apollo", "100");
    const watched = client.watchQuery<{ wallet: { balance: { available: string } } }>({ query: gql(BALANCE), variables: { id } });
    const told = watched.pipe(filter(({ dataState }) => dataState === "complete"));
    const spendOnce = () =>
      client.mutate({
        mutation: gql(SPEND_AND_SHOW),
        variables: { input: { walletId: id, amount: "30", idempotencyKey: "apollo-1" } },
      });
    const seen = await firstOf(told, 2, ({ data }) => data?.wallet?.balance?.available, spendOnce);
    expect(seen).toEqual(["100", "70"]);
  });

  test("a subscription tells the present balance at once and then each newer one, into the same cache entry", async () => {
    const id = await fundedWallet(demo, "apollo-live", "100");
    const told = client.subscribe<{ walletBalance: { wallet: { balance: { available: string } } } }>({
      query: gql(LIVE_BALANCE),
      variables: { id },
    });
    const spendOnce = () => spendOne(id, "apollo-live-1");
    const seen = await firstOf(told, 2, ({ data }) => data?.walletBalance.wallet.balance.available, spendOnce);
    expect(seen).toEqual(["100", "99"]);
    expect(client.cache.extract()).toMatchObject({ [`Wallet:${id}`]: { balance: { available: "99" } } });
  });
});

describe("urql", () => {
  let socket: SocketClient;
  let client: UrqlClient;

  beforeAll(() => {
    socket = socketTo(demo.url, demo.serviceKey);
    client = new UrqlClient({
      url: demo.url,
      preferGetMethod: false,
      fetchOptions: { headers: { authorization: `Bearer ${demo.serviceKey}` } },
      exchanges: [
        cacheExchange,
        fetchExchange,
        subscriptionExchange({
          forwardSubscription: (operation) => ({
            subscribe: (sink) => ({
              unsubscribe: socket.subscribe(
                { query: operation.query ?? "", variables: operation.variables ?? {} },
                { ...sink, next: (result) => sink.next(result as ExecutionResult) },
              ),
            }),
          }),
        }),
      ],
    });
  });

  afterAll(() => socket.dispose());

  test("a mutation refreshes the queries that show its wallet, and a subscription follows", async () => {
    const id = await fundedWallet(demo, "urql", "100");
    const balances: string[] = [];
    const first = await client.query(BALANCE, { id }).toPromise();
    balances.push(first.data.wallet.balance.available);
    const spent = await client
      .mutation(SPEND_AND_SHOW, { input: { walletId: id, amount: "30", idempotencyKey: "urql-1" } })
      .toPromise();
    expect(spent.error).toBeUndefined();
    balances.push((await client.query(BALANCE, { id }).toPromise()).data.wallet.balance.available);
    const live = await new Promise<string>((done) => {
      const { unsubscribe } = client.subscription(LIVE_BALANCE, { id }).subscribe((result) => {
        done(result.data.walletBalance.wallet.balance.available);
        queueMicrotask(() => unsubscribe());
      });
    });
    expect([...balances, live]).toEqual(["100", "70", "70"]);
  });
});

test("a subscriber whose socket breaks resumes with the last sequence it saw, misses nothing and sees nothing twice", async () => {
  const id = await fundedWallet(demo, "resumed", "1000");
  const socket = socketTo(demo.url, demo.serviceKey);
  const seen: number[] = [];
  const spends = 200;
  const spending = (async () => {
    for (let count = 0; count < spends; count++) await spendOne(id, `resumed-${count}`);
  })();
  // The grant is the first transaction, the spends follow.
  while (seen.length < spends + 1) {
    const after = String(seen.at(-1) ?? 0);
    const results = socket.iterate<{ walletTransactions: { sequence: string } }>({
      query: LIVE_TRANSACTIONS,
      variables: { id, after },
    });
    let here = 0;
    for await (const result of results) {
      seen.push(Number(result.data?.walletTransactions.sequence));
      here += 1;
      if (here === 37 || seen.length === spends + 1) break;
    }
    socket.terminate();
  }
  await spending;
  await socket.dispose();
  expect(seen).toEqual(Array.from({ length: spends + 1 }, (_, index) => index + 1));
});
