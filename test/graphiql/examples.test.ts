import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { buildSchema, parse, validate } from "graphql";
import { getVariableValues } from "graphql/execution/values";
import { type DemoFacts, examples } from "../../graphiql/examples";

const DEMO: DemoFacts = { adminKey: "admin", serviceKey: "service", customerToken: "token", walletId: "wal_1" };
const schema = buildSchema(readFileSync(join(__dirname, "../../schema/schema.graphql"), "utf8"));

describe("the examples that GraphiQL opens with", () => {
  test.each(
    examples(DEMO, "1").map((example) => [/(?:query|mutation|subscription) (\w+)/.exec(example.query)?.[1], example] as const),
  )("%s fits the schema, and so do its variables", (_name, example) => {
    const document = parse(example.query);
    expect(validate(schema, document)).toEqual([]);
    const [operation] = document.definitions;
    if (operation?.kind !== "OperationDefinition") throw new Error("an example is one operation");
    const { errors } = getVariableValues(schema, operation.variableDefinitions ?? [], JSON.parse(example.variables));
    expect(errors).toBeUndefined();
    expect(example.headers).toMatch(/"authorization": "Bearer (admin|service|token)"/);
  });

  test("have keys of their own at each visit, so that the first run is no replay", () => {
    expect(examples(DEMO, "1")[1]?.variables).not.toBe(examples(DEMO, "2")[1]?.variables);
  });

  test("mark what is to be filled in where there is no demo", () => {
    const [balance] = examples(null, "1");
    expect([balance?.variables, balance?.headers].join()).toMatch(/<a wallet id>.*<a customer's token>/s);
  });
});
