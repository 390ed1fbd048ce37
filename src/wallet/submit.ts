import type { BatchKind, Settled } from "../platform/batcher";
import type { Core } from "../platform/context";
import { Stopwatch } from "../platform/stopwatch";
import { codeOf, inTransaction } from "../platform/transaction";
import { Unavailable } from "../platform/unavailable";
import type { Answer } from "./answer";
import { Batch, type Job, needsOf, type Result, type Task } from "./batch";
import { readBusy } from "./busy.reads";
import type { Command } from "./model/commands";
import type { Wallet, WalletKey } from "./model/types";
import { readFound } from "./replay";
import { loadWallets, textOf } from "./wallet.store";
import { sendWrites, type Writes } from "./wallet.writes";

interface Item {
  readonly core: Core;
  readonly job: Job;
}

/** Every item names its core, because the batcher knows none; those of one batcher are all the same. */
const WALLET_JOBS: BatchKind<Item, Result> = { name: "wallet", run: (items) => run(items) };

/**
 * Does a command on a wallet: in the account's lane, in one database transaction with whatever else waits there. Answers once it is
 * committed. The same key with the same input answers the first result, for ever; also within one batch, and after a lost connection.
 * Throws Unavailable when the database is away or too much waits: then the same call is safe to repeat.
 */
export async function submit(core: Core, key: WalletKey, command: Command): Promise<Answer> {
  const result = await perform(core, key, command);
  if (result.status === "found") return readFound(core, result, command);
  if (result.status === "kept" || result.status === "tooMany") throw new Error(`a command came to "${result.status}"`);
  if (result.status === "refused") core.metrics.refused(result.refusal.code);
  if (result.status !== "done") return result;
  const { wallet, transaction, grants, hold, counterpart } = result;
  const done = { status: "done", replayed: false, wallet, transaction, grants, hold } as const;
  return counterpart ? { ...done, counterpart } : done;
}

/** Writes what fell due in a wallet up to now. Null: there is no such wallet. */
export async function catchUpNow(core: Core, key: WalletKey): Promise<Wallet | null> {
  const result = await perform(core, key, { type: "catchUp" });
  return result.status === "kept" ? result.wallet : null;
}

/** Has a task done in its lane. */
export function perform(core: Core, key: WalletKey, task: Task): Promise<Result> {
  return core.batcher.submit(WALLET_JOBS, key.accountId, { core, job: { key, task, attempts: [] } });
}

/**
 * A batch whose statements fail is done again in halves, so that what is bad in the end stands alone and harms no neighbour. What lost
 * a race for its idempotency key, against another server on another wallet of the account, finds the winner the second time.
 * `mayWait`: whether it is the first time that these items wait for somebody else. Their lane waits with them, so they wait only once.
 */
async function run(items: readonly Item[], mayWait = true, mayRace = true): Promise<readonly Settled<Result>[]> {
  const [first] = items;
  if (!first) return [];
  try {
    const settled = await runTogether(
      first.core,
      items.map((item) => item.job),
    );
    return settled.length === items.length ? settled : [...settled, ...(await run(items.slice(settled.length), mayWait))];
  } catch (error) {
    if (error instanceof Unavailable) return failed(items, error);
    if (TIMEOUTS.has(codeOf(error))) return mayWait ? runFree(first.core, items, error) : failed(items, tooSlow(error));
    if (items.length === 1)
      return mayRace && codeOf(error) === UNIQUE_VIOLATION ? run(items, mayWait, false) : failed(items, error);
    first.core.log.warn({ err: error, size: items.length }, "a batch failed and is done in halves");
    return runHalves(first.core, items, mayWait);
  }
}

async function runHalves(core: Core, items: readonly Item[], mayWait: boolean): Promise<readonly Settled<Result>[]> {
  core.metrics.count("batches_halved");
  const middle = Math.ceil(items.length / 2);
  return [...(await run(items.slice(0, middle), mayWait)), ...(await run(items.slice(middle), mayWait))];
}

/** After a batch has waited too long: what works on wallets that somebody still keeps is turned away, the rest is done without it. */
async function runFree(core: Core, items: readonly Item[], cause: unknown): Promise<readonly Settled<Result>[]> {
  core.log.warn({ err: cause, size: items.length }, "a batch waited too long and is done without the wallets that are busy");
  if (items.length === 1) return failed(items, tooSlow(cause));
  try {
    const busy = await readBusy(core.pool, needsOf(items.map((item) => item.job)).keys);
    const isFree = ({ job }: Item) => needsOf([job]).keys.every((key) => !busy.has(textOf(key)));
    const settled = (await runHalves(core, items.filter(isFree), false)).values();
    return items.map((item) => (isFree(item) ? (settled.next().value as Settled<Result>) : { ok: false, error: tooSlow(cause) }));
  } catch (error) {
    return failed(items, TIMEOUTS.has(codeOf(error)) ? tooSlow(error) : error);
  }
}

function failed(items: readonly Item[], error: unknown): readonly Settled<Result>[] {
  return items.map(() => ({ ok: false, error }));
}

/**
 * Setup, compute, execute: one round trip to lock and load, the pure core, one to write and commit. Answers for as many of the jobs,
 * from the first on, as could be decided in time.
 */
async function runTogether(core: Core, jobs: readonly Job[]): Promise<readonly Settled<Result>[]> {
  const watch = new Stopwatch(core.metrics);
  const { writes, settled } = await inTransaction(core.pool, "write", async (database) => {
    const now = core.clock.now();
    const loaded = await loadWallets(database, needsOf(jobs), now, true);
    watch.ended("setup");
    const batch = new Batch(loaded, now);
    const results = decideSome(core, batch, jobs);
    const changed = batch.writes();
    watch.ended("compute");
    sendWrites(database, changed);
    // The COMMIT is sent behind the writes at once; that they are answered before it is what tells the two apart.
    void database.answered().then(() => watch.ended("execute"));
    return { writes: changed, settled: results };
  });
  watch.ended("commit");
  announce(core, writes);
  return settled;
}

/** Decides one after the other, one at least, until that has taken too long. */
function decideSome({ clock }: Core, batch: Batch, jobs: readonly Job[]): readonly Settled<Result>[] {
  const settled: Settled<Result>[] = [];
  const until = clock.now() + LONGEST_DECIDING;
  for (const job of jobs) {
    settled.push(settle(() => batch.perform(job)));
    if (clock.now() >= until) break;
  }
  return settled;
}

function settle(work: () => Result): Settled<Result> {
  try {
    return { ok: true, value: work() };
  } catch (error) {
    return { ok: false, error };
  }
}

/** After the commit: those who watch, and the sweeper, are told. */
function announce(core: Core, { wallets }: Writes): void {
  if (wallets.length === 0) return;
  core.live.publish(wallets.map(({ wallet }) => ({ ...wallet.key, sequence: wallet.sequence })));
  for (const { nextDueAt } of wallets) if (nextDueAt !== null) core.alarm.announce(nextDueAt);
}

/**
 * Microseconds. While a batch is decided the server does nothing else, and the database waits with its wallets locked, for 10 s at most:
 * a thousand spends of a wallet with ten thousand open grants would take that long.
 */
const LONGEST_DECIDING = 500_000n;

const UNIQUE_VIOLATION = "23505";
/** lock_not_available, query_canceled: somebody else holds the wallet for too long. */
const TIMEOUTS = new Set(["55P03", "57014"]);

function tooSlow(cause: unknown): Unavailable {
  return new Unavailable("the wallet is busy", 1, { cause });
}
