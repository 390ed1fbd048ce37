import type { Instant } from "../core/time";
import type { Operator } from "../platform/act";
import type { Core } from "../platform/context";
import { uuidv7 } from "../platform/ids";
import { type ApiKey, hashKey, type KeyRole, mintKey, prefixOf } from "./api-keys";
import { insertApiKey, insertFirstAdminKey, serverSecret } from "./api-keys.store";

export interface NewApiKey {
  readonly role: KeyRole;
  /** The one app that a SERVICE key acts for; null: any. An ADMIN key has none. */
  readonly app: string | null;
  readonly name: string;
  readonly expiresAt: Instant | null;
}

/** `secret`: the key itself. It is nowhere else: whoever does not keep it now needs another one. `expired`: it would have been, from the start. */
export type CreateApiKeyAnswer =
  | { readonly status: "done"; readonly apiKey: ApiKey; readonly secret: string }
  | { readonly status: "expired"; readonly now: Instant };

/** Makes a key. Only its keyed hash is kept. `by`: who does it. */
export async function createApiKey(
  core: Pick<Core, "pool" | "clock">,
  input: NewApiKey,
  by: Operator,
): Promise<CreateApiKeyAnswer> {
  const now = core.clock.now();
  if (input.expiresAt !== null && input.expiresAt <= now) return { status: "expired", now };
  const { secret, hash, apiKey } = await mint(core, input, now);
  await insertApiKey(core.pool, hash, apiKey, by);
  return { status: "done", apiKey, secret };
}

/**
 * Makes an ADMIN key if there is none that can be used, so that somebody can enter a new server, or one whose last key was revoked or
 * has expired. Null when there is one. Of several servers that start at once, one makes it.
 */
export async function createFirstAdminKey(core: Pick<Core, "pool" | "clock">): Promise<string | null> {
  const now = core.clock.now();
  const input = { role: "ADMIN", app: null, name: "the first key", expiresAt: null } as const;
  const { secret, hash, apiKey } = await mint(core, input, now);
  return (await insertFirstAdminKey(core.pool, hash, apiKey)) ? secret : null;
}

async function mint({ pool }: Pick<Core, "pool">, input: NewApiKey, now: Instant) {
  const secret = mintKey(input.role);
  const hash = hashKey(await serverSecret(pool, "api-keys"), secret);
  const apiKey: ApiKey = { ...input, id: uuidv7(now), prefix: prefixOf(secret), createdAt: now, revokedAt: null };
  return { secret, hash, apiKey };
}
