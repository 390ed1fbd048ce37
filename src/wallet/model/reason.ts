import { describeSpan, formatInstant } from "../../core/time";
import type { Grant, GrantKind, Policy, WaterfallKey } from "./types";
import { decidingKey, isRestricted } from "./waterfall";

type Deciding = WaterfallKey | "OVERDRAFT" | "CREATED";
/** How a grant is called in a reason: its id. */
export type Naming = (number: number) => string;

const FAMILY: Record<GrantKind, string> = {
  ROLLOVER: "included",
  PLAN: "included",
  REFERRAL: "promotional",
  PROMO: "promotional",
  GIFT: "promotional",
  REFUND: "returned",
  ADJUSTMENT: "adjusted",
  PURCHASED: "paid",
  OVERDRAFT: "overdraft",
};

/** Why `grant` pays before `next`, in words; `next` null: nothing else was eligible. */
export function reasonBetween(policy: Policy, grant: Grant, next: Grant | null, name: Naming): string {
  if (next === null) return "the only eligible grant left";
  return SENTENCE[decidingKey(policy, grant, next)](grant, next, name(next.number));
}

const SENTENCE: Record<Deciding, (grant: Grant, next: Grant, name: string) => string> = {
  OVERDRAFT: (_grant, _next, name) => `own credits before the overdraft of ${name}`,
  PRIORITY: (grant, next, name) => `priority ${grant.priority} before ${next.priority} of ${name}`,
  EXPIRY: expiryReason,
  KIND: (grant, next, name) => `${describeKind(grant, next)} before ${describeKind(next, grant)} of ${name}`,
  SCOPE: (grant, _next, name) => `restricted to ${describeScope(grant)} while ${name} is unrestricted`,
  EFFECTIVE: (grant, next, name) => `effective ${describeSpan(grant.effectiveAt, next.effectiveAt)} earlier than ${name}`,
  CREATED: (_grant, _next, name) => `granted before ${name}`,
};

/** With its family, where the two are of different ones. */
function describeKind({ kind }: Grant, other: Grant): string {
  return FAMILY[kind] === FAMILY[other.kind] ? kind : `${FAMILY[kind]} (${kind})`;
}

function expiryReason(grant: Grant, next: Grant, name: string): string {
  if (grant.expiresAt === null) return `ordered before ${name}`;
  if (next.expiresAt === null) return `expires at ${formatInstant(grant.expiresAt)} while ${name} never expires`;
  return `expires ${describeSpan(grant.expiresAt, next.expiresAt)} sooner than ${name}`;
}

function describeScope(grant: Grant): string {
  const { operations, apps } = grant.scope;
  return isRestricted(grant.scope) ? [...operations, ...apps].join(", ") : "nothing";
}
