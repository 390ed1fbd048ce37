import { describe, expect, test } from "@jest/globals";
import { FIRST_UNIT } from "../../../src/core/unit";
import { chargeOf } from "../../../src/pricing/model/charge";
import type { GivenMeter, GivenPrice } from "../../../src/pricing/model/given";
import type { Price } from "../../../src/pricing/model/types";
import { creditWords, lineWords, toldLines, wordsOf } from "../../../src/pricing/model/words";
import { bookOf, credits, useOf } from "../prices";

const SEARCH: GivenPrice = { operation: "web.search", title: "web search", flat: "15" };

describe("a price in words", () => {
  test.each<[string, GivenPrice]>([
    ["free", { operation: "a", flat: "0" }],
    ["5 credits", { operation: "a", flat: "0", minimum: credits("5") }],
    ["8 credits per pages", { operation: "a", meters: [{ dimension: "pages", rate: "8" }] }],
    ["1 credit", { operation: "a", flat: "1" }],
    ["50 credits", { operation: "a", flat: "50" }],
    ["8 credits per page", { operation: "a", meters: [{ dimension: "pages", rate: "8", unit: "page" }] }],
    ["about 40-400 credits", { operation: "a", range: { minimum: credits("40"), maximum: credits("400") } }],
    ["about 100-1,000 credits", { operation: "a", range: { minimum: credits("100"), maximum: credits("1000") } }],
    [
      "10-80 credits (0.5 credits per second)",
      {
        operation: "a",
        meters: [{ dimension: "s", rate: "0.5", unit: "second" }],
        minimum: credits("10"),
        maximum: credits("80"),
      },
    ],
    [
      "1 credit + 1.5 credits per 1,000 input tokens, at least 2",
      {
        operation: "a",
        flat: "1",
        meters: [{ dimension: "input", rate: "1.5", per: 1_000, unit: "input token" }],
        minimum: credits("2"),
      },
    ],
    [
      "8 credits per page, 6 above 100, 4 above 1,000",
      {
        operation: "a",
        meters: [
          { dimension: "pages", unit: "page", tiers: [{ upTo: "100", rate: "8" }, { upTo: "1000", rate: "6" }, { rate: "4" }] },
        ],
      },
    ],
    [
      "8 credits per page, 6 for all when more than 100, at most 5,000",
      {
        operation: "a",
        meters: [{ dimension: "pages", unit: "page", mode: "VOLUME", tiers: [{ upTo: "100", rate: "8" }, { rate: "6" }] }],
        maximum: credits("5000"),
      },
    ],
    [
      "first 10 free, then 2 credits per page",
      { operation: "a", meters: [{ dimension: "pages", unit: "page", tiers: [{ upTo: "10", rate: "0" }, { rate: "2" }] }] },
    ],
    [
      "first 1,000 free, then 2 credits per 1,000 tokens, 1 above 50,000",
      {
        operation: "a",
        meters: [
          {
            dimension: "tokens",
            unit: "token",
            per: 1_000,
            tiers: [{ upTo: "1000", rate: "0" }, { upTo: "50000", rate: "2" }, { rate: "1" }],
          },
        ],
      },
    ],
    [
      "up to 10 free, 2 credits per page for all when more than 10",
      {
        operation: "a",
        meters: [{ dimension: "pages", unit: "page", mode: "VOLUME", tiers: [{ upTo: "10", rate: "0" }, { rate: "2" }] }],
      },
    ],
    [
      "about 2-10 credits, +15 credits with web search",
      { operation: "a", range: { minimum: credits("2"), maximum: credits("10") }, surcharges: [{ operation: "web.search" }] },
    ],
    [
      "2 credits, plus 15 credits for web search",
      { operation: "a", flat: "2", surcharges: [{ operation: "web.search", always: true }] },
    ],
  ])("is %s", (words, given) => {
    const book = bookOf(given, SEARCH);
    expect(wordsOf(book.lists[0]?.prices.get("a") as Price, book)).toBe(words);
  });

  test.each([
    ["1 credit = $0.08", { amount: "0.08", currency: "USD" }],
    ["1 credit = $8,000", { amount: "8000", currency: "USD" }],
    ["1 credit = €0.1", { amount: "0.1", currency: "EUR" }],
    ["1 credit = 0.07 CHF", { amount: "0.07", currency: "CHF" }],
  ])("of one credit is %s", (words, price) => {
    expect(creditWords(price)).toBe(words);
  });
});

describe("what a use came to, line by line", () => {
  const PAGES: GivenMeter = { dimension: "pages", rate: "2", unit: "page" };
  const TOKENS: GivenMeter = { dimension: "tokens", rate: "1.5", per: 1_000, unit: "token" };
  const VOLUME: GivenMeter = {
    dimension: "call",
    mode: "VOLUME",
    tiers: [{ upTo: "10", rate: "4" }, { rate: "2" }],
  };
  const FREE: GivenMeter = { dimension: "pages", unit: "page", tiers: [{ upTo: "10", rate: "0" }, { rate: "2" }] };

  test.each<[string, Omit<GivenPrice, "operation">, Readonly<Record<string, string>>, readonly string[]]>([
    ["a flat price", { flat: "5" }, {}, ["for each use"]],
    ["what is free", { flat: "0" }, {}, ["for each use"]],
    ["units by their names", { meters: [PAGES] }, { pages: "1200" }, ["1,200 pages at 2"]],
    ["one unit", { meters: [PAGES] }, { pages: "1" }, ["1 page at 2"]],
    ["a dimension without units", { meters: [{ dimension: "call", rate: "2" }] }, { call: "11" }, ["call: 11 at 2"]],
    ["rates for many", { meters: [TOKENS] }, { tokens: "2500" }, ["2,500 tokens at 1.5 per 1,000"]],
    ["no less than fewer cost", { meters: [VOLUME] }, { call: "11" }, ["call: 11 at 2", "call: up to what 10 cost"]],
    ["free tiers", { meters: [FREE] }, { pages: "12" }, ["10 pages free", "2 pages at 2"]],
    ["what was used only", { flat: "1", meters: [PAGES, TOKENS] }, { pages: "3", tokens: "0" }, ["for each use", "3 pages at 2"]],
    ["nothing, where nothing was used", { meters: [PAGES] }, { pages: "0" }, ["0 pages at 2"]],
    ["a minimum", { meters: [PAGES], minimum: credits("1000") }, { pages: "3" }, ["3 pages at 2", "up to the minimum of 1,000"]],
  ])("tells %s", (_what, given, quantities, words) => {
    expect(wordsOfLines({ operation: "a", ...given }, quantities)).toEqual(words);
  });

  test.each<[string, GivenPrice, readonly string[]]>([
    ["title", SEARCH, ["for each use", "web search"]],
    ["operation", { operation: "web.search", flat: "15" }, ["for each use", "web.search"]],
    ["title and what it counts", { ...SEARCH, flat: "0", meters: [PAGES] }, ["for each use", "web search: 3 pages at 2"]],
  ])("names a surcharge by its %s", (_what, search, words) => {
    const given = { operation: "a", flat: "1", surcharges: [{ operation: "web.search", always: true }] };
    expect(wordsOfLines(given, search.meters ? { pages: "3" } : {}, search)).toEqual(words);
  });

  function wordsOfLines(given: GivenPrice, quantities: Readonly<Record<string, string>>, search = SEARCH): readonly string[] {
    const charge = chargeOf(bookOf(given, search), useOf("a", quantities));
    if (charge.refused) throw new Error(charge.refusal.reason);
    return toldLines(charge.lines).map((line) => lineWords(line, "a", FIRST_UNIT));
  }
});
