import type { Core } from "../platform/context";
import { bringUp } from "./change-subscription";
import { performActs } from "./perform-acts";
import { readLive } from "./store/subscriptions.reads";

/** What time does to an account's plan, for whoever lets its time pass. */

/**
 * Brings the account's subscription up to its now, and does all to its wallets that is to be done. Throws when that cannot be done: then
 * the same call goes on where this one ended.
 */
export async function bringPlansUpTo(core: Core, accountId: string): Promise<void> {
  for (const { number } of await readLive(core.pool, [accountId])) await bringUp(core, { accountId, number });
  await performActs(core, accountId);
}
