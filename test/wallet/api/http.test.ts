import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { createApiKey, createAuthenticator, signToken, tokenVerifier } from "../../../src/accounts";
import type { RequestContext } from "../../../src/platform/graphql/request";
import { createMetrics } from "../../../src/platform/metrics";
import { type RunningServer, startServer } from "../../../src/platform/server";
import { buildTrancheSchema } from "../../../src/schema";
import { type Api, createApi, externalIdOf } from "../../support/api";
import { OPERATOR } from "../../support/operator";
import { SERVER_CONFIG } from "../../support/server-config";

const SECRET = new TextEncoder().encode("a secret of more than thirty-two bytes");

let api: Api;
let server: RunningServer;
let admin: string;
let service: string;

beforeAll(async () => {
  api = await createApi();
  const { core } = api;
  const verify = await tokenVerifier({ keys: { secret: SECRET }, issuer: null, audience: null });
  server = await startServer<RequestContext>({
    schema: buildTrancheSchema(),
    authenticator: await createAuthenticator(core, verify),
    contextOf: (identity, watch) => ({ core, identity, watch }),
    config: SERVER_CONFIG,
    log: core.log,
    metrics: createMetrics(),
    clock: core.clock,
  });
  admin = await keyOf("ADMIN");
  service = await keyOf("SERVICE");
});

afterAll(async () => {
  await server.stop();
  await api.stop();
});

async function keyOf(role: "ADMIN" | "SERVICE"): Promise<string> {
  const made = await createApiKey(api.core, { role, app: null, name: role, expiresAt: null }, OPERATOR);
  if (made.status !== "done") throw new Error("no key was made");
  return made.secret;
}

interface Answer {
  readonly status: number;
  readonly data?: Record<string, unknown> | null;
  readonly errors?: readonly {
    readonly message: string;
    readonly extensions: { readonly code: string; readonly inputPath?: unknown };
  }[];
}

/** Sends a body as it is. */
async function post(key: string | null, body: string): Promise<Answer> {
  const headers = { "content-type": "application/json", ...(key === null ? {} : { authorization: `Bearer ${key}` }) };
  const response = await fetch(server.url, { method: "POST", headers, body });
  return { status: response.status, ...((await response.json()) as object) };
}

function ask(key: string | null, query: string, variables: object = {}): Promise<Answer> {
  return post(key, JSON.stringify({ query, variables }));
}

interface Spent {
  readonly replayed: boolean;
  readonly transaction: { readonly id: string };
}

function spentIn({ data }: Answer): Spent {
  if (!data) throw new Error("no data was answered");
  return data["spend"] as Spent;
}

const SPEND = `mutation ($input: SpendInput!) { spend(input: $input) { replayed refusal { code } transaction { id amount actor } } }`;

describe("over HTTP", () => {
  test("a spend is answered once, and replayed after that", async () => {
    const { id: walletId } = await api.wallet("10");
    const input = { walletId, amount: "4", idempotencyKey: "over-http" };
    const first = await ask(service, SPEND, { input });
    expect(first).toMatchObject({ status: 200, data: { spend: { replayed: false, transaction: { amount: "4" } } } });
    const { transaction } = spentIn(first);
    expect(await ask(service, SPEND, { input })).toMatchObject({ data: { spend: { replayed: true, transaction } } });
  });

  test("one key sent fifty times at once makes one transaction", async () => {
    const { id: walletId } = await api.wallet("10");
    const input = { walletId, amount: "4", idempotencyKey: "fifty" };
    const answers = await Promise.all(Array.from({ length: 50 }, () => ask(service, SPEND, { input })));
    const spends = answers.map(spentIn);
    expect(new Set(spends.map((spend) => spend.transaction.id)).size).toBe(1);
    expect(spends.filter((spend) => !spend.replayed)).toHaveLength(1);
  });

  test("what is malformed is told by its code and its place, whether the type or the room refuses it", async () => {
    const { id: walletId } = await api.wallet("10");
    const refused = async (given: object, path: readonly string[]) => {
      const { data, errors } = await ask(service, SPEND, { input: { walletId, amount: "1", idempotencyKey: "k", ...given } });
      expect({ data: data ?? null, codes: errors?.map(({ extensions }) => [extensions.code, extensions.inputPath]) }).toEqual({
        data: null,
        codes: [["BAD_USER_INPUT", path]],
      });
    };
    await refused({ amount: "1e3" }, ["input", "amount"]);
    await refused({ amount: 1.5 }, ["input", "amount"]);
    await refused({ amount: "0" }, ["input", "amount"]);
    await refused({ idempotencyKey: "k".repeat(256) }, ["input", "idempotencyKey"]);
    await refused({ idempotencyKey: "a\0" }, ["input", "idempotencyKey"]);
    await refused({ metadata: { a: "x".repeat(5000) } }, ["input", "metadata"]);
    await refused({ walletId: null }, ["input"]);
    const lone = `{"query":${JSON.stringify(SPEND)},"variables":{"input":{"walletId":"${walletId}","amount":"1","idempotencyKey":"\\ud800"}}}`;
    expect(await post(service, lone)).toMatchObject({ errors: [{ extensions: { code: "BAD_USER_INPUT" } }] });
  });

  test("a thousand spends fit into one request", async () => {
    const { id: walletId } = await api.wallet("1000");
    const query = `mutation ($input: [SpendInput!]!) { spendBatch(input: $input) { replayed shortfall refusal { code message }
      transaction { id sequence amount balanceAfter { available } entries { from to amount reason grant { id } } } } }`;
    const input = Array.from({ length: 1000 }, (_, index) => ({ walletId, amount: "1", idempotencyKey: `thousand-${index}` }));
    const { data, errors } = await ask(service, query, { input });
    expect(errors).toBeUndefined();
    expect(data?.["spendBatch"]).toHaveLength(1000);
  });

  test("nobody, a service and a customer are each refused what is not theirs", async () => {
    const key = await api.wallet("10");
    const theirs = await api.wallet("10");
    const token = await signToken(
      SECRET,
      { subject: externalIdOf(key), expiresAt: api.core.clock.now() + 3_600_000_000n },
      { issuer: null, audience: null },
    );
    const query = "query ($id: ID!, $other: ID!) { wallet(id: $id) { id balance { available } } other: node(id: $other) { id } }";
    expect(await ask(token, query, { id: key.id, other: theirs.id })).toMatchObject({
      data: { wallet: { id: key.id, balance: { available: "10" } }, other: null },
    });
    const spend = { input: { walletId: key.id, amount: "1", idempotencyKey: "denied" } };
    expect(await ask(token, SPEND, spend)).toMatchObject({ errors: [{ extensions: { code: "FORBIDDEN" } }] });
    expect(await ask(null, SPEND, spend)).toMatchObject({ status: 401, errors: [{ extensions: { code: "UNAUTHENTICATED" } }] });
    const grant = `mutation ($input: GrantCreditsInput!) { grantCredits(input: $input) { refusal { code } } }`;
    const given = { input: { walletId: key.id, kind: "PROMO", amount: "1", idempotencyKey: "granted" } };
    expect(await ask(service, grant, given)).toMatchObject({ errors: [{ extensions: { code: "FORBIDDEN" } }] });
    expect(await ask(admin, grant, given)).toMatchObject({ data: { grantCredits: { refusal: null } } });
  });
});
