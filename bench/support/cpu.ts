import { existsSync, readdirSync, readFileSync } from "node:fs";

/**
 * The processor time of other processes, in seconds, as /proc has it: of a process and all that descend from it, those that have ended
 * since included. Null where there is no /proc.
 */
export function cpuOf(roots: readonly number[]): number | null {
  if (!existsSync("/proc/self/stat")) return null;
  const all = readProcesses();
  let ticks = 0;
  const open = [...roots];
  const seen = new Set<number>();
  for (let pid = open.pop(); pid !== undefined; pid = open.pop()) {
    const found = all.get(pid);
    if (!found || seen.has(pid)) continue;
    seen.add(pid);
    ticks += found.ticks;
    for (const [child, { parent }] of all) if (parent === pid) open.push(child);
  }
  return ticks / TICKS_PER_SECOND;
}

/** The process that listens as PostgreSQL for this data folder. */
export function postmasterOf(dataFolder: string): number {
  return Number.parseInt(readFileSync(`${dataFolder}/postgres/data/postmaster.pid`, "utf8"), 10);
}

/** USER_HZ: fixed at 100 by Linux' interface, whatever the kernel counts in. */
const TICKS_PER_SECOND = 100;

function readProcesses(): ReadonlyMap<number, { readonly parent: number; readonly ticks: number }> {
  const found = new Map<number, { parent: number; ticks: number }>();
  for (const name of readdirSync("/proc")) {
    const pid = Number(name);
    if (!Number.isInteger(pid)) continue;
    try {
      // The name of the program stands in brackets and may hold anything; what follows it does not.
      const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
      const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      const [utime, stime, cutime, cstime] = fields.slice(11, 15).map(Number) as [number, number, number, number];
      found.set(pid, { parent: Number(fields[1]), ticks: utime + stime + cutime + cstime });
    } catch {
      // It has just ended: its parent has its time now.
    }
  }
  return found;
}
