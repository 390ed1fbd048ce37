import { describe, expect, test } from "@jest/globals";
import { type List, numberedList, type PageArguments, readPage, writeCursor } from "../../../src/platform/graphql/paging";

const BOOKS = numberedList("books");
const PAIRS: List<readonly [string, number]> = {
  name: "pairs",
  write: ([text, number]) => JSON.stringify([text, number]),
  read: (text) => JSON.parse(text) as [string, number],
};

function page(args: PageArguments) {
  return readPage(BOOKS, args);
}

describe("the arguments of a list", () => {
  test("are 25 from the beginning when nothing is said", () => {
    expect(page({})).toEqual({ after: null, before: null, limit: 25, fromEnd: false });
    expect(page({ first: null, last: null, after: null, before: null })).toEqual(page({}));
  });

  test("count from the end with last", () => {
    const cursor = writeCursor(BOOKS, 7);
    expect(page({ last: 3, before: cursor })).toEqual({ after: null, before: 7, limit: 3, fromEnd: true });
    expect(page({ first: 3, after: cursor })).toEqual({ after: 7, before: null, limit: 3, fromEnd: false });
  });

  test.each([0, -1, 101, 2 ** 31 - 1])("%p is no size", (size) => {
    expect(() => page({ first: size })).toThrow("first must be from 1 to 100");
    expect(() => page({ last: size })).toThrow("last must be from 1 to 100");
  });

  test("first and last exclude each other", () => {
    expect(() => page({ first: 1, last: 1 })).toThrow("last must not be given together with first");
  });
});

describe("cursors", () => {
  test("say nothing to whom they are not for, and keep what they stand for", () => {
    expect(writeCursor(BOOKS, 1)).toMatch(/^[\w-]+$/);
    const pair = ["ä\n:", 7] as const;
    expect(readPage(PAIRS, { after: writeCursor(PAIRS, pair) }).after).toEqual(pair);
  });

  test.each([
    ["", "empty"],
    ["books:7", "not encoded"],
    [Buffer.from("books:0").toString("base64url"), "of no element"],
    [Buffer.from("books:07").toString("base64url"), "not canonical"],
    [Buffer.from("books:1e3").toString("base64url"), "not a number"],
    [Buffer.from("books:7").toString("base64"), "encoded in another way"],
    [`${writeCursor(BOOKS, 7)}=`, "padded"],
    [`${writeCursor(BOOKS, 7)} `, "followed by a space"],
    [writeCursor(numberedList("shelves"), 7), "of another list"],
    ["A".repeat(1_000_000), "huge"],
    ["\ud800\0", "no text at all"],
  ])("%# is refused: %s is %s", (cursor) => {
    expect(() => page({ after: cursor })).toThrow("after must be a cursor that this very list has given out");
    expect(() => page({ before: cursor })).toThrow("before must be a cursor that this very list has given out");
  });
});
