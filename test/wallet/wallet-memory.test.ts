import { describe, expect, test } from "@jest/globals";
import type { Grant, Hold, WalletKey } from "../../src/wallet/model/types";
import { emptyWallet, NO_POTS } from "../../src/wallet/model/wallet";
import type { LoadedWallet } from "../../src/wallet/store/loaded-wallet";
import { WalletMemory } from "../../src/wallet/store/wallet-memory";
import { grantOf } from "../support/commands";

const [FIRST, SECOND] = [Uint8Array.of(1), Uint8Array.of(2)];
const KEY: WalletKey = { accountId: "01900000-0000-7000-8000-000000000000", creditTypeId: 1 };

function grant(number: number, available = 1n): Grant {
  return {
    ...grantOf(1n).terms,
    number,
    effectiveAt: 0n,
    createdBy: 1,
    createdAt: 0n,
    origin: null,
    pots: { ...NO_POTS, AVAILABLE: available, CONSUMED: 1n - available },
    voidedAt: null,
    repaid: 0n,
  };
}

function hold(sequence: number, expiresAt: bigint, status: Hold["status"] = "OPEN"): Hold {
  const nobodys = { operation: null, app: null, member: null, heldAt: 0n, draws: [] };
  return { sequence, amount: 1n, captured: 0n, released: 0n, expiresAt, status, ...nobodys };
}

const EMPTY = emptyWallet({
  key: KEY,
  now: 0n,
  policy: { version: 1, keys: [] },
  timeZone: "UTC",
  refundGrace: "P7D",
  expiryNotice: "P3D",
});

function loaded(
  hash: Uint8Array,
  grants: readonly Grant[],
  given: Partial<LoadedWallet["wallet"]> = {},
  revision = 1n,
): LoadedWallet {
  return {
    wallet: { ...EMPTY, hash, grants, ...given },
    nextDueAt: null,
    thresholdCount: 0,
    revision,
    priceRevision: 0,
    plan: null,
    unitRevision: 0,
  };
}

describe("the memory of wallets", () => {
  function keep(memory: WalletMemory, text: string, hash: Uint8Array, grants: readonly Grant[]): void {
    memory.keep(text, loaded(hash, grants), 0n);
  }

  test("gives a wallet's grants for the hash that they were kept under, and for no other", () => {
    const memory = new WalletMemory(10);
    const grants = [grant(1), grant(2)];
    keep(memory, "a", FIRST, grants);
    expect(memory.knows("a")).toBe(true);
    expect(memory.grantsAt("a", Uint8Array.of(1))).toEqual(grants);
    expect(memory.grantsAt("a", SECOND)).toBeNull();
    expect(memory.grantsAt("b", FIRST)).toBeNull();
    keep(memory, "a", SECOND, []);
    expect(memory.grantsAt("a", FIRST)).toBeNull();
    expect(memory.grantsAt("a", SECOND)).toEqual([]);
  });

  test("keeps those that are open only: the others need not be read either", () => {
    const memory = new WalletMemory(10);
    keep(memory, "a", FIRST, [grant(1, 0n), grant(2)]);
    expect(memory.grantsAt("a", FIRST)).toMatchObject([{ number: 2 }]);
  });

  test("forgets the wallets that were longest idle, whatever they hold, when there are too many", () => {
    const memory = new WalletMemory(6);
    keep(memory, "a", FIRST, [grant(1)]);
    keep(memory, "b", FIRST, [grant(1)]);
    keep(memory, "a", SECOND, [grant(1)]);
    keep(memory, "c", FIRST, []);
    keep(memory, "d", FIRST, []);
    expect(["a", "b", "c", "d"].filter((text) => memory.knows(text))).toEqual(["a", "b", "c", "d"]);
    keep(memory, "e", FIRST, []);
    expect(["a", "b", "c", "d", "e"].filter((text) => memory.knows(text))).toEqual(["a", "c", "d", "e"]);
    keep(
      memory,
      "f",
      FIRST,
      [1, 2, 3, 4, 5, 6].map((number) => grant(number)),
    );
    expect(["a", "c", "d", "e", "f"].filter((text) => memory.knows(text))).toEqual([]);
  });

  test("gives a wallet as it was left only while it is found as it was left", () => {
    const memory = new WalletMemory(10);
    const at = (revision: bigint) => loaded(FIRST, [grant(1)], {}, revision);
    expect(memory.asLeft("a")).toBeNull();
    memory.keep("a", at(3n), 2n);
    expect(memory.asLeft("a")).toBeNull();
    memory.keep("a", at(4n), 3n);
    expect(memory.asLeft("a")).toMatchObject({ revision: 4n });
    memory.keep("a", at(7n), 6n);
    expect(memory.asLeft("a")).toBeNull();
    memory.keep("a", at(8n), 7n);
    expect(memory.asLeft("a")).toMatchObject({ revision: 8n });
  });

  test("keeps no holds, but when the first open one of them expires", () => {
    const memory = new WalletMemory(10);
    const holds = [hold(1, 20n), hold(2, 5n, "CAPTURED"), hold(3, 10n)];
    for (const [unloadedDueAt, first] of [
      [null, 10n],
      [7n, 7n],
      [12n, 10n],
    ] as const) {
      memory.keep("a", loaded(FIRST, [], { holds, unloadedDueAt }), 1n);
      memory.keep("a", loaded(FIRST, [], { holds, unloadedDueAt }), 1n);
      expect(memory.asLeft("a")?.wallet).toMatchObject({ holds: [], unloadedDueAt: first });
    }
  });
});
