import { createHash } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { hashKey, isKey, mintKey, prefixOf } from "../../src/accounts/api-keys";
import { pageApiKeys, readApiKey, serverSecret } from "../../src/accounts/api-keys.store";
import { createApiKey, createFirstAdminKey } from "../../src/accounts/create-api-key";
import { revokeApiKey } from "../../src/accounts/revoke-api-key";
import { uuidv7 } from "../../src/platform/ids";
import { createTestCore, type TestCore } from "../support/core";
import { createTestDatabase, type TestDatabase } from "../support/database";
import { OPERATOR } from "../support/operator";

let database: TestDatabase;
let core: TestCore;
let other: TestCore;

beforeAll(async () => {
  database = await createTestDatabase();
  core = await createTestCore(database.url);
  other = await createTestCore(database.url, { clock: core.clock });
});

afterAll(async () => {
  await core.stop();
  await other.stop();
  await database.drop();
});

/** The newest keys, or those that are older than one. */
async function listed(limit: number, after: string | null = null) {
  return (await pageApiKeys(core.pool, { after, before: null, limit, fromEnd: false })).rows;
}

describe("the first admin key", () => {
  test("is made once, though several servers start at once, and again only when none can be used", async () => {
    const made = await Promise.all([core, other, core, other].map((server) => createFirstAdminKey(server)));
    expect(made.filter((key) => key !== null)).toHaveLength(1);
    expect(await createFirstAdminKey(core)).toBeNull();
    const [first] = await listed(10);
    await revokeApiKey(core, first?.id ?? "", OPERATOR);
    expect(await createFirstAdminKey(core)).toMatch(/^trk_a_/);
  });
});

describe("an API key", () => {
  const terms = { role: "SERVICE", app: null, name: "worker", expiresAt: null } as const;

  async function create(given: object = {}) {
    const answer = await createApiKey(core, { ...terms, ...given }, OPERATOR);
    if (answer.status !== "done") throw new Error(`answered ${answer.status}`);
    return answer;
  }

  test("tells its role by a letter, begins with its prefix, and ends in 260 random bits", () => {
    const [admin, service] = [mintKey("ADMIN"), mintKey("SERVICE")];
    expect(admin).toMatch(/^trk_a_[a-z2-9]{8}_[a-z2-9]{52}$/);
    expect(service).toMatch(/^trk_s_[a-z2-9]{8}_[a-z2-9]{52}$/);
    expect([isKey(admin), isKey(service)]).toEqual([true, true]);
    expect(prefixOf(admin)).toBe(admin.slice(0, 14));
    expect(new Set(Array.from({ length: 100 }, () => mintKey("ADMIN"))).size).toBe(100);
    for (const bad of ["", "trk_a", `${admin}a`, `${admin}\n`, admin.toUpperCase(), admin.replace("trk_a", "trk_x")]) {
      expect(isKey(bad)).toBe(false);
    }
  });

  test("is stored as a keyed hash, and stands in no table of the database", async () => {
    const { secret, apiKey } = await create({ name: "hashed", app: "app-1" });
    const hash = hashKey(await serverSecret(core.pool, "api-keys"), secret);
    expect(await readApiKey(core.pool, hash)).toEqual(apiKey);
    const { rows } = await core.pool.query<{ hash: Buffer }>("SELECT hash FROM api_keys WHERE id = $1", [apiKey.id]);
    expect(rows).toEqual([{ hash }]);
    expect(hash.equals(createHash("sha256").update(secret).digest())).toBe(false);
    const random = secret.slice(secret.lastIndexOf("_") + 1);
    expect(await tablesWith(random)).toEqual([]);
    expect(await tablesWith(Buffer.from(random).toString("hex"))).toEqual([]);
    expect(await tablesWith(apiKey.prefix)).toEqual(["api_keys", "audit_log"]);
  });

  test("is not written to the log", async () => {
    const { secret } = await create();
    expect(JSON.stringify(core.logged)).not.toContain(secret.slice(-52));
  });

  test("is listed with its prefix, newest first, the revoked ones too", async () => {
    core.clock.set(core.clock.now() + 1_000n);
    const one = await create({ name: "one" });
    core.clock.set(core.clock.now() + 1_000n);
    const two = await create({ name: "two" });
    await revokeApiKey(core, one.apiKey.id, OPERATOR);
    expect(await listed(2)).toMatchObject([
      { name: "two", prefix: prefixOf(two.secret), revokedAt: null },
      { name: "one", prefix: prefixOf(one.secret), revokedAt: core.clock.now() },
    ]);
    expect(await listed(1, two.apiKey.id)).toMatchObject([{ name: "one" }]);
  });

  test("is revoked once: the first time stands", async () => {
    const { apiKey } = await create();
    const revoked = await revokeApiKey(core, apiKey.id, OPERATOR);
    core.clock.set(core.clock.now() + 1_000_000n);
    expect(await revokeApiKey(core, apiKey.id, OPERATOR)).toEqual(revoked);
    expect(await revokeApiKey(core, uuidv7(core.clock.now()), OPERATOR)).toBeNull();
  });

  test("cannot be made to have expired", async () => {
    const now = core.clock.now();
    expect(await createApiKey(core, { ...terms, expiresAt: now }, OPERATOR)).toEqual({ status: "expired", now });
  });
});

describe("a secret of the server", () => {
  test("is made once, though several servers ask at once, and differs by its purpose", async () => {
    const secrets = await Promise.all([core, other, core, other].map(({ pool }) => serverSecret(pool, "customer-tokens")));
    expect(new Set(secrets.map((secret) => Buffer.from(secret).toString("hex"))).size).toBe(1);
    expect(secrets[0]).toHaveLength(32);
    expect(await serverSecret(core.pool, "api-keys")).not.toEqual(secrets[0]);
  });
});

/** The tables in which a text stands anywhere. */
async function tablesWith(text: string): Promise<readonly string[]> {
  const { rows } = await core.pool.query<{ name: string }>("SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'");
  const found: string[] = [];
  for (const { name } of rows.filter((row) => row.name !== "migrations")) {
    const hits = await core.pool.query(`SELECT 1 FROM ${name} t WHERE strpos(t::text, $1) > 0 LIMIT 1`, [text]);
    if (hits.rowCount !== 0) found.push(name);
  }
  return found;
}
