import { describe, expect, test } from "@jest/globals";
import { type AlertPlace, formatAlertCursor, parseAlertCursor } from "../../src/wallet/live/alert-cursor";

const PLACE: AlertPlace = {
  key: { accountId: "019371a0-b2c4-7d3e-8f0a-1b2c3d4e5f60", creditTypeId: 3 },
  number: 12,
  writtenBy: 4_294_967_296_123n,
};

describe("an alert's cursor", () => {
  test("is read back as it was written", () => {
    expect(parseAlertCursor(formatAlertCursor(PLACE))).toEqual(PLACE);
  });

  test.each([
    ["nothing", ""],
    ["an alert's id alone", "alr_019371a0b2c47d3e8f0a1b2c3d4e5f60_3_12"],
    ["another id", "txn_019371a0b2c47d3e8f0a1b2c3d4e5f60_3_12.7"],
    ["no number behind it", "alr_019371a0b2c47d3e8f0a1b2c3d4e5f60_3_12.x"],
    ["a zero behind it", "alr_019371a0b2c47d3e8f0a1b2c3d4e5f60_3_12.0"],
    ["more than the database can count", "alr_019371a0b2c47d3e8f0a1b2c3d4e5f60_3_12.9999999999999999999"],
    ["something behind that", "alr_019371a0b2c47d3e8f0a1b2c3d4e5f60_3_12.7.7"],
    ["a number in other digits", "alr_019371a0b2c47d3e8f0a1b2c3d4e5f60_3_12.٧"],
    ["a megabyte", "alr_".repeat(250_000)],
  ])("is not %s", (_, text) => {
    expect(parseAlertCursor(text)).toBeNull();
  });
});
