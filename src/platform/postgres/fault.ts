import { open, stat } from "node:fs/promises";

/** How much of a log is looked at when something failed. */
const TAIL_BYTES = 16_384;
/** How many of its last lines are shown: the cause stands there, and what led to it. */
const TAIL_LINES = 5;

/** The embedded PostgreSQL cannot be used: the message says why, what to do where that is known, and where the log is. */
export class EmbeddedPostgresFault extends Error {
  override readonly name = "EmbeddedPostgresFault";
}

/** The fault of a program that failed: what it said tells the cause, and the message ends with where its log is. */
export function faultOf(what: string, said: string, log: string): EmbeddedPostgresFault {
  const lines = said.split("\n").filter((line) => line.trim() !== "");
  const shown = lines.slice(-TAIL_LINES).map((line) => `\n  ${line.trim()}`);
  return new EmbeddedPostgresFault(`${what}${shown.length > 0 ? `:${shown.join("")}\n` : ". "}The log is ${log}`);
}

/** What a log holds from `offset` on, its end when that is long; nothing when there is none. */
export async function readLog(path: string, offset: number): Promise<string> {
  const size = await logSize(path);
  const start = Math.max(offset, size - TAIL_BYTES);
  if (size <= start) return "";
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(size - start), 0, size - start, start);
    return buffer.toString("utf8", 0, bytesRead);
  } finally {
    await file.close();
  }
}

/** Bytes; 0 when there is no log yet. */
export async function logSize(path: string): Promise<number> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    if (hasCode(error, "ENOENT")) return 0;
    throw error;
  }
}

/** Whether an error has one of these codes, the system's or PostgreSQL's. Asked by shape, as Jest gives tests another class Error. */
export function hasCode(error: unknown, ...codes: readonly string[]): boolean {
  return typeof error === "object" && error !== null && "code" in error && codes.includes(String(error.code));
}
