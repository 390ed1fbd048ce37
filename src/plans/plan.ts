import { fits, formatId, type GlobalId, parseId } from "../core/ids";
import type { Instant } from "../core/time";
import type { Unit } from "../core/unit";
import type { PlanVersion } from "./model/types";

/** What an operator offers under a name. Its versions say what it promises. */
export interface Plan {
  readonly id: number;
  readonly name: string;
  readonly createdAt: Instant;
  /** When it was taken off the market, and by whom; null: it is on it. Those who are on it stay. */
  readonly retired: { readonly at: Instant; readonly by: string } | null;
}

/** What a plan promises, without what tells versions apart. */
export type PlanTerms = Omit<PlanVersion, "id" | "plan" | "version">;

/** A version with what people are told of it. Never changed. */
export interface PublishedVersion {
  readonly id: number;
  readonly planId: number;
  /** What subscriptions are decided on; its own `id` is this id as text. */
  readonly terms: PlanVersion;
  readonly title: string;
  readonly description: string | null;
  readonly reason: string | null;
  readonly publishedAt: Instant;
  readonly publishedBy: string;
}

/** What is published. */
export interface NewPlanVersion extends Pick<PublishedVersion, "title" | "description" | "reason"> {
  readonly name: string;
  readonly terms: PlanTerms;
  /** The number of the latest version that its author knew; null: none. */
  readonly basedOn: number | null;
  /** What its amounts were given in, by credit type. Not named: in the first unit of each. */
  readonly units?: ReadonlyMap<number, Unit>;
}

const NAME = /^[a-z][a-z0-9._-]{0,63}$/;

/** True for 1-64 characters of a-z, 0-9, ".", "_" and "-", beginning with a letter: what names a plan. */
export function isPlanName(text: string): boolean {
  return NAME.test(text);
}

/** Names a subscription. */
export interface SubscriptionKey {
  /** UUID. */
  readonly accountId: string;
  /** 1.. within the account. */
  readonly number: number;
}

export function subscriptionId({ accountId, number }: SubscriptionKey): string {
  return formatId("planSubscription", accountId, number);
}

/** The subscription that an id names; null for any other text. */
export function parseSubscriptionId(text: string): SubscriptionKey | null {
  const id = parseId(text, "planSubscription");
  return id && subscriptionNamed(id);
}

export function subscriptionNamed({ uuid, numbers: [number = 0] }: GlobalId): SubscriptionKey | null {
  return uuid !== null && fits(number) ? { accountId: uuid, number } : null;
}
