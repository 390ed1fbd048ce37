/**
 * Keeps the table of the consumption order in src/wallet/README.md in step with src/wallet/model/policy.ts.
 * `node dist/scripts/waterfall-table.js` rewrites it; test/wallet/readme.test.ts fails when it is stale.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { DEFAULT_POLICY, policyTable } from "../src/wallet/model/policy";

export const WALLET_README = "src/wallet/README.md";
const BEGIN = "<!-- waterfall: made from model/policy.ts by npm run generate -->";
const END = "<!-- /waterfall -->";

/** The README with its table made anew. Throws when the marks that enclose the table are not there. */
export function withWaterfallTable(readme: string): string {
  const begin = readme.indexOf(BEGIN);
  const end = readme.indexOf(END);
  if (begin < 0 || end < begin) throw new Error(`${WALLET_README} lacks "${BEGIN}" or "${END}"`);
  return `${readme.slice(0, begin + BEGIN.length)}\n\n${table()}\n\n${readme.slice(end)}`;
}

function table(): string {
  const rows = policyTable(DEFAULT_POLICY).map(({ position, compares, first }) => `| ${position} | ${compares} | ${first} |`);
  return ["| | compares | pays first |", "|---|---|---|", ...rows].join("\n");
}

if (require.main === module) writeFileSync(WALLET_README, withWaterfallTable(readFileSync(WALLET_README, "utf8")));
