import { EventEmitter, once } from "node:events";
import { type Authenticator, type Identity, Unauthenticated } from "../../src/platform/authentication";
import type { Logger } from "../../src/platform/context";
import type { Limits } from "../../src/platform/limits";
import { createMetrics } from "../../src/platform/metrics";
import { type RunningServer, type ServerConfig, type ServerOptions, startServer } from "../../src/platform/server";
import { ManualClock } from "./clock";
import { SERVER_CONFIG } from "./server-config";
import { Toy, type ToyContext, toySchema } from "./toy-schema";

export interface Logged {
  readonly level: string;
  readonly fields: Record<string, unknown>;
  readonly message: string;
}

/** Whoever names a role is believed; tests revoke and expire by name. */
export class ToyAuthenticator implements Authenticator {
  readonly known = new Map<string, Identity>();
  readonly revoked = new Set<string>();
  asked = 0;
  failure: Error | null = null;

  async authenticate(authorization: string | undefined): Promise<Identity> {
    if (this.failure) throw this.failure;
    const identity = this.known.get(authorization?.replace("Bearer ", "") ?? "");
    if (!identity || this.revoked.has(identity.keyId)) throw new Unauthenticated("Send Authorization: Bearer, with a key.");
    return identity;
  }

  async stillValid({ keyId }: Identity): Promise<boolean> {
    this.asked += 1;
    if (this.failure) throw this.failure;
    return !this.revoked.has(keyId);
  }
}

const SOMEONE = { accountId: null, app: null, expiresAt: null };

export interface ToyServer extends RunningServer {
  readonly toy: Toy;
  readonly clock: ManualClock;
  readonly authenticator: ToyAuthenticator;
  readonly logged: Logged[];
  /** Resolves when the log says so from now on. */
  logs(message: string): Promise<Logged>;
  /** Scheme, host and port. */
  readonly base: string;
}

export interface ToyOptions {
  readonly config?: Partial<ServerConfig>;
  readonly limits?: Partial<Limits>;
  readonly page?: NonNullable<ServerOptions<ToyContext>["page"]>;
  readonly isReady?: () => Promise<boolean>;
}

/** A server of the toy schema on a free port; the keys are "admin", "service" and "customer". */
export async function startToyServer({ config, ...options }: ToyOptions = {}): Promise<ToyServer> {
  const toy = new Toy();
  const clock = new ManualClock();
  const authenticator = new ToyAuthenticator();
  for (const role of ["ADMIN", "SERVICE", "CUSTOMER"] as const)
    authenticator.known.set(role.toLowerCase(), { ...SOMEONE, role, actor: role.toLowerCase(), keyId: role.toLowerCase() });
  const logged: Logged[] = [];
  const lines = new EventEmitter();
  const running = await startServer<ToyContext>({
    schema: toySchema(),
    authenticator,
    contextOf: (identity) => {
      toy.contexts += 1;
      return { identity, toy, contextNumber: toy.contexts };
    },
    config: { ...SERVER_CONFIG, ...config },
    log: recordingLog((line) => {
      logged.push(line);
      lines.emit(line.message, line);
    }),
    metrics: createMetrics(),
    clock,
    ...options,
  });
  const logs = async (message: string): Promise<Logged> => {
    const [line] = await once(lines, message);
    return line as Logged;
  };
  return { ...running, toy, clock, authenticator, logged, logs, base: `http://127.0.0.1:${running.port}` };
}

function recordingLog(write: (line: Logged) => void): Logger {
  const at = (level: string) => (fields: object, message: string) =>
    write({ level, fields: fields as Record<string, unknown>, message });
  return { debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error") };
}

export interface ToyError {
  readonly message: string;
  readonly path?: readonly (string | number)[];
  readonly locations?: readonly object[];
  readonly extensions: { readonly code: string; readonly [name: string]: unknown };
}

export interface ToyAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly data?: Record<string, unknown> | null;
  readonly errors?: readonly ToyError[];
  readonly extensions?: Record<string, unknown>;
}

export interface Asking {
  readonly variables?: object;
  readonly operationName?: string;
  readonly key?: string | null;
  readonly headers?: Record<string, string>;
}

/** One request over HTTP, as today's clients send it. */
export async function ask(server: ToyServer, query: string, asking: Asking = {}): Promise<ToyAnswer> {
  const { variables, operationName, key = "admin", headers } = asking;
  return post(server, JSON.stringify({ query, variables, operationName }), {
    ...(key === null ? {} : { authorization: `Bearer ${key}` }),
    ...headers,
  });
}

/** A body of any kind. */
export async function post(
  server: ToyServer,
  body: string | Uint8Array<ArrayBuffer>,
  headers: Record<string, string> = {},
): Promise<ToyAnswer> {
  const response = await fetch(server.url, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      accept: "application/graphql-response+json, application/json;q=0.9",
      ...headers,
    },
    body,
  });
  return { status: response.status, headers: response.headers, ...((await response.json()) as object) };
}

/** The code of each error. */
export function codes({ errors = [] }: Pick<ToyAnswer, "errors">): readonly string[] {
  return errors.map(({ extensions }) => extensions.code);
}

const RING = "mutation ($n: Int!) { ring(number: $n) }";

/** Sends these mutations over HTTP, and resolves once they are being carried out; with what they will come to. */
export async function occupy(server: ToyServer, ...numbers: readonly number[]): Promise<readonly ReturnType<typeof ask>[]> {
  const answers = [];
  for (const n of numbers) {
    answers.push(ask(server, RING, { variables: { n } }));
    await began(server, n);
  }
  return answers;
}

/** Resolves once the mutation of this number is being carried out. */
export async function began({ toy }: ToyServer, number: number): Promise<void> {
  for await (const one of toy.began.follow()) if (one === number) return;
}
