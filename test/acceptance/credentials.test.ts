import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { SignJWT, UnsecuredJWT } from "jose";
import { createTestDatabase, type TestDatabase } from "../support/database";
import { ToySocket } from "../support/toy-socket";
import { ask, request } from "./graphql-request";
import { type Demo, type ServerProcess, startServerProcess } from "./server-process";

/** How credentials are told from what only looks like one, and how they end: for requests, and for sockets that are open. */

const SECRET = randomBytes(32).toString("hex");
const JWT_ISSUER = "https://id.example";
const JWT_AUDIENCE = "tranche";

let database: TestDatabase;
let server: ServerProcess;
let demo: Demo;

beforeAll(async () => {
  database = await createTestDatabase();
  const tokens = { JWT_SECRET: SECRET, JWT_ISSUER, JWT_AUDIENCE };
  server = await startServerProcess({ DATABASE_URL: database.url, DEMO: "true", ...tokens });
  demo = server.demo;
});

afterAll(async () => {
  await server.stop();
  await database.drop();
});

const now = () => Math.floor(Date.now() / 1_000);
const CLAIMS = { sub: "acme", iss: JWT_ISSUER, aud: JWT_AUDIENCE };

interface Forgery {
  readonly claims?: object;
  readonly alg?: string;
  readonly header?: object;
  readonly secret?: string;
}

/** A good token of an hour, but for what is said. */
function token({ claims = {}, alg = "HS256", header = {}, secret = SECRET }: Forgery = {}): Promise<string> {
  return new SignJWT({ ...CLAIMS, exp: now() + 3_600, ...claims })
    .setProtectedHeader({ alg, ...header })
    .sign(new TextEncoder().encode(secret));
}

/** How a credential is answered over HTTP, and over WebSocket. */
async function reception(credential: string): Promise<readonly [number, string, number | "let in"]> {
  const { status, data, errors = [] } = await request(demo.url, credential, "{ viewer { role } }");
  const { role } = (data?.["viewer"] ?? { role: "" }) as { readonly role: string };
  const socket = await ToySocket.open(demo);
  socket.send({ type: "connection_init", payload: { authorization: `Bearer ${credential}` } });
  const answer = await Promise.race([socket.next().then(() => "let in" as const), socket.closed.then(({ code }) => code)]).catch(
    async () => (await socket.closed).code,
  );
  await socket.close();
  return [status, role || String(errors[0]?.extensions?.["code"]), answer];
}

const REFUSED = [401, "UNAUTHENTICATED", 4401];

describe("a token", () => {
  test("that is good lets in", async () => {
    expect(await reception(await token())).toEqual([200, "CUSTOMER", "let in"]);
    expect(await reception(demo.customerToken)).toEqual([200, "CUSTOMER", "let in"]);
    expect(await reception(await token({ claims: { aud: ["other", JWT_AUDIENCE] } }))).toEqual([200, "CUSTOMER", "let in"]);
  });

  test.each<readonly [string, () => string | Promise<string>]>([
    ["signed by none", () => new UnsecuredJWT({ ...CLAIMS, exp: now() + 3_600 }).encode()],
    ["said to be signed by nOnE", async () => withHeader(await token(), { alg: "nOnE" })],
    ["signed by HS512", () => token({ alg: "HS512" })],
    ["said to be signed by RS256", async () => withHeader(await token(), { alg: "RS256" })],
    [
      "with a key of its own",
      () => token({ header: { jwk: { kty: "oct", k: "AAAA" } }, secret: "another secret of thirty-two bytes" }),
    ],
    ["with a critical extension", async () => withHeader(await token(), { alg: "HS256", crit: ["x"], x: 1 })],
    ["of another secret", () => token({ secret: "another secret of thirty-two bytes" })],
    ["of no secret", () => token({ secret: "\0" })],
    ["of another issuer", () => token({ claims: { iss: "https://id.example.evil" } })],
    ["of no issuer", () => token({ claims: { iss: undefined } })],
    ["for another audience", () => token({ claims: { aud: "other" } })],
    ["for no audience", () => token({ claims: { aud: undefined } })],
    ["that expired a minute ago", () => token({ claims: { exp: now() - 60 } })],
    ["that never expires", () => token({ claims: { exp: undefined } })],
    ["that is not valid yet", () => token({ claims: { nbf: now() + 60 } })],
    ["of nobody that there is", () => token({ claims: { sub: "nobody" } })],
    ["of no one", () => token({ claims: { sub: undefined } })],
    ["of a subject that cannot be", () => token({ claims: { sub: "ac\0me" } })],
    ["whose payload was changed", async () => changed(await token({ claims: { sub: "globex" } }), await token())],
    ["without its signature", async () => (await token()).replace(/[^.]+$/, "")],
    ["cut short", async () => (await token()).slice(0, -2)],
    ["of 9 KB", () => token({ claims: { padding: "x".repeat(6_500) } })],
  ])("%s is refused", async (_, make) => {
    expect(await reception(await make())).toEqual(REFUSED);
  });
});

describe("a key", () => {
  test.each<readonly [string, () => string]>([
    ["that is nobody's", () => demo.adminKey.replace(/[a-z0-9]{8}$/, "00000000")],
    ["of another role", () => demo.serviceKey.replace("trk_s", "trk_a")],
    ["cut short", () => demo.adminKey.slice(0, -1)],
    ["in capitals", () => demo.adminKey.toUpperCase()],
    ["and another after it", () => `${demo.adminKey}${demo.adminKey}`],
    ["that is empty", () => ""],
  ])("%s is refused", async (_, make) => {
    expect(await reception(make())).toEqual(REFUSED);
  });
});

interface Made {
  readonly createApiKey: { readonly secret: string; readonly apiKey: { readonly id: string } };
}

async function makeKey(name: string, expiresAt: string | null): Promise<{ readonly secret: string; readonly id: string }> {
  const query = `mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) { secret apiKey { id } } }`;
  const { createApiKey } = await ask<Made>(demo.url, demo.adminKey, query, { input: { role: "SERVICE", name, expiresAt } });
  return { secret: createApiKey.secret, id: createApiKey.apiKey.id };
}

/** A socket in use. */
async function following(credential: string): Promise<ToySocket> {
  const socket = await ToySocket.as(demo, credential);
  socket.subscribe("balance", `subscription { walletBalance(walletId: "${demo.walletId}") { id } }`);
  await socket.expect("next");
  return socket;
}

/** Milliseconds until a socket was closed, by 4403. */
async function untilClosed(socket: ToySocket): Promise<number> {
  const started = performance.now();
  expect((await socket.closed).code).toBe(4403);
  return performance.now() - started;
}

describe("an open socket", () => {
  test("is closed within 5 s when its key is revoked, and the others stay; the key lets nobody in any more", async () => {
    const [key, other] = [await makeKey("to revoke", null), await makeKey("to keep", null)];
    const [socket, kept] = [await following(key.secret), await following(other.secret)];
    const revoke = "mutation ($id: ID!) { revokeApiKey(input: { apiKeyId: $id }) { refusal { code } } }";
    await ask(demo.url, demo.adminKey, revoke, { id: key.id });
    const revoked = performance.now();
    expect(await untilClosed(socket)).toBeLessThan(5_000);
    // Whoever is let in still came within the 2 s for which a key that was good may count as good.
    for (let letIn = true; letIn; ) {
      const sent = performance.now();
      letIn = (await request(demo.url, key.secret, "{ __typename }")).status === 200;
      if (letIn) expect(sent - revoked).toBeLessThan(2_000);
    }
    expect(await reception(key.secret)).toEqual(REFUSED);
    await kept.settled();
    await kept.close();
  });

  test("is closed at the moment at which its key or its token expires, and neither lets in any more", async () => {
    const expiry = now() + 3;
    const key = await makeKey("to expire", new Date(expiry * 1_000).toISOString());
    const sockets = [await following(key.secret), await following(await token({ claims: { exp: expiry } }))];
    await Promise.all(sockets.map(untilClosed));
    const late = Date.now() - expiry * 1_000;
    expect(late).toBeGreaterThanOrEqual(0);
    expect(late).toBeLessThan(2_000);
    expect(await reception(key.secret)).toEqual(REFUSED);
  });
});

function withHeader(signed: string, header: object): string {
  return signed.replace(/^[^.]+/, Buffer.from(JSON.stringify(header)).toString("base64url"));
}

/** One token's payload under another one's signature. */
function changed(payload: string, signed: string): string {
  const [header, , signature] = signed.split(".");
  return [header, payload.split(".")[1], signature].join(".");
}
