import type { Pool } from "pg";
import { formatInstant, type Instant } from "../../core/time";
import { inTransaction, readRows, type Statement } from "../../platform/transaction";
import { catchUp } from "../model/catch-up";
import type { Balance, Grant, Policy, Pot, Source, Wallet, WalletKey, WaterfallKey } from "../model/types";
import { EMPTY_BALANCE } from "../model/wallet";
import {
  ENTRIES,
  GRANT_COLUMNS,
  type GrantRecord,
  type TransactionRecord,
  toBalance,
  toGrant,
  toTransaction,
} from "./wallet.decode";
import { readWallets, snapshotOf, TRANSACTIONS } from "./wallet.reads";
import { splitNamed, textOf } from "./wallet.store";

/** What was: balances at an instant, and the state that a decision was made on. */

// The sequence has no gaps, and effective_at never decreases along it: so halving finds the place, and no index need be kept for it.
const SEARCH = `
  WITH RECURSIVE search (low, high) AS (
    SELECT 0::bigint, w.sequence FROM wallets w WHERE w.account_id = $1 AND w.credit_type_id = $2
    UNION ALL
    SELECT CASE WHEN t.effective_at <= $3 THEN t.sequence ELSE s.low END,
           CASE WHEN t.effective_at <= $3 THEN s.high ELSE t.sequence - 1 END
    FROM search s CROSS JOIN LATERAL (
      SELECT t.sequence, t.effective_at FROM transactions t
      WHERE t.account_id = $1 AND t.credit_type_id = $2 AND t.sequence = (s.low + s.high + 1) / 2) t
    WHERE s.low < s.high)`;

/** The last transaction up to an instant. */
export const REACHED: Statement = {
  name: "transactions.reached",
  text: `${SEARCH} SELECT low AS sequence FROM search WHERE low = high`,
};

/** The sequence of the last transaction up to an instant (by `effectiveAt`); 0 when there was none yet, or no such wallet. */
export async function sequenceAt(pool: Pool, key: WalletKey, at: Instant): Promise<number> {
  const values = [key.accountId, key.creditTypeId, formatInstant(at > 0n ? at : 0n)];
  const [found] = await readRows<{ sequence: bigint }>(pool, REACHED, values);
  return Number(found?.sequence ?? 0n);
}

const LEFT: Statement = {
  name: "transactions.left",
  text: `
    ${SEARCH}
    SELECT w.clock_at, t.* FROM wallets w CROSS JOIN search s
    LEFT JOIN LATERAL (
      SELECT t.available, t.held, t.pending, t.debt, t.overdraft, t.by_kind FROM transactions t
      WHERE t.account_id = $1 AND t.credit_type_id = $2 AND t.sequence = s.low OFFSET 0) t ON true
    WHERE w.account_id = $1 AND w.credit_type_id = $2 AND s.low = s.high`,
};

/** The balance is null, each part of it, where nothing was written yet. */
type LeftRecord = { readonly clock_at: Instant } & (Parameters<typeof toBalance>[0] | { readonly available: null });

/**
 * The balance at any instant. Up to where the wallet's time has come, the log is complete: it is what the last transaction left, and
 * the grants need not be read. From there on, the wallet as it is, caught up to that instant: what will be left if nothing is spent.
 * Null: no such wallet.
 */
export async function balanceAt(pool: Pool, key: WalletKey, at: Instant): Promise<Balance | null> {
  const [left] = await readRows<LeftRecord>(pool, LEFT, [key.accountId, key.creditTypeId, formatInstant(at)]);
  if (!left) return null;
  if (at < left.clock_at) return left.available === null ? EMPTY_BALANCE : toBalance(left);
  const [wallet] = await readWallets(pool, [key], at);
  // It has acted in between, and so has come past that instant.
  if (wallet && at < wallet.clockAt) return balanceAt(pool, key, at);
  // With no connection held: for a wallet of many grants it takes its time.
  return wallet ? catchUp(wallet, at).wallet.balance : null;
}

// Credits that are held and released again and again add up to more than a bigint takes: sums travel as text. Most transactions have one
// entry: apart from the others they need not be unnested, and add up in less than half the time.
const STATE: Statement = {
  name: "grants.before",
  text: `
    SELECT g.*, undo.* FROM (
      SELECT ${GRANT_COLUMNS} FROM grants
      WHERE account_id = $1 AND credit_type_id = $2 AND created_by < $3 AND (closed_at IS NULL OR closed_at >= $4)) g
    LEFT JOIN (
      SELECT moved.grant_number, array_agg(moved.from_pot)::text[] AS undo_sources, array_agg(moved.to_pot)::text[] AS undo_pots,
             array_agg(moved.amount) AS undo_amounts
      FROM (
        SELECT t.entry_grants[1] AS grant_number, t.entry_sources[1] AS from_pot, t.entry_pots[1] AS to_pot,
               sum(t.entry_amounts[1])::text AS amount
        FROM transactions t
        WHERE t.account_id = $1 AND t.credit_type_id = $2 AND t.sequence >= $3 AND cardinality(t.entry_grants) = 1
        GROUP BY 1, 2, 3
        UNION ALL
        SELECT e.grant_number, e.from_pot, e.to_pot, sum(e.amount)::text FROM transactions t CROSS JOIN ${ENTRIES}
        WHERE t.account_id = $1 AND t.credit_type_id = $2 AND t.sequence >= $3 AND cardinality(t.entry_grants) > 1
        GROUP BY 1, 2, 3) moved
      GROUP BY moved.grant_number) undo ON undo.grant_number = g.number
    ORDER BY g.number`,
};

interface StateRecord extends GrantRecord {
  readonly undo_sources: Source[] | null;
  readonly undo_pots: Pot[] | null;
  readonly undo_amounts: string[] | null;
}

const POLICY: Statement = { name: "policies.read", text: "SELECT version, keys FROM policies WHERE version = $1" };

/**
 * A wallet as it was just before one of its transactions, with the grants that were open then and the policy that the transaction used:
 * what its allocation was decided on. Null: no such transaction.
 */
export async function stateBefore(pool: Pool, key: WalletKey, sequence: number): Promise<Wallet | null> {
  return inTransaction(pool, "snapshot", async (database) => {
    const own = splitNamed([
      { key, number: sequence },
      { key, number: sequence - 1 },
    ]);
    const records = (await database.query<TransactionRecord>(TRANSACTIONS, own)).map(toTransaction);
    const transaction = records.find((record) => record.sequence === sequence);
    if (!transaction) return null;
    const before = records.find((record) => record.sequence === sequence - 1);
    const { effectiveAt, policy: version } = transaction;
    const values = [key.accountId, key.creditTypeId, sequence, formatInstant(effectiveAt)];
    const [wallets, grants, policies] = await Promise.all([
      snapshotOf(database, [key], effectiveAt),
      database.query<StateRecord>(STATE, values),
      database.query<{ version: number; keys: WaterfallKey[] }>(POLICY, [version]),
    ]);
    const wallet = wallets.get(textOf(key)) as Wallet;
    return {
      ...wallet,
      sequence: sequence - 1,
      clockAt: effectiveAt,
      hash: transaction.previousHash,
      policy: policies[0] as Policy,
      balance: before?.balance ?? EMPTY_BALANCE,
      grants: grants.map((record) => grantBefore(record, effectiveAt)),
      holds: [],
      spents: [],
      members: [],
      unloadedDueAt: null,
    };
  });
}

/** A grant with its later moves taken back. */
function grantBefore(record: StateRecord, at: Instant): Grant {
  const grant = toGrant(record);
  const pots = { ...grant.pots };
  let voidedLater = grant.voidedAt !== null && grant.voidedAt > at;
  (record.undo_amounts ?? []).map(BigInt).forEach((amount, index) => {
    const from = record.undo_sources?.[index] as Source;
    const to = record.undo_pots?.[index] as Pot;
    pots[to] -= amount;
    if (from !== "ISSUED") pots[from] += amount;
    // Voided at the very instant, but after the transaction in question.
    if (to === "VOIDED" && (from === "AVAILABLE" || from === "PENDING") && grant.voidedAt === at) voidedLater = true;
  });
  return { ...grant, pots, voidedAt: voidedLater ? null : grant.voidedAt };
}
