import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { createTestDatabase, type TestDatabase } from "../support/database";
import { failedAudits } from "../support/http-audits";
import { type Demo, type ServerProcess, startServerProcess } from "./server-process";

let database: TestDatabase;
let server: ServerProcess;

beforeAll(async () => {
  database = await createTestDatabase();
  server = await startServerProcess({ DATABASE_URL: database.url, DEMO: "true" });
});

afterAll(async () => {
  await server.stop();
  await database.drop();
});

test.each<keyof Demo>(["adminKey", "serviceKey", "customerToken"])(
  "the server does all that GraphQL over HTTP says it must and should, for the %s",
  async (credential) => {
    expect(await failedAudits(server.demo.url, `Bearer ${server.demo[credential]}`)).toEqual([]);
  },
);
