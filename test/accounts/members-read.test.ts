import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { ADMIN, type Api, createApi, customer, externalIdOf, SERVICE } from "../support/api";

let api: Api;

beforeAll(async () => {
  api = await createApi();
});

afterAll(() => api.stop());

describe("members", () => {
  const PAGE =
    "query ($id: ID!, $first: Int, $after: String) { account(id: $id) { members(first: $first, after: $after) { edges { node { externalId account { id } } } pageInfo { endCursor hasNextPage } } } }";

  test("are listed in parts, and fetched by their ids, by those who may see the account", async () => {
    const team = await api.wallet();
    for (const member of ["ann", "bob", "cy"])
      await api.mutate("setMember", { externalId: externalIdOf(team), member, limits: [] }, "refusal { code }");
    const id = `acc_${team.accountId.replaceAll("-", "")}`;
    type Answer = { account: { members: { edges: object[]; pageInfo: { endCursor: string } } } };
    const first = await api.ask<Answer>(PAGE, { id, first: 2 }, SERVICE);
    expect(first).toMatchObject({
      account: { members: { edges: [{ node: { externalId: "ann", account: { id } } }, { node: { externalId: "bob" } }] } },
    });
    const after = first.account.members.pageInfo.endCursor;
    expect(await api.ask(PAGE, { id, first: 2, after }, ADMIN)).toMatchObject({
      account: { members: { edges: [{ node: { externalId: "cy" } }], pageInfo: { hasNextPage: false } } },
    });
    const node = (identity: typeof ADMIN) =>
      api.ask(
        "query ($id: ID!) { node(id: $id) { id ... on Member { externalId } } }",
        { id: id.replace("acc", "mem").concat("_2") },
        identity,
      );
    expect(await node(customer(team.accountId))).toMatchObject({ node: { externalId: "bob" } });
    expect(await node(customer((await api.wallet()).accountId))).toEqual({ node: null });
  });
});
