import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { type Api, createApi, externalIdOf, SERVICE } from "../../support/api";
import { at } from "../../support/core";

let api: Api;

beforeAll(async () => {
  api = await createApi();
});

afterAll(() => api.stop());

let keys = 0;
const unused = () => `key-${++keys}`;

async function granted(walletId: string, given: object): Promise<string> {
  const input = { walletId, kind: "PROMO", amount: "10", idempotencyKey: unused(), ...given };
  return (await api.mutate<{ grant: { id: string } }>("grantCredits", input, "grant { id }")).grant.id;
}

async function spent(walletId: string, amount: string, given: object = {}): Promise<string> {
  const input = { walletId, amount, idempotencyKey: unused(), ...given };
  return (await api.mutate<{ transaction: { id: string } }>("spend", input, "transaction { id }", SERVICE)).transaction.id;
}

/** Asks for fields of a wallet. */
async function ofWallet<Data>(id: string, fields: string, variables: object = {}, declared = ""): Promise<Data> {
  const answer = await api.ask<{ wallet: Data }>(`query ($id: ID! ${declared}) { wallet(id: $id) { ${fields} } }`, {
    id,
    ...variables,
  });
  return answer.wallet;
}

interface Page {
  readonly edges: readonly { readonly cursor: string; readonly node: { readonly id: string; readonly sequence?: string } }[];
  readonly pageInfo: {
    readonly hasNextPage: boolean;
    readonly hasPreviousPage: boolean;
    readonly startCursor: string;
    readonly endCursor: string;
  };
}

describe("a wallet", () => {
  test("is found by its id and by the account's external id, and shows what it holds", async () => {
    const key = await api.wallet("10");
    await granted(key.id, { amount: "2.5" });
    await granted(key.id, { amount: "3", effectiveAt: "2026-06-01T00:00:00Z" });
    const fields = `id sequence creditType { name policy { version } } policy { keys } account { externalId }
      balance { available held pending debt overdraft spendable byKind { kind available } }`;
    const query = `query ($id: ID!, $externalId: String!) {
      wallet(id: $id) { ${fields} } walletOf(externalId: $externalId, creditType: "credits") { ${fields} } }`;
    const wallet = {
      id: key.id,
      sequence: "3",
      creditType: { name: "credits", policy: { version: 1 } },
      policy: { keys: ["PRIORITY", "EXPIRY", "KIND", "SCOPE", "EFFECTIVE"] },
      account: { externalId: expect.any(String) },
      balance: {
        available: "12.5",
        held: "0",
        pending: "3",
        debt: "0",
        overdraft: "0",
        spendable: "12.5",
        byKind: [
          { kind: "PROMO", available: "2.5" },
          { kind: "PURCHASED", available: "10" },
        ],
      },
    };
    expect(await api.ask(query, { id: key.id, externalId: externalIdOf(key) })).toEqual({ wallet, walletOf: wallet });
  });

  test("is judged by time: what has expired or begun counts, whether or not it is written yet", async () => {
    const { id } = await api.wallet();
    const dying = await granted(id, { amount: "10", expiresAt: "2026-01-01T01:00:00Z" });
    const coming = await granted(id, { amount: "4", effectiveAt: "2026-01-01T02:00:00Z" });
    const fields = "sequence balance { available pending } grants { edges { node { id status available pending expired } } }";
    const before = await ofWallet(id, fields);
    expect(before).toMatchObject({ balance: { available: "10", pending: "4" } });
    const start = api.core.clock.now();
    api.core.clock.set(at("2026-01-01T03:00:00Z"));
    const after = await ofWallet(id, fields);
    api.core.clock.set(start);
    expect(after).toEqual({
      sequence: "2",
      balance: { available: "4", pending: "0" },
      grants: {
        edges: [
          { node: { id: coming, status: "ACTIVE", available: "4", pending: "0", expired: "0" } },
          { node: { id: dying, status: "EXPIRED", available: "0", pending: "0", expired: "10" } },
        ],
      },
    });
  });

  test("tells its balance at any instant, past and to come", async () => {
    const { id } = await api.wallet();
    await granted(id, { amount: "10", expiresAt: "2026-05-01T00:00:00Z" });
    const times =
      "past: balanceAt(time: $past) { available } present: balanceAt(time: $now) { available } later: balanceAt(time: $later) { available }";
    const variables = { past: "2020-01-01T00:00:00Z", now: "2026-01-01T00:00:00Z", later: "2026-05-01T00:00:00Z" };
    expect(await ofWallet(id, times, variables, ", $past: DateTime!, $now: DateTime!, $later: DateTime!")).toEqual({
      past: { available: "0" },
      present: { available: "10" },
      later: { available: "0" },
    });
  });

  test("adds up its usage by what is asked for", async () => {
    const { id } = await api.wallet("100");
    await spent(id, "3", { operation: "image", app: "painter", occurredAt: "2025-12-30T10:00:00Z" });
    await spent(id, "4", { operation: "image", app: "writer" });
    await spent(id, "5", { operation: "text" });
    const span = 'from: "2025-12-01T00:00:00Z", to: "2026-02-01T00:00:00Z"';
    const fields = `all: usage(${span}, groupBy: []) { amount count start operation }
      byOperation: usage(${span}, groupBy: [OPERATION]) { operation amount count }
      byMonth: usage(${span}, groupBy: [], interval: MONTH) { start amount }`;
    expect(await ofWallet(id, fields)).toEqual({
      all: [{ amount: "12", count: 3, start: null, operation: null }],
      byOperation: [
        { operation: "image", amount: "7", count: 2 },
        { operation: "text", amount: "5", count: 1 },
      ],
      byMonth: [
        { start: "2025-12-01T00:00:00.000Z", amount: "3" },
        { start: "2026-01-01T00:00:00.000Z", amount: "9" },
      ],
    });
    const query = (args: string) => `{ wallet(id: "${id}") { usage(${args}, groupBy: []) { amount } } }`;
    expect(await api.errors(query('from: "2026-02-01T00:00:00Z", to: "2026-02-01T00:00:00Z"'))).toEqual(["BAD_USER_INPUT to"]);
    expect(await api.errors(query('from: "2020-02-01T00:00:00Z", to: "2026-02-01T00:00:00Z", interval: HOUR'))).toEqual([
      "BAD_USER_INPUT interval",
    ]);
  });
});

describe("lists", () => {
  const PAGE = "edges { cursor node { id } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor }";

  test("of transactions go forwards and backwards, and neither skip nor repeat when the history grows", async () => {
    const { id } = await api.wallet("100");
    for (let count = 0; count < 9; count++) await spent(id, "1");
    const page = (args: string) =>
      ofWallet<{ transactions: Page }>(id, `transactions(${args}) { ${PAGE.replace("id }", "id sequence }")} }`);
    const sequences = ({ transactions }: { transactions: Page }) => transactions.edges.map(({ node }) => Number(node.sequence));
    const first = await page("first: 4");
    expect(sequences(first)).toEqual([1, 2, 3, 4]);
    expect(first.transactions.pageInfo).toMatchObject({ hasNextPage: true, hasPreviousPage: false });
    const last = await page("last: 3");
    expect(sequences(last)).toEqual([8, 9, 10]);
    expect(last.transactions.pageInfo).toMatchObject({ hasNextPage: false, hasPreviousPage: true });
    await spent(id, "1");
    const earlier = await page(`last: 3, before: "${last.transactions.pageInfo.startCursor}"`);
    expect(sequences(earlier)).toEqual([5, 6, 7]);
    expect(sequences(await page(`first: 4, after: "${first.transactions.pageInfo.endCursor}"`))).toEqual([5, 6, 7, 8]);
    expect(sequences(await page(`first: 4, after: "${last.transactions.pageInfo.endCursor}"`))).toEqual([11]);
    expect(sequences(await page("first: 100"))).toHaveLength(11);
  });

  test("of transactions are filtered by type, operation, app, time and amount", async () => {
    const { id } = await api.wallet("100");
    await spent(id, "1", { operation: "image", app: "painter" });
    await spent(id, "20", { operation: "text" });
    await api.mutate("adjustBalance", { walletId: id, amount: "-30", reason: "mistake", idempotencyKey: unused() }, "replayed");
    const found = async (filter: object) => {
      const fields = "transactions(filter: $filter) { edges { node { sequence } } }";
      const { transactions } = await ofWallet<{ transactions: Page }>(id, fields, { filter }, ", $filter: TransactionFilter");
      return transactions.edges.map(({ node }) => Number(node.sequence));
    };
    expect(await found({})).toEqual([1, 2, 3, 4]);
    expect(await found({ type: ["SPEND", "ADJUST"] })).toEqual([2, 3, 4]);
    expect(await found({ operation: "image" })).toEqual([2]);
    expect(await found({ app: "painter" })).toEqual([2]);
    expect(await found({ minimum: "20" })).toEqual([1, 3, 4]);
    expect(await found({ from: "2026-01-01T00:00:00Z", to: "2026-01-02T00:00:00Z" })).toEqual([1, 2, 3, 4]);
    expect(await found({ to: "2026-01-01T00:00:00Z" })).toEqual([]);
  });

  test("of grants come as the waterfall would take them, or as they were made", async () => {
    const { id } = await api.wallet();
    const never = await granted(id, {});
    const soon = await granted(id, { expiresAt: "2026-02-01T00:00:00Z" });
    const urgent = await granted(id, { priority: 1 });
    const ids = async (args: string) => {
      const { grants } = await ofWallet<{ grants: Page }>(id, `grants(${args}) { ${PAGE} }`);
      return grants.edges.map(({ node }) => node.id);
    };
    expect(await ids("first: 10")).toEqual([urgent, soon, never]);
    expect(await ids("first: 10, order: CREATED")).toEqual([never, soon, urgent]);
    await spent(id, "10");
    expect(await ids("first: 10")).toEqual([soon, never, urgent]);
    expect(await ids("first: 10, status: [ACTIVE]")).toEqual([soon, never]);
    expect(await ids("first: 10, status: [EXHAUSTED]")).toEqual([urgent]);
    expect(await ids("first: 10, kind: [PLAN]")).toEqual([]);
    const { grants } = await ofWallet<{ grants: Page }>(id, `grants(first: 1) { ${PAGE} }`);
    expect(await ids(`first: 1, after: "${grants.pageInfo.endCursor}"`)).toEqual([never]);
  });

  test("of holds are filtered by status, as time judges it", async () => {
    const { id } = await api.wallet("10");
    const input = { walletId: id, amount: "1", expiresIn: "PT1H", idempotencyKey: unused() };
    await api.mutate("holdCredits", input, "replayed", SERVICE);
    const statuses = () =>
      ofWallet(
        id,
        "holds(status: [OPEN]) { edges { node { status } } } ended: holds(status: [EXPIRED]) { edges { node { status } } }",
      );
    const open = { holds: { edges: [{ node: { status: "OPEN" } }] }, ended: { edges: [] } };
    expect(await statuses()).toEqual(open);
    const start = api.core.clock.now();
    api.core.clock.set(start + 3_600_000_000n);
    const later = await statuses();
    api.core.clock.set(start);
    expect(later).toEqual({ holds: { edges: [] }, ended: { edges: [{ node: { status: "EXPIRED" } }] } });
  });

  test("of a grant's entries tell every move with the reason and the transaction", async () => {
    const { id } = await api.wallet("10");
    const transactionId = await spent(id, "4");
    const fields =
      "grants { edges { node { entries(first: 2) { edges { node { id from to amount reason transaction { id type } } } } } } }";
    const wallet = await ofWallet<{ grants: { edges: { node: { entries: { edges: { node: object }[] } } }[] } }>(id, fields);
    expect(wallet.grants.edges[0]?.node.entries.edges.map(({ node }) => node)).toMatchObject([
      { from: "ISSUED", to: "AVAILABLE", amount: "10", reason: "granted", transaction: { type: "GRANT" } },
      {
        from: "AVAILABLE",
        to: "CONSUMED",
        amount: "4",
        reason: "the only eligible grant left",
        transaction: { id: transactionId },
      },
    ]);
  });

  test("refuse sizes and cursors that are none", async () => {
    const { id } = await api.wallet("10");
    const errors = (args: string) => api.errors(`{ wallet(id: "${id}") { transactions(${args}) { edges { cursor } } } }`);
    expect(await errors("first: 0")).toEqual(["BAD_USER_INPUT first"]);
    expect(await errors("first: 101")).toEqual(["BAD_USER_INPUT first"]);
    expect(await errors("last: -1")).toEqual(["BAD_USER_INPUT last"]);
    expect(await errors("first: 1, last: 1")).toEqual(["BAD_USER_INPUT last"]);
    expect(await errors('after: "nonsense"')).toEqual(["BAD_USER_INPUT after"]);
    const { grants } = await ofWallet<{ grants: Page }>(id, `grants { ${PAGE} }`);
    expect(await errors(`after: "${grants.pageInfo.endCursor}"`)).toEqual(["BAD_USER_INPUT after"]);
  });
});

describe("a transaction", () => {
  const SHOWN = `type effectiveAt recordedAt hash previousHash balanceAfter { available } relatesTo { id } hold { id }
    explanation { policy { version } shortfall candidates { rank available allocated reason grant { id } keys { key value rank } }
      rejected { reason grant { id } } }`;
  const shown = <Data>(id: string) =>
    api.ask<{ node: Data }>(`query ($id: ID!) { node(id: $id) { ... on Transaction { ${SHOWN} } } }`, { id });

  test("explains who could pay, in which order and why, and who could not", async () => {
    const { id } = await api.wallet();
    const images = await granted(id, { scope: { operations: ["image.*"] }, amount: "5" });
    const texts = await granted(id, { scope: { operations: ["text"] } });
    const late = await granted(id, { effectiveAt: "2026-09-01T00:00:00Z" });
    const voided = await granted(id, {});
    const paid = await granted(id, { kind: "PURCHASED" });
    const transactionId = await spent(id, "8", { operation: "image.generate" });
    await api.mutate("voidGrant", { grantId: voided, reason: "later", idempotencyKey: unused() }, "replayed");
    const { node } = await shown<{ explanation: object }>(transactionId);
    expect(node.explanation).toEqual({
      policy: { version: 1 },
      shortfall: "0",
      candidates: [
        {
          rank: 1,
          available: "5",
          allocated: "5",
          reason: `restricted to image.* while ${voided} is unrestricted`,
          grant: { id: images },
          keys: [
            { key: "PRIORITY", value: "100", rank: 1 },
            { key: "EXPIRY", value: "never", rank: 1 },
            { key: "KIND", value: "PROMO", rank: 1 },
            { key: "SCOPE", value: "image.*", rank: 1 },
            { key: "EFFECTIVE", value: "2026-01-01T00:00:00.000Z", rank: 1 },
          ],
        },
        expect.objectContaining({
          rank: 2,
          allocated: "3",
          grant: { id: voided },
          reason: `promotional (PROMO) before paid (PURCHASED) of ${paid}`,
        }),
        expect.objectContaining({ rank: 3, allocated: "0", grant: { id: paid }, reason: "the only eligible grant left" }),
      ],
      rejected: [
        { reason: "OUT_OF_SCOPE", grant: { id: texts } },
        { reason: "NOT_YET_EFFECTIVE", grant: { id: late } },
      ],
    });
  });

  test("links to the one before it by hashes, and to what it follows up", async () => {
    const { id } = await api.wallet("10");
    const spend = await spent(id, "4");
    const refunded = await api.mutate<{ transaction: { id: string } }>(
      "refundSpend",
      { transactionId: spend, idempotencyKey: unused() },
      "transaction { id }",
    );
    const first = await shown<{ hash: string; previousHash: string }>(spend.replace(/_\d+$/, "_1"));
    const second = await shown<{ previousHash: string; hash: string }>(spend);
    const third = await shown<{ previousHash: string }>(refunded.transaction.id);
    expect(first.node.previousHash).toBe("0".repeat(64));
    expect(second.node.previousHash).toBe(first.node.hash);
    expect(third.node).toMatchObject({ previousHash: second.node.hash, relatesTo: { id: spend }, explanation: null, hold: null });
  });
});

describe("node and nodes", () => {
  test("fetch anything of a wallet by its id, and null for what is not there", async () => {
    const { id } = await api.wallet("10");
    const threshold = await api.mutate<{ threshold: { id: string } }>(
      "setAlertThreshold",
      { walletId: id, amount: "5" },
      "threshold { id }",
    );
    const held = await api.mutate<{ hold: { id: string } }>(
      "holdCredits",
      { walletId: id, amount: "6", idempotencyKey: unused() },
      "hold { id entries { amount } transaction { id } wallet { id } }",
    );
    const ids = [
      [id, "Wallet"],
      [id.replace("wal", "gr").concat("_1"), "Grant"],
      [id.replace("wal", "txn").concat("_2"), "Transaction"],
      [id.replace("wal", "ent").concat("_2_1"), "Entry"],
      [held.hold.id, "Hold"],
      [threshold.threshold.id, "AlertThreshold"],
      [id.replace("wal", "alr").concat("_1"), "Alert"],
      [`ct_${api.creditTypeId}`, "CreditType"],
      [id.replace("wal", "acc").replace(/_\d+$/, ""), "Account"],
    ] as const;
    const absent = [
      ...ids.flatMap(([known]) => [
        known.replace(/\d$/, "9999"),
        known.toUpperCase(),
        `${known}_1`,
        known.replace(/_[0-9a-f]{32}/, ""),
      ]),
      "",
      "nothing",
      `${id}_${"9".repeat(15)}`,
      id.replace("wal", "gr").concat("_99999999999"),
      id.replace("wal", "ent").concat("_1_99999999999"),
      id.replace(/_\d+$/, "_99999999999"),
      "ct_99999999999",
    ];
    const query = "query ($ids: [ID!]!) { nodes(ids: $ids) { id __typename } }";
    const { nodes } = await api.ask<{ nodes: unknown[] }>(query, { ids: ids.map(([known]) => known) });
    expect(nodes).toEqual(ids.map(([known, type]) => ({ id: known, __typename: type })));
    const missing = await api.ask<{ nodes: unknown[] }>(query, {
      ids: absent.filter((one) => !ids.some(([known]) => known === one)),
    });
    expect(missing.nodes.filter((node) => node !== null)).toEqual([]);
    expect(await api.errors(query, { ids: Array.from({ length: 101 }, () => id) })).toEqual(["BAD_USER_INPUT ids"]);
  });
});
