import { readFileSync } from "node:fs";
import { expect, test } from "@jest/globals";
import { WALLET_README, withWaterfallTable } from "../../scripts/waterfall-table";

test("the table of the consumption order is the one that the code goes by (npm run generate)", () => {
  const readme = readFileSync(WALLET_README, "utf8");
  expect(readme).toBe(withWaterfallTable(readme));
});
