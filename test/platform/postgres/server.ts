/**
 * A server that does nothing but hold an embedded PostgreSQL, as a process of its own: it tells its URL, and stops on SIGTERM. Bundled
 * by `processes.ts`, so that a user who cannot read this checkout can run it.
 */
import { type EmbeddedPostgresOptions, startEmbeddedPostgres } from "../../../src/platform/postgres";

async function main(options: Omit<EmbeddedPostgresOptions, "log">): Promise<void> {
  const write = (fields: object, message: string): void => void process.stderr.write(`${message} ${JSON.stringify(fields)}\n`);
  const log = { debug: write, info: write, warn: write, error: write };
  const postgres = await startEmbeddedPostgres({ ...options, log });
  process.once("SIGTERM", () => void postgres.stop().then(() => process.exit(0)));
  process.stdout.write(`${postgres.url}\n`);
}

main(JSON.parse(process.argv[2] ?? "{}")).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
