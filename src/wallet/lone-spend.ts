import { formatInstant, type Instant } from "../core/time";
import type { Core } from "../platform/context";
import { Stopwatch } from "../platform/stopwatch";
import { type Statement, writeRow } from "../platform/transaction";
import { Batch, type Job, type Result } from "./batch";
import { timeOf } from "./model/wallet";
import type { LoadedWallet } from "./store/loaded-wallet";
import { ONE, type SetStatement, valuesOfOne } from "./store/set-statements";
import { textOf } from "./store/wallet.store";
import { INSERT_TRANSACTIONS, UPDATE_GRANTS, UPDATE_WALLETS, type WalletWrite, type Writes } from "./store/wallet.writes";
import type { WalletMemory } from "./store/wallet-memory";

/**
 * A spend that has its batch to itself, in a wallet that was left as it should still be: decided by what is remembered, and written by one
 * statement, which is a transaction of its own, if the wallet is indeed so. That takes a third of the time of locking and loading it first.
 */

/** What became of it, and what it changed. */
export interface LoneSpend {
  readonly result: Result;
  readonly changed: readonly WalletWrite[];
}

/**
 * Null: nothing was written, and it must be done like everything else; because it is no plain spend, would be refused, is not all that
 * happens in the wallet now, or the wallet is another by now or locked. Throws what the database says, also for a key that was used before.
 */
export async function spendAlone(core: Core, job: Job, memory: WalletMemory): Promise<LoneSpend | null> {
  const { pool, clock } = core;
  if (job.task.type !== "spend" || job.task.member !== null) return null;
  const text = textOf(job.key);
  const before = memory.asLeft(text);
  const watch = new Stopwatch(core.metrics);
  const now = clock.now();
  if (!before || isDue(before, now)) return null;
  const batch = new Batch({ wallets: new Map([[text, before]]), uses: [] }, now);
  const result = batch.perform(job);
  const writes = batch.take();
  if (result.status !== "done" || !isPlain(writes)) return null;
  watch.ended("compute");
  if ((await writeRow(pool, SPEND, valuesOf(before, writes))) === 0) return null;
  watch.ended("commit");
  memory.keep(text, batch.standing.get(text) as LoadedWallet, before.revision);
  return { result, changed: batch.changed };
}

/** Holds that fall due are not remembered. */
function isDue({ wallet }: LoadedWallet, now: Instant): boolean {
  const { unloadedDueAt, clockAt } = wallet;
  const at = timeOf(wallet, now);
  return unloadedDueAt !== null && unloadedDueAt <= (clockAt > at ? clockAt : at);
}

/** One transaction that one grant pays for, and nothing else. */
function isPlain(writes: Writes): boolean {
  return Object.entries(writes).every(([part, rows]) => !Array.isArray(rows) || rows.length === (PLAIN.has(part) ? 1 : 0));
}

const PLAIN = new Set<string>(["wallets", "transactions", "changedGrants"] satisfies (keyof Writes)[]);

/** Compared, so that nothing that was read of the wallet can have changed: what belongs to it raises its revision. */
const STANDING = [
  ["w.account_id", "uuid", ({ wallet }) => wallet.key.accountId],
  ["w.credit_type_id", "integer", ({ wallet }) => wallet.key.creditTypeId],
  ["w.revision", "bigint", ({ revision }) => revision],
  ["w.hash", "bytea", ({ wallet }) => wallet.hash],
  ["a.time_zone", "text", ({ wallet }) => wallet.timeZone],
  ["coalesce(a.test_clock, '-infinity')", "timestamptz", ({ wallet }) => clockText(wallet.testClock)],
  ["c.refund_grace", "text", ({ wallet }) => wallet.refundGrace],
  ["c.expiry_notice", "text", ({ wallet }) => wallet.expiryNotice],
  ["coalesce(w.policy, c.policy)", "integer", ({ wallet }) => wallet.policy.version],
  ["c.price_revision", "integer", ({ priceRevision }) => priceRevision],
  ["coalesce(a.plan_id, 0)", "integer", ({ plan }) => plan ?? 0],
  ["c.unit_revision", "integer", ({ unitRevision }) => unitRevision],
] as const satisfies SetStatement<LoadedWallet>["columns"];

/** As the statement compares it: there is no equality with nothing. */
function clockText(testClock: Instant | null): string {
  return testClock === null ? "-infinity" : formatInstant(testClock);
}

const SPEND = statement();

// Each part does something only if the one before it did. A wallet that somebody else has locked is passed over: it is about to change.
function statement(): Statement {
  const standing = STANDING.map(([what, type], index) => `${what} = $${index + 1}::${type}`).join(" AND ");
  const [paid, moved, inserted] = [
    UPDATE_GRANTS.write(STANDING.length + 1, ONE),
    UPDATE_WALLETS.write(STANDING.length + UPDATE_GRANTS.columns.length + 1, ONE),
    INSERT_TRANSACTIONS.write(STANDING.length + UPDATE_GRANTS.columns.length + UPDATE_WALLETS.columns.length + 1, ONE),
  ];
  return {
    name: "ledger.spend",
    text: `
      WITH standing AS (
        SELECT 1 FROM wallets w JOIN accounts a ON a.id = w.account_id JOIN credit_types c ON c.id = w.credit_type_id
        WHERE ${standing} FOR NO KEY UPDATE OF w SKIP LOCKED),
      paid AS (${paid} AND EXISTS (SELECT FROM standing) RETURNING 1),
      moved AS (${moved} AND EXISTS (SELECT FROM paid) RETURNING 1)
      ${inserted} WHERE EXISTS (SELECT FROM moved)`,
  };
}

function valuesOf(before: LoadedWallet, { changedGrants, wallets, transactions }: Writes): (string | null)[] {
  return [
    ...valuesOfOne({ columns: STANDING }, before),
    ...changedGrants.flatMap((row) => valuesOfOne(UPDATE_GRANTS, row)),
    ...wallets.flatMap((row) => valuesOfOne(UPDATE_WALLETS, row)),
    ...transactions.flatMap((row) => valuesOfOne(INSERT_TRANSACTIONS, row)),
  ];
}
