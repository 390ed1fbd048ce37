import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Pool } from "pg";
import { createApiKey, serverSecret } from "../../src/accounts";
import { formatInstant } from "../../src/core/time";
import { Batcher } from "../../src/platform/batcher";
import { systemClock } from "../../src/platform/clock";
import { Alarm, type Core, type Logger } from "../../src/platform/context";
import { migrate, openDatabase } from "../../src/platform/database";
import { uuidv7 } from "../../src/platform/ids";
import { createLogger } from "../../src/platform/log";
import { createMetrics, type ServerMetrics } from "../../src/platform/metrics";
import { startEmbeddedPostgres } from "../../src/platform/postgres";
import { createPricer } from "../../src/pricing";
import { createCreditType, openWallet, submit, type WalletKey } from "../../src/wallet";
import { cpuOf, postmasterOf } from "./cpu";

const BENCH = { actor: "bench", reason: null };

/** A core whose metrics can be read. */
export interface MeasuredCore extends Core {
  readonly metrics: ServerMetrics;
}

/** Where everything is measured: the embedded PostgreSQL as the product starts it, in a folder of its own, durable commits and all. */
export interface Stage {
  readonly url: string;
  readonly core: MeasuredCore;
  readonly creditTypeId: number;
  /** Seconds of processor time of this process and of PostgreSQL, and of these others. */
  cpu(others?: readonly number[]): number | null;
  stop(): Promise<void>;
}

/** As the server has them: see app.ts. */
export const LANES = { lanes: 1, depth: 2, batchSize: 1_000, queueSize: 50_000 };

export async function setStage(): Promise<Stage> {
  const dataFolder = mkdtempSync(join(tmpdir(), "tranche-bench-"));
  const log = createLogger({ level: "warn" });
  const postgres = await startEmbeddedPostgres({ dataFolder, log });
  await migrate(postgres.url);
  const core = await createCore(postgres.url, log);
  const { creditType } = await createCreditType(
    core,
    {
      name: "credits",
      policy: null,
      refundGrace: "P7D",
      expiryNotice: "P3D",
      defaultExpiry: null,
    },
    BENCH,
  );
  const postmaster = postmasterOf(dataFolder);
  return {
    url: postgres.url,
    core,
    creditTypeId: creditType.id,
    cpu: (others = []) => cpuOf([process.pid, postmaster, ...others]),
    stop: async () => {
      await core.batcher.stop();
      await core.pool.end();
      await postgres.stop();
      rmSync(dataFolder, { recursive: true, force: true });
    },
  };
}

async function createCore(url: string, log: Logger): Promise<MeasuredCore> {
  const pool = await openDatabase({ url, connections: 10, log });
  const nobody = { changed: async () => false, again: () => undefined, untold: () => false, leave: () => undefined };
  const live = { publish: () => undefined, follow: () => nobody };
  const metrics = createMetrics();
  const batcher = new Batcher({ ...LANES, observe: (batch) => metrics.batch(batch) });
  metrics.watchLanes(() => batcher.depths());
  const clock = systemClock;
  return {
    pool,
    clock,
    log,
    metrics,
    live,
    batcher,
    alarm: new Alarm(),
    pricer: createPricer({ pool, clock }, () => serverSecret(pool, "quotes")),
  };
}

/** Keys for the server that is measured over the network. */
export async function makeKey(core: Core, role: "ADMIN" | "SERVICE"): Promise<string> {
  const made = await createApiKey(core, { role, app: null, name: "bench", expiresAt: null }, BENCH);
  if (made.status !== "done") throw new Error("no key was made");
  return made.secret;
}

const ENOUGH = 1_000_000_000_000_000n;
const IN_A_YEAR = 31_536_000_000_000n;

/** New wallets with so many grants each, none of which is ever used up. */
export async function makeWallets({ core, creditTypeId }: Stage, count: number, grants = 3): Promise<readonly WalletKey[]> {
  const now = core.clock.now();
  const ids = Array.from({ length: count }, () => uuidv7(now));
  await insertAccounts(core.pool, ids, formatInstant(now));
  const keys = ids.map((accountId) => ({ accountId, creditTypeId }));
  await inParallel(keys, 200, async (key) => {
    await openWallet(core, key.accountId, creditTypeId, BENCH);
    for (let grant = 0; grant < grants; grant++)
      await giveCredits(core, key, ENOUGH, now + IN_A_YEAR + BigInt(grant) * 1_000_000n);
  });
  return keys;
}

/** A grant that expires then. */
export async function giveCredits(core: Core, key: WalletKey, amount: bigint, expiresAt: bigint | null): Promise<void> {
  const answer = await submit(core, key, {
    type: "grant",
    actor: "bench",
    description: null,
    metadata: null,
    idempotencyKey: uuidv7(core.clock.now()),
    boundTo: null,
    defaultLife: null,
    terms: {
      kind: "PROMO",
      amount,
      priority: 100,
      effectiveAt: null,
      expiresAt,
      scope: { operations: [], apps: [] },
      costBasis: null,
      rollover: null,
      repaysDebt: false,
      source: null,
      metadata: null,
    },
  });
  if (answer.status !== "done") throw new Error(`a grant was ${answer.status}`);
}

async function insertAccounts(pool: Pool, ids: readonly string[], createdAt: string): Promise<void> {
  await pool.query(
    "INSERT INTO accounts (id, external_id, time_zone, created_at) SELECT id, id::text, 'UTC', $2 FROM unnest($1::uuid[]) AS k (id)",
    [ids, createdAt],
  );
  await pool.query(
    "INSERT INTO account_external_ids (external_id, account_id) SELECT id::text, id FROM unnest($1::uuid[]) AS k (id)",
    [ids],
  );
}

/** Does something for each, so many at once. */
export async function inParallel<T>(items: readonly T[], width: number, work: (item: T) => Promise<unknown>): Promise<void> {
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let index = next++; index < items.length; index = next++) await work(items[index] as T);
  };
  await Promise.all(Array.from({ length: width }, worker));
}

/** Picks evenly, and the same ones in each run: an index is spread by Knuth's multiplicative hash. */
export function pick<T>(items: readonly T[], index: number): T {
  return items[(Math.imul(index, 2_654_435_761) >>> 0) % items.length] as T;
}
