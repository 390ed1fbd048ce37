import type { Amount } from "../core/amount";
import type { Json } from "../core/json";
import type { Instant } from "../core/time";
import type { Operator } from "../platform/act";
import type { Act, SubscriptionRefusal } from "./model/commands";
import type { Subscription, SubscriptionStatus } from "./model/types";
import type { Plan, SubscriptionKey } from "./plan";

/** A subscription as it was left by what was last done about it. */
export interface Standing {
  readonly key: SubscriptionKey;
  readonly state: Subscription;
  /** How many commands, and acts on wallets, it has had. */
  readonly commandCount: number;
  readonly actCount: number;
  /** What time it is for its account, where that is simulated. */
  readonly testClock: Instant | null;
}

/** What can be done about a subscription, in the order of the API. From `renew` on it is what time alone does: see `whatTimeDid`. */
export const EVENT_TYPES = [
  "start",
  "change",
  "cancel",
  "pause",
  "unpaid",
  "resume",
  "withdraw",
  "renew",
  "trial_end",
  "go_over",
  "end",
  "tick",
] as const;
export type EventType = (typeof EVENT_TYPES)[number];

/** What was done about a subscription: kept for ever. */
export interface SubscriptionEvent {
  readonly key: SubscriptionKey;
  /** 1.. within the subscription. */
  readonly number: number;
  readonly type: EventType;
  readonly at: Instant;
  readonly actor: string;
  readonly reason: string | null;
  /** The subscription after it. */
  readonly status: SubscriptionStatus;
  readonly planVersionId: number;
}

/**
 * DONE: the wallet did it. NOTHING: there was nothing left to do (a grant whose time was over, or that was used up). `null`: not yet.
 */
export type ActOutcome = "DONE" | "NOTHING";

/** What a subscription does to a wallet: kept for ever, as the record of which plan made which grant. */
export interface PlanAct {
  readonly key: SubscriptionKey;
  /** 1.. within the subscription, in the order in which they are performed. */
  readonly number: number;
  /** The event that it came of. */
  readonly event: number;
  /** The plan's name. */
  readonly plan: string;
  readonly act: Act;
  readonly performedAt: Instant | null;
  readonly outcome: ActOutcome | null;
  /** The wallet's transaction that did it. */
  readonly sequence: number | null;
  /** The grant that it made, or was done to. */
  readonly grant: number | null;
  /** The credits that were given or withdrawn; null: not yet, or of an overdraft. */
  readonly amount: Amount | null;
}

/** Who orders something, why, and under which key: the same key with the same input is answered as the first time. */
export interface SubscriptionOrder extends Operator {
  readonly idempotencyKey: string;
  /** The mutation. */
  readonly action: string;
  /** What was asked, field by field as the API takes it. */
  readonly input: Readonly<Record<string, Json>>;
}

/** What came of an order. */
export type SubscriptionAnswer =
  | {
      readonly status: "done";
      /** True when this key had done the same before. */
      readonly replayed: boolean;
      readonly key: SubscriptionKey;
      /** The number of what was done. */
      readonly event: number;
    }
  | { readonly status: "refused"; readonly key: SubscriptionKey; readonly refusal: SubscriptionRefusal }
  /** The key was used in this account before, with other input: `field` is the first that differs. */
  | { readonly status: "mismatch"; readonly field: string }
  /** What this field of the input names is not there. */
  | { readonly status: "absent"; readonly field: string }
  | { readonly status: "retired"; readonly plan: Plan }
  /** The account is on a plan already. */
  | { readonly status: "subscribed"; readonly key: SubscriptionKey };
