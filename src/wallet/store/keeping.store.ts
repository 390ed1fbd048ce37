import type { Pool } from "pg";
import { formatInstant, type Instant } from "../../core/time";
import { type Operator, recordAct } from "../../platform/act";
import { inTransaction, readRows, type Statement } from "../../platform/transaction";
import { creditTypeIdOf, walletId } from "../ids";
import type { Wallet, WalletKey } from "../model/types";
import { emptyWallet } from "../model/wallet";
import { toKey } from "./wallet.decode";
import { loadWallets, textOf } from "./wallet.store";

/** What is read and written to open wallets, and to keep them up with time. */

const TERMS: Statement = {
  name: "wallets.terms",
  text: `
    SELECT a.time_zone, a.test_clock, c.refund_grace, c.expiry_notice, p.version, p.keys
    FROM accounts a, credit_types c JOIN policies p ON p.version = coalesce($3::integer, c.policy)
    WHERE a.id = $1 AND c.id = $2`,
};

const INSERT: Statement = {
  name: "wallets.insert",
  text: `
    INSERT INTO wallets (account_id, credit_type_id, sequence, clock_at, hash, grant_count, alert_count, policy, available, held,
      pending, debt, overdraft, by_kind, depletion, next_due_at, created_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0, 0, 0, 0, 0, $9, $10, NULL, $4)
    ON CONFLICT (account_id, credit_type_id) DO NOTHING
    RETURNING sequence`,
};

interface TermsRecord {
  readonly time_zone: string;
  readonly test_clock: Instant | null;
  readonly refund_grace: string;
  readonly expiry_notice: string;
  readonly version: number;
  readonly keys: Wallet["policy"]["keys"];
}

export interface Opened {
  readonly wallet: Wallet;
  /** False when it was open already. */
  readonly opened: boolean;
}

/** Writes an empty wallet, unless there is one. `policy` null: the credit type's. Null: no such account, credit type or policy. */
export function insertWallet(
  pool: Pool,
  key: WalletKey,
  policy: number | null,
  now: Instant,
  by: Operator,
): Promise<Opened | null> {
  const { accountId, creditTypeId } = key;
  return inTransaction(pool, "write", async (database) => {
    const [terms] = await database.query<TermsRecord>(TERMS, [accountId, creditTypeId, policy]);
    if (!terms) return null;
    const { time_zone: timeZone, test_clock: testClock, refund_grace: refundGrace, expiry_notice: expiryNotice } = terms;
    const { version, keys } = terms;
    const own = { timeZone, testClock, refundGrace, expiryNotice };
    const wallet = emptyWallet({ key, now: testClock ?? now, policy: { version, keys }, ...own });
    const { sequence, clockAt, hash, grantCount, alertCount, balance, depletion } = wallet;
    const values = [accountId, creditTypeId, sequence, formatInstant(clockAt), hash, grantCount, alertCount, policy];
    const inserted = await database.query(INSERT, [...values, balance.byKind, depletion]);
    if (inserted.length > 0) {
      const act = { action: "openWallet", at: now, ...by, subject: walletId(key), accountId };
      recordAct(database, { ...act, before: null, after: { creditType: creditTypeIdOf(creditTypeId), policy } });
      return { wallet, opened: true };
    }
    const needs = { keys: [key], grants: [], holds: [], spends: [], members: [], uses: [] };
    const standing = (await loadWallets(database, needs, now)).wallets.get(textOf(key));
    return standing ? { wallet: standing.wallet, opened: false } : null;
  });
}

// What falls due by a test clock is passed over: operators try out a few accounts, each a look-up more for every sweep. A subquery for a
// value is asked for each row; as a join it might be made by reading all accounts.
const BY_REAL_CLOCK = "(SELECT a.test_clock FROM accounts a WHERE a.id = w.account_id) IS NULL";

const DUE: Statement = {
  name: "wallets.due",
  text: `
    SELECT w.account_id, w.credit_type_id FROM wallets w WHERE w.next_due_at <= $1 AND ${BY_REAL_CLOCK}
    ORDER BY w.next_due_at LIMIT $2`,
};

/** The wallets that something really fell due in by `now`, the longest overdue first. */
export async function readDue(pool: Pool, now: Instant, limit: number): Promise<readonly WalletKey[]> {
  const values = [formatInstant(now), limit];
  return (await readRows<{ account_id: string; credit_type_id: number }>(pool, DUE, values)).map(toKey);
}

const NEXT_DUE: Statement = {
  name: "wallets.next_due",
  text: `SELECT w.next_due_at AS at FROM wallets w WHERE w.next_due_at > $1 AND ${BY_REAL_CLOCK} ORDER BY w.next_due_at LIMIT 1`,
};

/** The next instant after `now` at which something really falls due in any wallet. */
export async function readNextDue(pool: Pool, now: Instant): Promise<Instant | null> {
  const [next] = await readRows<{ at: Instant }>(pool, NEXT_DUE, [formatInstant(now)]);
  return next?.at ?? null;
}
