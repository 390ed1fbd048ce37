import { type Authenticator, type Identity, Unauthenticated } from "../platform/authentication";
import type { Core } from "../platform/context";
import { Recent } from "../platform/recent";
import { type Account, accountId } from "./account";
import { readAccountsByExternalId } from "./accounts.store";
import { type ApiKey, apiKeyId, hashKey, isKey, isUsable, parseApiKeyId } from "./api-keys";
import { readApiKey, readApiKeys, serverSecret } from "./api-keys.store";
import type { VerifyToken } from "./jwt";

/** Microseconds for which a key that was good counts as good: what a revocation may take to be noticed. */
const KEY_FRESH_FOR = 2_000_000n;
/** An external id stands for the same account for ever; this only bounds how long the account's other fields may be held. */
const ACCOUNT_FRESH_FOR = 60_000_000n;
const MOST_KEPT = 10_000;
const LONGEST_HEADER = 9_000;
const BEARER = /^Bearer +(\S+)$/i;

/** Always the same words: whoever guesses learns nothing from them. */
const ADVICE =
  "Send a valid API key or customer's token as `Authorization: Bearer …`, or over WebSocket as `authorization` in the connection's parameters.";

type Place = Pick<Core, "pool" | "clock" | "log">;

/**
 * Says who asks. `verify` reads customers' tokens; null: none are accepted. A key counts while it is neither revoked nor expired, a
 * token while it is good and its `sub` is the external id of an account.
 */
export async function createAuthenticator(core: Place, verify: VerifyToken | null): Promise<Authenticator> {
  const secret = await serverSecret(core.pool, "api-keys");
  return new Credentials(core, secret, verify);
}

class Credentials implements Authenticator {
  readonly #keysByText: Recent<ApiKey>;
  readonly #keysById: Recent<ApiKey>;
  readonly #accounts: Recent<Account>;

  constructor(
    private readonly core: Place,
    private readonly secret: Uint8Array,
    private readonly verify: VerifyToken | null,
  ) {
    this.#keysByText = new Recent(core.clock, KEY_FRESH_FOR, MOST_KEPT);
    this.#keysById = new Recent(core.clock, KEY_FRESH_FOR, MOST_KEPT);
    this.#accounts = new Recent(core.clock, ACCOUNT_FRESH_FOR, MOST_KEPT);
  }

  async authenticate(authorization: string | undefined): Promise<Identity> {
    const credential = credentialIn(authorization);
    const identity = credential === null ? null : await this.#identify(credential);
    if (identity === null) throw new Unauthenticated(ADVICE);
    return identity;
  }

  async stillValid({ role, keyId, expiresAt }: Identity): Promise<boolean> {
    if (expiresAt !== null && this.core.clock.now() >= expiresAt) return false;
    if (role === "CUSTOMER") return true;
    const id = parseApiKeyId(keyId);
    if (id === null) return false;
    const key = await this.#keysById.get(id, async () => (await readApiKeys(this.core.pool, [id]))[0] ?? null);
    return key !== null && isUsable(key, this.core.clock.now());
  }

  #identify(credential: string): Promise<Identity | null> {
    return isKey(credential) ? this.#identifyByKey(credential) : this.#identifyByToken(credential);
  }

  async #identifyByKey(text: string): Promise<Identity | null> {
    // By the key itself, which is in memory anyway when it comes in: its HMAC takes as long as the rest of a request's reading.
    const key = await this.#keysByText.get(text, () => readApiKey(this.core.pool, hashKey(this.secret, text)));
    if (key === null || !isUsable(key, this.core.clock.now())) return null;
    const id = apiKeyId(key.id);
    return { role: key.role, actor: id, accountId: null, app: key.app, keyId: id, expiresAt: key.expiresAt };
  }

  async #identifyByToken(token: string): Promise<Identity | null> {
    const claims = this.verify === null ? null : await this.verify(token, this.core.clock.now());
    if (claims === null) return null;
    const { subject, expiresAt } = claims;
    const look = async () => (await readAccountsByExternalId(this.core.pool, [subject]))[0] ?? null;
    const account = isStorable(subject) ? await this.#accounts.get(subject, look) : null;
    if (account === null) {
      this.core.log.debug({ sub: subject }, "a customer's token is good, but there is no account with its sub as externalId");
      return null;
    }
    const id = accountId(account.id);
    return { role: "CUSTOMER", actor: id, accountId: account.id, app: null, keyId: id, expiresAt };
  }
}

function credentialIn(authorization: string | undefined): string | null {
  if (authorization === undefined || authorization.length > LONGEST_HEADER) return null;
  return BEARER.exec(authorization)?.[1] ?? null;
}

/** PostgreSQL cannot store NUL, so no external id has it; a query that asks for it would fail. */
function isStorable(text: string): boolean {
  return !text.includes("\0") && text.isWellFormed();
}
