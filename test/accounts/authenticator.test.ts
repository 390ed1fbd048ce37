import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { accountId } from "../../src/accounts/account";
import { apiKeyId } from "../../src/accounts/api-keys";
import { createAuthenticator } from "../../src/accounts/authenticator";
import { createAccount } from "../../src/accounts/create-account";
import { createApiKey, type NewApiKey } from "../../src/accounts/create-api-key";
import { signToken, tokenVerifier } from "../../src/accounts/jwt";
import { revokeApiKey } from "../../src/accounts/revoke-api-key";
import { type Authenticator, Unauthenticated } from "../../src/platform/authentication";
import { createTestCore, type TestCore } from "../support/core";
import { createTestDatabase, type TestDatabase } from "../support/database";
import { OPERATOR } from "../support/operator";

const SECOND = 1_000_000n;
const RULES = { issuer: null, audience: null };

const secret = randomBytes(32);
let database: TestDatabase;
let core: TestCore;
/** Two servers on one database. */
let here: Authenticator;
let there: Authenticator;

beforeAll(async () => {
  database = await createTestDatabase();
  core = await createTestCore(database.url);
  const verify = await tokenVerifier({ keys: { secret }, ...RULES });
  here = await createAuthenticator(core, verify);
  there = await createAuthenticator(core, verify);
});

afterAll(async () => {
  await core.stop();
  await database.drop();
});

function pass(time: bigint): void {
  core.clock.set(core.clock.now() + time);
}

async function keyOf(given: Partial<NewApiKey> = {}) {
  const answer = await createApiKey(core, { role: "SERVICE", app: null, name: "test", expiresAt: null, ...given }, OPERATOR);
  if (answer.status !== "done") throw new Error(`answered ${answer.status}`);
  return { bearer: `Bearer ${answer.secret}`, ...answer };
}

async function tokenOf(subject: string, life = 3_600n * SECOND): Promise<string> {
  return `Bearer ${await signToken(secret, { subject, expiresAt: core.clock.now() + life }, RULES)}`;
}

/** How many statements are sent to the database meanwhile. */
async function queriesDuring(work: () => Promise<unknown>): Promise<number> {
  const query = core.pool.query;
  let count = 0;
  core.pool.query = ((...given: Parameters<typeof query>) => {
    count++;
    return query.apply(core.pool, given);
  }) as typeof query;
  try {
    await work();
  } finally {
    core.pool.query = query;
  }
  return count;
}

describe("an API key", () => {
  test("says who asks, and in whose name", async () => {
    const { bearer, apiKey } = await keyOf({ app: "app-1", expiresAt: core.clock.now() + 3_600n * SECOND });
    const id = apiKeyId(apiKey.id);
    const identity = { role: "SERVICE", actor: id, keyId: id, accountId: null, app: "app-1", expiresAt: apiKey.expiresAt };
    expect(await here.authenticate(bearer)).toEqual(identity);
    expect(await here.authenticate(bearer.replace("Bearer", "bearer "))).toEqual(identity);
    expect(await here.authenticate((await keyOf({ role: "ADMIN" })).bearer)).toMatchObject({ role: "ADMIN", app: null });
  });

  test("is looked up once by many who ask at the same time", async () => {
    const { bearer } = await keyOf();
    const ask = () => Promise.all(Array.from({ length: 50 }, () => here.authenticate(bearer)));
    expect(await queriesDuring(ask)).toBe(1);
    expect(await queriesDuring(ask)).toBe(0);
  });

  test("that is revoked is refused by every server within 2 seconds, and its sockets learn of it", async () => {
    const { bearer, apiKey } = await keyOf();
    const identity = await here.authenticate(bearer);
    await there.authenticate(bearer);
    expect([await here.stillValid(identity), await there.stillValid(identity)]).toEqual([true, true]);
    await revokeApiKey(core, apiKey.id, OPERATOR);
    pass(2n * SECOND);
    for (const server of [here, there]) {
      await expect(server.authenticate(bearer)).rejects.toThrow(Unauthenticated);
      expect(await server.stillValid(identity)).toBe(false);
    }
  });

  test("ends at its expiry, to the instant, though it was looked up just before", async () => {
    const { bearer } = await keyOf({ expiresAt: core.clock.now() + SECOND });
    const identity = await here.authenticate(bearer);
    pass(SECOND - 1n);
    expect(await here.stillValid(identity)).toBe(true);
    expect(await here.authenticate(bearer)).toEqual(identity);
    pass(1n);
    expect(await here.stillValid(identity)).toBe(false);
    await expect(here.authenticate(bearer)).rejects.toThrow(Unauthenticated);
  });

  test("is looked up again when the clock was set back", async () => {
    const { bearer } = await keyOf();
    await here.authenticate(bearer);
    pass(-10n * SECOND);
    expect(await queriesDuring(() => here.authenticate(bearer))).toBe(1);
    pass(10n * SECOND);
  });
});

describe("a customer's token", () => {
  test("says whose account it is", async () => {
    const answer = await createAccount(core, { externalId: "ada", name: null, timeZone: "UTC", metadata: null }, OPERATOR);
    if (answer.status !== "done") throw new Error(`answered ${answer.status}`);
    const { id } = answer.account;
    const bearer = await tokenOf("ada", 60n * SECOND);
    const identity = await here.authenticate(bearer);
    const shown = accountId(id);
    const expiresAt = core.clock.now() + 60n * SECOND;
    expect(identity).toEqual({ role: "CUSTOMER", actor: shown, keyId: shown, accountId: id, app: null, expiresAt });
    expect(await here.stillValid(identity)).toBe(true);
    pass(60n * SECOND);
    expect(await here.stillValid(identity)).toBe(false);
  });

  test("is refused while its subject has no account, and good as soon as it has", async () => {
    const bearer = await tokenOf("late");
    await expect(here.authenticate(bearer)).rejects.toThrow(Unauthenticated);
    await createAccount(core, { externalId: "late", name: null, timeZone: "UTC", metadata: null }, OPERATOR);
    expect(await here.authenticate(bearer)).toMatchObject({ role: "CUSTOMER" });
  });

  test("with a subject that no database can hold is refused", async () => {
    for (const subject of ["a\0b", "\ud800"])
      await expect(here.authenticate(await tokenOf(subject))).rejects.toThrow(Unauthenticated);
  });

  test("is refused by a server that accepts none", async () => {
    const closed = await createAuthenticator(core, null);
    await expect(closed.authenticate(await tokenOf("ada"))).rejects.toThrow(Unauthenticated);
  });
});

describe("anything else", () => {
  test("is refused with the same words, whatever is wrong with it", async () => {
    const { secret: key } = await keyOf();
    const revoked = await keyOf();
    await revokeApiKey(core, revoked.apiKey.id, OPERATOR);
    const changed = `${key.slice(0, -1)}${key.endsWith("a") ? "b" : "a"}`;
    const bad = [
      undefined,
      ...["", "Bearer", "Bearer ", key, `Basic ${key}`, `Bearer ${key} x`, `Bearer ${changed}`, `Bearer ${key}\0`],
      ...[`Bearer ${key.toUpperCase()}`, `Bearer ${"x".repeat(1_000_000)}`, "Bearer trk_a_' OR 1=1 --", revoked.bearer],
      ...["Bearer a.b.c", `Bearer ${key.replace("trk_s", "trk_a")}`],
    ];
    const messages = new Set<string>();
    for (const authorization of bad) {
      const error: unknown = await here.authenticate(authorization).catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(Unauthenticated);
      messages.add((error as Error).message);
    }
    expect(messages.size).toBe(1);
  });
});
