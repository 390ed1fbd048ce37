import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { open, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Binaries } from "./binaries";
import { EmbeddedPostgresFault, hasCode } from "./fault";

/** The user that PostgreSQL runs as; null: the one that this process runs as. */
export type Identity = { readonly uid: number; readonly gid: number } | null;

export interface Program {
  readonly binaries: Binaries;
  readonly name: "initdb" | "postgres";
  readonly arguments: readonly string[];
  /** The data folder: PostgreSQL is told of it as where it is, see `HERE`. */
  readonly data: string;
  readonly identity: Identity;
  /** What it prints is added to this file. */
  readonly log: string;
}

/**
 * How PostgreSQL is told where its data is: as the folder it was started in. Its absolute path would not do when another user must not
 * pass through the folders above, such as those of root: on Linux this name leads straight there.
 */
export function dataArgument(data: string, identity: Identity): string {
  return process.platform === "linux" && identity !== null ? "/proc/self/cwd" : data;
}

/** A program that was started. */
export interface Started {
  readonly process: ChildProcess;
  /** Its exit code; null when a signal ended it. */
  readonly exited: Promise<number | null>;
}

/** Starts one of PostgreSQL's programs in a session of its own: what ends this process does not end it. Resolves when it runs. */
export async function startProgram(program: Program): Promise<Started> {
  const path = join(program.binaries.folder, "bin", program.name);
  const log = await open(program.log, "a", 0o600);
  try {
    if (program.identity) await log.chown(program.identity.uid, program.identity.gid);
    const child = spawn(path, program.arguments, {
      cwd: program.data,
      // Nothing from outside: PGPORT, PGOPTIONS, TZ and the like would change what it does.
      env: { LC_ALL: "C" },
      stdio: ["ignore", log.fd, log.fd],
      detached: true,
      ...program.identity,
    });
    const exited = new Promise<number | null>((done) => child.once("exit", done));
    await once(child, "spawn");
    return { process: child, exited };
  } catch (cause) {
    throw new EmbeddedPostgresFault(`${path} could not be run: ${reasonOf(cause)}`, { cause });
  } finally {
    await log.close();
  }
}

function reasonOf(error: unknown): string {
  if (hasCode(error, "ENOENT"))
    return "the system lacks what it needs, as those without glibc do. Set DATABASE_URL to a PostgreSQL of your own";
  if (hasCode(error, "EACCES")) return "it must not be executed. Is it on a file system mounted with noexec?";
  if (hasCode(error, "EPERM", "EINVAL"))
    return "root may not become another user here, and PostgreSQL does not run as root. Start as an ordinary user";
  return error instanceof Error ? error.message : String(error);
}

/** The user and group `nobody`, who owns nothing: PostgreSQL refuses to run as root. */
export async function findNobody(): Promise<{ readonly uid: number; readonly gid: number }> {
  const users = await readFile("/etc/passwd", "utf8").catch(() => "");
  const found = /^nobody:[^:]*:(\d+):(\d+):/m.exec(users);
  return { uid: Number(found?.[1] ?? 65_534), gid: Number(found?.[2] ?? 65_534) };
}
