import type { ClientBase, Pool } from "pg";

// Whoever asks need not be allowed to see what other connections do: only whom they wait for.
const WAITING =
  "SELECT count(*)::int AS count FROM pg_stat_activity WHERE datname = current_database() AND cardinality(pg_blocking_pids(pid)) > 0";

/** Resolves when so many connections to this database wait for somebody's lock. */
export async function untilWaiting(database: Pool | ClientBase, count: number): Promise<void> {
  for (let found = -1; found !== count; ) found = (await database.query<{ count: number }>(WAITING)).rows[0]?.count ?? -1;
}
