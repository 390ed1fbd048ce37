import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { Client, Pool } from "pg";
import { migrate, openDatabase } from "../../src/platform/database";
import { parseTimestamp } from "../../src/platform/postgres-types";
import { inTransaction, readRows, type Statement } from "../../src/platform/transaction";
import { Unavailable } from "../../src/platform/unavailable";
import { createTestDatabase, type TestDatabase } from "../support/database";

const SILENT = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
const ONE: Statement = { name: "test.one", text: "SELECT 1::int AS one" };
const ADD: Statement = { name: "test.add", text: "INSERT INTO server_secrets (name, value) VALUES ($1, $2)" };
const GET: Statement = { name: "test.get", text: "SELECT value FROM server_secrets WHERE name = $1" };
const SET: Statement = { name: "test.set", text: "UPDATE server_secrets SET value = $2 WHERE name = $1" };
const BAD: Statement = { name: "test.bad", text: "SELECT 1 / $1::int" };

let database: TestDatabase;
let pool: Pool;

beforeAll(async () => {
  database = await createTestDatabase();
  pool = await openDatabase({ url: database.url, connections: 4, log: SILENT });
});

afterAll(async () => {
  await pool.end();
  await database.drop();
});

async function secretOf(name: string): Promise<string | undefined> {
  const [row] = await readRows<{ value: Buffer }>(pool, GET, [name]);
  return row?.value.toString();
}

describe("the pool", () => {
  test("works as the application's role, in UTC, with every wait limited", async () => {
    const { rows } = await pool.query(
      `SELECT current_user AS role, current_setting('TimeZone') AS zone, current_setting('statement_timeout') AS statement,
              current_setting('lock_timeout') AS lock, current_setting('idle_in_transaction_session_timeout') AS idle`,
    );
    expect(rows).toEqual([{ role: "tranche_app", zone: "UTC", statement: "10s", lock: "2s", idle: "10s" }]);
  });

  test("reads int8 as bigint and timestamptz as microseconds, to the last digit", async () => {
    const { rows } = await pool.query(
      `SELECT 9223372036854775807::int8 AS big, '{1,-2}'::int8[] AS bigs, '{}'::int8[] AS none,
              '2026-11-21T10:00:00.000001Z'::timestamptz AS micro, '9999-12-31T23:59:59.999999Z'::timestamptz AS last,
              '2026-11-21T10:00:00+02'::timestamptz AS whole, '1970-01-01T00:00:00.5Z'::timestamptz AS half`,
    );
    expect(rows).toEqual([
      {
        big: 9223372036854775807n,
        bigs: [1n, -2n],
        none: [],
        micro: 1_795_255_200_000_001n,
        last: 253_402_300_799_999_999n,
        whole: 1_795_248_000_000_000n,
        half: 500_000n,
      },
    ]);
    expect(parseTimestamp("2026-11-21 10:00:00.12+00")).toBe(1_795_255_200_120_000n);
  });

  test("survives that all its connections are ended", async () => {
    const killer = new Client({ connectionString: database.url });
    await killer.connect();
    await Promise.all([1, 2, 3].map(() => readRows(pool, ONE)));
    await killer.query(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()",
    );
    await killer.end();
    expect(await readRows(pool, ONE)).toEqual([{ one: 1 }]);
  });
});

describe("migrating", () => {
  test("by four servers at once is done once", async () => {
    const admin = new Client({ connectionString: database.url });
    await admin.connect();
    await admin.query("CREATE DATABASE together TEMPLATE template0");
    const url = new URL(database.url);
    url.pathname = "/together";
    try {
      await Promise.all([1, 2, 3, 4].map(() => migrate(url.toString())));
      const client = new Client({ connectionString: url.toString() });
      await client.connect();
      const { rows } = await client.query(
        "SELECT count(*)::int AS applied, count(DISTINCT name)::int AS different FROM migrations",
      );
      await client.end();
      expect(rows[0].applied).toBe(rows[0].different);
      expect(rows[0].applied).toBeGreaterThan(0);
    } finally {
      await admin.query("DROP DATABASE together WITH (FORCE)");
      await admin.end();
    }
  });
});

describe("a transaction", () => {
  test("commits all that was sent, also what nobody waited for", async () => {
    await inTransaction(pool, "write", async (transaction) => {
      transaction.send(ADD, ["sent", Buffer.from("1")]);
      return undefined;
    });
    expect(await secretOf("sent")).toBe("1");
  });

  test("that fails in a statement nobody waited for fails with that statement's error, and writes nothing", async () => {
    const work = inTransaction(pool, "write", async (transaction) => {
      transaction.send(ADD, ["lost", Buffer.from("1")]);
      transaction.send(BAD, [0]);
      transaction.send(ADD, ["lost too", Buffer.from("1")]);
      return undefined;
    });
    await expect(work).rejects.toMatchObject({ code: "22012" });
    expect(await secretOf("lost")).toBeUndefined();
    expect(await readRows(pool, ONE)).toEqual([{ one: 1 }]);
  });

  test("that has nothing to keep ends well, and keeps nothing", async () => {
    const work = inTransaction(pool, "write", async (transaction) => {
      transaction.send(ADD, ["forgone", Buffer.from("1")]);
      transaction.forgo();
      return "done";
    });
    expect(await work).toBe("done");
    expect(await secretOf("forgone")).toBeUndefined();
  });

  test("sends what there is when it is told to, and the rest behind it", async () => {
    await inTransaction(pool, "write", async (transaction) => {
      transaction.send(ADD, ["first part", Buffer.from("1")]);
      transaction.flush();
      transaction.send(ADD, ["second part", Buffer.from("2")]);
      await transaction.answered();
      transaction.send(SET, ["first part", Buffer.from("3")]);
      transaction.flush();
      return undefined;
    });
    expect([await secretOf("first part"), await secretOf("second part")]).toEqual(["3", "2"]);
  });

  test("whose work throws is rolled back", async () => {
    const work = inTransaction(pool, "write", async (transaction) => {
      transaction.send(ADD, ["thrown", Buffer.from("1")]);
      throw new Error("no");
    });
    await expect(work).rejects.toThrow("no");
    expect(await secretOf("thrown")).toBeUndefined();
  });

  test("that reads one moment may not write", async () => {
    const work = inTransaction(pool, "snapshot", (transaction) => transaction.query(ADD, ["read", Buffer.from("1")]));
    await expect(work).rejects.toMatchObject({ code: "25006" });
  });

  test("that runs into a deadlock is done again", async () => {
    for (const name of ["left", "right"]) await pool.query("INSERT INTO server_secrets VALUES ($1, '')", [name]);
    let tries = 0;
    let waiting: (() => void)[] = [];
    // Both hold one row before either asks for the other's: on the first try only.
    const meet = () =>
      new Promise<void>((resolve) => {
        waiting.push(resolve);
        if (waiting.length === 2) for (const go of waiting) go();
      });
    const cross = (first: string, second: string) => {
      let attempt = 0;
      return inTransaction(pool, "write", async (transaction) => {
        attempt += 1;
        tries += 1;
        await transaction.query(SET, [first, Buffer.from(`${first} ${second}`)]);
        if (attempt === 1) await meet();
        await transaction.query(SET, [second, Buffer.from(`${first} ${second}`)]);
      });
    };
    await Promise.all([cross("left", "right"), cross("right", "left")]);
    waiting = [];
    expect(tries).toBe(3);
    expect(await secretOf("left")).toBe(await secretOf("right"));
  });

  test("is told as unavailable when there is no database", async () => {
    const nowhere = new Pool({ connectionString: "postgresql://nobody@127.0.0.1:1/none" });
    await expect(readRows(nowhere, ONE)).rejects.toThrow(Unavailable);
    await nowhere.end();
  });
});
