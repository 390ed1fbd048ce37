import { describe, expect, test } from "@jest/globals";
import { GrantMemory } from "../../src/wallet/grant-memory";
import type { Grant } from "../../src/wallet/model/types";
import { NO_POTS } from "../../src/wallet/model/wallet";

const [FIRST, SECOND] = [Uint8Array.of(1), Uint8Array.of(2)];

function grant(number: number, available = 1n): Grant {
  return {
    kind: "PROMO",
    amount: 1n,
    priority: 100,
    effectiveAt: 0n,
    expiresAt: null,
    scope: { operations: [], apps: [] },
    costBasis: null,
    rollover: null,
    repaysDebt: false,
    source: null,
    metadata: null,
    number,
    createdBy: 1,
    createdAt: 0n,
    origin: null,
    pots: { ...NO_POTS, AVAILABLE: available, CONSUMED: 1n - available },
    voidedAt: null,
    repaid: 0n,
  };
}

describe("the memory of grants", () => {
  test("gives a wallet's grants for the hash that they were kept under, and for no other", () => {
    const memory = new GrantMemory(10);
    const grants = [grant(1), grant(2)];
    memory.keep("a", FIRST, grants);
    expect(memory.knows("a")).toBe(true);
    expect(memory.grantsAt("a", Uint8Array.of(1))).toEqual(grants);
    expect(memory.grantsAt("a", SECOND)).toBeNull();
    expect(memory.grantsAt("b", FIRST)).toBeNull();
    memory.keep("a", SECOND, []);
    expect(memory.grantsAt("a", FIRST)).toBeNull();
    expect(memory.grantsAt("a", SECOND)).toEqual([]);
  });

  test("keeps those that are open only: the others need not be read either", () => {
    const memory = new GrantMemory(10);
    memory.keep("a", FIRST, [grant(1, 0n), grant(2)]);
    expect(memory.grantsAt("a", FIRST)).toMatchObject([{ number: 2 }]);
  });

  test("forgets the wallets that were longest idle, whatever they hold, when there are too many", () => {
    const memory = new GrantMemory(6);
    memory.keep("a", FIRST, [grant(1)]);
    memory.keep("b", FIRST, [grant(1)]);
    memory.keep("a", SECOND, [grant(1)]);
    memory.keep("c", FIRST, []);
    memory.keep("d", FIRST, []);
    expect(["a", "b", "c", "d"].filter((text) => memory.knows(text))).toEqual(["a", "b", "c", "d"]);
    memory.keep("e", FIRST, []);
    expect(["a", "b", "c", "d", "e"].filter((text) => memory.knows(text))).toEqual(["a", "c", "d", "e"]);
    memory.keep(
      "f",
      FIRST,
      [1, 2, 3, 4, 5, 6].map((number) => grant(number)),
    );
    expect(["a", "c", "d", "e", "f"].filter((text) => memory.knows(text))).toEqual([]);
  });
});
