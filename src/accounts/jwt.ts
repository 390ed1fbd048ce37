import { readFile } from "node:fs/promises";
import {
  createLocalJWKSet,
  createRemoteJWKSet,
  errors,
  type JSONWebKeySet,
  type JWTPayload,
  type JWTVerifyGetKey,
  jwtVerify,
  SignJWT,
} from "jose";
import { type Instant, LAST_INSTANT, toDate } from "../core/time";
import { Unavailable } from "../platform/unavailable";

/** How customers' tokens are signed: with a secret that is shared (HS256), or with keys whose public halves are at `jwks`. */
export type TokenKeys =
  | { readonly secret: Uint8Array }
  | {
      /** An http(s): URL, read again when it is old or a key is missing; or a file: URL, read once. */
      readonly jwks: URL;
      /** Which algorithms are accepted; with public keys only. */
      readonly algorithms: readonly string[];
    };

export interface TokenRules {
  readonly keys: TokenKeys;
  /** The `iss` and `aud` that a token must have; null: not looked at. */
  readonly issuer: string | null;
  readonly audience: string | null;
}

/** What a good token says. */
export interface TokenClaims {
  /** The external id of the account. */
  readonly subject: string;
  readonly expiresAt: Instant;
}

/** Reads a customer's token as of `now`; null when it is not good, for whatever reason. Throws Unavailable when the keys cannot be had. */
export type VerifyToken = (token: string, now: Instant) => Promise<TokenClaims | null>;

/** Is told why a token is not good: for the operator's log. */
export type Rejected = (reason: string) => void;

/** Longer tokens are not looked at: no claim that we read needs them. */
const LONGEST_TOKEN = 8_192;
/** Three parts in base64url: jose would read past white space. */
const SHAPE = /^[\w-]+\.[\w-]+\.[\w-]+$/;
const LONGEST_SUBJECT = 255;
/** Seconds that clocks may differ by. */
const CLOCK_TOLERANCE = 5;
/** Bytes: HS256 is no stronger than its secret. */
const SHORTEST_SECRET = 32;
const PUBLIC_KEY_ALGORITHM = /^([RP]S(256|384|512)|ES(256|384|512)|EdDSA|Ed25519)$/;
/** Seconds. */
const RETRY_AFTER = 5;
const { JWKSNoMatchingKey, JWKSMultipleMatchingKeys, JOSENotSupported } = errors;
const TOKENS_OWN = [JWKSNoMatchingKey, JWKSMultipleMatchingKeys, JOSENotSupported];
const MICROS_PER_SECOND = 1_000_000n;

/**
 * Prepares to read customers' tokens. The algorithm is ours to choose, never the token's: a shared secret goes with HS256 alone, and
 * public keys never with HMAC, so that nobody can pass off a public key as a secret. Keys come from the rules alone, whatever `jwk`,
 * `jku`, `x5u` or `kid` a token names. `exp` and `sub` are required; `nbf` is kept when it is there.
 */
export async function tokenVerifier(
  { keys, issuer, audience }: TokenRules,
  rejected: Rejected = () => undefined,
): Promise<VerifyToken> {
  const { key, algorithms } = await prepare(keys);
  const rules = {
    algorithms: [...algorithms],
    requiredClaims: ["exp", "sub"],
    clockTolerance: CLOCK_TOLERANCE,
    ...(issuer === null ? {} : { issuer }),
    ...(audience === null ? {} : { audience }),
  };
  return async (token, now) => {
    if (token.length > LONGEST_TOKEN || !SHAPE.test(token)) return null;
    try {
      const { payload } = await jwtVerify(token, key, { ...rules, currentDate: toDate(now) });
      return claimsOf(payload);
    } catch (error) {
      // Whatever else is wrong is wrong with the token, and its bearer is not told what.
      if (error instanceof Unavailable) throw error;
      rejected(error instanceof errors.JOSEError ? error.message : "unreadable");
      return null;
    }
  };
}

/** Signs a token for a customer, as an application's back end would: for demo data and for tests. */
export function signToken(
  secret: Uint8Array,
  claims: TokenClaims,
  rules: Pick<TokenRules, "issuer" | "audience">,
): Promise<string> {
  const token = new SignJWT()
    .setProtectedHeader({ alg: "HS256", typ: "JWT" })
    .setSubject(claims.subject)
    .setExpirationTime(toDate(claims.expiresAt));
  if (rules.issuer !== null) token.setIssuer(rules.issuer);
  if (rules.audience !== null) token.setAudience(rules.audience);
  return token.sign(secret);
}

interface Prepared {
  readonly key: JWTVerifyGetKey;
  readonly algorithms: readonly string[];
}

async function prepare(keys: TokenKeys): Promise<Prepared> {
  if ("secret" in keys) {
    const { secret } = keys;
    if (secret.length < SHORTEST_SECRET) throw new Error(`a secret of ${SHORTEST_SECRET} bytes or more is needed`);
    return { key: async () => secret, algorithms: ["HS256"] };
  }
  const { jwks, algorithms } = keys;
  if (algorithms.length === 0 || !algorithms.every((algorithm) => PUBLIC_KEY_ALGORITHM.test(algorithm)))
    throw new Error("only algorithms with public keys go with a JWKS");
  const set = jwks.protocol === "file:" ? createLocalJWKSet(await readSet(jwks)) : createRemoteJWKSet(jwks);
  return { key: toldApart(set), algorithms };
}

async function readSet(file: URL): Promise<JSONWebKeySet> {
  return JSON.parse(await readFile(file, "utf8")) as JSONWebKeySet;
}

/** What the token is to blame for stays as it is; that the keys cannot be fetched or read says nothing about the token. */
function toldApart(set: JWTVerifyGetKey): JWTVerifyGetKey {
  return async (header, token) => {
    try {
      return await set(header, token);
    } catch (error) {
      if (TOKENS_OWN.some((kind) => error instanceof kind)) throw error;
      throw new Unavailable("the keys that tokens are signed with cannot be had", RETRY_AFTER, { cause: error });
    }
  };
}

function claimsOf({ sub, exp }: JWTPayload): TokenClaims | null {
  // jose has seen to it that both are there, and that `exp` is a number; not that they make sense.
  if (typeof sub !== "string" || sub === "" || sub.length > LONGEST_SUBJECT || exp === undefined || exp < 0) return null;
  const expires = Math.floor(Math.min(exp, Number(LAST_INSTANT / MICROS_PER_SECOND)));
  return { subject: sub, expiresAt: BigInt(expires) * MICROS_PER_SECOND };
}
