/**
 * `npm run check`: runs every "check:…" script of package.json, two at a time, and shows what those that fail have to say.
 * `npm run check -- style imports` runs only these. `--report=<file>` writes { passed, failed } as JSON: names of checks.
 */
import { spawn } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { parseArgs } from "node:util";

const ROOT = join(import.meta.dirname, "..");
const PREFIX = "check:";
/** More would only wait for each other: the linters use all cores by themselves. */
const AT_ONCE = 2;

const { values, positionals } = parseArgs({ options: { report: { type: "string" } }, allowPositionals: true });
/** @type {Record<string, string>} */
const scripts = JSON.parse(await readFile(join(ROOT, "package.json"), "utf8")).scripts;
const names = Object.keys(scripts)
  .filter((name) => name.startsWith(PREFIX))
  .map((name) => name.slice(PREFIX.length))
  .filter((name) => positionals.length === 0 || positionals.includes(name));

/** @type {{ passed: string[], failed: string[] }} */
const report = { passed: [], failed: [] };
const waiting = [...names];
await Promise.all(Array.from({ length: AT_ONCE }, work));
if (values.report !== undefined) await writeFile(values.report, JSON.stringify(report));
process.exitCode = report.failed.length === 0 ? 0 : 1;

async function work() {
  for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
    const started = performance.now();
    const { succeeded, output } = await run(scripts[PREFIX + name] ?? "");
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    process.stdout.write(`${succeeded ? "ok  " : "FAIL"} ${name} (${seconds} s)\n${succeeded ? "" : `${output.trim()}\n\n`}`);
    report[succeeded ? "passed" : "failed"].push(name);
  }
}

/**
 * As npm would run it, but without npm's half second.
 * @param {string} command
 * @returns {Promise<{ succeeded: boolean, output: string }>}
 */
function run(command) {
  return new Promise((resolve) => {
    const path = [join(ROOT, "node_modules", ".bin"), process.env.PATH].join(delimiter);
    const child = spawn(command, {
      shell: true,
      cwd: ROOT,
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, PATH: path },
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", (text) => (output += text));
    child.once("close", (code) => resolve({ succeeded: code === 0, output }));
  });
}
