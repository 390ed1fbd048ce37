import { expect, test } from "@jest/globals";
import { failedAudits } from "../../support/http-audits";
import { startToyServer } from "../../support/toy-server";

test("the server does all that GraphQL over HTTP says it must and should", async () => {
  const server = await startToyServer();
  expect(await failedAudits(server.url, "Bearer admin")).toEqual([]);
  await server.stop();
});
