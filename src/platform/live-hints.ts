import { randomBytes } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { Client } from "pg";
import type { Change, Logger, Metrics } from "./context";

export type ChangedWallet = Pick<Change, "accountId" | "creditTypeId">;

export interface HintsOptions {
  readonly url: string;
  /** At most one hint is sent in so many milliseconds: NOTIFY makes commits wait for each other, so never one a spend. */
  readonly windowMilliseconds: number;
  /** Another server's changes; null: any wallet may have changed. */
  readonly received: (wallets: readonly ChangedWallet[] | null) => void;
  readonly log: Logger;
  readonly metrics: Pick<Metrics, "count">;
}

const CHANNEL = "tranche_live";
/** PostgreSQL takes payloads of fewer than 8,000 bytes. */
const LARGEST_PAYLOAD = 7_900;
/** A longer list than any payload holds: from there on it is "all", and the set stays small however long nothing can be sent. */
const MOST_PENDING = 250;
const ALL = "all";
const PAYLOAD = /^([0-9a-f]{16}) (all|[0-9a-f]{32}\.\d{1,10}(?:,[0-9a-f]{32}\.\d{1,10})*)$/;

/** Milliseconds before each further attempt to connect. */
const PAUSES = [50, 100, 200, 500, 1_000, 2_000, 5_000];
/** A connection that a router forgot shows no error by itself: it is asked now and then. */
const HEARTBEAT_MILLISECONDS = 15_000;
const TIMEOUT_MILLISECONDS = 5_000;
/** When a hint could not be sent, it is not tried again at once: a database that takes none (a standby) would be asked for ever. */
const AFTER_FAILURE_MILLISECONDS = 1_000;

/**
 * Tells other servers on the same database which wallets changed, and hears it from them, over one connection of its own that opens
 * again by itself. Hints get lost when it breaks, and behind a pooler that shares sessions none arrives: nothing may rest on them.
 */
export class Hints {
  /** Tells its own hints from those of others: PostgreSQL sends them back. */
  readonly #sender = randomBytes(8).toString("hex");
  readonly #stopping = new AbortController();
  #client: Client | null = null;
  #pending = new Set<string>();
  #sending: Promise<void> | null = null;
  #running: Promise<void> | null = null;
  #waiters: (() => void)[] = [];

  constructor(private readonly options: HintsOptions) {}

  start(): void {
    this.#running ??= this.#run();
  }

  /** Resolves when hints can arrive. */
  async listening(): Promise<void> {
    if (this.#client === null) await new Promise<void>((resolve) => this.#waiters.push(resolve));
  }

  /** Sends what is to be sent, and leaves. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#sending;
    await this.#send();
    await this.#client?.end().catch(() => undefined);
    await this.#running;
  }

  /** Has other servers told, soon. Never throws, never waits. */
  announce(wallets: readonly ChangedWallet[]): void {
    for (const wallet of wallets) this.#add(textOf(wallet));
    this.#flush();
  }

  #add(name: string): void {
    if (this.#pending.size < MOST_PENDING) this.#pending.add(name);
  }

  #flush(): void {
    if (this.#pending.size === 0 || this.#client === null || this.#stopping.signal.aborted) return;
    this.#sending ??= this.#sendInWindow();
  }

  /** The first is sent at once; what gathers while the window lasts goes together with the next. */
  async #sendInWindow(): Promise<void> {
    const sent = await this.#send();
    await this.#pause(sent ? this.options.windowMilliseconds : AFTER_FAILURE_MILLISECONDS);
    this.#sending = null;
    this.#flush();
  }

  /** What cannot be sent is kept for the next time. */
  async #send(): Promise<boolean> {
    if (this.#client === null || this.#pending.size === 0) return true;
    const names = this.#pending;
    this.#pending = new Set();
    try {
      await this.#client.query("SELECT pg_notify($1, $2)", [CHANNEL, this.#payloadOf(names)]);
      this.options.metrics.count("live_hints_sent");
      return true;
    } catch (error) {
      for (const name of names) this.#add(name);
      this.options.log.warn({ err: error }, "other servers could not be told what changed; their poll will find it");
      return false;
    }
  }

  #payloadOf(names: ReadonlySet<string>): string {
    const payload = `${this.#sender} ${[...names].join(",")}`;
    return names.size >= MOST_PENDING || payload.length > LARGEST_PAYLOAD ? `${this.#sender} ${ALL}` : payload;
  }

  async #run(): Promise<void> {
    for (let failures = 0; !this.#stopping.signal.aborted; failures++) {
      try {
        await this.#session(() => {
          failures = 0;
        });
        if (this.#stopping.signal.aborted) return;
        this.options.log.warn({}, "the connection for hints broke and is opened again");
      } catch (error) {
        this.options.log.warn({ err: error }, "the connection for hints could not be opened; it is tried again");
      }
      await this.#pause(PAUSES[Math.min(failures, PAUSES.length - 1)] as number);
    }
  }

  /** One connection, from its opening to its end. */
  async #session(opened: () => void): Promise<void> {
    const client = new Client({
      connectionString: this.options.url,
      application_name: "tranche live",
      connectionTimeoutMillis: TIMEOUT_MILLISECONDS,
      query_timeout: TIMEOUT_MILLISECONDS,
      keepAlive: true,
    });
    const ended = new Promise<void>((resolve) => client.once("end", resolve));
    // What breaks is told by its end as well.
    client.on("error", () => undefined);
    client.on("notification", ({ payload = "" }) => this.#receive(payload));
    try {
      await client.connect();
      await client.query(`LISTEN ${CHANNEL}`);
      if (this.#stopping.signal.aborted) return;
      opened();
      this.#client = client;
      this.#announceListening();
      const heart = setInterval(() => void this.#beat(client), HEARTBEAT_MILLISECONDS);
      heart.unref();
      await ended.finally(() => clearInterval(heart));
    } finally {
      this.#client = null;
      await client.end().catch(() => undefined);
    }
  }

  #announceListening(): void {
    // Whatever was told while nobody listened is made up for.
    this.options.received(null);
    for (const resolve of this.#waiters.splice(0)) resolve();
    this.#flush();
  }

  async #beat(client: Client): Promise<void> {
    try {
      await client.query("SELECT 1");
    } catch {
      await client.end().catch(() => undefined);
    }
  }

  #receive(payload: string): void {
    const match = PAYLOAD.exec(payload);
    if (match === null || match[1] === this.#sender) return;
    this.options.metrics.count("live_hints_received");
    const list = match[2] as string;
    this.options.received(list === ALL ? null : list.split(",").map(walletOf));
  }

  async #pause(milliseconds: number): Promise<void> {
    await delay(milliseconds, undefined, { signal: this.#stopping.signal, ref: false }).catch(() => undefined);
  }
}

function textOf({ accountId, creditTypeId }: ChangedWallet): string {
  return `${accountId.replaceAll("-", "")}.${creditTypeId}`;
}

function walletOf(text: string): ChangedWallet {
  const hex = text.slice(0, 32);
  const accountId = `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
  return { accountId, creditTypeId: Number(text.slice(33)) };
}
