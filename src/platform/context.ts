import type { Pool } from "pg";
import type { Pricer } from "../core/priced";
import type { Instant } from "../core/time";
import type { Batcher } from "./batcher";

/** The one source of "now". */
export interface Clock {
  now(): Instant;
  /** Calls back once, as soon as the clock has reached the instant; answers how to call it off. */
  at(instant: Instant, callback: () => void): () => void;
}

/** Structured logging: fields first, then what happened in words. pino's loggers are such. */
export interface Logger {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/**
 * The steps of a spend, in their order. `http`: until its request is there and the caller known; `parse`: reads and judges its document;
 * `resolve`: until its command is made; `wait`: for its batch. Then, once a batch: `setup` begins the transaction, locks and loads;
 * `compute` decides; `execute` writes; `commit` makes it durable. `answer`: until the answer is with the network.
 */
export const STEPS = ["http", "parse", "resolve", "wait", "setup", "compute", "execute", "commit", "answer"] as const;
export type Step = (typeof STEPS)[number];

/** Counters for operators. Cheap enough to be called many times a request: 50 ns each. */
export interface Metrics {
  count(counter: string, amount?: number): void;
  /** How long a step took. */
  step(step: Step, milliseconds: number): void;
  /** Something was refused, with a code of the closed list. */
  refused(code: string): void;
}

/** A wallet that has changed, and how far its log reaches now. */
export interface Change {
  readonly accountId: string;
  readonly creditTypeId: number;
  readonly sequence: number;
  /**
   * Given when whoever follows the wallet has been handed what is new in it, and need not read it: how far the wallet has come with that,
   * as the poll sees it (`LiveOptions.versions`).
   */
  readonly told?: string;
}

/** What can be followed: a wallet, all wallets of an account, or all there are. */
export type Topic = "everything" | { readonly accountId: string; readonly creditTypeId?: number };

/** A follower's flag, for one reader that waits for it with one call at a time. */
export interface Follow {
  /** Waits until there may be something new since the last call. False: the follower has left, or the server stops. */
  changed(): Promise<boolean>;
  /** Wakes this follower alone after a while, whether or not anything changes: to try again what could not be read yet. */
  again(milliseconds: number): void;
  /** Whether, since this was last asked, it was woken by anything but what was told with the change: then it must be read. */
  untold(): boolean;
  /** Ends it: whoever waits is let go. */
  leave(): void;
}

/** Tells those who watch. */
export interface Live {
  /** Called after the commit; never throws, never waits. */
  publish(changes: readonly Change[]): void;
  /** Begins to follow, until that is left. Read what is there after this, and nothing is missed. */
  follow(topic: Topic): Follow;
}

/** Passes on, within this server, when a wallet will change by time alone: from the writers to the sweeper. */
export class Alarm {
  #listener: ((at: Instant) => void) | null = null;

  announce(at: Instant): void {
    this.#listener?.(at);
  }

  listen(listener: ((at: Instant) => void) | null): void {
    this.#listener = listener;
  }
}

/** What every verb works with: a plain bag, which a test, a job or the server can fill. */
export interface Core {
  readonly pool: Pool;
  readonly clock: Clock;
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly live: Live;
  readonly batcher: Batcher;
  readonly alarm: Alarm;
  readonly pricer: Pricer;
}
