import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { afterEach, beforeAll, describe, expect, test } from "@jest/globals";
import {
  type EmbeddedPostgres,
  EmbeddedPostgresFault,
  type EmbeddedPostgresOptions,
  startEmbeddedPostgres,
} from "../../../src/platform/postgres";
import { silentLog } from "../../support/log";
import { ask, bundleServer, isAlive, isRoot, ownerOf, postgresPid, startHolder, temporaryFolders } from "./processes";

const folder = temporaryFolders();
let bundle: string;

beforeAll(() => {
  bundle = bundleServer(folder(0o755));
});

const started: EmbeddedPostgres[] = [];

/** One that failed midway leaves nothing running. */
afterEach(async () => {
  await Promise.all(started.splice(0).map((postgres) => postgres.stop()));
});

async function start(dataFolder: string, options: Partial<EmbeddedPostgresOptions> = {}): Promise<EmbeddedPostgres> {
  const postgres = await startEmbeddedPostgres({ dataFolder, log: silentLog, ...options });
  started.push(postgres);
  return postgres;
}

/** The process that runs on this data; there must be one. */
function runningPid(dataFolder: string): number {
  const pid = postgresPid(dataFolder);
  if (pid === null) throw new Error("no PostgreSQL runs here");
  return pid;
}

describe("new data", () => {
  test("is made durable and checked, for this machine only, in a folder that no other user may pass and with a long path", async () => {
    const dataFolder = join(folder(0o700), "a-long-name-".repeat(12), ".tranche");
    const postgres = await start(dataFolder);
    const settings = await ask(
      postgres.url,
      `SELECT json_build_object('fsync', current_setting('fsync'), 'commit', current_setting('synchronous_commit'),
         'checksums', current_setting('data_checksums'), 'encoding', current_setting('server_encoding'),
         'listen', current_setting('listen_addresses'), 'timezone', current_setting('timezone'),
         'locale', (SELECT datcollate FROM pg_database WHERE datname = current_database()))`,
    );
    expect(settings).toEqual({
      ...{ fsync: "on", commit: "on", checksums: "on", encoding: "UTF8" },
      ...{ listen: "127.0.0.1", timezone: "UTC", locale: "C" },
    });
    expect(statSync(join(dataFolder, "postgres/password")).mode & 0o777).toBe(0o600);
    expect(statSync(dataFolder).mode & 0o777).toBe(0o700);
    if (isRoot) expect(ownerOf(runningPid(dataFolder))).not.toBe(0);
    await postgres.stop();
  });

  test("is made once when several servers start at the same moment, and they share one PostgreSQL", async () => {
    const dataFolder = folder();
    const servers = await Promise.all([1, 2, 3].map(() => start(dataFolder)));
    expect(new Set(servers.map((server) => server.url)).size).toBe(1);
    const pid = runningPid(dataFolder);
    await Promise.all(servers.map((server) => server.stop()));
    expect(isAlive(pid)).toBe(false);
  });

  test("that cannot be made says why and where the log is, and leaves nothing half made", async () => {
    const home = folder();
    const packageFolder = join(home, "package");
    mkdirSync(join(packageFolder, "native/bin"), { recursive: true });
    writeFileSync(join(packageFolder, "package.json"), `{"version":"0.0.${process.pid}"}`);
    writeFileSync(join(packageFolder, "native/pg-symlinks.json"), "[]");
    await expect(start(home, { packageFolder })).rejects.toThrow(/initdb could not be run.*DATABASE_URL/);
    expect(() => statSync(join(home, "postgres"))).toThrow("ENOENT");
  });
});

describe("data of an earlier run", () => {
  let dataFolder: string;

  beforeAll(async () => {
    dataFolder = folder();
    const postgres = await start(dataFolder);
    await ask(postgres.url, "CREATE TABLE kept AS SELECT 42 AS answer");
    await postgres.stop();
  });

  test("is there again, on the same port; when that is taken, on another", async () => {
    const again = await start(dataFolder);
    const { port } = new URL(again.url);
    expect(await ask(again.url, "SELECT answer FROM kept")).toBe(42);
    await again.stop();
    const same = await start(dataFolder);
    expect(new URL(same.url).port).toBe(port);
    await same.stop();
    const other = createServer().listen(Number(port), "127.0.0.1");
    await once(other, "listening");
    const moved = await start(dataFolder);
    expect(new URL(moved.url).port).not.toBe(port);
    expect(await ask(moved.url, "SELECT answer FROM kept")).toBe(42);
    await moved.stop();
    other.close();
  });

  test("is not held up by a lock file whose process number another program has got since", async () => {
    const owner = statSync(join(dataFolder, "postgres/data"));
    const stranger = spawn(process.execPath, ["-e", "setInterval(() => {}, 1e6)"], {
      stdio: "ignore",
      ...(isRoot ? { uid: owner.uid, gid: owner.gid } : {}),
    });
    await once(stranger, "spawn");
    writeFileSync(join(dataFolder, "postgres/data/postmaster.pid"), `${stranger.pid}\n/nowhere\n1\n1\n\n\n\n`);
    const postgres = await start(dataFolder);
    expect(await ask(postgres.url, "SELECT answer FROM kept")).toBe(42);
    expect(isAlive(stranger.pid ?? 0)).toBe(true);
    stranger.kill();
    await postgres.stop();
  });

  test("of another major version is refused with what to do", async () => {
    const version = join(dataFolder, "postgres/data/PG_VERSION");
    const ours = readFileSync(version, "utf8");
    writeFileSync(version, "14\n");
    await expect(start(dataFolder)).rejects.toThrow(/made by PostgreSQL 14, .* pg_dump/);
    writeFileSync(version, ours);
  });

  test("that PostgreSQL refuses is told in its own words, with where the log is", async () => {
    const configuration = join(dataFolder, "postgres/data/postgresql.conf");
    const ours = readFileSync(configuration, "utf8");
    writeFileSync(configuration, `${ours}\nno_such_setting = 1\n`);
    const fault = await start(dataFolder).catch((error: unknown) => error);
    expect(fault).toBeInstanceOf(EmbeddedPostgresFault);
    expect(String(fault)).toMatch(/did not start:\n.*no_such_setting(.|\n)*The log is .*postgres\.log/);
    writeFileSync(configuration, ours);
  });
});

describe("a PostgreSQL that runs already", () => {
  test("is shared by a second server, outlives the first, and stops with the last", async () => {
    const dataFolder = folder();
    const first = await start(dataFolder);
    const second = await startHolder(bundle, { dataFolder });
    expect(second.url).toBe(first.url);
    const pid = runningPid(dataFolder);
    await first.stop();
    await first.stop();
    expect(isAlive(pid)).toBe(true);
    expect(await ask(second.url, "SELECT 1")).toBe(1);
    expect(await second.stop()).toBe(0);
    expect(isAlive(pid)).toBe(false);
  });

  test("because its server was killed is joined, and stopped in the end", async () => {
    const dataFolder = folder();
    const killed = await startHolder(bundle, { dataFolder });
    const pid = runningPid(dataFolder);
    await killed.kill();
    expect(isAlive(pid)).toBe(true);
    const next = await start(dataFolder);
    expect([next.url, runningPid(dataFolder)]).toEqual([killed.url, pid]);
    await next.stop();
    expect(isAlive(pid)).toBe(false);
  });

  test("but does not answer is stopped, and another one started", async () => {
    const dataFolder = folder();
    const killed = await startHolder(bundle, { dataFolder });
    const pid = runningPid(dataFolder);
    await killed.kill();
    process.kill(pid, "SIGSTOP");
    const next = await start(dataFolder, { limits: { silence: 100 } });
    expect(isAlive(pid)).toBe(false);
    expect(await ask(next.url, "SELECT 1")).toBe(1);
    await next.stop();
  });

  test("but has another password than the file is left alone, and told", async () => {
    const dataFolder = folder();
    const first = await start(dataFolder);
    const file = join(dataFolder, "postgres/password");
    const ours = readFileSync(file, "utf8");
    writeFileSync(file, "wrong");
    await expect(start(dataFolder)).rejects.toThrow(/refuses: password authentication failed/);
    expect(await ask(first.url, "SELECT 1")).toBe(1);
    writeFileSync(file, ours);
    await first.stop();
  });
});
