import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { createInterface } from "node:readline";
import type { Plan, Told } from "../crowd/plan";
import { cpuOf } from "./cpu";

/** What came of a phase, and what it took the server's process. */
export interface Watched extends Told {
  /** Seconds of processor time. */
  readonly serverCpu: number;
  /** Megabytes that it had in memory, twice a second: when, in seconds since the crowd began, and how much. */
  readonly resident: readonly (readonly [seconds: number, megabytes: number])[];
}

const LOOK_EVERY_MILLISECONDS = 500;

/** Sends a crowd to a server, and answers phase by phase what came of it. */
export async function sendCrowd(plan: Plan, server: { readonly pid: number }): Promise<readonly Watched[]> {
  const child = spawn(process.execPath, [resolve(__dirname, "../crowd/main.js")], { stdio: ["pipe", "pipe", "inherit"] });
  child.stdin.end(JSON.stringify(plan));
  const began = performance.now();
  let resident: (readonly [number, number])[] = [];
  const looking = setInterval(
    () => resident.push([(performance.now() - began) / 1000, residentOf(server.pid)]),
    LOOK_EVERY_MILLISECONDS,
  );
  const watched: Watched[] = [];
  let cpu = cpuOf([server.pid]) ?? Number.NaN;
  try {
    for await (const line of createInterface(child.stdout)) {
      const now = cpuOf([server.pid]) ?? Number.NaN;
      watched.push({ ...(JSON.parse(line) as Told), serverCpu: now - cpu, resident });
      cpu = now;
      resident = [];
    }
  } finally {
    clearInterval(looking);
    child.kill();
  }
  if (watched.length !== plan.phases.length) throw new Error("the crowd ended before its time");
  return watched;
}

/** Megabytes; NaN where there is no /proc. */
function residentOf(pid: number): number {
  try {
    const [, kilobytes] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
    return Number(kilobytes) / 1024;
  } catch {
    return Number.NaN;
  }
}
