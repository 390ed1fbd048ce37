import { describe, expect, test } from "@jest/globals";
import { checkStorable, checkText, isStorable, mayBeUnstorable } from "../../../src/platform/graphql/text";

describe("texts of the input", () => {
  const check = (value: string) => checkText(value, { least: 1, most: 4 }, ["input", "name"]);

  test("are counted in characters, not in UTF-16 units", () => {
    expect(check("𝄞𝄞𝄞𝄞")).toBe("𝄞𝄞𝄞𝄞");
    expect(() => check("𝄞𝄞𝄞𝄞𝄞")).toThrow("input.name must have 1 to 4 characters");
    expect(() => check("")).toThrow("input.name must have 1 to 4 characters");
    expect(() => check("x".repeat(10_000_000))).toThrow("input.name must have 1 to 4 characters");
  });

  test.each(["a\0", "\ud800", "a\udfff", "\udc00\ud800"])("cannot be %j", (value) => {
    expect(isStorable(value)).toBe(false);
    expect(() => check(value)).toThrow("input.name must not contain the character NUL or half of a surrogate pair");
  });
});

describe("JSON as it came over the wire", () => {
  test.each(['"\\u0000"', '"\\ud800"', '"\\uDFFF"', '"\ud800"'])("%s may be unstorable", (json) => {
    expect(mayBeUnstorable(json)).toBe(true);
  });

  test.each(['"𝄞"', '"\\u00e4"', '"\\n"', '{"u0000":1}'])("%s is not", (json) => {
    expect(mayBeUnstorable(json)).toBe(false);
  });

  test("what is not storable is told with its path", () => {
    const check = (value: unknown) => () => checkStorable(value, []);
    expect(check({ input: { items: ["a", { text: "\0" }] } })).toThrow("input.items.1.text must not contain");
    expect(check({ input: { "\ud800": 1 } })).toThrow("input must not contain");
    expect(check({ input: { items: ["a", { text: "𝄞" }], none: null } })).not.toThrow();
  });

  test("a hundred thousand levels are looked through", () => {
    const levels = 100_000;
    const value: unknown = JSON.parse(`${"[".repeat(levels)}"\\u0000"${"]".repeat(levels)}`);
    expect(() => checkStorable(value, [])).toThrow("must not contain");
  });
});
