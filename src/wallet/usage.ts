import type { Pool } from "pg";
import type { Amount } from "../core/amount";
import { formatInstant, type Instant } from "../core/time";
import { readRows, type Statement } from "../platform/transaction";
import type { WalletKey } from "./model/types";
import { sequenceAt } from "./wallet.reads";

export const USAGE_DIMENSIONS = ["OPERATION", "APP", "ACTOR"] as const;
export type UsageDimension = (typeof USAGE_DIMENSIONS)[number];
export const INTERVALS = ["HOUR", "DAY", "WEEK", "MONTH"] as const;
export type Interval = (typeof INTERVALS)[number];

export interface UsageQuery {
  /** When it happened (`occurredAt`, else `effectiveAt`): from inclusive, to exclusive. */
  readonly from: Instant;
  readonly to: Instant;
  readonly groupBy: readonly UsageDimension[];
  /** By the calendar of the account's time zone; null: the whole span at once. */
  readonly interval: Interval | null;
}

export interface UsageRow {
  /** When the interval begins; null without intervals. */
  readonly start: Instant | null;
  /** Null as well when not grouped by it. */
  readonly operation: string | null;
  readonly app: string | null;
  readonly actor: string | null;
  /** How many spends and captures. */
  readonly count: number;
  /** What they took; refunds are not taken off. */
  readonly amount: Amount;
}

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
