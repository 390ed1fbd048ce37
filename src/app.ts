import { join } from "node:path";
import { createAuthenticator, createFirstAdminKey, serverSecret, type TokenRules, tokenVerifier } from "./accounts";
import type { Config } from "./config";
import { type Demo, fileIn, makeDemo, removeFacts, welcome, writeFacts } from "./demo";
import { PlanSweeper } from "./plans";
import { Batcher } from "./platform/batcher";
import { systemClock } from "./platform/clock";
import { Alarm, type Core, type Logger } from "./platform/context";
import { migrate, openDatabase } from "./platform/database";
import { graphiqlHandler } from "./platform/graphiql";
import { LiveServer } from "./platform/live";
import { createMetrics, type ServerMetrics } from "./platform/metrics";
import { type EmbeddedPostgresOptions, startEmbeddedPostgres } from "./platform/postgres";
import { startServer } from "./platform/server";
import { auditPrices, createPricer, type PriceFinding } from "./pricing";
import { buildTrancheSchema } from "./schema";
import { type AuditFinding, audit, readVersions, Sweeper } from "./wallet";

/** The composition root: the one place that knows all parts, and in which order they begin and end. */

/**
 * On two cores, one batch that commits while the next is decided. A second lane only makes smaller batches of more processor time: over
 * HTTP with 64 connections it took 22 % more for each spend, with 64 in flight from the batcher down 67 %, and gave nothing with 256.
 */
const BATCHES = { lanes: 1, depth: 2, batchSize: 1_000, queueSize: 50_000 };
/** Milliseconds for which hints to the other servers are gathered. */
const HINT_WINDOW = 20;
/** What the build makes of graphiql/, beside the compiled src/. */
const GRAPHIQL_FOLDER = join(__dirname, "../graphiql");

export interface App {
  /** What to show on the screen: where the server is; the demo's keys, or an admin key if nobody had one, which is shown nowhere else. */
  readonly greeting: string;
  /** Finishes what is in flight, then ends everything, in the opposite order of its beginning. May be called again. */
  stop(): Promise<void>;
}

export interface AppOptions {
  readonly config: Config;
  readonly log: Logger;
  /** Deletes all that the embedded database holds, and the demo's keys, before anything begins. */
  readonly startOver?: boolean;
}

export interface Audited {
  readonly findings: readonly (AuditFinding | PriceFinding)[];
  readonly wallets: number;
  readonly transactions: number;
}

/** Starts a server, with all that it needs. Whatever has begun is ended again when the rest fails. */
export async function startApp(options: AppOptions): Promise<App> {
  const endings = new Endings();
  try {
    return await start(options, endings);
  } catch (error) {
    await endings.run();
    throw error;
  }
}

/** Proves the invariants of every wallet again, from what is stored; answers all that is wrong, and how much was judged. Servers may run meanwhile. */
export async function auditAll({ config, log }: AppOptions): Promise<Audited> {
  const endings = new Endings();
  try {
    const url = await openStore({ config, log }, endings);
    const pool = await openDatabase({ url, connections: 1, log, applicationName: "tranche audit" });
    endings.add(() => pool.end());
    let [wallets, transactions] = [0, 0];
    const inWallets = await audit(pool, undefined, (count) => {
      wallets += 1;
      transactions += count;
    });
    return { findings: [...inWallets, ...(await auditPrices({ pool }))], wallets, transactions };
  } finally {
    await endings.run();
  }
}

async function start(options: AppOptions, endings: Endings): Promise<App> {
  const { config, log } = options;
  const databaseUrl = await openStore(options, endings);
  const metrics = createMetrics({ ofProcess: true });
  const core = await createCore(config, databaseUrl, log, metrics, endings);
  const tokens = await tokenRules(config, core);
  if (!tokens) log.info({}, "neither JWT_SECRET nor JWT_JWKS_URL is set: customers' tokens are refused");
  const rejected = (reason: string) => log.debug({ reason }, "a customer's token was refused");
  const authenticator = await createAuthenticator(core, tokens && (await tokenVerifier(tokens, rejected)));
  const { dataDir } = config;
  const signing = tokens && "secret" in tokens.keys ? { ...tokens, secret: tokens.keys.secret } : null;
  const demo = config.demo ? await makeDemo({ core, authenticator, dataDir, signing }) : null;

  const sweeper = new Sweeper(core);
  sweeper.start();
  endings.add(() => sweeper.stop());
  const planSweeper = new PlanSweeper(core);
  planSweeper.start();
  endings.add(() => planSweeper.stop());
  const server = await startServer({
    schema: buildTrancheSchema(),
    authenticator,
    contextOf: (identity, watch) => ({ core, identity, watch }),
    config,
    log,
    metrics,
    clock: core.clock,
    page: graphiqlHandler({ folder: GRAPHIQL_FOLDER, demo: () => demo }),
    isReady: async () => (await core.pool.query("SELECT 1")).rowCount === 1,
  });
  endings.add(() => server.stop());
  const { url } = server;
  log.info({ url }, "the server listens");
  const greeting = demo ? await publish(demo, url, dataDir) : greetingOf(url, await createFirstAdminKey(core));
  return { greeting, stop: () => endings.run() };
}

/** Begins the embedded PostgreSQL, unless there is one already, and brings the tables up to date. */
async function openStore({ config, log, startOver = false }: AppOptions, endings: Endings): Promise<string> {
  const url = config.databaseUrl ?? (await embedded({ dataFolder: config.dataDir, log, startOver }, endings));
  if (startOver) await removeFacts(config.dataDir);
  await migrate(url);
  return url;
}

async function embedded(options: EmbeddedPostgresOptions, endings: Endings): Promise<string> {
  const postgres = await startEmbeddedPostgres(options);
  endings.add(() => postgres.stop());
  return postgres.url;
}

async function createCore(config: Config, url: string, log: Logger, metrics: ServerMetrics, endings: Endings): Promise<Core> {
  const pool = await openDatabase({ url, connections: config.databaseConnections, log });
  endings.add(() => pool.end());
  const live = new LiveServer({
    versions: (topics) => readVersions(pool, topics),
    pollMilliseconds: config.pollMilliseconds,
    hints: config.liveHints ? { url, windowMilliseconds: HINT_WINDOW } : null,
    log,
    metrics,
  });
  live.start();
  endings.add(() => live.stop());
  const batcher = new Batcher({ ...BATCHES, observe: (batch) => metrics.batch(batch) });
  metrics.watchLanes(() => batcher.depths());
  endings.add(() => batcher.stop());
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

/** How customers' tokens are read. Null: there is no key to read them with, and no demo that would sign any. */
async function tokenRules(config: Config, { pool }: Core): Promise<TokenRules | null> {
  const { jwtJwksUrl, jwtAlgorithms, jwtSecret, jwtIssuer: issuer, jwtAudience: audience } = config;
  if (jwtJwksUrl !== null) return { keys: { jwks: new URL(jwtJwksUrl), algorithms: jwtAlgorithms }, issuer, audience };
  if (jwtSecret !== null) return { keys: { secret: Buffer.from(jwtSecret) }, issuer, audience };
  return config.demo ? { keys: { secret: await serverSecret(pool, "customer-tokens") }, issuer, audience } : null;
}

/** Leaves the demo's facts for scripts, and puts them into words. */
async function publish(demo: Demo, url: string, dataDir: string): Promise<string> {
  const facts = { url, ...demo, pid: process.pid };
  await writeFacts(dataDir, facts);
  return welcome(facts, fileIn(dataDir));
}

function greetingOf(url: string, firstAdminKey: string | null): string {
  const key = firstAdminKey === null ? "" : `An admin key, shown this once: ${firstAdminKey}\n\n`;
  return `\nTranche serves ${url}\n\n${key}`;
}

/** How to end what has begun: the last first. */
class Endings {
  readonly #steps: (() => Promise<void>)[] = [];
  #running: Promise<void> | null = null;

  add(step: () => Promise<void>): void {
    this.#steps.push(step);
  }

  run(): Promise<void> {
    this.#running ??= this.#run();
    return this.#running;
  }

  /** One that fails keeps none of the others from its end; the first failure is told. */
  async #run(): Promise<void> {
    const failures: unknown[] = [];
    for (const step of this.#steps.reverse()) await step().catch((error: unknown) => failures.push(error));
    if (failures.length > 0) throw failures[0];
  }
}
