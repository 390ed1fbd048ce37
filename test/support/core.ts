import type { Pool } from "pg";
import { serverSecret } from "../../src/accounts";
import { formatInstant } from "../../src/core/time";
import { Batcher } from "../../src/platform/batcher";
import { Alarm, type Change, type Core, type Live, type Logger } from "../../src/platform/context";
import { openDatabase } from "../../src/platform/database";
import { uuidv7 } from "../../src/platform/ids";
import { createMetrics, type ServerMetrics } from "../../src/platform/metrics";
import { createPricer } from "../../src/pricing";
import type { Answer } from "../../src/wallet/answer";
import type { WalletKey } from "../../src/wallet/model/types";
import { openWallet } from "../../src/wallet/open";
import { ManualClock } from "./clock";
import { OPERATOR } from "./operator";

export { at, ManualClock } from "./clock";
export * from "./commands";

/** The answer of a command that is expected to be done. */
export async function done(answer: Promise<Answer>): Promise<Extract<Answer, { status: "done" }>> {
  const settled = await answer;
  if (settled.status !== "done") throw new Error(`answered ${settled.status}`);
  return settled;
}

export interface TestCore extends Core {
  readonly clock: ManualClock;
  readonly metrics: ServerMetrics;
  readonly published: Change[];
  readonly logged: { readonly fields: object; readonly message: string }[];
  stop(): Promise<void>;
}

export interface TestCoreOptions {
  readonly clock?: ManualClock;
  readonly lanes?: number;
  /** Makes the part that tells those who watch; without it, nobody can. */
  readonly live?: (pool: Pool, log: Logger) => Live;
}

/** A core as a server has it, on a database of the test's own; a second one on the same is a second server. */
export async function createTestCore(
  url: string,
  { clock = new ManualClock(), lanes = 2, live }: TestCoreOptions = {},
): Promise<TestCore> {
  const published: Change[] = [];
  const logged: TestCore["logged"] = [];
  const write = (fields: object, message: string) => void logged.push({ fields, message });
  const log = { debug: write, info: write, warn: write, error: write };
  const pool = await openDatabase({ url, connections: lanes + 4, log });
  const metrics = createMetrics();
  const batcher = new Batcher({ lanes, depth: 2, batchSize: 1000, queueSize: 50_000, observe: (batch) => metrics.batch(batch) });
  metrics.watchLanes(() => batcher.depths());
  return {
    pool,
    clock,
    log,
    metrics,
    live: recording(published, live?.(pool, log) ?? UNWATCHED),
    batcher,
    alarm: new Alarm(),
    pricer: createPricer({ pool, clock }, () => serverSecret(pool, "quotes")),
    published,
    logged,
    stop: async () => {
      await batcher.stop();
      await pool.end();
    },
  };
}

export interface NewCreditType {
  readonly policy?: number;
  readonly refundGrace?: string;
  readonly expiryNotice?: string;
}

const UNWATCHED: Live = {
  publish: () => undefined,
  follow: () => ({
    changed: () => Promise.resolve(false),
    again: () => undefined,
    untold: () => false,
    leave: () => undefined,
  }),
};

function recording(published: Change[], live: Live): Live {
  return {
    publish: (changes) => {
      published.push(...changes);
      live.publish(changes);
    },
    follow: (topic) => live.follow(topic),
  };
}

/** Adds a credit type; answers its id. */
export async function addCreditType(pool: Pool, name: string, given: NewCreditType = {}): Promise<number> {
  const { rows } = await pool.query<{ id: number }>(
    `INSERT INTO credit_types (name, policy, refund_grace, expiry_notice, created_at) VALUES ($1, $2, $3, $4, now()) RETURNING id`,
    [name, given.policy ?? 1, given.refundGrace ?? "P7D", given.expiryNotice ?? "P3D"],
  );
  return (rows[0] as { id: number }).id;
}

/** Adds an account; answers its id. */
export async function addAccount(core: TestCore, timeZone = "UTC"): Promise<string> {
  const id = uuidv7(core.clock.now());
  const now = formatInstant(core.clock.now());
  await core.pool.query("INSERT INTO accounts (id, external_id, time_zone, created_at) VALUES ($1, $2, $3, $4)", [
    id,
    id,
    timeZone,
    now,
  ]);
  return id;
}

/** An account with an empty wallet. */
export async function addWallet(core: TestCore, creditTypeId: number, timeZone = "UTC"): Promise<WalletKey> {
  const accountId = await addAccount(core, timeZone);
  const opened = await openWallet(core, accountId, creditTypeId, OPERATOR);
  if (opened.status !== "done") throw new Error("the wallet was not opened");
  return { accountId, creditTypeId };
}
