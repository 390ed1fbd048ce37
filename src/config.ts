import { z } from "zod";

/**
 * All that can be set from outside, by environment variables. The table in README.md is made from what stands here.
 * An empty variable counts as one that is not set.
 */

/** One variable: its name, what it is when not set (null: nothing), what it must look like, and what a reader is told. */
interface Variable<T> {
  readonly name: string;
  readonly default: string | null;
  readonly schema: z.ZodType<T, string>;
  readonly description: string;
}

function required<T>(name: string, fallback: string, schema: z.ZodType<T, string>, description: string): Variable<T> {
  return { name, default: fallback, schema, description };
}

function optional<T>(name: string, schema: z.ZodType<T, string>, description: string): Variable<T | null> {
  return { name, default: null, schema, description };
}

const FLAG = z.enum(["true", "false"], 'write "true" or "false"').transform((text) => text === "true");
const TEXT = z.string();
const SECRET = z.string().refine((text) => Buffer.byteLength(text) >= 32, "a secret shorter than 32 bytes can be guessed");

/** A whole number between two bounds, both included. */
function whole(lowest: number, highest: number): z.ZodType<number, string> {
  const expected = `write a whole number from ${lowest} to ${highest}`;
  return z
    .string()
    .regex(/^\d{1,10}$/, expected)
    .transform(Number)
    .refine((value) => value >= lowest && value <= highest, expected);
}

/** An absolute URL with one of these protocols. */
function url(protocol: RegExp, expected: string): z.ZodType<string, string> {
  return z.url({ protocol, error: expected });
}

/** A comma-separated list. */
function list(item: RegExp, expected: string): z.ZodType<readonly string[], string> {
  return z
    .string()
    .transform((text) => text.split(",").map((part) => part.trim()))
    .refine((parts) => parts.every((part) => item.test(part)), expected);
}

const VARIABLES = {
  host: required("HOST", "127.0.0.1", TEXT, "The address to listen on. `0.0.0.0` lets other machines in."),
  port: required("PORT", "4000", whole(0, 65_535), "The port to listen on; `0` takes a free one."),
  dataDir: required("DATA_DIR", ".tranche", TEXT, "The folder of the embedded database and of `demo.json`."),
  databaseUrl: optional(
    "DATABASE_URL",
    url(/^postgres(ql)?$/, "write a URL such as postgres://user:password@host:5432/database"),
    "An existing PostgreSQL, 15 or newer, instead of the embedded one.",
  ),
  databaseConnections: required(
    "DATABASE_CONNECTIONS",
    "10",
    whole(2, 1_000),
    "The most connections to the database that one server opens.",
  ),
  demo: optional(
    "DEMO",
    FLAG,
    "Whether to make demo data and keys at the first start. Not set: with the embedded database yes, with `DATABASE_URL` no.",
  ),
  jwtSecret: optional("JWT_SECRET", SECRET, "The secret, of 32 bytes or more, that customers' tokens are signed with (HS256)."),
  jwtJwksUrl: optional(
    "JWT_JWKS_URL",
    url(/^(https?|file)$/, "write a URL such as https://id.example/.well-known/jwks.json, or file:///etc/jwks.json"),
    "Where the public keys are that customers' tokens are signed with, instead of `JWT_SECRET`.",
  ),
  jwtAlgorithms: required(
    "JWT_ALGORITHMS",
    "RS256,ES256,EdDSA",
    list(/^([RPE]S(256|384|512)|EdDSA|Ed25519)$/, "write signature algorithms with public keys, such as RS256,ES256"),
    "Which algorithms are accepted with `JWT_JWKS_URL`.",
  ),
  jwtIssuer: optional("JWT_ISSUER", TEXT, "The `iss` that customers' tokens must have. Needed with `JWT_JWKS_URL`."),
  jwtAudience: optional("JWT_AUDIENCE", TEXT, "The `aud` that customers' tokens must have. Needed with `JWT_JWKS_URL`."),
  allowedOrigins: optional(
    "ALLOWED_ORIGINS",
    list(/^(\*|https?:\/\/[^/\s*]+)$/, "write origins such as https://app.example, without a path, or *"),
    "Which web origins may call from browsers, separated by commas; `*` for all. Not set: only the server's own.",
  ),
  queryMaxDepth: required("QUERY_MAX_DEPTH", "16", whole(1, 100), "How deep the fields of a document may nest."),
  queryMaxCost: required(
    "QUERY_MAX_COST",
    "20000",
    whole(1, 10_000_000),
    "The most that a document may cost, counted before it runs.",
  ),
  bodyMaxBytes: required(
    "BODY_MAX_BYTES",
    "5000000",
    whole(1_000, 100_000_000),
    "The largest request body. A batch of 1,000 spends with metadata takes up to 4.5 MB.",
  ),
  operationsMax: required(
    "OPERATIONS_MAX",
    "1000",
    whole(1, 1_000_000),
    "How many queries and mutations may be under way at once; fewer, while they take more than 150 ms. What is more is refused with `UNAVAILABLE`.",
  ),
  socketsMax: required("SOCKETS_MAX", "10000", whole(0, 1_000_000), "How many WebSockets may be open at once."),
  socketsPerCredentialMax: required(
    "SOCKETS_PER_CREDENTIAL_MAX",
    "1000",
    whole(1, 1_000_000),
    "How many of them one key, or one customer's token, may have open.",
  ),
  socketOperationsMax: required(
    "SOCKET_OPERATIONS_MAX",
    "100",
    whole(1, 10_000),
    "How many operations may run at once on a WebSocket.",
  ),
  pollMilliseconds: required(
    "POLL_MILLISECONDS",
    "1000",
    whole(50, 60_000),
    "How often subscribed wallets are looked at for changes by other servers whose hint was lost.",
  ),
  liveHints: required(
    "LIVE_HINTS",
    "true",
    FLAG,
    "Whether servers tell each other of changes at once, by LISTEN and NOTIFY. Behind a pooler that shares sessions these do nothing: `false` saves the connection, and the poll alone tells.",
  ),
  stopMilliseconds: required(
    "STOP_MILLISECONDS",
    "10000",
    whole(0, 600_000),
    "How long the server finishes what is in flight when it is asked to stop.",
  ),
  logLevel: required(
    "LOG_LEVEL",
    "info",
    z.enum(["debug", "info", "warn", "error", "silent"], "write debug, info, warn, error or silent"),
    "From which level on the log is written: debug, info, warn, error, silent.",
  ),
} as const;

type Values = { readonly [Key in keyof typeof VARIABLES]: (typeof VARIABLES)[Key] extends Variable<infer T> ? T : never };

/** The configuration, checked. Durations are in milliseconds; null is "not set". */
export type Config = Omit<Values, "demo"> & { readonly demo: boolean };

/** `problems`: a line for each, which begins with the variable's name and never repeats its value. */
export type ConfigResult =
  | { readonly ok: true; readonly config: Config }
  | { readonly ok: false; readonly problems: readonly string[] };

/** Reads and checks the environment. All problems are told at once, not one a start. */
export function readConfig(environment: Readonly<Record<string, string | undefined>>): ConfigResult {
  const values: Record<string, unknown> = {};
  const problems: string[] = [];
  for (const [key, variable] of Object.entries<Variable<unknown>>(VARIABLES)) {
    const result = readVariable(variable, environment[variable.name]);
    if (result.success) values[key] = result.data;
    else problems.push(`${variable.name}: ${result.error.issues[0]?.message}`);
  }
  const present = values as Partial<Values>;
  problems.push(...contradictions(present));
  if (problems.length > 0) return { ok: false, problems };
  const whole = present as Values;
  return { ok: true, config: { ...whole, demo: whole.demo ?? whole.databaseUrl === null } };
}

/** What the documentation says of each variable, in the order of reading. */
export function describeVariables(): readonly Pick<Variable<unknown>, "name" | "default" | "description">[] {
  return Object.values<Variable<unknown>>(VARIABLES);
}

function readVariable(variable: Variable<unknown>, value: string | undefined): z.ZodSafeParseResult<unknown> {
  const text = value === undefined || value === "" ? variable.default : value;
  return text === null ? { success: true, data: null } : variable.schema.safeParse(text);
}

/** What is wrong although each variable is right by itself. */
function contradictions({ jwtSecret, jwtJwksUrl, jwtIssuer, jwtAudience }: Partial<Values>): string[] {
  if (!jwtJwksUrl) return [];
  const problems = [];
  if (jwtSecret) problems.push("JWT_JWKS_URL: set it or JWT_SECRET, not both");
  // An identity provider signs for many applications: without these, a token for another one would do.
  if (!jwtIssuer) problems.push("JWT_ISSUER: needed with JWT_JWKS_URL");
  if (!jwtAudience) problems.push("JWT_AUDIENCE: needed with JWT_JWKS_URL");
  return problems;
}
