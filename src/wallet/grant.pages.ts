import type { Pool } from "pg";
import type { Instant } from "../core/time";
import { readRows } from "../platform/transaction";
import type { Grant, GrantKind, Policy, WalletKey } from "./model/types";
import { isOpen } from "./model/wallet";
import { compareGrants } from "./model/waterfall";
import { type GrantStatus, grantStatus } from "./status";
import { GRANT_COLUMNS, type GrantRecord, toGrant } from "./wallet.decode";
import { readOverdue, readWallets } from "./wallet.reads";
import { textOf } from "./wallet.store";
import { bothWays, collect, type Page, pageOf, type Window } from "./window";

/** Parts of a wallet's grants, by age or in the order of consumption. */

const GRANTS = bothWays(
  "grants.page",
  (direction) => `
    SELECT ${GRANT_COLUMNS} FROM grants
    WHERE account_id = $1 AND credit_type_id = $2 AND number > $3::bigint AND number < $4::bigint
      AND ($6::grant_kind[] IS NULL OR kind = ANY ($6)) AND (closed_at IS NOT NULL OR NOT $7)
    ORDER BY number ${direction} LIMIT $5`,
);

export interface GrantFilter {
  readonly statuses: readonly GrantStatus[] | null;
  readonly kinds: readonly GrantKind[] | null;
}

/** A part of a wallet's grants in the order of their making, as of `now`. */
export async function pageGrants(
  pool: Pool,
  key: WalletKey,
  filter: GrantFilter,
  window: Window,
  now: Instant,
): Promise<Page<Grant>> {
  return pageOf(await collectGrants(pool, key, filter, window, now, false), window);
}

/**
 * A part of a wallet's grants in the order of consumption, as of `now`: the open ones as the waterfall would take them, then those
 * that are closed, newest first. The order moves as credits are spent; a cursor follows its grant.
 */
export async function pageGrantsByConsumption(
  pool: Pool,
  key: WalletKey,
  filter: GrantFilter,
  window: Omit<Window, "newestFirst">,
  now: Instant,
): Promise<Page<Grant>> {
  const [wallet] = await readWallets(pool, [key], now);
  if (!wallet) return { rows: [], hasMore: false };
  const overdue = (await readOverdue(pool, [key], now)).get(textOf(key))?.grants ?? [];
  const present = new Map(overdue.map((grant) => [grant.number, grant]));
  const open = wallet.grants.map((grant) => present.get(grant.number) ?? grant).toSorted(openFirst(wallet.policy));
  const { after, before, limit, fromEnd } = window;
  const isListed = (number: number | null) => open.some((grant) => grant.number === number);
  const slice = open.slice(
    after === null ? 0 : isListed(after) ? open.findIndex((grant) => grant.number === after) + 1 : open.length,
    isListed(before) ? open.findIndex((grant) => grant.number === before) : open.length,
  );
  const shownOpen = slice.filter((grant) => admits(grant, filter, now));
  const closed = isListed(before)
    ? []
    : await collectGrants(
        pool,
        key,
        filter,
        { newestFirst: true, after: isListed(after) ? null : after, before, limit, fromEnd },
        now,
        true,
      );
  const rows = fromEnd ? [...closed, ...shownOpen.toReversed()] : [...shownOpen, ...closed];
  return pageOf(rows, window);
}

/** What has just been emptied by time, and is not written yet, comes behind what can still pay. */
function openFirst(policy: Policy): (a: Grant, b: Grant) => number {
  const compare = compareGrants(policy);
  return (a, b) => Number(isOpen(b)) - Number(isOpen(a)) || compare(a, b);
}

async function collectGrants(
  pool: Pool,
  key: WalletKey,
  filter: GrantFilter,
  window: Window,
  now: Instant,
  closedOnly: boolean,
): Promise<readonly Grant[]> {
  const late = (await readOverdue(pool, [key], now)).get(textOf(key))?.grants ?? [];
  const lateByNumber = new Map(late.map((grant) => [grant.number, grant]));
  return collect(
    window,
    async (range, size) => {
      const values = [key.accountId, key.creditTypeId, range.above, range.below, size, filter.kinds, closedOnly];
      const grants = (await readRows<GrantRecord>(pool, GRANTS(range.descending), values)).map(toGrant);
      return grants.map((grant) => lateByNumber.get(grant.number) ?? grant);
    },
    (grant) => grant.number,
    (grant) => admits(grant, filter, now),
  );
}

function admits(grant: Grant, { statuses, kinds }: GrantFilter, now: Instant): boolean {
  return (statuses === null || statuses.includes(grantStatus(grant, now))) && (kinds === null || kinds.includes(grant.kind));
}
