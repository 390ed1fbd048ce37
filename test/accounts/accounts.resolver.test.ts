import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { GraphQLSchema } from "graphql";
import { accountId, parseAccountId } from "../../src/accounts/account";
import { formatInstant } from "../../src/core/time";
import { fieldsWithoutRule } from "../../src/platform/graphql/access";
import { uuidv7 } from "../../src/platform/ids";
import { openWallet } from "../../src/wallet/open";
import { addCreditType, createTestCore, type TestCore } from "../support/core";
import { createTestDatabase, type TestDatabase } from "../support/database";
import { OPERATOR } from "../support/operator";
import { ADMIN, type Ask, accountsSchema, asker, customer, NODES, SERVICE } from "./asking";

let database: TestDatabase;
let core: TestCore;
let schema: GraphQLSchema;
let ask: Ask;

beforeAll(async () => {
  database = await createTestDatabase();
  core = await createTestCore(database.url);
  schema = accountsSchema();
  ask = asker(core, schema);
});

afterAll(async () => {
  await core.stop();
  await database.drop();
});

const CREATE = `mutation ($input: CreateAccountInput!) {
  createAccount(input: $input) {
    created account { id externalId name timeZone metadata createdAt }
    refusal { __typename code message ... on AlreadyExists { field } }
  }
}`;

async function newAccount(input: object): Promise<{ readonly id: string; readonly externalId: string }> {
  const { data, errors } = await ask(CREATE, { input });
  expect(errors).toEqual([]);
  return JSON.parse(JSON.stringify(data["createAccount"]?.["account"]));
}

test("every field has a rule", () => {
  expect(fieldsWithoutRule(schema).filter((name) => /^(Account|ApiKey|Viewer|.*ApiKeyPayload|CreateAccount)/.test(name))).toEqual(
    [],
  );
  expect(fieldsWithoutRule(schema).filter((name) => /^(Query|Mutation)\./.test(name))).toEqual([]);
});

describe("createAccount", () => {
  test("answers the account, and the same again for the same input", async () => {
    const input = { externalId: "ada", name: "Ada", timeZone: "Europe/Berlin", metadata: { plan: "pro" } };
    const { data } = await ask(CREATE, { input });
    expect(data).toMatchObject({ createAccount: { created: true, account: input, refusal: null } });
    expect((await ask(CREATE, { input })).data).toMatchObject({
      createAccount: { created: false, account: { id: data["createAccount"]?.["account"]?.["id"] } },
    });
  });

  test("refuses an external id that another account has", async () => {
    await newAccount({ externalId: "taken" });
    const { data } = await ask(CREATE, { input: { externalId: "taken", name: "Other" } });
    const refusal = { __typename: "AlreadyExists", code: "ALREADY_EXISTS", field: "externalId" };
    expect(data).toMatchObject({ createAccount: { created: false, account: null, refusal } });
  });

  test("answers accounts that were made with white space around their external ids before", async () => {
    const input = { externalId: "spaced", name: "Old" };
    await newAccount(input);
    await core.pool.query("UPDATE accounts SET external_id = 'spaced ' WHERE external_id = 'spaced'");
    await core.pool.query("UPDATE account_external_ids SET external_id = 'spaced ' WHERE external_id = 'spaced'");
    const { data } = await ask(CREATE, { input: { ...input, externalId: "spaced " } });
    expect(data).toMatchObject({ createAccount: { created: false, account: { externalId: "spaced " }, refusal: null } });
  });

  test.each<[string, object, string]>([
    ["no external id", { externalId: "" }, "externalId"],
    ["an external id of 256 characters", { externalId: "x".repeat(256) }, "externalId"],
    ["NUL in the external id", { externalId: "a\0b" }, "externalId"],
    ["half of a surrogate pair in the external id", { externalId: "\ud800" }, "externalId"],
    ["white space around the external id", { externalId: " ada" }, "externalId"],
    ["an external id of white space", { externalId: "\t" }, "externalId"],
    ["a line break in the external id", { externalId: "a\nb" }, "externalId"],
    ["NUL in the name", { externalId: "good", name: "n\0" }, "name"],
    ["an empty name", { externalId: "good", name: "" }, "name"],
    ["a time zone of another planet", { externalId: "good", timeZone: "Mars/Olympus" }, "timeZone"],
  ])("says where the mistake is: %s", async (_, input, field) => {
    const { errors } = await ask(CREATE, { input });
    expect(errors[0]?.extensions).toMatchObject({ code: "BAD_USER_INPUT", inputPath: ["input", field] });
  });
});

describe("account", () => {
  const BY_ID = "query ($id: ID) { account(id: $id) { externalId } }";
  const BY_EXTERNAL_ID = "query ($externalId: String) { account(externalId: $externalId) { id } }";

  test("is found by either id", async () => {
    const { id } = await newAccount({ externalId: "found" });
    for (const identity of [ADMIN, SERVICE, customer(id)]) {
      expect((await ask(BY_ID, { id }, identity)).data).toEqual({ account: { externalId: "found" } });
      expect((await ask(BY_EXTERNAL_ID, { externalId: "found" }, identity)).data).toEqual({ account: { id } });
    }
  });

  test("is null for a customer by any road, unless it is its own: absent, foreign and malformed look the same", async () => {
    const own = await newAccount({ externalId: "own" });
    const foreign = await newAccount({ externalId: "foreign" });
    const asked = customer(own.id);
    const absent = accountId(uuidv7(core.clock.now()));
    const bad = [absent, foreign.id, "", "acc_", "acc_zz", foreign.id.toUpperCase(), `${foreign.id}_1`, "wal_1", "' OR 1=1 --"];
    for (const id of bad) {
      expect(await ask(BY_ID, { id }, asked)).toEqual({ data: { account: null }, codes: [], errors: [] });
      expect(await ask(NODES, { ids: [id, own.id] }, asked)).toMatchObject({
        data: { nodes: [null, { externalId: "own" }] },
        codes: [],
      });
    }
    for (const externalId of ["foreign", "nobody"]) {
      expect(await ask(BY_EXTERNAL_ID, { externalId }, asked)).toEqual({ data: { account: null }, codes: [], errors: [] });
    }
  });

  test("needs one of both ids", async () => {
    expect((await ask("{ account { id } }")).codes).toEqual(["BAD_USER_INPUT"]);
    expect((await ask('{ account(id: "acc_1", externalId: "x") { id } }')).codes).toEqual(["BAD_USER_INPUT"]);
  });

  test("shows its wallets, and a wallet its account, with as many statements for many as for one", async () => {
    const types = [await addCreditType(core.pool, "first"), await addCreditType(core.pool, "second")];
    const ids: string[] = [];
    for (const externalId of ["w-1", "w-2", "w-3"]) {
      const { id } = await newAccount({ externalId });
      ids.push(id);
      for (const type of types) await openWallet(core, parseAccountId(id) ?? "", type, OPERATOR);
    }
    const document =
      'query ($first: Int) { accounts(search: "w-", first: $first) { edges { node { id wallets { id account { id } } } } } }';
    // Credit types and their units are read once, and remembered.
    await ask(document, { first: 1 });
    const one = await countStatements(() => ask(document, { first: 1 }));
    const three = await countStatements(() => ask(document, { first: 3 }));
    expect([one.result.errors, three.result.errors]).toEqual([[], []]);
    expect(three.count).toBe(one.count);
    const nodes = [0, 1, 2].map((index) => three.result.data["accounts"]?.["edges"]?.[index]?.["node"]);
    expect(nodes.map((node) => node?.["id"])).toEqual(ids.toReversed());
    for (const node of nodes) {
      const account = { id: node?.["id"] };
      expect(node?.["wallets"]).toMatchObject([{ account }, { account }]);
    }
  });
});

describe("accounts", () => {
  const PAGE = `query ($first: Int, $after: String, $last: Int, $before: String, $search: String) {
    accounts(first: $first, after: $after, last: $last, before: $before, search: $search) {
      edges { cursor node { externalId } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    }
  }`;

  async function page(variables: object) {
    const { data, errors } = await ask(PAGE, { search: "list-", ...variables });
    expect(errors).toEqual([]);
    const { edges, pageInfo } = (data as unknown as { accounts: AccountsPage }).accounts;
    return { names: edges.map((edge) => edge.node.externalId), ...pageInfo };
  }

  test("are listed newest first, page by page, from either end, and nothing is skipped when some are added meanwhile", async () => {
    for (let number = 1; number <= 5; number++) await newAccount({ externalId: `list-${number}` });
    const first = await page({ first: 2 });
    expect(first).toMatchObject({ names: ["list-5", "list-4"], hasNextPage: true, hasPreviousPage: false });
    await newAccount({ externalId: "list-6" });
    const second = await page({ first: 2, after: first.endCursor });
    expect(second).toMatchObject({ names: ["list-3", "list-2"], hasNextPage: true, hasPreviousPage: true });
    expect(await page({ first: 2, after: second.endCursor })).toMatchObject({ names: ["list-1"], hasNextPage: false });
    expect(await page({ last: 2 })).toMatchObject({ names: ["list-2", "list-1"], hasPreviousPage: true, hasNextPage: false });
    expect(await page({ last: 2, before: second.startCursor })).toMatchObject({
      names: ["list-5", "list-4"],
      hasPreviousPage: true,
    });
  });

  test.each([
    { first: 0 },
    { first: 101 },
    { last: -1 },
    { first: 1, last: 1 },
    { after: "x" },
    { before: "" },
    { search: "a\0" },
    { search: "" },
  ])("say what is wrong with %j", async (variables) => {
    expect((await ask(PAGE, variables)).codes).toEqual(["BAD_USER_INPUT"]);
  });

  test("and new ones are for the operator only", async () => {
    const { id } = await newAccount({ externalId: "mere-customer" });
    for (const identity of [SERVICE, customer(id)]) {
      expect((await ask("{ accounts { edges { cursor } } }", {}, identity)).codes).toEqual(["FORBIDDEN"]);
      expect((await ask(CREATE, { input: { externalId: "x" } }, identity)).codes).toEqual(["FORBIDDEN"]);
    }
  });
});

describe("viewer", () => {
  const VIEWER = "{ viewer { role actor app expiresAt account { externalId } } }";

  test("says who asks", async () => {
    const { id } = await newAccount({ externalId: "me" });
    const expiresAt = core.clock.now();
    expect((await ask(VIEWER, {}, { ...customer(id), expiresAt })).data).toEqual({
      viewer: { role: "CUSTOMER", actor: id, app: null, expiresAt: formatInstant(expiresAt), account: { externalId: "me" } },
    });
    expect((await ask(VIEWER, {}, { ...SERVICE, app: "app-1" })).data).toEqual({
      viewer: { role: "SERVICE", actor: "test", app: "app-1", expiresAt: null, account: null },
    });
  });
});

interface AccountsPage {
  readonly edges: readonly { readonly cursor: string; readonly node: { readonly externalId: string } }[];
  readonly pageInfo: {
    readonly hasNextPage: boolean;
    readonly hasPreviousPage: boolean;
    readonly startCursor: string | null;
    readonly endCursor: string | null;
  };
}

/** How many statements are sent to the database meanwhile. */
async function countStatements<T>(work: () => Promise<T>): Promise<{ readonly count: number; readonly result: T }> {
  const { query, connect } = core.pool;
  let count = 0;
  core.pool.query = ((...given: Parameters<typeof query>) => {
    count++;
    return query.apply(core.pool, given);
  }) as typeof query;
  core.pool.connect = ((...given: Parameters<typeof connect>) => {
    count++;
    return connect.apply(core.pool, given);
  }) as typeof connect;
  try {
    return { result: await work(), count };
  } finally {
    core.pool.query = query;
    core.pool.connect = connect;
  }
}
