import type { Pool } from "pg";
import type { Instant } from "../../core/time";
import { readRows } from "../../platform/transaction";
import { bothWays, collect, type Page, pageOf, type Window } from "../../platform/window";
import { catchUp } from "../model/catch-up";
import type { Grant, GrantKind, Policy, WalletKey } from "../model/types";
import { isOpen } from "../model/wallet";
import { compareGrants } from "../model/waterfall";
import { type GrantStatus, grantStatus } from "../status";
import { GRANT_COLUMNS, type GrantRecord, toGrant } from "./wallet.decode";
import { readOverdue, readWallets } from "./wallet.reads";
import { textOf } from "./wallet.store";

/** Parts of a wallet's grants, by age or in the order of consumption. */

/** Which of a wallet's grants are looked through: for the open ones there is an index, and the closed ones never change again. */
const PARTS = { all: "true", open: "closed_at IS NULL", closed: "closed_at IS NOT NULL" } as const;
type Part = keyof typeof PARTS;

function grantsOf(part: Part) {
  return bothWays(
    `grants.page_${part}`,
    (direction) => `
      SELECT ${GRANT_COLUMNS} FROM grants
      WHERE account_id = $1 AND credit_type_id = $2 AND number > $3::bigint AND number < $4::bigint
        AND ($6::grant_kind[] IS NULL OR kind = ANY ($6)) AND ${PARTS[part]}
      ORDER BY number ${direction} LIMIT $5`,
  );
}

const GRANTS = { all: grantsOf("all"), open: grantsOf("open"), closed: grantsOf("closed") };

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
  return pageOf(await collectGrants(pool, key, filter, window, now, mayBeClosed(filter) ? "all" : "open"), window);
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
  const present = new Map(catchUp(wallet, now).wallet.grants.map((grant) => [grant.number, grant]));
  const open = wallet.grants.map((grant) => present.get(grant.number) ?? grant).toSorted(openFirst(wallet.policy));
  const { after, before, limit, fromEnd } = window;
  const isListed = (number: number | null) => open.some((grant) => grant.number === number);
  const slice = open.slice(
    after === null ? 0 : isListed(after) ? open.findIndex((grant) => grant.number === after) + 1 : open.length,
    isListed(before) ? open.findIndex((grant) => grant.number === before) : open.length,
  );
  const shownOpen = slice.filter((grant) => admits(grant, filter, now));
  const enough = !fromEnd && shownOpen.length > limit;
  const found =
    enough || isListed(before) || !mayBeClosed(filter)
      ? []
      : await collectGrants(
          pool,
          key,
          filter,
          { newestFirst: true, after: isListed(after) ? null : after, before, limit, fromEnd },
          now,
          "closed",
        );
  // One that was closed since the wallet was read stands among the open ones already.
  const closed = found.filter((grant) => !isListed(grant.number));
  const rows = fromEnd ? [...closed, ...shownOpen.toReversed()] : [...shownOpen, ...closed];
  return pageOf(rows, window);
}

/** Whether grants that are closed can have one of these statuses: in them nothing is pending, available or held. */
function mayBeClosed({ statuses }: GrantFilter): boolean {
  return statuses === null || statuses.some((status) => status !== "PENDING" && status !== "ACTIVE");
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
  part: Part,
): Promise<readonly Grant[]> {
  const late = part === "closed" ? [] : ((await readOverdue(pool, [key], now)).get(textOf(key))?.grants ?? []);
  const lateByNumber = new Map(late.map((grant) => [grant.number, grant]));
  return collect(
    window,
    async (range, size) => {
      const values = [key.accountId, key.creditTypeId, range.above, range.below, size, filter.kinds];
      const grants = (await readRows<GrantRecord>(pool, GRANTS[part](range.descending), values)).map(toGrant);
      return grants.map((grant) => lateByNumber.get(grant.number) ?? grant);
    },
    (grant) => grant.number,
    (grant) => admits(grant, filter, now),
  );
}

function admits(grant: Grant, { statuses, kinds }: GrantFilter, now: Instant): boolean {
  return (statuses === null || statuses.includes(grantStatus(grant, now))) && (kinds === null || kinds.includes(grant.kind));
}
