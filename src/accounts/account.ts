import { formatId, parseId } from "../core/ids";
import type { Json } from "../core/json";
import type { Instant } from "../core/time";

/** A customer of the operator: a person or a team. Of all this only the test clock ever changes. */
export interface Account {
  /** A UUID of version 7. */
  readonly id: string;
  /** What the operator calls it; unique. */
  readonly externalId: string;
  readonly name: string | null;
  /** IANA name: calendar periods are counted in it. */
  readonly timeZone: string;
  readonly metadata: Json | null;
  readonly createdAt: Instant;
  /** What time it is for this account, where that is simulated; null: it lives by the real clock. */
  readonly testClock: Instant | null;
}

/** How an account is called outside. */
export function accountId(id: string): string {
  return formatId("account", id);
}

/** The UUID in an account's id; null for any other text. */
export function parseAccountId(id: string): string | null {
  return parseId(id, "account")?.uuid ?? null;
}
