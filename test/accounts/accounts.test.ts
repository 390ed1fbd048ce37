import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { pageAccounts, readAccounts, readAccountsByExternalId } from "../../src/accounts/accounts.store";
import { createAccount, type NewAccount } from "../../src/accounts/create-account";
import type { PageRequest } from "../../src/platform/graphql/paging";
import { uuidv7 } from "../../src/platform/ids";
import { createTestCore, type TestCore } from "../support/core";
import { createTestDatabase, type TestDatabase } from "../support/database";
import { OPERATOR } from "../support/operator";

let database: TestDatabase;
let core: TestCore;

beforeAll(async () => {
  database = await createTestDatabase();
  core = await createTestCore(database.url);
});

afterAll(async () => {
  await core.stop();
  await database.drop();
});

function terms(externalId: string, given: Partial<NewAccount> = {}): NewAccount {
  return { externalId, name: null, timeZone: "UTC", metadata: null, ...given };
}

/** Each a millisecond after the one before: so long are two ids in order for sure. */
async function created(externalId: string, given: Partial<NewAccount> = {}) {
  core.clock.set(core.clock.now() + 1_000n);
  const answer = await createAccount(core, terms(externalId, given), OPERATOR);
  if (answer.status !== "done") throw new Error(`answered ${answer.status}`);
  return answer.account;
}

describe("an account", () => {
  test("is found by its id and by the operator's id, as it was made", async () => {
    const metadata = { tier: 2, tags: ["a", "b"], nested: { empty: null } };
    const account = await created("found", { name: "Ada", timeZone: "Europe/Berlin", metadata });
    expect(account).toMatchObject({ externalId: "found", name: "Ada", timeZone: "Europe/Berlin", metadata });
    expect(account.createdAt).toBe(core.clock.now());
    expect(await readAccounts(core.pool, [uuidv7(core.clock.now()), account.id])).toEqual([null, account]);
    expect(await readAccountsByExternalId(core.pool, ["found", "Found", "absent"])).toEqual([account, null, null]);
  });

  test("is made once, however often the same is sent", async () => {
    const input = terms("once", { name: "Once", metadata: { b: 1, a: [1.5] } });
    const answers = await Promise.all(Array.from({ length: 8 }, () => createAccount(core, input, OPERATOR)));
    const again = await createAccount(core, { ...input, metadata: { a: [1.5], b: 1 } }, OPERATOR);
    const done = [...answers, again].map((answer) => (answer.status === "done" ? answer : null));
    expect(new Set(done.map((answer) => answer?.account.id)).size).toBe(1);
    expect(done.filter((answer) => answer?.created)).toHaveLength(1);
  });

  test("keeps its external id to itself", async () => {
    await created("taken", { name: "First" });
    for (const other of [{ name: "Second" }, {}, { name: "First", timeZone: "Asia/Tokyo" }, { name: "First", metadata: {} }]) {
      expect(await createAccount(core, terms("taken", other), OPERATOR)).toEqual({ status: "taken" });
    }
  });
});

describe("the list of accounts", () => {
  async function found(search: string | null, part: Partial<PageRequest<string>> = {}): Promise<readonly string[]> {
    const { rows } = await pageAccounts(core.pool, search, { after: null, before: null, limit: 10, fromEnd: false, ...part });
    return rows.map((account) => account.externalId);
  }

  test("is searched by a part of the external id or the name, in either case; % and _ are letters like others", async () => {
    await created("search-1", { name: "Grace Hopper" });
    await created("search-2", { name: "100%_sure" });
    expect(await found("SEARCH-")).toEqual(["search-2", "search-1"]);
    expect(await found("hopp")).toEqual(["search-1"]);
    expect(await found("%_")).toEqual(["search-2"]);
    expect(await found("nobody")).toEqual([]);
    expect((await found(null, { limit: 2 })).toSorted()).toEqual(["search-1", "search-2"]);
  });
});
