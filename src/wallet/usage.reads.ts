import type { Pool } from "pg";
import { formatInstant } from "../core/time";
import { readRows, type Statement } from "../platform/transaction";
import type { WalletKey } from "./model/types";
import { sequenceAt } from "./past.reads";
import { USAGE_DIMENSIONS, type UsageQuery, type UsageRow } from "./usage";

// What happened is never later than when it counts (usage in the future is refused): so nothing before `from` need be looked at.
const USAGE: Statement = {
  name: "transactions.usage",
  text: `
    SELECT CASE WHEN $5::text IS NOT NULL THEN date_trunc($5, u.at, u.time_zone) END AS start,
           CASE WHEN $6 THEN u.operation END AS operation, CASE WHEN $7 THEN u.app END AS app, CASE WHEN $8 THEN u.actor END AS actor,
           count(*) AS count, sum(u.amount)::text AS amount
    FROM (
      SELECT coalesce(t.occurred_at, t.effective_at) AS at, t.operation, t.app, t.actor, t.amount, a.time_zone
      FROM transactions t JOIN accounts a ON a.id = t.account_id
      WHERE t.account_id = $1 AND t.credit_type_id = $2 AND t.type IN ('SPEND', 'CAPTURE') AND t.sequence > $9) u
    WHERE u.at >= $3 AND u.at < $4
    GROUP BY 1, 2, 3, 4
    ORDER BY 1, 2, 3, 4`,
};

/** What was used of a wallet in a span of time, added up by the dimensions asked for. */
export async function usage(pool: Pool, key: WalletKey, query: UsageQuery): Promise<readonly UsageRow[]> {
  const { from, to, groupBy, interval } = query;
  const records = await readRows<{
    start: bigint | null;
    operation: string | null;
    app: string | null;
    actor: string | null;
    count: bigint;
    amount: string;
  }>(pool, USAGE, [
    key.accountId,
    key.creditTypeId,
    formatInstant(from),
    formatInstant(to),
    interval?.toLowerCase() ?? null,
    ...USAGE_DIMENSIONS.map((dimension) => groupBy.includes(dimension)),
    await sequenceAt(pool, key, from - 1n),
  ]);
  return records.map((record) => ({ ...record, count: Number(record.count), amount: BigInt(record.amount) }));
}
