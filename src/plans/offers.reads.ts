import type { Pool } from "pg";
import { readRows, type Statement } from "../platform/transaction";

/** Which plan versions accounts are on, for whoever offers them something. */

const VERSIONS: Statement = {
  name: "plans.versions_of_accounts",
  text: "SELECT account_id, plan_version_id FROM subscriptions WHERE account_id = ANY ($1::uuid[]) AND status <> 'ENDED'",
};

/** The id of the plan version that each of these accounts is on; those on none are left out. */
export async function readVersionsOfAccounts(pool: Pool, accountIds: readonly string[]): Promise<ReadonlyMap<string, number>> {
  type Found = { account_id: string; plan_version_id: number };
  const found = await readRows<Found>(pool, VERSIONS, [accountIds]);
  return new Map(found.map(({ account_id: accountId, plan_version_id: version }) => [accountId, version]));
}
