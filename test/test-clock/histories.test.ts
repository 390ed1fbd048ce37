import { afterAll, beforeAll, expect, test } from "@jest/globals";
import fc from "fast-check";
import type { Instant } from "../../src/core/time";
import { nextDueAt } from "../../src/wallet/model/catch-up";
import type { WalletCommand } from "../../src/wallet/model/commands";
import type { Transaction, Wallet, WalletKey } from "../../src/wallet/model/types";
import { audit } from "../../src/wallet/store/audit.reads";
import { readWallets } from "../../src/wallet/store/wallet.reads";
import { submit } from "../../src/wallet/submit";
import { addCreditType, createTestCore, type TestCore } from "../support/core";
import { createTestDatabase, type TestDatabase } from "../support/database";
import { ACTS, type Scene } from "../support/histories/acts";
import { Dice } from "../support/histories/dice";
import { History } from "../support/history";
import { addClockedWallet, pass } from "./clocks";
import { alertsOf, logOf } from "./logs";

/** Random histories of an account on a test clock: what two servers write of them is what the pure rules say, to the hash. */

const HOUR = 3_600_000_000n;
const { transfer: _betweenTwo, ...OWN_ACTS } = ACTS;

let database: TestDatabase;
let servers: readonly [TestCore, TestCore];
let creditType: number;

beforeAll(async () => {
  database = await createTestDatabase();
  const core = await createTestCore(database.url);
  servers = [core, await createTestCore(database.url, { clock: core.clock })];
  creditType = await addCreditType(core.pool, "credits");
});

afterAll(async () => {
  expect(await audit(servers[0].pool)).toEqual([]);
  for (const server of servers) await server.stop();
  await database.drop();
});

/** A wallet as it is stored, beside the same history as it is in memory. */
class Twin {
  private constructor(
    readonly key: WalletKey,
    private readonly history: History,
    private time: Instant,
  ) {}

  static async make(): Promise<Twin> {
    const [core] = servers;
    const key = await addClockedWallet(core, creditType);
    const [opened] = await readWallets(core.pool, [key], core.clock.now());
    return new Twin(key, new History(opened as Wallet), core.clock.now());
  }

  async step(seed: number): Promise<void> {
    const dice = new Dice(seed);
    if (dice.chance(25)) await this.#advance(dice);
    else await this.#act(dice);
  }

  async #advance(dice: Dice): Promise<void> {
    const due = nextDueAt(this.history.wallet) ?? this.time;
    const to = dice.of(due - 1n, due, this.time + dice.between(1n, 100n) * HOUR, this.time + dice.between(10n, 60n) * 24n * HOUR);
    this.time = to > this.time ? to : this.time;
    await pass(dice.of(...servers), this.key, this.time);
    this.history.setTestClock(this.time);
    this.history.catchUp(servers[0].clock.now());
  }

  async #act(dice: Dice): Promise<void> {
    const { wallet } = this.history;
    const scene: Scene = { dice, wallet, now: wallet.clockAt, friend: wallet, stranger: wallet };
    const act = dice.one(Object.values(OWN_ACTS)) as (scene: Scene) => WalletCommand;
    const command = act(scene);
    const answer = await submit(dice.of(...servers), this.key, command);
    const outcome = this.history.act(command, servers[0].clock.now());
    expect(answer).toMatchObject(outcome.refused ? { status: "refused", refusal: outcome.refusal } : { status: "done" });
  }

  async expectSame(): Promise<void> {
    const [{ pool }] = servers;
    const hashes = (log: readonly Transaction[]) => log.map(({ hash }) => Buffer.from(hash).toString("hex"));
    expect(hashes(await logOf(pool, this.key))).toEqual(hashes(this.history.transactions));
    expect(await alertsOf(pool, this.key)).toMatchObject(this.history.alerts);
  }
}

test("are written as the rules say, whatever is done and however the clock is advanced", async () => {
  const seeds = fc.array(fc.nat({ max: 0x7fffffff }), { minLength: 40, maxLength: 40 });
  await fc.assert(
    fc.asyncProperty(seeds, async (steps) => {
      const twin = await Twin.make();
      for (const seed of steps) await twin.step(seed);
      await twin.expectSame();
    }),
    { numRuns: 12 },
  );
});
