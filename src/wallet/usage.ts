import type { Amount } from "../core/amount";
import type { Instant } from "../core/time";

/** The words in which usage is asked for and answered. */

export const USAGE_DIMENSIONS = ["OPERATION", "APP", "ACTOR", "MEMBER"] as const;
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
  /** The operator's id for the member of the team. */
  readonly member: string | null;
  /** How many spends and captures. */
  readonly count: number;
  /** What they took; refunds are not taken off. */
  readonly amount: Amount;
}
