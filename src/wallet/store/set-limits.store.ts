import type { Amount } from "../../core/amount";
import { formatInstant, type Instant } from "../../core/time";
import type { Transaction as Database, Statement } from "../../platform/transaction";
import { type Counted, LimitCount } from "../model/limit-count";
import type { Limit, Wallet, WalletKey } from "../model/types";
import { LIMIT_COLUMNS, type LimitRecord, type LimitWrite, toLimit } from "./limits.store";
import { REACHED } from "./past.reads";
import { insert, instant, texts, valuesOf } from "./set-statements";
import { TRANSACTION_COLUMNS, type TransactionRecord, toTransaction } from "./wallet.decode";

/** All SQL to set what members may take. */

const INSERT_LIMITS = insert<LimitWrite>("spending_limits", [
  ["account_id", "uuid", (row) => row.key.accountId],
  ["credit_type_id", "integer", (row) => row.key.creditTypeId],
  ["number", "integer", (row) => row.limit.number],
  ["member", "integer", (row) => row.member],
  ["operations", "text[]", (row) => texts(row.limit.operations)],
  ["every", "calendar_unit", (row) => row.limit.interval],
  ["amount", "bigint", (row) => row.limit.amount],
  ["used", "bigint", (row) => row.limit.used],
  ["window_from", "timestamptz", (row) => instant(row.limit.window.from)],
  ["window_until", "timestamptz", (row) => instant(row.limit.window.until)],
]);

/** A wallet, as far as limits care. */
export interface LimitedWallet extends Pick<Wallet, "key" | "clockAt" | "timeZone" | "testClock"> {}

const ALL: Statement = {
  name: "limits.wallets",
  text: `
    SELECT w.credit_type_id, w.clock_at, a.time_zone, a.test_clock FROM wallets w JOIN accounts a ON a.id = w.account_id
    WHERE w.account_id = $1 ORDER BY w.credit_type_id`,
};
const LOCK_ALL: Statement = { name: "limits.lock_wallets", text: `${ALL.text} FOR NO KEY UPDATE OF w` };

/** All wallets of an account, by their credit types. */
export function readWalletsOf(database: Database, accountId: string): Promise<ReadonlyMap<number, LimitedWallet>> {
  return walletsBy(database, ALL, accountId);
}

/** As `readWalletsOf`; nobody else changes them until the transaction ends. */
export function lockWalletsOf(database: Database, accountId: string): Promise<ReadonlyMap<number, LimitedWallet>> {
  return walletsBy(database, LOCK_ALL, accountId);
}

async function walletsBy(
  database: Database,
  statement: Statement,
  accountId: string,
): Promise<ReadonlyMap<number, LimitedWallet>> {
  const records = await database.query<WalletRecord>(statement, [accountId]);
  return new Map(
    records.map(({ credit_type_id: creditTypeId, clock_at: clockAt, time_zone: timeZone, test_clock: testClock }) => [
      creditTypeId,
      { key: { accountId, creditTypeId }, clockAt, timeZone, testClock },
    ]),
  );
}

interface WalletRecord {
  readonly credit_type_id: number;
  readonly clock_at: Instant;
  readonly time_zone: string;
  readonly test_clock: Instant | null;
}

interface OwnMember {
  readonly accountId: string;
  readonly number: number;
}

const OF_MEMBER: Statement = {
  name: "limits.of_member",
  text: `
    SELECT credit_type_id, ${LIMIT_COLUMNS} FROM spending_limits
    WHERE account_id = $1 AND member = $2 ORDER BY credit_type_id, number`,
};

/** All limits of a member, as they are written, by credit type and number. */
export async function readLimitsOf(
  database: Database,
  { accountId, number }: OwnMember,
): Promise<readonly { readonly key: WalletKey; readonly limit: Limit }[]> {
  const records = await database.query<LimitRecord & { credit_type_id: number }>(OF_MEMBER, [accountId, number]);
  return records.map((record) => ({ key: { accountId, creditTypeId: record.credit_type_id }, limit: toLimit(record) }));
}

const REMOVE: Statement = {
  name: "limits.remove",
  text: "DELETE FROM spending_limits WHERE account_id = $1 AND member = $2",
};

const LAST_NUMBERS: Statement = {
  name: "limits.last_numbers",
  text: "SELECT credit_type_id, max(number) AS number FROM spending_limits WHERE account_id = $1 GROUP BY credit_type_id",
};

/** Writes the limits of a member instead of those that it has, and numbers them behind all others of their wallets. */
export async function replaceLimits(
  database: Database,
  { accountId, number }: OwnMember,
  limits: readonly LimitWrite[],
): Promise<void> {
  database.send(REMOVE, [accountId, number]);
  if (limits.length === 0) return;
  const records = await database.query<{ credit_type_id: number; number: number }>(LAST_NUMBERS, [accountId]);
  const last = new Map(records.map((record) => [record.credit_type_id, record.number]));
  const numbered = limits.map(({ key, member, limit }) => {
    const next = (last.get(key.creditTypeId) ?? 0) + 1;
    last.set(key.creditTypeId, next);
    return { key, member, limit: { ...limit, number: next } };
  });
  database.send(INSERT_LIMITS, valuesOf(INSERT_LIMITS, numbered));
}

/** How many transactions are read at a time. */
const STRIDE = 1000;

const LOG: Statement = {
  name: "limits.log",
  text: `
    SELECT ${TRANSACTION_COLUMNS} FROM transactions
    WHERE account_id = $1 AND credit_type_id = $2 AND member = $3 AND sequence > $4 ORDER BY sequence LIMIT ${STRIDE}`,
};

/** The uses that a limit counts, as far as they were read. */
export interface UsesRead {
  readonly counted: Counted;
  /** What they come to. */
  readonly used: Amount;
  /** Goes on counting. */
  readonly count: LimitCount;
  /** The last transaction that was read. */
  readonly last: number;
}

/** What the log says is used: read from the window's first transaction on, or from where `before` ended. */
export async function readUses(database: Database, key: WalletKey, counted: Counted, before: UsesRead | null): Promise<UsesRead> {
  const count = before?.count ?? new LimitCount([counted]);
  let last = before?.last ?? (await lastBefore(database, key, counted.window.from));
  for (let more = true; more; ) {
    const values = [key.accountId, key.creditTypeId, counted.member, last];
    const transactions = (await database.query<TransactionRecord>(LOG, values)).map(toTransaction);
    for (const transaction of transactions) count.next(transaction);
    last = transactions.at(-1)?.sequence ?? last;
    more = transactions.length === STRIDE;
  }
  return { counted, used: count.used[0] as Amount, count, last };
}

async function lastBefore(database: Database, { accountId, creditTypeId }: WalletKey, from: Instant): Promise<number> {
  const before = formatInstant(from > 0n ? from - 1n : 0n);
  const [reached] = await database.query<{ sequence: bigint }>(REACHED, [accountId, creditTypeId, before]);
  return Number(reached?.sequence ?? 0n);
}
