import { execFile } from "node:child_process";
import { readlink, realpath, rename, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { promisify } from "node:util";
import type { Binaries } from "./binaries";
import { type Cluster, lastPort, readIfThere } from "./cluster";
import { EmbeddedPostgresFault, faultOf, hasCode, logSize, readLog } from "./fault";
import { dataArgument, startProgram } from "./program";

/** Settings of PostgreSQL by name, such as { fsync: "off" }. */
export type Settings = Readonly<Record<string, string>>;

/** Local, on one port; the socket in the data directory by a relative name, as a path may not be longer than 107 bytes. */
const SETTINGS: Settings = {
  listen_addresses: "127.0.0.1",
  unix_socket_directories: ".",
  timezone: "UTC",
  log_timezone: "UTC",
  max_connections: "200",
};

/** A log larger than this is put aside, over the one before, when PostgreSQL is started. */
const LARGE_LOG_BYTES = 16_777_216;
/** Milliseconds between two looks at a process that shall end. */
const LOOK_AGAIN = 10;

/** A running PostgreSQL, as its lock file names it. */
export interface Postmaster {
  readonly pid: number;
  /** Null while it has not come so far as to choose it. */
  readonly port: number | null;
}

/** A PostgreSQL that this process has started. */
export interface Launched {
  /** Why it has ended; null while it runs. */
  ended: "TRY_AGAIN" | "PORT_TAKEN" | EmbeddedPostgresFault | null;
}

/**
 * The PostgreSQL that runs on this cluster, whoever started it; null when none does. A lock file whose process is gone is PostgreSQL's
 * own to judge. One whose number another program has got since (after a reboot, or in a new container) would stop it for ever, and is
 * removed.
 */
export async function findPostmaster(cluster: Cluster): Promise<Postmaster | null> {
  const path = join(cluster.data, "postmaster.pid");
  const text = await readIfThere(path);
  const [first = "", , , port = ""] = text?.split("\n") ?? [];
  const pid = Number(first);
  if (text === null || !Number.isSafeInteger(pid) || pid <= 0 || !isAlive(pid)) return null;
  if (await isPostgresOf(pid, cluster)) return { pid, port: Number(port) || null };
  if (isAlive(pid) && (await readIfThere(path)) === text) await rm(path, { force: true });
  return null;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return hasCode(error, "EPERM");
  }
}

/** Whether a process is a PostgreSQL with this data, as far as the system tells: when in doubt, it is. */
async function isPostgresOf(pid: number, cluster: Cluster): Promise<boolean> {
  if (process.platform !== "linux") {
    const { stdout } = await promisify(execFile)("/bin/ps", ["-o", "comm=", "-p", String(pid)]).catch(() => ({ stdout: "" }));
    return stdout.trim().endsWith("postgres");
  }
  const name = await readIfThere(`/proc/${pid}/comm`);
  if (name?.trim() !== "postgres") return false;
  try {
    return (await readlink(`/proc/${pid}/cwd`)) === (await realpath(cluster.data));
  } catch (error) {
    // Not there: it has ended, and waits for its parent to notice. Not allowed: another user's.
    return !hasCode(error, "ENOENT", "ESRCH");
  }
}

/**
 * Starts PostgreSQL on the cluster: on `port`, or else on the last run's port, or any that is free. Resolves when the process runs,
 * not when it answers.
 */
export async function launchPostmaster(
  cluster: Cluster,
  binaries: Binaries,
  settings: Settings,
  port: number | null,
): Promise<Launched> {
  const offset = await logOffset(cluster.log);
  const chosen = { ...SETTINGS, ...settings, port: String(port ?? (await freePort(await lastPort(cluster)))) };
  const { process: child, exited } = await startProgram({
    binaries,
    name: "postgres",
    data: cluster.data,
    identity: cluster.identity,
    log: cluster.log,
    arguments: [
      "-D",
      dataArgument(cluster.data, cluster.identity),
      ...Object.entries(chosen).flatMap(([name, value]) => ["-c", `${name}=${value}`]),
    ],
  });
  // It goes on without this process.
  child.unref();
  const launched: Launched = { ended: null };
  void exited.then(async (code) => {
    launched.ended = await judgeEnd(code, cluster.log, offset);
  });
  return launched;
}

async function judgeEnd(code: number | null, log: string, offset: number): Promise<Launched["ended"]> {
  // Another server that had joined it was the last to leave.
  if (code === 0) return "TRY_AGAIN";
  const said = await readLog(log, offset).catch((error: unknown) => String(error));
  if (/could not bind|could not create any TCP\/IP sockets/.test(said)) return "PORT_TAKEN";
  // Another process was first, or what a killed one has left is about to end.
  if (/lock file ".*" (already exists|is empty)|pre-existing shared memory block/.test(said)) return "TRY_AGAIN";
  return faultOf("PostgreSQL did not start", said, log);
}

/** Where the log goes on. */
async function logOffset(log: string): Promise<number> {
  const size = await logSize(log);
  if (size <= LARGE_LOG_BYTES) return size;
  await rename(log, `${log}.1`);
  return 0;
}

/** A free port on loopback: the preferred one when it is. */
async function freePort(preferred: number | null): Promise<number> {
  const port = preferred === null ? null : await tryPort(preferred);
  return port ?? (await tryPort(0)) ?? 0;
}

function tryPort(port: number): Promise<number | null> {
  return new Promise((done) => {
    const server = createServer();
    server.once("error", () => done(null));
    server.listen(port, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => done(address !== null && typeof address === "object" ? address.port : null));
    });
  });
}

/**
 * Ends a PostgreSQL: asks it to end its connections and write all down, and after `politeMs` makes it stop at once, which
 * its next start recovers from. Throws when it does not end for all that.
 */
export async function endPostmaster(cluster: Cluster, pid: number, politeMs: number): Promise<void> {
  const steps: readonly (readonly [NodeJS.Signals, number])[] = [
    ["SIGINT", politeMs],
    ["SIGQUIT", politeMs / 2],
    // Its children notice, and end.
    ["SIGKILL", politeMs / 2],
  ];
  for (const [signal, patience] of steps) {
    if (await endsWithin(cluster, pid, signal, patience)) return;
  }
  throw new EmbeddedPostgresFault(`PostgreSQL (process ${pid}) does not end. The log is ${cluster.log}`);
}

async function endsWithin(cluster: Cluster, pid: number, signal: NodeJS.Signals, patience: number): Promise<boolean> {
  const until = performance.now() + patience;
  try {
    process.kill(pid, signal);
    // A stopped process would hear it only after this.
    process.kill(pid, "SIGCONT");
  } catch (error) {
    if (hasCode(error, "ESRCH")) return true;
    throw error;
  }
  while (isAlive(pid) && (await isPostgresOf(pid, cluster))) {
    if (performance.now() > until) return false;
    await delay(LOOK_AGAIN);
  }
  return true;
}
