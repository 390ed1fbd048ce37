import { type WalletKey, walletId } from "../../src/wallet";
import { nextKey } from "../engine";
import { drive } from "./drive";
import { addPast } from "./filler";
import { HttpConnection } from "./http-client";
import { type ServerProcess, startProduct } from "./server";
import { makeKey, makeWallets, pick, type Stage } from "./stage";

/** What a server does all day: 70 % spends, 10 % holds with their captures, 10 % quotes, 5 % balances, 5 % histories; over HTTP. */

const DOCUMENTS = {
  spend: `mutation ($input: SpendInput!) {
    spend(input: $input) { replayed transaction { id sequence amount } wallet { id balance { available } } refusal { code } }
  }`,
  hold: `mutation ($input: HoldCreditsInput!) {
    holdCredits(input: $input) { hold { id amount expiresAt } wallet { id balance { available held } } refusal { code } }
  }`,
  capture: `mutation ($input: CaptureHoldInput!) {
    captureHold(input: $input) { transaction { id amount } wallet { id balance { available held } } refusal { code } }
  }`,
  quote: `query ($input: QuoteInput!) {
    quote(input: $input) { affordable allocations { amount reason grant { id kind } } balanceAfter { available } }
  }`,
  balance: "query ($id: ID!) { wallet(id: $id) { id balance { available held pending debt } } }",
  history: `query ($id: ID!) {
    wallet(id: $id) { transactions(last: 25) {
      edges { node { id sequence type amount operation effectiveAt entries { amount grant { id } } } } pageInfo { startCursor }
    } }
  }`,
} as const;

export type Verb = keyof typeof DOCUMENTS;
export const VERBS = Object.keys(DOCUMENTS) as readonly Verb[];

/** Of twenty turns: what each is for. A hold's turn is two requests, the second for its capture. */
const TURNS: readonly Verb[] = [...Array<Verb>(14).fill("spend"), "hold", "hold", "quote", "quote", "balance", "history"];

/** Milliseconds that each request took, in the order in which they were answered. */
export type Tally = Readonly<Record<Verb, number[]>>;

export class Mix {
  #tally = emptyTally();

  private constructor(
    readonly server: ServerProcess,
    private readonly wallets: readonly WalletKey[],
    private readonly connections: readonly HttpConnection[],
  ) {}

  /** A server, wallets with some history behind them, and so many connections. */
  static async open(stage: Stage, wallets: number, connections: number): Promise<Mix> {
    const keys = await makeWallets(stage, wallets);
    const now = stage.core.clock.now();
    await addPast(
      stage,
      keys.map((key) => ({ key, spends: 40 })),
      now,
      now,
    );
    const authorization = `Bearer ${await makeKey(stage.core, "SERVICE")}`;
    const server = await startProduct(stage.url);
    const open = Array.from({ length: connections }, () => HttpConnection.open(server.url, authorization));
    return new Mix(server, keys, await Promise.all(open));
  }

  /** Lets all connections ask, one request at a time on each. */
  async run(seconds: number): Promise<Tally> {
    this.#tally = emptyTally();
    const idle = [...this.connections];
    const load = { inFlight: this.connections.length, warmUpSeconds: 0, seconds, cpu: () => null };
    await drive(load, async () => {
      const connection = idle.pop() as HttpConnection;
      await this.#turn(connection, turns++);
      idle.push(connection);
    });
    return this.#tally;
  }

  async close(): Promise<void> {
    for (const connection of this.connections) connection.close();
    await this.server.stop();
  }

  async #turn(connection: HttpConnection, turn: number): Promise<void> {
    const verb = TURNS[turn % TURNS.length] as Verb;
    const id = walletId(pick(this.wallets, turn));
    const use = { walletId: id, amount: "1", operation: "chat.completion" };
    if (verb === "spend") await this.#ask(connection, verb, { input: { ...use, idempotencyKey: nextKey() } });
    else if (verb === "quote") await this.#ask(connection, verb, { input: use });
    else if (verb !== "hold") await this.#ask(connection, verb, { id });
    else {
      const held = await this.#ask(connection, verb, { input: { ...use, idempotencyKey: nextKey() } });
      const [, holdId] = /"hold":\{"id":"([^"]+)"/.exec(held) ?? [];
      await this.#ask(connection, "capture", { input: { holdId, idempotencyKey: nextKey() } });
    }
  }

  async #ask(connection: HttpConnection, verb: Verb, variables: object): Promise<string> {
    const sent = performance.now();
    const answer = await connection.send(JSON.stringify({ query: DOCUMENTS[verb], variables }));
    this.#tally[verb].push(performance.now() - sent);
    if (answer.includes('"errors"') || answer.includes('"refusal":{')) throw new Error(answer.slice(0, 500));
    return answer;
  }
}

/** Goes on over all runs: a wallet's turn comes with every kind of request. */
let turns = 0;

function emptyTally(): Tally {
  return { spend: [], hold: [], capture: [], quote: [], balance: [], history: [] };
}
