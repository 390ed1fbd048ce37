import { expect, test } from "@jest/globals";
import { FIRST_UNIT } from "../../src/core/unit";
import { WalletView } from "../../src/wallet/api/wallet.types";
import { decide } from "../../src/wallet/model/decide";
import { DEFAULT_POLICY } from "../../src/wallet/model/policy";
import { emptyWallet } from "../../src/wallet/model/wallet";
import { at } from "../support/clock";
import { grantOf, holdOf } from "../support/commands";

const HOUR = 3_600_000_000n;

test("a wallet is shown as it was while it was known whole: no later than a hold ends that was not loaded", () => {
  const now = at("2026-01-01T00:00:00Z");
  const key = { accountId: "00000000-0000-7000-8000-000000000001", creditTypeId: 1 };
  const given = { key, now, policy: DEFAULT_POLICY, timeZone: "UTC", refundGrace: "P7D", expiryNotice: "P3D" };
  const granted = decide(emptyWallet(given), grantOf(10_000_000n, { expiresAt: now + 3n * HOUR }), now).wallet;
  const whole = decide(granted, holdOf(4_000_000n, now + 2n * HOUR), now).wallet;
  const loaded = { ...whole, holds: [], unloadedDueAt: now + 2n * HOUR };
  const balanceAt = (instant: bigint) => {
    const { available, held } = new WalletView({ ...key, unit: FIRST_UNIT }, loaded, instant).balance;
    return [available, held];
  };
  expect(balanceAt(now)).toEqual([6_000_000n, 4_000_000n]);
  expect(balanceAt(now + 2n * HOUR - 1n)).toEqual([6_000_000n, 4_000_000n]);
  // Not 0 and 4: the hold ended before the grant expired, so there was nothing held any more.
  expect(balanceAt(now + 3n * HOUR)).toEqual([6_000_000n, 4_000_000n]);
});
