import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { type Api, createApi, SERVICE } from "../../support/api";

let api: Api;
let sent: string[] = [];

beforeAll(async () => {
  api = await createApi();
  count();
});

afterAll(() => api.stop());

/** Notes every statement that reaches the database, by whatever road. */
function count(): void {
  const { pool } = api.core;
  pool.on("acquire", (client) => {
    if ("counted" in client) return;
    const query = client.query.bind(client);
    Object.assign(client, {
      counted: true,
      query: (...given: Parameters<typeof query>) => {
        const [statement] = given as unknown as [string | { readonly name?: string; readonly text: string }];
        sent.push(typeof statement === "string" ? statement : (statement.name ?? statement.text));
        return query(...given);
      },
    });
  });
}

async function statementsOf(query: string, variables: object): Promise<readonly string[]> {
  sent = [];
  await api.ask(query, variables);
  return [...sent];
}

let keys = 0;

async function usedWallet(spends: number): Promise<string> {
  const { id } = await api.wallet("5", "1000");
  for (let index = 0; index < spends; index++) {
    const input = { walletId: id, amount: "1", idempotencyKey: `key-${++keys}` };
    await api.mutate(index % 3 === 0 ? "holdCredits" : "spend", input, "replayed", SERVICE);
  }
  return id;
}

const NESTED = `query ($id: ID!) { wallet(id: $id) {
  transactions(first: 50) { edges { node { id wallet { id balance { available } } hold { id transaction { id } }
    entries { reason grant { id wallet { id } createdBy { id } } transaction { id } } } } }
  holds(first: 50) { edges { node { id wallet { id } transaction { id } entries { grant { id } reason } } } }
  grants(first: 50) { edges { node { id origin { id } createdBy { id entries { grant { id } } } } } } } }`;

test("a nested list sends as many statements for forty elements as for four", async () => {
  const few = await statementsOf(NESTED, { id: await usedWallet(4) });
  const many = await statementsOf(NESTED, { id: await usedWallet(40) });
  expect(new Set(many)).toEqual(new Set(few));
  // What is asked for in two turns of the event loop is read twice: how the turns fall differs, but not with the length.
  expect(Math.abs(many.length - few.length)).toBeLessThanOrEqual(4);
  expect(many.length).toBeLessThan(45);
});

test("many nodes of many wallets are read together", async () => {
  const wallets = [await usedWallet(3), await usedWallet(3), await usedWallet(3)];
  const ids = wallets.flatMap((id) => [
    id,
    `${id.replace("wal", "gr")}_1`,
    `${id.replace("wal", "txn")}_4`,
    `${id.replace("wal", "hold")}_3`,
  ]);
  const query = `query ($ids: [ID!]!) { nodes(ids: $ids) { id ... on Transaction { entries { grant { id } reason } } ... on Grant { wallet { id } } } }`;
  const few = await statementsOf(query, { ids: ids.slice(0, 4) });
  const many = await statementsOf(query, { ids });
  expect(many.toSorted()).toEqual(few.toSorted());
});

test("the payload of a spend is answered from memory: nothing is read again", async () => {
  const id = await usedWallet(3);
  const plain = `mutation ($input: SpendInput!) { spend(input: $input) { replayed } }`;
  const full = `mutation ($input: SpendInput!) { spend(input: $input) { transaction { id balanceAfter { available } wallet { id }
    entries { reason grant { id available wallet { balance { available } } } } } wallet { balance { available } } grants { id wallet { id } } } }`;
  const input = () => ({ walletId: id, amount: "1", idempotencyKey: `key-${++keys}` });
  const expected = await statementsOf(plain, { input: input() });
  expect(await statementsOf(full, { input: input() })).toEqual(expected);
});
