import { GRANT_KINDS, type Policy, WATERFALL_KEYS, type WaterfallKey } from "./types";

/** Version 1: priority, then expiry, then kind, then scope, then age. */
export const DEFAULT_POLICY: Policy = { version: 1, keys: WATERFALL_KEYS };

/** What each key compares, in words: the documentation's table is made from this. */
const MEANING: Record<WaterfallKey, { readonly compares: string; readonly first: string }> = {
  PRIORITY: { compares: "`priority` (0-255, default 100)", first: "the smaller number" },
  EXPIRY: { compares: "`expiresAt`", first: "the sooner; never-expiring last" },
  KIND: { compares: "kind", first: `included before promotional before paid: ${GRANT_KINDS.slice(0, -1).join(", ")}` },
  SCOPE: { compares: "scope", first: "restricted to some operations or apps before unrestricted" },
  EFFECTIVE: { compares: "`effectiveAt`", first: "the earlier" },
};

export interface PolicyRow {
  readonly position: number;
  readonly compares: string;
  readonly first: string;
}

/** The rows of the table that documents a policy: what is compared, in order, and who comes first. */
export function policyTable(policy: Policy): readonly PolicyRow[] {
  const rows = [
    { compares: "overdraft", first: "every other kind; OVERDRAFT is last under every policy" },
    ...policy.keys.map((key) => MEANING[key]),
    { compares: "creation", first: "the grant made earlier (`createdAt`, then its number)" },
  ];
  return rows.map((row, index) => ({ position: index + 1, ...row }));
}

/** True when `keys` is an order of all the waterfall's keys, each once. */
export function isPolicyOrder(keys: readonly string[]): keys is readonly WaterfallKey[] {
  return keys.length === WATERFALL_KEYS.length && WATERFALL_KEYS.every((key) => keys.includes(key));
}
