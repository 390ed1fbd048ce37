/**
 * `npm run build`: makes all of dist/ anew. `node scripts/build.mjs server` or `graphiql`: only that; `--if-stale`: only when
 * the sources have changed since.
 */
import { parseArgs } from "node:util";
import { isFresh, makeArtifact } from "./artifact.mjs";
import { GRAPHIQL, SERVER } from "./artifacts.mjs";

const { values, positionals } = parseArgs({ options: { "if-stale": { type: "boolean" } }, allowPositionals: true });
for (const artifact of [SERVER, GRAPHIQL]) {
  const isWanted = positionals.length === 0 || positionals.includes(artifact.name);
  if (isWanted && !(values["if-stale"] && (await isFresh(artifact)))) await makeArtifact(artifact);
}
