import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { ask, codes, post, startToyServer, type ToyServer } from "../../support/toy-server";

let server: ToyServer;

beforeAll(async () => {
  server = await startToyServer();
});

afterAll(() => server.stop());

describe("GraphQL over HTTP", () => {
  test("a query is answered", async () => {
    const { status, data, headers } = await ask(server, "{ hello role }");
    expect({ status, data }).toEqual({ status: 200, data: { hello: "world", role: "ADMIN" } });
    expect(headers.get("content-type")).toBe("application/graphql-response+json; charset=utf-8");
    expect(headers.get("cache-control")).toBe("no-store");
  });
});
