/**
 * Runs what .ci/run promises: a clean install, all tests, all checks. The last line it prints is "N passed, N failed": the
 * tests, and each check that failed as one more. The exit code is 0 only when nothing failed.
 */
import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";

const ROOT = join(import.meta.dirname, "..");
/** Minutes; 19 in all. A step that takes longer is stopped and has failed. */
const LIMITS = { install: 3, test: 13, check: 3 };

const folder = await mkdtemp(join(tmpdir(), "tranche-ci-"));
const counts = await run();
await rm(folder, { recursive: true, force: true });
process.stdout.write(`${counts.passed} passed, ${counts.failed} failed\n`);
process.exitCode = counts.failed === 0 ? 0 : 1;

/** @typedef {{ passed: number, failed: number }} Counts */

/** @returns {Promise<Counts>} */
async function run() {
  if (!(await npm(["ci"], LIMITS.install))) return { passed: 0, failed: 1 };
  const tests = await counted("test", ["--ci", "--json"], "--outputFile", LIMITS.test, (report) => ({
    passed: report.numPassedTests,
    // A file that does not even load has no tests that could fail.
    failed: report.numFailedTests + report.numRuntimeErrorTestSuites,
  }));
  const checks = await counted("check", [], "--report", LIMITS.check, (report) => ({ passed: 0, failed: report.failed.length }));
  return { passed: tests.passed, failed: tests.failed + checks.failed };
}

/**
 * Runs an npm script that writes a report, and counts what it says. A script that fails without a failure in its report (it
 * crashed, or leaked) counts as one.
 * @param {string} script
 * @param {readonly string[]} options
 * @param {string} reportOption
 * @param {number} minutes
 * @param {(report: any) => Counts} count
 * @returns {Promise<Counts>}
 */
async function counted(script, options, reportOption, minutes, count) {
  const file = join(folder, `${script}.json`);
  const succeeded = await npm(["run", script, "--", ...options, `${reportOption}=${file}`], minutes);
  const report = await readFile(file, "utf8").catch(() => null);
  const counts = report === null ? { passed: 0, failed: 0 } : count(JSON.parse(report));
  return succeeded || counts.failed > 0 ? counts : { ...counts, failed: 1 };
}

/**
 * Runs npm and passes on what it prints, without what is of this machine only. Answers whether it succeeded in time.
 * @param {readonly string[]} options
 * @param {number} minutes
 * @returns {Promise<boolean>}
 */
function npm(options, minutes) {
  return new Promise((resolve) => {
    // A process group of its own, so that the limit ends whatever it has started too.
    const child = spawn("npm", ["--loglevel=error", ...options], {
      cwd: ROOT,
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
    });
    const limit = setTimeout(() => {
      process.stdout.write(`npm ${options[0]}: stopped after ${minutes} minutes\n`);
      if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
    }, minutes * 60_000);
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text) => process.stdout.write(impersonal(text)));
    }
    child.once("error", () => resolve(false));
    child.once("close", (code) => {
      clearTimeout(limit);
      resolve(code === 0);
    });
  });
}

/** @param {string} text */
function impersonal(text) {
  return text.replaceAll(ROOT, ".").replaceAll(folder, "").replaceAll(homedir(), "~");
}
