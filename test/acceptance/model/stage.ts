import { createTestDatabase } from "../../support/database";
import { ask } from "../graphql-request";
import { type ServerProcess, startServerProcess } from "../server-process";
import { httpLine, type Line, socketLine } from "./lines";

/** Somebody who sends commands, over several lines at once. */
export interface Client {
  /** How the history of wallets names it. */
  readonly actor: string;
  /** The app that its key is bound to. */
  readonly boundTo: string | null;
  readonly lines: readonly Line[];
}

export interface CreditType {
  readonly name: string;
  readonly refundGrace: string;
  readonly expiryNotice: string;
  readonly defaultExpiry: string | null;
}

/** Credit types in which things fall due within seconds, and one that lives by the calendar. */
const CREDIT_TYPES: readonly CreditType[] = [
  { name: "quick", refundGrace: "PT0.4S", expiryNotice: "PT0.1S", defaultExpiry: null },
  { name: "brief", refundGrace: "PT1.5S", expiryNotice: "PT0.3S", defaultExpiry: "PT2S" },
  { name: "slow", refundGrace: "P7D", expiryNotice: "PT1S", defaultExpiry: "P1M" },
];

/** Two server processes on one database, and whoever talks to them. */
export interface Stage {
  readonly databaseUrl: string;
  readonly url: string;
  readonly admin: Client;
  readonly service: Client;
  /** Keys that are bound to an app, by the app. */
  readonly bound: ReadonlyMap<string, Client>;
  readonly creditTypes: readonly CreditType[];
  /** What the servers have logged as errors. */
  faults(): readonly string[];
  end(): Promise<void>;
}

export async function setStage(): Promise<Stage> {
  const database = await createTestDatabase();
  const servers: ServerProcess[] = [];
  for (let count = 0; count < 2; count++) servers.push(await startServerProcess({ DATABASE_URL: database.url, DEMO: "true" }));
  const [{ demo }] = servers as [ServerProcess];
  const urls = servers.map((server) => server.demo.url);
  const clients: Client[] = [];
  const come = async (key: string): Promise<Client> => {
    const client = await clientOf(urls, key);
    clients.push(client);
    return client;
  };
  const [admin, service] = [await come(demo.adminKey), await come(demo.serviceKey)];
  const bound = new Map<string, Client>();
  for (const app of ["photos", "docs", "other"]) bound.set(app, await come(await keyFor(demo.url, demo.adminKey, app)));
  for (const input of CREDIT_TYPES) {
    const document = "mutation ($input: CreateCreditTypeInput!) { createCreditType(input: $input) { refusal { code } } }";
    await ask(demo.url, demo.adminKey, document, { input });
  }
  return {
    databaseUrl: database.url,
    url: demo.url,
    admin,
    service,
    bound,
    creditTypes: CREDIT_TYPES,
    faults: () => servers.flatMap((server) => server.output().split("\n")).filter((line) => line.includes('"level":"error"')),
    end: async () => {
      for (const { lines } of clients) for (const line of lines) line.close();
      await Promise.all(servers.map((server) => server.stop()));
      await database.drop();
    },
  };
}

/** HTTP and a WebSocket to each server. */
async function clientOf(urls: readonly string[], key: string): Promise<Client> {
  const lines = urls.flatMap((url, index) => [
    httpLine(`http to ${index + 1}`, url, key),
    socketLine(`socket to ${index + 1}`, url, key),
  ]);
  const { viewer } = await ask<{ viewer: { actor: string; app: string | null } }>(
    urls[0] as string,
    key,
    "{ viewer { actor app } }",
  );
  return { actor: viewer.actor, boundTo: viewer.app, lines };
}

async function keyFor(url: string, adminKey: string, app: string): Promise<string> {
  const document = "mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) { secret } }";
  const input = { name: app, role: "SERVICE", app };
  const { createApiKey } = await ask<{ createApiKey: { secret: string } }>(url, adminKey, document, { input });
  return createApiKey.secret;
}
