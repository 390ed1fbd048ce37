import { createHmac, generateKeyPairSync, type KeyObject, randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { SignJWT } from "jose";
import { signToken, tokenVerifier, type VerifyToken } from "../../src/accounts/jwt";
import { Unavailable } from "../../src/platform/unavailable";
import { at } from "../support/core";

const NOW = at("2026-01-01T12:00:00Z");
const IN_AN_HOUR = at("2026-01-01T13:00:00Z");
const SECOND = 1_000_000n;
const ISSUER = "https://id.example";
const AUDIENCE = "tranche";

/** Seconds since 1970, as JWT counts. */
function seconds(text: string): number {
  return Number(at(text) / SECOND);
}

const GOOD = { sub: "customer-1", iss: ISSUER, aud: AUDIENCE, exp: seconds("2026-01-01T13:00:00Z") };

function part(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}

/** A token made by hand: no library would make the bad ones. */
function hmacToken(header: object, claims: object, key: string | Buffer): string {
  const signed = `${part(header)}.${part(claims)}`;
  return `${signed}.${createHmac("sha256", key).update(signed).digest("base64url")}`;
}

describe("with a shared secret", () => {
  const secret = randomBytes(32);
  let verify: VerifyToken;
  const token = (claims: object, header: object = { alg: "HS256" }) => hmacToken(header, claims, secret);

  beforeAll(async () => {
    verify = await tokenVerifier({ keys: { secret }, issuer: ISSUER, audience: AUDIENCE });
  });

  test("a good token names its account and its end", async () => {
    expect(await verify(token(GOOD), NOW)).toEqual({ subject: "customer-1", expiresAt: IN_AN_HOUR });
    expect(await verify(token({ ...GOOD, aud: ["other", AUDIENCE] }), NOW)).not.toBeNull();
  });

  test("what we sign ourselves is good", async () => {
    const signed = await signToken(
      secret,
      { subject: "customer-1", expiresAt: IN_AN_HOUR },
      { issuer: ISSUER, audience: AUDIENCE },
    );
    expect(await verify(signed, NOW)).toEqual({ subject: "customer-1", expiresAt: IN_AN_HOUR });
  });

  test("a token ends at its exp, but for the few seconds that clocks may differ", async () => {
    expect(await verify(token(GOOD), IN_AN_HOUR + 4n * SECOND)).not.toBeNull();
    expect(await verify(token(GOOD), IN_AN_HOUR + 6n * SECOND)).toBeNull();
    expect(await verify(token({ ...GOOD, nbf: seconds("2026-01-01T12:00:10Z") }), NOW)).toBeNull();
  });

  test.each<[string, object]>([
    ["no exp", { ...GOOD, exp: undefined }],
    ["an exp that is no number", { ...GOOD, exp: "2099-01-01" }],
    ["an exp before all time", { ...GOOD, exp: -1 }],
    ["no sub", { ...GOOD, sub: undefined }],
    ["an empty sub", { ...GOOD, sub: "" }],
    ["a sub that is no text", { ...GOOD, sub: 7 }],
    ["a sub that is a list", { ...GOOD, sub: ["customer-1"] }],
    ["a sub longer than any external id", { ...GOOD, sub: "x".repeat(256) }],
    ["another issuer", { ...GOOD, iss: "https://evil.example" }],
    ["no issuer", { ...GOOD, iss: undefined }],
    ["another audience", { ...GOOD, aud: "another-app" }],
    ["no audience", { ...GOOD, aud: undefined }],
  ])("a token with %s is not good", async (_, claims) => {
    expect(await verify(token(claims), NOW)).toBeNull();
  });

  test.each(["none", "None", "NONE", "nOnE"])(
    "a token without a signature is not good, whatever it calls its alg: %s",
    async (alg) => {
      const unsigned = `${part({ alg })}.${part(GOOD)}`;
      for (const bad of [`${unsigned}.`, unsigned, token(GOOD, { alg })]) expect(await verify(bad, NOW)).toBeNull();
    },
  );

  test.each(["HS384", "HS512", "RS256", "hs256"])("a token that says %s is not good: the algorithm is HS256", async (alg) => {
    expect(await verify(token(GOOD, { alg }), NOW)).toBeNull();
  });

  test("a token that brings its own key is not good", async () => {
    const own = randomBytes(32);
    const jwk = { kty: "oct", k: own.toString("base64url") };
    expect(await verify(hmacToken({ alg: "HS256", jwk }, GOOD, own), NOW)).toBeNull();
  });

  test("no kid leads to another key", async () => {
    for (const kid of ["../../../../dev/null", "/dev/null", "' OR 1=1 --", "\0", "x".repeat(4_000)]) {
      expect(await verify(hmacToken({ alg: "HS256", kid }, GOOD, ""), NOW)).toBeNull();
    }
  });

  test("a token with a changed byte, a critical header we do not know, or no shape at all is not good", async () => {
    const [header, claims, signature] = token(GOOD).split(".") as [string, string, string];
    const forged = part({ ...GOOD, sub: "customer-2" });
    const bad = [
      `${header}.${forged}.${signature}`,
      `${header}.${claims}.${signature.slice(0, -4)}AAAA`,
      token(GOOD, { alg: "HS256", crit: ["exp2"], exp2: 1 }),
      token(GOOD, { alg: "HS256", b64: false, crit: ["b64"] }),
      ...["", ".", "..", "a.b.c", `${token(GOOD)}.`, "\u0000.\u0000.\u0000", `${token(GOOD)}\n`],
    ];
    for (const text of bad) expect(await verify(text, NOW)).toBeNull();
  });

  test("a token longer than any we need is not looked at", async () => {
    expect(await verify(token({ ...GOOD, more: "x".repeat(8_000) }), NOW)).toBeNull();
  });

  test("an exp past all time is the last instant", async () => {
    expect((await verify(token({ ...GOOD, exp: 1e300 }), NOW))?.expiresAt).toBe(at("9999-12-31T23:59:59Z"));
  });

  test("a secret that can be guessed is refused at the start", async () => {
    const keys = { secret: randomBytes(31) };
    await expect(tokenVerifier({ keys, issuer: null, audience: null })).rejects.toThrow("32 bytes");
  });
});

describe("with public keys", () => {
  const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const next = generateKeyPairSync("ec", { namedCurve: "P-256" });
  let provider: Server;
  let served: unknown;
  let status = 200;
  let jwks: URL;
  let verify: VerifyToken;

  function publicKey(key: KeyObject, kid: string, alg: string): object {
    return { ...key.export({ format: "jwk" }), kid, alg, use: "sig" };
  }

  function token(key: KeyObject, header: { alg: string; kid?: string }, claims: object = GOOD): Promise<string> {
    return new SignJWT({ ...claims }).setProtectedHeader(header).sign(key);
  }

  beforeAll(async () => {
    served = { keys: [publicKey(rsa.publicKey, "one", "RS256")] };
    provider = createServer((_, response) => response.writeHead(status).end(JSON.stringify(served))).listen(0, "127.0.0.1");
    await once(provider, "listening");
    jwks = new URL(`http://127.0.0.1:${(provider.address() as AddressInfo).port}/jwks.json`);
    verify = await verifier(jwks);
  });

  afterAll(() => {
    provider.closeAllConnections();
    provider.close();
  });

  function verifier(from: URL, algorithms = ["RS256", "ES256"]): Promise<VerifyToken> {
    return tokenVerifier({ keys: { jwks: from, algorithms }, issuer: ISSUER, audience: AUDIENCE });
  }

  test("a token signed with the private key is good", async () => {
    expect(await verify(await token(rsa.privateKey, { alg: "RS256", kid: "one" }), NOW)).toMatchObject({ subject: "customer-1" });
    expect(await verify(await token(rsa.privateKey, { alg: "RS256" }), NOW)).toMatchObject({ subject: "customer-1" });
  });

  test("a token signed with HMAC and the public key as its secret is not good", async () => {
    const pem = rsa.publicKey.export({ format: "pem", type: "spki" });
    const der = rsa.publicKey.export({ format: "der", type: "spki" });
    for (const key of [pem, der, JSON.stringify(rsa.publicKey.export({ format: "jwk" }))]) {
      for (const header of [{ alg: "HS256", kid: "one" }, { alg: "HS256" }, { alg: "RS256", kid: "one" }]) {
        expect(await verify(hmacToken(header, GOOD, key), NOW)).toBeNull();
      }
    }
  });

  test("a token by another key, under our kid or its own, is not good", async () => {
    const other = generateKeyPairSync("rsa", { modulusLength: 2048 });
    const jwk = other.publicKey.export({ format: "jwk" });
    for (const header of [
      { alg: "RS256", kid: "one" },
      { alg: "RS256", kid: "two" },
      { alg: "RS256", kid: "../one" },
      { alg: "RS256", jwk },
      { alg: "RS256", jku: "http://127.0.0.1:1/evil.json", kid: "two" },
      { alg: "RS256", x5u: "http://127.0.0.1:1/evil.pem" },
    ]) {
      expect(await verify(await token(other.privateKey, header), NOW)).toBeNull();
    }
  });

  test("an algorithm that is not accepted is not good, though the key is the right one", async () => {
    for (const alg of ["PS256", "RS384"]) expect(await verify(await token(rsa.privateKey, { alg, kid: "one" }), NOW)).toBeNull();
    const narrow = await verifier(jwks, ["ES256"]);
    expect(await narrow(await token(rsa.privateKey, { alg: "RS256", kid: "one" }), NOW)).toBeNull();
    expect(await verify(`${part({ alg: "none", kid: "one" })}.${part(GOOD)}.`, NOW)).toBeNull();
  });

  test("the claims are judged as with a secret", async () => {
    const { exp, ...endless } = GOOD;
    for (const claims of [endless, { ...GOOD, iss: "x" }, { ...GOOD, aud: "x" }, { ...GOOD, exp: exp - 7200 }]) {
      expect(await verify(await token(rsa.privateKey, { alg: "RS256", kid: "one" }, claims), NOW)).toBeNull();
    }
  });

  test("a shared secret among the public keys is not used", async () => {
    const secret = randomBytes(32);
    served = { keys: [publicKey(rsa.publicKey, "one", "RS256"), { kty: "oct", kid: "shared", k: secret.toString("base64url") }] };
    const fresh = await verifier(jwks);
    expect(await fresh(hmacToken({ alg: "HS256", kid: "shared" }, GOOD, secret), NOW)).toBeNull();
  });

  test("keys may be read from a file", async () => {
    const folder = mkdtempSync(join(tmpdir(), "tranche-jwks-"));
    writeFileSync(join(folder, "jwks.json"), JSON.stringify({ keys: [publicKey(next.publicKey, "two", "ES256")] }));
    const verifyByFile = await verifier(pathToFileURL(join(folder, "jwks.json")));
    rmSync(folder, { recursive: true });
    expect(await verifyByFile(await token(next.privateKey, { alg: "ES256", kid: "two" }), NOW)).not.toBeNull();
    expect(await verifyByFile(await token(rsa.privateKey, { alg: "RS256", kid: "two" }), NOW)).toBeNull();
  });

  test("when the keys cannot be had, that is not the token's fault", async () => {
    const good = await token(rsa.privateKey, { alg: "RS256", kid: "one" });
    const unreachable = await verifier(new URL("http://127.0.0.1:1/jwks.json"));
    await expect(unreachable(good, NOW)).rejects.toThrow(Unavailable);
    status = 500;
    await expect((await verifier(jwks))(good, NOW)).rejects.toThrow(Unavailable);
    status = 200;
    served = { nothing: "here" };
    await expect((await verifier(jwks))(good, NOW)).rejects.toThrow(Unavailable);
  });

  test("algorithms with a shared secret are refused at the start", async () => {
    for (const algorithms of [["HS256"], ["RS256", "HS256"], ["none"], []]) {
      await expect(verifier(jwks, algorithms)).rejects.toThrow("public keys");
    }
  });
});
