import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { DataSource } from "typeorm";
import { dataSourceOptions } from "../ormconfig";
import { describeDatabase } from "../scripts/emit-database";
import { createTestDatabase, type TestDatabase } from "./support/database";

let database: TestDatabase;
let source: DataSource;

beforeAll(async () => {
  database = await createTestDatabase();
  source = await new DataSource(dataSourceOptions(database.url)).initialize();
});

afterAll(async () => {
  await source.destroy();
  await database.drop();
});

describe("the migrated database", () => {
  test("is what the entities say: nothing would have to be changed", async () => {
    const { upQueries } = await source.driver.createSchemaBuilder().log();
    expect(upQueries.map((query) => query.query)).toEqual([]);
  });

  test("is what schema/database.sql says", async () => {
    expect(await describeDatabase(database.url)).toBe(readFileSync("schema/database.sql", "utf8"));
  });

  test("can be taken back to nothing and made again", async () => {
    for (let count = 0; count < source.migrations.length; count++) await source.undoLastMigration({ transaction: "each" });
    expect(await describeDatabase(database.url)).not.toContain("CREATE TABLE");
    await source.runMigrations({ transaction: "each" });
    expect(await describeDatabase(database.url)).toBe(readFileSync("schema/database.sql", "utf8"));
  });
});
