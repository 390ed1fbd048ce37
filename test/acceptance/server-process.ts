import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, watch } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

/** What a started server says of itself in `demo.json`. */
export interface Demo {
  readonly url: string;
  readonly adminKey: string;
  readonly serviceKey: string;
  readonly customerToken: string;
  readonly walletId: string;
}

export interface ServerProcess {
  readonly demo: Demo;
  readonly process: ChildProcess;
  /** Everything that it printed so far. */
  output(): string;
  /** Ends it at once, as a power cut would. */
  kill(): Promise<void>;
  /** Asks it to stop, and answers its exit code. */
  stop(): Promise<number | null>;
}

export const MAIN = resolve(__dirname, "../../dist/src/main.js");

/**
 * Starts the built server as a process of its own, on a free port, and waits until it serves. Without a data folder it gets one of its
 * own, which goes with it.
 */
export async function startServerProcess(
  environment: Record<string, string>,
  given?: string,
  options: readonly string[] = [],
): Promise<ServerProcess> {
  const folder = given ?? freshFolder();
  const facts = join(folder, "demo.json");
  const child = spawn(process.execPath, [MAIN, ...options], {
    env: { PATH: process.env["PATH"] ?? "", HOME: process.env["HOME"] ?? "", DATA_DIR: folder, PORT: "0", ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let printed = "";
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", (text: string) => (printed += text));
  const demo = await announced(child, facts, () => printed);
  const ended = once(child, "exit").then(([code]: (number | null)[]) => {
    if (given === undefined) removeFolder(folder);
    return code ?? null;
  });
  return {
    demo,
    process: child,
    output: () => printed,
    kill: async () => {
      child.kill("SIGKILL");
      await ended;
    },
    stop: async () => {
      child.kill("SIGTERM");
      return ended;
    },
  };
}

export function freshFolder(): string {
  return mkdtempSync(join(tmpdir(), "tranche-test-"));
}

export function removeFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
}

/** Resolves when this very process has written its facts; the file of an earlier run in the same folder does not count. */
function announced(child: ChildProcess, path: string, output: () => string): Promise<Demo> {
  return new Promise((done, failed) => {
    const watcher = watch(join(path, ".."), look);
    const limit = setTimeout(() => finish(new Error(`the server did not start within 60 s:\n${output()}`)), 60_000);
    child.stdout?.on("data", look);
    child.once("exit", (code) => finish(new Error(`the server ended with ${code}:\n${output()}`)));
    function look(): void {
      const demo = readFacts(path, child.pid);
      // The greeting is the last that a start has to say.
      if (demo && output().includes("wallet id")) finish(demo);
    }
    function finish(result: Demo | Error): void {
      watcher.close();
      clearTimeout(limit);
      if (result instanceof Error) failed(result);
      else done(result);
    }
    look();
  });
}

function readFacts(path: string, pid: number | undefined): Demo | null {
  try {
    const facts = JSON.parse(readFileSync(path, "utf8")) as Demo & { pid: number };
    return facts.pid === pid ? facts : null;
  } catch {
    // Not there yet, or half written: the next change tells.
    return null;
  }
}
