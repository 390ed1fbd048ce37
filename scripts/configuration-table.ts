/**
 * Keeps README.md's table of variables in step with src/config.ts. `node dist/scripts/configuration-table.js` rewrites it;
 * test/readme.test.ts fails when it is stale.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { describeVariables } from "../src/config";

const BEGIN = "<!-- configuration: made from src/config.ts by npm run generate -->";
const END = "<!-- /configuration -->";

/** The README with its table made anew. Throws when the marks that enclose the table are not there. */
export function withConfigurationTable(readme: string): string {
  const begin = readme.indexOf(BEGIN);
  const end = readme.indexOf(END);
  if (begin < 0 || end < begin) throw new Error(`README.md lacks "${BEGIN}" or "${END}"`);
  return `${readme.slice(0, begin + BEGIN.length)}\n\n${table()}\n\n${readme.slice(end)}`;
}

function table(): string {
  const rows = describeVariables().map(
    (variable) =>
      `| \`${variable.name}\` | ${variable.default === null ? "" : `\`${variable.default}\``} | ${variable.description} |`,
  );
  return ["| variable | default | |", "|---|---|---|", ...rows].join("\n");
}

if (require.main === module) writeFileSync("README.md", withConfigurationTable(readFileSync("README.md", "utf8")));
