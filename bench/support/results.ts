import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { arch, cpus, release, totalmem, type } from "node:os";
import { join, resolve } from "node:path";
import type { Pool } from "pg";
import type { Bench, Outcome } from "./bench";

/** Where the figures of a full run are left: as JSON, and in the tables of RESULTS.md. */
const FOLDER = resolve(__dirname, "../../../bench");
const REPORT = join(FOLDER, "RESULTS.md");

/** Keeps what a bench has found: in results/NAME.json, and between the marks of its name in RESULTS.md. */
export async function keepResults({ name, about }: Bench, { text, data }: Outcome, pool: Pool, at: Date): Promise<void> {
  const machine = await describeMachine(pool);
  mkdirSync(join(FOLDER, "results"), { recursive: true });
  const kept = { name, about, at: at.toISOString(), machine, data };
  writeFileSync(join(FOLDER, "results", `${name}.json`), `${JSON.stringify(kept, null, 2)}\n`);
  const section = `${about}. Measured on ${at.toISOString().slice(0, 10)}: ${machine}.\n\n${text}`;
  writeFileSync(REPORT, withSection(readFileSync(REPORT, "utf8"), name, section));
}

/** The report with one section made anew. Throws when the marks that enclose it are not there. */
export function withSection(report: string, name: string, section: string): string {
  const [begin, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const from = report.indexOf(begin);
  const to = report.indexOf(end);
  if (from < 0 || to < from) throw new Error(`RESULTS.md lacks "${begin}" or "${end}"`);
  return `${report.slice(0, from + begin.length)}\n${section}\n${report.slice(to)}`;
}

async function describeMachine(pool: Pool): Promise<string> {
  const { rows } = await pool.query<{ server_version: string }>("SHOW server_version");
  const processors = cpus();
  const model = processors[0]?.model.replace(/\s+/g, " ").trim() || arch();
  const memory = Math.round(totalmem() / 2 ** 30);
  const [postgres = "?"] = (rows[0]?.server_version ?? "").split(" ");
  return `${processors.length} virtual cores of ${model}, ${memory} GB, ${type()} ${release()}, Node ${process.version}, PostgreSQL ${postgres}`;
}
