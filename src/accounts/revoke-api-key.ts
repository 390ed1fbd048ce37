import type { Operator } from "../platform/act";
import type { Core } from "../platform/context";
import type { ApiKey } from "./api-keys";
import { markRevoked } from "./api-keys.store";

/**
 * Ends a key, by its UUID: within 2 s every server refuses it, and within 5 s its open sockets are closed. Doing it again changes
 * nothing. `by`: who does it. Null: there is no such key.
 */
export function revokeApiKey(core: Pick<Core, "pool" | "clock">, id: string, by: Operator): Promise<ApiKey | null> {
  return markRevoked(core.pool, id, core.clock.now(), by);
}
