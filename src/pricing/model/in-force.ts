import type { Instant } from "../../core/time";
import type { PriceOwner, PriceVersion } from "./price-list";

/** Which versions of price lists apply to whom at an instant. */

/** Who is to pay. */
export interface Payer {
  readonly accountId: string | null;
  readonly app: string | null;
  /** The plan that the account is on, by its number in the catalogue; null: none, or none that has prices of its own. */
  readonly plan: number | null;
}

export interface InForce {
  /** One of each list that applies, the most particular first: the account's, the app's, the plan's, everybody's. */
  readonly versions: readonly PriceVersion[];
  /** When another version takes over in any of these lists; null: none is known of. */
  readonly until: Instant | null;
}

const RANK: Readonly<Record<PriceOwner["kind"], number>> = { account: 0, app: 1, plan: 2, everybody: 3 };

/** As it was known when the prices had a revision: versions that were published or withdrawn after it do not count. */
export function inForce(versions: readonly PriceVersion[], revision: number, at: Instant, payer: Payer): InForce {
  const latest = new Map<PriceOwner["kind"], PriceVersion>();
  let until: Instant | null = null;
  for (const version of versions) {
    const { owner, effectiveFrom } = version;
    if (!isKnown(version, revision) || !appliesTo(owner, payer)) continue;
    if (effectiveFrom > at) {
      if (until === null || effectiveFrom < until) until = effectiveFrom;
      continue;
    }
    const other = latest.get(owner.kind);
    if (!other || isLater(version, other)) latest.set(owner.kind, version);
  }
  return { versions: [...latest.values()].sort((a, b) => RANK[a.owner.kind] - RANK[b.owner.kind]), until };
}

/** Published by then, and not withdrawn by then. */
export function isKnown({ revision: published, withdrawn }: PriceVersion, revision: number): boolean {
  return published <= revision && (withdrawn === null || withdrawn.revision > revision);
}

function isLater(a: PriceVersion, b: PriceVersion): boolean {
  return a.effectiveFrom === b.effectiveFrom ? a.number > b.number : a.effectiveFrom > b.effectiveFrom;
}

function appliesTo(owner: PriceOwner, { accountId, app, plan }: Payer): boolean {
  if (owner.kind === "account") return owner.accountId === accountId;
  if (owner.kind === "plan") return owner.planId === plan;
  return owner.kind === "everybody" || owner.app === app;
}
