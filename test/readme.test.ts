import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { withConfigurationTable } from "../scripts/configuration-table";

test("the README's table of variables is what src/config.ts says (npm run generate)", () => {
  const readme = readFileSync(join(__dirname, "../README.md"), "utf8");
  expect(readme).toBe(withConfigurationTable(readme));
});

test("a README without the marks of the table is an error, not a README without the table", () => {
  expect(() => withConfigurationTable("# Tranche\n")).toThrow("README.md lacks");
});
