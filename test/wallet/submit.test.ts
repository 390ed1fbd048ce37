import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { Client } from "pg";
import { Unavailable } from "../../src/platform/unavailable";
import type { Answer } from "../../src/wallet/answer";
import type { Command } from "../../src/wallet/model/commands";
import type { WalletKey } from "../../src/wallet/model/types";
import { openWallet } from "../../src/wallet/open";
import { audit } from "../../src/wallet/store/audit.reads";
import { readTransactions, readWallets } from "../../src/wallet/store/wallet.reads";
import { submit } from "../../src/wallet/submit";
import {
  addCreditType,
  addWallet,
  adjustOf,
  at,
  captureOf,
  createTestCore,
  done,
  grantOf,
  holdOf,
  ManualClock,
  overdraftOf,
  refundOf,
  releaseOf,
  spendOf,
  type TestCore,
  transferOf,
  voidOf,
} from "../support/core";
import { createTestDatabase, type TestDatabase } from "../support/database";
import { OPERATOR } from "../support/operator";

let database: TestDatabase;
let core: TestCore;
/** A second server on the same database. */
let other: TestCore;
let creditType: number;

beforeAll(async () => {
  database = await createTestDatabase();
  core = await createTestCore(database.url);
  other = await createTestCore(database.url, { clock: core.clock });
  creditType = await addCreditType(core.pool, "credits");
});

afterAll(async () => {
  await core.stop();
  await other.stop();
  await database.drop();
});

async function walletWith(...amounts: readonly bigint[]): Promise<WalletKey> {
  const key = await addWallet(core, creditType);
  for (const amount of amounts) await done(submit(core, key, grantOf(amount)));
  return key;
}

function count(answers: readonly Answer[], status: Answer["status"]): number {
  return answers.filter((answer) => answer.status === status).length;
}

async function stored(key: WalletKey) {
  const [wallet] = await readWallets(core.pool, [key], core.clock.now());
  return wallet;
}

async function expectSound(key: WalletKey): Promise<void> {
  expect(await audit(core.pool, key)).toEqual([]);
}

describe("a command", () => {
  test("is written with its entries, and answered with the wallet and the grants as they are then", async () => {
    const key = await walletWith(60n, 60n);
    const answer = await done(submit(core, key, spendOf(100n)));
    expect(answer).toMatchObject({ replayed: false, transaction: { sequence: 3, type: "SPEND", amount: 100n } });
    expect(answer.grants.map((grant) => grant.pots.AVAILABLE)).toEqual([0n, 20n]);
    expect(await stored(key)).toMatchObject({ sequence: 3, balance: answer.wallet.balance, hash: answer.transaction.hash });
    expect(core.published).toContainEqual({ ...key, sequence: 3 });
  });

  test("that is refused writes nothing, and its key is free again", async () => {
    const key = await walletWith(10n);
    const spend = spendOf(11n);
    expect(await submit(core, key, spend)).toMatchObject({
      status: "refused",
      refusal: { code: "INSUFFICIENT_CREDITS", shortfall: 1n },
    });
    expect(await stored(key)).toMatchObject({ sequence: 1 });
    await done(submit(core, key, grantOf(1n)));
    expect(await done(submit(core, key, spend))).toMatchObject({ replayed: false });
  });

  test("on a wallet that does not exist is answered as absent", async () => {
    const { accountId } = await walletWith();
    expect(await submit(core, { accountId, creditTypeId: 4711 }, spendOf(1n))).toEqual({ status: "absent" });
  });

  test("of every sort is written and read back as it was decided", async () => {
    const key = await walletWith(100n);
    const receiver = await walletWith();
    const later = core.clock.now() + 60_000_000n;
    const { transaction: held } = await done(submit(core, key, holdOf(30n, later)));
    const commands: Command[] = [
      captureOf(held.sequence, 10n, { final: false }),
      { ...releaseOf(held.sequence), type: "extend", hold: held.sequence, expires: { at: later + 1n } } as Command,
      captureOf(held.sequence, 25n, { allowExcess: true }),
      grantOf(50n, {
        kind: "PLAN",
        repaysDebt: true,
        expiresAt: at("2027-01-01T00:00:00Z"),
        scope: { operations: ['image.*"\\', "a,b"], apps: [] },
        costBasis: { amount: "12.50", currency: "EUR" },
        rollover: { percent: 50, maximum: 7n, period: "P1M", periods: 2 },
        source: "a {plan}",
        metadata: { z: [1, null], a: 'ü\\"' },
      }),
      overdraftOf(40n),
      spendOf(100n, { description: "too much", metadata: { b: 1, a: 2 }, operation: 'image.*"\\' }),
      adjustOf(5n),
      adjustOf(-2n),
      grantOf(20n, { effectiveAt: later }),
      voidOf(5),
      transferOf(receiver, 1n),
    ];
    for (const command of commands) {
      const { wallet } = await done(submit(core, key, command));
      expect(await stored(key)).toMatchObject({ sequence: wallet.sequence, balance: wallet.balance, hash: wallet.hash });
    }
    const { transaction: spent } = await done(submit(core, key, spendOf(2n)));
    await done(submit(core, key, refundOf(spent.sequence, 1n)));
    await done(submit(core, key, refundOf(spent.sequence)));
    const { transaction: again } = await done(submit(core, key, holdOf(1n, later)));
    expect(await done(submit(core, key, releaseOf(again.sequence)))).toMatchObject({
      hold: { status: "RELEASED", released: 1n },
    });
    await expectSound(key);
    await expectSound(receiver);
  });

  test("finds a wallet caught up, and a refused one keeps what the catch-up wrote", async () => {
    const key = await walletWith();
    const expiresAt = core.clock.now() + 1_000_000n;
    await done(submit(core, key, grantOf(10n, { expiresAt })));
    core.clock.set(expiresAt);
    expect(await submit(core, key, spendOf(1n))).toMatchObject({ status: "refused", wallet: { sequence: 2 } });
    expect(await stored(key)).toMatchObject({ sequence: 2, balance: { available: 0n } });
    await expectSound(key);
  });
});

describe("an idempotency key", () => {
  test("answers the first transaction for ever, with the wallet as it is now", async () => {
    const key = await walletWith(100n);
    const spend = spendOf(10n);
    const first = await done(submit(core, key, spend));
    await done(submit(core, key, spendOf(5n)));
    const again = await done(submit(other, key, spend));
    expect(again).toMatchObject({ replayed: true, transaction: { sequence: first.transaction.sequence, amount: 10n } });
    expect(Buffer.from(again.transaction.hash)).toEqual(Buffer.from(first.transaction.hash));
    expect(again.wallet.balance.available).toBe(85n);
    expect(again.grants[0]?.pots.AVAILABLE).toBe(85n);
  });

  test("with other input is told the field that differs", async () => {
    const key = await walletWith(100n);
    await done(submit(core, key, spendOf(10n, { idempotencyKey: "once" })));
    const answer = await submit(core, key, spendOf(11n, { idempotencyKey: "once" }));
    expect(answer).toEqual({ status: "mismatch", key, sequence: 2, field: "amount" });
    expect(await submit(core, key, grantOf(10n, {}, "once"))).toMatchObject({ status: "mismatch", field: "mutation" });
  });

  test("is one over all wallets of an account", async () => {
    const key = await walletWith(100n);
    const second = { ...key, creditTypeId: await addCreditType(core.pool, "images") };
    await openWallet(core, second.accountId, second.creditTypeId, OPERATOR);
    await done(submit(core, key, grantOf(10n, {}, "everywhere")));
    const answer = await submit(core, second, grantOf(10n, {}, "everywhere"));
    expect(answer).toMatchObject({ status: "mismatch", key, field: "wallet" });
  });

  test("used twice in one batch is done once; with other input the second is told so", async () => {
    const key = await walletWith(100n);
    const [first, second, third] = await Promise.all([
      submit(core, key, spendOf(10n, { idempotencyKey: "batch" })),
      submit(core, key, spendOf(10n, { idempotencyKey: "batch" })),
      submit(core, key, spendOf(20n, { idempotencyKey: "batch" })),
    ]);
    expect(first).toMatchObject({ status: "done", replayed: false });
    expect(second).toMatchObject({ status: "done", replayed: true, transaction: { sequence: 2 } });
    expect(third).toMatchObject({ status: "mismatch", sequence: 2, field: "amount" });
  });

  test("sent 50 times at once to two servers makes one transaction and 50 equal answers", async () => {
    const key = await walletWith(100n);
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, index) =>
        done(submit(index % 2 ? core : other, key, spendOf(1n, { idempotencyKey: "fifty" }))),
      ),
    );
    expect(new Set(answers.map((answer) => answer.transaction.sequence))).toEqual(new Set([2]));
    expect(answers.filter((answer) => !answer.replayed)).toHaveLength(1);
    expect(await stored(key)).toMatchObject({ sequence: 2, balance: { available: 99n } });
  });

  test("sent at once for two wallets of an account by two servers is used once", async () => {
    const key = await walletWith(100n);
    const second = { ...key, creditTypeId: await addCreditType(core.pool, "texts") };
    await openWallet(core, second.accountId, second.creditTypeId, OPERATOR);
    for (let round = 0; round < 10; round++) {
      const idempotencyKey = `round-${round}`;
      const answers = await Promise.all([
        submit(core, key, grantOf(1n, {}, idempotencyKey)),
        submit(other, second, grantOf(1n, {}, idempotencyKey)),
      ]);
      expect(answers.map((answer) => answer.status).toSorted()).toEqual(["done", "mismatch"]);
    }
  });
});

describe("many at once", () => {
  test("on one wallet with 1,000 credits, from two servers: exactly 1,000 of 1,500 spends succeed", async () => {
    const key = await walletWith(400n, 600n);
    const answers = await Promise.all(
      Array.from({ length: 1_500 }, (_, index) => submit(index % 2 ? core : other, key, spendOf(1n))),
    );
    expect([count(answers, "done"), count(answers, "refused")]).toEqual([1_000, 500]);
    expect(await stored(key)).toMatchObject({ sequence: 1_002, balance: { available: 0n } });
    await expectSound(key);
  });

  test("transfers both ways between wallets, from two servers, all succeed and lose nothing", async () => {
    const keys = await Promise.all([walletWith(1_000n), walletWith(1_000n), walletWith(1_000n)]);
    const answers = await Promise.all(
      Array.from({ length: 300 }, (_, index) => {
        const [giver, receiver] = [keys[index % 3], keys[(index + 1 + (index % 2)) % 3]] as [WalletKey, WalletKey];
        return submit(index % 2 ? core : other, giver, transferOf(receiver, 1n));
      }),
    );
    expect(count(answers, "done")).toBe(300);
    const wallets = await readWallets(core.pool, keys, core.clock.now());
    expect(wallets.reduce((sum, wallet) => sum + (wallet?.balance.available ?? 0n), 0n)).toBe(3_000n);
    for (const key of keys) await expectSound(key);
  });

  test("a transfer is answered with both sides, also when it is repeated", async () => {
    const [giver, receiver] = [await walletWith(10n), await walletWith()] as const;
    const gift = transferOf(receiver, 4n, "gift");
    const first = await done(submit(core, giver, gift));
    const again = await done(submit(core, giver, gift));
    for (const answer of [first, again]) {
      expect(answer).toMatchObject({
        transaction: { type: "TRANSFER", counterpart: { ...receiver, sequence: 1 } },
        wallet: { balance: { available: 6n } },
        counterpart: { wallet: { balance: { available: 4n } }, transaction: { sequence: 1 }, grants: [{ kind: "GIFT" }] },
      });
    }
    expect(await submit(core, giver, transferOf({ ...receiver, creditTypeId: 4711 }, 1n))).toEqual({ status: "absent" });
  });

  test("a transfer by a server whose clock is behind releases what falls due in the receiver's wallet until the giver's time", async () => {
    const clock = new ManualClock(core.clock.now());
    const ahead = await createTestCore(database.url, { clock });
    const [giver, receiver] = [await walletWith(10n), await walletWith(10n)] as const;
    const due = core.clock.now() + 1_000_000n;
    await done(submit(core, receiver, holdOf(5n, due)));
    clock.set(due + 1_000_000n);
    await done(submit(ahead, giver, spendOf(1n)));
    await done(submit(core, giver, transferOf(receiver, 4n)));
    const [released, received] = await readTransactions(core.pool, [
      { key: receiver, number: 3 },
      { key: receiver, number: 4 },
    ]);
    expect(released).toMatchObject({ type: "RELEASE", effectiveAt: due });
    expect(received).toMatchObject({ type: "TRANSFER", effectiveAt: due + 1_000_000n, balance: { available: 14n, held: 0n } });
    await expectSound(receiver);
    await ahead.stop();
  });
});

describe("a batch that takes long to decide", () => {
  /** Every look at it takes a tenth of a second. */
  class SlowClock extends ManualClock {
    override now(): bigint {
      this.set(super.now() + 100_000n);
      return super.now();
    }
  }

  test("is written in parts, in the order of arrival, and each part sees those before", async () => {
    const key = await walletWith(10n);
    const slow = await createTestCore(database.url, { clock: new SlowClock(core.clock.now()), lanes: 1 });
    const keys = Array.from({ length: 20 }, (_, index) => `part ${index % 12}`);
    const answers = await Promise.all(keys.map((idempotencyKey) => submit(slow, key, spendOf(1n, { idempotencyKey }))));
    await slow.stop();
    expect(slow.published.map(({ sequence }) => sequence)).toEqual([6, 11]);
    const told = answers.map((answer) => (answer.status === "done" ? answer.transaction.sequence : answer.status));
    expect(told).toEqual([2, 3, 4, 5, 6, 7, 8, 9, 10, 11, "refused", "refused", 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(answers.map((answer) => answer.status === "done" && answer.replayed)).toEqual(keys.map((_, index) => index >= 12));
    expect(await audit(core.pool, key)).toEqual([]);
  });
});

describe("a command that the database cannot store", () => {
  test("harms no neighbour of its batch", async () => {
    const key = await walletWith(100n);
    const poisoned = spendOf(1n, { metadata: { text: "\u0000" } });
    const batch = [spendOf(1n), poisoned, spendOf(1n), spendOf(1n), poisoned, spendOf(1n)];
    const answers = await Promise.allSettled(batch.map((command) => submit(core, key, command)));
    expect(answers.map((answer) => answer.status)).toEqual([
      "fulfilled",
      "rejected",
      "fulfilled",
      "fulfilled",
      "rejected",
      "fulfilled",
    ]);
    expect(await stored(key)).toMatchObject({ sequence: 5, balance: { available: 96n } });
    await expectSound(key);
  });

  test("nor one that the core cannot decide", async () => {
    const key = await walletWith(100n);
    const absurd = { ...spendOf(1n), type: "nonsense" } as unknown as Command;
    const answers = await Promise.allSettled([submit(core, key, absurd), submit(core, key, spendOf(1n))]);
    expect(answers.map((answer) => answer.status)).toEqual(["rejected", "fulfilled"]);
  });
});

describe("a wallet that somebody else keeps locked", () => {
  /** Keeps a wallet locked, as a server that froze in the middle of a transaction does. */
  async function lock({ accountId, creditTypeId }: WalletKey): Promise<() => Promise<unknown>> {
    const client = new Client({ connectionString: database.url });
    await client.connect();
    await client.query("BEGIN");
    await client.query("SELECT 1 FROM wallets WHERE account_id = $1 AND credit_type_id = $2 FOR UPDATE", [
      accountId,
      creditTypeId,
    ]);
    return () => client.end();
  }

  test("makes its batch wait once, however much of it is for that wallet, and no neighbour fails", async () => {
    const [locked, free] = [await walletWith(100n), await walletWith(100n)] as const;
    const unlock = await lock(locked);
    const began = performance.now();
    const answers = await Promise.allSettled([
      ...Array.from({ length: 32 }, () => submit(core, locked, spendOf(1n))),
      submit(core, free, spendOf(1n)),
      submit(core, free, transferOf(locked, 1n)),
      submit(core, free, spendOf(1n)),
      submit(core, { accountId: locked.accountId, creditTypeId: 4711 }, spendOf(1n)),
    ]);
    const waited = performance.now() - began;
    await unlock();
    const turnedAway = answers.filter((answer) => answer.status === "rejected");
    expect(turnedAway.every(({ reason }) => reason instanceof Unavailable && reason.retryAfterSeconds === 1)).toBe(true);
    expect(turnedAway).toHaveLength(33);
    expect(answers.flatMap((answer) => (answer.status === "fulfilled" ? [answer.value.status] : []))).toEqual([
      "done",
      "done",
      "absent",
    ]);
    // A wait for a lock ends after 2 s: the first item may be a batch of its own, and the others are the second.
    expect(waited).toBeLessThan(8_000);
    expect(await stored(free)).toMatchObject({ sequence: 3, balance: { available: 98n } });
    expect(await done(submit(core, locked, spendOf(1n)))).toMatchObject({ transaction: { sequence: 2 } });
    await expectSound(locked);
  }, 30_000);
});

test("the whole database is sound after all this", async () => {
  expect(await audit(core.pool)).toEqual([]);
});

test("what was done before is answered by the clock of whoever asks, though another one asked first on the same connections", async () => {
  const server = await createTestCore(database.url, { clock: core.clock });
  const key = await addWallet(server, creditType);
  const expiresAt = server.clock.now() + 60_000_000n;
  const command = grantOf(5n, { expiresAt });
  await done(submit(server, key, command));
  const past = { ...server, clock: new ManualClock(server.clock.now()) };
  server.clock.set(expiresAt);
  const [then, now] = [await done(submit(past, key, command)), await done(submit(server, key, command))];
  await server.stop();
  expect([then, now].map(({ replayed }) => replayed)).toEqual([true, true]);
  expect([then, now].map(({ grants }) => grants[0]?.pots.EXPIRED)).toEqual([0n, 5n]);
});
