import type { Pool } from "pg";
import type { Alert, Transaction, WalletKey } from "../../src/wallet/model/types";
import { pageAlerts, pageTransactions } from "../../src/wallet/store/wallet.pages";

/** What was written of wallets, for tests. */

const ALL = { newestFirst: false, after: null, before: null, limit: 10_000, fromEnd: false };
const ANY = { types: null, operation: null, app: null, member: null, from: null, to: null, minimum: null };

/** All transactions of a wallet. */
export async function logOf(pool: Pool, key: WalletKey): Promise<readonly Transaction[]> {
  return (await pageTransactions(pool, key, ANY, ALL)).rows;
}

/** All alerts of a wallet. */
export async function alertsOf(pool: Pool, key: WalletKey): Promise<readonly Alert[]> {
  return (await pageAlerts(pool, key, ALL)).rows;
}

/** What of a log does not differ between two wallets with the same history. */
export function storyOf(log: readonly Transaction[]) {
  return log.map(({ type, effectiveAt, amount, balance, entries }) => ({ type, effectiveAt, amount, balance, entries }));
}
