import { parseArgs } from "node:util";
import { auditAll, startApp } from "./app";
import { type Config, readConfig } from "./config";
import type { Logger } from "./platform/context";
import { createLogger } from "./platform/log";

/**
 * The program. Without arguments it serves until SIGTERM or SIGINT: then it finishes what is in flight, and stops; a second signal ends
 * it at once. `--reset-demo` empties the embedded database first. `--audit` proves the ledger again instead, and exits with 1 when
 * something is wrong. Exit code 2: arguments or configuration are not understood.
 */

const USAGE = "npm start [-- --reset-demo]   or   npm run audit";
/** Milliseconds that the end may take beyond what is configured for requests in flight. */
const LONGEST_END = 20_000;

async function main(): Promise<void> {
  const options = readOptions();
  const config = options && readConfiguration();
  if (!options || !config) {
    process.exitCode = 2;
    return;
  }
  const log = createLogger({ level: config.logLevel });
  try {
    if (options.audit) await runAudit(config, log);
    else await serve(config, log, options.startOver);
  } catch (error) {
    log.error({ err: error }, "the server could not start");
    complain(adviceOn(error, config));
    process.exitCode = 1;
  }
}

function readOptions(): { readonly audit: boolean; readonly startOver: boolean } | null {
  try {
    const { values } = parseArgs({ options: { "reset-demo": { type: "boolean" }, audit: { type: "boolean" } } });
    return { audit: values.audit ?? false, startOver: values["reset-demo"] ?? false };
  } catch (error) {
    complain(`${(error as Error).message}\n${USAGE}`);
    return null;
  }
}

function readConfiguration(): Config | null {
  const result = readConfig(process.env);
  if (result.ok) return result.config;
  complain(result.problems.join("\n"));
  return null;
}

async function serve(config: Config, log: Logger, startOver: boolean): Promise<void> {
  if (startOver && (config.databaseUrl !== null || !config.demo)) {
    complain(
      "--reset-demo deletes everything in the embedded database, to make the demo anew: not with DATABASE_URL, nor without a demo.",
    );
    process.exitCode = 2;
    return;
  }
  const asked = signal();
  const app = await startApp({ config, log, startOver });
  process.stdout.write(app.greeting);
  log.info({ signal: await asked }, "stopping");
  const giveUp = () => {
    log.error({}, "the server did not stop in time");
    process.exit(1);
  };
  setTimeout(giveUp, config.stopMilliseconds + LONGEST_END).unref();
  await app.stop();
  log.info({}, "stopped");
}

/** Resolves with the first signal to end. Also one that comes while the server still starts is heeded, as soon as it has. */
function signal(): Promise<string> {
  return new Promise((resolve) => {
    let signals = 0;
    const hear = (name: NodeJS.Signals) => {
      signals += 1;
      if (signals > 1) process.exit(1);
      resolve(name);
    };
    process.on("SIGTERM", hear);
    process.on("SIGINT", hear);
  });
}

async function runAudit(config: Config, log: Logger): Promise<void> {
  const { findings, wallets, transactions } = await auditAll({ config, log });
  for (const { invariant, key, message } of findings)
    process.stdout.write(
      `invariant ${invariant}${key ? `, account ${key.accountId}, credit type ${key.creditTypeId}` : ""}: ${message}\n`,
    );
  const judged = `${wallets} wallets with ${transactions} transactions were judged by all invariants.`;
  process.stdout.write(`${judged} ${findings.length === 0 ? "Nothing is wrong." : `${findings.length} findings.`}\n`);
  process.exitCode = findings.length === 0 ? 0 : 1;
}

/** What to do about it, in a sentence, where we know. */
function adviceOn(error: unknown, { port, host }: Config): string {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === "EADDRINUSE") return `Another program listens on port ${port} of ${host}: end it, or set PORT.`;
  return message;
}

function complain(text: string): void {
  process.stderr.write(`${text}\n`);
}

void main();
