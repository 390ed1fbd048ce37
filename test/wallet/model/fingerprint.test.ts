import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import type { Command } from "../../../src/wallet/model/commands";
import { differingField, fingerprint } from "../../../src/wallet/model/fingerprint";
import * as make from "../../support/commands";

const KEY = { accountId: "019371a0-b2c4-7d3e-8f0a-1b2c3d4e5f60", creditTypeId: 1 };
const OTHER_KEY = { ...KEY, creditTypeId: 2 };

const GRANT = make.grantOf(5n);
const TERMS = (change: object) => ({ terms: { ...GRANT.terms, ...change } });
const NOTES: Changes = { description: { description: "because" }, metadata: { metadata: { a: 1 } } };
const USE: Changes = {
  amount: { amount: 6n },
  operation: { operation: "image.make" },
  quantity: { quantity: "3" },
  app: { app: "photos" },
  ...NOTES,
  occurredAt: { occurredAt: 1n },
  allowPartial: { allowPartial: true },
};

/** A change of each field that makes it another command, in the order in which fields are compared. */
type Changes = Readonly<Record<string, object>>;

const COMMANDS: { readonly [Type in Command["type"]]: readonly [Command & { readonly type: Type }, Changes] } = {
  grant: [
    GRANT,
    {
      kind: TERMS({ kind: "GIFT" }),
      amount: TERMS({ amount: 6n }),
      priority: TERMS({ priority: 1 }),
      effectiveAt: TERMS({ effectiveAt: 1n }),
      expiresAt: TERMS({ expiresAt: 1n }),
      scope: TERMS({ scope: { operations: [], apps: ["photos"] } }),
      costBasis: TERMS({ costBasis: { amount: "1", currency: "EUR" } }),
      rollover: TERMS({ rollover: { percent: 1, maximum: null, period: "P1M", periods: 1 } }),
      repaysDebt: TERMS({ repaysDebt: true }),
      source: TERMS({ source: "campaign" }),
      ...NOTES,
    },
  ],
  spend: [make.spendOf(5n), USE],
  hold: [make.holdOf(5n, 9n), { ...USE, expires: { expires: { in: "PT1H" } } }],
  capture: [
    make.captureOf(7, 5n),
    { hold: { hold: 8 }, amount: { amount: null }, allowExcess: { allowExcess: true }, final: { final: false }, ...NOTES },
  ],
  extend: [make.extendOf(7, { at: 9n }), { hold: { hold: 8 }, expires: { expires: { at: 10n } }, ...NOTES }],
  release: [make.releaseOf(7), { hold: { hold: 8 }, ...NOTES }],
  refund: [make.refundOf(7, 5n), { spend: { spend: 8 }, amount: { amount: null }, ...NOTES }],
  void: [make.voidOf(7), { grant: { grant: 8 }, ...NOTES }],
  withdraw: [make.withdrawOf(7, 3n), { grant: { grant: 8 }, amount: { amount: 4n }, ...NOTES }],
  adjust: [make.adjustOf(5n), { amount: { amount: -5n }, ...NOTES }],
  overdraft: [
    make.overdraftOf(5n),
    { limit: { limit: 6n }, costBasis: { costBasis: { amount: "1", currency: "EUR" } }, ...NOTES },
  ],
  transfer: [make.transferOf(KEY, 5n), { to: { to: OTHER_KEY }, amount: { amount: 6n }, ...NOTES }],
};
const TYPES = Object.keys(COMMANDS) as Command["type"][];
const SINGLE = TYPES.flatMap((type) => Object.keys(COMMANDS[type][1]).map((field) => [type, field] as const));

function changed(type: Command["type"], fields: readonly string[]): Command {
  const [command, changes] = COMMANDS[type];
  // A grant's terms are changed one after the other.
  let done: Command = command;
  for (const field of fields) {
    const change = changes[field] as Partial<Command> & { readonly terms?: object };
    const own = Object.entries(change.terms ?? {}).filter(([name]) => name === field);
    const terms = done.type === "grant" ? { terms: { ...done.terms, ...Object.fromEntries(own) } } : {};
    done = { ...done, ...change, ...terms } as Command;
  }
  return done;
}

function difference(first: Command, second: Command): string | null {
  return differingField(second, fingerprint(KEY, first), fingerprint(KEY, second));
}

describe("a fingerprint", () => {
  test.each(TYPES)("of the same %s is the same, whoever asks under whichever key", (type) => {
    const [command] = COMMANDS[type];
    const again = { ...command, actor: "another", idempotencyKey: "another", boundTo: "photos" };
    expect(difference(command, again)).toBeNull();
  });

  test.each(SINGLE)("of a %s tells another %s", (type, field) => {
    expect(difference(COMMANDS[type][0], changed(type, [field]))).toBe(field);
  });

  test.each(TYPES)("of a %s tells another wallet, before anything else", (type) => {
    const [command, changes] = COMMANDS[type];
    const other = changed(type, Object.keys(changes));
    expect(differingField(other, fingerprint(KEY, command), fingerprint(OTHER_KEY, other))).toBe("wallet");
  });

  test("names the first field that differs, of however many", () => {
    const some = fc.constantFrom(...TYPES).chain((type) => {
      const fields = fc.subarray(Object.keys(COMMANDS[type][1]), { minLength: 1 });
      return fc.record({ type: fc.constant(type), fields });
    });
    fc.assert(
      fc.property(some, ({ type, fields }) => {
        expect(difference(COMMANDS[type][0], changed(type, fields))).toBe(fields[0]);
      }),
    );
  });

  test("tells one kind of command from every other", () => {
    for (const one of TYPES) {
      for (const other of TYPES) expect(difference(COMMANDS[one][0], COMMANDS[other][0])).toBe(one === other ? null : "mutation");
    }
  });

  test("does not mind in which order metadata was written", () => {
    const [one, other] = [
      { a: 1, b: { c: 2, d: 3 } },
      { b: { d: 3, c: 2 }, a: 1 },
    ].map((metadata) => make.spendOf(5n, { metadata }));
    expect(difference(one as Command, other as Command)).toBeNull();
  });

  test("minds what is in it", () => {
    const [one, other] = [{ a: [1, 2] }, { a: [2, 1] }].map((metadata) => make.spendOf(5n, { metadata }));
    expect(difference(one as Command, other as Command)).toBe("metadata");
  });

  test("is a byte and four for each field", () => {
    expect(fingerprint(KEY, make.releaseOf(7))).toHaveLength(1 + 4 * 4);
    expect(fingerprint(KEY, make.spendOf(5n))).toHaveLength(1 + 9 * 4);
  });

  test("stays as it is for ever", () => {
    const shown = TYPES.map((type) => `${type} ${Buffer.from(fingerprint(KEY, COMMANDS[type][0])).toString("hex")}`);
    expect(shown).toEqual([
      "grant 00c9c2590acf914872e13cc70ccb0f686cce7985dece7985de3cc723cfce7985dece7985defd80b570ce7985dece7985dece7985de",
      "spend 01c9c2590ae13cc70cce7985dece7985dece7985dece7985dece7985dece7985defd80b570",
      "hold 02c9c2590ae13cc70cce7985dece7985dece7985dece7985dece7985dece7985defd80b570abd4de6e",
      "capture 03c9c2590ab8eb800ce13cc70cfd80b5702d47546cce7985dece7985de",
      "extend 04c9c2590ab8eb800cabd4de6ece7985dece7985de",
      "release 05c9c2590ab8eb800cce7985dece7985de",
      "refund 06c9c2590ab8eb800ce13cc70cce7985dece7985de",
      "void 07c9c2590ab8eb800cce7985dece7985de",
      "withdraw 0bc9c2590ab8eb800c8d1ca663ce7985dece7985de",
      "adjust 08c9c2590ae13cc70cce7985dece7985de",
      "overdraft 09c9c2590ae13cc70cce7985dece7985dece7985de",
      "transfer 0ac9c2590ac9c2590ae13cc70cce7985dece7985de",
    ]);
  });
});
