import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { createAuthenticator } from "../../src/accounts";
import { accountId } from "../../src/accounts/account";
import { apiKeyId } from "../../src/accounts/api-keys";
import { uuidv7 } from "../../src/platform/ids";
import { createTestCore, type TestCore } from "../support/core";
import { createTestDatabase, type TestDatabase } from "../support/database";
import { type Ask, accountsSchema, asker, customer, NODES, SERVICE } from "./asking";

let database: TestDatabase;
let core: TestCore;
let ask: Ask;

beforeAll(async () => {
  database = await createTestDatabase();
  core = await createTestCore(database.url);
  ask = asker(core, accountsSchema());
});

afterAll(async () => {
  await core.stop();
  await database.drop();
});

const CREATE_KEY = `mutation ($input: CreateApiKeyInput!) {
  createApiKey(input: $input) { secret apiKey { id prefix role app name expiresAt revokedAt } refusal { __typename code } }
}`;
const REVOKE =
  "mutation ($id: ID!) { revokeApiKey(input: { apiKeyId: $id }) { apiKey { id revokedAt } refusal { code ... on NotFound { field } } } }";

interface Created {
  readonly secret: string;
  readonly apiKey: { readonly id: string; readonly prefix: string };
}

async function newKey(input: object): Promise<Created> {
  const { data, errors } = await ask(CREATE_KEY, { input });
  expect(errors).toEqual([]);
  return (data as unknown as { createApiKey: Created }).createApiKey;
}

describe("API keys", () => {
  test("are made, shown once, work, are listed by prefix, and end when revoked", async () => {
    const authenticator = await createAuthenticator(core, null);
    const { secret, apiKey } = await newKey({ role: "SERVICE", name: "worker", app: "app-1" });
    expect(apiKey).toMatchObject({ role: "SERVICE", app: "app-1", name: "worker", revokedAt: null });
    expect(secret.startsWith(`${apiKey.prefix}_`)).toBe(true);
    expect(await authenticator.authenticate(`Bearer ${secret}`)).toMatchObject({ keyId: apiKey.id, role: "SERVICE" });
    const list = await ask("{ apiKeys(first: 1) { edges { node { id prefix revokedAt } } pageInfo { hasNextPage } } }");
    expect(list.data["apiKeys"]?.["edges"]?.[0]).toEqual({ node: { id: apiKey.id, prefix: apiKey.prefix, revokedAt: null } });
    expect(JSON.stringify(list.data)).not.toContain(secret);
    expect((await ask(REVOKE, { id: apiKey.id })).data["revokeApiKey"]).toMatchObject({
      refusal: null,
      apiKey: { id: apiKey.id },
    });
    core.clock.set(core.clock.now() + 2_000_000n);
    await expect(authenticator.authenticate(`Bearer ${secret}`)).rejects.toThrow();
  });

  test("by another name are not found: absent, malformed, or the key itself", async () => {
    const { secret } = await newKey({ role: "ADMIN", name: "mine" });
    for (const id of [apiKeyId(uuidv7(core.clock.now())), "", "key_1", secret]) {
      const refusal = { code: "NOT_FOUND", field: "apiKeyId" };
      expect((await ask(REVOKE, { id })).data).toEqual({ revokeApiKey: { apiKey: null, refusal } });
    }
  });

  test("cannot have ended before they begin", async () => {
    const input = { role: "ADMIN", name: "late", expiresAt: "2020-01-01T00:00:00Z" };
    const refusal = { __typename: "ExpiresInPast", code: "EXPIRES_IN_PAST" };
    expect((await ask(CREATE_KEY, { input })).data).toEqual({ createApiKey: { secret: null, apiKey: null, refusal } });
  });

  test.each([
    [{ role: "ADMIN", name: "bound", app: "app-1" }, "app"],
    [{ role: "SERVICE", name: "bound", app: "app-*" }, "app"],
    [{ role: "SERVICE", name: "bound", app: "" }, "app"],
    [{ role: "SERVICE", name: "" }, "name"],
  ])("say what is wrong with %j", async (input, field) => {
    const { errors } = await ask(CREATE_KEY, { input });
    expect(errors[0]?.extensions).toMatchObject({ code: "BAD_USER_INPUT", inputPath: ["input", field] });
  });

  test("are the operator's: others cannot make, list, revoke or fetch them", async () => {
    const { apiKey } = await newKey({ role: "SERVICE", name: "seen" });
    for (const identity of [SERVICE, customer(accountId(uuidv7(core.clock.now())))]) {
      expect((await ask("{ apiKeys { edges { cursor } } }", {}, identity)).codes).toEqual(["FORBIDDEN"]);
      expect((await ask(REVOKE, { id: apiKey.id }, identity)).codes).toEqual(["FORBIDDEN"]);
      expect((await ask(CREATE_KEY, { input: { role: "ADMIN", name: "x" } }, identity)).codes).toEqual(["FORBIDDEN"]);
      expect((await ask(NODES, { ids: [apiKey.id] }, identity)).data).toEqual({ nodes: [null] });
    }
    expect((await ask(NODES, { ids: [apiKey.id] })).data).toEqual({ nodes: [{ name: "seen" }] });
  });
});
