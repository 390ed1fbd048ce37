import { describe, expect, test } from "@jest/globals";
import { type Candidate, explain } from "../../../src/wallet/model/explain";
import { explainAfter, linesOf } from "../../support/scenario/explain";

const CREDIT = 1_000_000n;
const LAST = "the only eligible grant left";
const NO_USE = { operation: null, app: null };

describe("why a grant pays before the next", () => {
  test.each([
    ["its priority", "grant plan 5 p2 / grant promo 5 p1", "priority 1 before 2 of plan"],
    ["its expiry, by days", "grant plan 5 until 5d23h / grant promo 5 until 2d", "expires 3 days sooner than plan"],
    ["by one day", "grant plan 5 until 3d / grant promo 5 until 2d", "expires 1 day sooner than plan"],
    ["by hours", "grant plan 5 until 3d / grant promo 5 until 2d2h", "expires 22 hours sooner than plan"],
    ["by minutes", "grant plan 5 until 3d / grant promo 5 until 2d23h59m", "expires 1 minute sooner than plan"],
    ["by seconds", "grant plan 5 until 1d45s / grant promo 5 until 1d", "expires 45 seconds sooner than plan"],
    ["by less", "grant plan 5 until 1d1us / grant promo 5 until 1d", "expires less than a second sooner than plan"],
    [
      "that it expires at all",
      "grant plan 5 / grant promo 5 until 2d",
      "expires at 2026-01-03T00:00:00.000Z while plan never expires",
    ],
    ["its kind", "grant purchased 5 / grant promo 5", "promotional (PROMO) before paid (PURCHASED) of purchased"],
    ["its kind within a family", "grant gift 5 / grant promo 5", "PROMO before GIFT of gift"],
    ["an adjustment", "grant purchased 5 / adjust 5", "adjusted (ADJUSTMENT) before paid (PURCHASED) of purchased"],
    [
      "its operations",
      "grant promo 5 as free / grant promo 5 for image.*+text",
      "restricted to image.*, text while free is unrestricted",
    ],
    ["its apps", "grant promo 5 as free / grant promo 5 apps photos", "restricted to photos while free is unrestricted"],
    [
      "operations and apps",
      "grant promo 5 as free / grant promo 5 for text apps photos",
      "restricted to text, photos while free is unrestricted",
    ],
    ["when it became effective", "grant promo 5 as old / after 3d grant promo 5 as new", "effective 3 days earlier than new"],
    ["when it was made", "grant promo 5 as old / grant promo 5 as new", "granted before new"],
    ["that the other is owed", "overdraft 5 / grant purchased 5 p255", "own credits before the overdraft of overdraft"],
  ])("%s: %s", (_what, scenario, reason) => {
    const { explanation } = explainAfter(scenario, { operation: "text", app: "photos" }, CREDIT);
    expect(explanation.candidates.map((candidate) => candidate.reason)).toEqual([reason, LAST]);
  });

  test("is told by the wallet's policy", () => {
    const scenario = "policy paid-last / grant purchased 5 until 1d / grant plan 5";
    const { explanation } = explainAfter(scenario, NO_USE, CREDIT);
    expect(explanation.policy.version).toBe(2);
    expect(explanation.candidates[0]?.reason).toBe("included (PLAN) before paid (PURCHASED) of purchased");
  });
});

describe("an explanation", () => {
  test("names every candidate in order with what it pays, also those that pay nothing", () => {
    const { wallet, explanation } = explainAfter("grant plan 5 p1 / grant promo 5 p3 / grant gift 5 p2", NO_USE, 7n * CREDIT);
    expect(linesOf(explanation, wallet)).toEqual([
      "1. plan pays 5: priority 1 before 2 of gift",
      "2. gift pays 2: priority 2 before 3 of promo",
      `3. promo pays 0: ${LAST}`,
    ]);
    expect(explanation.shortfall).toBe(0n);
  });

  test("says what is missing", () => {
    const { explanation } = explainAfter("grant plan 5", NO_USE, 7n * CREDIT);
    expect(explanation.shortfall).toBe(2n * CREDIT);
  });

  test("rejects every other grant with its reason", () => {
    const scenario =
      "grant plan 5 as voided / void voided / grant plan 5 from 9d as later / grant plan 5 until 1d as ended / grant plan 5 p0 as spent / spend 5 / grant plan 5 for image as images / grant plan 5 apps docs as docs / grant plan 5 / at 1d";
    const { wallet, explanation } = explainAfter(scenario, { operation: "text", app: "photos" }, CREDIT);
    expect(linesOf(explanation, wallet)).toEqual([
      `1. plan pays 1: ${LAST}`,
      "- voided: VOIDED",
      "- later: NOT_YET_EFFECTIVE",
      "- ended: EXPIRED",
      "- spent: EXHAUSTED",
      "- images: OUT_OF_SCOPE",
      "- docs: OUT_OF_SCOPE",
    ]);
  });

  test.each([
    ["voided before anything else", "grant plan 5 from 9d for image / void plan", "VOIDED"],
    ["voided before expired", "grant plan 5 until 1d / void plan / at 2d", "VOIDED"],
    ["not yet effective before out of scope", "grant plan 5 from 9d for image", "NOT_YET_EFFECTIVE"],
    ["expired before out of scope", "grant plan 5 until 1d for image / at 1d", "EXPIRED"],
    ["out of scope before exhausted", "grant plan 5 for image / spend 5 for image", "OUT_OF_SCOPE"],
    ["exhausted when all is held", "grant plan 5 / hold 5 lasting P1D", "EXHAUSTED"],
  ])("of several reasons says the most final: %s", (_what, scenario, reason) => {
    const { explanation } = explainAfter(scenario, NO_USE, CREDIT);
    expect(explanation.rejected.map((one) => one.reason)).toEqual([reason]);
  });

  test("leaves scopes and overdrafts aside as the use does", () => {
    const scenario = "grant plan 5 for image / overdraft 5";
    const adjusting = explainAfter(scenario, { ...NO_USE, anyScope: true }, CREDIT);
    expect(adjusting.explanation.candidates.map(({ grant }) => grant.kind)).toEqual(["PLAN", "OVERDRAFT"]);
    const giving = explainAfter(scenario, { ...NO_USE, anyScope: true, overdraft: false }, CREDIT);
    expect(giving.explanation.candidates.map(({ grant }) => grant.kind)).toEqual(["PLAN"]);
    expect(giving.explanation.rejected.map(({ reason }) => reason)).toEqual(["OUT_OF_SCOPE"]);
  });

  test("ranks each candidate under each key in the policy's order, with its value in words; equals share a rank", () => {
    const scenario =
      "policy paid-last / grant purchased 5 p2 until 1d / grant plan 5 p1 for text / grant gift 5 p2 from 1h / at 2h";
    const { explanation } = explainAfter(scenario, { operation: "text", app: null }, CREDIT);
    const ranks = explanation.candidates.map(({ keys }) => keys.map(({ key, value, rank }) => `${key} ${value}: ${rank}`));
    expect(ranks).toEqual([
      ["PRIORITY 1: 1", "KIND PLAN: 1", "EXPIRY never: 2", "SCOPE text: 1", "EFFECTIVE 2026-01-01T00:00:00.000Z: 1"],
      ["PRIORITY 2: 2", "KIND GIFT: 2", "EXPIRY never: 2", "SCOPE unrestricted: 2", "EFFECTIVE 2026-01-01T01:00:00.000Z: 3"],
      [
        "PRIORITY 2: 2",
        "KIND PURCHASED: 3",
        "EXPIRY 2026-01-02T00:00:00.000Z: 1",
        "SCOPE unrestricted: 2",
        "EFFECTIVE 2026-01-01T00:00:00.000Z: 1",
      ],
    ]);
  });

  test("ranks thousands of candidates in the time of sorting them, not of comparing each with each", () => {
    const { candidates: few, policy } = explainAfter("grant promo 5", NO_USE, CREDIT).explanation;
    const { grant } = few[0] as Candidate;
    const many = Array.from({ length: 20_000 }, (_, index) => ({ ...grant, number: index + 1, priority: index % 200 }));
    const began = performance.now();
    const { candidates } = explain(many, policy, grant.effectiveAt, NO_USE, CREDIT, String);
    expect(performance.now() - began).toBeLessThan(5_000);
    expect(candidates[101]?.keys[0]).toEqual({ key: "PRIORITY", value: "1", rank: 101 });
  });

  test("of an empty wallet is empty", () => {
    const { explanation } = explainAfter("look", NO_USE, CREDIT);
    expect(explanation).toMatchObject({ candidates: [], rejected: [], shortfall: CREDIT });
  });
});
