import type { Instant } from "../core/time";
import type { Clock, Core } from "../platform/context";
import { inTransaction, type Transaction } from "../platform/transaction";
import { readTestClock } from "./accounts.store";

/** What time it is for an account, by its UUID: its own simulated time, or the real one. An account that there is not has the real one. */
export function accountNow(core: Pick<Core, "pool" | "clock">, accountId: string): Promise<Instant> {
  return inTransaction(core.pool, "snapshot", (database) => accountNowIn(database, core.clock, accountId));
}

/** As `accountNow`, within a transaction. Read it after whatever lock is to hold others back: then no advance is missed that came before. */
export async function accountNowIn(database: Transaction, clock: Clock, accountId: string): Promise<Instant> {
  return (await accountTimesIn(database, clock, accountId)).now;
}

/** As `accountNowIn`, with what time it really is: the same, unless the account's is simulated. */
export async function accountTimesIn(
  database: Transaction,
  clock: Clock,
  accountId: string,
): Promise<{ readonly now: Instant; readonly real: Instant }> {
  const simulated = await readTestClock(database, accountId);
  const real = clock.now();
  return { now: simulated ?? real, real };
}
