import { EventEmitter, once } from "node:events";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { Client } from "pg";
import { type EmbeddedPostgres, startEmbeddedPostgres } from "../../../src/platform/postgres";
import { silentLog } from "../../support/log";
import { ask, postgresPid, temporaryFolders } from "./processes";

const folder = temporaryFolders();
const KILLS = 3;
const WRITERS = 8;
/** How many writes are acknowledged between one kill and the next: more than can be under way at a kill, so some came after it. */
const BETWEEN = 200;

let dataFolder: string;
let postgres: EmbeddedPostgres;

beforeAll(async () => {
  dataFolder = folder();
  postgres = await startEmbeddedPostgres({ dataFolder, log: silentLog });
});

afterAll(() => postgres.stop());

/** Clients that write numbered rows until they are stopped, and go on with the same number after a lost connection. */
class Writers {
  readonly acknowledged: string[] = [];
  readonly #progress = new EventEmitter();
  readonly #done: Promise<unknown>;
  #stopped = false;

  constructor(private readonly url: string) {
    this.#done = Promise.all(Array.from({ length: WRITERS }, (_, writer) => this.#write(writer)));
  }

  async haveWritten(count: number): Promise<void> {
    while (this.acknowledged.length < count) await once(this.#progress, "acknowledged");
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#done;
  }

  async #write(writer: number): Promise<void> {
    for (let number = 0; !this.#stopped; ) {
      const client = new Client({ connectionString: this.url });
      client.on("error", () => undefined);
      try {
        await client.connect();
        for (; !this.#stopped; number++) {
          // One whose answer was lost may be there already: it counts only when it is answered.
          await client.query("INSERT INTO writes VALUES ($1, $2) ON CONFLICT DO NOTHING", [writer, number]);
          this.acknowledged.push(`${writer}:${number}`);
          this.#progress.emit("acknowledged");
        }
      } catch {
        // Away for a moment: on with the same number.
      } finally {
        await client.end().catch(() => undefined);
      }
    }
  }
}

test("a PostgreSQL killed three times under writes comes back at the same URL, and has every acknowledged write", async () => {
  await ask(postgres.url, "CREATE TABLE writes (writer int, number int, PRIMARY KEY (writer, number))");
  const writers = new Writers(postgres.url);
  const killed = new Set<number>();
  for (let kill = 1; kill <= KILLS; kill++) {
    await writers.haveWritten(kill * BETWEEN);
    const pid = postgresPid(dataFolder) ?? 0;
    killed.add(pid);
    process.kill(pid, "SIGKILL");
  }
  await writers.haveWritten((KILLS + 1) * BETWEEN);
  await writers.stop();

  const kept = new Set((await ask(postgres.url, "SELECT array_agg(writer || ':' || number) FROM writes")) as string[]);
  const lost = writers.acknowledged.filter((write) => !kept.has(write));
  expect([killed.size, lost]).toEqual([KILLS, []]);
});

test("a broken connection of the supervisor's own is taken up again, so that the stop is in order", async () => {
  const lease = "application_name = 'tranche lease'";
  await ask(postgres.url, `SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE ${lease}`);
  await postgres.stop();
  expect(postgresPid(dataFolder)).toBeNull();
});
