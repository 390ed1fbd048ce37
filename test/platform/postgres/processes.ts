import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, chownSync, cpSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { afterAll } from "@jest/globals";
import { Client } from "pg";
import type { EmbeddedPostgresOptions } from "../../../src/platform/postgres";
import { findBinariesPackage } from "../../../src/platform/postgres/binaries";

export const isRoot = process.getuid?.() === 0;

/** An ordinary user of this machine; null when this process is not root and so is one itself. */
export const ORDINARY = isRoot ? someUser() : null;

/** One who is listed, as initdb wants to know its user's name, and is not the one whom root falls back on. */
function someUser(): { readonly uid: number; readonly gid: number } {
  const users = readFileSync("/etc/passwd", "utf8").matchAll(/^(?!nobody|root)[^:]*:[^:]*:([1-9]\d*):(\d+):/gm);
  const [first] = users;
  if (!first) throw new Error("this machine has no user but root and nobody");
  return { uid: Number(first[1]), gid: Number(first[2]) };
}

/** Temporary folders, which are removed after the file's tests together with what still runs in them. */
export function temporaryFolders(): (mode?: number) => string {
  const folders: string[] = [];
  afterAll(() => {
    for (const folder of folders) {
      killPostgres(folder);
      rmSync(folder, { recursive: true, force: true });
    }
  });
  return (mode = 0o700) => {
    const folder = mkdtempSync(join(tmpdir(), "tranche-postgres-"));
    chmodSync(folder, mode);
    if (ORDINARY && mode === 0o777) chownSync(folder, ORDINARY.uid, ORDINARY.gid);
    folders.push(folder);
    return folder;
  };
}

/** The PostgreSQL that runs on this data folder, by its lock file. */
export function postgresPid(dataFolder: string): number | null {
  try {
    return Number(readFileSync(join(dataFolder, "postgres/data/postmaster.pid"), "utf8").split("\n")[0]);
  } catch {
    return null;
  }
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    // One that has ended is listed until its parent has taken notice.
    return process.platform !== "linux" || !/^State:\tZ/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return false;
  }
}

function killPostgres(dataFolder: string): void {
  const pid = postgresPid(dataFolder);
  if (pid !== null && isAlive(pid) && ownerOf(pid) !== 0) process.kill(pid, "SIGKILL");
}

/** The uid that a process runs as; null where the system does not tell. */
export function ownerOf(pid: number): number | null {
  return process.platform === "linux" ? statSync(`/proc/${pid}`).uid : null;
}

/** The first row's first value. */
export async function ask(url: string, text: string): Promise<unknown> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<unknown[]>({ text, rowMode: "array" });
    return rows[0]?.[0];
  } finally {
    await client.end();
  }
}

export interface Holder {
  readonly url: string;
  /** As kill -9: it can do nothing more. */
  kill(): Promise<void>;
  /** As SIGTERM; its exit code. */
  stop(): Promise<number | null>;
}

/** Makes test/platform/postgres/server.ts a program in one file. */
export function bundleServer(folder: string): string {
  const esbuild = join(dirname(require.resolve("esbuild/package.json")), "bin/esbuild");
  const bundle = join(folder, "server.cjs");
  const arguments_ = [
    resolve(__dirname, "server.ts"),
    "--bundle",
    "--platform=node",
    "--external:pg-native",
    `--outfile=${bundle}`,
  ];
  execFileSync(esbuild, [...arguments_, "--log-level=error"]);
  chmodSync(bundle, 0o644);
  return bundle;
}

/** A copy of the binaries' package that everyone can read, as npm leaves it without install scripts: without links. */
export function packageWithoutLinks(folder: string): string {
  const copy = join(folder, "package");
  cpSync(findBinariesPackage(), copy, { recursive: true, verbatimSymlinks: true });
  for (const { target } of JSON.parse(readFileSync(join(copy, "native/pg-symlinks.json"), "utf8")) as { target: string }[]) {
    rmSync(join(copy, target), { force: true });
  }
  return copy;
}

/** Starts the bundled server as a process, and waits until it has its PostgreSQL. Rejects with what it said when it fails. */
export async function startHolder(
  bundle: string,
  options: Omit<EmbeddedPostgresOptions, "log">,
  user: typeof ORDINARY = null,
): Promise<Holder> {
  const child = spawn(process.execPath, [bundle, JSON.stringify({ packageFolder: findBinariesPackage(), ...options })], {
    cwd: "/",
    stdio: ["ignore", "pipe", "pipe"],
    ...user,
  });
  const exited = once(child, "exit") as Promise<[number | null]>;
  const url = await firstLine(child);
  return {
    url,
    kill: async () => {
      child.kill("SIGKILL");
      await exited;
    },
    stop: async () => {
      child.kill("SIGTERM");
      return (await exited)[0];
    },
  };
}

function firstLine(child: ChildProcess): Promise<string> {
  return new Promise((done, failed) => {
    let said = "";
    child.stdout?.setEncoding("utf8").once("data", (text: string) => done(text.trim()));
    child.stderr?.setEncoding("utf8").on("data", (text: string) => (said += text));
    child.once("close", (code) => failed(new Error(`the server ended with ${code}: ${said}`)));
  });
}
