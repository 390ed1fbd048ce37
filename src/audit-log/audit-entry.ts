import type { Instant } from "../core/time";
import type { Act } from "../platform/act";

/** An operator's act as it stands in the log. */
export interface AuditEntry extends Act {
  /** In the order in which they were written; with gaps. */
  readonly number: number;
}

/** Which acts; null: any. */
export interface AuditFilter {
  readonly actor: string | null;
  readonly action: string | null;
  readonly subject: string | null;
  /** UUID. */
  readonly accountId: string | null;
  /** At this instant or later; before this one. */
  readonly from: Instant | null;
  readonly to: Instant | null;
}
