/**
 * `npm start`: makes what is missing or stale in dist/, then becomes the server. Arguments and signals are the server's: it runs
 * in this very process, which package.json starts by `exec`, as a shell in between would keep npm's signals to itself; and with more
 * room for young objects than Node's 16 MB: a batch's live longer than a few requests' do, and copying them takes a tenth of its time.
 */
import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { constants, setPriority } from "node:os";
import { join } from "node:path";
import { DIST, isFresh, makeArtifact, ROOT } from "./artifact.mjs";
import { GRAPHIQL, SERVER } from "./artifacts.mjs";

if (!(await isFresh(SERVER))) await makeArtifact(SERVER);
if (!(await isFresh(GRAPHIQL))) makeInBackground(GRAPHIQL.name);

const main = join(DIST, "src", "main.js");
process.argv[1] = main;
createRequire(import.meta.url)(main);

/**
 * GraphiQL's bundle takes longer than all the rest, and nothing waits for it: the server answers that it is on its way.
 * @param {string} name
 */
function makeInBackground(name) {
  const child = spawn(process.execPath, [join(ROOT, "scripts", "build.mjs"), name], { stdio: ["ignore", "ignore", "inherit"] });
  if (child.pid !== undefined) setPriority(child.pid, constants.priority.PRIORITY_BELOW_NORMAL);
  child.unref();
  process.once("exit", () => child.kill());
}
