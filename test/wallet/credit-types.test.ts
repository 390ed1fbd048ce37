import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import {
  createCreditType,
  creditTypeById,
  creditTypeByName,
  isCreditTypeName,
  listCreditTypes,
  type NewCreditType,
} from "../../src/wallet/credit-types";
import { createTestCore, type TestCore } from "../support/core";
import { createTestDatabase, type TestDatabase } from "../support/database";
import { OPERATOR } from "../support/operator";

let database: TestDatabase;
let core: TestCore;
let other: TestCore;

beforeAll(async () => {
  database = await createTestDatabase();
  core = await createTestCore(database.url);
  other = await createTestCore(database.url, { clock: core.clock });
});

afterAll(async () => {
  await core.stop();
  await other.stop();
  await database.drop();
});

function terms(name: string, given: Partial<NewCreditType> = {}): NewCreditType {
  return { name, policy: null, refundGrace: "P7D", expiryNotice: "P3D", defaultExpiry: null, ...given };
}

async function created(name: string, given: Partial<NewCreditType> = {}) {
  const answer = await createCreditType(core, terms(name, given), OPERATOR);
  if (answer.status !== "done") throw new Error(`answered ${answer.status}`);
  return answer;
}

describe("a credit type", () => {
  test("is found by name and by number, as it was made, and listed the oldest first", async () => {
    const { creditType } = await created("credits", { defaultExpiry: "P1Y" });
    const { creditType: second } = await created("image", { policy: ["PRIORITY", "KIND", "EXPIRY", "SCOPE", "EFFECTIVE"] });
    expect(creditType).toMatchObject({ ...terms("credits"), policy: 1, defaultExpiry: "P1Y", createdAt: core.clock.now() });
    expect(second.policy).toBe(2);
    expect(await creditTypeByName(core, "credits")).toEqual(creditType);
    expect(await creditTypeById(core, second.id)).toEqual(second);
    expect(await listCreditTypes(core)).toEqual([creditType, second]);
    expect([await creditTypeByName(core, "none"), await creditTypeById(core, 2 ** 31 - 1)]).toEqual([null, null]);
  });

  test("is made once, however often the same is sent, by several servers at once", async () => {
    const answers = await Promise.all(
      [core, other, core, other].map((server) => createCreditType(server, terms("once"), OPERATOR)),
    );
    const made = answers.map((answer) => (answer.status === "done" ? answer : null));
    expect(new Set(made.map((answer) => answer?.creditType.id)).size).toBe(1);
    expect(made.filter((answer) => answer?.created)).toHaveLength(1);
  });

  test("keeps its name to itself", async () => {
    const { creditType } = await created("taken", { refundGrace: "P1D" });
    expect(await createCreditType(core, terms("taken", { refundGrace: "P2D" }), OPERATOR)).toEqual({
      status: "taken",
      creditType,
    });
  });

  test("that another server has made is found at once", async () => {
    await listCreditTypes(other);
    const { creditType } = await created("elsewhere");
    expect(await creditTypeByName(other, "elsewhere")).toEqual(creditType);
  });

  test("is read once by many who ask for it at the same time", async () => {
    await created("popular");
    const query = core.pool.query;
    let count = 0;
    core.pool.query = ((...given: Parameters<typeof query>) => {
      count++;
      return query.apply(core.pool, given);
    }) as typeof query;
    await Promise.all(Array.from({ length: 50 }, () => creditTypeByName(core, "popular")));
    await Promise.all(Array.from({ length: 50 }, () => creditTypeByName(core, "unknown")));
    core.pool.query = query;
    expect(count).toBe(2);
  });

  test("has a name that can stand anywhere", () => {
    for (const good of ["credits", "a", "image.hd_2-x", `a${"b".repeat(63)}`]) expect(isCreditTypeName(good)).toBe(true);
    for (const bad of ["", "1a", "A", "é", "a b", "a\n", `a${"b".repeat(64)}`]) expect(isCreditTypeName(bad)).toBe(false);
  });
});
