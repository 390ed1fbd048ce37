import { randomBytes } from "node:crypto";
import { chown, mkdir, open, readFile, realpath, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Binaries } from "./binaries";
import { EmbeddedPostgresFault, faultOf, hasCode, logSize, readLog } from "./fault";
import { dataArgument, findNobody, type Identity, startProgram } from "./program";
import { makeWholeFolder } from "./whole-folder";

/** The database's administrator, as whom the server connects. */
export const USER = "postgres";
/** Milliseconds that a new cluster may take to be made; a second or two is usual. */
const INITDB_LIMIT = 60_000;

/** The folder `postgres` in the server's data folder: PostgreSQL's own files and the few facts around them. */
export interface Cluster {
  readonly folder: string;
  /** PostgreSQL's data directory. Its socket is in it as well. */
  readonly data: string;
  readonly log: string;
  readonly identity: Identity;
}

/** The cluster's folder in the data folder, which is made when it is missing, for its owner only. */
export async function clusterFolder(dataFolder: string): Promise<string> {
  await mkdir(dataFolder, { recursive: true, mode: 0o700 });
  return join(await realpath(dataFolder), "postgres");
}

/**
 * Whom PostgreSQL must run as: the cluster's owner, or nobody when root makes a new one. Throws when this process may not act for the
 * owner.
 */
export async function clusterIdentity(folder: string): Promise<Identity> {
  const self = process.getuid?.();
  const owner = await stat(folder).catch((error: unknown) => {
    if (hasCode(error, "ENOENT")) return null;
    throw error;
  });
  if (self === 0) return owner === null || owner.uid === 0 ? findNobody() : { uid: owner.uid, gid: owner.gid };
  if (owner === null || owner.uid === self) return null;
  throw new EmbeddedPostgresFault(
    `${folder} belongs to the user with uid ${owner.uid}, and this process runs as ${self}. ` +
      "Start as root or as that user, or choose another DATA_DIR",
  );
}

/** The cluster in this folder, made when there is none yet. Throws when its data is of another major version than the binaries. */
export async function openCluster(folder: string, binaries: Binaries, identity: Identity): Promise<Cluster> {
  const version = await readVersion(folder);
  if (version === null) await createCluster(folder, binaries, identity);
  else if (version !== binaries.major) {
    throw new EmbeddedPostgresFault(
      `${folder} was made by PostgreSQL ${version}, and the installed one is ${binaries.major}. ` +
        "Move the data with pg_dump and a server of the old version, or choose another DATA_DIR",
    );
  }
  return clusterAt(folder, identity);
}

function clusterAt(folder: string, identity: Identity): Cluster {
  return { folder, data: join(folder, "data"), log: join(folder, "postgres.log"), identity };
}

async function createCluster(folder: string, binaries: Binaries, identity: Identity): Promise<void> {
  // Beside the folder: when this fails, the folder is taken away and the log stays.
  const log = `${folder}-initdb.log`;
  await makeWholeFolder(folder, async (unfinished) => {
    const { data } = clusterAt(unfinished, identity);
    const password = passwordFile(unfinished);
    await writeDurably(password, randomBytes(24).toString("base64url"));
    await mkdir(data, { mode: 0o700 });
    if (identity) for (const path of [password, data, unfinished]) await chown(path, identity.uid, identity.gid);
    await runInitdb(data, binaries, identity, log);
  });
  await rm(log, { force: true });
}

async function runInitdb(data: string, binaries: Binaries, identity: Identity, log: string): Promise<void> {
  const offset = await logSize(log);
  const initdb = await startProgram({
    binaries,
    name: "initdb",
    data,
    identity,
    log,
    arguments: [
      `--pgdata=${dataArgument(data, identity)}`,
      `--username=${USER}`,
      "--pwfile=../password",
      "--auth=scram-sha-256",
      "--locale=C",
      "--encoding=UTF8",
      "--data-checksums",
      "--no-instructions",
    ],
  });
  const limit = setTimeout(() => initdb.process.kill("SIGKILL"), INITDB_LIMIT);
  const code = await initdb.exited;
  clearTimeout(limit);
  if (code !== 0) throw faultOf("A new database could not be made", await readLog(log, offset), log);
}

/** Writes a file for the owner's eyes only, on the disk before anything relies on it. */
async function writeDurably(path: string, text: string): Promise<void> {
  const file = await open(path, "wx", 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}

function passwordFile(folder: string): string {
  return join(folder, "password");
}

async function readVersion(folder: string): Promise<string | null> {
  return (await readIfThere(join(folder, "data", "PG_VERSION")))?.trim() ?? null;
}

/** The administrator's password: random, in a file that only the owner can read. */
export async function readPassword(cluster: Cluster): Promise<string> {
  const password = await readIfThere(passwordFile(cluster.folder));
  if (password !== null) return password;
  throw new EmbeddedPostgresFault(`${passwordFile(cluster.folder)} is missing: without it the data cannot be reached`);
}

/** The port of the last run, which the next one takes again when it is free, so that what was noted somewhere stays true. */
export async function lastPort(cluster: Cluster): Promise<number | null> {
  const port = Number(await readIfThere(join(cluster.folder, "port")));
  return Number.isInteger(port) && port > 0 && port < 65_536 ? port : null;
}

export async function notePort(cluster: Cluster, port: number): Promise<void> {
  if ((await lastPort(cluster)) !== port) await writeFile(join(cluster.folder, "port"), `${port}\n`, { mode: 0o600 });
}

/** A file's text; null when it is not there. */
export async function readIfThere(path: string): Promise<string | null> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (hasCode(error, "ENOENT", "ENOTDIR", "ESRCH")) return null;
    throw error;
  }
}
