import { createHash } from "node:crypto";
import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { decide } from "../../../src/wallet/model/decide";
import { canonical, type HashedContent, transactionHash } from "../../../src/wallet/model/hash";
import { DEFAULT_POLICY } from "../../../src/wallet/model/policy";
import { type Grant, type Json, POTS, TRANSACTION_TYPES } from "../../../src/wallet/model/types";
import { emptyWallet, GENESIS_HASH, NO_POTS } from "../../../src/wallet/model/wallet";
import { at } from "../../support/clock";
import { grantOf } from "../../support/commands";

const NOW = at("2026-01-01T00:00:00Z");
const KEY = { accountId: "019371a0-b2c4-7d3e-8f0a-1b2c3d4e5f60", creditTypeId: 1 };

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}

describe("the text that is hashed", () => {
  test.each<[string, unknown, string]>([
    ["a number in micro-credits", 12_500_000n, '"12500000"'],
    ["bytes in hexadecimal", new Uint8Array([0, 255, 16]), '"00ff10"'],
    ["text as JSON has it", 'a "b"\n\u0001\ud800', '"a \\"b\\"\\n\\u0001\\ud800"'],
    ["numbers as JSON has them", [1, -0.5, 1e21], "[1,-0.5,1e+21]"],
    ["true, false and null", [true, false, null], "[true,false,null]"],
    ["nothing as null", [undefined, { a: undefined }], '[null,{"a":null}]'],
    ["empty ones", [[], {}, ""], '[[],{},""]'],
    ["lists in their order", ["b", "a", ["c"]], '["b","a",["c"]]'],
    ["fields in the order of their names", { b: 1, a: { d: 2, c: 3 }, B: 4, '"': 5 }, '{"\\"":5,"B":4,"a":{"c":3,"d":2},"b":1}'],
  ])("%s", (_what, value, text) => {
    expect(canonical(value)).toBe(text);
  });

  test("is JSON for what is JSON, and the same in whatever order it was built", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const json = JSON.stringify(value);
        const sorted = (_name: string, one: unknown) => {
          const isRecord = typeof one === "object" && one !== null && !Array.isArray(one);
          return isRecord ? Object.fromEntries(Object.entries(one).toReversed()) : one;
        };
        expect(JSON.parse(canonical(value))).toEqual(JSON.parse(json));
        expect(canonical(JSON.parse(json, sorted))).toBe(canonical(value));
      }),
    );
  });
});

const CONTENT: HashedContent = {
  sequence: 7,
  type: "SPEND",
  amount: 30n,
  balance: { available: 70n, held: 1n, pending: 2n, debt: 3n, overdraft: 4n, byKind: [0n, 70n, 0n, 0n, 0n, 0n, 0n, 0n] },
  entries: [{ grant: 1, from: "AVAILABLE", to: "CONSUMED", amount: 30n, before: 2 }],
  operation: "image.make",
  quantity: "3",
  app: "photos",
  actor: "service",
  description: "a picture",
  metadata: { size: [1, 2] },
  idempotencyKey: "key",
  fingerprint: new Uint8Array([1, 2]),
  relatesTo: 5,
  counterpart: { ...KEY, sequence: 9 },
  policy: 1,
  effectiveAt: NOW,
  priced: null,
  member: null,
  recordedAt: NOW + 1n,
  occurredAt: NOW - 1n,
  previousHash: GENESIS_HASH,
};

test("a transaction's text is written field by field as any other value's is", () => {
  const bytes = fc.uint8Array({ maxLength: 4 });
  const amount = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n });
  const words = fc.option(fc.string({ unit: "binary", maxLength: 9 }));
  const number = fc.nat();
  const contents = fc.record({
    sequence: number,
    type: fc.constantFrom(...TRANSACTION_TYPES),
    amount,
    balance: fc.record({
      ...{ available: amount, held: amount, pending: amount, debt: amount, overdraft: amount },
      byKind: fc.array(amount, { maxLength: 8 }),
    }),
    entries: fc.array(
      fc.record({
        ...{ grant: number, amount, before: fc.option(number) },
        ...{ from: fc.constantFrom(...POTS, "ISSUED" as const), to: fc.constantFrom(...POTS) },
      }),
      { maxLength: 3 },
    ),
    ...{ operation: words, quantity: words, app: words, description: words, idempotencyKey: words },
    priced: fc.option(fc.record({ version: number, revision: number, at: amount, plan: fc.option(number) })),
    actor: fc.string(),
    metadata: fc.option(fc.jsonValue().map((value) => value as Json)),
    fingerprint: fc.option(bytes),
    member: fc.option(number),
    relatesTo: fc.option(number),
    counterpart: fc.option(fc.record({ accountId: fc.string(), creditTypeId: number, sequence: number })),
    policy: number,
    ...{ effectiveAt: amount, recordedAt: amount, occurredAt: fc.option(amount) },
    previousHash: bytes,
  });
  fc.assert(
    fc.property(contents, (content) => {
      const { previousHash, priced, member, ...others } = content;
      const { plan = null, ...when } = priced ?? {};
      const told = priced === null ? {} : { priced: plan === null ? when : { ...when, plan } };
      const transaction = { ...others, ...told, ...(member === null ? {} : { member }) };
      const expected = createHash("sha256")
        .update(previousHash)
        .update(canonical({ transaction, grants: [] }))
        .digest("hex");
      expect(hex(transactionHash(content, []))).toBe(expected);
    }),
  );
});

const BORN: Grant = {
  kind: "PLAN",
  amount: 100n,
  priority: 100,
  effectiveAt: NOW,
  expiresAt: NOW + 1n,
  scope: { operations: ["image.*"], apps: ["photos"] },
  costBasis: { amount: "9.99", currency: "EUR" },
  rollover: { percent: 50, maximum: 10n, period: "P1M", periods: 1 },
  repaysDebt: true,
  source: "basic",
  metadata: { note: "given" },
  number: 3,
  createdBy: 7,
  createdAt: NOW,
  origin: { ...KEY, number: 1 },
  pots: NO_POTS,
  voidedAt: null,
  repaid: 0n,
};

/** Another value in its place, for each field. */
const OTHER_CONTENT: { readonly [Field in keyof HashedContent]: HashedContent[Field] } = {
  sequence: 8,
  type: "HOLD",
  amount: 31n,
  balance: { ...CONTENT.balance, pending: 3n },
  entries: [],
  operation: "image.cut",
  quantity: null,
  priced: { version: 3, revision: 4, at: NOW, plan: null },
  app: null,
  member: 2,
  actor: "system",
  description: null,
  metadata: { size: [2, 1] },
  idempotencyKey: null,
  fingerprint: new Uint8Array([1, 3]),
  relatesTo: null,
  counterpart: { ...KEY, sequence: 10 },
  policy: 2,
  effectiveAt: NOW + 1n,
  recordedAt: NOW,
  occurredAt: null,
  previousHash: new Uint8Array(32).fill(1),
};

describe("a transaction's hash", () => {
  test("is SHA-256 over the hash before and the content, and stays as it is for ever", () => {
    expect(hex(transactionHash(CONTENT, [BORN]))).toBe("b3af79072136ae59196fb6dc1d8dd59ed5a6dd405429a0c310a33add866f8b47");
  });

  test.each(Object.keys(OTHER_CONTENT) as (keyof HashedContent)[])("covers %s", (field) => {
    const changed = { ...CONTENT, [field]: OTHER_CONTENT[field] };
    expect(hex(transactionHash(changed, []))).not.toBe(hex(transactionHash(CONTENT, [])));
  });

  test.each<[string, object]>([
    ["grant", { grant: 2 }],
    ["from", { from: "HELD" }],
    ["to", { to: "HELD" }],
    ["amount", { amount: 31n }],
    ["before", { before: null }],
  ])("covers an entry's %s", (_field, change) => {
    const entries = CONTENT.entries.map((entry) => ({ ...entry, ...change }));
    expect(hex(transactionHash({ ...CONTENT, entries }, []))).not.toBe(hex(transactionHash(CONTENT, [])));
  });

  test.each<[keyof Grant, unknown]>([
    ["kind", "PROMO"],
    ["amount", 101n],
    ["priority", 99],
    ["effectiveAt", NOW + 1n],
    ["expiresAt", null],
    ["scope", { operations: ["image.*"], apps: [] }],
    ["costBasis", { amount: "9.98", currency: "EUR" }],
    ["rollover", null],
    ["repaysDebt", false],
    ["source", null],
    ["metadata", null],
    ["number", 4],
    ["createdBy", 8],
    ["createdAt", NOW + 1n],
    ["origin", null],
  ])("covers the %s of a grant that it made", (field, value) => {
    const changed = { ...BORN, [field]: value } as Grant;
    expect(hex(transactionHash(CONTENT, [changed]))).not.toBe(hex(transactionHash(CONTENT, [BORN])));
  });

  test("covers the plan that a price was found by", () => {
    const priced = { version: 3, revision: 4, at: NOW, plan: null };
    const [none, some] = [null, 5].map((plan) => hex(transactionHash({ ...CONTENT, priced: { ...priced, plan } }, [])));
    expect(some).not.toBe(none);
  });

  test("leaves out what of a grant changes later", () => {
    const later: Grant = { ...BORN, pots: { ...NO_POTS, AVAILABLE: 100n }, voidedAt: NOW, repaid: 5n };
    expect(hex(transactionHash(CONTENT, [later]))).toBe(hex(transactionHash(CONTENT, [BORN])));
  });

  test("begins with 32 zero bytes", () => {
    const settings = { policy: DEFAULT_POLICY, timeZone: "UTC", refundGrace: "P7D", expiryNotice: "P3D" };
    const outcome = decide(emptyWallet({ key: KEY, now: NOW, ...settings }), grantOf(5n), NOW);
    expect(outcome.transactions.map(({ previousHash }) => hex(previousHash))).toEqual(["0".repeat(64)]);
  });
});
