import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "@jest/globals";
import { createClient, type ExecutionResult } from "graphql-ws";
import { WebSocket } from "ws";
import { examples } from "../../graphiql/examples";
import { GRANT_KINDS } from "../../src/wallet/model/types";
import { ask } from "./graphql-request";
import { type Demo, freshFolder, MAIN, removeFolder, type ServerProcess, startServerProcess } from "./server-process";

/** What a stranger does first, on the embedded database, with nothing set but the port. */

const ROOT = resolve(__dirname, "../..");
const run = promisify(execFile);

let folder: string;
let server: ServerProcess;
let demo: Demo;

beforeAll(async () => {
  folder = freshFolder();
  server = await startServerProcess({}, folder);
  demo = server.demo;
});

afterAll(async () => {
  await server.stop();
  removeFolder(folder);
});

async function balanceOf(walletId: string): Promise<string> {
  const query = "query($id: ID!) { wallet(id: $id) { balance { available } } }";
  const answer = await ask<{ wallet: { balance: { available: string } } }>(demo.url, demo.customerToken, query, { id: walletId });
  return answer.wallet.balance.available;
}

/** The line of the greeting after the one that begins so. */
function lineAfter(words: string): string {
  const lines = server.output().split("\n");
  const found = lines[lines.findIndex((line) => line.startsWith(words)) + 1];
  if (!found) throw new Error(`nothing follows "${words}"`);
  return found;
}

describe("the first screen", () => {
  test("shows the URL, the keys, the token and the wallet, which stand in demo.json for its owner alone", () => {
    const file = join(folder, "demo.json");
    expect(statSync(file).mode & 0o777).toBe(0o600);
    for (const fact of Object.values(JSON.parse(readFileSync(file, "utf8")) as Demo)) {
      if (typeof fact === "string") expect(server.output()).toContain(fact);
    }
  });

  test("has a line that spends whenever it is pasted", async () => {
    const before = await balanceOf(demo.walletId);
    const { stdout } = await run("sh", ["-c", lineAfter("Spend 5 credits")]);
    const { spend } = (JSON.parse(stdout) as { data: { spend: { wallet: { balance: { available: string } } } } }).data;
    expect(Number(before) - Number(spend.wallet.balance.available)).toBe(5);
  });

  test("has a line that shows the stack", async () => {
    const { stdout } = await run("sh", ["-c", lineAfter("The balance, and the stack")]);
    expect(JSON.parse(stdout)).toMatchObject({ data: { wallet: { balance: { available: await balanceOf(demo.walletId) } } } });
  });

  test("has a line that follows the balance", async () => {
    const child = spawn("sh", ["-c", `exec ${lineAfter("Follow the balance")}`], {
      cwd: ROOT,
      stdio: ["ignore", "pipe", "inherit"],
    });
    const [first] = (await once(child.stdout.setEncoding("utf8"), "data")) as [string];
    child.kill();
    expect(JSON.parse(first)).toMatchObject({
      walletBalance: { wallet: { balance: { available: await balanceOf(demo.walletId) } } },
    });
  });
});

describe("the demo", () => {
  interface Shown {
    readonly accounts: { readonly edges: readonly { readonly node: { readonly wallets: readonly Wallet[] } }[] };
  }
  interface Wallet {
    readonly grants: { readonly edges: readonly { readonly node: { readonly kind: string } }[] };
    readonly transactions: { readonly edges: readonly { readonly node: { readonly type: string } }[] };
    readonly alerts: { readonly edges: readonly { readonly node: { readonly type: string } }[] };
  }

  test("has three accounts, grants of every kind, every sort of alert, and nearly every sort of transaction", async () => {
    const query = `{ accounts(first: 10) { edges { node { wallets {
      grants(first: 20) { edges { node { kind } } }
      transactions(last: 50) { edges { node { type } } }
      alerts(last: 20) { edges { node { type } } }
    } } } } }`;
    const { accounts } = await ask<Shown>(demo.url, demo.adminKey, query);
    expect(accounts.edges).toHaveLength(3);
    const wallets = accounts.edges.flatMap(({ node }) => node.wallets);
    const grants = wallets.flatMap((wallet) => wallet.grants.edges.map(({ node }) => node.kind));
    expect([...new Set(grants)].sort()).toEqual([...GRANT_KINDS].sort());
    const alerts = wallets.flatMap((wallet) => wallet.alerts.edges.map(({ node }) => node.type));
    expect([...new Set(alerts)].sort()).toEqual(["DEPLETED", "EXPIRING_SOON", "LOW", "RECOVERED"]);
    const types = wallets.flatMap((wallet) => wallet.transactions.edges.map(({ node }) => node.type));
    expect([...new Set(types)].sort()).toEqual(
      ["ADJUST", "CAPTURE", "EXPIRE", "GRANT", "HOLD", "REFUND", "SPEND", "TRANSFER", "VOID"].sort(),
    );
  });

  test("is sound by its own audit, which runs beside the server", async () => {
    const { stdout } = await run(process.execPath, [MAIN, "--audit"], { env: { PATH: process.env["PATH"], DATA_DIR: folder } });
    expect(stdout).toContain("Nothing is wrong.");
  });
});

describe("GraphiQL", () => {
  /** As the page sends it: by the transport that fits, with the headers of the example. */
  async function send(query: string, variables: string, headers: string): Promise<ExecutionResult> {
    if (query.includes("subscription ")) return follow(query, variables, headers);
    const response = await fetch(demo.url, {
      method: "POST",
      headers: { ...(JSON.parse(headers) as Record<string, string>), "content-type": "application/json" },
      body: JSON.stringify({ query, variables: JSON.parse(variables) as object }),
    });
    return (await response.json()) as ExecutionResult;
  }

  async function follow(query: string, variables: string, headers: string): Promise<ExecutionResult> {
    const connectionParams = JSON.parse(headers) as Record<string, string>;
    const client = createClient({ url: demo.url.replace(/^http/, "ws"), webSocketImpl: WebSocket, connectionParams });
    for await (const result of client.iterate({ query, variables: JSON.parse(variables) as Record<string, unknown> })) {
      await client.dispose();
      return result as ExecutionResult;
    }
    throw new Error("the subscription ended without a word");
  }

  test("is given the demo's facts, and its ten examples run as they are", async () => {
    const facts = (await (await fetch(new URL("/graphiql/demo.json", demo.url))).json()) as Demo;
    const documents = examples(facts, "first");
    expect(documents).toHaveLength(10);
    const refusals = [];
    for (const { query, variables, headers } of documents) {
      const { data, errors } = await send(query, variables, headers);
      expect(errors).toBeUndefined();
      refusals.push((Object.values(data ?? {})[0] as { refusal?: { code: string } | null }).refusal?.code ?? null);
    }
    expect(refusals).toEqual([...Array.from({ length: 9 }, () => null), "INSUFFICIENT_CREDITS"]);
  });
});

describe("for operators", () => {
  test.each([
    ["/health", "ok\n"],
    ["/ready", "ready\n"],
  ])("%s answers", async (path, text) => {
    const response = await fetch(new URL(path, demo.url));
    expect([response.status, await response.text()]).toEqual([200, text]);
  });

  test("/metrics counts what was done", async () => {
    await ask(demo.url, demo.serviceKey, "{ viewer { role } }");
    const text = await (await fetch(new URL("/metrics", demo.url))).text();
    for (const name of [
      'tranche_operation_seconds_count{type="query",transport="http",outcome="done"}',
      "tranche_batch_size_bucket",
      "tranche_commands_waiting",
      "tranche_sockets_open",
      "tranche_process_resident_memory_bytes",
    ])
      expect(text).toContain(name);
  });

  test("what is logged are JSON lines without the keys", () => {
    const lines = server
      .output()
      .split("\n")
      .filter((line) => line.startsWith("{"));
    expect(lines.length).toBeGreaterThan(1);
    for (const line of lines) {
      expect(JSON.parse(line)).toMatchObject({ level: expect.any(String), time: expect.any(String), msg: expect.any(String) });
      for (const secret of [demo.adminKey, demo.serviceKey, demo.customerToken]) expect(line).not.toContain(secret);
    }
  });
});

describe("a later start", () => {
  let second: ServerProcess | null = null;

  afterEach(async () => {
    await second?.stop();
    second = null;
  });

  test("in another process on the same folder joins the same data", async () => {
    second = await startServerProcess({}, folder);
    expect(second.demo).toMatchObject({ adminKey: demo.adminKey, serviceKey: demo.serviceKey, walletId: demo.walletId });
    const balance = "query($id: ID!) { wallet(id: $id) { balance { available } } }";
    const answer = await ask<{ wallet: { balance: { available: string } } }>(second.demo.url, demo.serviceKey, balance, {
      id: demo.walletId,
    });
    expect(answer.wallet.balance.available).toBe(await balanceOf(demo.walletId));
  });

  test("keeps the data, and tells the demo's story only once", async () => {
    const before = await balanceOf(demo.walletId);
    expect(await server.stop()).toBe(0);
    server = await startServerProcess({}, folder);
    demo = server.demo;
    expect(await balanceOf(demo.walletId)).toBe(before);
  });

  test("whose demo.json is broken makes new keys", async () => {
    expect(await server.stop()).toBe(0);
    writeFileSync(join(folder, "demo.json"), "{");
    const { adminKey } = demo;
    server = await startServerProcess({}, folder);
    demo = server.demo;
    expect(demo.adminKey).not.toBe(adminKey);
    expect(await balanceOf(demo.walletId)).toMatch(/^\d+/);
  });

  test("with --reset-demo is refused while another server uses the data, and else begins anew", async () => {
    const start = { env: { PATH: process.env["PATH"], DATA_DIR: folder, PORT: "0" } };
    await expect(run(process.execPath, [MAIN, "--reset-demo"], start)).rejects.toMatchObject({
      code: 1,
      stderr: "Another server works with this data: stop it, and then start over\n",
    });
    await ask(
      demo.url,
      demo.serviceKey,
      'mutation($id: ID!) { spend(input: { walletId: $id, amount: "1", idempotencyKey: "mine" }) { replayed } }',
      {
        id: demo.walletId,
      },
    );
    expect(await server.stop()).toBe(0);
    server = await startServerProcess({}, folder, ["--reset-demo"]);
    const { adminKey } = demo;
    demo = server.demo;
    expect(demo.adminKey).not.toBe(adminKey);
    expect(await balanceOf(demo.walletId)).toBe("2029.75");
  });
});

describe("a start that cannot be", () => {
  async function failure(environment: Record<string, string>, ...options: string[]): Promise<{ code: number; stderr: string }> {
    const env = { PATH: process.env["PATH"], DATA_DIR: folder, LOG_LEVEL: "silent", ...environment };
    return run(process.execPath, [MAIN, ...options], { env }).then(
      () => {
        throw new Error("it started");
      },
      (error: { code: number; stderr: string }) => ({ code: error.code, stderr: error.stderr }),
    );
  }

  test("says which variables are wrong", async () => {
    expect(await failure({ PORT: "http", DEMO: "maybe" })).toEqual({
      code: 2,
      stderr: 'PORT: write a whole number from 0 to 65535\nDEMO: write "true" or "false"\n',
    });
  });

  test("says which option it does not know", async () => {
    const { code, stderr } = await failure({}, "--resetdemo");
    expect([code, stderr]).toEqual([2, expect.stringContaining("Unknown option '--resetdemo'")]);
  });

  test("says that the port is taken, and by what to change it", async () => {
    const other = createServer().listen(0, "127.0.0.1");
    await once(other, "listening");
    const { port } = other.address() as { port: number };
    expect(await failure({ PORT: String(port) })).toEqual({
      code: 1,
      stderr: `Another program listens on port ${port} of 127.0.0.1: end it, or set PORT.\n`,
    });
    other.close();
  });

  test("does not empty a database of one's own", async () => {
    const { code, stderr } = await failure({ DATABASE_URL: "postgres://127.0.0.1:1/none", DEMO: "true" }, "--reset-demo");
    expect([code, stderr]).toEqual([2, expect.stringContaining("not with DATABASE_URL")]);
  });

  test("says that the database cannot be reached", async () => {
    const { code, stderr } = await failure({ DATABASE_URL: "postgres://127.0.0.1:1/none" });
    expect([code, stderr]).toEqual([1, expect.stringContaining("ECONNREFUSED")]);
  });
});
