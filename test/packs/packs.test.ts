import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { ADMIN, type Api, createApi, customer, SERVICE } from "../support/api";

/** Packs as operators publish them, and as everybody sees them. */

let api: Api;
let names = 0;

beforeAll(async () => {
  api = await createApi();
});

afterAll(() => api.stop());

/** A name that was not used yet. */
function unused(): string {
  names += 1;
  return `pack-${names}`;
}

interface Answer {
  readonly pack: {
    readonly id: string;
    readonly name: string;
    readonly version: { readonly id: string; readonly number: number };
  } | null;
  readonly refusal: {
    readonly code: string;
    readonly message: string;
    readonly problems?: readonly { readonly path: readonly string[]; readonly message: string }[];
    readonly pack?: object | null;
  } | null;
}

const ANSWER = `pack { id name version { id number } }
  refusal { code message ... on PackNotValid { problems { path message } } ... on PackChanged { pack { title version { number publishedBy } } } }`;
const STARTER = { title: "Starter", creditType: "credits", amount: "1000", price: { amount: "80", currency: "USD" } };

function publish(name: string, rest: object = {}): Promise<Answer> {
  return api.mutate<Answer>("publishPack", { name, ...STARTER, ...rest }, ANSWER);
}

async function newType(): Promise<string> {
  const name = unused();
  await api.mutate("createCreditType", { name }, "created");
  return name;
}

describe("publishing a pack", () => {
  test("makes it, for everybody to see, with what a credit of it comes to", async () => {
    const name = unused();
    const more = { life: "P1Y", priority: 50, forEveryone: false, reason: "opening" };
    const { pack, refusal } = await publish(name, more);
    expect([pack?.version.number, refusal]).toEqual([1, null]);
    const query = `query ($name: String!) { pack(name: $name) {
      id name title amount price { amount currency } creditPrice { amount currency } life priority forEveryone retiredAt
      creditType { name } version { number title pack { name } } } }`;
    const { accountId } = await api.wallet();
    for (const identity of [ADMIN, SERVICE, customer(accountId)]) {
      expect(await api.ask(query, { name }, identity)).toEqual({
        pack: {
          ...{ id: pack?.id, name, title: "Starter", amount: "1000", price: { amount: "80", currency: "USD" } },
          ...{ creditPrice: { amount: "0.08", currency: "USD" }, life: "P1Y", priority: 50, forEveryone: false, retiredAt: null },
          ...{ creditType: { name: "credits" }, version: { number: 1, title: "Starter", pack: { name } } },
        },
      });
    }
  });

  test("again says anew what it is, and keeps what it was", async () => {
    const name = unused();
    await publish(name, { life: "P1Y", reason: "opening" });
    expect((await publish(name, { title: "Start", price: { amount: "75.5", currency: "USD" }, basedOn: 1 })).refusal).toBeNull();
    const query = `query ($name: String!) { pack(name: $name) { title life price { amount }
      versions { edges { node { number title life reason price { amount } } } } } }`;
    expect(await api.ask(query, { name })).toEqual({
      pack: {
        ...{ title: "Start", life: null, price: { amount: "75.5" } },
        versions: {
          edges: [
            { node: { number: 2, title: "Start", life: null, reason: null, price: { amount: "75.5" } } },
            { node: { number: 1, title: "Starter", life: "P1Y", reason: "opening", price: { amount: "80" } } },
          ],
        },
      },
    });
  });

  test("of two who base theirs on the same version, the second is told what the first did", async () => {
    const name = unused();
    await publish(name);
    const answers = await Promise.all(["One", "Two"].map((title) => publish(name, { title, basedOn: 1 })));
    const done = answers.find(({ pack }) => pack !== null);
    const refused = answers.find(({ pack }) => pack === null);
    expect(done?.pack?.version.number).toBe(2);
    expect(refused?.refusal).toMatchObject({ code: "PACK_CHANGED", pack: { version: { number: 2, publishedBy: "admin" } } });
  });

  test("of two who make one by the same name, the second is told what the first did", async () => {
    const name = unused();
    const other = await newType();
    const answers = await Promise.all([publish(name), publish(name, { creditType: other })]);
    expect(answers.filter(({ pack }) => pack !== null)).toHaveLength(1);
    expect(answers.find(({ pack }) => pack === null)?.refusal).toMatchObject({
      code: "PACK_CHANGED",
      pack: { version: { number: 1 } },
    });
  });

  test("based on a version that there never was is refused, and leaves nothing behind", async () => {
    const name = unused();
    expect((await publish(name, { basedOn: 1 })).refusal).toMatchObject({ code: "PACK_CHANGED", pack: null });
    const found = await api.core.pool.query("SELECT FROM packs WHERE name = $1", [name]);
    expect(found.rowCount).toBe(0);
  });

  test("tells all that is wrong at once, each with its place", async () => {
    const wrong = { title: " ", amount: "0", price: { amount: "-0.001", currency: "EUR" }, priority: 256 };
    const { pack, refusal } = await publish("Not a name", wrong);
    expect(pack).toBeNull();
    expect(refusal).toMatchObject({ code: "PACK_NOT_VALID", message: expect.stringContaining("(and 5 more: see problems)") });
    const paths = refusal?.problems?.map(({ path }) => path.join("."));
    expect(paths).toEqual(["name", "title", "amount", "price.amount", "price.amount", "priority"]);
  });

  test.each([
    ["0", "USD", "above zero"],
    ["9.999", "USD", "USD has 2 digits after the point"],
    ["100.5", "JPY", "JPY has 0 digits after the point"],
  ])("for %s %s is refused: nobody pays that", async (amount, currency, said) => {
    const { refusal } = await publish(unused(), { price: { amount, currency } });
    expect(refusal?.problems?.map(({ message }) => message)).toEqual([expect.stringContaining(said)]);
  });

  test("in three decimals is right for a currency that has them", async () => {
    expect((await publish(unused(), { price: { amount: "1.125", currency: "KWD" } })).refusal).toBeNull();
  });

  test("keeps its credit type", async () => {
    const name = unused();
    await publish(name);
    const { refusal } = await publish(name, { creditType: await newType(), basedOn: 1 });
    expect(refusal).toMatchObject({ code: "PACK_NOT_VALID", problems: [{ path: ["creditType"] }] });
  });

  test("is refused for credits that there are not, and for a currency that there is not", async () => {
    expect((await publish(unused(), { creditType: "nowhere" })).refusal).toMatchObject({ code: "NOT_FOUND" });
    const query = "mutation ($input: PublishPackInput!) { publishPack(input: $input) { refusal { code } } }";
    const input = { name: unused(), ...STARTER, price: { amount: "1", currency: "XQZ" } };
    expect(await api.answer(query, { input })).toMatchObject({
      errors: [{ message: expect.stringContaining("no currency XQZ") }],
    });
  });

  test("past a hundred for sale is refused, until one is retired", async () => {
    const creditType = await newType();
    const all = Array.from({ length: 100 }, unused);
    for (const name of all) expect((await publish(name, { creditType })).refusal).toBeNull();
    const { refusal } = await publish(unused(), { creditType });
    expect(refusal).toMatchObject({ code: "PACK_NOT_VALID", problems: [{ path: ["creditType"] }] });
    await api.mutate("retirePack", { name: all[0] }, "pack { id }");
    expect((await publish(unused(), { creditType })).refusal).toBeNull();
    // Another version is no other pack.
    expect((await publish(all[1] as string, { creditType, basedOn: 1 })).refusal).toBeNull();
  });
});

describe("a retired pack", () => {
  test("is not for sale, and not published again; customers do not see it", async () => {
    const creditType = await newType();
    const [kept, gone] = [unused(), unused()];
    await publish(kept, { creditType });
    const { pack } = await publish(gone, { creditType });
    const retire = () =>
      api.mutate<{ pack: { retiredAt: string } }>("retirePack", { name: gone, reason: "sold out" }, "pack { retiredAt }");
    const first = await retire();
    expect(first.pack.retiredAt).not.toBeNull();
    api.core.clock.set(api.core.clock.now() + 1_000_000n);
    expect(await retire()).toEqual(first);
    expect((await publish(gone, { creditType, basedOn: 1 })).refusal?.code).toBe("PACK_RETIRED");

    const list =
      "query ($creditType: String, $retired: Boolean) { packs(creditType: $creditType, retired: $retired) { edges { node { name } } } }";
    const listed = (...packs: readonly string[]) => ({ packs: { edges: packs.map((name) => ({ node: { name } })) } });
    expect(await api.ask(list, { creditType })).toEqual(listed(kept));
    expect(await api.ask(list, { creditType, retired: true }, SERVICE)).toEqual(listed(kept, gone));
    const { accountId } = await api.wallet();
    expect(await api.errors(list, { creditType, retired: true }, customer(accountId))).toEqual(["FORBIDDEN"]);

    const node = "query ($ids: [ID!]!, $name: String!) { pack(name: $name) { name } nodes(ids: $ids) { __typename } }";
    const { pack: open } = await publish(unused(), { creditType });
    const next = await publish(open?.name ?? "", { creditType, basedOn: 1 });
    const versions = { ids: [open?.version.id, next.pack?.version.id], name: gone };
    const [older, latest] = [{ __typename: "PackVersion" }, { __typename: "PackVersion" }];
    expect(await api.ask(node, versions)).toMatchObject({ nodes: [older, latest] });
    for (const identity of [SERVICE, customer(accountId)])
      expect(await api.ask(node, versions, identity)).toMatchObject({ nodes: [null, latest] });

    const ids = [pack?.id, pack?.version.id, "pack_999999999999", "pkv_999999999999"];
    expect(await api.ask(node, { ids, name: gone })).toEqual({
      pack: { name: gone },
      nodes: [{ __typename: "Pack" }, { __typename: "PackVersion" }, null, null],
    });
    expect(await api.ask(node, { ids, name: gone }, customer(accountId))).toEqual({
      pack: null,
      nodes: [null, null, null, null],
    });
  });

  test("that there never was is not found", async () => {
    const answer = await api.mutate<Answer>("retirePack", { name: "nothing" }, ANSWER);
    expect(answer.refusal?.code).toBe("NOT_FOUND");
  });
});

test("packs are listed from either end, each once", async () => {
  const creditType = await newType();
  const all = [unused(), unused(), unused()];
  for (const name of all) await publish(name, { creditType });
  const query = `query ($creditType: String, $first: Int, $after: String, $last: Int) {
    packs(creditType: $creditType, first: $first, after: $after, last: $last) { edges { node { name } } pageInfo { endCursor hasNextPage } } }`;
  interface Page {
    readonly packs: {
      readonly edges: readonly { readonly node: { readonly name: string } }[];
      readonly pageInfo: { readonly endCursor: string; readonly hasNextPage: boolean };
    };
  }
  const page = async (window: object) => (await api.ask<Page>(query, { creditType, ...window })).packs;
  const first = await page({ first: 2 });
  const rest = await page({ first: 2, after: first.pageInfo.endCursor });
  const named = ({ edges }: Page["packs"]) => edges.map(({ node }) => node.name);
  expect([...named(first), ...named(rest)]).toEqual(all);
  expect([first.pageInfo.hasNextPage, rest.pageInfo.hasNextPage]).toEqual([true, false]);
  expect(named(await page({ last: 2 }))).toEqual(all.slice(1));
  expect(await api.ask(query, { creditType: "nowhere" })).toEqual({ packs: null });
});

test("operators' acts on packs are in the audit log, with before and after; only they may publish", async () => {
  const name = unused();
  const { pack } = await publish(name, { reason: "opening" });
  await publish(name, { basedOn: 1, price: { amount: "70", currency: "USD" } });
  await api.mutate("retirePack", { name, reason: "over" }, "pack { id }");
  const query = `query ($subject: String) { auditLog(filter: { subject: $subject }) { edges { node { action actor reason before after } } } }`;
  const type = { creditType: `ct_${api.creditTypeId}`, id: expect.any(String) };
  const state = {
    ...type,
    name,
    title: "Starter",
    amount: "1000",
    life: null,
    priority: 100,
    forEveryone: true,
    retiredAt: null,
  };
  const opened = { ...state, number: 1, price: { amount: "80", currency: "USD" } };
  const cheaper = { ...state, number: 2, price: { amount: "70", currency: "USD" } };
  expect(await api.ask(query, { subject: pack?.id })).toEqual({
    auditLog: {
      edges: [
        {
          action: "retirePack",
          actor: "admin",
          reason: "over",
          before: cheaper,
          after: { ...cheaper, retiredAt: expect.any(String) },
        },
        { action: "publishPack", actor: "admin", reason: null, before: opened, after: cheaper },
        { action: "publishPack", actor: "admin", reason: "opening", before: null, after: opened },
      ].map((node) => ({ node })),
    },
  });
  const { accountId } = await api.wallet();
  const mutation = "mutation ($input: PublishPackInput!) { publishPack(input: $input) { refusal { code } } }";
  for (const identity of [SERVICE, customer(accountId)])
    expect(await api.errors(mutation, { input: { name, ...STARTER } }, identity)).toEqual(["FORBIDDEN"]);
});
