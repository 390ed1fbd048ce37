import type { Instant } from "../core/time";
import type { ChangeTime, SubscriptionRefusal } from "./model/commands";
import type { SubscriptionKey } from "./plan";

/** An operator's act: those who are on some versions of a plan go over to another. Carried out in the background. */
export interface PlanMigration {
  readonly id: number;
  readonly planId: number;
  /** What they go over to. */
  readonly toVersionId: number;
  /** The numbers of the versions that they were on. */
  readonly from: readonly number[];
  readonly when: ChangeTime;
  readonly reason: string | null;
  readonly startedAt: Instant;
  readonly startedBy: string;
  /** When it had come to everybody; null: it has not yet. */
  readonly endedAt: Instant | null;
}

/** One whom a migration passed over, and what forbade it. */
export interface PassedOver {
  readonly key: SubscriptionKey;
  readonly code: SubscriptionRefusal["code"];
}

/** What is ordered. */
export interface MigrationOrder {
  readonly plan: string;
  /** The numbers of versions; null: all but the latest. */
  readonly versions: readonly number[] | null;
  readonly when: ChangeTime;
}

/** How far a migration is. */
export interface Progress {
  /** Those who were on the versions when it was ordered. */
  readonly total: number;
  readonly done: number;
  /** Those for whom the rules forbade it: who had ended, stood still or left by then, or are to leave at the period's end. */
  readonly refused: number;
}
