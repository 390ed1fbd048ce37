import { describe, expect, test } from "@jest/globals";
import { examples } from "../../../graphiql/examples";
import { Documents, type Verdict } from "../../../src/platform/graphql/documents";
import { DEFAULT_LIMITS } from "../../../src/platform/limits";
import { buildTrancheSchema } from "../../../src/schema";

const documents = new Documents(buildTrancheSchema(), DEFAULT_LIMITS, { count: () => undefined });

function judge(query: string, variables: Readonly<Record<string, unknown>> = {}): Verdict {
  return documents.judge({ query, variables, operationName: null });
}

/** The cost of a document that is let through; the reasons of one that is not. */
function costOf(query: string, variables?: Readonly<Record<string, unknown>>): number | readonly string[] {
  const verdict = judge(query, variables);
  return verdict.ok ? verdict.cost : verdict.errors.map((error) => error.message);
}

const BATCH = (fields: string) => `mutation ($input: [SpendInput!]!) { spendBatch(input: $input) { ${fields} } }`;
const THOUSAND = {
  input: Array.from({ length: 1000 }, (_, index) => ({ walletId: "wal_1", amount: "1", idempotencyKey: `${index}` })),
};
const DETAILS = `replayed shortfall refusal { code message } transaction { id sequence amount balanceAfter { available }
  entries { grant { id } from to amount reason } } wallet { id balance { available } }`;

describe("what the API costs", () => {
  test("a thousand spends can be asked for in detail", () => {
    expect(costOf(BATCH(DETAILS), THOUSAND)).toBeLessThan(DEFAULT_LIMITS.cost);
  });

  test("but not each with its wallet's history", () => {
    const fields = "wallet { transactions(first: 100) { edges { node { id } } } }";
    expect(costOf(BATCH(fields), THOUSAND)).toEqual([expect.stringContaining("The operation costs")]);
  });

  test("a page of explained transactions is affordable, a page of everything explained for every account is not", () => {
    const page = "transactions(first: 50) { edges { node { id explanation { candidates { rank reason } } } } }";
    expect(costOf(`{ wallet(id: "wal_1") { ${page} } }`)).toBeLessThan(DEFAULT_LIMITS.cost);
    expect(costOf(`{ accounts(first: 50) { edges { node { wallets { ${page} } } } } }`)).toEqual([
      expect.stringContaining("The operation costs"),
    ]);
  });

  test.each(examples(null, "test"))("GraphiQL's example %# fits the schema and its limits", ({ query, variables }) => {
    expect(costOf(query, JSON.parse(variables))).toBeLessThan(1000);
  });
});
