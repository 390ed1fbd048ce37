import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { audit } from "../../src/wallet";
import { type Api, createApi, customer, externalIdOf, SERVICE } from "../support/api";
import { at } from "../support/core";

const JANUARY = at("2026-01-15T12:00:00Z");
const FEBRUARY = at("2026-02-01T00:00:00Z");
const LIMIT = "creditType { name } operations amount interval used remaining resetsAt";
const MEMBER = `member { id externalId name removedAt limits { ${LIMIT} } } refusal { code message ... on NotFound { field } }`;
const SPENT = `transaction { id amount member { externalId } } shortfall refusal { code message ... on NotFound { field }
  ... on BudgetExceeded { member { externalId } limit { interval } required used remaining resetsAt } }`;

type Limits = readonly Readonly<Record<string, unknown>>[];
interface Answered {
  readonly member: { readonly id: string; readonly limits: Limits } | null;
  readonly refusal: object | null;
}
interface Spent {
  readonly transaction: { readonly id: string } | null;
  readonly hold?: { readonly id: string };
  readonly refusal: { readonly code: string } | null;
}

let api: Api;
let team: Awaited<ReturnType<Api["wallet"]>>;
let keys = 0;

beforeAll(async () => {
  api = await createApi();
});

afterAll(() => api.stop());

beforeEach(async () => {
  api.core.clock.set(JANUARY);
  team = await api.wallet("1000");
});

function set(limits: readonly object[] = [], given: object = {}): Promise<Answered> {
  const input = { externalId: externalIdOf(team), member: "ann", limits, ...given };
  return api.mutate("setMember", input, MEMBER);
}

function remove(member = "ann"): Promise<Answered> {
  return api.mutate("removeMember", { externalId: externalIdOf(team), member, reason: "has left" }, MEMBER);
}

function spend(amount: string, given: object = {}): Promise<Spent> {
  const input = { walletId: team.id, amount, member: "ann", idempotencyKey: `spend-${++keys}`, ...given };
  return api.mutate("spend", input, SPENT, SERVICE);
}

const credits = (amount: string, given: object = {}) => ({ creditType: "credits", amount, ...given });

async function limitsOf(member = "ann"): Promise<Limits> {
  const query = `query ($id: ID!) { account(id: $id) { members { edges { node { externalId limits { ${LIMIT} } } } } } }`;
  type Node = { readonly node: { readonly externalId: string; readonly limits: Limits } };
  type Answer = { account: { members: { edges: readonly Node[] } } };
  const id = `acc_${team.accountId.replaceAll("-", "")}`;
  const { account } = await api.ask<Answer>(query, { id }, customer(team.accountId));
  return account.members.edges.find(({ node }) => node.externalId === member)?.node.limits ?? [];
}

describe("setMember", () => {
  test("makes a member with limits, and shows what is used of them", async () => {
    const answer = await set([credits("100"), credits("5", { operations: ["image.*"], interval: "DAY" })], { name: "Ann" });
    expect(answer).toMatchObject({ member: { externalId: "ann", name: "Ann", removedAt: null }, refusal: null });
    await spend("3", { operation: "image.large" });
    await spend("10");
    expect(await limitsOf()).toEqual([
      {
        creditType: { name: "credits" },
        operations: [],
        amount: "100",
        interval: "MONTH",
        used: "13",
        remaining: "87",
        resetsAt: "2026-02-01T00:00:00.000Z",
      },
      expect.objectContaining({ operations: ["image.*"], used: "3", remaining: "2", resetsAt: "2026-01-16T00:00:00.000Z" }),
    ]);
  });

  test("has what is left out away, and keeps what was used of what stays", async () => {
    await set([credits("100"), credits("50", { interval: "DAY" })], { name: "Ann" });
    await spend("30");
    const { member } = await set([credits("20")]);
    expect(member).toMatchObject({ name: null, limits: [{ amount: "20", used: "30", remaining: "0", interval: "MONTH" }] });
    expect(member?.limits).toHaveLength(1);
  });

  test("begins a new limit with what the history says of its window, refunds and holds included", async () => {
    await set();
    const { transaction } = await spend("30", { operation: "chat" });
    await spend("7", { operation: "image" });
    await spend("500", { member: null });
    await api.mutate(
      "refundSpend",
      { transactionId: transaction?.id, amount: "10", idempotencyKey: `refund-${++keys}` },
      "replayed",
    );
    await api.mutate(
      "holdCredits",
      { walletId: team.id, amount: "5", member: "ann", expiresIn: "P1D", idempotencyKey: `hold-${++keys}` },
      SPENT,
    );
    const { member } = await set([credits("100"), credits("100", { operations: ["chat"], interval: "YEAR" })]);
    expect(member?.limits.map(({ used }) => used)).toEqual(["32", "20"]);
    expect(await audit(api.core.pool, team)).toEqual([]);
  });

  test("counts nothing of a window that is over", async () => {
    await set();
    await spend("30");
    api.core.clock.set(FEBRUARY);
    await spend("4");
    expect((await set([credits("100")])).member?.limits).toMatchObject([{ used: "4" }]);
    expect((await set([credits("100"), credits("100", { interval: "YEAR" })])).member?.limits).toMatchObject([
      { used: "4" },
      { used: "34" },
    ]);
  });

  test("writes to the audit log what was and what is; the same again changes nothing", async () => {
    const { member } = await set([credits("100")], { reason: "hired" });
    await set([credits("100")], { reason: "hired" });
    await set([credits("120", { operations: ["a", "b"] })]);
    await remove();
    const { rows } = await api.core.pool.query(
      "SELECT action, subject, before, after, reason FROM audit_log WHERE subject = $1 ORDER BY id",
      [member?.id],
    );
    const hired = {
      externalId: "ann",
      name: null,
      limits: [{ creditType: "ct_1", operations: [], amount: "100", interval: "MONTH" }],
    };
    const raised = { ...hired, limits: [{ ...hired.limits[0], operations: ["a", "b"], amount: "120" }] };
    expect(rows).toEqual([
      { action: "setMember", subject: member?.id, before: null, after: hired, reason: "hired" },
      { action: "setMember", subject: member?.id, before: hired, after: raised, reason: null },
      { action: "removeMember", subject: member?.id, before: raised, after: null, reason: "has left" },
    ]);
  });

  test("refuses what is not there, and leaves nothing behind", async () => {
    expect(await set([], { externalId: "nobody" })).toMatchObject({
      member: null,
      refusal: { code: "NOT_FOUND", field: "externalId" },
    });
    expect(await set([credits("1", { creditType: "gems" })])).toMatchObject({
      refusal: { code: "NOT_FOUND", field: "creditType" },
    });
    await api.mutate("createCreditType", { name: "unopened" }, "created");
    expect(await set([credits("1", { creditType: "unopened" })])).toMatchObject({
      refusal: { field: "creditType", message: expect.stringContaining("openWallet") },
    });
    expect(await remove()).toMatchObject({ refusal: { code: "NOT_FOUND", field: "member" } });
    expect(await spend("1")).toMatchObject({ refusal: { code: "NOT_FOUND", field: "member" } });
  });

  test.each<[string, object, string]>([
    ["no name for the person", { member: "" }, "input member"],
    ["an empty name", { name: "" }, "input name"],
    ["a negative limit", { limits: [credits("-1")] }, "input limits 0 amount"],
    ["a pattern with a star within", { limits: [credits("1", { operations: ["a*b"] })] }, "input limits 0 operations 0"],
    ["the same limit twice", { limits: [credits("1"), credits("2")] }, "input limits 1"],
    [
      "too many limits",
      { limits: Array.from({ length: 21 }, (_, index) => credits("1", { operations: [`${index}`] })) },
      "input limits",
    ],
    ["neither account", { externalId: null }, "input"],
  ])("says where the mistake is: %s", async (_, given, place) => {
    const input = { externalId: externalIdOf(team), member: "ann", ...given };
    const query = "mutation ($input: SetMemberInput!) { setMember(input: $input) { member { id } } }";
    expect(await api.errors(query, { input })).toEqual([`BAD_USER_INPUT ${place}`]);
  });
});

describe("a use of a member", () => {
  test("is refused past the limit, with what a client needs to go on", async () => {
    await set([credits("100")]);
    await spend("90");
    expect(await spend("20")).toEqual({
      transaction: null,
      shortfall: "0",
      refusal: {
        code: "BUDGET_EXCEEDED",
        message:
          "90 of the 100 credits that the member may spend in a month are used, and 20 more are needed: ask for 10 at most, wait until 2026-02-01T00:00:00.000Z, or raise the limit.",
        member: { externalId: "ann" },
        limit: { interval: "MONTH" },
        required: "20",
        used: "90",
        remaining: "10",
        resetsAt: "2026-02-01T00:00:00.000Z",
      },
    });
    expect(await spend("20", { allowPartial: true })).toMatchObject({ transaction: { amount: "10" }, shortfall: "10" });
    expect(await spend("20", { member: null })).toMatchObject({ transaction: { amount: "20", member: null } });
    api.core.clock.set(FEBRUARY);
    expect(await spend("100")).toMatchObject({ transaction: { amount: "100", member: { externalId: "ann" } } });
  });

  test.each<[string, Limits, string, string, string]>([
    [
      "none is allowed",
      [credits("0")],
      "0",
      "15",
      "The member may spend no credits in a month, and 15 are needed: raise the limit.",
    ],
    [
      "it is more than the whole of it",
      [credits("100")],
      "90",
      "1000",
      "90 of the 100 credits that the member may spend in a month are used, and 1,000 more are needed: ask for 10 at most, or raise the limit.",
    ],
    [
      "another limit lasts for longer",
      [credits("100"), credits("30", { interval: "DAY", operations: ["chat.*"] })],
      "90",
      "25",
      "90 of the 100 credits that the member may spend in a month are used, and 25 more are needed: ask for 10 at most, wait until 2026-02-01T00:00:00.000Z, or raise the limit.",
    ],
    [
      "another limit never allows it",
      [credits("100"), credits("30", { interval: "DAY", operations: ["chat.*"] })],
      "90",
      "40",
      "90 of the 100 credits that the member may spend in a month are used, and 40 more are needed: ask for 10 at most, or raise the limit.",
    ],
  ])("is advised to wait only where waiting helps: %s", async (_, limits, used, amount, message) => {
    await set(limits);
    if (used !== "0") await spend(used);
    expect(await spend(amount, { operation: "chat.completion" })).toMatchObject({ refusal: { message } });
  });

  test("is told beforehand by a quote as the use is judged then", async () => {
    await set([credits("100")]);
    const query = `query ($input: QuoteInput!) { quote(input: $input) { affordable shortfall refusal { code ... on NotFound { field } } allocations { amount } } }`;
    const quote = (amount: string, member: string | null) => api.ask(query, { input: { walletId: team.id, amount, member } });
    expect(await quote("100", "ann")).toMatchObject({ quote: { affordable: true, refusal: null } });
    expect(await quote("101", "ann")).toMatchObject({
      quote: { affordable: false, shortfall: "0", refusal: { code: "BUDGET_EXCEEDED" } },
    });
    expect(await quote("101", null)).toMatchObject({ quote: { affordable: true } });
    expect(await quote("1", "bob")).toMatchObject({
      quote: { affordable: false, refusal: { code: "NOT_FOUND", field: "member" } },
    });
  });

  test("is the same only with the same member", async () => {
    await set();
    await set([], { member: "bob" });
    const again = { idempotencyKey: "once" };
    const first = await spend("1", again);
    expect(await spend("1", again)).toEqual(first);
    const mismatch = { refusal: { code: "IDEMPOTENCY_MISMATCH" } };
    expect(await spend("1", { ...again, member: "bob" })).toMatchObject(mismatch);
    expect(await spend("1", { ...again, member: null })).toMatchObject(mismatch);
    await set([credits("0")]);
    await remove();
    expect(await spend("1", again)).toEqual(first);
  });

  test("that is held makes room again when it is released or expires, and counts when it is captured", async () => {
    await set([credits("100")]);
    const hold = async (amount: string): Promise<string> => {
      const input = { walletId: team.id, amount, member: "ann", expiresIn: "PT1H", idempotencyKey: `hold-${++keys}` };
      const { hold: made } = await api.mutate<Spent>(
        "holdCredits",
        input,
        "hold { id member { externalId } } refusal { code }",
        SERVICE,
      );
      return made?.id ?? "";
    };
    const [first, second] = [await hold("60"), await hold("30")];
    expect(await limitsOf()).toMatchObject([{ used: "90" }]);
    await api.mutate("captureHold", { holdId: first, amount: "50", idempotencyKey: `capture-${++keys}` }, "replayed", SERVICE);
    await api.mutate("releaseHold", { holdId: second, idempotencyKey: `release-${++keys}` }, "replayed", SERVICE);
    expect(await limitsOf()).toMatchObject([{ used: "50" }]);
    await hold("50");
    expect(await hold("1")).toBe("");
    api.core.clock.set(JANUARY + 3_600_000_000n);
    expect(await limitsOf()).toMatchObject([{ used: "50" }]);
    expect(await spend("50")).toMatchObject({ refusal: null });
    expect(await audit(api.core.pool, team)).toEqual([]);
  });

  test("is found by its member, and added up by it", async () => {
    await set();
    await set([], { member: "bob" });
    await spend("1");
    await spend("2", { member: "bob" });
    await spend("4");
    await spend("8", { member: null });
    const query = `query ($id: ID!, $filter: TransactionFilter) { wallet(id: $id) {
      transactions(filter: $filter) { edges { node { amount } } }
      usage(from: "2026-01-01T00:00:00Z", to: "2026-02-01T00:00:00Z", groupBy: [MEMBER]) { member count amount } } }`;
    const listed = (member: string) => api.ask(query, { id: team.id, filter: { member } }, customer(team.accountId));
    expect(await listed("ann")).toMatchObject({
      wallet: {
        transactions: { edges: [{ node: { amount: "1" } }, { node: { amount: "4" } }] },
        usage: [
          { member: "ann", count: 2, amount: "5" },
          { member: "bob", count: 1, amount: "2" },
          { member: null, count: 1, amount: "8" },
        ],
      },
    });
    expect(await listed("nobody")).toMatchObject({ wallet: { transactions: { edges: [] } } });
  });

  test("is priced as any other, and limited by what it costs", async () => {
    await set([credits("10")]);
    const prices = [{ operation: "chat", flat: "4" }];
    await api.mutate("publishPrices", { creditType: "credits", prices }, "refusal { code }");
    const chat = { amount: undefined, operation: "chat" };
    expect(await spend("", chat)).toMatchObject({ transaction: { amount: "4" } });
    expect(await spend("", chat)).toMatchObject({ transaction: { amount: "4" } });
    expect(await spend("", chat)).toMatchObject({ refusal: { code: "BUDGET_EXCEEDED", required: "4", remaining: "2" } });
  });
});

test("the windows are those of the account's own time, where it has a test clock", async () => {
  team = await api.wallet();
  const externalId = externalIdOf(team);
  await api.mutate("startTestClock", { externalId, at: "2026-01-20T00:00:00Z" }, "refusal { code }");
  await api.mutate("grantCredits", { walletId: team.id, kind: "PROMO", amount: "100", idempotencyKey: "simulated" }, "replayed");
  await set([credits("10")]);
  await spend("10");
  expect(await spend("1")).toMatchObject({ refusal: { code: "BUDGET_EXCEEDED" } });
  await api.mutate("advanceTestClock", { externalId, to: "2026-03-05T00:00:00Z" }, "refusal { code }");
  expect(await limitsOf()).toMatchObject([{ used: "0", resetsAt: "2026-04-01T00:00:00.000Z" }]);
  expect(await spend("4")).toMatchObject({ refusal: null });
  const { member } = await set([credits("10"), credits("10", { interval: "DAY" })]);
  expect(member?.limits).toMatchObject([{ used: "4" }, { used: "4", resetsAt: "2026-03-06T00:00:00.000Z" }]);
});

test("limits are given and shown in the unit of now, and count on when that changes", async () => {
  await api.mutate("createCreditType", { name: "points" }, "created");
  const opened = await api.mutate<{ wallet: { id: string } }>(
    "openWallet",
    { externalId: externalIdOf(team), creditType: "points" },
    "wallet { id }",
  );
  const points = (amount: string) => credits(amount, { creditType: "points" });
  const use = { walletId: opened.wallet.id };
  await api.mutate("grantCredits", { ...use, kind: "PROMO", amount: "100", idempotencyKey: "points" }, "replayed");
  await set([points("10")]);
  await spend("4", use);
  await api.mutate("redenominate", { creditType: "points", factor: "100", reason: "finer" }, "refusal { code }");
  expect(await limitsOf()).toMatchObject([{ amount: "1000", used: "400", remaining: "600" }]);
  expect(await spend("601", use)).toMatchObject({ refusal: { code: "BUDGET_EXCEEDED", required: "601", remaining: "600" } });
  expect((await set([points("1000")])).member?.limits).toMatchObject([{ amount: "1000", used: "400" }]);
  expect((await set([points("1500")])).member?.limits).toMatchObject([{ amount: "1500", remaining: "1100" }]);
});

describe("a member who was removed", () => {
  test("takes nothing any more, is not listed, and comes back with what was used", async () => {
    const { member } = await set([credits("100")]);
    await spend("30");
    expect(await remove()).toMatchObject({ member: { id: member?.id, removedAt: "2026-01-15T12:00:00.000Z", limits: [] } });
    expect(await remove()).toMatchObject({ member: { id: member?.id }, refusal: null });
    expect(await spend("1")).toMatchObject({ refusal: { code: "NOT_FOUND", field: "member" } });
    expect(await limitsOf()).toEqual([]);
    expect(await set([credits("50")])).toMatchObject({
      member: { id: member?.id, removedAt: null, limits: [{ used: "30", remaining: "20" }] },
    });
  });
});

test("members of one account are nobody in another", async () => {
  await set();
  const other = await api.wallet("10");
  expect(await spend("1", { walletId: other.id })).toMatchObject({ refusal: { code: "NOT_FOUND", field: "member" } });
});
