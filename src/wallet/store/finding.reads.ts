import type { Pool } from "pg";
import { readRows, type Statement } from "../../platform/transaction";
import type { WalletKey } from "../model/types";
import { toKey } from "./wallet.decode";

/** How wallets are found: by the operator's own id for an account, and by account. */

const ACCOUNTS: Statement = {
  name: "wallets.accounts",
  text: `
    SELECT e.external_id, e.account_id FROM unnest($1::text[]) AS k (external_id)
    JOIN account_external_ids e ON e.external_id = k.external_id`,
};

/** The UUIDs of accounts by the operator's ids for them, in the order asked; null where there is none. */
export async function readAccountIds(pool: Pool, externalIds: readonly string[]): Promise<readonly (string | null)[]> {
  const records = await readRows<{ external_id: string; account_id: string }>(pool, ACCOUNTS, [externalIds]);
  const found = new Map(records.map((record) => [record.external_id, record.account_id]));
  return externalIds.map((externalId) => found.get(externalId) ?? null);
}

/** A member of a team, as the operator names it. */
export interface NamedPerson {
  readonly accountId: string;
  readonly externalId: string;
}

const MEMBERS: Statement = {
  name: "wallets.members",
  text: `
    SELECT m.account_id, m.external_id, m.number FROM unnest($1::uuid[], $2::text[]) AS k (account_id, external_id)
    JOIN members m ON m.account_id = k.account_id AND m.external_id = k.external_id`,
};

/** The numbers of members, in the order asked, those who were removed among them; null where there never was one. */
export async function readMemberNumbers(pool: Pool, named: readonly NamedPerson[]): Promise<readonly (number | null)[]> {
  const values = [named.map((one) => one.accountId), named.map((one) => one.externalId)];
  const records = await readRows<{ account_id: string; external_id: string; number: number }>(pool, MEMBERS, values);
  const found = new Map(records.map((record) => [`${record.account_id}/${record.external_id}`, record.number]));
  return named.map(({ accountId, externalId }) => found.get(`${accountId}/${externalId}`) ?? null);
}

const OF_ACCOUNTS: Statement = {
  name: "wallets.of_accounts",
  text: `
    SELECT w.account_id, w.credit_type_id FROM unnest($1::uuid[]) AS k (account_id)
    JOIN wallets w ON w.account_id = k.account_id ORDER BY w.account_id, w.credit_type_id`,
};

/** The wallets of accounts, in the order of their credit types. */
export async function readKeysOf(pool: Pool, accountIds: readonly string[]): Promise<readonly (readonly WalletKey[])[]> {
  const records = await readRows<{ account_id: string; credit_type_id: number }>(pool, OF_ACCOUNTS, [accountIds]);
  const byAccount = new Map<string, WalletKey[]>(accountIds.map((accountId) => [accountId, []]));
  for (const record of records) byAccount.get(record.account_id)?.push(toKey(record));
  return accountIds.map((accountId) => byAccount.get(accountId) ?? []);
}

const EXPIRING: Statement = {
  name: "holds.expiring",
  text: `
    SELECT sequence FROM holds
    WHERE account_id = $1 AND credit_type_id = $2 AND status = 'OPEN' AND ($3::text IS NULL OR app = $3)
    ORDER BY expires_at, sequence LIMIT $4`,
};

/** The sequences of a wallet's open holds, those that end first at the front. `app`: only this app's; null: all. */
export async function readExpiringHolds(
  pool: Pool,
  key: WalletKey,
  app: string | null,
  limit: number,
): Promise<readonly number[]> {
  const records = await readRows<{ sequence: bigint }>(pool, EXPIRING, [key.accountId, key.creditTypeId, app, limit]);
  return records.map((record) => Number(record.sequence));
}
