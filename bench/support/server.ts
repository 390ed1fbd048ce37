import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { resolve } from "node:path";
import { createInterface } from "node:readline";

/** A server in a process of its own, as it is in production. */
export interface ServerProcess {
  readonly url: URL;
  readonly pid: number;
  stop(): Promise<void>;
}

/** The product, on this database. */
export function startProduct(databaseUrl: string): Promise<ServerProcess> {
  return start(resolve(__dirname, "../../src/main.js"), { DATABASE_URL: databaseUrl, PORT: "0", DEMO: "false" });
}

/** A program that prints a JSON line with its `url` as soon as it serves; Node runs it with the flags of this process. */
export async function start(program: string, environment: Record<string, string>): Promise<ServerProcess> {
  const child = spawn(process.execPath, [...process.execArgv, program], {
    env: { PATH: process.env["PATH"], HOME: process.env["HOME"], ...environment },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const url = await urlOf(child);
  return {
    url,
    pid: child.pid as number,
    stop: async () => {
      const ended = once(child, "exit");
      child.kill("SIGTERM");
      await ended;
    },
  };
}

async function urlOf(child: ChildProcess): Promise<URL> {
  if (!child.stdout) throw new Error("the server's output is not read");
  for await (const line of createInterface(child.stdout)) {
    const url = line.startsWith("{") ? (JSON.parse(line) as { url?: string }).url : undefined;
    if (url === undefined) continue;
    child.stdout.resume();
    return new URL(url);
  }
  throw new Error("the server ended before it served");
}
