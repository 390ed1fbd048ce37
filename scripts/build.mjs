/** `npm run build`: makes all of dist/ anew. `node scripts/build.mjs server` or `graphiql`: only that. */
import { makeArtifact } from "./artifact.mjs";
import { GRAPHIQL, SERVER } from "./artifacts.mjs";

const wanted = process.argv.slice(2);
for (const artifact of [SERVER, GRAPHIQL]) {
  if (wanted.length === 0 || wanted.includes(artifact.name)) await makeArtifact(artifact);
}
