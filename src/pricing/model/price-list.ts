import type { Money } from "../../core/currency";
import type { Instant } from "../../core/time";
import type { Unit } from "../../core/unit";
import type { Price } from "./types";

/** Whose prices a list has: everybody's, or those of one account, of one app, or of all who are on one plan, which go before. */
export type PriceOwner =
  | { readonly kind: "everybody" }
  | { readonly kind: "account"; readonly accountId: string }
  | { readonly kind: "app"; readonly app: string }
  /** By its number in the catalogue. */
  | { readonly kind: "plan"; readonly planId: number };

export const EVERYBODY: PriceOwner = { kind: "everybody" };

/** What a credit of the first unit sells for, to give people an idea. */
export type CreditPrice = Money;

/** A version of a price list, without its prices: those never change, and are read apart. */
export interface PriceVersion {
  readonly id: number;
  readonly creditTypeId: number;
  readonly owner: PriceOwner;
  /** 1, 2, 3, ... within its list. */
  readonly number: number;
  /** What the credit type's prices came to with it. */
  readonly revision: number;
  readonly effectiveFrom: Instant;
  readonly creditPrice: CreditPrice | null;
  readonly reason: string | null;
  readonly publishedAt: Instant;
  readonly publishedBy: string;
  readonly withdrawn: { readonly at: Instant; readonly by: string; readonly revision: number } | null;
}

/** What an operator publishes. Its prices are in the first unit. */
export interface NewPriceVersion {
  /** What they were given in; the first when not named. */
  readonly unit?: Unit;
  readonly creditTypeId: number;
  readonly owner: PriceOwner;
  /** The number of the latest version that the author knows of; null: none. */
  readonly basedOn: number | null;
  /** Null: now. */
  readonly effectiveFrom: Instant | null;
  readonly prices: readonly Price[];
  readonly creditPrice: CreditPrice | null;
  readonly reason: string | null;
}

/** How an owner is called in the database: each has one list for a credit type. */
export function ownerText(owner: PriceOwner): string {
  if (owner.kind === "account") return `account:${owner.accountId}`;
  if (owner.kind === "plan") return `plan:${owner.planId}`;
  return owner.kind === "app" ? `app:${owner.app}` : "everybody";
}
