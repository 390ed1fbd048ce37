import type { Api } from "../support/api";

/** Accounts on plans, for tests that are about what a plan allows, and not about how one comes to be on it. */

const START = `
  INSERT INTO subscriptions (account_id, number, revision, status, plan_version_id, state, command_count, act_count, started_at)
  SELECT $1, 1, 1, 'ACTIVE', v.id, '{}', 1, 0, now() FROM plan_versions v JOIN plans p ON p.id = v.plan_id
  WHERE p.name = $2 ORDER BY v.number DESC LIMIT 1`;
const NAME = "UPDATE accounts SET plan_id = (SELECT id FROM plans WHERE name = $2) WHERE id = $1";
const END = "DELETE FROM subscriptions WHERE account_id = $1";

/** Has the account be on the latest version of a plan; null: on none. */
export async function putOnPlan({ core }: Api, accountId: string, plan: string | null): Promise<void> {
  await core.pool.query(END, [accountId]);
  if (plan !== null) await core.pool.query(START, [accountId, plan]);
  await core.pool.query(NAME, [accountId, plan]);
}
