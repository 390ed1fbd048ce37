import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { buildSchema, parse, validate } from "graphql";
import { withConfigurationTable } from "../scripts/configuration-table";
import { HTTP_STATUS } from "../src/platform/graphql/public-error";
import { CLOSE } from "../src/platform/websocket/connection";

test("the README's table of variables is what src/config.ts says (npm run generate)", () => {
  const readme = readFileSync(join(__dirname, "../README.md"), "utf8");
  expect(readme).toBe(withConfigurationTable(readme));
});

test("a README without the marks of the table is an error, not a README without the table", () => {
  expect(() => withConfigurationTable("# Tranche\n")).toThrow("README.md lacks");
});

describe("docs/errors.md", () => {
  const text = readFileSync(join(__dirname, "../docs/errors.md"), "utf8");

  test("has every code of an error, with its status", () => {
    const told = [...text.matchAll(/^\| `([A-Z_]+)` \|.*\| \(?(\d+)\)? \|$/gm)].map(([, code, status]) => [code, Number(status)]);
    expect(told).toEqual(Object.entries(HTTP_STATUS));
  });

  test("has every code that the server closes a socket with, and what graphql-ws makes of it", () => {
    const rows = [...text.matchAll(/^\| ([\d, ]+) \|.*\| (connects again|reports it) \|$/gm)];
    const told = rows.flatMap(([, those = "", then]) => those.split(", ").map((code) => [Number(code), then] as const));
    const codes = told.map(([code]) => code);
    expect(codes).toEqual(expect.arrayContaining(Object.values(CLOSE)));
    // Those of ours, of graphql-ws, and of ws.
    const again = told.filter(([, then]) => then === "connects again").map(([code]) => code);
    expect(again).toEqual([1001, 1006, 1013, 4403, 4408]);
    expect(new Set(codes)).toEqual(new Set([...Object.values(CLOSE), 1002, 1006, 1007, 1009, 4406, 4408]));
  });
});

test("the README's subscriptions fit the schema", () => {
  const schema = buildSchema(readFileSync(join(__dirname, "../schema/schema.graphql"), "utf8"));
  const readme = readFileSync(join(__dirname, "../README.md"), "utf8");
  const found = [...readme.matchAll(/`(subscription [^`]*)`/g)].map(([, query = ""]) => query);
  expect(found.length).toBeGreaterThan(1);
  for (const query of found) expect({ query, errors: validate(schema, parse(query)) }).toEqual({ query, errors: [] });
});
