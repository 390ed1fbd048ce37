import type { Pool } from "pg";
import { inTransaction, type Statement } from "../../platform/transaction";
import type { WalletKey } from "../model/types";
import { type KeyRecord, toKey } from "./wallet.decode";
import { splitKeys, textOf } from "./wallet.store";

// Takes the locks that can be had at once, for as long as the statement's transaction lasts: those that cannot are somebody's.
const BUSY: Statement = {
  name: "wallets.busy",
  text: `
    WITH k AS (SELECT * FROM unnest($1::uuid[], $2::integer[]) AS k (account_id, credit_type_id)), free AS (
      SELECT w.account_id, w.credit_type_id FROM k JOIN wallets w ON w.account_id = k.account_id AND w.credit_type_id = k.credit_type_id
      FOR NO KEY UPDATE OF w SKIP LOCKED)
    SELECT w.account_id, w.credit_type_id FROM k JOIN wallets w ON w.account_id = k.account_id AND w.credit_type_id = k.credit_type_id
    EXCEPT ALL SELECT account_id, credit_type_id FROM free`,
};

/** Which of these wallets somebody else has locked at this moment, by `textOf` their keys. The keys must be different ones. */
export async function readBusy(pool: Pool, keys: readonly WalletKey[]): Promise<ReadonlySet<string>> {
  const records = await inTransaction(pool, "write", (database) => database.query<KeyRecord>(BUSY, splitKeys(keys)));
  return new Set(records.map((record) => textOf(toKey(record))));
}
