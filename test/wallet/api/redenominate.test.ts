import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { formatInstant } from "../../../src/core/time";
import { ADMIN, type Api, createApi, customer, SERVICE } from "../../support/api";

/** New units for credit types: what operators may do, and what everybody sees of it. */

let api: Api;
/** Each test has a credit type of its own. */
let creditTypes = 0;

beforeAll(async () => {
  api = await createApi();
});

afterAll(() => api.stop());

interface Act {
  readonly id: string;
  readonly number: number;
  readonly factor: string;
  readonly withdrawnAt: string | null;
}

interface Payload {
  readonly redenomination: Act | null;
  readonly creditType: { readonly unit: object; readonly redenominations: readonly Act[] } | null;
  readonly refusal: { readonly code: string; readonly message: string } | null;
}

const UNIT = "unit { number factor since until step }";
const ACT = "id number factor effectiveFrom publishedAt publishedBy reason withdrawnAt";
const PAYLOAD = `redenomination { ${ACT} } creditType { ${UNIT} redenominations { id number factor withdrawnAt } }
  refusal { code message ... on UnitChanged { latest { number } } ... on LaterUnitPlanned { planned { number } }
    ... on UnitInForce { redenomination { number } } ... on EffectiveInPast { now field } }`;

async function creditType(): Promise<string> {
  creditTypes += 1;
  const name = `type-${creditTypes}`;
  await api.mutate("createCreditType", { name }, "created");
  return name;
}

function redenominate(creditType: string, factor: string, rest: object = {}): Promise<Payload> {
  return api.mutate<Payload>("redenominate", { creditType, factor, reason: "smaller numbers", ...rest }, PAYLOAD);
}

function withdraw(redenominationId: string | undefined): Promise<Payload> {
  return api.mutate<Payload>("withdrawRedenomination", { redenominationId, reason: "too early" }, PAYLOAD);
}

async function unitOf(name: string): Promise<object> {
  const { creditTypes } = await api.ask<{ creditTypes: { name: string; unit: object }[] }>(`{ creditTypes { name ${UNIT} } }`);
  return creditTypes.find((one) => one.name === name)?.unit as object;
}

function later(microseconds: bigint): string {
  return formatInstant(api.core.clock.now() + microseconds);
}

const HOUR = 3_600_000_000n;
const FIRST = { number: 0, factor: "1", since: null, until: null, step: "0.000001" };

describe("a new unit", () => {
  test("counts at once when no instant is named, and says by whom it was brought, and why", async () => {
    const name = await creditType();
    expect(await unitOf(name)).toEqual(FIRST);
    const now = later(0n);
    const unit = { number: 1, factor: "100", since: now, until: null, step: "0.0001" };
    const by = { publishedAt: now, publishedBy: "admin", reason: "smaller numbers", withdrawnAt: null };
    expect(await redenominate(name, "100")).toMatchObject({
      redenomination: { number: 1, factor: "100", effectiveFrom: now, ...by },
      creditType: { unit, redenominations: [{ number: 1, factor: "100" }] },
      refusal: null,
    });
    expect(await unitOf(name)).toEqual(unit);
  });

  test("is that of those before, times its factor; and its inverse leads back to the first", async () => {
    const name = await creditType();
    await redenominate(name, "100");
    await redenominate(name, "2.5", { basedOn: 1 });
    expect(await unitOf(name)).toMatchObject({ number: 2, factor: "250", step: "0.00025" });
    await redenominate(name, "0.004", { basedOn: 2 });
    expect(await unitOf(name)).toMatchObject({ number: 3, factor: "1", step: "0.000001" });
  });

  test("is not in force before the instant that it was published for", async () => {
    const name = await creditType();
    const from = later(HOUR);
    await redenominate(name, "100", { effectiveFrom: from });
    expect(await unitOf(name)).toEqual({ ...FIRST, until: from });
    api.core.clock.set(api.core.clock.now() + HOUR - 1n);
    expect(await unitOf(name)).toEqual({ ...FIRST, until: from });
    api.core.clock.set(api.core.clock.now() + 1n);
    expect(await unitOf(name)).toMatchObject({ number: 1, factor: "100", since: from, until: null });
  });

  test("can be withdrawn until then, once and for all", async () => {
    const name = await creditType();
    const { redenomination } = await redenominate(name, "100", { effectiveFrom: later(HOUR) });
    const now = later(0n);
    for (let times = 0; times < 2; times++)
      expect(await withdraw(redenomination?.id)).toMatchObject({
        redenomination: { number: 1, withdrawnAt: now },
        creditType: { unit: FIRST, redenominations: [{ number: 1, withdrawnAt: now }] },
      });
    api.core.clock.set(api.core.clock.now() + HOUR);
    expect(await unitOf(name)).toEqual(FIRST);
    const next = await redenominate(name, "0.01", { basedOn: 1 });
    expect(next).toMatchObject({ redenomination: { number: 2 }, creditType: { unit: { number: 2, factor: "0.01" } } });
  });

  test("is a node that everybody may see; who published it, and why, is the operator's to know", async () => {
    const name = await creditType();
    const { redenomination } = await redenominate(name, "100");
    const { accountId } = await api.wallet();
    const query = `query ($id: ID!) { node(id: $id) { ... on Redenomination { number factor } } }`;
    for (const identity of [ADMIN, SERVICE, customer(accountId)])
      expect(await api.ask(query, { id: redenomination?.id }, identity)).toEqual({ node: { number: 1, factor: "100" } });
    for (const field of ["reason", "publishedBy"]) {
      const secret = `query ($id: ID!) { node(id: $id) { ... on Redenomination { ${field} } } }`;
      expect(await api.errors(secret, { id: redenomination?.id }, SERVICE)).toEqual(["FORBIDDEN"]);
    }
    for (const id of ["red_999999_1", `red_${redenomination?.id.split("_")[1]}_2`, "red_99999999999_1"])
      expect(await api.ask(query, { id })).toEqual({ node: null });
  });

  test("stands in the audit log, and so does its withdrawal", async () => {
    const name = await creditType();
    const { redenomination } = await redenominate(name, "100", { effectiveFrom: later(HOUR) });
    await withdraw(redenomination?.id);
    const query = "{ auditLog(first: 2) { edges { node { actor action subject before after reason } } } }";
    const { auditLog } = await api.ask<{ auditLog: { edges: { node: object }[] } }>(query);
    const act = { number: 1, factor: "100", effectiveFrom: later(HOUR) };
    const subject = redenomination?.id.replace("red", "ct").replace(/_\d+$/, "");
    expect(auditLog.edges.map(({ node }) => node)).toEqual([
      {
        ...{ actor: "admin", action: "withdrawRedenomination", subject, reason: "too early" },
        before: { ...act, withdrawnAt: null },
        after: { ...act, withdrawnAt: later(0n) },
      },
      {
        ...{ actor: "admin", action: "redenominate", subject, reason: "smaller numbers" },
        before: null,
        after: { ...act, withdrawnAt: null },
      },
    ]);
  });
});

describe("is refused", () => {
  test("whoever does not know what somebody else did in the meantime: of two at once the second is told", async () => {
    const name = await creditType();
    expect(await redenominate(name, "100", { basedOn: 1 })).toMatchObject({ refusal: { code: "UNIT_CHANGED", latest: null } });
    const answers = await Promise.all([redenominate(name, "100"), redenominate(name, "100")]);
    const refusals = answers.flatMap(({ refusal }) => refusal ?? []);
    expect(refusals).toMatchObject([
      {
        code: "UNIT_CHANGED",
        message: expect.stringMatching(/^Redenomination 1, by 100, was published by/),
        latest: { number: 1 },
      },
    ]);
    expect(await unitOf(name)).toMatchObject({ number: 1, factor: "100" });
  });

  test("a beginning in the past, or before one that is planned", async () => {
    const name = await creditType();
    expect(await redenominate(name, "100", { effectiveFrom: later(-1n) })).toMatchObject({
      refusal: { code: "EFFECTIVE_IN_PAST", field: "effectiveFrom", now: later(0n) },
    });
    await redenominate(name, "100", { effectiveFrom: later(HOUR) });
    expect(await redenominate(name, "10", { basedOn: 1, effectiveFrom: later(HOUR - 1n) })).toMatchObject({
      refusal: {
        code: "LATER_UNIT_PLANNED",
        message: expect.stringMatching(/^Redenomination 1 is planned/),
        planned: { number: 1 },
      },
    });
    expect(await redenominate(name, "10", { basedOn: 1, effectiveFrom: later(HOUR + 1n) })).toMatchObject({ refusal: null });
  });

  test("a unit that is more than a million times the first, or less than its millionth part; planned ones count", async () => {
    const name = await creditType();
    await redenominate(name, "1000000", { effectiveFrom: later(HOUR) });
    const rest = { basedOn: 1, effectiveFrom: later(HOUR) };
    expect(await redenominate(name, "2", rest)).toMatchObject({ refusal: { code: "UNIT_OUT_OF_RANGE" } });
    expect(await redenominate(name, "0.000001", rest)).toMatchObject({ refusal: null });
  });

  test("the withdrawal of what has begun, and of what there is not", async () => {
    const name = await creditType();
    const { redenomination } = await redenominate(name, "100");
    expect(await withdraw(redenomination?.id)).toMatchObject({
      refusal: {
        code: "ALREADY_EFFECTIVE",
        message: expect.stringMatching(/^Redenomination 1 applies/),
        redenomination: { number: 1 },
      },
    });
    for (const id of ["red_1_99", "ct_1", "", "red_99999999999_1"])
      expect(await withdraw(id)).toMatchObject({ refusal: { code: "NOT_FOUND" } });
    expect(await redenominate("no-such-type", "100")).toMatchObject({ refusal: { code: "NOT_FOUND" } });
  });

  test.each(["1", "3", "0", "-100", "0.7", "0.0000001"])(
    "the factor %s, which leads to no unit that is exact both ways",
    async (factor) => {
      const name = await creditType();
      const document = "mutation ($input: RedenominateInput!) { redenominate(input: $input) { refusal { code } } }";
      const input = { creditType: name, factor, reason: "a test" };
      const told = [await api.errors(document, { input }), (await api.answer(document, { input })).data];
      const tooFar = { redenominate: { refusal: { code: "UNIT_OUT_OF_RANGE" } } };
      expect(told).toEqual(factor === "0.0000001" ? [[], tooFar] : [["BAD_USER_INPUT input factor"], null]);
    },
  );
});

describe("an amount that is given", () => {
  test("must be a multiple of the unit's step, which the error names", async () => {
    const name = await creditType();
    await redenominate(name, "100");
    const externalId = `customer of ${name}`;
    await api.mutate("createAccount", { externalId }, "created");
    await api.mutate("openWallet", { externalId, creditType: name }, "opened");
    const give = (amount: string) => ({
      query: "mutation ($input: GrantCreditsInput!) { grantCredits(input: $input) { grant { amount } } }",
      input: { externalId, creditType: name, kind: "PROMO", amount, idempotencyKey: `${name} ${amount}` },
    });
    const fine = give("0.0001");
    expect(await api.ask(fine.query, fine)).toEqual({ grantCredits: { grant: { amount: "0.0001" } } });
    for (const amount of ["0.00005", "0.000001", "1.00001"]) {
      const { errors = [] } = await api.answer(give(amount).query, give(amount));
      expect(errors.map(({ message }) => message)).toEqual([
        "input.amount must be a multiple of 0.0001, and at most 9,000,000,000,000",
      ]);
    }
  });
});
