import type { Pool } from "pg";
import type { Instant } from "../core/time";
import { readRows, type Statement } from "../platform/transaction";

/** Transactions whose amount was reckoned from a price list, as the audit reads them. */
export interface PricedTransaction {
  readonly account_id: string;
  readonly credit_type_id: number;
  readonly sequence: bigint;
  readonly type: string;
  readonly amount: bigint;
  readonly operation: string;
  readonly quantity: string | null;
  readonly app: string | null;
  readonly price_version: number;
  readonly price_revision: number;
  readonly price_at: Instant;
  readonly price_plan: number | null;
}

/** How many are read at a time. */
const STRIDE = 1_000;

// In the order of the primary key, which is all that there is to go by: this is for the audit, which reads everything.
const NEXT: Statement = {
  name: "prices.audit",
  text: `
    SELECT account_id, credit_type_id, sequence, type, amount, operation, quantity, app, price_version, price_revision, price_at,
      price_plan
    FROM transactions
    WHERE price_version IS NOT NULL AND operation IS NOT NULL AND (account_id, credit_type_id, sequence) > ($1, $2, $3)
    ORDER BY account_id, credit_type_id, sequence LIMIT ${STRIDE}`,
};

/** All of them, part by part. */
export async function* pricedTransactions(pool: Pool): AsyncGenerator<readonly PricedTransaction[]> {
  let after: readonly [string, number, bigint] = ["00000000-0000-0000-0000-000000000000", 0, 0n];
  for (;;) {
    const found = await readRows<PricedTransaction>(pool, NEXT, after);
    yield found;
    const last = found.at(-1);
    if (last === undefined || found.length < STRIDE) return;
    after = [last.account_id, last.credit_type_id, last.sequence];
  }
}
