import { setTimeout as delay } from "node:timers/promises";
import type { Client, Pool, PoolClient, QueryConfig, QueryResultRow } from "pg";
import { Unavailable } from "./unavailable";

/** One SQL text, prepared once per connection under its name. */
export interface Statement {
  readonly name: string;
  readonly text: string;
}

/**
 * "write": READ COMMITTED, in which each statement sees what was committed before it began; so what is read by the statement after a
 * lock is what the lock protects. "snapshot": all statements see one moment, and none may write.
 */
export type TransactionMode = "write" | "snapshot";

// Prepared like every other statement: pg sends only such along with those behind them.
const BEGIN: Record<TransactionMode, Statement> = {
  write: { name: "transaction.write", text: "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE" },
  snapshot: { name: "transaction.snapshot", text: "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY" },
};
const COMMIT: Statement = { name: "transaction.commit", text: "COMMIT" };
const ROLLBACK: Statement = { name: "transaction.rollback", text: "ROLLBACK" };

/** An open transaction. Statements are sent at once, one behind the other, without waiting for answers: a round trip for all of them. */
export class Transaction {
  readonly sent: Promise<unknown>[] = [];
  #corked = false;
  #scheduled = false;
  #ending = COMMIT;

  constructor(private readonly client: PoolClient & Pick<Client, "connection">) {}

  /** Sends a statement; the rows are there when the answer is. An answer that nobody waits for is still checked before the commit counts. */
  async query<Row extends QueryResultRow>(statement: Statement, values: readonly unknown[] = []): Promise<readonly Row[]> {
    const answer = this.client.query<Row>(this.#next(statement, values));
    this.#track(answer);
    return (await answer).rows;
  }

  /** Sends a statement that answers nothing of interest: a failure is the transaction's. */
  send(statement: Statement, values: readonly unknown[]): void {
    this.#track(this.client.query(this.#next(statement, values)));
  }

  /** Nothing was written: it ends without anything to make durable, for which a commit would wait. */
  forgo(): void {
    this.#ending = ROLLBACK;
  }

  /** Ends it; answers whether that went as it was to. */
  async end(): Promise<boolean> {
    const ended = await this.control(this.#ending).catch(() => "FAILED");
    // PostgreSQL answers the COMMIT of a failed transaction with ROLLBACK.
    return ended === this.#ending.text;
  }

  /** Resolves when all that was sent so far has been answered, whatever the answer is. */
  async answered(): Promise<void> {
    // Answers come in the order of what was sent.
    await this.sent.at(-1)?.catch(() => undefined);
  }

  /** Sends one of the statements that begin and end transactions; answers what it came to. */
  async control(statement: Statement): Promise<string> {
    const answer = this.client.query(this.#next(statement, []));
    this.#track(answer);
    return (await answer).command;
  }

  /** Lets go what was sent so far: the database begins with it while more is being made up. */
  flush(): void {
    if (!this.#corked) return;
    this.#corked = false;
    this.client.connection.stream.uncork();
  }

  /** Holds back what is sent until the work at hand is done, so that it leaves in one piece: each write to a socket costs as much as a spend. */
  #next({ name, text }: Statement, values: readonly unknown[]): QueryConfig {
    if (!this.#corked) this.client.connection.stream.cork();
    this.#corked = true;
    if (!this.#scheduled)
      process.nextTick(() => {
        this.#scheduled = false;
        this.flush();
      });
    this.#scheduled = true;
    return { name, text, values: values as unknown[] };
  }

  #track(answer: Promise<unknown>): void {
    this.sent.push(answer);
    answer.catch(() => undefined);
  }
}

/**
 * Runs `work` in a transaction and commits. Runs it again, from the start, after a deadlock, a serialization failure or a lost
 * connection: this is the one place that retries. A connection may be lost after the commit was sent, so `work` must be safe to be
 * run again when its first commit had counted after all. Throws Unavailable when trying again does not help.
 */
export function inTransaction<T>(pool: Pool, mode: TransactionMode, work: (transaction: Transaction) => Promise<T>): Promise<T> {
  return retrying(() => inOneTransaction(pool, mode, work));
}

/** Runs one reading statement, with the same retries. */
export function readRows<Row extends QueryResultRow>(
  pool: Pool,
  statement: Statement,
  values: readonly unknown[] = [],
): Promise<readonly Row[]> {
  return retrying(async () => (await pool.query<Row>({ ...statement, values: values as unknown[] })).rows);
}

/** Runs one writing statement, which is a transaction of its own, once. Answers how many rows it wrote. */
export async function writeRow(pool: Pool, { name, text }: Statement, values: readonly unknown[]): Promise<number> {
  return (await pool.query({ name, text, values: values as unknown[] })).rowCount ?? 0;
}

/** As `inTransaction`, but once: what passes when it is done again (`faultOf`) is thrown like everything else. */
export async function inOneTransaction<T>(
  pool: Pool,
  mode: TransactionMode,
  work: (transaction: Transaction) => Promise<T>,
): Promise<T> {
  const client = (await pool.connect()) as PoolClient & Client;
  const transaction = new Transaction(client);
  let broken = false;
  try {
    const began = transaction.control(BEGIN[mode]);
    began.catch(() => undefined);
    const result = await attempt(transaction, work);
    const ended = await transaction.end();
    await firstFailure(transaction);
    if (!ended) throw new Error("the transaction was rolled back");
    return result;
  } catch (error) {
    broken = faultOf(error) === "LOST";
    throw error;
  } finally {
    client.release(broken);
  }
}

async function attempt<T>(transaction: Transaction, work: (transaction: Transaction) => Promise<T>): Promise<T> {
  try {
    return await work(transaction);
  } catch (error) {
    await transaction.control(ROLLBACK).catch(() => undefined);
    // The first statement that failed is the cause: those behind it only say that the transaction is aborted.
    await firstFailure(transaction);
    throw error;
  }
}

async function firstFailure(transaction: Transaction): Promise<void> {
  for (const answer of await Promise.allSettled(transaction.sent)) if (answer.status === "rejected") throw answer.reason;
}

/** Milliseconds before each further attempt: quick for a deadlock, and together long enough for a database that restarts. */
const PAUSES = [5, 10, 20, 50, 100, 200, 400, 800, 1600];

/** Milliseconds after which nothing is tried again, however few the attempts: each may have waited for an answer that did not come. */
const PATIENCE = 20_000;

async function retrying<T>(work: () => Promise<T>): Promise<T> {
  const since = performance.now();
  for (let tries = 0; ; tries++) {
    try {
      return await work();
    } catch (error) {
      if (faultOf(error) === null) throw error;
      const pause = PAUSES[tries];
      if (pause === undefined || performance.now() - since > PATIENCE)
        throw new Unavailable("the database cannot be reached or is too busy", 2, { cause: error });
      // Spread out, so that those who collided do not collide again.
      await delay(pause * (0.5 + Math.random()));
    }
  }
}

/** serialization_failure, deadlock_detected. */
const CONFLICTS = new Set(["40001", "40P01"]);
/** Shutdowns, a server that starts, too many connections, an idle transaction that was ended; and what sockets report. */
const LOSSES = new Set([
  ...["57P01", "57P02", "57P03", "53300", "25P03"],
  ...[
    "ECONNREFUSED",
    "ECONNRESET",
    "ECONNABORTED",
    "EPIPE",
    "ETIMEDOUT",
    "EHOSTUNREACH",
    "ENETUNREACH",
    "ENOTFOUND",
    "EAI_AGAIN",
  ],
  ...["ENOENT"],
]);
/** What pg throws without a code when a connection breaks or answers too late. */
const LOSS_MESSAGES =
  /^(Connection terminated|Client has encountered a connection error|Client was closed|timeout exceeded|Query read timeout)/;

/** Whether an error passes when the work is done again: a conflict with others, a lost connection, or neither (null). */
export function faultOf(error: unknown): "CONFLICT" | "LOST" | null {
  const code = codeOf(error);
  if (CONFLICTS.has(code)) return "CONFLICT";
  if (LOSSES.has(code) || code.startsWith("08")) return "LOST";
  return code === "" && LOSS_MESSAGES.test(messageOf(error)) ? "LOST" : null;
}

/** lock_not_available: somebody else has kept for too long what was to be locked. It passes, but not by waiting for it once more at once. */
export function isBusy(error: unknown): boolean {
  return codeOf(error) === "55P03";
}

/** By its shape: an error may be of another realm, and then is no instance of this one's Error. */
function messageOf(error: unknown): string {
  if (typeof error !== "object" || error === null || !("message" in error)) return "";
  return typeof error.message === "string" ? error.message : "";
}

/** The SQLSTATE, or a socket's error code, that an error carries; "" when it carries none. */
export function codeOf(error: unknown): string {
  if (typeof error !== "object" || error === null || !("code" in error)) return "";
  return typeof error.code === "string" ? error.code : "";
}
