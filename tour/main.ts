import { randomBytes } from "node:crypto";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { auditAll, startApp } from "../src/app";
import { readConfig } from "../src/config";
import { createLogger } from "../src/platform/log";
import { type Door, stageAt } from "./stage";
import { tellStory } from "./story";

/**
 * `npm run demo:tour`: starts a server in a folder of its own, tells the story through its API, proves the ledger that came of it, and
 * leaves nothing behind. Exits with 1 when anything of it fails.
 */
async function main(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "tranche-tour-"));
  try {
    await tour(folder);
  } catch (error) {
    process.stderr.write(`${(error as Error).stack}\n`);
    process.exitCode = 1;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function tour(folder: string): Promise<void> {
  const secret = randomBytes(32).toString("hex");
  const read = readConfig({ DATA_DIR: folder, PORT: "0", DEMO: "true", JWT_SECRET: secret });
  if (!read.ok) throw new Error(read.problems.join("\n"));
  const options = { config: read.config, log: createLogger({ level: "error" }) };
  const app = await startApp(options);
  try {
    await tellStory(stageAt(await doorIn(folder), secret, tell));
  } finally {
    await app.stop();
  }
  const { findings, wallets, transactions } = await auditAll(options);
  tell(`\nThe audit judged ${transactions} transactions of ${wallets} wallets by all invariants. Findings: ${findings.length}.`);
  if (findings.length > 0) throw new Error(JSON.stringify(findings, null, 2));
}

async function doorIn(folder: string): Promise<Door> {
  return JSON.parse(await readFile(join(folder, "demo.json"), "utf8")) as Door;
}

function tell(line: string): void {
  process.stdout.write(`${line}\n`);
}

void main();
