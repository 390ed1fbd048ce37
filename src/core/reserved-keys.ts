/**
 * What the server does by itself has idempotency keys that begin so, in the same space as those of callers, whose own may not: nobody can
 * take the key of what a plan is yet to do.
 */
export const RESERVED_KEYS = "tranche:";
