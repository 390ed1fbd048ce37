import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { type Api, createApi, customer, externalIdOf, SERVICE } from "../support/api";
import { aName, aPlan, order, shown, start } from "./asking";
import { putOnPlan } from "./on-plan";

/** Which packs are offered to whom: to an account, and where credits are missing. */

let api: Api;
let creditType: string;

beforeAll(async () => {
  api = await createApi();
});

afterAll(() => api.stop());

/** Each test has credits of its own, so that no other's packs are offered. */
beforeEach(async () => {
  creditType = aName();
  await api.mutate("createCreditType", { name: creditType }, "created");
});

async function aPack(amount: string, price: string, rest: object = {}): Promise<string> {
  const name = aName();
  const input = { name, title: name, creditType, amount, price: { amount: price, currency: "USD" }, ...rest };
  const { refusal } = await api.mutate<{ refusal: unknown }>("publishPack", input, "refusal { code message }");
  expect(refusal).toBeNull();
  return name;
}

interface Customer {
  readonly accountId: string;
  readonly externalId: string;
}

/** An account with so many credits. */
async function aCustomer(credits = "0"): Promise<Customer> {
  const wallet = await api.wallet();
  const externalId = externalIdOf(wallet);
  const input = { externalId, creditType, kind: "PURCHASED", idempotencyKey: aName() };
  await api.mutate("openWallet", { externalId, creditType }, "wallet { id }");
  if (credits !== "0") await api.mutate("grantCredits", { ...input, amount: credits }, "grant { id }");
  return { accountId: wallet.accountId, externalId };
}

type Packs = readonly { readonly name: string }[];
const names = (packs: Packs | undefined): readonly string[] | undefined => packs?.map(({ name }) => name);

async function offered({ externalId, accountId }: Customer, identity = customer(accountId)) {
  const query = `query ($externalId: String!, $creditType: String!) { account(externalId: $externalId) { packs(creditType: $creditType) { name } } }`;
  const { account } = await api.ask<{ account: { packs: Packs } }>(query, { externalId, creditType }, identity);
  return names(account.packs);
}

/** The packs of a spend that is refused, and of the quote of it. */
async function covering({ externalId }: Customer, amount: string) {
  const input = { externalId, creditType, amount };
  const { refusal } = await api.mutate<{ refusal: { code: string; packs: Packs } }>(
    "spend",
    { ...input, idempotencyKey: aName() },
    "refusal { code ... on InsufficientCredits { packs { name creditPrice { amount } } } }",
    SERVICE,
  );
  expect(refusal.code).toBe("INSUFFICIENT_CREDITS");
  const query = "query ($input: QuoteInput!) { quote(input: $input) { packs { name creditPrice { amount } } } }";
  const { quote } = await api.ask<{ quote: { packs: Packs } }>(query, { input }, SERVICE);
  expect(quote.packs).toEqual(refusal.packs);
  return names(refusal.packs);
}

describe("an account may buy", () => {
  test("what is for everyone, the cheapest first", async () => {
    const [large, small] = [await aPack("1000", "80"), await aPack("100", "9")];
    await aPack("500", "10", { forEveryone: false });
    await api.mutate("retirePack", { name: await aPack("5", "1") }, "pack { id }");
    const one = await aCustomer();
    for (const identity of [customer(one.accountId), SERVICE]) expect(await offered(one, identity)).toEqual([small, large]);
  });

  test("and what the version of the plan that it is on names, as long as it is on it", async () => {
    const everyones = await aPack("100", "9");
    const own = await aPack("1000", "50", { forEveryone: false });
    const plan = await aPlan(api, { packs: [own, everyones] });
    const [subscriber, other] = [await aCustomer(), await aCustomer()];
    await putOnPlan(api, subscriber.accountId, plan);
    expect([await offered(subscriber), await offered(other)]).toEqual([[everyones, own], [everyones]]);

    // A new version of the plan is not the subscriber's; a new version of the pack is.
    const version = { name: plan, title: "Pro", allotments: [{ creditType: "credits", amount: "1" }], basedOn: 1 };
    await api.mutate("publishPlan", version, "version { number }");
    expect(await offered(subscriber)).toEqual([everyones, own]);
    await aPackVersion(own, { price: { amount: "5", currency: "USD" }, forEveryone: false });
    expect(await offered(subscriber)).toEqual([own, everyones]);

    await api.mutate("retirePack", { name: own }, "pack { id }");
    expect(await offered(subscriber)).toEqual([everyones]);
    await putOnPlan(api, subscriber.accountId, null);
    expect(await offered(subscriber)).toEqual([everyones]);
  });

  test("what its plan names until the plan ends, whether or not anybody has written yet that it has", async () => {
    const own = await aPack("1000", "50", { forEveryone: false });
    const subscriber = await aCustomer();
    const live = shown(await start(api, subscriber, await aPlan(api, { packs: [own] })));
    await order(api, "cancelSubscription", live.id, { when: "AT_PERIOD_END" });
    expect(await offered(subscriber)).toEqual([own]);
    api.core.clock.set(BigInt(Date.parse(live.currentPeriod?.end ?? "")) * 1_000n);
    expect(await offered(subscriber)).toEqual([]);
  });

  test("nothing of credits that there are not", async () => {
    creditType = "nowhere";
    const wallet = await api.wallet();
    const asked = { accountId: wallet.accountId, externalId: externalIdOf(wallet) };
    expect(await offered(asked)).toBeUndefined();
  });
});

describe("where credits are missing", () => {
  test("the packs that make up for them are offered, the cheapest first; a refusal and a quote say the same", async () => {
    const [tiny, middle, large] = [await aPack("20", "2"), await aPack("50", "4.5"), await aPack("1000", "80")];
    const dear = await aPack("50", "5");
    const one = await aCustomer("10");
    expect(await covering(one, "60")).toEqual([middle, dear, large]);
    expect(await covering(one, "30")).toEqual([tiny, middle, dear, large]);
    expect(await covering(one, "60.000001")).toEqual([large]);
    expect(await covering(one, "2000")).toEqual([]);
  });

  test("those that only a plan names are offered to those on it", async () => {
    const own = await aPack("100", "1", { forEveryone: false });
    const [subscriber, other] = [await aCustomer(), await aCustomer()];
    await putOnPlan(api, subscriber.accountId, await aPlan(api, { packs: [own] }));
    expect([await covering(subscriber, "5"), await covering(other, "5")]).toEqual([[own], []]);
  });

  test("in several currencies, one after the other", async () => {
    const [dollars, euros] = [await aPack("10", "1"), await aPack("10", "9", { price: { amount: "9", currency: "EUR" } })];
    expect(await covering(await aCustomer(), "5")).toEqual([euros, dollars]);
  });

  test("and only there: what can be paid, and what names nothing, offers none", async () => {
    await aPack("100", "9");
    const { externalId } = await aCustomer("10");
    const query = "query ($input: QuoteInput!) { quote(input: $input) { packs { name } } }";
    for (const whose of [externalId, "nobody"]) {
      const input = { externalId: whose, creditType, amount: "10" };
      expect(await api.ask(query, { input }, SERVICE)).toEqual({ quote: { packs: [] } });
    }
  });
});

async function aPackVersion(name: string, rest: object): Promise<void> {
  const input = { name, title: name, creditType, amount: "1000", basedOn: 1, ...rest };
  expect(await api.mutate("publishPack", input, "refusal { code }")).toEqual({ refusal: null });
}
