import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { ADMIN, type Api, createApi, customer, externalIdOf, SERVICE, serviceOf } from "../support/api";
import { publish, publishDone } from "./asking";

/** What operators publish, and what everybody sees of it. */

let api: Api;
/** Each test has a credit type of its own. */
let creditTypes = 0;

beforeAll(async () => {
  api = await createApi();
});

afterAll(() => api.stop());

async function creditType(): Promise<string> {
  creditTypes += 1;
  const name = `type-${creditTypes}`;
  await api.mutate("createCreditType", { name }, "created");
  return name;
}

const IMAGE = { operation: "image", title: "An image", flat: "50" };

const iso = (at: bigint) => new Date(Number(at / 1000n)).toISOString();
const HOUR = 3_600_000_000n;

interface Table {
  readonly priceTable: {
    readonly prices: readonly { readonly operation: string; readonly words: string }[];
    readonly creditWords: string | null;
    readonly until: string | null;
    readonly versions: readonly { readonly number: number }[];
  } | null;
}

const TABLE = `query ($creditType: String!, $externalId: String, $app: ID, $at: DateTime) {
  priceTable(creditType: $creditType, externalId: $externalId, app: $app, at: $at) {
    until creditWords prices { operation words } versions { number } } }`;

describe("publishing prices", () => {
  test("makes a version that everybody can read, as a table to print", async () => {
    const name = await creditType();
    const prices = [IMAGE, { operation: "page", meters: [{ dimension: "pages", unit: "page", rate: "8" }] }];
    const creditPrice = { amount: "0.08", currency: "USD" };
    expect(await publish(api, prices, null, { creditType: name, creditPrice, reason: "opening" })).toMatchObject({
      version: { number: 1 },
      refusal: null,
    });
    const wallet = await api.wallet();
    for (const identity of [ADMIN, SERVICE, customer(wallet.accountId)]) {
      expect(await api.ask<Table>(TABLE, { creditType: name }, identity)).toEqual({
        priceTable: {
          until: null,
          creditWords: "1 credit = $0.08",
          prices: [
            { operation: "image", words: "50 credits" },
            { operation: "page", words: "8 credits per page" },
          ],
          versions: [{ number: 1 }],
        },
      });
    }
  });

  test("of two who base theirs on the same version, the second is told what the first did", async () => {
    const name = await creditType();
    await publishDone(api, [IMAGE], null, { creditType: name });
    const [first, second] = await Promise.all(
      ["60", "70"].map((flat) =>
        api.mutate<{ version: { number: number } | null; refusal: object | null }>(
          "publishPrices",
          { creditType: name, basedOn: 1, prices: [{ ...IMAGE, flat }] },
          "version { number } refusal { code ... on PricesChanged { latest { number publishedBy prices { flat } } } }",
        ),
      ),
    );
    const [done, refused] = first?.version ? [first, second] : [second, first];
    expect(done).toEqual({ version: { number: 2 }, refusal: null });
    expect(refused).toEqual({
      version: null,
      refusal: {
        code: "PRICES_CHANGED",
        latest: { number: 2, publishedBy: "admin", prices: [{ flat: done === first ? "60" : "70" }] },
      },
    });
  });

  test("tells who bases theirs on a version that there never was", async () => {
    const name = await creditType();
    expect((await publish(api, [IMAGE], 1, { creditType: name })).refusal).toMatchObject({ code: "PRICES_CHANGED" });
  });

  test("is refused for the past, and before what is planned", async () => {
    const name = await creditType();
    const { clock } = api.core;
    const late = { creditType: name, effectiveFrom: iso(clock.now() - HOUR) };
    expect((await publish(api, [IMAGE], null, late)).refusal).toMatchObject({
      code: "EFFECTIVE_IN_PAST",
      message: expect.stringContaining("here, later than effectiveFrom: name a later instant, or leave it out to begin now."),
    });
    await publishDone(api, [IMAGE], null, { creditType: name, effectiveFrom: iso(clock.now() + 2n * HOUR) });
    const between = await publish(api, [IMAGE], 1, { creditType: name, effectiveFrom: iso(clock.now() + HOUR) });
    expect(between.refusal).toMatchObject({
      code: "LATER_VERSION_PLANNED",
      message: expect.stringContaining("withdraw it first"),
    });
  });

  test("tells all that is wrong at once, each with its place", async () => {
    const name = await creditType();
    const answer = await api.mutate(
      "publishPrices",
      {
        creditType: name,
        prices: [
          { operation: "a", flat: "-1" },
          {
            operation: "b",
            meters: [{ dimension: "x", tiers: [{ upTo: "9", rate: "1" }, { upTo: "5", rate: "1" }, { rate: "1" }] }],
          },
        ],
      },
      "version { number } refusal { code message ... on PricesNotValid { problems { path message } } }",
    );
    expect(answer).toEqual({
      version: null,
      refusal: {
        code: "PRICES_NOT_VALID",
        message: "A price cannot be below zero. (and 1 more: see problems)",
        problems: [
          { path: ["prices", "0", "flat"], message: "A price cannot be below zero." },
          {
            path: ["prices", "1", "meters", "0", "tiers", "1", "upTo"],
            message: "This tier overlaps the one before: it must end later.",
          },
        ],
      },
    });
  });

  test("is refused for a cycle of surcharges, also through what everybody pays", async () => {
    const name = await creditType();
    const round = [
      { operation: "a", flat: "1", surcharges: [{ operation: "b" }] },
      { operation: "b", flat: "1", surcharges: [{ operation: "a" }] },
    ];
    expect((await publish(api, round, null, { creditType: name })).refusal?.message).toContain("a → b → a");
    await publishDone(
      api,
      [
        { operation: "a", flat: "1", surcharges: [{ operation: "b" }] },
        { operation: "b", flat: "1" },
      ],
      null,
      { creditType: name },
    );
    const own = await publish(api, [{ operation: "b", flat: "1", surcharges: [{ operation: "a" }] }], null, {
      creditType: name,
      app: "studio",
    });
    expect(own.refusal?.message).toContain("b → a → b");
  });

  test.each<[string, object, string]>([
    ["an unknown credit type", { creditType: "none" }, "creditType"],
    ["an unknown account", { externalId: "nobody" }, "externalId"],
  ])("finds nothing for %s", async (_what, rest, field) => {
    const answer = await api.mutate(
      "publishPrices",
      { creditType: "credits", prices: [IMAGE], ...rest },
      "refusal { code ... on NotFound { field } }",
    );
    expect(answer).toEqual({ refusal: { code: "NOT_FOUND", field } });
  });

  test.each<[string, object, string]>([
    [
      "a negative price of a credit",
      { creditPrice: { amount: "-1", currency: "USD" } },
      "BAD_USER_INPUT input creditPrice amount",
    ],
    ["no prices", { prices: [] }, "BAD_USER_INPUT input prices"],
    ["an account and an app", { externalId: "a", app: "b" }, "BAD_USER_INPUT input"],
  ])("is malformed with %s", async (_what, rest, expected) => {
    const input = { creditType: "credits", prices: [IMAGE], ...rest };
    expect(
      await api.errors("mutation ($input: PublishPricesInput!) { publishPrices(input: $input) { refusal { code } } }", { input }),
    ).toEqual([expected]);
  });

  test("of everybody's is refused without what is a surcharge in another list", async () => {
    const name = await creditType();
    const think = { operation: "think", flat: "3" };
    await publishDone(api, [IMAGE, think], null, { creditType: name });
    await publishDone(api, [{ ...IMAGE, surcharges: [{ operation: "think" }] }], null, { creditType: name, app: "studio" });
    const without = await publish(api, [IMAGE], 1, { creditType: name });
    expect(without.refusal?.message).toBe(
      "think is a surcharge in the prices of app studio: keep its price, or take it out there first.",
    );
    await publishDone(api, [IMAGE], 1, { creditType: name, app: "studio" });
    const { accountId } = await api.wallet();
    const own = { creditType: name, externalId: externalIdOf({ accountId }) };
    await publishDone(api, [{ ...IMAGE, surcharges: [{ operation: "think" }] }], null, own);
    expect((await publish(api, [IMAGE], 1, { creditType: name })).refusal?.message).toBe(
      `think is a surcharge in the prices of account ${own.externalId}: keep its price, or take it out there first.`,
    );
    await publishDone(api, [IMAGE], 1, own);
    expect(await publishDone(api, [IMAGE], 1, { creditType: name })).toBe(2);
  });

  test("of an app's own list may be of nothing: from then on it costs what it costs everybody", async () => {
    const name = await creditType();
    const words = async () => (await api.ask<Table>(TABLE, { creditType: name, app: "studio" })).priceTable?.prices[0]?.words;
    await publishDone(api, [IMAGE], null, { creditType: name });
    await publishDone(api, [{ ...IMAGE, flat: "30" }], null, { creditType: name, app: "studio" });
    expect(await words()).toBe("30 credits");
    await publishDone(api, [], 1, { creditType: name, app: "studio" });
    expect(await words()).toBe("50 credits");
  });

  test("takes back what it has shown: what was read is published again as it is", async () => {
    const name = await creditType();
    const tiers = [{ upTo: "100", rate: "8" }, { rate: "6" }];
    const prices = [
      { ...IMAGE, surcharges: [{ operation: "think" }] },
      { operation: "agent", range: { minimum: "40", maximum: "400" } },
      { operation: "think", meters: [{ dimension: "input", rate: "1.5", per: 1_000, unit: "input token" }], minimum: "2" },
      { operation: "page", flat: "1", meters: [{ dimension: "pages", mode: "VOLUME", tiers }], maximum: "5000" },
    ];
    const shown = `version { prices { operation title flat minimum maximum range { minimum maximum }
      meters { dimension mode per unit units tiers { upTo rate } } surcharges { operation always } } }`;
    type Shown = { readonly version: { readonly prices: readonly object[] } };
    const first = await api.mutate<Shown>("publishPrices", { creditType: name, prices }, shown);
    const again = await api.mutate<Shown>("publishPrices", { creditType: name, basedOn: 1, prices: first.version.prices }, shown);
    expect(again).toEqual(first);
  });

  test("is for the operator alone", async () => {
    for (const identity of [SERVICE, customer("00000000-0000-7000-8000-000000000000")]) {
      const input = { creditType: "credits", prices: [IMAGE] };
      const query = "mutation ($input: PublishPricesInput!) { publishPrices(input: $input) { refusal { code } } }";
      expect(await api.errors(query, { input }, identity)).toEqual(["FORBIDDEN"]);
    }
  });
});

describe("withdrawing prices", () => {
  const withdraw = (versionId: string) =>
    api.mutate("withdrawPrices", { versionId }, "version { number withdrawnAt } refusal { code }");

  test("takes back what has not begun; once more answers the same", async () => {
    const name = await creditType();
    const { clock } = api.core;
    await publishDone(api, [IMAGE], null, { creditType: name });
    const planned = await publish(api, [{ ...IMAGE, flat: "60" }], 1, {
      creditType: name,
      effectiveFrom: iso(clock.now() + HOUR),
    });
    const id = planned.version?.id as string;
    const table = await api.ask<Table>(TABLE, { creditType: name, at: iso(clock.now() + HOUR) });
    expect(table.priceTable?.prices).toEqual([{ operation: "image", words: "60 credits" }]);
    const withdrawn = { version: { number: 2, withdrawnAt: expect.any(String) }, refusal: null };
    expect(await withdraw(id)).toEqual(withdrawn);
    expect(await withdraw(id)).toEqual(withdrawn);
    clock.set(clock.now() + HOUR);
    const after = await api.ask<Table>(TABLE, { creditType: name });
    expect(after.priceTable).toMatchObject({ prices: [{ words: "50 credits" }], until: null });
    // Its number is taken for ever.
    expect(await publishDone(api, [IMAGE], 2, { creditType: name })).toBe(3);
  });

  test("is refused for what has begun, and finds nothing else", async () => {
    const name = await creditType();
    const { version } = await publish(api, [IMAGE], null, { creditType: name });
    expect(await withdraw(version?.id as string)).toEqual({ version: null, refusal: { code: "ALREADY_EFFECTIVE" } });
    for (const id of ["prv_999999", "prv_99999999999", "acc_1", ""])
      expect(await withdraw(id)).toEqual({ version: null, refusal: { code: "NOT_FOUND" } });
  });
});

describe("what is seen of prices", () => {
  test("a customer sees what it pays itself, and nobody else's own prices", async () => {
    const name = await creditType();
    await publishDone(api, [IMAGE, { operation: "page", flat: "8" }], null, { creditType: name });
    const [alice, bob] = [await api.wallet(), await api.wallet()];
    const own = await publish(api, [{ operation: "image", flat: "30" }], null, {
      creditType: name,
      externalId: externalIdOf(alice),
    });
    const table = async (accountId: string, externalId?: string) =>
      (await api.ask<Table>(TABLE, { creditType: name, externalId }, customer(accountId))).priceTable?.prices.map(
        ({ words }) => words,
      );
    expect(await table(alice.accountId)).toEqual(["30 credits", "8 credits"]);
    expect(await table(bob.accountId)).toEqual(["50 credits", "8 credits"]);
    expect(await table(bob.accountId, externalIdOf(alice))).toBeUndefined();
    const node = (accountId: string) =>
      api.ask("query ($id: ID!) { node(id: $id) { id } }", { id: own.version?.id }, customer(accountId));
    expect(await node(alice.accountId)).toEqual({ node: { id: own.version?.id } });
    expect(await node(bob.accountId)).toEqual({ node: null });
  });

  test("a key that is bound to an app sees what that app pays", async () => {
    const name = await creditType();
    await publishDone(api, [IMAGE], null, { creditType: name });
    const own = await publish(api, [{ operation: "image", flat: "40" }], null, { creditType: name, app: "studio" });
    const words = async (app: string) =>
      (await api.ask<Table>(TABLE, { creditType: name, app: "studio" }, serviceOf(app))).priceTable?.prices[0]?.words;
    expect([await words("studio"), await words("other")]).toEqual(["40 credits", "50 credits"]);
    const node = "query ($id: ID!) { node(id: $id) { id } }";
    expect(await api.ask(node, { id: own.version?.id }, serviceOf("other"))).toEqual({ node: null });
  });

  test("the operator sees all versions of a list, the newest first, page by page", async () => {
    const name = await creditType();
    for (const [index, flat] of ["1", "2", "3"].entries())
      await publishDone(api, [{ ...IMAGE, flat }], index === 0 ? null : index, { creditType: name, reason: `price ${flat}` });
    const query = `query ($creditType: String!, $after: String) { priceVersions(creditType: $creditType, first: 2, after: $after) {
      edges { cursor node { number reason creditType { name } prices { flat } } } pageInfo { hasNextPage endCursor } } }`;
    type Page = {
      priceVersions: { edges: readonly { node: { number: number } }[]; pageInfo: { hasNextPage: boolean; endCursor: string } };
    };
    const first = await api.ask<Page>(query, { creditType: name });
    expect(first.priceVersions).toMatchObject({
      edges: [{ node: { number: 3, reason: "price 3", creditType: { name }, prices: [{ flat: "3" }] } }, { node: { number: 2 } }],
      pageInfo: { hasNextPage: true },
    });
    const next = await api.ask<Page>(query, { creditType: name, after: first.priceVersions.pageInfo.endCursor });
    expect(next.priceVersions).toMatchObject({ edges: [{ node: { number: 1 } }], pageInfo: { hasNextPage: false } });
    expect(await api.errors(query, { creditType: name }, SERVICE)).toEqual(["FORBIDDEN"]);
  });

  test("there is no table for a credit type that is not there", async () => {
    expect(await api.ask(TABLE, { creditType: "none" })).toEqual({ priceTable: null });
  });
});
