import type { Instant } from "../core/time";
import type { Core } from "../platform/context";
import { DueLoop, handleDue } from "../platform/due-loop";
import { Turns } from "../platform/turns";
import { bringUp } from "./change-subscription";
import { migrateOne } from "./migrate-subscriptions";
import { Patience } from "./patience";
import { performOrLeave } from "./perform-acts";
import { type SubscriptionKey, subscriptionId } from "./plan";
import type { PlanMigration } from "./plan-migration";
import { endMigration, readLeft, readUnderWay } from "./store/plan-migrations.store";
import { readDueSubscriptions, readNextDueSubscription, readUnfinished } from "./store/subscriptions.reads";

/** How many subscriptions are read in one go. */
const STRIDE = 200;
/** How many are at work at once: each takes a connection for some 3 ms, of the ten that a server has for all. */
const AT_ONCE = 3;

/**
 * Brings subscriptions up to now when time alone changes something about them, and does to the wallets what is left undone: because a
 * server ended half-way, or a wallet did not take it. The present allotment and the next are always in the wallet, so that it may be late
 * by a whole period; it may run in several servers at once. Accounts on a test clock are left to whoever advances it. It also carries
 * migrations out.
 */
export class PlanSweeper {
  readonly #loop: DueLoop;
  readonly #turns = new Turns(AT_ONCE);
  readonly #patience = new Patience();

  constructor(private readonly core: Core) {
    this.#loop = new DueLoop({ clock: core.clock, log: core.log, sweep: () => this.#sweep() });
  }

  /** Begins: sweeps at once, and from then on whenever something falls due. */
  start(): void {
    this.#loop.start();
  }

  /** Ends, when what it is at is done. */
  stop(): Promise<void> {
    return this.#loop.stop();
  }

  /** Resolves when no sweep is under way. */
  settled(): Promise<void> {
    return this.#loop.settled();
  }

  /** Answers when the next subscription falls due. */
  async #sweep(): Promise<Instant | null> {
    const { pool, clock } = this.core;
    await this.#each(
      (limit) => readDueSubscriptions(pool, clock.now(), limit),
      (key) => this.#bringUp(key),
    );
    await this.#each(
      (limit) => readUnfinished(pool, limit),
      (accountId) => this.#perform(accountId),
    );
    await this.#migrate();
    return readNextDueSubscription(pool, clock.now());
  }

  /** Goes on with the migrations that are under way. */
  async #migrate(): Promise<void> {
    const { pool, clock } = this.core;
    for (const migration of await readUnderWay(pool)) {
      await this.#each(
        (limit) => readLeft(pool, migration.id, limit),
        (key) => this.#migrateOne(migration, key),
      );
      await endMigration(pool, migration.id, clock.now());
    }
  }

  async #migrateOne(migration: PlanMigration, key: SubscriptionKey): Promise<void> {
    try {
      await migrateOne(this.core, migration, key);
    } catch (error) {
      this.core.metrics.count("subscriptions_failed");
      this.core.log.error({ err: error, ...key }, "a subscription could not be migrated");
    }
  }

  /** What a wallet keeps refusing is not asked of it with each sweep, which is every 2 seconds. */
  async #perform(accountId: string): Promise<void> {
    const { clock } = this.core;
    if (!this.#patience.isWaiting(accountId, clock.now())) await this.#attempt(accountId);
  }

  async #attempt(accountId: string): Promise<void> {
    const { clock } = this.core;
    if (await performOrLeave(this.core, accountId)) this.#patience.succeeded(accountId);
    else this.#patience.failed(accountId, clock.now());
  }

  #each<Thing extends SubscriptionKey | string>(
    read: (limit: number) => Promise<readonly Thing[]>,
    handle: (thing: Thing) => Promise<void>,
  ): Promise<void> {
    return handleDue<Thing>({
      read,
      textOf: (thing) => (typeof thing === "string" ? thing : subscriptionId(thing)),
      handle: (thing) => this.#turns.take(() => handle(thing)),
      stride: STRIDE,
      stopped: () => this.#loop.stopped,
    });
  }

  async #bringUp(key: SubscriptionKey): Promise<void> {
    try {
      await bringUp(this.core, key);
      // What is new is not held up by a wallet that keeps refusing what was to be done before.
      await this.#attempt(key.accountId);
    } catch (error) {
      this.core.metrics.count("subscriptions_failed");
      this.core.log.error({ err: error, ...key }, "a subscription could not be brought up to now");
    }
  }
}
