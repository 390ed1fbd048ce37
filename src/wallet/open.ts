import { formatInstant } from "../core/time";
import type { Core } from "../platform/context";
import { inTransaction, type Statement } from "../platform/transaction";
import type { Wallet, WalletKey } from "./model/types";
import { emptyWallet } from "./model/wallet";
import { loadWallets, textOf } from "./wallet.store";

/** `absent`: no such account, credit type or policy. */
export type OpenAnswer =
  | { readonly status: "done"; readonly opened: boolean; readonly wallet: Wallet }
  | { readonly status: "absent" };

const TERMS: Statement = {
  name: "wallets.terms",
  text: `
    SELECT a.time_zone, c.refund_grace, c.expiry_notice, p.version, p.keys
    FROM accounts a, credit_types c JOIN policies p ON p.version = coalesce($3::integer, c.policy)
    WHERE a.id = $1 AND c.id = $2`,
};

const INSERT: Statement = {
  name: "wallets.insert",
  text: `
    INSERT INTO wallets (account_id, credit_type_id, sequence, clock_at, hash, grant_count, alert_count, policy, available, held, pending,
      debt, overdraft, by_kind, depletion, next_due_at, created_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0, 0, 0, 0, 0, $9, $10, NULL, $4)
    ON CONFLICT (account_id, credit_type_id) DO NOTHING
    RETURNING sequence`,
};

interface TermsRecord {
  readonly time_zone: string;
  readonly refund_grace: string;
  readonly expiry_notice: string;
  readonly version: number;
  readonly keys: Wallet["policy"]["keys"];
}

/**
 * Opens an account's wallet of a credit type: empty, no transaction yet. One that is open already is answered as it is. `policy`: the
 * version of the consumption order for this wallet; null: the credit type's, whatever it becomes.
 */
export async function openWallet(
  core: Core,
  accountId: string,
  creditTypeId: number,
  policy: number | null = null,
): Promise<OpenAnswer> {
  const key: WalletKey = { accountId, creditTypeId };
  const now = core.clock.now();
  return inTransaction(core.pool, "write", async (database): Promise<OpenAnswer> => {
    const [terms] = await database.query<TermsRecord>(TERMS, [accountId, creditTypeId, policy]);
    if (!terms) return { status: "absent" };
    const { time_zone: timeZone, refund_grace: refundGrace, expiry_notice: expiryNotice, version, keys } = terms;
    const wallet = emptyWallet({ key, now, policy: { version, keys }, timeZone, refundGrace, expiryNotice });
    const inserted = await database.query(INSERT, [
      accountId,
      creditTypeId,
      wallet.sequence,
      formatInstant(wallet.clockAt),
      wallet.hash,
      wallet.grantCount,
      wallet.alertCount,
      policy,
      wallet.balance.byKind,
      wallet.depletion,
    ]);
    if (inserted.length > 0) return { status: "done", opened: true, wallet };
    const needs = { keys: [key], grants: [], holds: [], spends: [], uses: [] };
    const standing = (await loadWallets(database, needs, now, false)).wallets.get(textOf(key));
    return standing ? { status: "done", opened: false, wallet: standing.wallet } : { status: "absent" };
  });
}
