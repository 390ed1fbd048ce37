import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { breakingChanges, promisedSdl, SCHEMA_FILE } from "../../scripts/schema-changes";

const BEFORE = 'type Query { a(x: Int): String! old: String @deprecated(reason: "2026-01-01: use a") }';

describe("the changes that break clients", () => {
  test.each([
    ["a field that is gone", "type Query { old: String }", "Field 'a' was removed from object type 'Query'"],
    ["an argument that is now needed", "type Query { a(x: Int!): String! old: String }", "changed from 'Int' to 'Int!'"],
    ["a field that may now be null", "type Query { a(x: Int): String old: String }", "changed type from 'String!' to 'String'"],
  ])("%s", async (_what, after, message) => {
    expect((await breakingChanges(BEFORE, after)).join()).toContain(message);
  });

  test("are not: a new field, a new optional argument, the end of what was deprecated", async () => {
    expect(await breakingChanges(BEFORE, "type Query { a(x: Int, y: Int): String! b: Int }")).toEqual([]);
  });
});

describe("the SDL that was promised", () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "promised-"));
    mkdirSync(join(folder, "schema"));
    git("init", "--quiet", "--initial-branch=main");
  });

  afterEach(() => rmSync(folder, { recursive: true }));

  function git(...options: readonly string[]): void {
    const author = ["-c", "user.name=Test", "-c", "user.email=test@example.com", "-c", "commit.gpgsign=false"];
    execFileSync("git", [...author, ...options], { cwd: folder });
  }

  function commit(sdl: string): void {
    writeFileSync(join(folder, SCHEMA_FILE), sdl);
    git("add", ".");
    git("commit", "--quiet", "--allow-empty", "--message=schema");
  }

  test("is none where nothing was committed", () => {
    expect(promisedSdl(folder, "one")).toBeNull();
  });

  test("is the last commit's while a change is not committed", () => {
    commit("one");
    expect(promisedSdl(folder, "two")).toBe("one");
  });

  test("is the commit's before once the change is committed", () => {
    commit("one");
    commit("two");
    expect(promisedSdl(folder, "two")).toBe("one");
  });

  test("is none when the only commit has just made it", () => {
    commit("one");
    expect(promisedSdl(folder, "one")).toBeNull();
  });

  test("is the main branch's on a branch, however many commits that has", () => {
    commit("one");
    git("switch", "--quiet", "--create", "work");
    commit("two");
    commit("three");
    expect(promisedSdl(folder, "three")).toBe("one");
  });
});
