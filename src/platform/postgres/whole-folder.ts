import { randomBytes } from "node:crypto";
import { mkdir, open, readdir, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { hasCode } from "./fault";

/** Milliseconds after which a folder that nobody finished is taken for abandoned; making one takes seconds. */
const ABANDONED_AFTER = 600_000;

/**
 * Makes a folder whole or not at all: `build` fills it under another name, and the last step renames it. So a process that dies midway
 * leaves nothing half made, and of several that make it at once, without any lock, one wins and the others drop theirs.
 */
export async function makeWholeFolder(path: string, build: (folder: string) => Promise<void>): Promise<void> {
  const folder = `${path}.new-${process.pid}-${randomBytes(4).toString("hex")}`;
  await mkdir(folder, { mode: 0o700 });
  try {
    await removeAbandoned(path, folder);
    await build(folder);
    await rename(folder, path);
    await syncFolder(dirname(path));
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    // The others' folder is there already.
    if (!hasCode(error, "ENOTEMPTY", "EEXIST")) throw error;
  }
}

/** Removes what processes that died while they made this folder left beside it. The file system's own time tells how old it is. */
async function removeAbandoned(path: string, newest: string): Promise<void> {
  const { mtimeMs: now } = await stat(newest);
  const beside = (await readdir(dirname(path))).filter((name) => name.startsWith(`${basename(path)}.new-`));
  for (const name of beside) {
    const other = join(dirname(path), name);
    const { mtimeMs } = await stat(other).catch(() => ({ mtimeMs: now }));
    if (now - mtimeMs > ABANDONED_AFTER) await rm(other, { recursive: true, force: true });
  }
}

/** Makes a rename in this folder survive a power cut. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path);
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
