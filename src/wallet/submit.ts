import type { Operator } from "../platform/act";
import type { BatchKind, Settled, Turn } from "../platform/batcher";
import type { Core } from "../platform/context";
import { Stopwatch } from "../platform/stopwatch";
import { codeOf, type Transaction as Database, faultOf, inOneTransaction, inTransaction } from "../platform/transaction";
import { Unavailable } from "../platform/unavailable";
import type { Answer } from "./answer";
import { Batch, type Job, keysOf, needsOf, type Result, type Side, type Task } from "./batch";
import { newsOf } from "./live/live-news";
import { spendAlone } from "./lone-spend";
import type { Command } from "./model/commands";
import type { Wallet, WalletKey } from "./model/types";
import { ANY_PRICES, withPrice } from "./priced-commands";
import { readFound } from "./replay";
import { readBusy } from "./store/busy.reads";
import { lockWallets, type Needs, textOf } from "./store/wallet.store";
import { sendWrites, type WalletWrite } from "./store/wallet.writes";
import { WalletMemory } from "./store/wallet-memory";
import { unitHasChanged } from "./units";

interface Item {
  readonly core: Core;
  readonly job: Job;
}

/** Every item names its core, because the batcher knows none; those of one batcher are all the same. */
const WALLET_JOBS: BatchKind<Item, Result> = { name: "wallet", run, recover };

/**
 * Does a command on a wallet: in the account's lane, in one database transaction with whatever else waits there. Answers once it is
 * committed. The same key with the same input answers the first result, for ever; also within one batch, and after a lost connection.
 * Throws Unavailable when the database is away or too much waits: then the same call is safe to repeat. `operator`: who does it, for
 * the audit log; null: it is no operator's act.
 */
export async function submit(core: Core, key: Job["key"], command: Command, operator: Operator | null = null): Promise<Answer> {
  const [result, sent] = await performPriced(core, key, command, operator);
  if (result.status === "found") return readFound(core, result, sent);
  if (result.status === "kept" || result.status === "tooMany") throw new Error(`a command came to "${result.status}"`);
  if (result.status === "refused") core.metrics.refused(result.refusal.code);
  if (result.status !== "done") return result;
  const { wallet, transaction, grants, hold, counterpart } = result;
  const asked = sent.type === "spend" || sent.type === "hold" ? sent.amount : null;
  const done = { status: "done", replayed: false, wallet, transaction, asked, grants, hold } as const;
  return counterpart ? { ...done, counterpart } : done;
}

type Settling = Exclude<Result, { readonly status: "otherUnit" }>;
type Performed = Exclude<Settling, { readonly status: "stale" }>;

/**
 * What was priced is priced again when the prices have changed by the time that it is decided, or when the wallet turns out to live by a
 * test clock, or its account to be on another plan; answers also the command as it was sent.
 */
async function performPriced(
  core: Core,
  key: Job["key"],
  command: Command,
  operator: Operator | null,
): Promise<readonly [Performed, Command]> {
  let known = ANY_PRICES;
  for (let tries = 0; tries < MOST_PRICINGS; tries++) {
    // What was priced beforehand is sent at once, in its order.
    const toPrice = "pricing" in command && command.pricing && (tries > 0 || command.pricing.told === null);
    const sent: Command = toPrice ? await withPrice(core, key, command, known) : command;
    const result = await perform(core, key, sent, operator);
    if (result.status !== "stale") return [result, sent];
    known = { atLeast: result.priceRevision, notBefore: result.at, clock: result.clock, plan: result.plan };
  }
  throw new Unavailable("the prices change too quickly", 1);
}

/**
 * Prices change a few times a day; but a script may publish one account's after the other's, every few milliseconds, which is as long as it
 * takes from a question to its decision: then each pricing has about an even chance.
 */
const MOST_PRICINGS = 100;

/** Writes what fell due in a wallet up to now. Null: there is no such wallet. */
export async function catchUpNow(core: Core, key: WalletKey): Promise<Wallet | null> {
  const result = await perform(core, key, { type: "catchUp" });
  return result.status === "kept" ? result.wallet : null;
}

/**
 * Has a task done in its lane. `operator`: who does it, for the audit log; null: it is no operator's act. Throws Unavailable when its
 * amounts were read by a unit that is not the credit type's any more: nothing is done by the wrong one.
 */
export async function perform(core: Core, key: Job["key"], task: Task, operator: Operator | null = null): Promise<Settling> {
  const item = { core, job: { key, task, operator, attempts: [] } };
  const result = await core.batcher.submit(WALLET_JOBS, key.accountId, item);
  if (result.status === "otherUnit") throw unitHasChanged(core);
  return result;
}

/**
 * A batch's first attempt. Once it is on its way to the database the next may begin: it is locked, loaded and, where it works on other
 * wallets, decided while this one commits. Where it works on the same, it takes them as this one leaves them.
 */
async function run(items: readonly Item[], turn: Turn<Item>): Promise<readonly Settled<Result>[]> {
  const alone = await runLone(items, turn);
  if (alone) return [alone];
  const settled = await runTogether(items, turn);
  return settled.length === items.length ? settled : [...settled, ...(await runAlone(items.slice(settled.length)))];
}

/** A spend that nothing waits behind or beside is done by what is remembered, if that still holds. */
async function runLone([item, ...others]: readonly Item[], { ahead }: Turn<Item>): Promise<Settled<Result> | null> {
  if (!item || others.length > 0 || ahead.length > 0) return null;
  const { core, job } = item;
  const spend = await spendAlone(core, job, memoryOf(core));
  if (!spend) return null;
  const settled = { ok: true, value: spend.result } as const;
  announce(core, spend.changed, [settled]);
  return settled;
}

/**
 * A batch whose statements fail is done again in halves, so that what is bad in the end stands alone and harms no neighbour. What lost
 * a race for its idempotency key, against another server on another wallet of the account, finds the winner the second time.
 * `mayWait`: whether it is the first time that these items wait for somebody else. Their lane waits with them, so they wait only once.
 */
async function recover(
  items: readonly Item[],
  error: unknown,
  mayWait = true,
  mayRace = true,
): Promise<readonly Settled<Result>[]> {
  const { core } = items[0] as Item;
  if (error instanceof Overtaken || faultOf(error) !== null) return runAlone(items, mayWait);
  if (error instanceof Unavailable) return failed(items, error);
  if (TIMEOUTS.has(codeOf(error))) return mayWait ? runFree(core, items, error) : failed(items, tooSlow(error));
  if (items.length === 1)
    return mayRace && codeOf(error) === UNIQUE_VIOLATION ? runAlone(items, mayWait, false) : failed(items, error);
  core.log.warn({ err: error, size: items.length }, "a batch failed and is done in halves");
  return runHalves(core, items, mayWait);
}

/** With nothing else of its lane at work; what passes by itself is waited for. */
async function runAlone(items: readonly Item[], mayWait = true, mayRace = true): Promise<readonly Settled<Result>[]> {
  if (items.length === 0) return [];
  let settled: readonly Settled<Result>[];
  try {
    settled = await runTogether(items, null);
  } catch (error) {
    return recover(items, error, mayWait, mayRace);
  }
  return [...settled, ...(await runAlone(items.slice(settled.length), mayWait))];
}

async function runHalves(core: Core, items: readonly Item[], mayWait: boolean): Promise<readonly Settled<Result>[]> {
  core.metrics.count("batches_halved");
  const middle = Math.ceil(items.length / 2);
  return [...(await runAlone(items.slice(0, middle), mayWait)), ...(await runAlone(items.slice(middle), mayWait))];
}

/** After a batch has waited too long: what works on wallets that somebody still keeps is turned away, the rest is done without it. */
async function runFree(core: Core, items: readonly Item[], cause: unknown): Promise<readonly Settled<Result>[]> {
  core.log.warn({ err: cause, size: items.length }, "a batch waited too long and is done without the wallets that are busy");
  if (items.length === 1) return failed(items, tooSlow(cause));
  try {
    const busy = await readBusy(core.pool, needsOf(items.map((item) => item.job)).keys);
    const isFree = ({ job }: Item) => keysOf(job).every((key) => !busy.has(textOf(key)));
    const settled = (await runHalves(core, items.filter(isFree), false)).values();
    return items.map((item) => (isFree(item) ? (settled.next().value as Settled<Result>) : { ok: false, error: tooSlow(cause) }));
  } catch (error) {
    return failed(items, TIMEOUTS.has(codeOf(error)) ? tooSlow(error) : error);
  }
}

function failed(items: readonly Item[], error: unknown): readonly Settled<Result>[] {
  return items.map(() => ({ ok: false, error }));
}

/** What a batch decided on is not what the batch ahead of it left: that one failed, and is done again first. */
class Overtaken extends Error {
  override readonly name = "Overtaken";
}

/**
 * Setup, compute, execute: one round trip to lock and load, the pure core, one to write and commit. Answers for as many of the jobs,
 * from the first on, as could be decided in time. With a turn it is tried once; without, until it passes or is given up.
 */
async function runTogether(items: readonly Item[], turn: Turn<Item> | null): Promise<readonly Settled<Result>[]> {
  const { core } = items[0] as Item;
  const jobs = items.map((item) => item.job);
  const memory = memoryOf(core);
  const watch = new Stopwatch(core.metrics);
  const transact = turn ? inOneTransaction : inTransaction;
  const { changed, settled } = await transact(core.pool, "write", async (database) => {
    const now = core.clock.now();
    const needs = needsOf(jobs);
    const loaded = await lockWallets(database, needs, now, memory);
    if (turn) await notOvertaken(needs, turn);
    watch.ended("setup");
    const batch = new Batch(loaded, now);
    const results = decideSome(core, batch, jobs, database);
    // Also before it is committed: if it never is, no wallet will have these hashes.
    for (const [text, standing] of batch.standing) memory.keep(text, standing, (loaded.wallets.get(text) ?? standing).revision);
    watch.ended("compute");
    if (!batch.hasWrites) database.forgo();
    // The COMMIT is sent behind the writes at once; that they are answered before it is what tells the two apart.
    void database.answered().then(() => watch.ended("execute"));
    if (results.length === jobs.length) turn?.next();
    return { changed: batch.changed, settled: results };
  });
  watch.ended("commit");
  announce(core, changed, settled);
  return settled;
}

/** Wallets that a batch ahead works on could only be locked when that was over: now it is known how it went. */
async function notOvertaken({ keys }: Needs, { ahead }: Turn<Item>): Promise<void> {
  const own = new Set(keys.map(textOf));
  for (const { items, succeeded } of ahead) {
    const shared = items.some(({ job }) => keysOf(job).some((key) => own.has(textOf(key))));
    if (shared && !(await succeeded)) throw new Overtaken("the batch ahead failed");
  }
}

/** One for each connection pool; it goes with it. */
const MEMORIES = new WeakMap<Core["pool"], WalletMemory>();
const MOST_REMEMBERED = 100_000;

function memoryOf({ pool }: Core): WalletMemory {
  const known = MEMORIES.get(pool);
  if (known) return known;
  const memory = new WalletMemory(MOST_REMEMBERED);
  MEMORIES.set(pool, memory);
  return memory;
}

/**
 * Decides one after the other, one at least, until that has taken too long. What they change is sent part by part: the database writes
 * one while the next is decided.
 */
function decideSome({ clock }: Core, batch: Batch, jobs: readonly Job[], database: Database): readonly Settled<Result>[] {
  const settled: Settled<Result>[] = [];
  const until = clock.now() + LONGEST_DECIDING;
  for (const job of jobs) {
    settled.push(settle(() => batch.perform(job)));
    if (clock.now() >= until) break;
    if (settled.length % PART > 0) continue;
    sendWrites(database, batch.take());
    database.flush();
  }
  sendWrites(database, batch.take());
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
function announce(core: Core, changed: readonly WalletWrite[], settled: readonly Settled<Result>[]): void {
  if (changed.length === 0) return;
  const wallets = changed.map(({ wallet }) => wallet);
  core.live.publish(newsOf(core).tell(core.clock.now(), wallets, () => settled.flatMap(writtenBy)));
  for (const { wallet, nextDueAt } of changed)
    if (nextDueAt !== null && wallet.testClock === null) core.alarm.announce(nextDueAt);
}

/** What a command wrote; what fell due before it is not in its answer, and is read by those who follow it. */
function writtenBy(one: Settled<Result>): readonly Side[] {
  if (!one.ok || one.value.status !== "done") return [];
  return one.value.counterpart ? [one.value, one.value.counterpart] : [one.value];
}

/**
 * Microseconds. While a batch is decided the server does nothing else, and the database waits with its wallets locked, for 10 s at most:
 * a thousand spends of a wallet with ten thousand open grants would take that long.
 */
const LONGEST_DECIDING = 500_000n;

/** Commands: each part is a statement more, which takes as long as some three of them. */
const PART = 64;

const UNIQUE_VIOLATION = "23505";
/** lock_not_available, query_canceled: somebody else holds the wallet for too long. */
const TIMEOUTS = new Set(["55P03", "57014"]);

function tooSlow(cause: unknown): Unavailable {
  return new Unavailable("the wallet is busy", 1, { cause });
}
