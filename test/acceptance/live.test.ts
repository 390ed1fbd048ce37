import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { createTestDatabase, type TestDatabase } from "../support/database";
import { ToySocket } from "../support/toy-socket";
import { ask, fundedWallet, SPEND } from "./graphql-request";
import { type ServerProcess, startServerProcess } from "./server-process";

/** Two servers on one database: what one of them does reaches those who are subscribed at the other. */

let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
});

afterAll(() => database.drop());

type Told = Readonly<Record<string, unknown>>;

/** One who is subscribed to one of the things that can be told of a wallet. */
class Follower {
  private constructor(
    private readonly socket: ToySocket,
    private readonly name: string,
  ) {}

  static async of({ demo }: ServerProcess, walletId: string, name: string, fields: string): Promise<Follower> {
    const socket = await ToySocket.as(demo, demo.serviceKey);
    const after = name === "walletBalance" ? "" : ', after: "0"';
    socket.subscribe(name, `subscription { ${name}(walletId: "${walletId}"${after}) { ${fields} } }`);
    return new Follower(socket, name);
  }

  /** What is told next. */
  async next(): Promise<Told> {
    const { payload } = await this.socket.expect("next");
    return (payload as { readonly data: Readonly<Record<string, Told>> }).data[this.name] ?? {};
  }

  leave(): Promise<void> {
    return this.socket.close();
  }
}

/** Followers of a wallet's balance, transactions and alerts. */
function followersOf(server: ServerProcess, walletId: string): Promise<[Follower, Follower, Follower]> {
  return Promise.all([
    Follower.of(server, walletId, "walletBalance", "balance { available held }"),
    Follower.of(server, walletId, "walletTransactions", "type amount"),
    Follower.of(server, walletId, "walletAlerts", "type"),
  ]);
}

/** Started at once, on a database that is new at the first time: each needs what the other makes. */
function twoServers(environment: Record<string, string>): Promise<[ServerProcess, ServerProcess]> {
  const settings = { DATABASE_URL: database.url, DEMO: "true", ...environment };
  return Promise.all([startServerProcess(settings), startServerProcess(settings)]);
}

function spend({ demo }: ServerProcess, walletId: string, amount: string): Promise<unknown> {
  return ask(demo.url, demo.serviceKey, SPEND, { input: { walletId, amount, idempotencyKey: `live ${amount}` } });
}

describe.each([
  ["by a hint, when the next poll is a minute away", { POLL_MILLISECONDS: "60000" }],
  ["by the poll, when there are no hints", { LIVE_HINTS: "false", POLL_MILLISECONDS: "50" }],
] as const)("what one server does is told by another %s", (how, environment) => {
  let servers: readonly [ServerProcess, ServerProcess];

  beforeAll(async () => {
    servers = await twoServers(environment);
  });

  afterAll(() => Promise.all(servers.map((server) => server.stop())));

  test("a spend, to those who follow the balance, the transactions and the alerts", async () => {
    const [here, there] = servers;
    const walletId = await fundedWallet(here.demo, `told ${how}`, "100");
    const followers = await followersOf(there, walletId);
    const [balance, transactions, alerts] = followers;
    expect(await balance.next()).toEqual({ balance: { available: "100", held: "0" } });
    expect(await transactions.next()).toEqual({ type: "GRANT", amount: "100" });
    await spend(here, walletId, "30");
    expect(await balance.next()).toEqual({ balance: { available: "70", held: "0" } });
    expect(await transactions.next()).toEqual({ type: "SPEND", amount: "30" });
    await spend(here, walletId, "70");
    expect(await balance.next()).toEqual({ balance: { available: "0", held: "0" } });
    expect(await transactions.next()).toEqual({ type: "SPEND", amount: "70" });
    expect(await alerts.next()).toEqual({ type: "DEPLETED" });
    await Promise.all(followers.map((follower) => follower.leave()));
  });

  test("a hold and a grant that end by themselves, without anyone's doing anything", async () => {
    const [here, there] = servers;
    const walletId = await fundedWallet(here.demo, `due ${how}`, "100");
    const { url, adminKey } = here.demo;
    const ends = new Date(Date.now() + 2_000).toISOString();
    await ask(
      url,
      adminKey,
      `mutation ($hold: HoldCreditsInput!, $grant: GrantCreditsInput!) {
        holdCredits(input: $hold) { transaction { id } } grantCredits(input: $grant) { transaction { id } } }`,
      {
        hold: { walletId, amount: "40", expiresAt: ends, idempotencyKey: "held" },
        grant: { walletId, amount: "5", kind: "PROMO", expiresAt: ends, idempotencyKey: "given" },
      },
    );
    const followers = await followersOf(there, walletId);
    const [balance, transactions] = followers;
    expect(await balance.next()).toEqual({ balance: { available: "65", held: "40" } });
    for (const type of ["GRANT", "HOLD", "GRANT"]) expect(await transactions.next()).toMatchObject({ type });
    expect(await transactions.next()).toEqual({ type: "RELEASE", amount: "40" });
    expect(await transactions.next()).toEqual({ type: "EXPIRE", amount: "5" });
    expect(await balance.next()).toEqual({ balance: { available: "100", held: "0" } });
    expect(Date.now() - Date.parse(ends)).toBeLessThan(5_000);
    await Promise.all(followers.map((follower) => follower.leave()));
  });
});
