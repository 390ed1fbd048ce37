import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import type { Instant } from "../../src/core/time";
import { parseFactor, type Unit } from "../../src/core/unit";
import { inTransaction } from "../../src/platform/transaction";
import { Unavailable } from "../../src/platform/unavailable";
import type { Command } from "../../src/wallet/model/commands";
import type { WalletKey } from "../../src/wallet/model/types";
import { redenominate, withdrawRedenomination } from "../../src/wallet/redenominate";
import { audit } from "../../src/wallet/store/audit.reads";
import { submit } from "../../src/wallet/submit";
import { setThreshold } from "../../src/wallet/thresholds";
import { assertUnit, unitsNow } from "../../src/wallet/units";
import { transferOf } from "../support/commands";
import {
  addCreditType,
  addWallet,
  createTestCore,
  done,
  grantOf,
  holdOf,
  ManualClock,
  spendOf,
  type TestCore,
} from "../support/core";
import { createTestDatabase, type TestDatabase } from "../support/database";
import { OPERATOR } from "../support/operator";

/** What was read by one unit is never decided by another, whichever of several servers it comes to. */

const HOUR = 3_600_000_000n;
const CREDIT = 1_000_000n;

let database: TestDatabase;
const clock = new ManualClock();
let here: TestCore;
let elsewhere: TestCore;
let types = 0;
let key: WalletKey;

beforeAll(async () => {
  database = await createTestDatabase();
  here = await createTestCore(database.url, { clock });
  elsewhere = await createTestCore(database.url, { clock });
});

beforeEach(async () => {
  types += 1;
  key = await addWallet(here, await addCreditType(here.pool, `type-${types}`));
  await done(submit(here, key, grantOf(1_000n * CREDIT)));
});

afterAll(async () => {
  expect(await audit(here.pool)).toEqual([]);
  await here.stop();
  await elsewhere.stop();
  await database.drop();
});

async function change(effectiveFrom: Instant | null = null, basedOn: number | null = null): Promise<void> {
  const factor = parseFactor("100");
  if (!factor) throw new Error("100 is a factor");
  const answer = await redenominate(elsewhere, { creditTypeId: key.creditTypeId, factor, basedOn, effectiveFrom }, OPERATOR);
  expect(answer.status).toBe("done");
}

async function unitHere(): Promise<Unit> {
  return (await unitsNow(here)).of(key.creditTypeId);
}

/** As a request does that is decided here, by the unit that it was read by. */
function send(command: Command, unit: Unit) {
  return submit(here, { ...key, unit }, command);
}

async function available(): Promise<bigint> {
  const { wallet } = await done(submit(here, key, grantOf(1n)));
  return wallet.balance.available;
}

const COMMANDS: readonly (readonly [string, () => Command])[] = [
  ["a spend", () => spendOf(CREDIT)],
  ["a hold", () => holdOf(CREDIT, clock.now() + HOUR)],
  ["a grant", () => grantOf(CREDIT)],
];

describe("what was read before another server changed the unit", () => {
  test.each(COMMANDS)("is turned away when it is %s, and nothing is done; the next try is right", async (_what, commandOf) => {
    const before = await unitHere();
    await change();
    const sent = commandOf();
    await expect(send(sent, before)).rejects.toBeInstanceOf(Unavailable);
    expect(await available()).toBe(1_000n * CREDIT + 1n);
    const after = await unitHere();
    expect([before.number, after.number]).toEqual([0, 1]);
    expect((await send(sent, after)).status).toBe("done");
  });

  test("is turned away when it is one of many spends at once, and those that were read right are done", async () => {
    const before = await unitHere();
    await change();
    await expect(send(spendOf(CREDIT), before)).rejects.toBeInstanceOf(Unavailable);
    const after = await unitHere();
    const sent = Array.from({ length: 20 }, (_, index) => send(spendOf(CREDIT), index % 2 === 0 ? before : after));
    const settled = await Promise.allSettled(sent);
    expect(settled.filter(({ status }) => status === "rejected")).toHaveLength(10);
    expect(await available()).toBe(990n * CREDIT + 1n);
  });

  test("is turned away when it is a threshold, or a transfer", async () => {
    const other = await addWallet(here, key.creditTypeId);
    const unit = await unitHere();
    await change();
    await expect(setThreshold(here, { ...key, unit }, CREDIT)).rejects.toBeInstanceOf(Unavailable);
    await expect(send(transferOf(other, CREDIT), unit)).rejects.toBeInstanceOf(Unavailable);
    expect(await available()).toBe(1_000n * CREDIT + 1n);
  });

  test("is turned away when it is written in a transaction of its own", async () => {
    const unit = await unitHere();
    const check = () => inTransaction(here.pool, "write", (transaction) => assertUnit(transaction, here, key.creditTypeId, unit));
    await expect(check()).resolves.toBeUndefined();
    await change();
    await expect(check()).rejects.toBeInstanceOf(Unavailable);
  });
});

describe("a unit that is planned", () => {
  test("begins everywhere at its instant: what was read before it, and is decided after it, is turned away", async () => {
    await change(clock.now() + HOUR);
    // It is known here 2 seconds later at most.
    clock.set(clock.now() + 2_000_000n);
    const before = await unitHere();
    expect(before).toMatchObject({ number: 0, until: clock.now() + HOUR - 2_000_000n });
    await done(send(spendOf(CREDIT), before));
    clock.set(clock.now() + HOUR);
    await expect(send(spendOf(CREDIT), before)).rejects.toBeInstanceOf(Unavailable);
    const after = await unitHere();
    expect(after.number).toBe(1);
    await done(send(spendOf(CREDIT), after));
    expect(await available()).toBe(998n * CREDIT + 1n);
  });

  test("and withdrawn does not begin: whoever still counted on it is turned away", async () => {
    await change(clock.now() + HOUR);
    clock.set(clock.now() + 2_000_000n);
    await unitHere();
    await withdrawRedenomination(elsewhere, { creditTypeId: key.creditTypeId, number: 1 }, OPERATOR);
    clock.set(clock.now() + HOUR - 2_000_000n);
    const unit = await unitHere();
    expect(unit.number).toBe(0);
    await done(send(spendOf(CREDIT), unit));
  });
});

test("another credit type's unit is nobody else's", async () => {
  const before = await unitHere();
  const other = key;
  key = await addWallet(here, await addCreditType(here.pool, "apart"));
  await change();
  key = other;
  await done(send(spendOf(CREDIT), before));
});

test("a server that asks while the database is away asks again", async () => {
  const broken = { pool: { query: () => Promise.reject(new Error("away")) } as never, clock };
  await expect(unitsNow(broken)).rejects.toThrow("away");
  await expect(unitsNow(broken)).rejects.toThrow("away");
});
