import { describe, expect, test } from "@jest/globals";
import type { GivenPrice } from "../../../src/pricing/model/given";
import type { Price } from "../../../src/pricing/model/types";
import { creditWords, wordsOf } from "../../../src/pricing/model/words";
import { bookOf, credits } from "../prices";

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
    ["1 credit = €0.1", { amount: "0.1", currency: "EUR" }],
    ["1 credit = 0.07 CHF", { amount: "0.07", currency: "CHF" }],
  ])("of one credit is %s", (words, price) => {
    expect(creditWords(price)).toBe(words);
  });
});
