import { randomUUID } from "node:crypto";
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";

/** What `demo.json` says. */
export interface DemoFile {
  /** Of the GraphQL endpoint. */
  readonly url: string;
  readonly adminKey: string;
  readonly serviceKey: string;
  /** Null when tokens are signed elsewhere (`JWT_JWKS_URL`). */
  readonly customerToken: string | null;
  readonly walletId: string;
  /** The process that serves the URL. */
  readonly pid: number;
}

const KEYS = z.object({ adminKey: z.string(), serviceKey: z.string() });

/** The keys that an earlier start has kept in the folder; null when there are none to be read. */
export async function readKeys(dataDir: string): Promise<z.infer<typeof KEYS> | null> {
  try {
    return KEYS.parse(JSON.parse(await readFile(fileIn(dataDir), "utf8")));
  } catch {
    // Missing or not ours: new keys are made, and the old ones are of no use to anybody who has not kept them.
    return null;
  }
}

/** Writes `demo.json`, for its owner's eyes only, whole or not at all. */
export async function writeFacts(dataDir: string, facts: DemoFile): Promise<void> {
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const draft = `${fileIn(dataDir)}.${randomUUID()}`;
  await writeFile(draft, `${JSON.stringify(facts, null, 2)}\n`, { mode: 0o600 });
  await rename(draft, fileIn(dataDir));
}

export async function removeFacts(dataDir: string): Promise<void> {
  await rm(fileIn(dataDir), { force: true });
}

export function fileIn(dataDir: string): string {
  return join(dataDir, "demo.json");
}
