import type { Pool } from "pg";
import { formatInstant } from "../../core/time";
import { readRows, type Statement } from "../../platform/transaction";
import type { WalletKey } from "../model/types";
import { USAGE_DIMENSIONS, type UsageQuery, type UsageRow } from "../usage";
import { sequenceAt } from "./past.reads";

// Most uses count when they happened: those of a span of time are a span of the log. One that was told late (never early: usage in the
// future is refused) stands anywhere after it, and is found by an index of these alone.
const USAGE: Statement = {
  name: "transactions.usage",
  text: `
    SELECT CASE WHEN $5::text IS NOT NULL THEN date_trunc($5, u.at, a.time_zone) END AS start,
           CASE WHEN $6 THEN u.operation END AS operation, CASE WHEN $7 THEN u.app END AS app, CASE WHEN $8 THEN u.actor END AS actor,
           CASE WHEN $9 THEN m.external_id END AS member, count(*) AS count, sum(u.amount)::text AS amount
    FROM (
      SELECT effective_at AS at, operation, app, actor, member, amount FROM transactions
      WHERE account_id = $1 AND credit_type_id = $2 AND sequence > $10 AND sequence <= $11
        AND occurred_at IS NULL AND type IN ('SPEND', 'CAPTURE')
      UNION ALL
      SELECT occurred_at, operation, app, actor, member, amount FROM transactions
      WHERE account_id = $1 AND credit_type_id = $2 AND occurred_at >= $3 AND occurred_at < $4 AND type IN ('SPEND', 'CAPTURE')) u
    JOIN accounts a ON a.id = $1
    LEFT JOIN members m ON $9 AND m.account_id = $1 AND m.number = u.member
    GROUP BY 1, 2, 3, 4, 5
    ORDER BY 1, 2, 3, 4, 5`,
};

/** What was used of a wallet in a span of time, added up by the dimensions asked for. */
export async function usage(pool: Pool, key: WalletKey, query: UsageQuery): Promise<readonly UsageRow[]> {
  const { from, to, groupBy, interval } = query;
  // One after the other: a read takes one connection.
  const above = await sequenceAt(pool, key, from - 1n);
  const upTo = await sequenceAt(pool, key, to - 1n);
  const records = await readRows<{
    start: bigint | null;
    operation: string | null;
    app: string | null;
    actor: string | null;
    member: string | null;
    count: bigint;
    amount: string;
  }>(pool, USAGE, [
    key.accountId,
    key.creditTypeId,
    formatInstant(from),
    formatInstant(to),
    interval?.toLowerCase() ?? null,
    ...USAGE_DIMENSIONS.map((dimension) => groupBy.includes(dimension)),
    above,
    upTo,
  ]);
  return records.map((record) => ({ ...record, count: Number(record.count), amount: BigInt(record.amount) }));
}
