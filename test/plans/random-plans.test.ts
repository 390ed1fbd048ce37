import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { formatInstant, type Instant } from "../../src/core/time";
import { PlanSweeper } from "../../src/plans";
import { startSubscription } from "../../src/plans/start-subscription";
import type { WalletKey } from "../../src/wallet";
import { audit } from "../../src/wallet";
import { submit } from "../../src/wallet/submit";
import { type Api, createApi } from "../support/api";
import { addWallet, at, done, spendOf } from "../support/core";
import { aKey, aPlan } from "./asking";
import { reckoner, type Unit } from "./model/reckoning";

/** Some dozens of subscriptions as time goes by: what is in their wallets is reckoned another way, with nothing of the product. */

let api: Api;

beforeAll(async () => {
  api = await createApi();
});

afterAll(() => api.stop());

const CREDIT = 1_000_000n;
const HOUR = 3_600_000_000n;
const INTERVALS = [
  [1, "D"],
  [3, "D"],
  [1, "W"],
  [2, "W"],
  [1, "M"],
  [2, "M"],
] as const satisfies readonly (readonly [number, Unit])[];
const ZONES = ["UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Pacific/Apia"];

/** Numbers that look like chance, and are the same each time (mulberry32). */
function chance(seed: number): (most: number) => number {
  let state = seed;
  return (most) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % most;
  };
}

/** One allotment of one subscription, as it is expected. */
interface Expected {
  readonly key: WalletKey;
  readonly amount: bigint;
  readonly startOf: (index: number) => Instant;
  readonly grants: Map<number, { readonly effectiveAt: Instant; readonly expiresAt: Instant }>;
}

/** At an instant at which it is looked at, the present period's and the next's are there; one that is late begins when it is given. */
function look({ startOf, grants }: Expected, now: Instant): void {
  let index = Math.max(1, ...grants.keys()) - 1;
  while (startOf(index + 1) <= now) index += 1;
  for (const period of [index, index + 1]) {
    const start = startOf(period);
    if (grants.has(period)) continue;
    grants.set(period, { effectiveAt: start > now ? start : now, expiresAt: startOf(period + 1) });
  }
}

async function grantsOf({ accountId, creditTypeId }: WalletKey): Promise<readonly object[]> {
  const { rows } = await api.core.pool.query<{ amount: bigint; effective_at: Instant; expires_at: Instant }>(
    "SELECT amount, effective_at, expires_at FROM grants WHERE account_id = $1 AND credit_type_id = $2 ORDER BY number",
    [accountId, creditTypeId],
  );
  return rows.map((row) => [row.amount, formatInstant(row.effective_at), formatInstant(row.expires_at)]);
}

async function sweep(): Promise<void> {
  const sweeper = new PlanSweeper(api.core);
  sweeper.start();
  await sweeper.settled();
  await sweeper.stop();
}

test.each([1, 2])("the grants of random subscriptions are those of their calendars, to the microsecond (%i)", async (seed) => {
  const random = chance(seed);
  const { clock } = api.core;
  clock.set(at(seed === 1 ? "2026-01-28T13:14:15.161718Z" : "2027-10-20T22:59:59.999999Z"));
  const all: Expected[] = [];
  for (let count = 0; count < 12; count++) {
    clock.set(clock.now() + BigInt(random(40)) * HOUR);
    const [number, unit] = INTERVALS[random(INTERVALS.length)] as (typeof INTERVALS)[number];
    const zone = ZONES[random(ZONES.length)] as string;
    const amount = BigInt(1 + random(1_000));
    const plan = await aPlan(api, {
      billing: ["P1M", "P1Y"][random(2)],
      allotments: [{ creditType: "credits", amount: String(amount), interval: `P${number}${unit}` }],
    });
    const key = await addWallet(api.core, api.creditTypeId, zone);
    const order = { actor: "admin", reason: null, action: "startSubscription", input: {}, idempotencyKey: aKey() };
    const started = await startSubscription(api.core, key.accountId, { plan, trial: true }, order);
    expect(started.status).toBe("done");
    const startOf = reckoner(clock.now(), number, unit, zone);
    all.push({ key, amount: amount * CREDIT, startOf, grants: new Map() });
    look(all.at(-1) as Expected, clock.now());
  }
  for (let step = 0; step < 15; step++) {
    clock.set(clock.now() + BigInt(1 + random(24 * 16)) * HOUR + BigInt(random(1_000_000)));
    await sweep();
    for (const expected of all) look(expected, clock.now());
    const { key } = all[random(all.length)] as Expected;
    await done(submit(api.core, key, spendOf(1n)));
  }
  for (const { key, amount, grants } of all) {
    const expected = [...grants.values()].map(({ effectiveAt, expiresAt }) => [
      amount,
      formatInstant(effectiveAt),
      formatInstant(expiresAt),
    ]);
    expect(await grantsOf(key)).toEqual(expected);
  }
  expect(await audit(api.core.pool)).toEqual([]);
});
