import { setTimeout as delay } from "node:timers/promises";
import type { Logger } from "../context";
import { type Binaries, findBinariesPackage, prepareBinaries } from "./binaries";
import { type Cluster, clusterFolder, clusterIdentity, notePort, openCluster, readPassword, USER } from "./cluster";
import { EmbeddedPostgresFault } from "./fault";
import { Lease } from "./lease";
import { endPostmaster, findPostmaster, type Launched, launchPostmaster, type Postmaster, type Settings } from "./postmaster";

export { EmbeddedPostgresFault } from "./fault";

export interface EmbeddedPostgresOptions {
  /** Where the data is: a folder, made when it is missing. PostgreSQL's part of it is the folder `postgres` in it. */
  readonly dataFolder: string;
  readonly log: Logger;
  /** Deletes the server's database first, with all that is in it. */
  readonly startOver?: boolean;
  /** Added to PostgreSQL's settings if this call is the one that starts it. */
  readonly settings?: Settings;
  /** The npm package with the binaries; not given, that of this platform. */
  readonly packageFolder?: string;
  readonly limits?: Partial<Limits>;
}

/** Milliseconds. */
export interface Limits {
  /** Until it answers. Recovery after a crash is part of it. */
  readonly start: number;
  /** How long one that runs may be silent before it is taken for broken, and stopped. */
  readonly silence: number;
  /** Until it has stopped, when asked politely. */
  readonly stop: number;
}

export interface EmbeddedPostgres {
  /** The server's own database, as the administrator. It stays the same when PostgreSQL has to be started again. */
  readonly url: string;
  /** PostgreSQL's log. */
  readonly logFile: string;
  /** Ends this process's use of it; the last one to leave stops PostgreSQL. May be called again. */
  stop(): Promise<void>;
}

const LIMITS: Limits = { start: 60_000, silence: 10_000, stop: 10_000 };
/** Milliseconds between two looks at a PostgreSQL that starts or stops. */
const LOOK_AGAIN = 20;
/** Milliseconds until a restart that failed is tried again. */
const RESTART_AGAIN = 1_000;
/** Milliseconds that a server which leaves waits for a restart under way; one takes a fraction of a second. */
const RESTORE_BEFORE_LEAVING = 2_000;
const DATABASE = "tranche";

/**
 * Gives this process a PostgreSQL that keeps its data in `dataFolder`.
 *
 * There is one for each data folder, however many servers use it: whoever finds none running starts it, all others join, and the last
 * one to leave stops it. Nobody owns it: each holds a lease (a lock on a connection, so a killed process leaves none behind), and each
 * starts it again, on the same port, when it has died. One that outlived its server, after kill -9, is joined like any other; one that
 * does not answer is stopped first.
 *
 * As root it runs as the data's owner, `nobody` for new data. Throws EmbeddedPostgresFault.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const folder = await clusterFolder(options.dataFolder);
  const identity = await clusterIdentity(folder);
  const binaries = await prepareBinaries(options.packageFolder ?? findBinariesPackage(), `${folder}-programs`, identity !== null);
  const cluster = await openCluster(folder, binaries, identity);
  const membership = new Membership(cluster, binaries, await readPassword(cluster), options);
  const url = await membership.begin(options.startOver ?? false);
  let stopped: Promise<void> | null = null;
  return {
    url,
    logFile: cluster.log,
    stop: () => {
      stopped ??= membership.end();
      return stopped;
    },
  };
}

/** One server's use of the PostgreSQL on a cluster, from joining to leaving. */
class Membership {
  readonly #log: Logger;
  readonly #limits: Limits;
  readonly #settings: Settings;
  readonly #leaving = new AbortController();
  #lease: Lease | null = null;
  /** Known from the first join on, and kept: it is in the URL. */
  #port: number | null = null;
  #restoring: Promise<void> = Promise.resolve();

  constructor(
    private readonly cluster: Cluster,
    private readonly binaries: Binaries,
    private readonly password: string,
    { log, settings = {}, limits = {} }: EmbeddedPostgresOptions,
  ) {
    this.#log = log;
    this.#settings = settings;
    this.#limits = { ...LIMITS, ...limits };
  }

  async begin(startOver: boolean): Promise<string> {
    const lease = await this.#join();
    try {
      if (startOver && !(await lease.dropDatabase(DATABASE)))
        throw new EmbeddedPostgresFault("Another server works with this data: stop it, and then start over");
      await lease.ensureDatabase(DATABASE);
      if (this.#port !== null) await notePort(this.cluster, this.#port);
    } catch (error) {
      await this.end();
      throw error;
    }
    return `postgresql://${USER}:${this.password}@127.0.0.1:${this.#port}/${DATABASE}`;
  }

  async end(): Promise<void> {
    try {
      // A connection that has just broken is about to be taken up again, and then tells whether others use PostgreSQL.
      const last = (await this.#leave()) ?? (await this.#leave());
      this.#leaving.abort();
      await this.#restoring;
      const running = last === false ? null : await findPostmaster(this.cluster);
      if (running !== null && last === true) await endPostmaster(this.cluster, running.pid, this.#limits.stop);
      if (running !== null && last === null) {
        this.#log.warn(
          { ...running, logFile: this.cluster.log },
          "PostgreSQL did not answer when this server left it, and runs on",
        );
      }
    } finally {
      await this.#lease?.close();
    }
  }

  /** Gives the lease up. True: it was the last. Null: PostgreSQL is away. */
  async #leave(): Promise<boolean | null> {
    await Promise.race([this.#restoring, delay(RESTORE_BEFORE_LEAVING, undefined, { ref: false })]);
    const lease = this.#lease;
    if (lease === null) return null;
    try {
      return await lease.leave();
    } catch {
      await lease.close();
      await lease.ended;
      return null;
    }
  }

  /** Finds PostgreSQL running or starts it, and takes a lease on it. */
  async #join(): Promise<Lease> {
    const until = performance.now() + this.#limits.start;
    let launched: Launched | null = null;
    let silentSince: number | null = null;
    while (performance.now() < until) {
      const running = await findPostmaster(this.cluster);
      const answer = running === null ? null : await this.#ask(running);
      if (running !== null && answer instanceof Lease) return this.#joined(answer, running, launched !== null);
      silentSince = answer === "SILENT" ? (silentSince ?? performance.now()) : null;
      if (running !== null && silentSince !== null && performance.now() - silentSince > this.#limits.silence) {
        this.#log.warn({ pid: running.pid }, "PostgreSQL runs but does not answer: it is stopped and started again");
        await endPostmaster(this.cluster, running.pid, this.#limits.stop);
        silentSince = null;
      } else if (running === null) launched = await this.#launch(launched);
      await delay(LOOK_AGAIN, undefined, { signal: this.#leaving.signal });
    }
    throw new EmbeddedPostgresFault(
      `PostgreSQL has not answered within ${this.#limits.start / 1_000} s; if it recovers from a crash, it goes on doing so. ` +
        `The log is ${this.cluster.log}`,
    );
  }

  /** Starts PostgreSQL, unless the one started before is still on its way. */
  async #launch(before: Launched | null): Promise<Launched> {
    if (before?.ended === null) return before;
    if (before?.ended instanceof EmbeddedPostgresFault) throw before.ended;
    if (before?.ended === "PORT_TAKEN" && this.#port !== null) {
      throw new EmbeddedPostgresFault(`Another program listens on PostgreSQL's port ${this.#port}`);
    }
    return launchPostmaster(this.cluster, this.binaries, this.#settings, this.#port);
  }

  async #ask({ port }: Postmaster): Promise<Lease | "BUSY" | "SILENT"> {
    if (port === null) return "SILENT";
    try {
      return await Lease.take(port, this.password);
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new EmbeddedPostgresFault(`PostgreSQL runs but refuses: ${reason}. The log is ${this.cluster.log}`, { cause });
    }
  }

  #joined(lease: Lease, { pid, port }: Postmaster, started: boolean): Lease {
    if (this.#port !== null && this.#port !== port) {
      this.#log.error({ port, expected: this.#port }, "PostgreSQL has changed its port: restart this server");
    }
    this.#port ??= port;
    this.#lease = lease;
    this.#log.info({ pid, port, logFile: this.cluster.log }, started ? "PostgreSQL started" : "joined the PostgreSQL that runs");
    void lease.ended.then(() => {
      this.#lease = null;
      if (!this.#leaving.signal.aborted) this.#restoring = this.#restore();
    });
    return lease;
  }

  /** Joins again, however long it takes, until this server leaves. */
  async #restore(): Promise<void> {
    this.#log.warn({ logFile: this.cluster.log }, "the connection to PostgreSQL broke: joining it again");
    while (!this.#leaving.signal.aborted) {
      try {
        await this.#join();
        return;
      } catch (error) {
        if (this.#leaving.signal.aborted) return;
        this.#log.error({ err: error }, "PostgreSQL could not be started again: trying on");
        await delay(RESTART_AGAIN, undefined, { signal: this.#leaving.signal }).catch(() => undefined);
      }
    }
  }
}
